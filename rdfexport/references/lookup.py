"""Looks up identifiers and symbols in the reference tables."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

from rdfexport.errors import DiskError, LocalError, UnreadableError
from rdfexport.references import database
from rdfexport.references.organism_genes import OrganismGenes
from rdfexport.references.parsers import VALUE_SEPARATOR

if TYPE_CHECKING:
    from types import TracebackType

    from rdfexport.references.database import TableState

_CACHED: Final = (
    *("gene", "gene_by_symbol", "chebi_of_mesh", "chebi_label", "doid", "doid_by_label"),
    *("mesh_of_doid", "doid_of_mesh", "taxon_by_name", "article", "_mesh"),
)
"""The look-ups whose answers are cached: figures share many words and identifiers."""
_ANSWERS: Final = 5_000
"""How many answers are cached of each."""

How = Literal["approved", "previous", "alias"]

_HOW: Final[tuple[How, How, How]] = ("approved", "previous", "alias")
_MOST_REPLACEMENTS: Final = 5


class GeneEntry(NamedTuple):
    """A human gene, as HGNC has it.

    Args:
        hgnc_id: Digits, without ``HGNC:``.
        symbol: The approved symbol.
        name: The approved name.
        entrez: NCBI Gene identifier.
        ensembl: Ensembl gene identifier.
        uniprot: UniProt accessions; a few genes have several.
    """

    hgnc_id: str
    symbol: str
    name: str
    entrez: str | None
    ensembl: str | None
    uniprot: tuple[str, ...]


class SymbolMatch(NamedTuple):
    """A gene that a symbol names, and how."""

    gene: GeneEntry
    how: How


class ChebiMatch(NamedTuple):
    """A ChEBI entity that a MeSH term is mapped to.

    Args:
        chebi: Digits, without ``CHEBI:``.
        predicate: A SKOS mapping property, as a CURIE; from MeSH to ChEBI.
        justification: A term of SEMAPV, as a CURIE: curated by hand, or by the same name.
    """

    chebi: str
    predicate: str
    justification: str


class Withdrawn(NamedTuple):
    """The replacement of an identifier that is no longer used.

    Args:
        status: "secondary": another identifier of what ``replaced_by`` names; or "obsolete".
        replaced_by: The identifier that is used instead, or None.
    """

    status: str
    replaced_by: str | None


class ArticleEntry(NamedTuple):
    """An article in PubMed Central; a value is None where it is not known.

    Args:
        pubmed: PubMed identifier, in digits.
        doi: In lower case.
        year: Of publication, in digits.
    """

    pubmed: str | None
    doi: str | None
    year: str | None


class References:
    """The reference tables, open.

    What is not known gives None, or nothing: no look-up guesses. An instance belongs to the thread
    and the process that opened it; a worker process opens ``path`` for itself.

    Example::

        with References.open() as references:
            references.gene("2475")  # GeneEntry(hgnc_id='3942', symbol='MTOR', ...)

    Args:
        path: A database, which must exist.

    Raises:
        UnreadableError: It is not one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        connection = None
        try:
            connection = database.connect(path)
            self._states = database.table_states(connection)
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise UnreadableError(f"{path}: no database of reference tables ({error})") from error
        self._connection = connection
        self.organism_genes = OrganismGenes(connection)
        for name in _CACHED:
            setattr(self, name, lru_cache(_ANSWERS)(getattr(self, name)))

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """Open a database, by default that of the cache folder, which is built if necessary.

        If the cache folder cannot be written to, the tables of the package are put into a temporary
        one, which is removed with this instance.

        Raises:
            UnreadableError: A path is given, and no database is there.
        """
        if path is not None:
            return cls(path)
        try:
            return cls(database.ensure(database.cache_folder()))
        except (OSError, sqlite3.Error, LocalError, UnreadableError):
            return cls._open_temporary()

    @classmethod
    def _open_temporary(cls) -> Self:
        temporary = None
        try:
            temporary = tempfile.TemporaryDirectory(prefix="rdfexport-")
            references = cls(database.ensure(Path(temporary.name), lasts=False))
        except (OSError, sqlite3.Error) as error:
            if temporary is not None:
                temporary.cleanup()
            raise DiskError(
                f"neither {database.cache_folder()} nor a temporary folder can be written to"
                f" ({error}): set {database.CACHE_VARIABLE} to a folder that can"
            ) from error
        references._temporary = temporary
        return references

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def gene(self, entrez: str) -> GeneEntry | None:
        """The human gene with an NCBI Gene identifier."""
        row = self._connection.execute(
            "SELECT hgnc, symbol, name, entrez, ensembl, uniprot FROM gene WHERE entrez = ?",
            (entrez,),
        ).fetchone()
        return _gene(row) if row else None

    def gene_by_hgnc(self, hgnc_id: str) -> GeneEntry | None:
        """The human gene with an HGNC identifier, in digits."""
        row = self._connection.execute(
            "SELECT hgnc, symbol, name, entrez, ensembl, uniprot FROM gene WHERE hgnc = ?",
            (hgnc_id,),
        ).fetchone()
        return _gene(row) if row else None

    def gene_by_symbol(self, symbol: str) -> tuple[SymbolMatch, ...]:
        """The human genes that a symbol names, exactly as written; the surest way first.

        A symbol may be the approved one of one gene and an alias of others. Each gene comes once.
        """
        rows = self._connection.execute(
            "SELECT hgnc, gene.symbol, name, entrez, ensembl, uniprot, how"
            " FROM symbol JOIN gene USING (hgnc) WHERE symbol.symbol = ? ORDER BY how, hgnc",
            (symbol,),
        )
        matches: dict[str, SymbolMatch] = {}
        for row in rows:
            matches.setdefault(row[0], SymbolMatch(_gene(row[:6]), _HOW[row[6]]))
        return tuple(matches.values())

    def mesh_label(self, mesh_id: str) -> str | None:
        """The preferred label of ``D020123`` or ``C531198``; of one replaced, the last it had."""
        return self._mesh(mesh_id)[0]

    def mesh_replacement(self, mesh_id: str) -> str | None:
        """The present MeSH identifier for one that NLM has withdrawn in its favour."""
        return self._mesh(mesh_id)[1]

    def chebi_of_mesh(self, mesh_id: str) -> tuple[ChebiMatch, ...]:
        """The ChEBI entities that a MeSH term is mapped to."""
        rows = self._connection.execute(
            "SELECT chebi, predicate, justification FROM mesh_chebi WHERE mesh = ?"
            " ORDER BY chebi, predicate",
            (mesh_id,),
        )
        return tuple(map(ChebiMatch._make, rows))

    def chebi_label(self, chebi: str) -> str | None:
        """The label of a ChEBI entity (digits) that is in use."""
        return self._only("SELECT label FROM chebi WHERE id = ?", chebi) or self._only(
            "SELECT label FROM chebi_entity WHERE id = ? AND status IS NULL", chebi
        )

    def has_chebi(self, chebi: str) -> bool:
        """Whether ChEBI has, or had, an entity of this number."""
        query = "SELECT id FROM chebi_entity WHERE id = ?"
        return self._only(query, chebi) is not None or self.chebi_label(chebi) is not None

    def withdrawn_chebi(self, chebi: str) -> Withdrawn | None:
        """The replacement of a ChEBI number that is no longer used."""
        row = self._connection.execute(
            "SELECT status, replaced_by FROM chebi_entity WHERE id = ? AND status IS NOT NULL",
            (chebi,),
        ).fetchone()
        return None if row is None else Withdrawn(*row)

    def withdrawn_doid(self, doid: str) -> Withdrawn | None:
        """The replacement of an identifier of the Disease Ontology that is no longer used."""
        row = self._connection.execute(
            "SELECT status, replaced_by FROM doid WHERE id = ? AND status IS NOT NULL", (doid,)
        ).fetchone()
        return None if row is None else Withdrawn(*row)

    def doid(self, doid: str) -> str | None:
        """The label of a disease of the Disease Ontology (``0060239``)."""
        return self._only("SELECT label FROM doid WHERE id = ? AND status IS NULL", doid)

    def doid_by_label(self, label: str) -> str | None:
        """The disease with a label, but for the case of its letters, if there is just one."""
        return self._only("SELECT id FROM doid WHERE label = ? AND status IS NULL LIMIT 2", label)

    def mesh_of_doid(self, doid: str) -> tuple[str, ...]:
        """The MeSH identifiers that the Disease Ontology gives for a disease."""
        return self._all("SELECT mesh FROM mesh_doid WHERE doid = ? ORDER BY mesh", doid)

    def doid_of_mesh(self, mesh_id: str) -> tuple[str, ...]:
        """The diseases for which the Disease Ontology gives a MeSH identifier."""
        return self._all("SELECT doid FROM mesh_doid WHERE mesh = ? ORDER BY doid", mesh_id)

    def taxon_by_name(self, name: str) -> str | None:
        """The NCBI taxonomy identifier of a scientific name, if just one taxon has it."""
        return self._only("SELECT id FROM taxon WHERE name = ? LIMIT 2", name)

    def article(self, pmcid: str) -> ArticleEntry | None:
        """An article of PubMed Central (``PMC3811159``), if the table of articles is there."""
        if "pmc-ids" not in self._states:
            return None
        row = self._connection.execute(
            "SELECT CAST(pubmed AS TEXT), doi, CAST(year AS TEXT) FROM article WHERE pmcid = ?",
            (pmcid.removeprefix("PMC"),),
        ).fetchone()
        return row and ArticleEntry(*row)

    def provenance(self) -> tuple[TableState, ...]:
        """The state of each table, in the order of their names."""
        return tuple(self._states.values())

    def digest(self) -> str:
        """Twelve hex digits that stand for the content of all tables."""
        text = "\n".join(f"{state.name} {state.content}" for state in self.provenance())
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def _mesh(self, mesh_id: str) -> tuple[str | None, str | None]:
        label, replacement = self._mesh_row(mesh_id)
        for _ in range(_MOST_REPLACEMENTS):
            further = self._mesh_row(replacement)[1] if replacement else None
            if further is None:
                break
            replacement = further
        return label, replacement

    def _mesh_row(self, mesh_id: str) -> tuple[str | None, str | None]:
        row = self._connection.execute(
            "SELECT label, replaced_by FROM mesh WHERE id = ?", (mesh_id,)
        ).fetchone()
        return row or (None, None)

    def _all(self, query: str, *keys: str) -> tuple[str, ...]:
        return tuple(value for (value,) in self._connection.execute(query, keys))

    def _only(self, query: str, key: str) -> str | None:
        """The answer, if there is just one."""
        answers = self._all(query, key)
        return answers[0] if len(answers) == 1 else None


def _gene(row: tuple[str, str, str, str | None, str | None, str]) -> GeneEntry:
    hgnc_id, symbol, name, entrez, ensembl, uniprot = row
    accessions = tuple(uniprot.split(VALUE_SEPARATOR)) if uniprot else ()
    return GeneEntry(hgnc_id, symbol, name, entrez, ensembl, accessions)
