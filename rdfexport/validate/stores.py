"""Reads stores and endpoints as data graphs, each small enough to be validated at once.

A store is read by figures, a few at a time; then its linkset, by identifiers; then its
description. Every figure may have a graph of its own, as N-Quads have it, with linkset and
description in theirs; or all may be in one graph, named or not.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from rdfexport.errors import UnreadableError
from rdfexport.net.policy import ANSWERS
from rdfexport.validate.files import DataGraph, ntriples
from rdfexport.validate.store_reader import (
    LocalStore,
    Sparql,
    StoreReader,
    Triples,
    from_clauses,
    terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.net.sparql import Endpoint

_FIGURES_AT_ONCE: Final = 20
_IDENTIFIERS_AT_ONCE: Final = 500
_PATHWAY: Final = "pathway"
# How a pathway is found from its record and its image, even where one of these is missing.
_DEPICTED: Final = (
    "{ ?s foaf:page ?known } UNION { ?s dc:identifier ?known } UNION { ?known foaf:depicts ?s }"
)

_PREFIXES: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "wp": "http://vocabularies.wikipathways.org/wp#",
}
_PROLOGUE: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in _PREFIXES.items())


def _node(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(_PREFIXES[prefix] + local)


def _nodes(names: str) -> frozenset[ox.NamedNode]:
    return frozenset(map(_node, names.split()))


_TYPE, _DATASET, _CLASS = _node("rdf:type"), _node("schema:Dataset"), _node("owl:Class")
_MENTIONS, _PART_OF = _node("schema:mentions"), _node("dcterms:isPartOf")
# Properties that lead from a record to the other nodes of its figure, and from these further.
_OF_RECORD: Final = _nodes(
    "schema:isBasedOn schema:citation schema:mentions schema:about schema:distribution"
    " schema:creator schema:includedInDataCatalog prov:wasGeneratedBy"
)
_FURTHER: Final = _nodes("prov:wasAssociatedWith schema:taxonomicRange oa:hasBody")
_OF_PATHWAY: Final = _nodes("foaf:depiction dcterms:references")
# The reference tables, which state their terms, stand with the links that are from them.
_LINKED: Final = (
    "skos:exactMatch wp:bdbEntrezGene wp:bdbHgncSymbol wp:bdbChEBI dcterms:isReplacedBy"
    " dcterms:rights"
)
_LINKS: Final = _nodes(
    "skos:exactMatch skos:closeMatch skos:narrowMatch skos:broadMatch owl:sameAs"
    " dcterms:isReplacedBy foaf:page rdfs:label rdfs:seeAlso wp:bdbEntrezGene wp:bdbHgncSymbol"
    " wp:bdbEnsembl wp:bdbUniprot wp:bdbChEBI"
)
_NOT_OF_FIGURES: Final = _nodes("skos:exactMatch skos:closeMatch")
# Other data sets in the same graph describe themselves too.
_DESCRIBED: Final = ("?s a void:Dataset", "?s a sh:PrefixDeclaration", "?s sh:declare ?declared")


class Layout(NamedTuple):
    """How a store is arranged.

    Args:
        each: Whether each figure has a graph of its own.
        graphs: Where linkset and description are, and all else unless each figure has its own; the
            default graph if there is none.
        base: What the names begin with of the graphs that are not a figure's; empty if unknown.
    """

    each: bool
    graphs: list[str]
    base: str


def endpoint(url: str) -> Endpoint:
    """A SPARQL endpoint that is read as a store is.

    Raises:
        UsageError: It is not an address.
        RemoteError: The server takes no queries there.
    """
    from rdfexport.net.endpoints import find_endpoint  # noqa: PLC0415 - slow to import
    from rdfexport.net.session import Session  # noqa: PLC0415

    return find_endpoint(url, Session(ANSWERS, netrc=True))


def store_graphs(source: Sparql, vocabulary_base: str) -> Iterator[DataGraph]:
    """Read a store by figures, then its linkset and its description; nothing if it has no figure.

    Args:
        source: The store.
        vocabulary_base: The namespace of the project's own terms in it.

    Raises:
        RemoteError: The endpoint does not answer, or not with all that was asked for.
        UnreadableError: It is not arranged as an export is.
    """
    store = _Store(source, vocabulary_base)
    records = store.iris(
        "{ ?s a schema:Dataset } UNION { GRAPH ?g { ?s a schema:Dataset } }", "the records"
    )
    first = next(records, None)
    if first is None:
        return
    layout = store.layout(first)
    records = chain((first,), records)
    while batch := list(islice(records, _FIGURES_AT_ONCE)):
        if layout.each:
            triples = store.figures_in_graphs(batch)
        else:
            triples = store.figures_in_one_graph(batch, layout.graphs)
        for record in batch:
            if ox.Triple(ox.NamedNode(record), _TYPE, _DATASET) not in triples:
                raise UnreadableError(
                    f"{source.name}: {record} is not where the first record is: put each record"
                    " into a graph of its own, or all into the same one"
                )
        yield _graph(source, triples, batch)
    shared = [] if layout.each and not layout.base else store.shared(layout)
    yield from (_graph(source, triples, []) for triples in shared if triples)


def _graph(source: Sparql, triples: Triples, records: list[str]) -> DataGraph:
    return DataGraph(source.name, ntriples(triples), "nt", records, schema_only=False)


class _Store(StoreReader):
    """Finds what belongs to a few figures, to some links, and to the description."""

    def __init__(self, source: Sparql, vocabulary_base: str) -> None:
        super().__init__(source, _PROLOGUE)
        self._further = _FURTHER | {ox.NamedNode(f"{vocabulary_base}expandedFrom")}
        self._reference_table = ox.NamedNode(f"{vocabulary_base}ReferenceTable")

    def layout(self, record: str) -> Layout:
        """Find out how a store is arranged, by one record."""
        named = self.graphs_of([record])
        made = f"{terms([record])} prov:wasGeneratedBy ?s"
        rows = self.select(f"SELECT ?s WHERE {{ {{ {made} }} UNION {{ GRAPH ?g {{ {made} }} }} }}")
        # The export that made a record has an IRI of that base.
        base = min((row["s"].partition("export/")[0] for row in rows), default="")
        parts = [base + part for part in ("linkset", "void")] if base else []
        if record in named:
            return Layout(each=True, graphs=parts, base=base)
        graphs = [*named, *parts, base + "wp"] if named and base else named
        return Layout(each=False, graphs=graphs, base=base)

    # --- figures -----------------------------------------------------------------------------

    def figures_in_graphs(self, records: list[str]) -> Triples:
        """The triples about figures with their own graphs, and about the pathways they depict."""
        pathways = self._pathways(records, f"GRAPH ?g {{ {_DEPICTED} }}", ())
        found: Triples = {}
        for record in records:
            found |= self.graph(record)
        if graphs := self.graphs_of(pathways):
            found |= self._of_pathways(pathways, graphs)
        return {t: None for t in found if not _is_of_others(t, pathways)}

    def figures_in_one_graph(self, records: list[str], graphs: list[str]) -> Triples:
        """The triples about figures, and the pathways they depict, where all is in one graph."""
        pathways = self._pathways(records, _DEPICTED, graphs)
        found = self.about(records, graphs)
        mentions = self.near(records, "?s prov:wasDerivedFrom ?known", graphs)
        found |= self.about([*mentions, *_objects(found, _OF_RECORD)], graphs)
        known = _subjects(found)
        further = [node for node in _objects(found, self._further) if node not in known]
        found |= self.about(further, graphs)
        self._list_classes(found, graphs)
        found |= self._of_pathways(pathways, graphs)
        parts = {t.subject for t in found if t.predicate == _PART_OF and _value(t) in pathways}
        ours = {ox.NamedNode(pathway) for pathway in pathways} | parts
        return {
            triple: None
            for triple in found
            if triple.predicate not in _NOT_OF_FIGURES
            and not _is_of_others(triple, pathways)
            # A gene or article is part of other pathways too, and what it is there.
            and (not _value(triple).startswith(_PREFIXES["wp"]) or triple.subject in ours)
        }

    def _pathways(self, records: list[str], where: str, graphs: Iterable[str]) -> list[str]:
        """The pathways that figures depict; there may be several of one."""
        images = [f"{record}#figure" for record in records]
        found = dict.fromkeys(self.near([*records, *images], where, graphs))
        return [iri for iri in found if _is_pathway(iri) and iri.partition("#")[0] in records]

    def _of_pathways(self, pathways: list[str], graphs: list[str]) -> Triples:
        found = self.about(pathways, graphs)
        parts = self.near(pathways, "?s dcterms:isPartOf ?known", graphs)
        return found | self.about([*parts, *_objects(found, _OF_PATHWAY)], graphs)

    def _list_classes(self, found: Triples, graphs: list[str]) -> None:
        """Add that some record lists a class, where it is another figure that does.

        A cross-reference of a figure here may be what another lists; then it is a class.
        """
        classes = {triple.subject for triple in found if triple.object == _CLASS}
        listed = {triple.object for triple in found if triple.predicate == _MENTIONS}
        bodies = _objects(found, self._further)
        for node in sorted(str(one)[1:-1] for one in classes - listed):
            if node not in bodies:
                continue
            where = f"{from_clauses(graphs)}WHERE {{ ?s schema:mentions {terms([node])} }}"
            for row in self.select(f"SELECT ?s {where} LIMIT 1"):
                triple = ox.Triple(ox.NamedNode(row["s"]), _MENTIONS, ox.NamedNode(node))
                found[triple] = None

    # --- what figures share ------------------------------------------------------------------

    def shared(self, layout: Layout) -> Iterator[Triples]:
        """The links, some identifiers at a time, and the description."""
        where = f"VALUES ?link {{ {_LINKED} }} ?s ?link ?linked"
        identifiers = self.iris(where, "the identifiers", layout.graphs)
        while batch := list(islice(identifiers, _IDENTIFIERS_AT_ONCE)):
            found = self.about(batch, layout.graphs)
            tables = {t.subject for t in found if t.object == self._reference_table}
            yield {t: None for t in found if t.predicate in _LINKS or t.subject in tables}
        if layout.base:
            described = {
                iri
                for where in _DESCRIBED
                for iri in self.iris(where, "what is described", layout.graphs)
                if iri.startswith(layout.base)
            }
            yield self.about(sorted(described), layout.graphs)


def _is_of_others(triple: ox.Triple, pathways: list[str]) -> bool:
    """Whether a triple leads to a pathway that a figure which is not here depicts."""
    term = triple.object
    return isinstance(term, ox.NamedNode) and _is_pathway(term.value) and term.value not in pathways


def _is_pathway(iri: str) -> bool:
    """Whether an IRI is that of a depicted pathway: ``F.html#pathway-9606``."""
    return iri.rpartition("#")[2].partition("-")[0] == _PATHWAY


def _value(triple: ox.Triple) -> str:
    term = triple.object
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def _objects(triples: Triples, predicates: frozenset[ox.NamedNode]) -> list[str]:
    """The IRIs that some predicates lead to, each once."""
    return list(
        dict.fromkeys(
            triple.object.value
            for triple in triples
            if triple.predicate in predicates and isinstance(triple.object, ox.NamedNode)
        )
    )


def _subjects(triples: Triples) -> set[str]:
    return {t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)}


__all__ = ["LocalStore", "endpoint", "store_graphs"]
