"""Files that are made again from what a release's quads say, and compared line by line."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections import Counter
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.guard import lines
from rdfexport.release.checksums import MAKE_AGAIN, printable
from rdfexport.release.diff.compare import (
    ADDED,
    CHANGED,
    PROVENANCE,
    REMOVED,
    SHARED,
    Change,
    figid_of,
)
from rdfexport.release.diff.files import HEADER, Activities, patch_id, row
from rdfexport.release.model import CURRENT, FACTS, FOLDER, undated
from rdfexport.release.tables import gene_sets
from rdfexport.release.verify.figure_graph import NO_NUMBER
from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rdfexport.release.model import Release, ReleaseFile
    from rdfexport.release.verify.content import Content
    from rdfexport.release.verify.listing import Check

# Name and title stand before the members of a set.
_HEAD: Final = 2
CORE: Final = "the graphs of figures"
_PREVIOUS: Final = re.compile(rb" prov:wasRevisionOf <([^<>]+)> \.\n\Z")
_TAIL: Final = 4_096


class SetFilesAgain:
    """The files of gene and chemical sets, made again from the core graphs of all figures.

    Args:
        release: What it says of itself, its files under the names that they have here.
    """

    def __init__(self, release: Release) -> None:
        self._release = release
        self._sets = gene_sets.SetFiles()

    def take(self, content: Content) -> None:
        """Take the sets of some figures out of what was read of them."""
        for figure in content.sets:
            self._sets.add(figure)
        content.sets.clear()

    def close(self) -> None:
        self._sets.close()

    def compare(self, check: Check, readable: Collection[str]) -> None:
        """Tell where the files of the release differ, as far as they are what was released."""
        release = self._release
        self._sets.name_apart(lambda _finding: None)
        there = {file.path: file for file in release.files if file.kind in gene_sets.KINDS}
        unread = there.keys() - set(readable)
        with _folder() as folder:
            for made in self._sets.write(folder, f"{FOLDER}-{release.version}"):
                if made.organism == NO_NUMBER:
                    self._leave_out(folder / made.name, there)
                    continue
                path = f"gmt/{made.name}"
                if release.folder.name == CURRENT:
                    path = undated(path, release.version)
                file = there.pop(path, None)
                if path in unread:
                    continue
                if file is None:
                    check.fault(path, f"is not there, for {made.sets:,} sets", MAKE_AGAIN)
                    continue
                if (file.kind, file.organism) != (made.kind, made.organism):
                    problem = f"{FACTS} says {file.kind} of {file.organism}, its sets are"
                    check.fault(
                        path, printable(f"{problem} {made.kind} of {made.organism}"), MAKE_AGAIN
                    )
                compare_lines(folder / made.name, release.folder / path, path, check, CORE)
        for path in sorted(there.keys() - unread):
            check.fault(path, "its sets are not those of the figures", MAKE_AGAIN)

    def _leave_out(self, made: Path, there: dict[str, ReleaseFile]) -> None:
        """Leave out the files of organisms without number, as far as they fit the figures.

        Graphs tell the genes of such organisms, but not which organism it is.
        """
        known = {name: (title, frozenset(ids)) for name, title, *ids in _cells(made)}
        for path, file in list(there.items()):
            place = self._release.folder / path
            if file.kind == gene_sets.GENES and place.is_file() and _fit(place, known):
                del there[path]


def _fit(path: Path, known: Mapping[str, tuple[str, frozenset[str]]]) -> bool:
    """Whether each set of a file has the name and title of a figure, and genes of it."""
    try:
        return all(
            len(cells) > _HEAD
            and cells[0] in known
            and known[cells[0]][0] == cells[1]
            and known[cells[0]][1].issuperset(cells[_HEAD:])
            for cells in _cells(path)
        )
    except OSError as error:
        if error.errno is not None:
            raise
        return False  # a line is too long, as is said of the file


def _cells(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as file:
        for line in lines(file):
            yield line.decode("utf-8", "replace").rstrip("\n").split("\t")


def compare_changes(
    release: Release, patch: Content, quads: Content, figures: set[str], check: Check
) -> None:
    """Compare the lists of changes with the patch, and the patch's name with the quads."""
    files = {file.kind: file for file in release.files}
    quads_sha256 = files["nquads"].sha256
    with gzip.open(release.folder / files["patch"].path) as file:
        first = file.readline(_TAIL)
    if first.decode("utf-8", "replace") != f"H id <{patch_id(release, quads_sha256)}> .\n":
        place = Location(files["patch"].path, 1)
        problem = "its id is not that of the release's quads"
        check.findings.append(Finding(place, problem, MAKE_AGAIN))
    patch_path = files["patch"].path
    table, activities = files.get("changes"), files.get("changes-rdf")
    if table is None or activities is None:
        return
    with _folder() as folder:
        previous = _previous(release, activities, check)
        with (
            OutputFile(folder / "table") as rows,
            OutputFile(folder / "activities") as rdf,
        ):
            _write(patch, quads, figures, rows, Activities(rdf, release), previous)
        for made, found in (("table", table), ("activities", activities)):
            compare_lines(folder / made, release.folder / found.path, found.path, check, patch_path)


def _previous(release: Release, activities: ReleaseFile, check: Check) -> str:
    """The address of the release before, which may have been published elsewhere."""
    path = release.folder / activities.path
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        match = _PREVIOUS.search(file.read())
    url = "" if match is None else match[1].decode("utf-8", "replace")
    if not url.endswith(f"/{FOLDER}/{release.previous}/"):
        problem = f"names {printable(url)} as the release before, {FACTS} {release.previous}"
        check.fault(activities.path, problem, MAKE_AGAIN)
    return url


def _write(  # noqa: PLR0913, PLR0917 - what the lists are made of
    patch: Content,
    quads: Content,
    figures: set[str],
    table: OutputFile,
    activities: Activities,
    previous: str,
) -> None:
    table.write(HEADER)
    counts = Counter(dict.fromkeys((ADDED, REMOVED, CHANGED, PROVENANCE), 0))
    ours = {graph: figid_of(graph) for graph in patch.changes}
    for graph in sorted(graph for graph, figid in ours.items() if figid is not None):
        change, figid = patch.changes[graph], ours[graph]
        inserted = patch.graphs.get(f"A <{graph}>")
        if figid not in figures:
            kind = REMOVED
        elif not change.deleted and inserted == quads.graphs.get(graph):
            kind = ADDED
        else:
            kind = PROVENANCE if change.is_provenance else CHANGED
        counts[kind] += 1
        size = Counter(deleted=change.deleted, inserted=change.inserted)
        table.write(row(figid or "", kind, graph, size))
        activities.add(Change(graph, figid, kind, (), ()))
    for graph in sorted(graph for graph, figid in ours.items() if figid is None):
        change = patch.changes[graph]
        size = Counter(deleted=change.deleted, inserted=change.inserted)
        table.write(row("", SHARED, graph, size))
    activities.end(previous, counts)


def compare_lines(made: Path, found: Path, name: str, check: Check, source: str) -> None:
    """Tell the first line in which a file differs from what was made of other files.

    Args:
        made: What was made.
        found: The file.
        name: Its path in the release.
        check: Takes the finding.
        source: What it was made of, for the message.
    """
    try:
        _compare_lines(made, found, name, check, source)
    except OSError as error:
        if error.errno is not None:
            raise
        check.fault(name, str(error), MAKE_AGAIN)


def _compare_lines(made: Path, found: Path, name: str, check: Check, source: str) -> None:
    with made.open("rb") as one, found.open("rb") as other:
        for number, (expected, line) in enumerate(zip_longest(lines(one), lines(other)), 1):
            if expected == line:
                continue
            if line is None:
                problem = f"lacks a line that {source} has: {_shown(expected)}"
            elif expected is None:
                problem = f"has a line that {source} does not: {_shown(line)}"
            else:
                problem = f"is not as in {source}: {_field(expected, line)}"
            check.findings.append(Finding(Location(name, number), problem, MAKE_AGAIN))
            return


def _field(expected: bytes, found: bytes) -> str:
    """The first column in which two lines differ, and both values."""
    one, other = (line.rstrip(b"\n").split(b"\t") for line in (expected, found))
    for number, (a, b) in enumerate(zip_longest(one, other, fillvalue=b""), 1):
        if a != b:
            return f"column {number} is {_shown(b)}, not {_shown(a)}"
    return "the way in which it ends"


def _shown(text: bytes) -> str:
    return repr(printable(text.decode("utf-8", "replace").rstrip("\n"), 80))


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rdfexport-") as folder:
        yield Path(folder)
