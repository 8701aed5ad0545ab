"""Sources → records as read."""

from rdfexport.read.catalogue import Catalogue, Entry
from rdfexport.read.frontmatter import decode

__all__ = ["Catalogue", "Entry", "decode"]
