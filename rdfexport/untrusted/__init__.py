"""Bytes of others, read within limits: text, compressed files, RDF, JSON."""
