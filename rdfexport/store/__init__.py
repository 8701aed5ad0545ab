"""Loads graphs into SPARQL stores, embedded or servers, and counts that they are there."""

from rdfexport.store.embedded import EmbeddedReader
from rdfexport.store.graph_names import is_reserved
from rdfexport.store.inputs import (
    Block,
    Source,
    file_source,
    is_export,
    release_source,
    split,
)
from rdfexport.store.load import load_server, load_store
from rdfexport.store.options import (
    SHARE,
    LoadOptions,
    LoadSummary,
    Mode,
    Preview,
    Prune,
    Removal,
)
from rdfexport.store.preview import preview
from rdfexport.store.servers import AuthKind, BulkLoader, Kind, connect, connect_reader

__all__ = [
    "SHARE",
    "AuthKind",
    "Block",
    "BulkLoader",
    "EmbeddedReader",
    "Kind",
    "LoadOptions",
    "LoadSummary",
    "Mode",
    "Preview",
    "Prune",
    "Removal",
    "Source",
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
