"""A store for others to read: SPARQL endpoint, query page, and a page for each figure.

Nothing is imported here: the command is there without the extra that ``app`` needs.
"""
