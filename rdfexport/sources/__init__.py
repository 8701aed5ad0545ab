"""Sources that a user names → the records and tables in them, one at a time."""

from rdfexport.sources.catalogue import Catalogue, Entry, read_urls
from rdfexport.sources.members import AT_URL, Held, Member

__all__ = ["AT_URL", "Catalogue", "Entry", "Held", "Member", "read_urls"]
