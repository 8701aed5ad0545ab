"""A gene of a record → what the reference tables know of it, and what is to be said of it.

The number wins over the symbol, whatever the organism (``docs/linking.md``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdfexport.model import Agreement, Gene, Ortholog, Taxon

if TYPE_CHECKING:
    from rdfexport.references import GeneEntry, OrganismGene, References
    from rdfexport.terms import Vocabulary

Note = tuple[str, str, str]
"""Field, problem and remedy of something to be said of a row."""

HUMAN: Final = Taxon("Homo sapiens", "9606")
_MOUSE: Final = "10090"
_MOST_NAMED: Final = 3
_SYMBOL_FIELD: Final = "hgnc_symbol|ncbigene_symbol"
_ENTREZ_FIELD: Final = "entrez|ncbigene_id"
_UNTIL_CORRECTED: Final = "correct the one that is wrong; until then the number counts"


class GeneLinker:
    """Resolves genes.

    Args:
        references: The reference tables, open.
        vocabulary: The identifier spaces that identifiers of the tables are checked by.
    """

    def __init__(self, references: References, vocabulary: Vocabulary) -> None:
        self._references = references
        self._genes = references.organism_genes
        self._matches = vocabulary.matches

    def link(self, gene: Gene) -> tuple[Gene, tuple[Note, ...]]:
        """A gene with what the tables know of it, and what is to be said of its row."""
        entry = self._references.gene(gene.entrez)
        if entry is not None and self._matches("hgnc", entry.hgnc_id):
            return self._human(gene, entry)
        if gene.taxon is not None and gene.taxon.id == HUMAN.id:
            return self._human_without_hgnc(gene)
        return self._other(gene)

    def _human(self, gene: Gene, entry: GeneEntry) -> tuple[Gene, tuple[Note, ...]]:
        notes: list[Note] = []
        if gene.taxon is not None and gene.taxon.id != HUMAN.id:
            named = f"the human gene {entry.symbol!r} (HGNC:{entry.hgnc_id})"
            notes.append(_organism_note(gene, named))
        agreement = self._agreement(gene.symbol, entry)
        if agreement is not Agreement.SAME:
            notes.append(self._symbol_note(gene.symbol or "", agreement, entry))
        linked = Gene(
            gene.entrez,
            entry.symbol,
            entry.symbol if self._matches("hgnc.symbol", entry.symbol) else None,
            HUMAN,
            entry.hgnc_id,
            entry.name,
            entry.ensembl if self._matches("ensembl", entry.ensembl or "") else None,
            tuple(x for x in entry.uniprot if self._matches("uniprot", x)),
            Agreement.CONTRADICTION if notes and agreement is Agreement.SAME else agreement,
            _recorded(gene, agreement),
            orthologs=self._orthologs(gene.entrez, (), _MOUSE),
        )
        return linked, tuple(notes)

    def _human_without_hgnc(self, gene: Gene) -> tuple[Gene, tuple[Note, ...]]:
        """A human gene that HGNC does not have: withdrawn, not named by HGNC, or not human."""
        entry = self._genes.gene(gene.entrez)
        named = self._genes_named(gene.symbol)
        if entry is not None and not entry.is_live:
            return self._withdrawn(gene, entry, named)
        if entry is not None and entry.taxon == HUMAN.id:
            linked, notes = self._other(gene)
            if named and linked.agreement is Agreement.SAME:
                problem = f"{gene.symbol!r} is {named}, but NCBI Gene {gene.entrez} is another gene"
                linked = linked._replace(agreement=Agreement.CONTRADICTION)
                notes = (*notes, (_SYMBOL_FIELD, problem, _UNTIL_CORRECTED))
            return linked, notes
        if entry is not None:
            return self._other(gene)
        problem = f"NCBI Gene {gene.entrez} is of no human gene that HGNC knows"
        remedy = "correct the number: NCBI has no such gene"
        if not self._genes.is_complete(HUMAN.id or ""):
            remedy = (
                "check whether the number was withdrawn (`rdfexport references update --only"
                " ncbigene` downloads the table that knows); until then there is no link to HGNC"
            )
        if named:
            problem += f", but {gene.symbol!r} is {named}"
        agreement = Agreement.CONTRADICTION if named else Agreement.UNKNOWN
        return gene._replace(agreement=agreement), ((_ENTREZ_FIELD, problem, remedy),)

    def _other(self, gene: Gene) -> tuple[Gene, tuple[Note, ...]]:
        """A gene of another organism, or one that HGNC has not named."""
        taxon = None if gene.taxon is None else gene.taxon.id
        entry = self._genes.gene(gene.entrez)
        if entry is None and taxon is not None:
            if self._genes.is_complete(taxon):
                problem = f"NCBI has no gene {gene.entrez}"
                note = (_ENTREZ_FIELD, problem, "correct the number, or update the table ncbigene")
                return gene._replace(agreement=Agreement.UNKNOWN), (note,)
            entry = self._by_symbol(gene, taxon)
        if entry is None:
            return gene, ()
        if not entry.is_live:
            return self._withdrawn(gene, entry, "")
        notes: list[Note] = []
        organism = gene.taxon
        if taxon != entry.taxon:
            if gene.taxon is not None:
                named = f"{entry.symbol!r}, a gene of taxon {entry.taxon}"
                notes.append(_organism_note(gene, named))
            organism = Taxon(None, entry.taxon)
        agreement, about_symbol = self._other_agreement(gene, entry)
        if about_symbol is not None:
            notes.append(about_symbol)
        # A table that lacks genes may lack later symbols too.
        known = agreement is not Agreement.UNKNOWN or self._genes.is_complete(entry.taxon)
        references = [one for one in entry.references if self._matches(*one)]
        ensembl = next((local for space, local in references if space == "ensembl"), None)
        others = tuple(one for one in references if one[0] != "ensembl")
        return gene._replace(
            symbol=entry.symbol if known else gene.symbol,
            taxon=organism,
            name=entry.name or None,
            ensembl=ensembl,
            agreement=agreement,
            recorded_symbol=_recorded(gene, agreement) if known else gene.recorded_symbol,
            references=others,
            orthologs=()
            if entry.taxon == HUMAN.id
            else self._orthologs(gene.entrez, others, HUMAN.id or ""),
        ), tuple(notes)

    def _by_symbol(self, gene: Gene, taxon: str) -> OrganismGene | None:
        """The gene of the organism's own database, whose number in NCBI Gene is not known.

        The record's symbol is NCBI's, and NCBI takes it from that database.
        """
        if gene.symbol is None:
            return None
        found = self._genes.gene_by_symbol(taxon, gene.symbol)
        return found if found is not None and found.id is None else None

    def _other_agreement(self, gene: Gene, entry: OrganismGene) -> tuple[Agreement, Note | None]:
        """How the symbol fits, and what is to be said if it does not."""
        symbol = gene.symbol
        if symbol is None or symbol == entry.symbol:
            return Agreement.SAME, None
        present = f"NCBI Gene {gene.entrez} is {entry.symbol!r}"
        remedy = f"write {entry.symbol}, as the graph has it"
        another = self._genes.gene_by_symbol(entry.taxon, symbol)
        if another is not None:
            problem = f"{symbol!r} is the symbol of {_called(another)}, but {present}"
            return Agreement.CONTRADICTION, (_SYMBOL_FIELD, problem, _UNTIL_CORRECTED)
        if symbol in entry.synonyms:
            problem = f"{symbol!r} is an earlier or other name: {present}"
            return Agreement.ALIAS, (_SYMBOL_FIELD, problem, remedy)
        if not self._genes.is_complete(entry.taxon):
            return Agreement.UNKNOWN, None
        problem = f"{symbol!r} is not a symbol that NCBI knows for this organism, and {present}"
        return Agreement.UNKNOWN, (_SYMBOL_FIELD, problem, remedy)

    def _withdrawn(
        self, gene: Gene, entry: OrganismGene, named: str
    ) -> tuple[Gene, tuple[Note, ...]]:
        replacement = self._genes.replacement(gene.entrez)
        problem = f"NCBI has withdrawn gene {gene.entrez} ({entry.symbol!r})"
        remedy = "remove the number, or give that of the intended gene"
        if replacement is not None:
            problem += f", which is now {self._present(replacement)}"
            remedy = f"write {replacement}"
        if named:
            problem += f"; {gene.symbol!r} is {named}"
        agreement = Agreement.CONTRADICTION if named else Agreement.UNKNOWN
        return gene._replace(agreement=agreement), ((_ENTREZ_FIELD, problem, remedy),)

    def _present(self, entrez: str) -> str:
        entry = self._references.gene(entrez) or self._genes.gene(entrez)
        return f"NCBI Gene {entrez}" + (f" {entry.symbol!r}" if entry is not None else "")

    def _orthologs(
        self, entrez: str, references: tuple[tuple[str, str], ...], taxon: str
    ) -> tuple[Ortholog, ...]:
        return tuple(
            Ortholog(one.entrez, one.symbol, taxon, one.provider)
            for one in self._genes.orthologs(entrez, references, taxon)
            if self._matches("ncbigene", one.entrez)
        )

    def _agreement(self, symbol: str | None, entry: GeneEntry) -> Agreement:
        """How a symbol fits the human gene that the number names."""
        if symbol is None or symbol == entry.symbol:
            return Agreement.SAME
        named = self._references.gene_by_symbol(symbol)
        # The present symbol of one gene may be an old one of another: the present one counts.
        if named and named[0].how == "approved":
            return Agreement.CONTRADICTION
        for gene, how in named:
            if gene.hgnc_id == entry.hgnc_id:
                return Agreement.PREVIOUS if how == "previous" else Agreement.ALIAS
        return Agreement.CONTRADICTION if named else Agreement.UNKNOWN

    def _symbol_note(self, symbol: str, agreement: Agreement, entry: GeneEntry) -> Note:
        """A note on a symbol that is not the present one, with both readings."""
        present = f"NCBI Gene {entry.entrez} is {entry.symbol!r} (HGNC:{entry.hgnc_id})"
        remedy = f"write {entry.symbol}, as the graph has it"
        if agreement is Agreement.CONTRADICTION:
            problem = f"{symbol!r} is {self._genes_named(symbol)}, but {present}"
            remedy = _UNTIL_CORRECTED
        elif agreement is Agreement.UNKNOWN:
            problem = f"{symbol!r} is not a symbol that HGNC knows, and {present}"
        else:
            problem = f"{symbol!r} is an earlier or other name: {present}"
        return _SYMBOL_FIELD, problem, remedy

    def _genes_named(self, symbol: str | None) -> str:
        """The human genes that a symbol names, for a message; empty where it names none."""
        return " or ".join(
            f"{'the' if how == 'approved' else 'a previous' if how == 'previous' else 'an alias'}"
            f" symbol of NCBI Gene {entry.entrez} {entry.symbol!r} (HGNC:{entry.hgnc_id})"
            for entry, how in self._references.gene_by_symbol(symbol or "")[:_MOST_NAMED]
        )


def _recorded(gene: Gene, agreement: Agreement) -> str | None:
    """The record's symbol of a gene, where the graph has another."""
    return gene.recorded_symbol or (None if agreement is Agreement.SAME else gene.symbol)


def _called(gene: OrganismGene) -> str:
    if gene.id is not None:
        return f"NCBI Gene {gene.id}"
    space, local = gene.references[0]
    return f"{space}:{local}"


def _organism_note(gene: Gene, named: str) -> Note:
    """A note on a number of a gene of another organism than the row says."""
    taxon = gene.taxon or HUMAN
    problem = f"the organism is {taxon.name or taxon.id}, but NCBI Gene {gene.entrez} is {named}"
    return "organism_id", problem, _UNTIL_CORRECTED
