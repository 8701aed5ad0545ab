"""The table of identifier spaces: a row for each, which everything else reads.

A space that others use too has a record in the prefix map, ``data/prefixes.json``: an extended
prefix map as the ``curies`` library reads it, made from this table and Bioregistry by
``tools/build_prefixes.py``. It adds what the registry knows: the pattern of an identifier, other
spellings of the prefix, the forms of the IRI at identifiers.org. To add a space, see
``docs/extending.md``.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Final, TypedDict, cast

from rdfexport.terms.space import ARTICLES, CHEMICALS, DISEASES, GENES, OBO, ORGANISMS, Space

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER: Final = r"[1-9]\d{0,11}"

_TABLE: Final = (
    Space(
        name="ncbigene",
        title="NCBI Gene",
        label="NCBI Gene",
        base="https://identifiers.org/ncbigene/",
        example="2475",
        prefix="ncbigene",
        pattern=_NUMBER,
        forms={
            "http": "http://identifiers.org/ncbigene/",
            "uniprot": "http://purl.uniprot.org/geneid/",
            "page": "https://www.ncbi.nlm.nih.gov/gene/",
        },
        same_as=("http", "uniprot"),
        registry="ncbigene",
        provider="https://www.ncbi.nlm.nih.gov/gene/",
        kinds=(GENES,),
    ),
    Space(
        name="hgnc",
        title="HGNC",
        label="HGNC",
        base="https://identifiers.org/hgnc/",
        example="3942",
        prefix="hgnc",
        pattern=r"[1-9]\d*",
        forms={
            "http": "http://identifiers.org/hgnc/",
            "curie": "http://identifiers.org/hgnc/HGNC:",  # of Ensembl's RDF
        },
        also=(
            "https://identifiers.org/hgnc/HGNC:",
            "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:",
        ),
        unlisted=("http://identifiers.org/hgnc/HGNC:", "https://identifiers.org/hgnc/HGNC:"),
        registry="hgnc",
        provider="https://www.genenames.org/",
        kinds=(GENES,),
    ),
    Space(
        name="mgi",
        title="Mouse Genome Informatics",
        label="MGI",
        base="https://identifiers.org/mgi/MGI:",
        example="1928394",
        prefix="mgi",
        pattern=_NUMBER,
        forms={"page": "http://www.informatics.jax.org/accession/MGI:"},
        registry="mgi",
        provider="https://www.informatics.jax.org/",
        kinds=(GENES,),
    ),
    Space(
        name="rgd",
        title="Rat Genome Database",
        label="RGD",
        base="https://identifiers.org/rgd/",
        example="68371",
        prefix="rgd",
        pattern=_NUMBER,
        forms={"page": "http://rgd.mcw.edu/rgdweb/report/gene/main.html?id="},
        registry="rgd",
        provider="https://rgd.mcw.edu/",
        kinds=(GENES,),
    ),
    Space(
        name="zfin",
        title="Zebrafish Information Network",
        label="ZFIN",
        base="https://identifiers.org/zfin/",
        example="ZDB-GENE-030131-2974",
        prefix="zfin",
        pattern=r"ZDB-[A-Z]{1,20}-\d{6}-\d{1,6}",
        forms={"page": "http://zfin.org/"},
        registry="zfin",
        provider="https://zfin.org/",
        kinds=(GENES,),
    ),
    Space(
        name="flybase",
        title="FlyBase",
        label="FlyBase",
        base="https://identifiers.org/fb/",
        example="FBgn0021796",
        prefix="flybase",
        pattern=r"FBgn\d{7}",
        forms={"page": "https://flybase.org/reports/"},
        registry="fb",
        provider="https://flybase.org/",
        kinds=(GENES,),
    ),
    Space(
        name="wormbase",
        title="WormBase",
        label="WormBase",
        base="https://identifiers.org/wb/",
        example="WBGene00002583",
        prefix="wormbase",
        pattern=r"WBGene\d{8}",
        forms={"page": "https://www.wormbase.org/get?name="},
        registry="wb",
        provider="https://wormbase.org/",
        kinds=(GENES,),
    ),
    Space(
        name="sgd",
        title="Saccharomyces Genome Database",
        label="SGD",
        base="https://identifiers.org/sgd/",
        example="S000003827",
        prefix="sgd",
        pattern=r"S\d{9}",
        forms={"page": "https://www.yeastgenome.org/locus/"},
        registry="sgd",
        provider="https://www.yeastgenome.org/",
        kinds=(GENES,),
    ),
    Space(
        name="xenbase",
        title="Xenbase",
        label="Xenbase",
        base="https://identifiers.org/xenbase/",
        example="XB-GENE-922462",
        prefix="xenbase",
        pattern=r"XB-GENE(?:PAGE)?-\d{1,12}",
        forms={"page": "https://www.xenbase.org/entry/"},
        registry="xenbase",
        provider="https://www.xenbase.org/",
        kinds=(GENES,),
    ),
    Space(
        name="araport",
        title="Arabidopsis loci",
        label="TAIR",
        base="https://identifiers.org/tair.name/",
        example="AT1G50030",
        prefix="araport",
        pattern=r"AT[1-5CM]G\d{5}",
        forms={"page": "https://www.arabidopsis.org/servlets/TairObject?type=locus&name="},
        registry="tair.name",
        provider="https://www.arabidopsis.org/",
        kinds=(GENES,),
    ),
    Space(
        name="hgnc.symbol",
        title="HGNC gene symbols",
        label="HGNC symbol",
        base="https://identifiers.org/hgnc.symbol/",
        example="MTOR",
        prefix="hgnc.symbol",
        pattern=r"[A-Za-z0-9].{0,63}",
        registry="hgnc.symbol",
        provider="https://www.genenames.org/",
    ),
    Space(
        name="ensembl",
        title="Ensembl genes",
        label="Ensembl",
        base="https://identifiers.org/ensembl/",
        example="ENSG00000198793",
        prefix="ensembl",
        pattern=r"ENS[A-Z]{0,4}G\d{11}",  # a gene's, with no version
        forms={"rdf": "http://rdf.ebi.ac.uk/resource/ensembl/"},
        registry="ensembl",
        provider="https://www.ensembl.org/",
    ),
    Space(
        name="uniprot",
        title="UniProt",
        label="UniProt",
        base="https://identifiers.org/uniprot/",
        example="P42345",
        prefix="uniprot",
        forms={"rdf": "http://purl.uniprot.org/uniprot/"},
        registry="uniprot",
        provider="https://www.uniprot.org/",
    ),
    Space(
        name="mesh",
        title="Medical Subject Headings",
        label="MeSH",
        base="http://id.nlm.nih.gov/mesh/",
        example="D020123",
        prefix="mesh",
        pattern=r"[CD]\d{6,9}",  # the registry's takes qualifiers too
        forms={
            "https": "https://identifiers.org/mesh/",
            "http": "http://identifiers.org/mesh/",
            "page": "https://meshb.nlm.nih.gov/record/ui?ui=",
        },
        same_as=("https", "http"),
        also=("https://id.nlm.nih.gov/mesh/",),
        registry="mesh",
        provider="https://www.nlm.nih.gov/mesh/",
        kinds=(CHEMICALS, DISEASES),
    ),
    Space(
        name="chebi",
        title="ChEBI",
        label="ChEBI",
        base=f"{OBO}CHEBI_",
        example="9168",
        prefix="CHEBI",
        pattern=_NUMBER,
        forms={
            "identifiers.org": "https://identifiers.org/chebi/CHEBI:",
            "page": "https://www.ebi.ac.uk/chebi/CHEBI:",
        },
        unlisted=("https://www.ebi.ac.uk/chebi/CHEBI:",),
        registry="chebi",
        provider="https://www.ebi.ac.uk/chebi/",
        kinds=(CHEMICALS,),
    ),
    Space(
        name="doid",
        title="Human Disease Ontology",
        label="DOID",
        base=f"{OBO}DOID_",
        example="162",
        prefix="DOID",
        pattern=r"\d{1,9}",
        forms={"page": "https://disease-ontology.org/term/DOID:"},
        registry="doid",
        provider="https://disease-ontology.org/",
        kinds=(DISEASES,),
    ),
    Space(
        name="taxon",
        title="NCBI Taxonomy",
        label="NCBI Taxonomy",
        base=f"{OBO}NCBITaxon_",
        example="9606",
        prefix="NCBITaxon",
        pattern=_NUMBER,
        forms={
            "uniprot": "http://purl.uniprot.org/taxonomy/",
            "identifiers.org": "https://identifiers.org/taxonomy/",
            "identifiers.org-http": "http://identifiers.org/taxonomy/",
        },
        same_as=("uniprot", "identifiers.org"),
        registry="taxonomy",
        provider="https://www.ncbi.nlm.nih.gov/taxonomy",
        kinds=(ORGANISMS,),
    ),
    Space(
        name="pmc",
        title="PubMed Central",
        label="PMC",
        base="https://identifiers.org/pmc/",
        example="PMC3811159",
        prefix="pmc",
        pattern=r"PMC\d{1,12}",
        forms={"http": "http://identifiers.org/pmc/"},
        registry="pmc",
        provider="https://pmc.ncbi.nlm.nih.gov/",
        kinds=(ARTICLES,),
    ),
    Space(
        name="pubmed",
        title="PubMed",
        label="PubMed",
        base="https://identifiers.org/pubmed/",
        example="24204261",
        prefix="pubmed",
        pattern=_NUMBER,
        forms={
            "http": "http://identifiers.org/pubmed/",
            "page": "https://pubmed.ncbi.nlm.nih.gov/",
        },
        also=("http://www.ncbi.nlm.nih.gov/pubmed/",),
        registry="pubmed",
        provider="https://pubmed.ncbi.nlm.nih.gov/",
        kinds=(ARTICLES,),
    ),
    Space(
        name="doi",
        title="Digital Object Identifiers",
        label="DOI",
        base="https://doi.org/",
        example="10.1371/journal.pgen.0010027",
        prefix="doi",
        pattern=r"10\.\d{4,9}/[^\s\x00-\x20\x7f]{1,300}",
        also=("http://doi.org/", "http://dx.doi.org/"),
        registry="doi",
        provider="https://www.doi.org/",
        kinds=(ARTICLES,),
    ),
    Space(
        name="wikipathways",
        title="WikiPathways",
        label="WikiPathways",
        base="https://identifiers.org/wikipathways/",
        example="WP1471",
        prefix="wikipathways",
        pattern=r"WP\d{1,6}",  # without a revision
        forms={"page": "https://www.wikipathways.org/instance/"},
        registry="wikipathways",
        provider="https://www.wikipathways.org/",
    ),
    Space(
        name="ndex",
        title="NDEx networks",
        label="NDEx",
        base="https://www.ndexbio.org/viewer/networks/",
        example="5d073b0d-dea0-11ea-99da-0ac135e8bacf",
        pattern=r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        provider="https://www.ndexbio.org/",
    ),
    # Addresses at PubMed Central and Europe PMC: no identifiers, so without prefix, but checked as
    # those are.
    Space(
        name="pmc-page",
        title="Pages of articles",
        label="PMC",
        base="https://pmc.ncbi.nlm.nih.gov/articles/",
        example="PMC3811159/",
        pattern=r"PMC\d{1,12}/",
    ),
    Space(
        name="image",
        title="Images of articles",
        label="Europe PMC",
        # NCBI's own addresses of images ended in October 2024; PFOCR's pages have these since.
        base="https://europepmc.org/api/fulltextRepo?pmcId=",
        template=(
            "https://europepmc.org/api/fulltextRepo"
            "?pmcId={pmcid}&type=FILE&fileName={filename}&mimeType=image/{ending}"
        ),
        example="PMC3811159/nihms512981f2.jpg",
        pattern=r"PMC\d{1,12}/[A-Za-z0-9][A-Za-z0-9._-]{0,199}",
    ),
    Space(
        name="pmc-figure",
        title="Pages of figures",
        label="PMC",
        base="https://pmc.ncbi.nlm.nih.gov",
        example="/articles/PMC3811159/figure/F2/",
        pattern=r"/articles/PMC\d{1,12}/figure/[A-Za-z0-9][A-Za-z0-9._-]{0,199}/",
    ),
)

SPACES: Final[Mapping[str, Space]] = {space.name: space for space in _TABLE}
"""Name of a space → its row. The concepts of a mention come in this order; the first names it."""


class PrefixRecord(TypedDict):
    """The parts read of a record of the prefix map; named as in ``curies.Record``."""

    prefix: str
    prefix_synonyms: list[str]
    uri_prefix: str
    uri_prefix_synonyms: list[str]
    pattern: str


def _prefix_map() -> dict[str, PrefixRecord]:
    text = files("rdfexport").joinpath("data/prefixes.json").read_bytes()
    return {record["prefix"]: record for record in cast("list[PrefixRecord]", json.loads(text))}


PREFIX_MAP: Final = _prefix_map()
"""CURIE prefix → its record of the prefix map."""


def spaces_of(*kinds: str) -> tuple[Space, ...]:
    """The spaces by which an entity of one of the kinds is identified, in the table's order."""
    return tuple(space for space in _TABLE if set(kinds).intersection(space.kinds))


def prefix_names(space: Space) -> tuple[str, ...]:
    """The prefix of a space, then its other spellings; nothing for a space without CURIEs."""
    if space.prefix is None:
        return ()
    record = PREFIX_MAP.get(space.prefix)
    return space.prefix, *(() if record is None else record["prefix_synonyms"])
