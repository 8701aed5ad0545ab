"""Prefixes and identifier spaces: the one place where an IRI is built.

Identifier spaces come from one prefix map, ``data/prefixes.json``: an extended prefix map as the
``curies`` library reads it, made by ``tools/build_prefixes.py`` from Bioregistry. It says which
IRIs are published, which others are forms of the same identifier, and by which pattern the registry
knows one. An identifier has to match that pattern, and ours where a record needs a narrower one;
one that does not makes no IRI.
"""

from __future__ import annotations

import hashlib
import json
import re
from importlib.resources import files
from typing import Final, NamedTuple, TypedDict, cast
from urllib.parse import quote

from rdfexport.errors import IdentifierError

FIGURE_BASE = "https://pfocr.wikipathways.org/figures/"
VOCABULARY_BASE = "https://pfocr.wikipathways.org/vocab#"
GRAPH_BASE = "https://pfocr.wikipathways.org/graph/"


class PrefixRecord(TypedDict):
    """What is read of a record of the prefix map; the names are those of ``curies.Record``."""

    prefix: str
    uri_prefix: str
    uri_prefix_synonyms: list[str]
    pattern: str


def _prefix_map() -> dict[str, PrefixRecord]:
    text = files("rdfexport").joinpath("data/prefixes.json").read_bytes()
    return {record["prefix"]: record for record in cast("list[PrefixRecord]", json.loads(text))}


PREFIX_MAP: Final = _prefix_map()
"""CURIE prefix → its record of the prefix map."""

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
}
# Identifier spaces, so that Turtle can abbreviate the entities too. OBO's IRIs are under `obo`.
PREFIXES |= {
    prefix: PREFIX_MAP[prefix]["uri_prefix"]
    for prefix in ("doi", "ensembl", "hgnc", "hgnc.symbol", "mesh", "ncbigene", "pmc", "uniprot")
}


class Form(NamedTuple):
    """How the IRIs of a space are made.

    Args:
        base: What stands before the identifier.
        patterns: Those that an identifier has to match, the registry's first.
        prefix: Of the CURIEs; None where the IRIs are no forms of an identifier.
    """

    base: str
    patterns: tuple[str, ...]
    prefix: str | None = None


class Space:
    """An identifier space: IRI = base + local identifier, which matches all its patterns."""

    __slots__ = ("_memo", "_pattern", "base", "prefix")

    def __init__(self, form: Form) -> None:
        self.base = form.base
        self.prefix = form.prefix
        # Ours first: they are bounded, so no text is too long for the others.
        looks = "".join(rf"(?=(?:{pattern})\Z)" for pattern in reversed(form.patterns))
        self._pattern = re.compile(looks, re.ASCII)
        # Figures name the same genes, chemicals and taxa again and again.
        self._memo: dict[str, str] = {}

    def iri(self, local: str) -> str:
        """Build the IRI of a local identifier, percent-encoded (RFC 3986, section 2.1).

        Raises:
            IdentifierError: The identifier does not have the form of this space.
        """
        iri = self._memo.get(local)
        if iri is None:
            if len(self._memo) >= _MAX_MEMO:
                self._memo.clear()
            iri = self._memo[local] = self.base + self._encoded(local)
        return iri

    def curie(self, local: str) -> str:
        """Build the CURIE of a local identifier: the same for all forms of its IRI.

        Raises:
            IdentifierError: The identifier does not have the form of this space.
            ValueError: The space has no CURIEs.
        """
        if self.prefix is None:
            raise ValueError(f"no prefix stands for {self.base}")
        return f"{self.prefix}:{self._encoded(local)}"

    def matches(self, local: str) -> bool:
        """Tell whether ``local`` has the form of this space."""
        return local in self._memo or self._pattern.match(local) is not None

    def _encoded(self, local: str) -> str:
        if not self.matches(local):
            raise IdentifierError(local)
        plain = local.isascii() and local.isalnum()
        return local if plain else quote(local, safe=_IRI_SAFE)


# What stands unencoded: RFC 3986 `pchar` and "/", less "'" (the registries encode it). Parentheses
# stay: that is how DOIs are written by everyone else.
_IRI_SAFE = "/:@!$&*+,;=-._~()"

_MAX_MEMO = 20_000

_NUMBER = r"[1-9]\d{0,11}"

# Narrower than the registry's patterns: bounded, and one spelling for one identifier.
_NARROWER: Final = {
    "CHEBI": _NUMBER,
    "DOID": r"\d{1,9}",
    "NCBITaxon": _NUMBER,
    "doi": r"10\.\d{4,9}/[^\s\x00-\x20\x7f]{1,300}",
    "ensembl": r"ENS[A-Z]{0,4}G\d{11}",  # a gene's, with no version
    "hgnc": r"[1-9]\d*",
    "hgnc.symbol": r"[A-Za-z0-9].{0,63}",
    "mesh": r"[CD]\d{6,9}",  # the registry's takes qualifiers too
    "ncbigene": _NUMBER,
    "pmc": r"PMC\d{1,12}",
}


def _form(prefix: str, base: str | None = None) -> Form:
    """The form of a record of the prefix map, the one that is published unless another is named."""
    record = PREFIX_MAP[prefix]
    narrower = _NARROWER.get(prefix)
    patterns = (record["pattern"],) if narrower is None else (record["pattern"], narrower)
    return Form(base or record["uri_prefix"], patterns, prefix)


SPACES: dict[str, Form] = {
    "chebi": _form("CHEBI"),
    "chebi-page": _form("CHEBI", "https://www.ebi.ac.uk/chebi/CHEBI:"),
    "chebi-identifiers.org": _form("CHEBI", "https://identifiers.org/chebi/CHEBI:"),
    "doi": _form("doi"),
    "doid": _form("DOID"),
    "doid-page": _form("DOID", "https://disease-ontology.org/term/DOID:"),
    "ensembl": _form("ensembl"),
    "ensembl-rdf": _form("ensembl", "http://rdf.ebi.ac.uk/resource/ensembl/"),
    "hgnc": _form("hgnc"),
    "hgnc-http": _form("hgnc", "http://identifiers.org/hgnc/"),
    "hgnc-curie": _form("hgnc", "http://identifiers.org/hgnc/HGNC:"),
    "hgnc.symbol": _form("hgnc.symbol"),
    "mesh": _form("mesh"),
    "mesh-page": _form("mesh", "https://meshb.nlm.nih.gov/record/ui?ui="),
    "mesh-http": _form("mesh", "http://identifiers.org/mesh/"),
    "mesh-https": _form("mesh", "https://identifiers.org/mesh/"),
    "ncbigene": _form("ncbigene"),
    "ncbigene-http": _form("ncbigene", "http://identifiers.org/ncbigene/"),
    "ncbigene-page": _form("ncbigene", "https://www.ncbi.nlm.nih.gov/gene/"),
    "ncbigene-uniprot": _form("ncbigene", "http://purl.uniprot.org/geneid/"),
    "ndex": Form(
        "https://www.ndexbio.org/viewer/networks/",
        (r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",),
    ),
    "pmc": _form("pmc"),
    "pmc-http": _form("pmc", "http://identifiers.org/pmc/"),
    "pmc-page": Form("https://www.ncbi.nlm.nih.gov/pmc/articles/", (r"PMC\d{1,12}/",)),
    "pmc-image": Form(
        "https://www.ncbi.nlm.nih.gov/pmc/articles/",
        (r"PMC\d{1,12}/bin/[A-Za-z0-9][A-Za-z0-9._-]{0,199}",),
    ),
    "pmc-figure": Form(
        "https://www.ncbi.nlm.nih.gov",
        (r"/pmc/articles/PMC\d{1,12}/figure/[A-Za-z0-9][A-Za-z0-9._-]{0,199}/",),
    ),
    "taxon": _form("NCBITaxon"),
    "taxon-identifiers.org": _form("NCBITaxon", "https://identifiers.org/taxonomy/"),
    "taxon-identifiers.org-http": _form("NCBITaxon", "http://identifiers.org/taxonomy/"),
    "taxon-uniprot": _form("NCBITaxon", "http://purl.uniprot.org/taxonomy/"),
    "uniprot": _form("uniprot"),
    "uniprot-rdf": _form("uniprot", "http://purl.uniprot.org/uniprot/"),
}

# The stem of a record's file: also what makes a figid safe as a file name.
FIGID = re.compile(r"PMC\d{1,12}__[A-Za-z0-9_][A-Za-z0-9._-]{0,199}", re.ASCII)
FIGURE_FILE = re.compile(rf"({FIGID.pattern})(?:~[0-9a-f]{{8}})?", re.ASCII)
"""The name, without its ending, of a file that holds one figure; the first group is the figid."""


def file_suffix(figid: str) -> str:
    """What stands behind a figid in file names, so that they differ by more than case.

    A file system may take two names for the same that differ in case only. The sign ``~`` is in no
    figid, so such a name is not that of another figure.
    """
    return f"~{hashlib.sha256(figid.encode()).hexdigest()[:8]}"


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
        self._spaces = {name: Space(form) for name, form in SPACES.items()}
        self._spaces["figure"] = Space(Form(figure_base, (FIGID.pattern,)))

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

    def curie(self, space: str, local: str) -> str:
        """Write ``local`` as a CURIE: ``mesh:D020123`` of the space ``mesh`` and ``mesh-page``.

        It is what the prefix map makes of the IRI, so it has the IRI's percent-encoding.

        Raises:
            IdentifierError: ``local`` does not have the form of the space.
            ValueError: The IRIs of the space are no forms of an identifier (``pmc-image``).
        """
        return self._spaces[space].curie(local)

    def namespace(self, space: str) -> tuple[str, str]:
        """The prefix of a space's CURIEs, and the base of its IRIs that it stands for.

        Raises:
            ValueError: The IRIs of the space are no forms of an identifier (``pmc-image``).
        """
        found = self._spaces[space]
        if found.prefix is None:
            raise ValueError(f"no prefix stands for {found.base}")
        return found.prefix, found.base

    def matches(self, space: str, local: str) -> bool:
        """Tell whether ``local`` has the form of the space."""
        return self._spaces[space].matches(local)
