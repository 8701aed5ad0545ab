"""Sources → records as read."""

from rdfexport.read.catalogue import Catalogue, Entry
from rdfexport.read.frontmatter import decode
from rdfexport.read.members import Member

__all__ = ["Catalogue", "Entry", "Member", "decode"]
