"""The organisms whose genes the reference tables hold, unless others are chosen.

NCBI Gene has some sixty million genes of fifty thousand taxa. PFOCR's lexicon holds those of the
organisms that papers draw pathways of; they are here, under the taxa that NCBI files their genes
under (a bacterium's are those of its reference strain).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdfexport.errors import UsageError
from rdfexport.printing import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdfexport.references.tables import Table

NOTE: Final = " (organisms: "
"""Begins the description of chosen organisms, after the files that a table was made of."""

_ALL: Final = "all"

GENE_ORGANISMS: Final = {
    # primates, rodents and other mammals
    "9606": "Homo sapiens",
    "9598": "Pan troglodytes",
    "9544": "Macaca mulatta",
    "10090": "Mus musculus",
    "10116": "Rattus norvegicus",
    "10029": "Cricetulus griseus",
    "10036": "Mesocricetus auratus",
    "9986": "Oryctolagus cuniculus",
    "9615": "Canis lupus familiaris",
    "9685": "Felis catus",
    "9796": "Equus caballus",
    "9823": "Sus scrofa",
    "9913": "Bos taurus",
    "9925": "Capra hircus",
    "9940": "Ovis aries",
    # other vertebrates
    "9031": "Gallus gallus",
    "9103": "Meleagris gallopavo",
    "8355": "Xenopus laevis",
    "8364": "Xenopus tropicalis",
    "7955": "Danio rerio",
    "8030": "Salmo salar",
    "8090": "Oryzias latipes",
    # invertebrates
    "6239": "Caenorhabditis elegans",
    "7227": "Drosophila melanogaster",
    "7165": "Anopheles gambiae",
    "7460": "Apis mellifera",
    "7091": "Bombyx mori",
    "7070": "Tribolium castaneum",
    "7668": "Strongylocentrotus purpuratus",
    "7719": "Ciona intestinalis",
    # plants
    "3702": "Arabidopsis thaliana",
    "39947": "Oryza sativa Japonica Group",
    "4577": "Zea mays",
    "4081": "Solanum lycopersicum",
    "4097": "Nicotiana tabacum",
    "3847": "Glycine max",
    "3880": "Medicago truncatula",
    "4565": "Triticum aestivum",
    "29760": "Vitis vinifera",
    # fungi and protists
    "559292": "Saccharomyces cerevisiae S288C",
    "284812": "Schizosaccharomyces pombe",
    "237561": "Candida albicans SC5314",
    "330879": "Aspergillus fumigatus Af293",
    "367110": "Neurospora crassa OR74A",
    "36329": "Plasmodium falciparum 3D7",
    "5833": "Plasmodium falciparum",
    "44689": "Dictyostelium discoideum",
    # bacteria and viruses
    "511145": "Escherichia coli str. K-12 substr. MG1655",
    "224308": "Bacillus subtilis subsp. subtilis str. 168",
    "83332": "Mycobacterium tuberculosis H37Rv",
    "208964": "Pseudomonas aeruginosa PAO1",
    "99287": "Salmonella enterica LT2",
    "93061": "Staphylococcus aureus NCTC 8325",
    "1282": "Staphylococcus epidermidis",
    "2697049": "SARS-CoV-2",
    "11676": "Human immunodeficiency virus 1",
}
"""NCBI taxonomy number → name."""


@dataclass(frozen=True)
class Taxa:
    """The organisms of the tables of genes: their numbers (None: all), and how they were chosen."""

    numbers: frozenset[str] | None = frozenset(GENE_ORGANISMS)
    chosen: str = ""

    @classmethod
    def of(cls, taxa: Sequence[str]) -> Taxa:
        """Those that an option names.

        Raises:
            UsageError: One is no number of NCBI's taxonomy.
        """
        if not taxa:
            return cls()
        if list(taxa) == [_ALL]:
            return cls(None, _ALL)
        if wrong := [taxon for taxon in taxa if not (taxon.isascii() and taxon.isdecimal())]:
            raise UsageError(
                f"{shown(wrong[0])}: not a number of NCBI's taxonomy, such as 10090; {_ALL} alone"
                " stands for every organism"
            )
        return cls(frozenset(taxa), ",".join(sorted(set(taxa), key=int)))

    def note(self, table: Table) -> str:
        """Their description after the table's files."""
        by_taxon = any(source.by_taxon for source in table.sources)
        return f"{NOTE}{self.chosen})" if self.chosen and by_taxon else ""
