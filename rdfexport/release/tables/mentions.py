"""The mentions of all figures as one Parquet table: a row a mention and gene, chemical or disease.

``docs/release.md`` describes the columns. It needs ``pyarrow``, which comes with the
extra ``release``.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from rdfexport.errors import MissingPackageError
from rdfexport.terms import spaces_of
from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

    from rdfexport.mapping import View
    from rdfexport.model import ConceptMention, Mention

# Large enough to compress well, small enough to be held in memory.
_GROUP_ROWS: Final = 100_000
_EQUIVALENT: Final = frozenset({"skos:exactMatch", "skos:closeMatch"})


CONCEPT_SPACES: Final = tuple(space.name for space in spaces_of("chemicals", "diseases"))
"""Names of the columns of identifiers of chemicals and diseases."""
_HEAD: Final = (
    "figid",
    "figid_alias",
    "pmcid",
    "mention",
    "kind",
    "row",
    "word",
    "matched",
    "source",
    "how",
)
COLUMNS: Final = (
    *_HEAD,
    "expansion",
    "entrez",
    "hgnc",
    "symbol",
    "recorded_symbol",
    "recorded_name",
    *CONCEPT_SPACES,
    "linked",
    "label",
    "taxon",
    "organism",
    "agreement",
    "wikipathways",
)

Row = dict[str, object]
"""A mention and one of its genes, or its concept: column to value, without those that have none."""


def need_pyarrow() -> None:
    """Check that Parquet can be written.

    Raises:
        MissingPackageError: It cannot, since ``pyarrow`` is not installed.
    """
    if find_spec("pyarrow") is None:
        raise MissingPackageError("Parquet files need pyarrow: pip install 'rdfexport[release]'")


def rows(view: View, alias: str | None) -> Iterator[Row]:
    """The rows of a figure, in the order of its record; ``alias`` is its short name.

    Genes, organisms and concepts have the names that they have in the figure's graph.
    """
    record = view.record
    for mention in record.genes:
        head = _head(view, alias, "gene", mention)
        if mention.group is not None:
            head["expansion"] = view.part(f"x-{mention.group}")
        if not mention.genes:
            yield head
        for gene in mention.genes:
            shown = view.gene(gene.entrez)
            taxon = shown.taxon
            yield head | {
                "entrez": shown.entrez,
                "hgnc": shown.hgnc and f"HGNC:{shown.hgnc}",
                "symbol": shown.symbol,
                "recorded_symbol": gene.recorded_symbol,
                "label": shown.name,
                "taxon": taxon and taxon.id,
                "organism": taxon and taxon.name,
                "agreement": gene.agreement,
            }
    for chemical in record.chemicals:
        yield _head(view, alias, "chemical", chemical) | _concept_cells(view, chemical)
    for disease in record.diseases:
        yield _head(view, alias, "disease", disease) | _concept_cells(view, disease)


def _head(view: View, alias: str | None, kind: str, mention: Mention) -> Row:
    values = (
        view.record.figid,
        alias,
        view.record.pmcid,
        view.part(f"m-{mention.id}"),
        kind,
        mention.row,
        mention.word,
        mention.match,
        mention.source,
        mention.match_type,
    )
    lists = {"linked": (), "wikipathways": view.record.wpids}
    return {**lists, **dict(zip(_HEAD, values, strict=True))}


def _concept_cells(view: View, mention: ConceptMention) -> Row:
    """The cells of a chemical or disease: its identifiers, else those of the reference tables."""
    named: Row = {"recorded_name": view.recorded_name(mention)}
    if not mention.concepts:
        return named
    first = mention.concepts[0]
    ids: Row = {}
    for match in first.matches:
        if match.predicate in _EQUIVALENT:
            ids.setdefault(match.space, view.identifier(match.space, match.id))
    ids |= {c.space: view.identifier(c.space, c.id) for c in mention.concepts}
    own = {view.curie(c.space, c.id) for c in mention.concepts}
    linked = dict.fromkeys(view.curie(match.space, match.id) for match in first.matches)
    replaced = any(match.predicate == "dcterms:isReplacedBy" for match in first.matches)
    return (
        ids
        | named
        | {
            "linked": tuple(curie for curie in linked if curie not in own),
            "label": view.concept_labels[first.space, first.id],
            "agreement": "replaced" if replaced else None,
        }
    )


def batch(found: Iterable[Row]) -> bytes:
    """Encode rows as an Arrow stream, for a shard."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    form = schema()
    some = list(found)
    arrays = [pa.array([row.get(name) for row in some], form.field(name).type) for name in COLUMNS]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, form) as writer:
        writer.write_batch(pa.record_batch(arrays, schema=form))
    data: bytes = sink.getvalue().to_pybytes()
    return data


class MentionsWriter:
    """Writes rows to a Parquet file, group by group."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self._waiting: list[pa.Table] = []
        self.rows = self._held = 0

    def add(self, data: bytes) -> None:
        """Append rows that ``batch`` encoded."""
        import pyarrow as pa  # noqa: PLC0415 - an extra

        with pa.ipc.open_stream(data) as stream:
            table = stream.read_all()
        self._waiting.append(table)
        self.rows += table.num_rows
        self._held += table.num_rows
        while self._held >= _GROUP_ROWS:
            self._write(_GROUP_ROWS)

    def end(self) -> None:
        if self._held:
            self._write(self._held)

    def _write(self, number: int) -> None:
        import pyarrow as pa  # noqa: PLC0415 - an extra

        table = pa.concat_tables(self._waiting)
        self._writer.write_table(table.slice(0, number), row_group_size=_GROUP_ROWS)
        self._waiting = [table.slice(number)]
        self._held -= number


@contextmanager
def mentions_file(path: Path) -> Iterator[MentionsWriter]:
    """Write a Parquet file of rows, which appears when it is whole.

    Raises:
        DiskError: It cannot be written.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    with (
        OutputFile(path) as file,
        pa.PythonFile(_Sink(file), mode="w") as sink,
        pq.ParquetWriter(sink, schema(), compression="zstd", version="2.6") as parquet,
    ):
        writer = MentionsWriter(parquet)
        yield writer
        writer.end()


class _Sink:
    """An ``OutputFile`` with the methods that Arrow calls."""

    closed = False

    def __init__(self, file: OutputFile) -> None:
        self._file = file
        self._position = 0

    def write(self, data: bytes) -> int:
        self._file.write_bytes(data)
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        """Do nothing: the file is closed elsewhere."""

    def close(self) -> None:
        """Do nothing: the file is closed elsewhere."""


def schema() -> pa.Schema:
    """The columns of the table."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    texts = pa.list_(pa.string())
    kinds = {"row": pa.int32(), "linked": texts, "wikipathways": texts}
    never_null = {"figid", "pmcid", "mention", "kind", "row", "linked", "wikipathways"}
    return pa.schema(
        [
            pa.field(name, kinds.get(name, pa.string()), nullable=name not in never_null)
            for name in COLUMNS
        ]
    )
