"""Records cut into tasks, each a shard or some files."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.pipeline.options import SHARD_FIGURES
from rdfexport.sources import Entry
from rdfexport.terms import FIGID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.errors import RecordError

RECORDS_AT_ONCE: Final = 25
_SHARD_ENDS: Final = 256


class Task(NamedTuple):
    """Some records; ``shard`` is the name of the shard they make, None for a file a figure."""

    entries: list[Entry | RecordError]
    shard: str | None


def batches(entries: Iterable[Entry | RecordError]) -> Iterator[Task]:
    """Tasks of a convenient size, whose figures make no shard."""
    entries = iter(entries)
    while some := list(islice(entries, RECORDS_AT_ONCE)):
        yield Task(some, None)


def shards(entries: Iterable[Entry | RecordError]) -> Iterator[Task]:
    """Cut records into shards, by what their figids are and not by how many came before.

    So a record that comes or goes changes one shard, where shards of a fixed size would all shift.
    A shard has the name of its first figure.
    """
    some: list[Entry | RecordError] = []
    for entry in entries:
        some.append(entry)
        if len(some) == SHARD_FIGURES or (isinstance(entry, Entry) and _ends_shard(entry.stem)):
            yield Task(some, _shard_name(some))
            some = []
    if some:
        yield Task(some, _shard_name(some))


def _ends_shard(stem: str | None) -> bool:
    made = hashlib.blake2b((stem or "").encode(), digest_size=4).digest()
    return int.from_bytes(made, "big") % _SHARD_ENDS == 0


def _shard_name(entries: Iterable[Entry | RecordError]) -> str:
    named = (entry for entry in entries if isinstance(entry, Entry))
    # Without a figid there is no figure, so no file has the other name.
    first = next((one for one in named if one.stem and FIGID.fullmatch(one.stem)), None)
    return "shard-none" if first is None else f"shard-{first.stem}{first.suffix}"
