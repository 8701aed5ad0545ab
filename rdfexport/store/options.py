"""How to load, and what a load did."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rdfexport.store import book

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.store.blocks import Source

Mode = Literal["replace", "append", "sync"]
"""Send everything; add to what is there; send only what differs from what was loaded."""

NAMES_SHOWN: Final = 5
"""How many names a message has; the rest are counted."""
SHARE: Final = 0.2
"""The largest share of the figures there that a load removes without being told twice."""


class Removal(NamedTuple):
    """What is about to be removed: how many graphs or figures of how many, and the first names."""

    number: int
    total: int
    names: tuple[str, ...]


class Prune(NamedTuple):
    """The order to remove what the store has and the source lacks.

    Args:
        share: The largest share of the figures there that may be removed.
        on_remove: Told what is removed, before it is.
        remedy: What to do where that share is exceeded.
    """

    share: float = SHARE
    on_remove: Callable[[Removal], None] = lambda _removal: None
    remedy: str = "add --yes to remove them"


@dataclass(slots=True)
class Summary:
    """What a load did.

    Args:
        triples: Distinct triples of the sources.
        graphs: Graphs of the sources.
        unchanged: Those of them that were not sent, since they are as they were loaded before.
        removed: Graphs that were removed; of one graph for all, figures.
        removed_kind: Which of the two.
        mended: Graphs that held something else than the book said, and were sent once more.
        chunks_resumed: Chunks that an earlier, interrupted run had sent.
        seconds: What it took.
    """

    triples: int = 0
    graphs: int = 0
    unchanged: int = 0
    removed: int = 0
    removed_kind: Literal["graphs", "figures"] = "graphs"
    mended: int = 0
    chunks_resumed: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Preview:
    """What a load would do, by the names of graphs; of one graph for all, of figures.

    ``refusal`` says why the load would remove nothing and fail, if it would.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    refusal: str = ""


class Manner(NamedTuple):
    """What the user asks for.

    Args:
        mode: What happens to what the store has.
        prune: Remove what the source lacks; None: nothing is removed.
        may_replace: Whether a graph may be replaced that no load wrote.
        on_progress: Told how many triples are done.
    """

    mode: Mode = "replace"
    prune: Prune | None = None
    may_replace: bool = False
    on_progress: Callable[[int], None] = lambda _triples: None


@dataclass(frozen=True, slots=True)
class Options:
    """How one load goes.

    Args:
        source: What is loaded.
        manner: What the user asks for.
        fresh: Whether the store is new and nobody reads it yet.
    """

    source: Source
    manner: Manner
    fresh: bool = False

    @property
    def mode(self) -> Mode:
        return self.manner.mode

    @property
    def own_graphs(self) -> bool:
        return self.source.own_graphs

    @property
    def graph(self) -> str | None:
        return self.source.graph

    def again(self) -> Options:
        """How to send once more what is not as it was sent."""
        return replace(self, manner=self.manner._replace(mode="sync"))

    @property
    def book(self) -> str:
        """The book that the load is entered in."""
        return book.EXPORTS if self.own_graphs else book.FILES
