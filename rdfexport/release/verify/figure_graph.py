"""A figure's core graph, as a release publishes it → its JSON-LD document, and its record.

What else a release says of a figure (its document, its rows in the table of mentions, its sets) was
made of the record. Here the record is put together from the graph, as far as the graph has it, so
that the same code makes all that again and it can be compared.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.diagnostics import Location
from rdfexport.graph import Node, Property, document
from rdfexport.mapping import HUMAN, IRI, MOUSE
from rdfexport.model import (
    Concept,
    ConceptMention,
    FigureRecord,
    Gene,
    GeneMention,
    Kind,
    Match,
    MatchType,
    Ortholog,
    Taxon,
)
from rdfexport.terms import (
    IN_DOCUMENT,
    ORTHOLOGOUS,
    PREFIXES,
    SPACES,
    Vocabulary,
    spaces_of,
    split_iri,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from rdfexport.model import Mention

Loose = frozenset[tuple[str, str]]
"""MeSH identifiers and ChEBI numbers that a table relates as narrower or broader, not as the same.

The linkset has them; a figure's core graph has all identifiers of a chemical side by side.
"""

NO_NUMBER: Final = "organism without number"
"""Stands for the organism of genes whose organism has no number, which no graph names."""

_TABLE: Final = "linkset"
_VOCABULARY: Final = Vocabulary()
_BY_PREFIX: Final = {
    space.prefix: name for name, space in SPACES.items() if space.prefix and space.exported
}
_KINDS: Final = {"Gene": Kind.GENE, "Chemical": Kind.CHEMICAL, "Disease": Kind.DISEASE}
_SPACES: Final = {
    kind: frozenset(space.name for space in spaces_of(kind.value))
    for kind in (Kind.CHEMICAL, Kind.DISEASE)
}
_BOOLEAN: Final = PREFIXES["xsd"] + "boolean"
_PART: Final = "#m-"


def _iri(curie: str) -> str:
    return _VOCABULARY.expand(curie)


class _Nowhere:
    """The origin of a record that was not read from a file."""

    def locate(self, path: str, value: str | None = None) -> Location:  # noqa: ARG002
        return Location("", field=path)

    def text_at(self, path: str) -> str | None:  # noqa: ARG002
        return None

    def written_at(self, path: str) -> str | None:  # noqa: ARG002
        return None

    def locate_column(self, kind: Kind, name: str) -> Location:  # noqa: ARG002
        return Location("", field=name)


class FigureGraph:
    """The core graph of one figure.

    Args:
        page: The figure's IRI.
        triples: The graph, in the order of its file.
        loose: What relates identifiers otherwise than as the same.

    Raises:
        ValueError: A node has no IRI.
    """

    def __init__(
        self, page: str, triples: Iterable[ox.Quad | ox.Triple], loose: Loose = frozenset()
    ) -> None:
        self.page = page
        self._loose = loose
        self._nodes: dict[str, dict[str, list[Any]]] = {}
        for triple in triples:
            if not isinstance(triple.subject, ox.NamedNode):
                raise ValueError("a node is blank, or a triple")  # noqa: TRY004 - of the data
            node = self._nodes.setdefault(triple.subject.value, {})
            node.setdefault(triple.predicate.value, []).append(triple.object)

    # --- the document --------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """The schema.org document of the figure, as its JSON-LD file has it.

        Raises:
            KeyError: The graph says nothing of the figure.
        """
        return document(self.page, [_node(iri, said) for iri, said in self._nodes.items()])

    def activities(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The activity that the figure was made by, and the reference tables that it used."""
        for iri in self._all(self.page, "prov:wasGeneratedBy"):
            yield iri, tuple(sorted(self._all(iri, "prov:used")))

    # --- the record ----------------------------------------------------------------------

    def record(self) -> FigureRecord:
        """The record, as far as sets and mentions need it and the graph has it.

        Raises:
            ValueError: The graph is not what rdfexport writes.
        """
        image = self.page + "#figure"
        article = self._one(self.page, "dcterms:source") or ""
        figid = self._one(self.page, "dcterms:identifier") or ""
        aliases = [one for one in self._all(self.page, "schema:identifier") if one != figid]
        mentions = self._mentions()
        unknown: dict[str, Any] = dict.fromkeys(_UNKNOWN)
        return FigureRecord(
            **unknown,
            figid=figid,
            alias=aliases[0] if aliases else None,
            pmcid=article.removeprefix(SPACES["pmc"].base),
            title=self._one(self.page, "schema:name"),
            number=self._one(image, "pfocr:figureNumber"),
            figlink=self._one(image, "schema:url"),
            wpids=self._wpids(),
            keywords=(),
            organisms=tuple(self._taxa(self._all(self.page, "schema:about"))),
            recognised_organisms=(),
            genes=tuple(mentions[Kind.GENE]),
            chemicals=tuple(mentions[Kind.CHEMICAL]),
            diseases=tuple(mentions[Kind.DISEASE]),
            predictions=(),
            origin=_Nowhere(),
        )

    def _wpids(self) -> tuple[str, ...]:
        """The pathways that curators made of the figure."""
        base = SPACES["wikipathways"].base
        links = self._all(self.page, "rdfs:seeAlso")
        return tuple(iri.removeprefix(base) for iri in links if iri.startswith(base))

    def _mentions(self) -> dict[Kind, list[Any]]:
        named: dict[Kind, list[str]] = {kind: [] for kind in Kind}
        start = self.page + _PART
        for iri in self._nodes:
            if iri.startswith(start):
                named[_KINDS[self._one(iri, "dcterms:subject") or ""]].append(iri)
        found: dict[Kind, list[Any]] = {
            Kind.GENE: [self._gene_mention(*one) for one in enumerate(named[Kind.GENE])]
        }
        for kind in (Kind.CHEMICAL, Kind.DISEASE):
            found[kind] = list(self._concept_mentions(named[kind], kind))
        return found

    def _head(self, row: int, iri: str) -> dict[str, Any]:
        how = self._one(iri, "pfocr:matchType")
        return {
            "row": row,
            "id": iri.removeprefix(self.page + _PART),
            "word": self._one(iri, "pfocr:word"),
            "match": self._one(iri, "pfocr:symbol"),
            "source": self._one(iri, "dcterms:source"),
            "match_type": None if how is None else MatchType(how.removeprefix(PREFIXES["pfocr"])),
        }

    def _gene_mention(self, row: int, iri: str) -> Mention:
        group = self._one(iri, "pfocr:expandedFrom")
        # For a word with several genes, the graph does not show whose symbol a recorded one is.
        recorded = [*self._all(iri, "pfocr:recordedSymbol")]
        genes = []
        for number, body in enumerate(self._all(iri, "oa:hasBody")):
            gene = self._gene(body)
            symbol = recorded[number] if number < len(recorded) else None
            genes.append(gene._replace(recorded_symbol=symbol))
        return GeneMention(
            **self._head(row, iri),
            genes=tuple(genes),
            group=None if group is None else group.removeprefix(self.page + "#x-"),
        )

    def _gene(self, iri: str) -> Gene:
        ids = dict(map(_split_curie, self._all(iri, "schema:identifier")))
        taxa = list(self._taxa(self._all(iri, "schema:taxonomicRange")))
        other = MOUSE if taxa and taxa[0].id == HUMAN else HUMAN
        orthologs = (
            Ortholog(one.removeprefix(SPACES["ncbigene"].base), None, other, "")
            for one in self._all(iri, ORTHOLOGOUS)
        )
        return Gene(
            iri.removeprefix(SPACES["ncbigene"].base),
            symbol=self._one(iri, "rdfs:label"),
            taxon=taxa[0] if taxa else Taxon(NO_NUMBER),
            hgnc=ids.get("hgnc"),
            name=self._one(iri, "schema:alternateName"),
            orthologs=tuple(orthologs),
        )

    def _taxa(self, iris: Iterable[str]) -> Iterator[Taxon]:
        for iri in iris:
            yield Taxon(self._one(iri, "rdfs:label"), iri.removeprefix(SPACES["taxon"].base))

    def _concept_mentions(self, iris: Iterable[str], kind: Kind) -> Iterator[Mention]:
        bodies = [_bodies(map(_split, self._all(iri, "oa:hasBody"))) for iri in iris]
        beside: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for own, replacement in bodies:
            if own:
                beside[replacement or own[0]].update(own[1:])
        for row, (iri, (own, replacement)) in enumerate(zip(iris, bodies, strict=True)):
            concepts = [self._concept(*one) for one in own]
            if own:
                others = beside[replacement or own[0]]
                matches = tuple(self._matches(own[0], replacement, kind, others))
                concepts[0] = concepts[0]._replace(matches=matches)
            name = self._one(iri, "pfocr:recordedName")
            yield ConceptMention(**self._head(row, iri), concepts=tuple(concepts), name=name)

    def _concept(self, space: str, local: str) -> Concept:
        return Concept(space, local, self._label(space, local))

    def _matches(
        self,
        first: tuple[str, str],
        replacement: tuple[str, str] | None,
        kind: Kind,
        beside: AbstractSet[tuple[str, str]],
    ) -> Iterator[Match]:
        """Matches of the first identifier of a mention in the tables; ``beside`` are of its row."""
        if replacement is not None:
            label = self._label(*replacement)
            yield Match(*replacement, label, "dcterms:isReplacedBy", "", _TABLE)
        key = replacement or first
        iri = _VOCABULARY.iri(*key)
        same = set(self._all(iri, "schema:sameAs"))
        for space, local in map(_split_curie, self._all(iri, "schema:identifier")):
            other = (space, local)
            if other in {first, key} or space not in _SPACES[kind]:
                continue
            if space == "mesh" and self._one(_VOCABULARY.iri(*other), "dcterms:isReplacedBy"):
                continue  # what this one has replaced
            if _VOCABULARY.iri(*other) in same:
                predicate = "skos:exactMatch"
            elif space == "chebi" and (other not in beside or (key[1], local) in self._loose):
                predicate = "skos:narrowMatch"
            elif other in beside:
                continue
            else:
                predicate = "skos:closeMatch"
            yield Match(space, local, self._label(space, local), predicate, "", _TABLE)

    def _label(self, space: str, local: str) -> str | None:
        return self._one(_VOCABULARY.iri(space, local), "rdfs:label")

    # --- values --------------------------------------------------------------------------

    def _all(self, iri: str, curie: str) -> Iterator[str]:
        return (term.value for term in self._nodes.get(iri, {}).get(_iri(curie), ()))

    def _one(self, iri: str, curie: str) -> str | None:
        return next(self._all(iri, curie), None)


_UNKNOWN: Final = (
    "caption",
    "figure_type",
    "filename",
    "paper_title",
    "citation",
    "year",
    "doi",
    "doi_field",
    "journal",
    "journal_abbreviation",
    "publisher",
    "pathway_score",
    "ranked_result_index",
    "ndex",
)


def _node(iri: str, said: Mapping[str, list[Any]]) -> Node:
    """A node with what its document shows."""
    rows = [
        (_property(predicate, terms[0]), [term.value for term in terms])
        for predicate, terms in said.items()
        if predicate.startswith(IN_DOCUMENT)
    ]
    return Node(iri, rows, len(rows))  # type: ignore[arg-type]


_PROPERTIES: Final[dict[tuple[str, str], Property]] = {}


def _property(predicate: str, term: Any) -> Property:
    if isinstance(term, ox.NamedNode):
        kind = IRI
    else:
        kind = "xsd:boolean" if term.datatype.value == _BOOLEAN else "xsd:string"
    known = _PROPERTIES.get((predicate, kind))
    if known is None:
        curie = next(
            f"{prefix}:{predicate.removeprefix(PREFIXES[prefix])}"
            for prefix in ("schema", "rdf", "dcterms", "obo")
            if predicate.startswith(PREFIXES[prefix])
        )
        known = _PROPERTIES[predicate, kind] = Property(curie, kind, _VOCABULARY)
    return known


def _split(iri: str) -> tuple[str, str]:
    found = split_iri(iri)
    if found is None:
        raise ValueError(f"{iri} is of no space of identifiers")
    space, local = found
    return space.name, local


def _split_curie(curie: str) -> tuple[str, str]:
    prefix, _, local = curie.partition(":")
    space = _BY_PREFIX.get(prefix)
    if space is None:
        raise ValueError(f"{curie!r} is not the CURIE of an identifier")
    return space, local


def _bodies(
    found: Iterable[tuple[str, str]],
) -> tuple[list[tuple[str, str]], tuple[str, str] | None]:
    """A row's own identifiers, one a space, and what has replaced the first."""
    own: dict[str, tuple[str, str]] = {}
    replacement = None
    for one in found:
        if one[0] in own:
            replacement = one
        else:
            own[one[0]] = one
    return list(own.values()), replacement
