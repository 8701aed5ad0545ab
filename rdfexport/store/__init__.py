"""Puts exports into an embedded store, which needs no server."""

from rdfexport.store.embedded import Loaded, load

__all__ = ["Loaded", "load"]
