"""The identifiers of a record, resolved by the reference tables."""

from rdfexport.link.records import LABEL_SOURCE, Linker, contradicted, reference_tables

__all__ = ["LABEL_SOURCE", "Linker", "contradicted", "reference_tables"]
