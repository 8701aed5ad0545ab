"""Counts distinct values exactly and in little memory."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_BUCKETS: Final = 64
_KEY_BYTES: Final = 4
_HASH_BYTES: Final = 12
_ENTRY: Final = _KEY_BYTES + _HASH_BYTES
_READ_AT_ONCE: Final = _ENTRY << 16
_BUFFER: Final = 1 << 16


class DistinctCounter:
    """Counts the distinct values of each of some keys.

    Hashes of values wait in files, by their first bits, so that only a part of them is in memory at
    once. Among a billion values two have the same hash once in a hundred million times.
    """

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}
        self._stack = ExitStack()
        self._buckets: list[IO[bytes]] = []

    def add(self, key: str, values: Iterable[bytes]) -> None:
        """Take values that count once for this key."""
        if not self._buckets:
            self._buckets = [
                self._stack.enter_context(TemporaryFile(buffering=_BUFFER))  # noqa: SIM115
                for _ in range(_BUCKETS)
            ]
        number = self._keys.setdefault(key, len(self._keys).to_bytes(_KEY_BYTES, "big"))
        blake2b, buckets = hashlib.blake2b, self._buckets
        for value in values:
            digest = blake2b(value, digest_size=_HASH_BYTES).digest()
            buckets[digest[0] % _BUCKETS].write(number + digest)

    def counts(self) -> dict[str, int]:
        """The number of distinct values of each key, in the order in which keys came."""
        totals: Counter[bytes] = Counter()
        for bucket in self._buckets:
            totals.update(entry[:_KEY_BYTES] for entry in _entries(bucket))
        return {key: totals[number] for key, number in self._keys.items()}

    def close(self) -> None:
        self._stack.close()


def _entries(file: IO[bytes]) -> set[bytes]:
    file.seek(0)
    seen: set[bytes] = set()
    while data := file.read(_READ_AT_ONCE):
        seen.update(data[at : at + _ENTRY] for at in range(0, len(data), _ENTRY))
    return seen
