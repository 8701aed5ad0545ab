"""Jobs for workers and their replies, and how both cross the socket between two processes.

A frame is the sizes of two parts, four bytes each, then JSON and bytes. JSON, not pickles: what a
worker says, after a query that found a fault of its engine, is not trusted.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO

_SIZES: Final = struct.Struct(">II")
INLINE: Final = 64 * 1024
"""Bytes of an answer that are sent over the socket; a larger one is left in a file."""


class Query(NamedTuple):
    """A query to evaluate.

    ``rows`` and ``triples`` are the media types for either kind of answer, None if none is
    acceptable; ``default`` and ``named`` are the graphs that the request named, None if it named
    none. With ``page`` the answer is the HTML of a page.
    """

    text: str
    rows: str | None
    triples: str | None
    default: Sequence[str] | None = None
    named: Sequence[str] | None = None
    page: bool = False


class FigurePage(NamedTuple):
    """A figure, as one of ``media.TRIPLES`` or as the HTML of a page."""

    figid: str
    media: str


class FigureList(NamedTuple):
    """The page of the figures whose figids follow ``after``."""

    after: str


Job = Query | FigurePage | FigureList
_JOBS: Final = {kind.__name__: kind for kind in (Query, FigurePage, FigureList)}


class Reply(NamedTuple):
    """The result of a job: ``status`` as in HTTP, with a message for all but 200.

    The answer is ``body``, or what ``file`` holds.
    """

    status: int
    media: str
    body: bytes
    file: BinaryIO | None = None


class Limits(NamedTuple):
    """The limits of a query.

    Args:
        seconds: For evaluation and writing; also how long a query waits for its turn.
        size: Bytes of the answer.
        memory: Bytes that a worker may allocate beside those that it needs to begin.
    """

    seconds: float = 30.0
    size: int = 64 * 1024**2
    memory: int = 2 * 1024**3


class Setup(NamedTuple):
    """Arguments of a worker: the store's folder, the base of figures' IRIs, the limits."""

    store: Path
    figure_base: str
    limits: Limits


def message(status: int, text: str) -> Reply:
    """A reply that is a message."""
    return Reply(status, "text/plain", f"{text}\n".encode())


def pack(value: dict[str, Any], body: bytes = b"") -> bytes:
    """A frame."""
    data = json.dumps(value).encode()
    return _SIZES.pack(len(data), len(body)) + data + body


def missing(frame: bytearray) -> int:
    """The number of bytes that a frame lacks at least; 0 if it is complete."""
    if len(frame) < _SIZES.size:
        return _SIZES.size - len(frame)
    head, body = _SIZES.unpack_from(frame)
    return _SIZES.size + int(head) + int(body) - len(frame)


def unpack(frame: bytearray) -> tuple[dict[str, Any], bytes]:
    """The parts of a whole frame."""
    end = _SIZES.size + _SIZES.unpack_from(frame)[0]
    return json.loads(frame[_SIZES.size : end]), bytes(frame[end:])


def pack_job(job: Job) -> bytes:
    """A job as a frame."""
    return pack({"job": type(job).__name__, **job._asdict()})


def unpack_job(frame: bytearray) -> Job:
    """A frame as a job."""
    values, _ = unpack(frame)
    return _JOBS[values.pop("job")](**values)
