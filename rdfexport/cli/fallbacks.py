"""Prints which slower package does the work where a faster one is not installed."""

from __future__ import annotations

from rdfexport import validate
from rdfexport.printing import say
from rdfexport.read import frontmatter

_REMEDY = "pip install 'rdfexport[fast]'"


def say_fallbacks(engine: str | None, *, reads: bool, quiet: bool) -> None:
    """Print, before a command starts, which slower packages it uses.

    Args:
        engine: The SHACL engine that was asked for; None if nothing is validated.
        reads: Whether records are read.
        quiet: Print nothing.
    """
    if quiet:
        return
    if reads and not frontmatter.IS_FAST:
        say(f"note: yaml-rs is not installed, so PyYAML reads the records, slower: {_REMEDY}")
    if engine == "shacl" and not validate.has_shacl():
        say(f"note: shacl is not installed, so pySHACL validates, slower: {_REMEDY}")
