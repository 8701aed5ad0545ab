"""Finds and removes what a store has and a source lacks; nothing is removed unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rdfexport.errors import UnreadableError, UsageError
from rdfexport.store import manifest
from rdfexport.store.graph_names import EXPORTS
from rdfexport.store.interface import batches, drop, iris
from rdfexport.store.options import NAMES_SHOWN, Removal
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.store.interface import ReadableStore, WritableStore
    from rdfexport.store.journal import Journal
    from rdfexport.store.options import LoadPlan, Prune

DATASET = "http://schema.org/Dataset"


class Survey(NamedTuple):
    """The content of a store that the source lacks.

    Args:
        lacking: The graphs to be removed; in one graph for all, the figures.
        others: Whether other figures stay, so that triples that figures share must stay too.
        total: How many graphs or figures loads wrote, whether the source has them or not.
        refusal: Why they may not be removed; empty if they may.
    """

    lacking: list[str]
    others: bool
    total: int
    refusal: str = ""


def survey(target: ReadableStore, journal: Journal, plan: LoadPlan) -> Survey:
    """Find what the source lacks, check that it may be removed, and announce the removal.

    Args:
        target: The store, or the one that is to be replaced.
        journal: Has noted all graphs and figures of the source.
        plan: How to load.

    Raises:
        UnreadableError: The source was not read whole, so it is not known what it lacks.
        UsageError: More would be removed than was allowed.
    """
    found = find_lacking(target, journal, plan)
    if found.refusal:
        raise UsageError(found.refusal)
    prune = plan.options.prune
    if prune is not None and found.lacking:
        names = tuple(found.lacking[:NAMES_SHOWN])
        prune.on_remove(Removal(len(found.lacking), found.total, names))
    return found


def find_lacking(target: ReadableStore, journal: Journal, plan: LoadPlan) -> Survey:
    """Find what the source lacks, and whether it may be removed.

    Raises:
        UnreadableError: The source was not read whole, so it is not known what it lacks.
    """
    prune, source = plan.options.prune, plan.source
    if prune is not None and (problem := source.incomplete()):
        raise UnreadableError(f"{problem}: nothing was removed from {target.name}")
    lacking: list[str] = []
    total, others = 0, False
    for name, is_figure, is_sent in _held(target, journal, plan):
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


def _held(
    target: ReadableStore, journal: Journal, plan: LoadPlan
) -> Iterator[tuple[str, bool, bool]]:
    """Graphs or figures that loads wrote: name, whether it is a figure, whether it is sent."""
    if plan.graph is not None:
        for figure in figures_in(target, plan.graph):
            yield figure, True, journal.has_figure(figure)
    elif plan.own_graphs:
        for graph in manifest.all_graphs(target, EXPORTS):
            yield graph, not graph.startswith(GRAPH_BASE), journal.expects(graph)


def figures_in(target: ReadableStore, graph: str) -> Iterator[str]:
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


def remove_graphs(target: WritableStore, graphs: list[str]) -> None:
    """Remove graphs that loads of exports wrote."""
    for some in batches(graphs):
        drop(target, some)
        target.update(manifest.forget_update(EXPORTS, some))
