"""Sends the blocks of a source to a store in one of three modes, and counts what arrived.

A figure's graph is replaced at once; ``shared_graphs`` describes how the graphs that figures share
are replaced. Graphs that the source lacks stay, unless the load prunes.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple

from rdfexport.errors import LoadError, RefusedError
from rdfexport.store import manifest
from rdfexport.store.embedded import EmbeddedStore
from rdfexport.store.graph_names import FILES
from rdfexport.store.inputs.blocks import chunks
from rdfexport.store.interface import batches, counts, drop, present
from rdfexport.store.manifest import Entry, mixed
from rdfexport.store.options import NAMES_SHOWN, LoadSummary
from rdfexport.store.prefetch import prefetch
from rdfexport.store.prune import remove_graphs, survey
from rdfexport.store.shared_graphs import SharedGraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rdfexport.store.inputs.blocks import Block, Chunk
    from rdfexport.store.interface import WritableStore
    from rdfexport.store.journal import Expected, Journal
    from rdfexport.store.options import LoadPlan


class Mismatch(NamedTuple):
    """A graph that does not hold what was sent: it has ``found`` triples."""

    expected: Expected
    found: int


def transfer(target: WritableStore, journal: Journal, plan: LoadPlan) -> LoadSummary:
    """Send the blocks of a source to a store.

    A load that was killed resumes after the chunks that its journal has. A chunk gives the same
    triples however often it is sent.

    Args:
        target: The store.
        journal: Of this load.
        plan: The source, and how to load it.

    Raises:
        RemoteError: The store fails or does not allow writing.
        LoadError: It refuses data, or does not hold what was sent.
    """
    began = time.monotonic()
    summary, mismatches = _attempt(target, journal, plan)
    if mismatches and not plan.fresh and plan.mode != "append":
        # Someone else may have changed these, or the server may have lost them.
        journal.reset()
        manifest.mark_mixed(target, plan.manifest, [one.expected.graph for one in mismatches])
        summary.resent = len(mismatches)
        if plan.mode == "sync":
            summary.unchanged -= len(mismatches)
        _, mismatches = _attempt(target, journal, plan.resend())
    if mismatches:
        journal.reset()
        raise LoadError(f"{target.name}: {_described(mismatches)}: load again")
    summary.seconds = time.monotonic() - began
    return summary


def _attempt(
    target: WritableStore, journal: Journal, plan: LoadPlan
) -> tuple[LoadSummary, list[Mismatch]]:
    with ExitStack() as stack:
        run = stack.enter_context(closing(_Transfer(target, journal, plan)))
        if not run.send_all(plan.source.read):
            # The sources have changed since the journal was begun.
            journal.reset()
            if plan.fresh:
                target.update("DROP ALL")
            run = stack.enter_context(closing(_Transfer(target, journal, plan)))
            run.send_all(plan.source.read)
        run.finish()
        return run.summary, list(run.mismatches())


def _described(mismatches: Sequence[Mismatch]) -> str:
    shown = [
        f"{one.expected.graph} holds {one.found:,} triples, {one.expected.triples:,} were sent"
        for one in mismatches[:NAMES_SHOWN]
    ]
    more = len(mismatches) - NAMES_SHOWN
    return "; ".join([*shown, *([f"and {more:,} graphs more"] if more > 0 else [])])


class _Transfer:
    def __init__(self, target: WritableStore, journal: Journal, plan: LoadPlan) -> None:
        self._target = target
        self._journal = journal
        self._plan = plan
        self.summary = LoadSummary(removed_kind="graphs" if plan.graph is None else "figures")
        self._shared = SharedGraphs(target, journal, plan, self.summary)

    def close(self) -> None:
        self._shared.close()

    def send_all(self, read: Callable[[], Iterable[Block]]) -> bool:
        """Send all chunks; False if those that were sent earlier came from other sources."""
        journal, target = self._journal, self._target
        journal.begin()
        cut = chunks(self._observed(read), target.chunk_triples, target.chunk_graphs)
        for chunk in prefetch(cut):
            done = journal.digest(chunk.number)
            if done is not None and done != chunk.digest:
                return False
            whole = [one for one in chunk.blocks if one.whole]
            shared = [one for one in chunk.blocks if not one.whole]
            journal.expect_blocks(chunk.blocks, own_graphs=self._plan.own_graphs)
            if done is None:
                self._send(chunk, whole)
            if not self._plan.fresh:
                self._shared.send(shared, is_sent=done is not None)
            if done is None:
                journal.done(chunk.number, chunk.digest)
            else:
                self.summary.chunks_resumed += 1
            self.summary.triples += sum(one.triples for one in chunk.blocks)
            self._plan.options.on_progress(self.summary.triples)
        return True

    def _observed(self, read: Callable[[], Iterable[Block]]) -> Iterator[Block]:
        # Nothing else knows the blocks, so they are closed where this is: in the thread that reads.
        for one in read():
            if not one.whole:
                self._shared.observe(one)
            yield one

    def _send(self, chunk: Chunk, whole: Sequence[Block]) -> None:
        if self._plan.fresh:
            entries = [Entry(one.graph, one.digest, one.triples) for one in whole]
            lines = manifest.entry_blocks(self._plan.manifest, entries)
            self._target.upload([*chunk.blocks, *lines])
        elif whole:
            self._send_whole(whole)

    def _send_whole(self, blocks: Sequence[Block]) -> None:
        """Send figures' graphs, those that need to be."""
        target, plan = self._target, self._plan
        graphs = [one.graph for one in blocks]
        known = manifest.entries(target, plan.manifest, graphs)
        there = {*known, *present(target, [graph for graph in graphs if graph not in known])}
        if plan.mode == "append":
            # A load that was killed may have sent some of it.
            found = counts(target, [graph for graph in graphs if graph in there])
            self._journal.note_before(dict.fromkeys(graphs, 0) | found)
            there = {graph for graph in graphs if self._journal.before(graph)}
        changed = [one for one in blocks if plan.mode == "replace" or not _is_same(one, known)]
        self.summary.unchanged += len(blocks) - len(changed)
        if not changed:
            return
        # If the load is killed now, the manifest must not have the old content.
        if stale := [one.graph for one in changed if one.graph in known]:
            target.update(manifest.forget_update(plan.manifest, stale))
        new = [one for one in changed if one.graph not in there]
        old = [one for one in changed if one.graph in there]
        try:
            target.upload(new)
        except (LoadError, RefusedError):
            # A server may keep what it read before what it refused.
            drop(target, [one.graph for one in new])
            raise
        if plan.mode == "append":
            target.upload(old)
        else:
            target.replace(old)
        written = new if plan.mode == "append" else changed
        entries = [Entry(one.graph, one.digest, one.triples) for one in written]
        if plan.mode == "append":
            entries += [mixed(one.graph) for one in old if one.graph in known]
        target.upload(manifest.entry_blocks(plan.manifest, entries))

    def finish(self) -> None:
        """Put shared graphs into place, and remove what is to be pruned."""
        target, plan = self._target, self._plan
        shared = self._shared.expected()
        self._journal.expect(shared)
        self.summary.graphs, self.summary.triples = self._journal.totals()
        if not self.summary.graphs:
            raise LoadError(f"there is nothing in the sources: {target.name} was not changed")
        if plan.fresh:
            entries = [Entry(one.graph, one.digest, one.triples) for one in shared]
            target.upload(manifest.entry_blocks(plan.manifest, entries))
            return
        found = survey(target, self._journal, plan)
        self._shared.finish(found)
        if plan.own_graphs:
            remove_graphs(target, found.lacking)
            self._forget_file_graphs()
        self.summary.removed = len(found.lacking)

    def _forget_file_graphs(self) -> None:
        """Remove graphs that are now part of this export from the manifest of single files."""
        graphs = manifest.all_graphs(self._target, FILES)
        exported = [graph for graph in graphs if self._journal.expects(graph)]
        manifest.forget(self._target, FILES, exported)

    def mismatches(self) -> Iterator[Mismatch]:
        """Compare what each graph holds with what was sent."""
        target, plan = self._target, self._plan
        if plan.fresh and isinstance(target, EmbeddedStore):
            if self._has_all(target):
                return
        elif self._matches_manifest():
            return
        for some in batches(self._journal.expected()):
            found = counts(target, [one.graph for one in some])
            for one in some:
                least, most = self._bounds(one)
                if not least <= found[one.graph] <= most:
                    yield Mismatch(one, found[one.graph])

    def _matches_manifest(self) -> bool:
        """Whether the manifest lists just this load's graphs, and the store has as many triples."""
        target, plan, graphs = self._target, self._plan, self.summary.graphs
        return (
            plan.own_graphs
            and plan.mode != "append"
            and manifest.size(target, plan.manifest) == graphs
            and manifest.agreement(target, plan.manifest) == (graphs, self.summary.triples)
        )

    def _has_all(self, store: EmbeddedStore) -> bool:
        """Whether a store that was empty has as many triples as were sent.

        No graph in it can hold more than was sent, so if the sum is right, each graph is.
        """
        sent = self.summary.triples
        return len(store) == sent + manifest.TRIPLES_AN_ENTRY * self.summary.graphs

    def _bounds(self, one: Expected) -> tuple[int, int]:
        """How many triples a graph may have now."""
        held = self._shared.held(one)
        if held is not None:
            return held, held
        before = 0
        if self._plan.mode == "append" and not self._plan.fresh:
            known = self._journal.before(one.graph)
            before = 0 if known is None else known
        return max(before, one.triples), before + one.triples


def _is_same(one: Block, known: Mapping[str, Entry]) -> bool:
    """Whether a graph was loaded as it is now; that it still is so is counted at the end."""
    return known.get(one.graph) == Entry(one.graph, one.digest, one.triples)
