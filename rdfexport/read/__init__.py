"""Sources → records as read."""

from rdfexport.read.catalogue import Catalogue, Entry, fetched
from rdfexport.read.frontmatter import decode
from rdfexport.read.members import AT_URL, Held, Member

__all__ = ["AT_URL", "Catalogue", "Entry", "Held", "Member", "decode", "fetched"]
