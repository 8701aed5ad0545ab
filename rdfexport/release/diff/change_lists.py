"""``changes.tsv`` and ``CHANGES.ttl``: the changes since an earlier release, graph by graph."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from rdfexport.release.diff.compare import ADDED, CHANGED, PROVENANCE, REMOVED, SHARED
from rdfexport.terms import PREFIXES
from rdfexport.write import tsv_line

if TYPE_CHECKING:
    from rdfexport.release.model import Release
    from rdfexport.write import OutputFile

ACTIVITIES: Final = {ADDED: "Create", CHANGED: "Update", REMOVED: "Delete"}
HEADER: Final = tsv_line(("figid", "change", "graph", "deleted", "inserted"))
ACTIVITY_STREAMS: Final = "https://www.w3.org/ns/activitystreams#"
_DCAT: Final = "http://www.w3.org/ns/dcat#"


class ChangeLists:
    """A table with a row for each graph that changed, and an activity for each figure.

    The activities are those that harvesters of IIIF Change Discovery read.

    Args:
        release: The later release.
        table: The file of the table.
        activities: The file of the activities.
    """

    def __init__(self, release: Release, table: OutputFile, activities: OutputFile) -> None:
        self._release = release
        self._table = table
        self._activities = activities
        self._url = f"{release.url}CHANGES.ttl"
        self.figures = Counter(dict.fromkeys((ADDED, REMOVED, CHANGED, PROVENANCE), 0))
        """Number of figures by kind of change."""
        self._shared: dict[str, Counter[str]] = {}
        prefixes = {"as": ACTIVITY_STREAMS, "dcat": _DCAT}
        prefixes |= {name: PREFIXES[name] for name in ("prov", "xsd")}
        activities.write("".join(f"@prefix {p}: <{iri}> .\n" for p, iri in prefixes.items()))
        table.write(HEADER)

    def add(self, graph: str, figid: str | None, kind: str, size: Counter[str]) -> None:
        """Add a change; figures come in the order of their figids.

        Args:
            graph: The graph that changed.
            figid: Its figure; None for a graph that figures share, which may come several times.
            kind: Of the change.
            size: Numbers of quads ``deleted`` and ``inserted``.
        """
        if figid is None:
            self._shared.setdefault(graph, Counter()).update(size)
            return
        self.figures[kind] += 1
        self._write_row(figid, kind, graph, size)
        if kind in ACTIVITIES:
            activity = f"<{self._url}#{quote(figid, safe='')}>"
            self._activities.write(
                f"\n<{self._url}> as:items {activity} .\n"
                f"{activity} a as:{ACTIVITIES[kind]} ;\n"
                f"    as:object <{graph}> ;\n"
                f'    as:endTime "{self._release.issued}T00:00:00Z"^^xsd:dateTime .\n'
            )

    def end(self, previous: str) -> None:
        """Write the shared graphs, and the collection of all activities.

        Args:
            previous: The address of the earlier release.
        """
        for graph, size in sorted(self._shared.items()):
            self._write_row("", SHARED, graph, size)
        figures, url = self.figures, self._release.url
        summary = (
            f"Figures added: {figures[ADDED]}, changed: {figures[CHANGED]},"
            f" removed: {figures[REMOVED]}, changed in their provenance only:"
            f" {figures[PROVENANCE]}"
        )
        self._activities.write(
            f"\n<{self._url}> a as:Collection ;\n"
            f"    as:context <{url}> ;\n"
            f"    as:totalItems {sum(figures[kind] for kind in ACTIVITIES)} ;\n"
            f"    as:summary {ox.Literal(summary, language='en')} .\n"
            f"\n<{url}> dcat:previousVersion <{previous}> ;\n"
            f"    prov:wasRevisionOf <{previous}> .\n"
        )

    def _write_row(self, figid: str, kind: str, graph: str, size: Counter[str]) -> None:
        cells = (figid, kind, graph, str(size["deleted"]), str(size["inserted"]))
        self._table.write(tsv_line(cells))
