"""Submits releases to catalogs: FAIR Data Points, their index, Zenodo, SPARQL stores, git."""
