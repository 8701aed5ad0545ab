"""Shared by the pages of ``rdfexport serve`` and of ``rdfexport site``: model, templates, style.

Nothing is imported here: templates need Jinja, which only the extras install.
"""
