"""Queries to a store or an endpoint: bundled ones, and any other."""

from rdfexport.query.answers import FORMATS, write, write_turtle
from rdfexport.query.backends import Endpoint, Store
from rdfexport.query.bundle import Parameter, Query, bundled, bundled_names, read_query
from rdfexport.query.values import KINDS

__all__ = [
    "FORMATS",
    "KINDS",
    "Endpoint",
    "Parameter",
    "Query",
    "Store",
    "bundled",
    "bundled_names",
    "read_query",
    "write",
    "write_turtle",
]
