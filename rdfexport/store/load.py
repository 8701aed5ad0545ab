"""A load: blocks into a store, in one of three ways, proven by counting.

What is one figure's graph is replaced at once. A graph that many blocks make (the linkset, or all
in one graph) is filled under another name, counted, and then moved to its own, so that readers
never see it half, where the store can copy graphs.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final, NamedTuple, TypeVar

from rdfexport.errors import LoadError, RefusedError, UsageError
from rdfexport.store import book
from rdfexport.store.ahead import ahead
from rdfexport.store.blocks import chunks
from rdfexport.store.book import Entry
from rdfexport.store.embedded import EmbeddedStore
from rdfexport.store.journal import Expected
from rdfexport.store.lines import GraphLines
from rdfexport.store.options import Summary
from rdfexport.store.sources import graph_lines
from rdfexport.store.target import GRAPHS_A_QUERY, counts, drop, present, staging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rdfexport.store.blocks import Block, Chunk
    from rdfexport.store.journal import Journal
    from rdfexport.store.options import Options
    from rdfexport.store.target import Target

T = TypeVar("T")

_NAMED_IN_MESSAGE: Final = 5


class Wrong(NamedTuple):
    """A graph that does not hold what was sent."""

    expected: Expected
    found: int


def load(
    read: Callable[[], Iterable[Block]], target: Target, journal: Journal, options: Options
) -> Summary:
    """Load blocks into a store.

    A load that was killed goes on behind the chunks that its journal has. What a chunk makes is
    the same however often it is sent.

    Args:
        read: Gives the blocks, from their beginning at every call.
        target: The store.
        journal: Of this load.
        options: How.

    Raises:
        RemoteError: The store fails or does not let us write.
        LoadError: It refuses data, or does not hold what was sent.
    """
    began = time.monotonic()
    summary, wrong = _attempt(read, target, journal, options)
    if wrong and not options.fresh and options.mode != "append":
        # Others may have changed these, or the server have lost them: they are sent once more.
        journal.reset()
        book.forget_all(target, options.book, [one.expected.graph for one in wrong])
        summary.mended = len(wrong)
        if options.mode == "sync":
            summary.unchanged -= len(wrong)
        _, wrong = _attempt(read, target, journal, replace(options, mode="sync"))
    if wrong:
        journal.reset()
        raise LoadError(f"{target.name}: {_said_of(wrong)}: load again")
    summary.seconds = time.monotonic() - began
    return summary


def _attempt(
    read: Callable[[], Iterable[Block]], target: Target, journal: Journal, options: Options
) -> tuple[Summary, list[Wrong]]:
    with ExitStack() as stack:
        run = stack.enter_context(closing(_Load(target, journal, options)))
        if not run.take(read):
            # The sources are others than when the journal was begun.
            journal.reset()
            if options.fresh:
                target.update("DROP ALL")
            run = stack.enter_context(closing(_Load(target, journal, options)))
            run.take(read)
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
        self._book = options.book
        self._shared = GraphLines()
        self._stack = ExitStack()
        self._stack.enter_context(closing(self._shared))
        self._spool: IO[bytes] | None = None
        self._staying: dict[str, bool] = {}
        self.summary = Summary()

    def close(self) -> None:
        self._stack.close()

    def take(self, read: Callable[[], Iterable[Block]]) -> bool:
        """Load all chunks; False if those done before came from other sources."""
        journal, target = self._journal, self._target
        journal.begin()
        cut = chunks(self._observed(read), target.chunk_triples, target.chunk_graphs)
        for chunk in ahead(cut):
            journal.expect(
                Expected(one.graph, one.triples, one.digest, whole=True)
                for one in chunk.blocks
                if one.whole
            )
            shared = [one for one in chunk.blocks if not one.whole]
            if not target.copies:
                shared = [one for one in shared if not self._stays(one.graph)]
            done = journal.digest(chunk.number)
            if done is not None and done != chunk.digest:
                return False
            if self._options.mode == "sync" and not self._options.fresh:
                self._keep(shared)
                shared = []
            if done is None:
                self._send(chunk, shared)
                journal.done(chunk.number, chunk.digest)
            else:
                self.summary.chunks_resumed += 1
            self.summary.triples += sum(one.triples for one in chunk.blocks)
            self._options.on_progress(self.summary.triples)
        return True

    def _observed(self, read: Callable[[], Iterable[Block]]) -> Iterator[Block]:
        # Nothing else knows the blocks, so they are closed where this is: in the thread that reads.
        for one in read():
            if not one.whole:
                self._shared.add(one)
            yield one

    # --- chunks ------------------------------------------------------------------------------

    def _send(self, chunk: Chunk, shared: Sequence[Block]) -> None:
        whole = [one for one in chunk.blocks if one.whole]
        if self._options.fresh:
            entries = [Entry(one.graph, one.digest, one.triples) for one in whole]
            self._target.upload([*chunk.blocks, *book.as_blocks(self._book, entries)])
            return
        if whole:
            self._send_whole(whole)
        if shared and self._options.mode == "append":
            self._append_shared(shared)
        elif shared:
            self._stage(shared)

    def _send_whole(self, blocks: Sequence[Block]) -> None:
        """Send figures' graphs, those that need to be."""
        target, mode = self._target, self._options.mode
        graphs = [one.graph for one in blocks]
        known = book.entries(target, self._book, graphs)
        there = {*known, *present(target, [graph for graph in graphs if graph not in known])}
        if mode == "append":
            # A load that was killed may have sent some of it.
            found = counts(target, [graph for graph in graphs if graph in there])
            self._journal.note_before(dict.fromkeys(graphs, 0) | found)
            there = {graph for graph in graphs if self._journal.before(graph)}
        changed = [one for one in blocks if mode == "replace" or not _is_same(one, known)]
        self.summary.unchanged += len(blocks) - len(changed)
        if not changed:
            return
        # Should we be killed meanwhile, the book must not speak of what was.
        if stale := [one.graph for one in changed if one.graph in known]:
            target.update(book.forget(self._book, stale))
        new = [one for one in changed if one.graph not in there]
        old = [one for one in changed if one.graph in there]
        try:
            target.upload(new)
        except (LoadError, RefusedError):
            # A server may keep what it read before what it refused.
            drop(target, [one.graph for one in new])
            raise
        if mode == "append":
            target.upload(old)
        else:
            target.replace(old)
        written = new if mode == "append" else changed
        entries = [Entry(one.graph, one.digest, one.triples) for one in written]
        if mode == "append":
            entries += [book.mixed(one.graph) for one in old if one.graph in known]
        target.upload(book.as_blocks(self._book, entries))

    def _append_shared(self, blocks: Sequence[Block]) -> None:
        graphs = list(dict.fromkeys(one.graph for one in blocks))
        unknown = [graph for graph in graphs if self._journal.before(graph) is None]
        if unknown:
            self._journal.note_before(counts(self._target, unknown))
            known = book.entries(self._target, self._book, unknown)
            self._target.update(book.forget(self._book, unknown))
            entries = [book.mixed(graph) for graph in known]
            self._target.upload(book.as_blocks(self._book, entries))
        self._target.upload(blocks)

    def _stage(self, blocks: Sequence[Block]) -> None:
        """Send lines to the graphs in which they wait."""
        graphs = list(dict.fromkeys(one.graph for one in blocks))
        for graph in graphs:
            if not self._journal.begun(graph):
                self._begin(graph)
        self._target.upload([one.moved(self._place(one.graph)) for one in blocks])

    def _begin(self, graph: str) -> None:
        found = counts(self._target, [graph])
        if found[graph] and not self._options.may_replace and not self._is_ours(graph):
            raise UsageError(
                f"{graph}: {self._target.name} has this graph and no load wrote it: add --replace"
                " to replace it, or --append"
            )
        self._journal.note_before(found)
        drop(self._target, [self._place(graph)])
        self._journal.note_begun(graph)

    def _is_ours(self, graph: str) -> bool:
        return graph in book.entries(self._target, self._book, [graph])

    def _place(self, graph: str) -> str:
        return staging(graph) if self._target.copies else graph

    def _stays(self, graph: str) -> bool:
        """Whether a graph that all figures make together is left as it is.

        It is if some figures could not be read, as what they gave to it would be lost.
        """
        stays = self._staying.get(graph)
        if stays is None or not stays:
            stays = (
                self._options.mode != "append"
                and not self._options.fresh
                and not self._options.is_whole()
                and (self._target.copies or not self._journal.begun(graph))
                and bool(self._journal.before(graph) or counts(self._target, [graph])[graph])
            )
            self._staying[graph] = stays
        return stays

    def _keep(self, blocks: Sequence[Block]) -> None:
        """Put lines aside until it is known whether their graph changed."""
        if self._spool is None:
            self._spool = self._stack.enter_context(TemporaryFile())  # noqa: SIM115
        for one in blocks:
            self._spool.write(one.data)

    # --- the end -----------------------------------------------------------------------------

    def finish(self) -> None:
        """Show what was staged, remove what is no more, and count."""
        digests = self._shared.digests()
        shared = [
            Expected(graph, triples, digests[graph], whole=False)
            for graph, triples in self._shared.counts().items()
            if not self._stays(graph)
        ]
        if self._target.copies:
            begun = (graph for graph, stays in self._staying.items() if stays)
            drop(self._target, [staging(g) for g in begun if self._journal.begun(g)])
        self._journal.expect(shared)
        self.summary.graphs, self.summary.triples = self._journal.totals()
        if not self.summary.graphs:
            raise LoadError(
                f"there is nothing in the sources: what {self._target.name} holds is as it was"
            )
        mode = self._options.mode
        if self._options.fresh:
            entries = [Entry(one.graph, one.digest, one.triples) for one in shared]
            self._target.upload(book.as_blocks(self._book, entries))
        elif mode == "append":
            self._note_appended(shared)
        else:
            if mode == "sync":
                shared = self._send_kept(shared)
            for one in shared:
                self._show(one)
            if self._options.complete and self._options.is_whole():
                self._remove_stale()

    def _note_appended(self, shared: Sequence[Expected]) -> None:
        new = [one for one in shared if not self._journal.before(one.graph)]
        if new:
            entries = [Entry(one.graph, one.digest, one.triples) for one in new]
            self._target.upload(book.as_blocks(self._book, entries))

    def _send_kept(self, shared: Sequence[Expected]) -> list[Expected]:
        """Stage the graphs that changed, from the lines put aside; give those graphs."""
        graphs = [one.graph for one in shared]
        known = book.entries(self._target, self._book, graphs)
        found = counts(self._target, graphs)
        changed = [
            one
            for one in shared
            if one.graph not in known
            or known[one.graph].digest != one.digest
            or found[one.graph] != one.triples
        ]
        self.summary.unchanged += len(shared) - len(changed)
        if self._target.copies:
            # A load that was killed may have shown a graph, and have left what waited.
            shown = (one.graph for one in shared if one not in changed)
            drop(self._target, [staging(g) for g in shown if self._journal.begun(g)])
        if self._spool is None or not changed:
            return changed
        names = {one.graph for one in changed}
        for graph in names:
            self._begin(graph)
        self._spool.seek(0)
        kept = graph_lines("the lines put aside", self._spool, whole=False)
        staged = (one for one in kept if one.graph in names)
        for chunk in chunks(staged, self._target.chunk_triples, self._target.chunk_graphs):
            self._stage(chunk.blocks)
        return changed

    def _show(self, one: Expected) -> None:
        """Count what waits, and move it to its graph."""
        target = self._target
        place = self._place(one.graph)
        entry = Entry(one.graph, one.digest, one.triples)
        found = counts(target, [place])[place]
        if (
            target.copies
            and not found
            and book.entries(target, self._book, [one.graph]) == {one.graph: entry}
        ):
            return  # it was shown before the load was killed
        if found != one.triples:
            self._journal.reset()
            raise LoadError(
                f"{one.graph}: {target.name} holds {found:,} of the {one.triples:,} triples sent;"
                + (" what readers see is as it was;" if target.copies else "")
                + " load again"
            )
        forget = book.forget(self._book, [one.graph])
        if target.copies:
            # In one request: a load that is killed has shown it and noted that, or neither. It can
            # be sent again should its answer be lost, which a MOVE cannot.
            target.update(
                f"{forget} ;\nCOPY <{place}> TO <{one.graph}> ;\n"
                f"{book.remember(self._book, [entry])}"
            )
            drop(target, [place])
        else:
            target.update(forget)
            target.upload(book.as_blocks(self._book, [entry]))

    def _remove_stale(self) -> None:
        """Remove the graphs that a load wrote and that this one does not have."""
        ours = _batches(
            graph
            for graph in book.all_graphs(self._target, self._book)
            if not self._journal.expects(graph)
        )
        for some in ours:
            drop(self._target, some)
            self._target.update(book.forget(self._book, some))
            self.summary.removed += len(some)

    def wrong(self) -> Iterator[Wrong]:
        """Compare what each graph holds with what was sent."""
        target, options = self._target, self._options
        if options.fresh and isinstance(target, EmbeddedStore):
            if self._has_all(target):
                return
        elif options.complete and options.mode != "append":
            # The book then has the graphs of this load and no other.
            totals = (self.summary.graphs, self.summary.triples)
            if book.agreement(target, self._book) == totals:
                return
        for some in _batches(self._journal.expected()):
            found = counts(target, [one.graph for one in some])
            for one in some:
                least, most = self._bounds(one)
                if not least <= found[one.graph] <= most:
                    yield Wrong(one, found[one.graph])

    def _has_all(self, store: EmbeddedStore) -> bool:
        """Whether a store that was empty has as many triples as were sent.

        No graph in it can hold more than it was sent, so if the sum is right, each graph is.
        """
        sent = self.summary.triples
        return len(store) == sent + book.TRIPLES_AN_ENTRY * self.summary.graphs

    def _bounds(self, one: Expected) -> tuple[int, int]:
        """How many triples a graph may have now."""
        before = 0
        if self._options.mode == "append" and not self._options.fresh:
            known = self._journal.before(one.graph)
            before = 0 if known is None else known
        return max(before, one.triples), before + one.triples


def _is_same(one: Block, known: Mapping[str, Entry]) -> bool:
    """Whether a graph was loaded as it is; whether it still is so is counted in the end."""
    return known.get(one.graph) == Entry(one.graph, one.digest, one.triples)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, GRAPHS_A_QUERY)):
        yield batch


def check_replaceable(store: EmbeddedStore) -> None:
    """Refuse to replace a store that holds graphs which an export's load did not write.

    Raises:
        UsageError: It holds some.
    """
    known = {book.EXPORTS, book.FILES, *book.all_graphs(store, book.EXPORTS)}
    others = sorted(graph for graph in store.graphs() if graph not in known)
    if others:
        raise UsageError(
            f"{store.name}: holds {others[0]}{' and others' if len(others) > 1 else ''}, which an"
            " export does not have: --replace removes it, --sync keeps it"
        )
