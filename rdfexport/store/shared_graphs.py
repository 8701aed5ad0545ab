"""Graphs that many figures share: the linkset, the description, or one graph for all.

Where the store can copy graphs, they are filled under another name, counted, and only then
published under their own. Elsewhere, and with ``--sync``, their lines are spooled to a temporary
file until the sources have been read, and sent at the end.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from rdfexport.errors import LoadError, UsageError
from rdfexport.store import manifest
from rdfexport.store.figure_triples import FigureTriples
from rdfexport.store.graph_names import DESCRIPTION, EXPORTS, FILES, staging
from rdfexport.store.inputs.blocks import chunks
from rdfexport.store.inputs.files import graph_lines
from rdfexport.store.interface import counts, drop
from rdfexport.store.line_counts import LineCounts
from rdfexport.store.manifest import Entry, merged, mixed
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdfexport.store.inputs.blocks import Block
    from rdfexport.store.interface import WritableStore
    from rdfexport.store.journal import Expected, Journal
    from rdfexport.store.options import LoadPlan, LoadSummary
    from rdfexport.store.prune import Survey


class SharedGraphs:
    """The shared graphs of one load.

    Args:
        target: The store.
        journal: Of the load.
        plan: How to load.
        summary: Its number of unchanged graphs is counted up.
    """

    def __init__(
        self, target: WritableStore, journal: Journal, plan: LoadPlan, summary: LoadSummary
    ) -> None:
        self._target = target
        self._journal = journal
        self._plan = plan
        self._summary = summary
        self._stack = ExitStack()
        self._lines = self._stack.enter_context(closing(LineCounts()))
        self._spooled: IO[bytes] | None = None
        # Graph → how many triples it has, where other figures stay in it, once that is known.
        self._held: dict[str, int] = {}

    def close(self) -> None:
        """Remove the temporary files."""
        self._stack.close()

    def observe(self, block: Block) -> None:
        """Count the lines of a block, whether it has to be sent or not."""
        self._lines.add(block)

    def send(self, blocks: Sequence[Block], *, is_sent: bool) -> None:
        """Send blocks to their staging graphs, or spool them.

        Args:
            blocks: Some lines of shared graphs.
            is_sent: Whether an earlier, interrupted run has sent them.
        """
        plan = self._plan
        if plan.mode == "append":
            if blocks and not is_sent:
                self._append(blocks)
        elif plan.mode == "sync" or not self._target.copies:
            self._spool(blocks)
        elif blocks and not is_sent:
            self._stage(blocks)

    def expected(self) -> list[Expected]:
        """The shared graphs of the sources, once all blocks were observed."""
        return self._lines.expected()

    def finish(self, found: Survey) -> None:
        """Publish the staged graphs, and send the spooled ones."""
        shared = self.expected()
        if self._plan.mode == "append":
            self._note_appended(shared)
            return
        if found.others:
            shared = [one for one in shared if not self._leaves_description(one)]
        for one in self._send_spooled(shared, found):
            self._publish(one, found)
        for graph in self._plan.source.covers:
            if not self._journal.expects(graph):
                self._clear_covered(graph, found)

    def held(self, one: Expected) -> int | None:
        """How many triples a graph has that keeps more than was sent; None for any other graph."""
        return self._held.get(one.graph)

    def _append(self, blocks: Sequence[Block]) -> None:
        graphs = list(dict.fromkeys(one.graph for one in blocks))
        unknown = [graph for graph in graphs if self._journal.before(graph) is None]
        if unknown:
            self._journal.note_before(counts(self._target, unknown))
            for name in (EXPORTS, FILES):
                manifest.mark_mixed(self._target, name, unknown)
        self._target.upload(blocks)

    def _note_appended(self, shared: Sequence[Expected]) -> None:
        new = [one for one in shared if not self._journal.before(one.graph)]
        if new:
            entries = [Entry(one.graph, one.digest, one.triples) for one in new]
            self._target.upload(manifest.entry_blocks(self._plan.manifest, entries))

    def _stage(self, blocks: Sequence[Block]) -> None:
        for graph in dict.fromkeys(one.graph for one in blocks):
            if not self._journal.begun(graph):
                self._begin(graph)
        self._target.upload([one.moved(self._staging(one.graph)) for one in blocks])

    def _begin(self, graph: str) -> None:
        """Empty the staging graph of a graph."""
        found = counts(self._target, [graph])
        options = self._plan.options
        keeps = self._may_merge(graph) and (self._plan.graph is None or options.prune is None)
        if found[graph] and not (keeps or options.may_replace or self._manifest_of(graph)):
            raise UsageError(
                f"{graph}: {self._target.name} has this graph and no load wrote it: add --replace"
                " to replace it, or --append"
            )
        self._journal.note_before(found)
        if self._target.copies:
            drop(self._target, [self._staging(graph)])
        self._journal.note_begun(graph)

    def _may_merge(self, graph: str) -> bool:
        """Whether a graph is of many figures, so that triples of other figures can stay in it."""
        plan = self._plan
        return plan.graph is not None or plan.own_graphs or graph.startswith(GRAPH_BASE)

    def _manifest_of(self, graph: str) -> str | None:
        """The manifest that lists a graph, if one does."""
        for name in (EXPORTS, FILES):
            if graph in manifest.entries(self._target, name, [graph]):
                return name
        return None

    def _staging(self, graph: str) -> str:
        return staging(graph) if self._target.copies else graph

    def _spool(self, blocks: Sequence[Block]) -> None:
        """Write lines to a temporary file until all is known."""
        if self._spooled is None:
            self._spooled = self._stack.enter_context(TemporaryFile())  # noqa: SIM115
        for one in blocks:
            self._spooled.write(one.data)

    def _leaves_description(self, one: Expected) -> bool:
        """Leave the description that the store has, where only a part of its figures is loaded."""
        if one.graph != DESCRIPTION:
            return False
        there = counts(self._target, [one.graph])[one.graph]
        if there:
            self._held[one.graph] = there
            self._summary.unchanged += 1
            if self._target.copies:
                drop(self._target, [staging(one.graph)])
        return bool(there)

    def _send_spooled(self, shared: Sequence[Expected], found: Survey) -> Sequence[Expected]:
        """Send the graphs that changed from the spooled lines; give all that changed."""
        if self._plan.mode != "sync" and self._target.copies:
            return shared  # they were staged as they came
        changed = shared
        if self._plan.mode == "sync":
            changed = self._changed(shared, found)
        names = {one.graph for one in changed}
        if self._spooled is None or not names:
            return changed
        for one in changed:
            self._begin(one.graph)
            if not self._target.copies:
                self._clear(one, found)
        self._spooled.seek(0)
        lines = graph_lines("the spooled lines", self._spooled, whole=False)
        staged = (one for one in lines if one.graph in names)
        for chunk in chunks(staged, self._target.chunk_triples, self._target.chunk_graphs):
            self._target.upload([one.moved(self._staging(one.graph)) for one in chunk.blocks])
        return changed

    def _changed(self, shared: Sequence[Expected], found: Survey) -> list[Expected]:
        """The graphs that an earlier load left otherwise than they are now."""
        graphs = [one.graph for one in shared]
        known = manifest.entries(self._target, self._plan.manifest, graphs)
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
            # A load that was killed may have published a graph, and left its staging graph.
            if self._target.copies and self._journal.begun(one.graph):
                drop(self._target, [staging(one.graph)])
        return changed

    def _is_entry_of(self, entry: Entry, one: Expected, found: Survey) -> bool:
        return manifest.has_lines(entry, one.digest, beside_others=self._merges(one.graph, found))

    def _merges(self, graph: str, found: Survey) -> bool:
        """Whether triples that a graph has beside those that are sent stay in it."""
        plan = self._plan
        if plan.graph is not None:
            return plan.options.prune is None or found.others
        if not plan.own_graphs:
            return graph.startswith(GRAPH_BASE)
        return found.others or not (plan.options.may_replace or self._manifest_of(graph))

    def _clear(self, one: Expected, found: Survey) -> None:
        """Remove from a graph what must not stay beside the triples that are sent next."""
        if not self._merges(one.graph, found):
            drop(self._target, [one.graph])
        elif self._journal.before(one.graph):
            self._figure_triples(one.graph, found).remove()

    def _clear_covered(self, graph: str, found: Survey) -> None:
        """Remove a graph's triples about the loaded figures, of which the source has none."""
        if counts(self._target, [graph])[graph] and self._manifest_of(graph) == EXPORTS:
            self._target.update(manifest.forget_update(EXPORTS, [graph]))
            figures = [*self._journal.figures(), *found.lacking]
            FigureTriples(self._target, graph, figures, graph).remove()
            held = counts(self._target, [graph])[graph]
            self._note(merged(graph, "", held))

    def _figure_triples(self, graph: str, found: Survey) -> FigureTriples:
        return FigureTriples(
            self._target, graph, [*self._journal.figures(), *found.lacking], self._staging(graph)
        )

    def _publish(self, one: Expected, found: Survey) -> None:
        """Count the triples of a staging graph, and put them into the graph itself."""
        target = self._target
        staged = self._staging(one.graph)
        waiting = counts(target, [staged])[staged]
        merges = self._merges(one.graph, found)
        if target.copies and not waiting and self._was_published(one, found):
            return
        if waiting < one.triples or (waiting > one.triples and (target.copies or not merges)):
            self._journal.reset()
            raise LoadError(
                f"{one.graph}: {target.name} holds {waiting:,} of the {one.triples:,} triples sent;"
                + (" readers still see the earlier graph;" if target.copies else "")
                + " load again"
            )
        if target.copies and merges and counts(target, [one.graph])[one.graph]:
            self._figure_triples(one.graph, found).replace(one.triples)
        elif target.copies:
            self._copy(one, staged)
            return
        held = counts(target, [one.graph])[one.graph]
        entry = Entry(one.graph, one.digest, held)
        if held != one.triples:
            entry = merged(one.graph, one.digest, held)
        self._held[one.graph] = held
        self._note(entry)
        if target.copies:
            drop(target, [staged])

    def _copy(self, one: Expected, staged: str) -> None:
        # In one request: a load that is killed has published it and noted that, or neither. It can
        # be sent again should its answer be lost, which a MOVE cannot.
        forget, note = self._note_updates(Entry(one.graph, one.digest, one.triples))
        self._target.update(f"{forget} ;\nCOPY <{staged}> TO <{one.graph}> ;\n{note}")
        drop(self._target, [staged])

    def _was_published(self, one: Expected, found: Survey) -> bool:
        """Whether a load that was killed had published a graph already."""
        entry = manifest.entries(self._target, self._plan.manifest, [one.graph]).get(one.graph)
        if entry is None or not self._is_entry_of(entry, one, found):
            return False
        self._held[one.graph] = entry.triples
        return True

    def _note(self, entry: Entry) -> None:
        self._target.update(" ;\n".join(self._note_updates(entry)))

    def _note_updates(self, entry: Entry) -> tuple[str, str]:
        """Two updates of the manifest: remove the old entry of a graph, and add the new one."""
        name = self._plan.manifest
        if not self._plan.own_graphs and self._manifest_of(entry.graph) == EXPORTS:
            # A file has changed a graph of an export, which a later export must still replace.
            name, entry = EXPORTS, mixed(entry.graph)
        return manifest.forget_update(name, [entry.graph]), manifest.note_update(name, [entry])
