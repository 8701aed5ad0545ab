"""Reading and normalising, composed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdfexport.errors import RecordError
from rdfexport.normalise import normalise
from rdfexport.read import Catalogue, Entry, decode
from rdfexport.vocab import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdfexport.model import FigureRecord


def read_record(entry: Entry, vocabulary: Vocabulary) -> FigureRecord:
    """Read one record and give it its one form.

    Raises:
        RecordError: It cannot be read, or has a fault that leaves no record.
    """
    tables = {kind: (table.name, table.read()) for kind, table in entry.tables.items()}
    raw = decode(entry.record.name, entry.record.read(), tables)
    return normalise(raw, entry.stem, vocabulary)


def read_records(
    *sources: str, on_error: Callable[[RecordError], None] | None = None
) -> Iterator[FigureRecord]:
    """Read the records of some sources, in order of their figids, one at a time.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.
        on_error: Told of each record that is left out. Without it the first one raises.

    Raises:
        CallError: A source is not there, or no source has a record.
        RecordError: A record has a fault and there is no ``on_error``.
    """
    vocabulary = Vocabulary()
    with Catalogue(sources) as catalogue:
        for entry in catalogue.entries():
            try:
                if isinstance(entry, RecordError):
                    raise entry
                record = read_record(entry, vocabulary)
            except RecordError as error:
                if on_error is None:
                    raise
                on_error(error)
            else:
                yield record
