"""Files of changes since an earlier release, for people, harvesters and stores."""

from __future__ import annotations

import uuid
from collections import Counter
from contextlib import ExitStack
from itertools import groupby
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from rdfexport.release.archives import Packer, ZipFile
from rdfexport.release.diff.compare import ADDED, CHANGED, PROVENANCE, REMOVED, SHARED, compare
from rdfexport.release.diff.previous import QUADS
from rdfexport.release.model import FOLDER, describe_file
from rdfexport.terms import PREFIXES
from rdfexport.write import OutputFile, tsv_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdfexport.release.diff.compare import Change
    from rdfexport.release.diff.previous import Previous
    from rdfexport.release.model import Release, ReleaseFile

# Virtuoso refuses updates of many more.
_TRIPLES_AN_UPDATE: Final = 1_000
ACTIVITIES: Final = {ADDED: "Create", CHANGED: "Update", REMOVED: "Delete"}
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
HEADER: Final = tsv_line(("figid", "change", "graph", "deleted", "inserted"))
ACTIVITY_STREAMS: Final = "https://www.w3.org/ns/activitystreams#"
_DCAT: Final = "http://www.w3.org/ns/dcat#"


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
        table = stack.enter_context(OutputFile(paths["changes"]))
        activities = Activities(stack.enter_context(OutputFile(paths["changes-rdf"])), release)
        patch = stack.enter_context(OutputFile(paths["patch"], "gz"))
        updates = _Updates(stack.enter_context(ZipFile(paths["update"])), release)
        table.write(HEADER)
        ids = (patch_id(release, quads.sha256), patch_id(previous.release, previous.sha256))
        patch.write(f"H id <{ids[0]}> .\nH prev <{ids[1]}> .\nTX .\n")
        shared: dict[str, Counter[str]] = {}
        figures = Counter(dict.fromkeys((ADDED, REMOVED, CHANGED, PROVENANCE), 0))
        total = Counter(deleted=0, inserted=0)
        for change in compare(previous.quads, folder / quads.path, scratch):
            size = Counter(deleted=len(change.deleted), inserted=len(change.inserted))
            total.update(size)
            if change.figid is None:
                shared.setdefault(change.graph, Counter()).update(size)
            else:
                figures[change.kind] += 1
                table.write(row(change.figid, change.kind, change.graph, size))
                activities.add(change)
            for letter, some in (("D", change.deleted), ("A", change.inserted)):
                patch.write("".join(f"{letter} {quad} .\n" for quad in some))
            updates.add(change)
        for graph, size in sorted(shared.items()):
            table.write(row("", SHARED, graph, size))
        patch.write("TC .\n")
        updates.end()
        activities.end(previous.release.url, figures)
    for kind, path in paths.items():
        title, media_type, package = _FILES[kind]
        title = title.format(version=previous.release.version)
        counts = figures if kind in ("changes", "changes-rdf") else total
        if kind == "changes-rdf":  # activities of other changes are not listed
            counts = Counter({change: counts[change] for change in ACTIVITIES})
        yield describe_file(folder, path, kind, title, media_type, package, dict(counts))


def row(figid: str, kind: str, graph: str, size: Counter[str]) -> str:
    """A row of the table of changes."""
    return tsv_line((figid, kind, graph, str(size["deleted"]), str(size["inserted"])))


def patch_id(release: Release, checksum: str) -> str:
    """The id of the patch that leads to a release; it depends on the checksum of its N-Quads."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{release.url}#{checksum}").urn


class Activities:
    """``CHANGES.ttl``: an activity a figure, as harvesters of IIIF Change Discovery read them."""

    def __init__(self, file: OutputFile, release: Release) -> None:
        self._file = file
        self._release = release
        self._url = f"{release.url}CHANGES.ttl"
        prefixes = {"as": ACTIVITY_STREAMS, "dcat": _DCAT}
        prefixes |= {name: PREFIXES[name] for name in ("prov", "xsd")}
        self._file.write("".join(f"@prefix {p}: <{iri}> .\n" for p, iri in prefixes.items()))

    def add(self, change: Change) -> None:
        if change.kind not in ACTIVITIES or change.figid is None:
            return
        activity = f"<{self._url}#{quote(change.figid, safe='')}>"
        self._file.write(
            f"\n<{self._url}> as:items {activity} .\n"
            f"{activity} a as:{ACTIVITIES[change.kind]} ;\n"
            f"    as:object <{change.graph}> ;\n"
            f'    as:endTime "{self._release.issued}T00:00:00Z"^^xsd:dateTime .\n'
        )

    def end(self, previous: str, figures: Counter[str]) -> None:
        """Write the collection, and the release that it belongs to; ``previous`` is an address."""
        items = sum(figures[kind] for kind in ACTIVITIES)
        summary = (
            f"Figures added: {figures[ADDED]}, changed: {figures[CHANGED]},"
            f" removed: {figures[REMOVED]}, changed in their provenance only:"
            f" {figures[PROVENANCE]}"
        )
        self._file.write(
            f"\n<{self._url}> a as:Collection ;\n"
            f"    as:context <{self._release.url}> ;\n"
            f"    as:totalItems {items} ;\n"
            f"    as:summary {ox.Literal(summary, language='en')} .\n"
            f"\n<{self._release.url}> dcat:previousVersion <{previous}> ;\n"
            f"    prov:wasRevisionOf <{previous}> .\n"
        )


class _Updates:
    """Numbered SPARQL updates, in any order."""

    def __init__(self, archive: ZipFile, release: Release) -> None:
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
