"""What a store has and a source lacks: removed only if that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rdfexport.errors import UnreadableError, UsageError
from rdfexport.store import book
from rdfexport.store.options import NAMES_SHOWN, Removal
from rdfexport.store.target import drop, iris, slices
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.store.journal import Journal
    from rdfexport.store.options import Options, Prune
    from rdfexport.store.target import Reader, Target

DATASET = "http://schema.org/Dataset"


class Survey(NamedTuple):
    """What is in a store beside what is loaded.

    Args:
        lacking: What is to be removed: graphs, or of one graph for all, figures.
        others: Whether other figures stay, so that what figures share must stay too.
        total: How many there are of those that the source has and lacks.
        refusal: Why that may not be removed; empty if it may.
    """

    lacking: list[str]
    others: bool
    total: int
    refusal: str = ""


def survey(target: Reader, journal: Journal, options: Options) -> Survey:
    """Find out what the source lacks, see that it may be removed, and announce that it will be.

    Args:
        target: The store, or the one that is to be replaced.
        journal: It knows all that the source has.
        options: How to load.

    Raises:
        UnreadableError: The source was not read whole, so it is not known what it lacks.
        UsageError: More would be removed than was allowed.
    """
    found = find_lacking(target, journal, options)
    if found.refusal:
        raise UsageError(found.refusal)
    prune = options.manner.prune
    if prune is not None and found.lacking:
        names = tuple(found.lacking[:NAMES_SHOWN])
        prune.on_remove(Removal(len(found.lacking), found.total, names))
    return found


def find_lacking(target: Reader, journal: Journal, options: Options) -> Survey:
    """Find out what the source lacks, and whether it may be removed; for `survey` and for previews.

    Raises:
        UnreadableError: The source was not read whole, so it is not known what it lacks.
    """
    prune, source = options.manner.prune, options.source
    if prune is not None and (problem := source.incomplete()):
        raise UnreadableError(f"{problem}: nothing was removed from {target.name}")
    lacking: list[str] = []
    total, others = 0, False
    for name, is_figure, is_sent in _held(target, journal, options):
        total += 1
        if is_sent:
            continue
        if prune is not None and not (source.rejected and source.rejected(name)):
            lacking.append(name)
        elif is_figure:
            others = True
            if prune is None:
                break
    refusal = "" if prune is None else _refusal(prune, lacking, total, target.name)
    return Survey(lacking, others, total, refusal)


def _held(target: Reader, journal: Journal, options: Options) -> Iterator[tuple[str, bool, bool]]:
    """What loads wrote into the store: its name, whether it is a figure, and whether it is sent."""
    if options.graph is not None:
        for figure in figures_in(target, options.graph):
            yield figure, True, journal.has_figure(figure)
    elif options.own_graphs:
        for graph in book.all_graphs(target, book.EXPORTS):
            yield graph, not graph.startswith(GRAPH_BASE), journal.expects(graph)


def figures_in(target: Reader, graph: str) -> Iterator[str]:
    """The figures whose records are in a graph."""
    return iris(target, f"GRAPH <{graph}> {{ ?s a <{DATASET}> }}")


def _refusal(prune: Prune, lacking: list[str], total: int, store: str) -> str:
    share = len(lacking) / max(total, 1)
    if share <= prune.share:
        return ""
    names = ", ".join(lacking[:NAMES_SHOWN])
    more = ", …" if len(lacking) > NAMES_SHOWN else ""
    return (
        f"{store}: this would remove {len(lacking):,} of {total:,} ({share:.0%}), more than"
        f" {prune.share:.0%}: {names}{more}; nothing was removed: {prune.remedy}"
    )


def remove_graphs(target: Target, graphs: list[str]) -> None:
    """Remove graphs that loads of exports wrote."""
    for some in slices(graphs):
        drop(target, some)
        target.update(book.forget(book.EXPORTS, some))
