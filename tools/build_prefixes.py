# ruff: noqa: INP001 - a script, in no package
"""Make the prefix map that comes with the package, ``rdfexport/data/prefixes.json``.

Run with the project's Python, anywhere::

    python tools/build_prefixes.py

Patterns, prefix synonyms and identifiers.org's forms are Bioregistry's, of the version installed;
which form of an IRI is published, and which others are taken for it, is decided here. The same
version gives the same file; ``rdfexport/data/README.md`` names it.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final, NamedTuple

import bioregistry
import curies

PREFIX_MAP: Final = Path(__file__).parent.parent / "rdfexport" / "data" / "prefixes.json"
IDENTIFIERS_ORG: Final = re.compile("https?://identifiers.org/")

PREFIX_SYNTAX: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
"""What can stand before ":" in Turtle, JSON-LD and SPARQL alike."""


class Choice(NamedTuple):
    """What is decided of one identifier space.

    Args:
        prefix: As CURIEs are written; Bioregistry knows it, or a synonym of it.
        uri_prefix: Of the IRIs that are published.
        forms: Of IRIs that others use, beside those of identifiers.org. Bioregistry lists them.
        unlisted: The same, where Bioregistry does not.
    """

    prefix: str
    uri_prefix: str
    forms: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()


CHOICES: Final = (
    Choice(
        "CHEBI",
        "http://purl.obolibrary.org/obo/CHEBI_",
        unlisted=("https://www.ebi.ac.uk/chebi/CHEBI:",),
    ),
    Choice(
        "DOID",
        "http://purl.obolibrary.org/obo/DOID_",
        ("https://disease-ontology.org/term/DOID:",),
    ),
    Choice(
        "NCBITaxon",
        "http://purl.obolibrary.org/obo/NCBITaxon_",
        ("http://purl.uniprot.org/taxonomy/",),
    ),
    Choice("doi", "https://doi.org/", ("http://doi.org/", "http://dx.doi.org/")),
    Choice(
        "ensembl",
        "https://identifiers.org/ensembl/",
        ("http://rdf.ebi.ac.uk/resource/ensembl/",),
    ),
    Choice(
        "hgnc",
        "https://identifiers.org/hgnc/",
        ("https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:",),
        # Ensembl's RDF has the first.
        ("http://identifiers.org/hgnc/HGNC:", "https://identifiers.org/hgnc/HGNC:"),
    ),
    Choice("hgnc.symbol", "https://identifiers.org/hgnc.symbol/"),
    Choice(
        "mesh",
        "http://id.nlm.nih.gov/mesh/",
        ("https://id.nlm.nih.gov/mesh/", "https://meshb.nlm.nih.gov/record/ui?ui="),
    ),
    Choice(
        "ncbigene",
        "https://identifiers.org/ncbigene/",
        ("http://purl.uniprot.org/geneid/", "https://www.ncbi.nlm.nih.gov/gene/"),
    ),
    Choice("pmc", "https://identifiers.org/pmc/"),
    Choice(
        "pubmed",
        "https://identifiers.org/pubmed/",
        ("http://www.ncbi.nlm.nih.gov/pubmed/", "https://pubmed.ncbi.nlm.nih.gov/"),
    ),
    Choice(
        "uniprot",
        "https://identifiers.org/uniprot/",
        ("http://purl.uniprot.org/uniprot/",),
    ),
    Choice(
        "wikipathways",
        "https://identifiers.org/wikipathways/",
        ("https://www.wikipathways.org/instance/",),
    ),
)


def record(choice: Choice) -> curies.Record:
    """The entry of the prefix map; leaves the program if Bioregistry has none, or none such."""
    resource = bioregistry.get_resource(choice.prefix)
    pattern = resource and resource.get_pattern()
    if resource is None or pattern is None:
        sys.exit(f"{choice.prefix}: Bioregistry has no pattern of it")
    listed = resource.get_uri_prefixes()
    if unknown := {choice.uri_prefix, *choice.forms} - listed:
        sys.exit(f"{choice.prefix}: Bioregistry does not list {', '.join(sorted(unknown))}")
    if known := listed.intersection(choice.unlisted):
        sys.exit(f"{choice.prefix}: Bioregistry lists {', '.join(sorted(known))} now")
    forms = {form for form in listed if IDENTIFIERS_ORG.match(form)}
    # The registry holds prefixes alike but for case to be one; a converter does not.
    names = {resource.prefix, resource.prefix.upper(), *resource.get_synonyms()}
    return curies.Record(
        prefix=choice.prefix,
        uri_prefix=choice.uri_prefix,
        prefix_synonyms=sorted(
            name
            for name in names
            if name and name != choice.prefix and PREFIX_SYNTAX.fullmatch(name)
        ),
        uri_prefix_synonyms=sorted(
            {*forms, *choice.forms, *choice.unlisted} - {choice.uri_prefix},
        ),
        pattern=pattern,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=PREFIX_MAP, metavar="FILE")
    arguments = parser.parse_args()
    # A converter refuses two records that share a prefix or a form.
    converter = curies.Converter([record(choice) for choice in CHOICES])
    curies.write_extended_prefix_map(converter, arguments.out)


if __name__ == "__main__":
    main()
