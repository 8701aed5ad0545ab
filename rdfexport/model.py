"""The values that pass between the stages: immutable, typed, without behaviour of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdfexport.diagnostics import Finding, Location


class Kind(StrEnum):
    """The kind of entity mentioned; the value is the name of the record's list and of its table."""

    GENE = "genes"
    CHEMICAL = "chemicals"
    DISEASE = "diseases"


class MatchType(StrEnum):
    """How a word read in the figure led to an entity; the value is the term's local name."""

    EXACT = "exact"
    ALIAS = "alias"
    PREVIOUS = "previous"
    FAMILY = "family"
    BY_NAME = "byName"


class Origin(Protocol):
    """Where the fields of a record were written."""

    def locate(self, path: str, value: str | None = None) -> Location:
        """Give file and line of a field.

        Args:
            path: A field (``figtitle``), an entry (``genes[3]``), or a field of an entry
                (``genes[3].entrez``).
            value: The value to look for, where several fields may hold it.
        """

    def text_at(self, path: str) -> str | None:
        """The text of a field that YAML 1.1 reads as text, whatever YAML 1.2 takes it for."""

    def written_at(self, path: str) -> str | None:
        """The text of a field as it was written, whatever its type; None where there is none."""

    def locate_column(self, kind: Kind, name: str) -> Location:
        """Give file and line of a column's name in the header of a table."""


class MappedPathway(NamedTuple):
    """A pathway of WikiPathways that a collection's table lists for a figure, and where."""

    wpid: str
    location: Location


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as read: its fields untouched, with the way back to the lines they stand on.

    ``tables`` holds the rows of the sibling TSV files, one mapping of column to cell a row;
    ``may_hold_controls`` is False where no text of the record can hold a control character.
    ``pathways`` are those that the collection's own table lists for the figure.
    """

    front_matter: Mapping[str, Any]
    tables: Mapping[Kind, list[dict[str, str]]]
    origin: Origin
    may_hold_controls: bool = True
    pathways: tuple[MappedPathway, ...] = ()


# What there are many of are named tuples: they are made and hashed several times faster.


class Taxon(NamedTuple):
    """An organism; ``id`` is its NCBI taxonomy number, None where the name is not known."""

    name: str | None
    id: str | None = None


class Agreement(StrEnum):
    """How the symbol that a record gives for a gene fits its number, by the reference table."""

    SAME = "same"
    PREVIOUS = "previous symbol"
    ALIAS = "alias"
    CONTRADICTION = "contradiction"
    UNKNOWN = "unknown"


class Ortholog(NamedTuple):
    """A gene of another organism that is orthologous to a gene.

    Args:
        entrez: Its number in NCBI Gene.
        symbol: Its symbol, where it is known.
        taxon: NCBI taxonomy number of its organism.
        provider: Who says so: the name of an identifier space.
    """

    entrez: str
    symbol: str | None
    taxon: str
    provider: str


class Gene(NamedTuple):
    """A gene of NCBI Gene (``entrez``: digits); what follows ``taxon`` is of the reference tables.

    ``hgnc_symbol`` is set for human genes only; of one that the table knows it is the approved
    symbol, as is ``symbol``, and ``recorded_symbol`` is what the record gives in its stead.
    ``hgnc`` is its number there; ``references`` are spaces and identifiers of a gene that is not
    human in its organism's database. ``orthologs`` are the human genes for one that is not human,
    and mouse genes for a human one. A gene that was not looked up has no ``agreement``.
    """

    entrez: str
    symbol: str | None = None
    hgnc_symbol: str | None = None
    taxon: Taxon | None = None
    hgnc: str | None = None
    name: str | None = None
    ensembl: str | None = None
    uniprot: tuple[str, ...] = ()
    agreement: Agreement | None = None
    recorded_symbol: str | None = None
    references: tuple[tuple[str, str], ...] = ()
    orthologs: tuple[Ortholog, ...] = ()


class Match(NamedTuple):
    """An identifier that stands for the same as another one, or nearly.

    Args:
        space: Its identifier space (``chebi``).
        id: The identifier there.
        label: What it is called.
        predicate: How the two are related, as a CURIE: a SKOS mapping property,
            ``dcterms:isReplacedBy`` or ``dcterms:replaces``.
        justification: A term of SEMAPV, as a CURIE.
        table: The reference table that says so; None where it is the record's own row.
    """

    space: str
    id: str
    label: str | None
    predicate: str
    justification: str
    table: str | None


class Concept(NamedTuple):
    """A chemical or disease under one identifier: ``D020123`` of ``mesh``, ``9168`` of ``chebi``.

    ``matches`` holds its other identifiers: in a record what the reference tables give for it, in a
    figure's view (``mapping.view``) those of its rows too.
    """

    space: str
    id: str
    label: str | None = None
    matches: tuple[Match, ...] = ()


class GeneMention(NamedTuple):
    """One row of a record's genes.

    ``match`` is the term of the lexicon ``source`` that the ``word`` matched. ``id`` is made of
    the row's content, so it survives reordering; ``group`` is shared by the rows into which one
    word was expanded, whichever lexicon has them. The three counts are those of the figure's
    table, where it has them.
    """

    row: int
    id: str
    word: str | None
    match: str | None
    source: str | None
    match_type: MatchType | None
    genes: tuple[Gene, ...]
    group: str | None = None
    count_direct: str | None = None
    count_synonym: str | None = None
    count_match: str | None = None


class ConceptMention(NamedTuple):
    """One row of a record's chemicals or diseases.

    ``concepts`` holds its identifiers, one of each space at most, in the order of the table of
    identifier spaces; it is empty where the word led to none. ``name`` is what the row calls the
    entity beside ``match``.
    """

    row: int
    id: str
    word: str | None
    match: str | None
    source: str | None
    match_type: MatchType | None
    concepts: tuple[Concept, ...]
    name: str | None = None


Mention = GeneMention | ConceptMention


class Prediction(NamedTuple):
    """A term that was predicted for a figure: an entry of a record's ``annotations``.

    Args:
        row: Which entry it is, from 0.
        id: Made of its content, so it survives reordering.
        type: What kind of term it is: ``Disease``.
        value: The term.
        parent: The broader term that the site lists it under.
    """

    row: int
    id: str
    type: str | None
    value: str
    parent: str | None


class ReferenceTable(NamedTuple):
    """A reference table that records were linked with.

    Args:
        name: ``hgnc``.
        date: The day of its data, ``YYYY-MM-DD``.
        source: Publisher and edition, or the addresses it was read from.
        licence: Terms of the published data.
        content: Digest of its rows.
    """

    name: str
    date: str
    source: str
    licence: str
    content: str


class ReferenceTables(NamedTuple):
    """The reference tables that records were linked with, and a digest that stands for all."""

    digest: str
    tables: tuple[ReferenceTable, ...]


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """One figure of PFOCR, in one form whichever form its record had.

    None and empty tuples mean "unknown". Texts carry no sentinel, no outer white space and no
    character that a format we write cannot hold. ``origin.locate("genes[3].entrez")`` gives the
    file and line a field came from. ``references`` is None until the record is linked. ``pubmed``
    is of a reference table; ``year_source`` and ``doi_field`` name it where year or DOI are, too.
    """

    figid: str
    alias: str | None
    pmcid: str
    title: str | None
    caption: str | None
    number: str | None
    figure_type: str | None
    filename: str | None
    figlink: str | None
    paper_title: str | None
    citation: str | None
    year: str | None
    doi: str | None
    doi_field: str | None
    journal: str | None
    journal_abbreviation: str | None
    publisher: str | None
    pathway_score: str | None
    ranked_result_index: str | None
    ndex: str | None
    wpids: tuple[str, ...]
    keywords: tuple[str, ...]
    organisms: tuple[Taxon, ...]
    recognised_organisms: tuple[Taxon, ...]
    genes: tuple[GeneMention, ...]
    chemicals: tuple[ConceptMention, ...]
    diseases: tuple[ConceptMention, ...]
    predictions: tuple[Prediction, ...]
    origin: Origin = field(repr=False, compare=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False, compare=False)
    references: ReferenceTables | None = field(default=None, repr=False, compare=False)
    pubmed: str | None = None
    year_source: str | None = None
