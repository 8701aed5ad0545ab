"""Puts graphs into SPARQL stores, embedded or servers, and counts that they are there."""

from rdfexport.store.blocks import Block, Source, split
from rdfexport.store.detect import Kind, connect, connect_reader
from rdfexport.store.embedded import EmbeddedReader
from rdfexport.store.options import SHARE, Manner, Mode, Preview, Prune, Removal, Summary
from rdfexport.store.places import load_server, load_store
from rdfexport.store.preview import preview
from rdfexport.store.releases import release_source
from rdfexport.store.session import AuthKind
from rdfexport.store.sources import file_source, is_export, is_reserved
from rdfexport.store.virtuoso import BulkLoader

__all__ = [
    "SHARE",
    "AuthKind",
    "Block",
    "BulkLoader",
    "EmbeddedReader",
    "Kind",
    "Manner",
    "Mode",
    "Preview",
    "Prune",
    "Removal",
    "Source",
    "Summary",
    "connect",
    "connect_reader",
    "file_source",
    "is_export",
    "is_reserved",
    "load_server",
    "load_store",
    "preview",
    "release_source",
    "split",
]
