"""Finds what a load would do, from the sources and the store's manifests of earlier loads."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rdfexport.errors import LoadError
from rdfexport.store import manifest
from rdfexport.store.inputs.blocks import chunks
from rdfexport.store.interface import batches, present
from rdfexport.store.journal import Journal
from rdfexport.store.line_counts import LineCounts
from rdfexport.store.options import LoadPlan, Preview
from rdfexport.store.prune import figures_in, find_lacking
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from rdfexport.store.inputs.blocks import Source
    from rdfexport.store.interface import ReadableStore
    from rdfexport.store.options import LoadOptions

_TRIPLES, _GRAPHS = 50_000, 100


def preview(source: Source, reader: ReadableStore, options: LoadOptions) -> Preview:
    """Find what a load would do; nothing is written.

    Args:
        source: What would be loaded.
        reader: The store, which is only read.
        options: How.

    Raises:
        RemoteError: The store does not answer.
        LoadError: The sources have nothing, or are not well-formed.
        UnreadableError: The source was not read whole, and so nothing would be removed.
    """
    plan = LoadPlan(source, options)
    with (
        tempfile.TemporaryDirectory(prefix="rdfexport-") as folder,
        closing(Journal(Path(folder) / "journal", ())) as journal,
    ):
        _read(source, journal)
        if not journal.totals()[0]:
            raise LoadError("there is nothing in the sources")
        found = _compare(reader, journal, plan)
        lacking = find_lacking(reader, journal, plan)
        found.removed, found.refusal = lacking.lacking, lacking.refusal
    return found


def _read(source: Source, journal: Journal) -> None:
    """Note all graphs and figures of the source."""
    with closing(LineCounts()) as lines:
        for chunk in chunks(source.read(), _TRIPLES, _GRAPHS):
            journal.expect_blocks(chunk.blocks, own_graphs=source.own_graphs)
            for one in chunk.blocks:
                if not one.whole:
                    lines.add(one)
        journal.expect(lines.expected())


def _compare(reader: ReadableStore, journal: Journal, plan: LoadPlan) -> Preview:
    found = Preview()
    if plan.graph is not None and next(journal.figures(), None) is not None:
        return _compare_figures(reader, journal, plan.graph)
    for some in batches(journal.expected()):
        graphs = [one.graph for one in some]
        known = manifest.entries(reader, plan.manifest, graphs)
        there = {*known, *present(reader, graphs)}
        for one in some:
            entry = known.get(one.graph)
            if one.graph not in there:
                found.added.append(one.graph)
            elif entry is not None and manifest.has_lines(entry, one.digest, beside_others=True):
                found.unchanged.append(one.graph)
            else:
                found.replaced.append(one.graph)
    return found


def _compare_figures(reader: ReadableStore, journal: Journal, graph: str) -> Preview:
    """Compare the figures of one graph for all; which of them have changed is not known."""
    there = {figure for figure in figures_in(reader, graph) if journal.has_figure(figure)}
    found = Preview()
    for figure in journal.figures():
        if figure.startswith(GRAPH_BASE):
            continue  # a part of the description
        (found.replaced if figure in there else found.added).append(figure)
    return found
