"""The reference tables: genes, chemicals, diseases and organisms, looked up and kept up to date."""

from rdfexport.references.database import TableState
from rdfexport.references.lookup import (
    ChebiMatch,
    GeneEntry,
    How,
    References,
    SymbolMatch,
    Withdrawn,
)
from rdfexport.references.organism_genes import OrganismGene

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
