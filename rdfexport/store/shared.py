"""Graphs that many figures share: the linkset, the description, or one graph for all.

They are filled under another name, counted, and only then put into place, where the store can copy
graphs; else their lines are put aside until all is known, and sent at the end.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from rdfexport.errors import LoadError, UsageError
from rdfexport.store import book
from rdfexport.store.blocks import chunks
from rdfexport.store.book import Entry
from rdfexport.store.lines import GraphLines
from rdfexport.store.merge import Merge
from rdfexport.store.sources import graph_lines
from rdfexport.store.target import counts, drop, staging
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdfexport.store.blocks import Block
    from rdfexport.store.journal import Expected, Journal
    from rdfexport.store.options import Options, Summary
    from rdfexport.store.removal import Survey
    from rdfexport.store.target import Target

DESCRIPTION = GRAPH_BASE + "void"


class SharedGraphs:
    """The shared graphs of one load.

    Args:
        target: The store.
        journal: Of the load.
        options: How to load.
        summary: Gets the number of graphs that are left as they are.
    """

    def __init__(
        self, target: Target, journal: Journal, options: Options, summary: Summary
    ) -> None:
        self._target = target
        self._journal = journal
        self._options = options
        self._summary = summary
        self._stack = ExitStack()
        self._lines = self._stack.enter_context(closing(GraphLines()))
        self._spool: IO[bytes] | None = None
        # Where other figures stay, a graph holds more than was sent: how much, once it is known.
        self._held: dict[str, int] = {}

    def close(self) -> None:
        self._stack.close()

    def observe(self, block: Block) -> None:
        """Count the lines of a block, whether it has to be sent or not."""
        self._lines.add(block)

    def take(self, blocks: Sequence[Block], *, is_sent: bool) -> None:
        """Send blocks to where they wait, or put them aside.

        Args:
            blocks: Some lines of shared graphs.
            is_sent: Whether an earlier, interrupted run has sent them.
        """
        options = self._options
        if options.mode == "append":
            if blocks and not is_sent:
                self._append(blocks)
        elif options.mode == "sync" or not self._target.copies:
            self._keep(blocks)
        elif blocks and not is_sent:
            self._stage(blocks)

    def expected(self) -> list[Expected]:
        """What the shared graphs of the sources are, when all blocks were observed."""
        return self._lines.expected()

    def finish(self, found: Survey) -> None:
        """Put what waits into place."""
        shared = self.expected()
        if self._options.mode == "append":
            self._note_appended(shared)
            return
        if found.others:
            shared = [one for one in shared if not self._keeps_description(one)]
        for one in self._send_kept(shared, found):
            self._show(one, found)
        for graph in self._options.source.covers:
            if not self._journal.expects(graph):
                self._clear_covered(graph, found)

    def held(self, one: Expected) -> int | None:
        """How many triples a graph has in which more stays than was sent; None for any other."""
        return self._held.get(one.graph)

    # --- while blocks come -------------------------------------------------------------------

    def _append(self, blocks: Sequence[Block]) -> None:
        graphs = list(dict.fromkeys(one.graph for one in blocks))
        unknown = [graph for graph in graphs if self._journal.before(graph) is None]
        if unknown:
            self._journal.note_before(counts(self._target, unknown))
            for name in (book.EXPORTS, book.FILES):
                book.mix(self._target, name, unknown)
        self._target.upload(blocks)

    def _note_appended(self, shared: Sequence[Expected]) -> None:
        new = [one for one in shared if not self._journal.before(one.graph)]
        if new:
            entries = [Entry(one.graph, one.digest, one.triples) for one in new]
            self._target.upload(book.as_blocks(self._options.book, entries))

    def _stage(self, blocks: Sequence[Block]) -> None:
        for graph in dict.fromkeys(one.graph for one in blocks):
            if not self._journal.begun(graph):
                self._begin(graph)
        self._target.upload([one.moved(self._place(one.graph)) for one in blocks])

    def _begin(self, graph: str) -> None:
        """Empty the place in which the next content of a graph waits."""
        found = counts(self._target, [graph])
        manner = self._options.manner
        keeps = self._may_merge(graph) and (self._options.graph is None or manner.prune is None)
        if found[graph] and not (keeps or manner.may_replace or self._book_of(graph)):
            raise UsageError(
                f"{graph}: {self._target.name} has this graph and no load wrote it: add --replace"
                " to replace it, or --append"
            )
        self._journal.note_before(found)
        if self._target.copies:
            drop(self._target, [self._place(graph)])
        self._journal.note_begun(graph)

    def _may_merge(self, graph: str) -> bool:
        """Whether a graph is of many figures, so that what it has beside what is sent can stay."""
        options = self._options
        return options.graph is not None or options.own_graphs or graph.startswith(GRAPH_BASE)

    def _book_of(self, graph: str) -> str | None:
        """The book that has a graph."""
        for name in (book.EXPORTS, book.FILES):
            if graph in book.entries(self._target, name, [graph]):
                return name
        return None

    def _place(self, graph: str) -> str:
        return staging(graph) if self._target.copies else graph

    def _keep(self, blocks: Sequence[Block]) -> None:
        """Put lines aside until all is known."""
        if self._spool is None:
            self._spool = self._stack.enter_context(TemporaryFile())  # noqa: SIM115
        for one in blocks:
            self._spool.write(one.data)

    # --- when all have come ------------------------------------------------------------------

    def _keeps_description(self, one: Expected) -> bool:
        """Keep the description that the store has: what is loaded is only a part of its figures."""
        if one.graph != DESCRIPTION:
            return False
        there = counts(self._target, [one.graph])[one.graph]
        if there:
            self._held[one.graph] = there
            self._summary.unchanged += 1
            if self._target.copies:
                drop(self._target, [staging(one.graph)])
        return bool(there)

    def _send_kept(self, shared: Sequence[Expected], found: Survey) -> Sequence[Expected]:
        """Stage the graphs that changed, from the lines put aside; give those graphs."""
        if self._options.mode != "sync" and self._target.copies:
            return shared  # they were staged as they came
        changed = shared
        if self._options.mode == "sync":
            changed = self._changed(shared, found)
        names = {one.graph for one in changed}
        if self._spool is None or not names:
            return changed
        for one in changed:
            self._begin(one.graph)
            if not self._target.copies:
                self._clear(one, found)
        self._spool.seek(0)
        kept = graph_lines("the lines put aside", self._spool, whole=False)
        staged = (one for one in kept if one.graph in names)
        for chunk in chunks(staged, self._target.chunk_triples, self._target.chunk_graphs):
            self._target.upload([one.moved(self._place(one.graph)) for one in chunk.blocks])
        return changed

    def _changed(self, shared: Sequence[Expected], found: Survey) -> list[Expected]:
        """The graphs that are not as they were loaded."""
        graphs = [one.graph for one in shared]
        known = book.entries(self._target, self._options.book, graphs)
        there = counts(self._target, graphs)
        changed = []
        for one in shared:
            entry = known.get(one.graph)
            if (
                entry is None
                or not self._is_entry_of(entry, one, found)
                or entry.triples != there[one.graph]
            ):
                changed.append(one)
                continue
            self._summary.unchanged += 1
            self._held[one.graph] = entry.triples
            # A load that was killed may have shown a graph, and have left what waited.
            if self._target.copies and self._journal.begun(one.graph):
                drop(self._target, [staging(one.graph)])
        return changed

    def _is_entry_of(self, entry: Entry, one: Expected, found: Survey) -> bool:
        return book.has_lines(entry, one.digest, beside_others=self._merges(one.graph, found))

    def _merges(self, graph: str, found: Survey) -> bool:
        """Whether what a graph has beside what is sent stays in it."""
        options = self._options
        if options.graph is not None:
            return options.manner.prune is None or found.others
        if not options.own_graphs:
            return graph.startswith(GRAPH_BASE)
        return found.others or not (options.manner.may_replace or self._book_of(graph))

    def _clear(self, one: Expected, found: Survey) -> None:
        """Remove from a graph what shall not be in it beside what is sent next."""
        if not self._merges(one.graph, found):
            drop(self._target, [one.graph])
        elif self._journal.before(one.graph):
            self._merge(one.graph, found).clear()

    def _clear_covered(self, graph: str, found: Survey) -> None:
        """Remove what a graph says of the figures that are loaded, of which there is nothing."""
        if counts(self._target, [graph])[graph] and self._book_of(graph) == book.EXPORTS:
            self._target.update(book.forget(book.EXPORTS, [graph]))
            figures = [*self._journal.figures(), *found.lacking]
            Merge(self._target, graph, figures, graph).clear()
            held = counts(self._target, [graph])[graph]
            self._note(book.merged(graph, "", held))

    def _merge(self, graph: str, found: Survey) -> Merge:
        return Merge(
            self._target, graph, [*self._journal.figures(), *found.lacking], self._place(graph)
        )

    def _show(self, one: Expected, found: Survey) -> None:
        """Count what waits, and put it into its graph."""
        target = self._target
        place = self._place(one.graph)
        waiting = counts(target, [place])[place]
        merges = self._merges(one.graph, found)
        if target.copies and not waiting and self._was_shown(one, found):
            return
        if waiting < one.triples or (waiting > one.triples and (target.copies or not merges)):
            self._journal.reset()
            raise LoadError(
                f"{one.graph}: {target.name} holds {waiting:,} of the {one.triples:,} triples sent;"
                + (" what readers see is as it was;" if target.copies else "")
                + " load again"
            )
        if target.copies and merges and counts(target, [one.graph])[one.graph]:
            self._merge(one.graph, found).add(one.triples)
        elif target.copies:
            self._copy(one, place)
            return
        held = counts(target, [one.graph])[one.graph]
        entry = Entry(one.graph, one.digest, held)
        if held != one.triples:
            entry = book.merged(one.graph, one.digest, held)
        self._held[one.graph] = held
        self._note(entry)
        if target.copies:
            drop(target, [place])

    def _copy(self, one: Expected, place: str) -> None:
        # In one request: a load that is killed has shown it and noted that, or neither. It can be
        # sent again should its answer be lost, which a MOVE cannot.
        forget, remember = self._noting(Entry(one.graph, one.digest, one.triples))
        self._target.update(f"{forget} ;\nCOPY <{place}> TO <{one.graph}> ;\n{remember}")
        drop(self._target, [place])

    def _was_shown(self, one: Expected, found: Survey) -> bool:
        """Whether a load that was killed had put a graph into place."""
        entry = book.entries(self._target, self._options.book, [one.graph]).get(one.graph)
        if entry is None or not self._is_entry_of(entry, one, found):
            return False
        self._held[one.graph] = entry.triples
        return True

    def _note(self, entry: Entry) -> None:
        self._target.update(" ;\n".join(self._noting(entry)))

    def _noting(self, entry: Entry) -> tuple[str, str]:
        """Two updates: forget a graph, and note what it is now."""
        name = self._options.book
        if not self._options.own_graphs and self._book_of(entry.graph) == book.EXPORTS:
            # Part of an export that a file has changed: it stays one that a later export replaces.
            name, entry = book.EXPORTS, book.mixed(entry.graph)
        return book.forget(name, [entry.graph]), book.remember(name, [entry])
