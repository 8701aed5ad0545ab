"""What a shard holds of each record, so that those that did not change are copied."""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
import zstandard

from rdfexport.pipeline.packed import as_facts, of_facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rdfexport.pipeline.worker import Result

_CHECKSUM: Final = 16


class Piece(NamedTuple):
    """A record's part in a shard.

    Args:
        digest: Of the record.
        places: File → where the record's text begins and ends in it, before it is compressed.
        facts: The result of the record.
    """

    digest: str
    places: Mapping[str, tuple[int, int]]
    facts: dict[str, Any]

    @classmethod
    def of(cls, digest: bytes, places: Mapping[str, tuple[int, int]], result: Result) -> Piece:
        return cls(digest.hex(), places, as_facts(result))

    @property
    def result(self) -> Result:
        return of_facts(self.facts)


def packed_pieces(pieces: Mapping[str, Piece]) -> bytes:
    """Pack the pieces of a shard, by the names of their records."""
    data = orjson.dumps({stem: list(piece) for stem, piece in pieces.items()})
    small = zstandard.ZstdCompressor(level=3).compress(data)
    return _checksum(small) + small


def unpacked_pieces(data: bytes) -> dict[str, Piece]:
    """What ``packed_pieces`` packed; nothing of what is damaged."""
    small = data[_CHECKSUM:]
    if _checksum(small) != data[:_CHECKSUM]:
        return {}
    facts = orjson.loads(zstandard.ZstdDecompressor().decompress(small))
    return {stem: Piece(*piece) for stem, piece in facts.items()}


def text_of(path: Path) -> bytes:
    """What a shard's file holds, unpacked."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".zst":
        with zstandard.ZstdDecompressor().stream_reader(data) as reader:
            return reader.read()
    return data


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_CHECKSUM).digest()
