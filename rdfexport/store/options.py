"""How to load, and what a load did."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rdfexport.store.graph_names import EXPORTS, FILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.store.inputs.blocks import Source

Mode = Literal["replace", "append", "sync"]
"""Send everything; add to what is there; send only what differs from what was loaded."""

NAMES_SHOWN: Final = 5
"""How many names a message has; the rest are counted."""
SHARE: Final = 0.2
"""The largest share of the figures in the store that a load removes without ``--yes``."""


class Removal(NamedTuple):
    """Graphs or figures about to be removed: how many, of how many, and the first names."""

    number: int
    total: int
    names: tuple[str, ...]


class Prune(NamedTuple):
    """How to remove what the store has and the source lacks.

    Args:
        share: The largest share of the figures in the store that may be removed.
        on_remove: Called before anything is removed.
        remedy: What to do where that share is exceeded.
    """

    share: float = SHARE
    on_remove: Callable[[Removal], None] = lambda _removal: None
    remedy: str = "add --yes to remove them"


@dataclass(slots=True)
class LoadSummary:
    """The result of a load.

    Args:
        triples: Distinct triples of the sources.
        graphs: Graphs of the sources.
        unchanged: Those of them that were not sent, since they are as they were loaded before.
        removed: Graphs that were removed; of one graph for all, figures.
        removed_kind: Which of the two.
        resent: Graphs whose content had changed since an earlier load, so that it was sent again.
        chunks_resumed: Chunks that an earlier, interrupted run had sent.
        seconds: How long it took.
    """

    triples: int = 0
    graphs: int = 0
    unchanged: int = 0
    removed: int = 0
    removed_kind: Literal["graphs", "figures"] = "graphs"
    resent: int = 0
    chunks_resumed: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Preview:
    """The changes that a load would make: names of graphs, or of figures in one graph for all.

    ``refusal`` says why the load would remove nothing and fail, if it would.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    refusal: str = ""


class LoadOptions(NamedTuple):
    """The options of a load.

    Args:
        mode: What happens to what the store has.
        prune: Remove what the source lacks; None: nothing is removed.
        may_replace: Whether a graph may be replaced that no load wrote.
        on_progress: Called with the number of triples that are done.
    """

    mode: Mode = "replace"
    prune: Prune | None = None
    may_replace: bool = False
    on_progress: Callable[[int], None] = lambda _triples: None


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """One load: a source, and how it is loaded.

    Args:
        source: What is loaded.
        options: What the user asks for.
        fresh: Whether the store is new and nobody reads it yet.
    """

    source: Source
    options: LoadOptions
    fresh: bool = False

    @property
    def mode(self) -> Mode:
        return self.options.mode

    @property
    def own_graphs(self) -> bool:
        return self.source.own_graphs

    @property
    def graph(self) -> str | None:
        return self.source.graph

    def resend(self) -> LoadPlan:
        """The plan that sends again what the store does not hold as it was sent."""
        return replace(self, options=self.options._replace(mode="sync"))

    @property
    def manifest(self) -> str:
        """The manifest in which the load notes its graphs."""
        return EXPORTS if self.own_graphs else FILES
