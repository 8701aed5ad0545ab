"""Bodies of answers as they come, within the limits of a policy."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Self

from urllib3.exceptions import HTTPError

from rdfexport.errors import RemoteError
from rdfexport.net.causes import PassingError, translate
from rdfexport.net.policy import Answer
from rdfexport.printing import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests

    from rdfexport.net.policy import Policy

BLOCK: Final = 1 << 18
EXCERPT: Final = 1 << 14
"""Bytes of the body of a refusal that are read, for its message."""


class Stream:
    """An answer whose body is still to be read, within the limits of a policy.

    Args:
        response: The answer.
        url: What was asked for.
        policy: The limits.
        start: When the request was sent, as ``time.monotonic`` counts.
        secrets: What no message may repeat.
    """

    def __init__(
        self,
        response: requests.Response,
        url: str,
        policy: Policy,
        start: float,
        secrets: frozenset[str] = frozenset(),
    ) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._response = response
        self._url = url
        self._policy = policy
        self.max_bytes = policy.max_bytes
        self._secrets = secrets
        self._ahead = b""
        self._size = 0
        self._end = start + policy.total_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._response.close()

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def peek(self, size: int) -> bytes:
        """The first bytes of what is not read yet: ``size`` of them, or all there are."""
        while len(self._ahead) < size and (block := self._next(size - len(self._ahead))):
            self._ahead += block
        return self._ahead[:size]

    def blocks(self) -> Iterator[bytes]:
        """The body as it comes.

        Raises:
            RemoteError: It is too large.
            TransientError: It is cut off, or takes too long.
        """
        while block := self.read(BLOCK):
            yield block

    def read(self, size: int = -1) -> bytes:
        """Some of the body, as a file gives it: not more than ``size`` bytes, none at its end.

        Raises:
            RemoteError, TransientError: As ``blocks``.
        """
        if size < 0:
            return b"".join(self.blocks())
        if self._ahead:
            block, self._ahead = self._ahead[:size], self._ahead[size:]
            return block
        return self._next(size)

    def answer(self) -> Answer:
        """The status, the headers and the whole body; of a refusal, the beginning of the body."""
        if not 200 <= self.status < 300:
            return self.excerpt()
        return Answer(self.status, self.headers, self.read(), self._secrets)

    def excerpt(self) -> Answer:
        """The status, the headers and the beginning of the body, which can still be read."""
        return Answer(self.status, self.headers, self.peek(EXCERPT), self._secrets)

    def _next(self, size: int) -> bytes:
        if time.monotonic() > self._end:
            raise PassingError(
                shown(self._url),
                f"the answer took longer than {self._policy.total_seconds:g} seconds",
                self._policy.remedy,
            )
        try:
            # Not read(), which waits until it has that much, however slowly it comes.
            block: bytes = self._response.raw.read1(size, decode_content=True) or b""
        except (HTTPError, OSError) as error:
            raise translate(error, self._url, self._policy) from error
        self._size += len(block)
        if self._size > self.max_bytes:
            raise RemoteError(
                shown(self._url),
                f"the answer is larger than {_in_words(self.max_bytes)}",
                "check the address",
            )
        return block


def _in_words(size: int) -> str:
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB")):
        if size >= unit and size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size:,} bytes"
