"""Each record's part of a shard, kept so that the parts of unchanged records are copied."""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
import zstandard

from rdfexport.pipeline.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CHECKSUM_BYTES: Final = 16


class ShardRecord(NamedTuple):
    """A record's part of a shard.

    Args:
        digest: Of the record, in hex digits.
        places: File → where the record's text begins and ends in it, before it is compressed.
        values: The tally of the record, as ``Tally.to_dict`` gives it.
    """

    digest: str
    places: Mapping[str, tuple[int, int]]
    values: dict[str, Any]

    @classmethod
    def of(cls, digest: bytes, places: Mapping[str, tuple[int, int]], tally: Tally) -> ShardRecord:
        return cls(digest.hex(), places, tally.to_dict())

    def tally(self) -> Tally:
        return Tally.from_dict(self.values)


def compress_records(records: Mapping[str, ShardRecord]) -> bytes:
    """The records of a shard, by their names, as compressed JSON with a checksum."""
    data = orjson.dumps({stem: list(record) for stem, record in records.items()})
    compressed = zstandard.ZstdCompressor(level=3).compress(data)
    return _checksum(compressed) + compressed


def decompress_records(data: bytes) -> dict[str, ShardRecord]:
    """The records that ``compress_records`` compressed; none of them if the data is damaged."""
    compressed = data[_CHECKSUM_BYTES:]
    if _checksum(compressed) != data[:_CHECKSUM_BYTES]:
        return {}
    records = orjson.loads(zstandard.ZstdDecompressor().decompress(compressed))
    return {stem: ShardRecord(*values) for stem, values in records.items()}


def decompressed_text(path: Path) -> bytes:
    """The text of a shard's file."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".zst":
        with zstandard.ZstdDecompressor().stream_reader(data) as reader:
            return reader.read()
    return data


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_CHECKSUM_BYTES).digest()
