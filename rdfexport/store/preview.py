"""What a load would do, found by reading the sources and the store's list of loads."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rdfexport.errors import LoadError
from rdfexport.store import book
from rdfexport.store.blocks import chunks
from rdfexport.store.journal import Journal
from rdfexport.store.lines import GraphLines
from rdfexport.store.options import Options, Preview
from rdfexport.store.removal import figures_in, find_lacking
from rdfexport.store.target import batches, present
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from rdfexport.store.blocks import Source
    from rdfexport.store.options import Manner
    from rdfexport.store.target import Reader

_TRIPLES, _GRAPHS = 50_000, 100


def preview(source: Source, reader: Reader, manner: Manner) -> Preview:
    """Find out what a load would do; nothing is written.

    Args:
        source: What would be loaded.
        reader: The store, which is only asked.
        manner: How.

    Raises:
        RemoteError: The store does not answer.
        LoadError: The sources have nothing, or are not well-formed.
        UnreadableError: The source was not read whole, and so nothing would be removed.
    """
    options = Options(source, manner)
    with (
        tempfile.TemporaryDirectory(prefix="rdfexport-") as folder,
        closing(Journal(Path(folder) / "journal", ())) as journal,
    ):
        _read(source, journal)
        if not journal.totals()[0]:
            raise LoadError("there is nothing in the sources")
        found = _compare(reader, journal, options)
        lacking = find_lacking(reader, journal, options)
        found.removed, found.refusal = lacking.lacking, lacking.refusal
    return found


def _read(source: Source, journal: Journal) -> None:
    """Note all that the source has."""
    with closing(GraphLines()) as lines:
        for chunk in chunks(source.read(), _TRIPLES, _GRAPHS):
            journal.expect_blocks(chunk.blocks, own_graphs=source.own_graphs)
            for one in chunk.blocks:
                if not one.whole:
                    lines.add(one)
        journal.expect(lines.expected())


def _compare(reader: Reader, journal: Journal, options: Options) -> Preview:
    found = Preview()
    if options.graph is not None and next(journal.figures(), None) is not None:
        return _compare_figures(reader, journal, options.graph)
    for some in batches(journal.expected()):
        graphs = [one.graph for one in some]
        known = book.entries(reader, options.book, graphs)
        there = {*known, *present(reader, graphs)}
        for one in some:
            entry = known.get(one.graph)
            if one.graph not in there:
                found.added.append(one.graph)
            elif entry is not None and book.has_lines(entry, one.digest, beside_others=True):
                found.unchanged.append(one.graph)
            else:
                found.replaced.append(one.graph)
    return found


def _compare_figures(reader: Reader, journal: Journal, graph: str) -> Preview:
    """In one graph for all, figures are told apart, and it is not known which have changed."""
    there = {figure for figure in figures_in(reader, graph) if journal.has_figure(figure)}
    found = Preview()
    for figure in journal.figures():
        if figure.startswith(GRAPH_BASE):
            continue  # a part of the description
        (found.replaced if figure in there else found.added).append(figure)
    return found
