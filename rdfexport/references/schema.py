"""How the tables lie in the database: relations that answer each look-up from one index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdfexport.references.parsers import VALUE_SEPARATOR, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from sqlite3 import Connection

VERSION: Final = 4
"""Stands in the database's name; a change of what is declared here makes it another."""

APPROVED, PREVIOUS, ALIAS = range(3)
"""How a symbol names a gene, as the database has it; the surer first."""

META: Final = (
    """CREATE TABLE IF NOT EXISTS state (
        name TEXT PRIMARY KEY, origin TEXT, source TEXT, date TEXT, rows INTEGER, licence TEXT,
        content TEXT) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS file (
        name TEXT PRIMARY KEY, url TEXT, etag TEXT, modified TEXT, sha256 TEXT) WITHOUT ROWID""",
)
"""Where each table's content is from, and what was downloaded for it."""


@dataclass(frozen=True)
class Layout:
    """The relations of a table.

    Args:
        relations: Name of each to its definition; the first has one row for each of the table.
        fill: Puts rows of the table into them.
        indexes: Made once they are filled.
        keep: Statements that save what a new edition no longer has; the former relations stand
            beside the new ones, with ``former_`` before their names.
    """

    relations: dict[str, str]
    fill: Callable[[Connection, Iterable[Row]], None]
    indexes: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


def _fill_genes(connection: Connection, rows: Iterable[Row]) -> None:
    def genes() -> Iterator[Row]:
        for hgnc_id, symbol, name, entrez, ensembl, uniprot, previous, alias in rows:
            yield hgnc_id, symbol, name, entrez, ensembl, uniprot
            names = ((APPROVED, symbol), (PREVIOUS, previous), (ALIAS, alias))
            connection.executemany(
                "INSERT OR IGNORE INTO symbol VALUES (?, ?, ?)",
                (
                    (value, how, hgnc_id)
                    for how, values in names
                    for value in values.split(VALUE_SEPARATOR)
                    if value
                ),
            )

    connection.executemany(
        "INSERT INTO gene VALUES (?, ?, ?, nullif(?, ''), nullif(?, ''), ?)", genes()
    )


def _fill_mesh(connection: Connection, rows: Iterable[Row]) -> None:
    connection.executemany("INSERT INTO mesh VALUES (?, ?, nullif(?, ''))", rows)


def _fill_mesh_chebi(connection: Connection, rows: Iterable[Row]) -> None:
    def mappings() -> Iterator[Row]:
        for *mapping, label in rows:
            connection.execute("INSERT OR IGNORE INTO chebi VALUES (?, ?)", (mapping[1], label))
            yield tuple(mapping)

    connection.executemany("INSERT OR IGNORE INTO mesh_chebi VALUES (?, ?, ?, ?)", mappings())


def _fill_diseases(connection: Connection, rows: Iterable[Row]) -> None:
    def diseases() -> Iterator[Row]:
        for doid, label, mesh_ids, status, replacement in rows:
            connection.executemany(
                "INSERT INTO mesh_doid VALUES (?, ?)",
                ((mesh, doid) for mesh in mesh_ids.split(VALUE_SEPARATOR) if mesh),
            )
            yield doid, label, status, replacement

    connection.executemany(
        "INSERT OR IGNORE INTO doid VALUES (?, ?, nullif(?, ''), nullif(?, ''))", diseases()
    )


def _fill_taxa(connection: Connection, rows: Iterable[Row]) -> None:
    connection.executemany("INSERT OR IGNORE INTO taxon (id, name) VALUES (?, ?)", rows)


def _fill_chebi(connection: Connection, rows: Iterable[Row]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO chebi_entity VALUES (?, ?, nullif(?, ''), nullif(?, ''))", rows
    )


def _fill_organism_genes(connection: Connection, rows: Iterable[Row]) -> None:
    def genes() -> Iterator[Row]:
        for row in rows:
            number, taxon, references, status = row[0], row[1], row[5], row[6]
            if not number and not references:
                continue
            key = number or references.partition(VALUE_SEPARATOR)[0]
            yield key, *row[1:]
            if status != "live":
                connection.execute("INSERT OR IGNORE INTO complete_taxon VALUES (?)", (taxon,))
            if status == "live" and number:
                # Providers of orthologs name genes by the identifiers of these databases.
                connection.executemany(
                    "INSERT OR IGNORE INTO gene_reference VALUES (?, ?)",
                    (
                        (one, key)
                        for one in references.split(VALUE_SEPARATOR)
                        if one.startswith(("mgi:", "rgd:"))
                    ),
                )

    # Genes that are kept come first: a number that was withdrawn and is in use again is in use.
    connection.executemany(
        "INSERT OR IGNORE INTO organism_gene VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, ''))", genes()
    )


def _fill_orthologs(connection: Connection, rows: Iterable[Row]) -> None:
    connection.executemany("INSERT OR IGNORE INTO ortholog VALUES (?, ?, ?, ?, ?)", rows)


def _fill_articles(connection: Connection, rows: Iterable[Row]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO article VALUES (?, nullif(?, ''), nullif(?, ''), nullif(?, ''))",
        rows,
    )


LAYOUTS: Final = {
    "hgnc": Layout(
        relations={
            "gene": "(hgnc TEXT PRIMARY KEY, symbol TEXT, name TEXT, entrez TEXT, ensembl TEXT,"
            " uniprot TEXT) WITHOUT ROWID",
            "symbol": "(symbol TEXT, how INTEGER, hgnc TEXT, PRIMARY KEY (symbol, how, hgnc))"
            " WITHOUT ROWID",
        },
        fill=_fill_genes,
        indexes=("CREATE INDEX gene_entrez ON gene (entrez)",),
    ),
    "mesh": Layout(
        relations={
            "mesh": "(id TEXT PRIMARY KEY, label TEXT, replaced_by TEXT) WITHOUT ROWID",
        },
        fill=_fill_mesh,
        keep=(
            # A supplementary concept that is promoted leaves its name to the descriptor, and no
            # two records of an edition bear the same name.
            """INSERT INTO mesh
                SELECT gone.id, gone.label, descriptor.id
                FROM former_mesh gone JOIN mesh descriptor
                  ON descriptor.label = gone.label COLLATE NOCASE AND descriptor.id LIKE 'D%'
                WHERE gone.replaced_by IS NULL AND gone.id NOT IN (SELECT id FROM mesh)
                GROUP BY gone.id HAVING count(*) = 1""",
            """INSERT OR IGNORE INTO mesh
                SELECT id, label, replaced_by FROM former_mesh
                WHERE replaced_by IN (SELECT id FROM mesh)""",
        ),
    ),
    "mesh-chebi": Layout(
        relations={
            "mesh_chebi": "(mesh TEXT, chebi TEXT, predicate TEXT, justification TEXT,"
            " PRIMARY KEY (mesh, chebi, predicate)) WITHOUT ROWID",
            "chebi": "(id TEXT PRIMARY KEY, label TEXT) WITHOUT ROWID",
        },
        fill=_fill_mesh_chebi,
    ),
    "doid": Layout(
        relations={
            "doid": "(id TEXT PRIMARY KEY, label TEXT COLLATE NOCASE, status TEXT,"
            " replaced_by TEXT) WITHOUT ROWID",
            "mesh_doid": "(mesh TEXT, doid TEXT, PRIMARY KEY (mesh, doid)) WITHOUT ROWID",
        },
        fill=_fill_diseases,
        indexes=(
            "CREATE INDEX doid_label ON doid (label)",
            "CREATE INDEX doid_mesh ON mesh_doid (doid)",
        ),
    ),
    "chebi": Layout(
        relations={
            "chebi_entity": "(id TEXT PRIMARY KEY, label TEXT, status TEXT, replaced_by TEXT)"
            " WITHOUT ROWID",
        },
        fill=_fill_chebi,
    ),
    "ncbigene": Layout(
        relations={
            "organism_gene": "(id TEXT PRIMARY KEY, taxon TEXT, symbol TEXT, name TEXT,"
            " synonyms TEXT, xrefs TEXT, status TEXT, replaced_by TEXT) WITHOUT ROWID",
            "complete_taxon": "(taxon TEXT PRIMARY KEY) WITHOUT ROWID",
            "gene_reference": "(reference TEXT, id TEXT, PRIMARY KEY (reference, id))"
            " WITHOUT ROWID",
        },
        fill=_fill_organism_genes,
        indexes=("CREATE INDEX organism_gene_symbol ON organism_gene (symbol, taxon)",),
    ),
    "orthologs": Layout(
        relations={
            "ortholog": "(gene TEXT, taxon TEXT, other TEXT, other_taxon TEXT, provider TEXT,"
            " PRIMARY KEY (gene, other, provider)) WITHOUT ROWID",
        },
        fill=_fill_orthologs,
    ),
    "taxonomy": Layout(
        relations={
            "taxon": "(name TEXT COLLATE NOCASE, id TEXT, PRIMARY KEY (name, id)) WITHOUT ROWID",
        },
        fill=_fill_taxa,
    ),
    "pmc-ids": Layout(
        relations={
            # Numbers take half the room, and there are ten million articles.
            "article": "(pmcid INTEGER PRIMARY KEY, pubmed INTEGER, doi TEXT, year INTEGER)",
        },
        fill=_fill_articles,
    ),
}
"""Name of a table → its layout."""

_OTHERS: Final = """
SELECT gene, other_taxon AS taxon, other, provider FROM ortholog
UNION SELECT other, taxon, gene, provider FROM ortholog"""

DERIVED: Final = (
    "DROP TABLE IF EXISTS ortholog_of",
    """CREATE TABLE ortholog_of (gene TEXT, taxon TEXT, entrez TEXT, provider TEXT, symbol TEXT,
        PRIMARY KEY (gene, taxon, entrez, provider)) WITHOUT ROWID""",
    # The symbol of HGNC comes before that of NCBI.
    f"""INSERT OR IGNORE INTO ortholog_of
        SELECT pair.gene, taxon, entrez, provider, coalesce(
            (SELECT symbol FROM gene WHERE gene.entrez = pair.entrez),
            (SELECT symbol FROM organism_gene WHERE id = pair.entrez))
        FROM (
            SELECT gene, taxon, substr(other, 10) AS entrez, provider FROM ({_OTHERS})
            WHERE other LIKE 'ncbigene:%'
            UNION ALL
            SELECT gene, taxon, id, provider FROM ({_OTHERS})
            JOIN gene_reference ON reference = other) pair
        WHERE entrez NOT GLOB '*[^0-9]*'""",  # noqa: S608 - a constant
)
"""Relations made of several tables together, once all tables are there.

``ortholog_of`` has, of each gene (a CURIE) and organism, the other's genes: numbers of NCBI Gene.
"""
