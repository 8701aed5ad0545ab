"""A load: blocks into a store, in one of three ways, proven by counting.

A figure's graph is replaced at once; how the graphs that figures share are replaced is described in
``shared``. What the source lacks stays, unless the order is to remove it.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.errors import LoadError, RefusedError
from rdfexport.store import book
from rdfexport.store.ahead import ahead
from rdfexport.store.blocks import chunks
from rdfexport.store.book import Entry
from rdfexport.store.embedded import EmbeddedStore
from rdfexport.store.options import Summary
from rdfexport.store.removal import remove_graphs, survey
from rdfexport.store.shared import SharedGraphs
from rdfexport.store.target import batches, counts, drop, present

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rdfexport.store.blocks import Block, Chunk
    from rdfexport.store.journal import Expected, Journal
    from rdfexport.store.options import Options
    from rdfexport.store.target import Target

_NAMED_IN_MESSAGE: Final = 5


class Wrong(NamedTuple):
    """A graph that does not hold what was sent."""

    expected: Expected
    found: int


def load(target: Target, journal: Journal, options: Options) -> Summary:
    """Load blocks into a store.

    A load that was killed goes on behind the chunks that its journal has. What a chunk makes is
    the same however often it is sent.

    Args:
        target: The store.
        journal: Of this load.
        options: What, and how.

    Raises:
        RemoteError: The store fails or does not let us write.
        LoadError: It refuses data, or does not hold what was sent.
    """
    began = time.monotonic()
    summary, wrong = _attempt(target, journal, options)
    if wrong and not options.fresh and options.mode != "append":
        # Others may have changed these, or the server have lost them: they are sent once more.
        journal.reset()
        book.mix(target, options.book, [one.expected.graph for one in wrong])
        summary.mended = len(wrong)
        if options.mode == "sync":
            summary.unchanged -= len(wrong)
        _, wrong = _attempt(target, journal, options.again())
    if wrong:
        journal.reset()
        raise LoadError(f"{target.name}: {_said_of(wrong)}: load again")
    summary.seconds = time.monotonic() - began
    return summary


def _attempt(target: Target, journal: Journal, options: Options) -> tuple[Summary, list[Wrong]]:
    with ExitStack() as stack:
        run = stack.enter_context(closing(_Load(target, journal, options)))
        if not run.take(options.source.read):
            # The sources are others than when the journal was begun.
            journal.reset()
            if options.fresh:
                target.update("DROP ALL")
            run = stack.enter_context(closing(_Load(target, journal, options)))
            run.take(options.source.read)
        run.finish()
        return run.summary, list(run.wrong())


def _said_of(wrong: Sequence[Wrong]) -> str:
    shown = [
        f"{one.expected.graph} holds {one.found:,} triples, {one.expected.triples:,} were sent"
        for one in wrong[:_NAMED_IN_MESSAGE]
    ]
    more = len(wrong) - _NAMED_IN_MESSAGE
    return "; ".join([*shown, *([f"and {more:,} graphs more"] if more > 0 else [])])


class _Load:
    def __init__(self, target: Target, journal: Journal, options: Options) -> None:
        self._target = target
        self._journal = journal
        self._options = options
        self.summary = Summary(removed_kind="graphs" if options.graph is None else "figures")
        self._shared = SharedGraphs(target, journal, options, self.summary)

    def close(self) -> None:
        self._shared.close()

    def take(self, read: Callable[[], Iterable[Block]]) -> bool:
        """Load all chunks; False if those done before came from other sources."""
        journal, target = self._journal, self._target
        journal.begin()
        cut = chunks(self._observed(read), target.chunk_triples, target.chunk_graphs)
        for chunk in ahead(cut):
            done = journal.digest(chunk.number)
            if done is not None and done != chunk.digest:
                return False
            whole = [one for one in chunk.blocks if one.whole]
            shared = [one for one in chunk.blocks if not one.whole]
            journal.expect_blocks(chunk.blocks, own_graphs=self._options.own_graphs)
            if done is None:
                self._send(chunk, whole)
            if not self._options.fresh:
                self._shared.take(shared, is_sent=done is not None)
            if done is None:
                journal.done(chunk.number, chunk.digest)
            else:
                self.summary.chunks_resumed += 1
            self.summary.triples += sum(one.triples for one in chunk.blocks)
            self._options.manner.on_progress(self.summary.triples)
        return True

    def _observed(self, read: Callable[[], Iterable[Block]]) -> Iterator[Block]:
        # Nothing else knows the blocks, so they are closed where this is: in the thread that reads.
        for one in read():
            if not one.whole:
                self._shared.observe(one)
            yield one

    def _send(self, chunk: Chunk, whole: Sequence[Block]) -> None:
        if self._options.fresh:
            entries = [Entry(one.graph, one.digest, one.triples) for one in whole]
            lines = book.as_blocks(self._options.book, entries)
            self._target.upload([*chunk.blocks, *lines])
        elif whole:
            self._send_whole(whole)

    def _send_whole(self, blocks: Sequence[Block]) -> None:
        """Send figures' graphs, those that need to be."""
        target, options = self._target, self._options
        graphs = [one.graph for one in blocks]
        known = book.entries(target, options.book, graphs)
        there = {*known, *present(target, [graph for graph in graphs if graph not in known])}
        if options.mode == "append":
            # A load that was killed may have sent some of it.
            found = counts(target, [graph for graph in graphs if graph in there])
            self._journal.note_before(dict.fromkeys(graphs, 0) | found)
            there = {graph for graph in graphs if self._journal.before(graph)}
        changed = [one for one in blocks if options.mode == "replace" or not _is_same(one, known)]
        self.summary.unchanged += len(blocks) - len(changed)
        if not changed:
            return
        # Should we be killed meanwhile, the book must not speak of what was.
        if stale := [one.graph for one in changed if one.graph in known]:
            target.update(book.forget(options.book, stale))
        new = [one for one in changed if one.graph not in there]
        old = [one for one in changed if one.graph in there]
        try:
            target.upload(new)
        except (LoadError, RefusedError):
            # A server may keep what it read before what it refused.
            drop(target, [one.graph for one in new])
            raise
        if options.mode == "append":
            target.upload(old)
        else:
            target.replace(old)
        written = new if options.mode == "append" else changed
        entries = [Entry(one.graph, one.digest, one.triples) for one in written]
        if options.mode == "append":
            entries += [book.mixed(one.graph) for one in old if one.graph in known]
        target.upload(book.as_blocks(options.book, entries))

    # --- the end -----------------------------------------------------------------------------

    def finish(self) -> None:
        """Put what figures share into place, remove what is to be removed, and count."""
        target, options = self._target, self._options
        shared = self._shared.expected()
        self._journal.expect(shared)
        self.summary.graphs, self.summary.triples = self._journal.totals()
        if not self.summary.graphs:
            raise LoadError(
                f"there is nothing in the sources: what {target.name} holds is as it was"
            )
        if options.fresh:
            entries = [Entry(one.graph, one.digest, one.triples) for one in shared]
            target.upload(book.as_blocks(options.book, entries))
            return
        found = survey(target, self._journal, options)
        self._shared.finish(found)
        if options.own_graphs:
            remove_graphs(target, found.lacking)
            self._forget_files()
        self.summary.removed = len(found.lacking)

    def _forget_files(self) -> None:
        """Strike graphs that are this export's now from the book of single files."""
        files = book.all_graphs(self._target, book.FILES)
        taken = [graph for graph in files if self._journal.expects(graph)]
        book.forget_all(self._target, book.FILES, taken)

    def wrong(self) -> Iterator[Wrong]:
        """Compare what each graph holds with what was sent."""
        target, options = self._target, self._options
        if options.fresh and isinstance(target, EmbeddedStore):
            if self._has_all(target):
                return
        elif self._agrees():
            return
        for some in batches(self._journal.expected()):
            found = counts(target, [one.graph for one in some])
            for one in some:
                least, most = self._bounds(one)
                if not least <= found[one.graph] <= most:
                    yield Wrong(one, found[one.graph])

    def _agrees(self) -> bool:
        """Whether the book has the graphs of this load alone, and the store as many triples."""
        target, options, graphs = self._target, self._options, self.summary.graphs
        return (
            options.own_graphs
            and options.mode != "append"
            and book.size(target, options.book) == graphs
            and book.agreement(target, options.book) == (graphs, self.summary.triples)
        )

    def _has_all(self, store: EmbeddedStore) -> bool:
        """Whether a store that was empty has as many triples as were sent.

        No graph in it can hold more than it was sent, so if the sum is right, each graph is.
        """
        sent = self.summary.triples
        return len(store) == sent + book.TRIPLES_AN_ENTRY * self.summary.graphs

    def _bounds(self, one: Expected) -> tuple[int, int]:
        """How many triples a graph may have now."""
        held = self._shared.held(one)
        if held is not None:
            return held, held
        before = 0
        if self._options.mode == "append" and not self._options.fresh:
            known = self._journal.before(one.graph)
            before = 0 if known is None else known
        return max(before, one.triples), before + one.triples


def _is_same(one: Block, known: Mapping[str, Entry]) -> bool:
    """Whether a graph was loaded as it is; whether it still is so is counted in the end."""
    return known.get(one.graph) == Entry(one.graph, one.digest, one.triples)
