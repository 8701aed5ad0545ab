"""Blocks of N-Quads lines, each of one graph, and chunks of blocks that are sent together."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.errors import LoadError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

LINES_AT_ONCE: Final = 2_000
"""The number of lines of a block that is not a whole graph, at most."""

_DATASET: Final = re.compile(
    rb"^<([^<>]*)> <http://www\.w3\.org/1999/02/22-rdf-syntax-ns#type>"
    rb" <http://(?:schema\.org/|rdfs\.org/ns/void#)Dataset> ",
    re.MULTILINE,
)


class Block(NamedTuple):
    """Lines of one graph.

    Args:
        graph: IRI of the graph.
        label: Its name in messages: a figure, or a place in a file.
        data: N-Quads as this package writes them: each line ends in `` <graph> .`` and a line feed.
        triples: How many distinct lines there are.
        whole: Whether these are all the lines of the graph.
        digest: Of the lines, where they are all.
    """

    graph: str
    label: str
    data: bytes
    triples: int
    whole: bool
    digest: str

    @property
    def ntriples(self) -> bytes:
        """The lines without their graph."""
        # A line feed ends a line and stands nowhere else, so this finds each line's end only.
        return self.data.replace(_ending(self.graph), b" .\n")

    @property
    def datasets(self) -> list[str]:
        """The IRIs of the figures and data sets that it describes."""
        return [found.decode() for found in _DATASET.findall(self.data)]

    def moved(self, graph: str) -> Block:
        """The same lines in another graph, of which they need not be all."""
        data = self.data.replace(_ending(self.graph), _ending(graph))
        return self._replace(graph=graph, data=data, whole=False, digest="")

    def halves(self) -> tuple[Block, Block]:
        """The block cut in two."""
        lines = _lines(self.data)
        middle = len(lines) // 2
        return block(self.graph, self.label, lines[:middle]), block(
            self.graph, self.label, lines[middle:]
        )


class Source(NamedTuple):
    """A source of blocks.

    Args:
        read: Gives the blocks, from their beginning at every call.
        own_graphs: Whether they are figures in graphs of their own, with what goes with them, as an
            export, a release and records are.
        key: Identifies the source, so that a load of it that was stopped can resume.
        graph: The one graph that gets everything instead, if any.
        incomplete: Why it was not read whole, asked when it has been read; empty if it was.
        rejected: Whether it has a figure, by its IRI, that is not loaded, since its record has a
            fault; None where everything is loaded.
        covers: Shared graphs of which the source has all triples about its figures, even if that is
            none.
    """

    read: Callable[[], Iterable[Block]]
    own_graphs: bool
    key: tuple[str, ...]
    graph: str | None = None
    incomplete: Callable[[], str] = lambda: ""
    rejected: Callable[[str], bool] | None = None
    covers: tuple[str, ...] = ()


class Chunk(NamedTuple):
    """Blocks that are sent together; ``digest`` is that of all their lines."""

    number: int
    blocks: list[Block]
    digest: str


def block(graph: str, label: str, lines: list[bytes], *, whole: bool = False) -> Block:
    """Make a block of N-Quads lines that end in their graph.

    Raises:
        LoadError: They are not UTF-8.
    """
    data = b"".join(lines)
    as_text(label, data)
    digest = hashlib.sha256(data).hexdigest() if whole else ""
    return Block(graph, label, data, len(set(lines)), whole, digest)


def as_text(place: str, data: bytes) -> str:
    """Read UTF-8, which N-Triples and N-Quads are written in (section 4.1 of each).

    Raises:
        LoadError: It is not.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise LoadError(f"{place}: not UTF-8 (byte {error.object[error.start]:#04x})") from error


def from_ntriples(graph: str, label: str, lines: Iterable[bytes], *, whole: bool = False) -> Block:
    """Make a block of N-Triples lines, each of which ends in `` .`` and a line feed."""
    ending = _ending(graph)
    return block(graph, label, [line[:-3] + ending for line in lines], whole=whole)


def split(graph: str, label: str, data: bytes, *, whole: bool) -> Iterator[Block]:
    """Cut N-Quads lines of one graph into blocks: one if it is ``whole``, else of some lines."""
    every = _lines(data)
    step = max(1, len(every)) if whole else LINES_AT_ONCE
    for at in range(0, len(every), step):
        yield block(graph, label, every[at : at + step], whole=whole)


def chunks(blocks: Iterable[Block], triples: int, graphs: int) -> Generator[Chunk]:
    """Group blocks into chunks, in their order.

    Args:
        blocks: They are not cut, so a chunk may exceed the limit by its last block.
        triples: A chunk ends once it has so many.
        graphs: Or once it has blocks of so many graphs.
    """
    number = 0
    group: list[Block] = []
    names: set[str] = set()
    size = 0
    for one in blocks:
        group.append(one)
        names.add(one.graph)
        size += one.triples
        if size >= triples or len(names) >= graphs:
            yield _chunk(number, group)
            number += 1
            group, names, size = [], set(), 0
    if group:
        yield _chunk(number, group)


def _chunk(number: int, blocks: list[Block]) -> Chunk:
    digest = hashlib.sha256()
    for one in blocks:
        digest.update(one.data)
    return Chunk(number, blocks, digest.hexdigest())


def _lines(data: bytes) -> list[bytes]:
    # A carriage return is escaped in N-Quads, so every line ends where bytes.splitlines ends it.
    return data.splitlines(keepends=True)


def _ending(graph: str) -> bytes:
    return f" <{graph}> .\n".encode()
