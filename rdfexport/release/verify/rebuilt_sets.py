"""Files of gene and chemical sets, written again from the core graphs, and compared."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.printing import printable
from rdfexport.release.model import CURRENT, FACTS, FOLDER, undated
from rdfexport.release.tables import gene_sets
from rdfexport.release.tables.set_files import SetFiles
from rdfexport.release.verify.check import MAKE_AGAIN, compare_lines
from rdfexport.release.verify.figure_graph import NO_NUMBER
from rdfexport.untrusted.files import lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rdfexport.release.model import Release, ReleaseFile
    from rdfexport.release.verify.check import Check
    from rdfexport.release.verify.content import Content

# Name and title stand before the members of a set.
_HEAD: Final = 2
CORE: Final = "the graphs of figures"


class RebuiltSets:
    """The files of gene and chemical sets, written again from the core graphs of all figures.

    Args:
        release: Its files under the names that they have in this folder.
    """

    def __init__(self, release: Release) -> None:
        self._release = release
        self._sets = SetFiles()

    def add(self, content: Content) -> None:
        """Add the sets of some figures, and remove them from the content."""
        for figure in content.sets:
            self._sets.add(figure)
        content.sets.clear()

    def close(self) -> None:
        self._sets.close()

    def compare(self, check: Check, readable: Collection[str]) -> None:
        """Report how the files of the release differ; ``readable`` have the right checksum."""
        release = self._release
        self._sets.make_names_unique(lambda _finding: None)
        there = {file.path: file for file in release.files if file.kind in gene_sets.KINDS}
        unread = there.keys() - set(readable)
        with tempfile.TemporaryDirectory(prefix="rdfexport-") as place:
            folder = Path(place)
            for made in self._sets.write(folder, f"{FOLDER}-{release.version}"):
                if made.organism == NO_NUMBER:
                    self._skip_fitting(folder / made.name, there)
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

    def _skip_fitting(self, made: Path, there: dict[str, ReleaseFile]) -> None:
        """Skip the files of organisms without number, as far as they fit the figures.

        Graphs have the genes of such organisms, but not which organism it is.
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
        return False  # a line is too long, which is reported


def _cells(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as file:
        for line in lines(file):
            yield line.decode("utf-8", "replace").rstrip("\n").split("\t")
