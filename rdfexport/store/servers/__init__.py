"""SPARQL servers that can be loaded: how to find out what one is, connect to it and write to it."""

from rdfexport.store.servers.connection import AuthKind
from rdfexport.store.servers.detect import Kind, connect, connect_reader
from rdfexport.store.servers.virtuoso import BulkLoader

__all__ = ["AuthKind", "BulkLoader", "Kind", "connect", "connect_reader"]
