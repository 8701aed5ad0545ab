"""Look-ups in the tables of all organisms' genes, and of orthologs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.references.genes import LIVE
from rdfexport.references.parsers import VALUE_SEPARATOR

if TYPE_CHECKING:
    from sqlite3 import Connection

_MOST_REPLACEMENTS: Final = 5
_COLUMNS: Final = "id, taxon, symbol, name, synonyms, xrefs, status, replaced_by"


class OrganismGene(NamedTuple):
    """A gene of any organism, as NCBI or its own database has it.

    Args:
        id: Number in NCBI Gene; None where only its organism's database is at hand.
        taxon: NCBI taxonomy number.
        symbol: Its symbol; of a withdrawn gene the last one.
        name: Its full name, or nothing.
        synonyms: Other symbols.
        references: Identifier spaces and identifiers of the same gene elsewhere.
        status: "live", "replaced" or "discontinued".
        replaced_by: The number that is used instead.
    """

    id: str | None
    taxon: str
    symbol: str
    name: str
    synonyms: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    status: str
    replaced_by: str | None

    @property
    def is_live(self) -> bool:
        return self.status == LIVE


class Ortholog(NamedTuple):
    """A gene that is orthologous to another one.

    Args:
        entrez: Its number in NCBI Gene.
        provider: The name of the identifier space that states it.
        symbol: Its symbol, if a table has it.
    """

    entrez: str
    provider: str
    symbol: str | None


class OrganismGenes:
    """Look-ups in a database of reference tables.

    Args:
        connection: The database.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._complete = frozenset(
            taxon for (taxon,) in connection.execute("SELECT taxon FROM complete_taxon")
        )

    def gene(self, entrez: str) -> OrganismGene | None:
        """The gene with an NCBI Gene identifier, in use or withdrawn."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM organism_gene WHERE id = ?",  # noqa: S608 - a constant
            (entrez,),
        ).fetchone()
        return None if row is None else _gene(row)

    def is_complete(self, taxon: str) -> bool:
        """Whether the table has all genes of an organism, those withdrawn too."""
        return taxon in self._complete

    def gene_by_symbol(self, taxon: str, symbol: str) -> OrganismGene | None:
        """The gene of an organism with just this symbol, if it is one only."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM organism_gene"  # noqa: S608 - a constant
            " WHERE symbol = ? AND taxon = ? AND status = 'live' LIMIT 2",
            (symbol, taxon),
        ).fetchall()
        return _gene(rows[0]) if len(rows) == 1 else None

    def replacement(self, entrez: str) -> str | None:
        """The number in use for one that NCBI has withdrawn in favour of another."""
        found = self.gene(entrez)
        for _ in range(_MOST_REPLACEMENTS):
            if found is None or found.replaced_by is None:
                break
            last, found = found.replaced_by, self.gene(found.replaced_by)
            if found is None or found.is_live:
                return last
        return None

    def orthologs(
        self, entrez: str, references: tuple[tuple[str, str], ...], taxon: str
    ) -> tuple[Ortholog, ...]:
        """The genes of an organism that are orthologous to a gene, in the order of their numbers.

        Args:
            entrez: The gene's number in NCBI Gene.
            references: Its identifiers elsewhere.
            taxon: The organism of the others.
        """
        keys = [f"ncbigene:{entrez}", *(f"{space}:{local}" for space, local in references)]
        rows = self._connection.execute(
            "SELECT DISTINCT entrez, provider, symbol FROM ortholog_of"  # noqa: S608 - a constant
            f" WHERE gene IN ({', '.join('?' * len(keys))}) AND taxon = ?",
            (*keys, taxon),
        )
        return tuple(
            sorted(map(Ortholog._make, rows), key=lambda one: (int(one.entrez), one.provider))
        )


def _gene(row: tuple[str, ...]) -> OrganismGene:
    key, taxon, symbol, name, synonyms, references, status, replaced_by = row
    return OrganismGene(
        key if key.isdecimal() else None,
        taxon,
        symbol,
        name,
        tuple(filter(None, synonyms.split(VALUE_SEPARATOR))),
        tuple(_split(one) for one in references.split(VALUE_SEPARATOR) if one),
        status,
        replaced_by,
    )


def _split(curie: str) -> tuple[str, str]:
    space, _, local = curie.partition(":")
    return space, local
