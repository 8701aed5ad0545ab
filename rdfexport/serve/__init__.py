"""A store for others to read: SPARQL endpoint, query page, and a page for each figure."""

from rdfexport.serve.app import Options, application

__all__ = ["Options", "application"]
