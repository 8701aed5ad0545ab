"""Puts graphs into SPARQL stores, embedded or servers, and counts that they are there."""

from rdfexport.store.blocks import Block, Source, split
from rdfexport.store.detect import connect
from rdfexport.store.options import Mode, Summary
from rdfexport.store.places import Manner, load_server, load_store
from rdfexport.store.session import AuthKind
from rdfexport.store.sources import file_source, is_reserved
from rdfexport.store.virtuoso import BulkLoader

__all__ = [
    "AuthKind",
    "Block",
    "BulkLoader",
    "Manner",
    "Mode",
    "Source",
    "Summary",
    "connect",
    "file_source",
    "is_reserved",
    "load_server",
    "load_store",
    "split",
]
