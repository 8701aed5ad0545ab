"""A file of figures in one format."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from rdfexport.write.files import OutputFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from rdfexport.graph import Node
    from rdfexport.write.formats import Serializer


class FigureFile:
    """Header, figures one after the other, footer; whole or not at all.

    Args:
        path: The file's name, compression included.
        serializer: Writes the format.
        compression: A key of ``COMPRESSIONS``.
        keep_same: Leave a file as it is that holds the same bytes already.
        keep_old: Where a file that is replaced is kept.
    """

    def __init__(
        self,
        path: Path,
        serializer: Serializer,
        compression: str,
        *,
        keep_same: bool = False,
        keep_old: Path | None = None,
    ) -> None:
        self._output = OutputFile(path, compression, keep_same=keep_same, keep_old=keep_old)
        self._serializer = serializer
        self._between = ""

    def __enter__(self) -> Self:
        self._output.__enter__()
        self._output.write(self._serializer.header())
        return self

    def add(self, graph: str, nodes: Sequence[Node]) -> tuple[int, int]:
        """Write a figure's nodes, whose named graph is ``graph``.

        Returns:
            Where its text begins and ends in the file as it is before it is compressed.
        """
        return self.add_text(self._serializer.figure(graph, nodes).encode())

    def add_text(self, text: bytes) -> tuple[int, int]:
        """Write the text of a figure that such a file had before, and tell as ``add`` does."""
        self._output.write_bytes(self._between.encode() + text)
        self._between = self._serializer.separator
        return self._output.position - len(text), self._output.position

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._output.__exit__(kind, error, trace)
            return
        with ExitStack() as stack:
            # Should the footer fail, the file hears of it and does not appear.
            stack.push(self._output)
            self._output.write(self._serializer.footer())

    @property
    def bytes_written(self) -> int:
        """The file's size, once it is closed."""
        return self._output.bytes_written
