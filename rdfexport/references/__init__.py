"""The reference tables: genes, chemicals, diseases and organisms, looked up and kept up to date."""

from rdfexport.references.lookup import ChebiMatch, GeneEntry, How, References, SymbolMatch
from rdfexport.references.store import TableState

__all__ = ["ChebiMatch", "GeneEntry", "How", "References", "SymbolMatch", "TableState"]
