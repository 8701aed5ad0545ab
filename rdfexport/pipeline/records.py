"""Reading, normalising and linking, composed."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple, Self

from rdfexport.errors import BusyError, RecordError
from rdfexport.link import Linker, reference_tables
from rdfexport.normalise import normalise
from rdfexport.pipeline.arguments import source_names
from rdfexport.pipeline.options import Linking
from rdfexport.read import decode
from rdfexport.references import References
from rdfexport.sources import Catalogue, Entry
from rdfexport.terms import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rdfexport.model import FigureRecord, ReferenceTables
    from rdfexport.pipeline.arguments import Sources


class ReferenceDatabase(NamedTuple):
    """The tables that identifiers and names are looked up in.

    Args:
        path: Where the reference tables are.
        tables: Which ones they were when the work began.
        organisms: Names of organisms and their numbers, as the sources have them.
    """

    path: Path
    tables: ReferenceTables
    organisms: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, references: References) -> Self:
        return cls(references.path, reference_tables(references))

    def with_organisms(self, catalogue: Catalogue) -> Self:
        """The same, with what the sources say of organisms.

        Raises:
            RemoteError: A store fails.
        """
        return self._replace(organisms=tuple(sorted(catalogue.organisms().items())))

    @property
    def content(self) -> object:
        """The content that decides how a record is linked, wherever the tables are."""
        return self.tables, self.organisms


class RecordReader:
    """Reads, normalises and links records, in one process.

    Args:
        vocabulary: The identifier spaces.
        linking: How identifiers are resolved; None for not at all.
        database: The reference tables, where identifiers are resolved.

    Raises:
        BusyError: The reference tables were replaced meanwhile.
    """

    def __init__(
        self, vocabulary: Vocabulary, linking: Linking | None, database: ReferenceDatabase | None
    ) -> None:
        self._vocabulary = vocabulary
        self._linker = None
        self._stack = ExitStack()
        if linking is not None and database is not None:
            references = self._stack.enter_context(closing(References(database.path)))
            self._linker = Linker(
                references,
                vocabulary,
                diseases_by_label=linking.diseases_by_label,
                organisms=dict(database.organisms),
            )
            if self._linker.tables != database.tables:
                self._stack.close()
                raise BusyError("the reference tables were updated meanwhile: start again")

    def read(self, entry: Entry) -> FigureRecord:
        """Read one record.

        Raises:
            RecordError: It cannot be read, or has a fault that leaves no record.
        """
        tables = {kind: (table.name, table.read()) for kind, table in entry.tables.items()}
        raw = decode(entry.record.name, entry.record.read(), tables, entry.pathways)
        record = normalise(raw, entry.stem, self._vocabulary)
        return record if self._linker is None else self._linker.link(record)

    def close(self) -> None:
        self._stack.close()


def read_records(
    *sources: Sources,
    on_error: Callable[[RecordError], None] | None = None,
    linking: Linking | None = Linking(),  # noqa: B008 - it is frozen
) -> Iterator[FigureRecord]:
    """Read the records of some sources, in order of their figids, one at a time.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input; one
            by one or in lists.
        on_error: Called with the error of each record that is left out; without it the first
            one raises.
        linking: How identifiers are resolved by the reference tables; None for not at all.

    Raises:
        DiskError: A source is not there.
        UsageError: No source has a record.
        RecordError: A record has a fault and there is no ``on_error``.
    """
    names = source_names(name for source in sources for name in source_names(source))
    with ExitStack() as stack:
        database = None
        catalogue = stack.enter_context(Catalogue(names))
        if linking is not None:
            references = stack.enter_context(References.open())
            database = ReferenceDatabase.of(references).with_organisms(catalogue)
        reader = stack.enter_context(closing(RecordReader(Vocabulary(), linking, database)))
        for entry in catalogue.entries():
            try:
                if isinstance(entry, RecordError):
                    raise entry
                record = reader.read(entry)
            except RecordError as error:
                if on_error is None:
                    raise
                on_error(error)
            else:
                yield record
