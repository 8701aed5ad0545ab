"""Comparison of a release's files with each other: with the N-Quads, or the core graphs."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.diagnostics import Finding, Location
from rdfexport.mapping.view import table_iri
from rdfexport.printing import printable
from rdfexport.release.model import FACTS
from rdfexport.release.verify import quad_hashes
from rdfexport.release.verify.check import MAKE_AGAIN, Check
from rdfexport.release.verify.content import Content
from rdfexport.release.verify.read_changes import wrong_lines
from rdfexport.release.verify.read_figures import document_difference
from rdfexport.release.verify.reader import TURTLES
from rdfexport.release.verify.rebuilt_changes import compare_changes
from rdfexport.release.verify.row_hashes import differing
from rdfexport.terms import FIGURE_BASE, GRAPH_BASE, PREFIXES, file_suffix
from rdfexport.untrusted.parsing import parse
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rdfexport.release.model import Release

_MOST_NAMED: Final = 5
_TABLE_FACTS: Final = {
    "identifier": "content",
    "date": "date",
    "source": "source",
    "rights": "licence",
}


class CrossChecks:
    """Compares the contents of the files of a release.

    Args:
        release: The release.
        contents: Kind of a file → its content.
        log: The folder with the hashes of quads, if there is a patch.
    """

    def __init__(self, release: Release, contents: Mapping[str, Content], log: Path | None) -> None:
        self._release = release
        self._whole = {kind: one for kind, one in contents.items() if not one.broken}
        self._names = {file.kind: file.path for file in release.files}
        self._log = log
        self._check = Check("agreement")

    def check(self) -> Check:
        """Compare everything; the findings are the differences."""
        core = self._whole.get("core")
        if core is not None:
            self._compare_figures(core)
            self._compare_documents(core)
            self._compare_rows(core)
            self._compare_facts(core)
        if "nquads" in self._whole:
            self._compare_graphs(self._whole["nquads"])
        self._compare_patch(core)
        return self._check

    def _fault(self, kind: str, problem: str, remedy: str = MAKE_AGAIN) -> None:
        self._check.fault(self._names[kind], problem, remedy)

    # --- figures -------------------------------------------------------------------------

    def _compare_figures(self, core: Content) -> None:
        stated = self._release.figures
        if len(core.figures) != stated:
            problem = f"says {stated:,} figures, the archive has {len(core.figures):,}"
            self._check.fault(FACTS, problem, MAKE_AGAIN)
        for kind in ("wp", "jsonld", "mentions"):
            if kind not in self._whole:
                continue
            other = self._whole[kind].figures - core.figures
            if kind == "jsonld":
                other ^= core.figures - self._whole[kind].figures
            if other:
                problem = f"its figures are not those of {self._names['core']}: {_some(other)}"
                self._fault(kind, problem)

    def _compare_documents(self, core: Content) -> None:
        """Compare the JSON-LD documents with those that were built from the graphs."""
        if "jsonld" not in self._whole:
            return
        found = self._whole["jsonld"].documents
        wrong = [
            figid
            for figid, digest in sorted(core.documents.items())
            if figid in found and found[figid] != digest
        ]
        for figid in wrong[:_MOST_NAMED]:
            self._fault(
                "jsonld",
                f"the document of {figid} is not what its graph says: it differs in"
                f" {printable(self._difference(figid))}",
                self._remedy(),
            )
        if len(wrong) > _MOST_NAMED:
            more = f"{len(wrong) - _MOST_NAMED:,} more documents are not what their graphs say"
            self._fault("jsonld", more, self._remedy())

    def _difference(self, figid: str) -> str:
        """Where the document of a figure differs from its graph."""
        folder = self._release.folder
        with (
            zipfile.ZipFile(folder / self._names["core"]) as core,
            zipfile.ZipFile(folder / self._names["jsonld"]) as documents,
        ):
            for stem in (figid, figid + file_suffix(figid)):
                with suppress(KeyError):
                    turtle = core.read(f"core/{stem}.ttl")
                    data = documents.read(f"core/{stem}.jsonld")
                    quads = parse(turtle, ox.RdfFormat.TURTLE)
                    return document_difference(quads, figid, data)
        return "its name"

    def _compare_rows(self, core: Content) -> None:
        """Compare the table of mentions with the rows that were built from the graphs."""
        if "mentions" not in self._whole:
            return
        found = self._whole["mentions"].rows
        nothing = b"\0"
        wrong = {
            figid: (expected, found.get(figid, nothing))
            for figid, expected in core.rows.items()
            if found.get(figid, nothing) != expected
        }
        for figid in sorted(wrong)[:_MOST_NAMED]:
            expected, other = wrong[figid]
            if other == nothing:
                problem = f"has no row of {figid}, whose graph has mentions"
            else:
                columns = ", ".join(differing(expected, other))
                problem = f"the rows of {figid} are not what its graph says: {columns}"
            self._fault("mentions", problem, self._remedy())
        if len(wrong) > _MOST_NAMED:
            more = f"the rows of {len(wrong) - _MOST_NAMED:,} more figures are not as their graphs"
            self._fault("mentions", more, self._remedy())
        if others := found.keys() & (core.figures - core.rows.keys()):
            self._fault("mentions", f"has rows of figures without mentions: {_some(set(others))}")

    def _remedy(self) -> str:
        made_by = self._release.tool_version
        if made_by == __version__:
            return MAKE_AGAIN
        return printable(f"verify it with rdfexport {made_by}, which made it, or get it again")

    # --- release.json --------------------------------------------------------------------

    def _compare_facts(self, core: Content) -> None:
        """Compare program and tables of ``release.json`` with the activities in the graphs."""
        release = self._release
        tables = {table_iri(GRAPH_BASE, table): table for table in release.tables}
        ours = f"{GRAPH_BASE}export/rdfexport-{release.tool_version}"
        for activity, used in sorted(core.activities):
            # With reference tables, their digest is appended.
            if activity != ours and not activity.startswith(f"{ours}/"):
                problem = f"says rdfexport {release.tool_version}, figures say {activity}"
                self._check.fault(FACTS, printable(problem), MAKE_AGAIN)
            if set(used) != tables.keys():
                problem = f"names other reference tables than {printable(activity)}"
                self._check.fault(FACTS, problem, MAKE_AGAIN)
        if "linkset" not in self._whole:
            return
        described = self._whole["linkset"].described
        for iri, table in tables.items():
            for name, fact in _TABLE_FACTS.items():
                value = getattr(table, fact)
                if (iri, PREFIXES["dcterms"] + name, value) not in described:
                    problem = f"says {fact} {value!r} of the table {table.name}, the linkset not"
                    self._check.fault(FACTS, printable(problem), MAKE_AGAIN)

    # --- quads ---------------------------------------------------------------------------

    def _compare_graphs(self, nquads: Content) -> None:
        quads = nquads.graphs
        self._check.counted = f"{len(quads):,} graphs"
        if "ntriples" in self._whole:
            union = Content()
            for number in quads.values():
                union.add_triples("", number)
            if self._whole["ntriples"].graphs != union.graphs:
                self._fault("ntriples", f"holds other triples than {self._names['nquads']}")
        # An archive that the release has, but that was not read, leaves nothing to compare.
        expected = {file.kind for file in self._release.files if file.kind in TURTLES}
        if not expected <= self._whole.keys():
            return
        turtle: dict[str, int] = {}
        for kind in expected:
            turtle |= self._whole[kind].graphs
        other = {
            graph for graph in turtle.keys() | quads.keys() if turtle.get(graph) != quads.get(graph)
        }
        if other:
            shown = {graph.removeprefix(FIGURE_BASE).removeprefix(GRAPH_BASE) for graph in other}
            problem = f"other triples than in the Turtle files, in {len(other):,} graphs"
            self._fault("nquads", f"{problem}: {_some(shown)}")

    # --- changes -------------------------------------------------------------------------

    def _compare_patch(self, core: Content | None) -> None:
        """Compare updates and lists of changes with the patch, and the patch with the quads."""
        patch, quads = self._whole.get("patch"), self._whole.get("nquads")
        if patch is None:
            return
        if "update" in self._whole and patch.graphs != self._whole["update"].graphs:
            self._fault("update", f"changes other triples than {self._names['patch']}")
        if quads is None or self._log is None:
            return
        name = self._names["patch"]
        wrong = quad_hashes.find_wrong_changes(self._log)
        if wrong.inserted or wrong.deleted:
            found = wrong_lines(self._release.folder / name, wrong)
            line, problem = next(found, (0, "changes what it must not"))
            place = Location(name, line or None)
            self._check.findings.append(Finding(place, printable(problem), MAKE_AGAIN))
        if core is not None and {"changes", "changes-rdf"} <= self._whole.keys():
            compare_changes(self._release, patch, quads, core.figures, self._check)


def _some(names: set[str], limit: int = _MOST_NAMED) -> str:
    first = ", ".join(printable(str(name)) for name in sorted(map(str, names))[:limit])
    return first if len(names) <= limit else f"{first} and {len(names) - limit:,} more"
