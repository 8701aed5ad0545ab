"""Sources of a load: RDF files, export folders and releases, read as blocks of N-Quads lines."""

from rdfexport.store.sources.blocks import Block, Source, split
from rdfexport.store.sources.files import file_source, is_export
from rdfexport.store.sources.releases import release_source

__all__ = [
    "Block",
    "Source",
    "file_source",
    "is_export",
    "release_source",
    "split",
]
