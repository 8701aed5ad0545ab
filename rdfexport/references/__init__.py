"""The reference tables: genes, chemicals, diseases and organisms, looked up and kept up to date."""

from rdfexport.references.lookup import (
    ChebiMatch,
    GeneEntry,
    How,
    References,
    SymbolMatch,
    Withdrawn,
)
from rdfexport.references.organism_genes import OrganismGene
from rdfexport.references.store import TableState

__all__ = [
    "ChebiMatch",
    "GeneEntry",
    "How",
    "OrganismGene",
    "References",
    "SymbolMatch",
    "TableState",
    "Withdrawn",
]
