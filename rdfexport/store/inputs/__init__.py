"""Sources of a load: RDF files, export folders and releases, read as blocks of N-Quads lines."""

from rdfexport.store.inputs.blocks import Block, Source, split
from rdfexport.store.inputs.files import file_source, is_export
from rdfexport.store.inputs.releases import release_source

__all__ = [
    "Block",
    "Source",
    "file_source",
    "is_export",
    "release_source",
    "split",
]
