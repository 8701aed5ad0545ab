"""The byte order mark, which some editors put before UTF-8 text and no parser here expects.

RFC 3629, section 6: a mark at the beginning of a text that is known to be UTF-8 is no part of it.
"""

from __future__ import annotations

from typing import Final, Protocol

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class _Peekable(Protocol):
    """A buffered file."""

    def peek(self, size: int, /) -> bytes: ...
    def read(self, size: int, /) -> bytes: ...


def without_mark(data: bytes) -> bytes:
    """Text in UTF-8, without a byte order mark before it."""
    return data.removeprefix(BYTE_ORDER_MARK)


def decoded(data: bytes) -> str:
    """Text in UTF-8 as characters, without a byte order mark before it.

    Raises:
        UnicodeDecodeError: It is not UTF-8.
    """
    return without_mark(data).decode()


def skip_mark(file: _Peekable) -> None:
    """Pass over a byte order mark at the beginning of a file that has not been read yet.

    Raises:
        OSError: The file cannot be read.
    """
    if file.peek(len(BYTE_ORDER_MARK)).startswith(BYTE_ORDER_MARK):
        file.read(len(BYTE_ORDER_MARK))
