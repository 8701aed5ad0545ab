"""The bytes of a record and of its tables → a record as read."""

from rdfexport.read.frontmatter import decode

__all__ = ["decode"]
