"""The reference tables, declared: where each is published, in which form, and under which licence.

A new table is a new entry here, a parser in ``parsers`` and a layout in ``schema``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rdfexport.references import genes, parsers
from rdfexport.references.parsers import Row

Parser = Callable[..., Iterator[Row]]
"""Takes the open file and its columns; of files of all organisms also the taxa wanted, or None."""
Merger = Callable[[Mapping[str, Iterator[Row]]], Iterator[Row]]


@dataclass(frozen=True)
class Source:
    """One published file.

    Args:
        name: What ``--url NAME=URL`` and ``RDFEXPORT_URL_NAME`` call it.
        url: Its official address; ``{year}`` stands for the year of the edition.
        files: How the file is called in a folder of files already downloaded.
        columns: What it must have: columns, or the elements or tags that stand for them.
        least: Fewer rows than this are not the whole of it.
        parse: Reads it, given the open file and ``columns``.
        by_taxon: Whether it holds all organisms, so that ``parse`` gets those that are wanted. It
            may be published in several files then, such as one for each organism.
        borrowed: Whether it is another table's file, which alone is no reason to update this one.
    """

    name: str
    url: str
    files: tuple[str, ...]
    columns: tuple[str, ...]
    least: int
    parse: Parser
    by_taxon: bool = False
    borrowed: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that overrides its address."""
        return f"RDFEXPORT_URL_{self.name.upper().replace('-', '_')}"


@dataclass(frozen=True)
class Table:
    """A table for look-ups, made of one or several published files.

    Args:
        name: What ``--only`` calls it.
        title: What it holds.
        licence: Terms of the published files.
        columns: Of its rows, as the parsers give them and the shipped file holds them.
        sources: The published files.
        merge: Rows of each source, by its name, to those of the table.
        shipped: Whether the package has a copy; others are there once they were asked for by name.
    """

    name: str
    title: str
    licence: str
    columns: tuple[str, ...]
    sources: tuple[Source, ...]
    merge: Merger = parsers.one_after_the_other
    shipped: bool = True


_SSSOM: Final = ("subject_id", "subject_label", "predicate_id", "object_id", "object_label")
_BIOMAPPINGS: Final = (
    "https://github.com/biopragmatics/biomappings/raw/main/src/biomappings/resources/"
)
_HGNC: Final = (
    "https://storage.googleapis.com/public-download-files/hgnc/tsv/tsv/hgnc_complete_set.txt"
)
_NCBI_GENE: Final = "https://ftp.ncbi.nlm.nih.gov/gene/DATA/"
_MESH: Final = "https://nlmpubs.nlm.nih.gov/projects/mesh/MESH_FILES/xmlmesh/"

TABLES: Final = {
    table.name: table
    for table in (
        Table(
            name="hgnc",
            title="Human genes: HGNC",
            licence="CC0-1.0",
            columns=(
                "hgnc_id",
                "symbol",
                "name",
                "entrez",
                "ensembl",
                "uniprot",
                "previous",
                "alias",
            ),
            sources=(
                Source(
                    name="hgnc",
                    url=_HGNC,
                    files=("hgnc_complete_set*",),
                    columns=(
                        "hgnc_id",
                        "symbol",
                        "name",
                        "status",
                        "entrez_id",
                        "ensembl_gene_id",
                        "uniprot_ids",
                        "prev_symbol",
                        "alias_symbol",
                    ),
                    least=40_000,
                    parse=parsers.hgnc,
                ),
            ),
        ),
        Table(
            name="mesh",
            title="Chemicals and diseases: MeSH descriptors and supplementary concepts",
            licence="NLM terms for MeSH data (free use; source and edition to be named)",
            columns=("id", "label", "replaced_by"),
            sources=(
                Source(
                    name="mesh-descriptors",
                    url=f"{_MESH}desc{{year}}.gz",
                    files=("desc[0-9][0-9][0-9][0-9]*",),
                    columns=("DescriptorRecord", "DescriptorUI", "DescriptorName"),
                    least=28_000,
                    parse=parsers.mesh,
                ),
                Source(
                    name="mesh-supplementary",
                    url=f"{_MESH}supp{{year}}.gz",
                    files=("supp[0-9][0-9][0-9][0-9]*",),
                    columns=(
                        "SupplementalRecord",
                        "SupplementalRecordUI",
                        "SupplementalRecordName",
                    ),
                    least=250_000,
                    parse=parsers.mesh,
                ),
            ),
        ),
        Table(
            name="mesh-chebi",
            title="MeSH to ChEBI: Biomappings",
            licence="CC0-1.0; names of ChEBI: CC-BY-4.0",
            columns=("mesh", "chebi", "predicate", "justification", "chebi_label"),
            sources=(
                Source(
                    name="mesh-chebi-curated",
                    url=f"{_BIOMAPPINGS}positive.sssom.tsv",
                    files=("positive.sssom.tsv*",),
                    columns=(*_SSSOM, "mapping_justification"),
                    least=2_000,
                    parse=parsers.mesh_chebi,
                ),
                Source(
                    name="mesh-chebi-predicted",
                    url=f"{_BIOMAPPINGS}predictions.sssom.tsv",
                    files=("predictions.sssom.tsv*",),
                    columns=(*_SSSOM, "mapping_justification"),
                    least=5_000,
                    parse=parsers.mesh_chebi,
                ),
                Source(
                    name="mesh-chebi-rejected",
                    url=f"{_BIOMAPPINGS}negative.sssom.tsv",
                    files=("negative.sssom.tsv*",),
                    columns=(*_SSSOM, "mapping_justification"),
                    least=1,
                    parse=parsers.mesh_chebi,
                ),
            ),
            merge=parsers.sure_mappings,
        ),
        Table(
            name="doid",
            title="Diseases: Human Disease Ontology",
            licence="CC0-1.0",
            columns=("id", "label", "mesh", "status", "replaced_by"),
            sources=(
                Source(
                    name="doid",
                    url="https://purl.obolibrary.org/obo/doid.obo",
                    files=("doid.obo*",),
                    columns=("id", "name"),
                    least=10_000,
                    parse=parsers.doid,
                ),
            ),
        ),
        Table(
            name="chebi",
            title="Chemical entities: ChEBI",
            licence="CC-BY-4.0",
            columns=("id", "label", "status", "replaced_by"),
            sources=(
                Source(
                    name="chebi",
                    url="https://ftp.ebi.ac.uk/pub/databases/chebi/ontology/chebi_lite.obo.gz",
                    files=("chebi_lite.obo*", "chebi.obo*"),
                    columns=("id", "name"),
                    least=100_000,
                    parse=parsers.chebi,
                ),
            ),
        ),
        Table(
            name="ncbigene",
            title="Genes of all organisms: NCBI Gene",
            licence="public domain (NCBI)",
            columns=(
                "id",
                "taxon",
                "symbol",
                "name",
                "synonyms",
                "references",
                "status",
                "replaced_by",
            ),
            sources=(
                Source(
                    name="gene-info",
                    url=f"{_NCBI_GENE}gene_info.gz",
                    files=("gene_info*", "*.gene_info*"),
                    columns=(
                        "tax_id",
                        "GeneID",
                        "Symbol",
                        "Synonyms",
                        "dbXrefs",
                        "description",
                        "Full_name_from_nomenclature_authority",
                    ),
                    least=10_000,
                    parse=genes.gene_info,
                    by_taxon=True,
                ),
                Source(
                    name="gene-history",
                    url=f"{_NCBI_GENE}gene_history.gz",
                    files=("gene_history*",),
                    columns=("tax_id", "GeneID", "Discontinued_GeneID", "Discontinued_Symbol"),
                    least=1_000,
                    parse=genes.gene_history,
                    by_taxon=True,
                ),
            ),
        ),
        Table(
            name="orthologs",
            title="Orthologous genes: HGNC (MGI, RGD) and NCBI Gene",
            licence="CC0-1.0 (HGNC); public domain (NCBI)",
            columns=("gene", "taxon", "other", "other_taxon", "provider"),
            sources=(
                Source(
                    name="hgnc-orthologs",
                    url=_HGNC,
                    files=("hgnc_complete_set*",),
                    columns=("status", "entrez_id", "mgd_id", "rgd_id"),
                    least=10_000,
                    parse=genes.hgnc_orthologs,
                    borrowed=True,
                ),
                Source(
                    name="gene-orthologs",
                    url=f"{_NCBI_GENE}gene_orthologs.gz",
                    files=("gene_orthologs*",),
                    columns=(
                        "tax_id",
                        "GeneID",
                        "relationship",
                        "Other_tax_id",
                        "Other_GeneID",
                    ),
                    least=10_000,
                    parse=genes.gene_orthologs,
                    by_taxon=True,
                ),
            ),
        ),
        Table(
            name="taxonomy",
            title="Organisms: NCBI Taxonomy",
            licence="public domain (NCBI)",
            columns=("id", "name"),
            sources=(
                Source(
                    name="taxonomy",
                    url="https://ftp.ncbi.nlm.nih.gov/pub/taxonomy/taxdmp.zip",
                    files=("taxdmp*.zip", "new_taxdump*", "taxdump*", "names.dmp*"),
                    columns=("tax_id", "name_txt", "unique name", "name class"),
                    least=500_000,
                    parse=parsers.taxonomy,
                ),
            ),
        ),
        Table(
            name="pmc-ids",
            title="Articles: identifiers of PubMed Central",
            licence="public domain (NCBI)",
            columns=("pmcid", "pubmed", "doi", "year"),
            sources=(
                Source(
                    name="pmc-ids",
                    url="https://ftp.ncbi.nlm.nih.gov/pub/pmc/PMC-ids.csv.gz",
                    files=("PMC-ids*",),
                    columns=("PMCID", "PMID", "DOI", "Year"),
                    least=5_000_000,
                    parse=parsers.pmc_ids,
                ),
            ),
            shipped=False,
        ),
    )
}
"""Name of a table → the table."""

SHIPPED: Final = tuple(table.name for table in TABLES.values() if table.shipped)
"""Names of the tables that the package has a copy of."""

SOURCES: Final = {source.name: source for table in TABLES.values() for source in table.sources}
"""Name of a published file → the file."""
