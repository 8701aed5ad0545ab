"""How to load, and what a load did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rdfexport.store import book

if TYPE_CHECKING:
    from collections.abc import Callable

Mode = Literal["replace", "append", "sync"]


@dataclass(slots=True)
class Summary:
    """What a load did: distinct triples and graphs of its sources, and what became of them.

    ``mended`` are graphs that held something else than the book said, and were sent once more.
    """

    triples: int = 0
    graphs: int = 0
    unchanged: int = 0
    removed: int = 0
    mended: int = 0
    chunks_resumed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Options:
    """How to load.

    Args:
        mode: What becomes of what the store has.
        complete: Whether the sources are a whole export, in its own graphs: what an earlier one
            had and this one has not is removed then, unless ``mode`` is ``append``.
        may_replace: Whether a graph may be replaced that no load wrote.
        fresh: Whether the store is new and nobody reads it yet.
        on_progress: Told how many triples are done.
        is_whole: Whether the sources could be read whole; known once they were read.
    """

    mode: Mode
    complete: bool
    may_replace: bool = False
    fresh: bool = False
    on_progress: Callable[[int], None] = lambda _triples: None
    is_whole: Callable[[], bool] = lambda: True

    @property
    def book(self) -> str:
        """The book that the load is entered in."""
        return book.EXPORTS if self.complete else book.FILES
