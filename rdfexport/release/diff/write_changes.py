"""Files of changes since an earlier release, for people, harvesters and stores."""

from __future__ import annotations

import uuid
from collections import Counter
from contextlib import ExitStack
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rdfexport.release.archives import Packer, ZipWriter, zip_file
from rdfexport.release.diff.change_lists import ACTIVITIES, ChangeLists
from rdfexport.release.diff.compare import compare
from rdfexport.release.diff.previous import QUADS
from rdfexport.release.model import FOLDER, describe_file
from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from rdfexport.release.diff.compare import Change
    from rdfexport.release.diff.previous import Previous
    from rdfexport.release.model import Release, ReleaseFile

# Virtuoso refuses updates of many more.
_TRIPLES_AN_UPDATE: Final = 1_000
_LISTS: Final = ("changes", "changes-rdf")
# Kind → title, media type, and media type of the package.
_FILES: Final[dict[str, tuple[str, str, str | None]]] = {
    "changes": ("Figures that changed since {version}", "text/tab-separated-values", None),
    "changes-rdf": ("Figures that changed since {version}, as RDF", "text/turtle", None),
    "patch": ("What changed since {version}, as an RDF Patch", "text/plain", "application/gzip"),
    "update": (
        "What changed since {version}, as updates of a store",
        "application/sparql-update",
        "application/zip",
    ),
}


def write_changes(release: Release, previous: Previous, scratch: Path) -> Iterator[ReleaseFile]:
    """Write the changes from one release to the next, and describe each file.

    The same releases give the same bytes.

    Args:
        release: The later one; its folder has its quads.
        previous: The earlier one.
        scratch: A folder for temporary files.

    Raises:
        UnreadableError: The quads of a release are damaged.
        DiskError: A file cannot be written.
    """
    folder = release.folder
    (quads,) = (file for file in release.files if file.kind == QUADS)
    stem = f"patch/{FOLDER}-{release.version}-from-{previous.release.version}"
    paths = {
        "changes": folder / "changes.tsv",
        "changes-rdf": folder / "CHANGES.ttl",
        "patch": folder / f"{stem}.rdfp.gz",
        "update": folder / f"{stem}-update.zip",
    }
    with ExitStack() as stack:
        files = {kind: stack.enter_context(OutputFile(paths[kind])) for kind in _LISTS}
        lists = ChangeLists(release, *files.values())
        patch = stack.enter_context(OutputFile(paths["patch"], "gz"))
        updates = _Updates(stack.enter_context(zip_file(paths["update"])), release)
        ids = (patch_id(release, quads.sha256), patch_id(previous.release, previous.sha256))
        patch.write(f"H id <{ids[0]}> .\nH prev <{ids[1]}> .\nTX .\n")
        total = Counter(deleted=0, inserted=0)
        for change in compare(previous.quads, folder / quads.path, scratch):
            size = Counter(deleted=len(change.deleted), inserted=len(change.inserted))
            total.update(size)
            lists.add(change.graph, change.figid, change.kind, size)
            for letter, some in (("D", change.deleted), ("A", change.inserted)):
                patch.write("".join(f"{letter} {quad} .\n" for quad in some))
            updates.add(change)
        patch.write("TC .\n")
        updates.end()
        lists.end(previous.release.url)
    for kind, path in paths.items():
        title, media_type, package = _FILES[kind]
        title = title.format(version=previous.release.version)
        counts = lists.figures if kind in _LISTS else total
        if kind == "changes-rdf":  # activities of other changes are not listed
            counts = Counter({change: counts[change] for change in ACTIVITIES})
        yield describe_file(folder, path, kind, title, media_type, package, dict(counts))


def patch_id(release: Release, checksum: str) -> str:
    """The id of the patch that leads to a release; it depends on the checksum of its N-Quads."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{release.url}#{checksum}").urn


class _Updates:
    """Numbered SPARQL updates, in any order."""

    def __init__(self, archive: ZipWriter, release: Release) -> None:
        self._archive = archive
        year, month, day = (int(part) for part in release.issued.split("-"))
        self._day = (year, month, day)
        self._number = 0
        self._waiting: dict[str, list[ox.Quad]] = {"DELETE": [], "INSERT": []}

    def add(self, change: Change) -> None:
        for what, quads in (("DELETE", change.deleted), ("INSERT", change.inserted)):
            waiting = [*self._waiting[what], *quads]
            whole = len(waiting) - len(waiting) % _TRIPLES_AN_UPDATE
            for at in range(0, whole, _TRIPLES_AN_UPDATE):
                self._write(what, waiting[at : at + _TRIPLES_AN_UPDATE])
            self._waiting[what] = waiting[whole:]

    def end(self) -> None:
        """Write the last updates, which have fewer triples."""
        for what, quads in self._waiting.items():
            if quads:
                self._write(what, quads)

    def _write(self, what: str, quads: list[ox.Quad]) -> None:
        groups = "".join(
            f"GRAPH {graph} {{\n" + "".join(f"{quad.triple} .\n" for quad in some) + "}\n"
            for graph, some in groupby(quads, lambda quad: quad.graph_name)
        )
        self._number += 1
        packer = Packer(self._day)
        packer.add(f"{self._number:06}.ru", f"{what} DATA {{\n{groups}}}\n")
        self._archive.add(packer.data())
