"""Prefixes and identifier spaces: the one place where an IRI is built.

Each space has a base and the pattern of its local identifiers; the patterns are those of the
registries (identifiers.org, Bioregistry), tightened where a record needs it. An identifier that
does not have the form makes no IRI.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from rdfexport.errors import IdentifierError

FIGURE_BASE = "https://pfocr.wikipathways.org/figures/"
VOCABULARY_BASE = "https://pfocr.wikipathways.org/vocab#"
GRAPH_BASE = "https://pfocr.wikipathways.org/graph/"

PREFIXES: dict[str, str] = {
    "bibo": "http://purl.org/ontology/bibo/",
    "cito": "http://purl.org/spar/cito/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pav": "http://purl.org/pav/",
    "pfocr": VOCABULARY_BASE,
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "wp": "http://vocabularies.wikipathways.org/wp#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    # Identifier spaces, so that Turtle can abbreviate the entities too.
    "doi": "https://doi.org/",
    "hgnc.symbol": "https://identifiers.org/hgnc.symbol/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "ncbigene": "https://identifiers.org/ncbigene/",
    "pmc": "https://identifiers.org/pmc/",
}


class Space:
    """An identifier space: IRI = ``base`` + local identifier, which matches ``pattern``."""

    __slots__ = ("_memo", "base", "pattern")

    def __init__(self, base: str, pattern: re.Pattern[str]) -> None:
        self.base = base
        self.pattern = pattern
        # Figures name the same genes, chemicals and taxa again and again.
        self._memo: dict[str, str] = {}

    def iri(self, local: str) -> str:
        """Build the IRI of a local identifier, percent-encoded (RFC 3986, section 2.1).

        Raises:
            IdentifierError: The identifier does not have the form of this space.
        """
        iri = self._memo.get(local)
        if iri is None:
            if not self.pattern.fullmatch(local):
                raise IdentifierError(local)
            if len(self._memo) >= _MAX_MEMO:
                self._memo.clear()
            plain = local.isascii() and local.isalnum()
            iri = self.base + (local if plain else quote(local, safe=_IRI_SAFE))
            self._memo[local] = iri
        return iri

    def matches(self, local: str) -> bool:
        """Tell whether ``local`` has the form of this space."""
        return local in self._memo or self.pattern.fullmatch(local) is not None


# What stands unencoded: RFC 3986 `pchar` and "/", less "'" (symbols of old records hold it, and
# the registries encode it). Parentheses stay: that is how DOIs are written by everyone else.
_IRI_SAFE = "/:@!$&*+,;=-._~()"

_MAX_MEMO = 20_000

_DIGITS = r"[1-9]\d{0,11}"
_MESH = r"[CD]\d{6,9}"
_PMC = r"PMC\d{1,12}"
# HGNC's own symbols, and the looser ones of older records (`B'-T`, `HLA-DRB1`, `TRA@`).
_SYMBOL = r"[A-Za-z0-9][A-Za-z0-9_.@'/-]{0,63}"

SPACES: dict[str, tuple[str, str]] = {
    "chebi": ("http://purl.obolibrary.org/obo/CHEBI_", _DIGITS),
    "chebi-page": ("https://www.ebi.ac.uk/chebi/CHEBI:", _DIGITS),
    "chebi-identifiers.org": ("https://identifiers.org/chebi/CHEBI:", _DIGITS),
    "doi": ("https://doi.org/", r"10\.\d{4,9}/[^\s\x00-\x20\x7f]{1,300}"),
    "doid-page": ("https://disease-ontology.org/term/DOID:", r"\d{1,9}"),
    "doid": ("http://purl.obolibrary.org/obo/DOID_", r"\d{1,9}"),
    "hgnc.symbol": ("https://identifiers.org/hgnc.symbol/", _SYMBOL),
    "mesh": ("http://id.nlm.nih.gov/mesh/", _MESH),
    "mesh-page": ("https://meshb.nlm.nih.gov/record/ui?ui=", _MESH),
    "mesh-http": ("http://identifiers.org/mesh/", _MESH),
    "mesh-https": ("https://identifiers.org/mesh/", _MESH),
    "ncbigene": ("https://identifiers.org/ncbigene/", _DIGITS),
    "ncbigene-http": ("http://identifiers.org/ncbigene/", _DIGITS),
    "ncbigene-page": ("https://www.ncbi.nlm.nih.gov/gene/", _DIGITS),
    "ncbigene-uniprot": ("http://purl.uniprot.org/geneid/", _DIGITS),
    "ndex": (
        "https://www.ndexbio.org/viewer/networks/",
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    ),
    "pmc": ("https://identifiers.org/pmc/", _PMC),
    "pmc-http": ("http://identifiers.org/pmc/", _PMC),
    "pmc-page": ("https://www.ncbi.nlm.nih.gov/pmc/articles/", r"PMC\d{1,12}/"),
    "pmc-image": (
        "https://www.ncbi.nlm.nih.gov/pmc/articles/",
        r"PMC\d{1,12}/bin/[A-Za-z0-9][A-Za-z0-9._-]{0,199}",
    ),
    "pmc-figure": (
        "https://www.ncbi.nlm.nih.gov",
        r"/pmc/articles/PMC\d{1,12}/figure/[A-Za-z0-9][A-Za-z0-9._-]{0,199}/",
    ),
    "taxon": ("http://purl.obolibrary.org/obo/NCBITaxon_", _DIGITS),
    "taxon-identifiers.org": ("https://identifiers.org/taxonomy/", _DIGITS),
    "taxon-identifiers.org-http": ("http://identifiers.org/taxonomy/", _DIGITS),
    "taxon-uniprot": ("http://purl.uniprot.org/taxonomy/", _DIGITS),
}

# The stem of a record's file: also what makes a figid safe as a file name.
FIGID = re.compile(r"PMC\d{1,12}__[A-Za-z0-9_][A-Za-z0-9._-]{0,199}", re.ASCII)


class Vocabulary:
    """Prefixes and spaces under a choice of the bases that a project controls itself.

    Args:
        figure_base: What stands before ``{figid}.html`` in a record's IRI.
        vocabulary_base: The namespace of the project's own terms.
        graph_base: What stands before the name of a graph that is not a figure's.
    """

    def __init__(
        self,
        figure_base: str = FIGURE_BASE,
        vocabulary_base: str = VOCABULARY_BASE,
        graph_base: str = GRAPH_BASE,
    ) -> None:
        self.prefixes = {**PREFIXES, "pfocr": vocabulary_base}
        self.figure_base = figure_base
        self.graph_base = graph_base
        self._spaces = {
            name: Space(base, re.compile(pattern, re.ASCII))
            for name, (base, pattern) in SPACES.items()
        }
        self._spaces["figure"] = Space(figure_base, FIGID)

    def expand(self, curie: str) -> str:
        """Expand ``schema:name`` to its IRI.

        Raises:
            KeyError: The prefix is not in the prefix map.
        """
        prefix, _, local = curie.partition(":")
        return self.prefixes[prefix] + local

    def iri(self, space: str, local: str) -> str:
        """Build the IRI of ``local`` in a space of ``SPACES``.

        Raises:
            IdentifierError: ``local`` does not have the form of the space.
        """
        return self._spaces[space].iri(local)

    def matches(self, space: str, local: str) -> bool:
        """Tell whether ``local`` has the form of the space."""
        return self._spaces[space].matches(local)
