# ruff: noqa: INP001 - a script, in no package
"""Make the prefix map that comes with the package, ``rdfexport/data/prefixes.json``.

Run with the project's Python, anywhere::

    python tools/build_prefixes.py

Patterns, prefix synonyms and identifiers.org's forms are Bioregistry's, of the version installed;
which form of an IRI is published, and which others are taken for it, stands in the table of
identifier spaces (``rdfexport/terms/spaces.py``). The same version gives the same file;
``rdfexport/data/README.md`` names it.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final

import bioregistry
import curies

from rdfexport.terms.spaces import SPACES, Space

PREFIX_MAP: Final = Path(__file__).parent.parent / "rdfexport" / "data" / "prefixes.json"
IDENTIFIERS_ORG: Final = re.compile("https?://identifiers.org/")

PREFIX_SYNTAX: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
"""What can stand before ":" in Turtle, JSON-LD and SPARQL alike."""


def record(space: Space) -> curies.Record:
    """The entry of the prefix map; leaves the program if Bioregistry has none, or none such."""
    prefix = space.prefix or ""
    resource = bioregistry.get_resource(prefix)
    pattern = resource and resource.get_pattern()
    if resource is None or pattern is None:
        sys.exit(f"{prefix}: Bioregistry has no pattern of it")
    listed = resource.get_uri_prefixes()
    forms = {*space.forms.values(), *space.also}
    if unknown := {space.base, *forms} - listed - {*space.unlisted}:
        sys.exit(f"{prefix}: Bioregistry does not list {', '.join(sorted(unknown))}")
    if known := listed.intersection(space.unlisted):
        sys.exit(f"{prefix}: Bioregistry lists {', '.join(sorted(known))} now")
    forms |= {form for form in listed if IDENTIFIERS_ORG.match(form)}
    # The registry holds prefixes alike but for case to be one; a converter does not.
    names = {resource.prefix, resource.prefix.upper(), *resource.get_synonyms()}
    return curies.Record(
        prefix=prefix,
        uri_prefix=space.base,
        prefix_synonyms=sorted(
            name for name in names if name and name != prefix and PREFIX_SYNTAX.fullmatch(name)
        ),
        uri_prefix_synonyms=sorted(forms - {space.base}),
        pattern=pattern,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=PREFIX_MAP, metavar="FILE")
    arguments = parser.parse_args()
    # A converter refuses two records that share a prefix or a form.
    spaces = sorted(SPACES.values(), key=lambda space: space.prefix or "")
    converter = curies.Converter([record(space) for space in spaces if space.prefix is not None])
    curies.write_extended_prefix_map(converter, arguments.out)


if __name__ == "__main__":
    main()
