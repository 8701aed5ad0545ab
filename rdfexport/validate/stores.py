"""Stores and endpoints → pieces, each small enough to be validated at once.

A store is read by figures, a few at a time; then its linkset, by identifiers; then its
description. Every figure may have a graph of its own, as N-Quads have it, with linkset and
description in theirs; or all may be in one graph, named or not.
"""

from __future__ import annotations

from itertools import chain, islice
from string import Template
from typing import TYPE_CHECKING, Any, Final, Protocol

import pyoxigraph as ox

from rdfexport.errors import RemoteError, UnreadableError
from rdfexport.net.policy import ANSWERS
from rdfexport.validate.sources import Piece, ntriples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rdfexport.net.sparql import Endpoint

_PAGE: Final = 5_000
_FIGURES_AT_ONCE: Final = 5
_IDENTIFIERS_AT_ONCE: Final = 500
_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DATASET: Final = ox.NamedNode("http://schema.org/Dataset")

_PROLOGUE: Final = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX wp: <http://vocabularies.wikipathways.org/wp#>
"""
# What is said of some figures, and of the pathways they depict, where each figure has a graph of
# its own, and where all is in one graph. Genes and articles are part of other pathways too: those
# stay out, and so do their classes as parts where the figures here depict no pathway of theirs.
_OF_PATHWAYS: Final = """
  { VALUES ?s { $pathways } }
  UNION { VALUES ?w { $pathways } ?w foaf:depiction|dcterms:references|^dcterms:isPartOf ?s }"""
_IN_GRAPHS: Final = f"""
  {{ VALUES ?g {{ $records }} GRAPH ?g {{ ?s ?p ?o }} }}
  UNION {{ GRAPH ?g {{ {_OF_PATHWAYS} ?s ?p ?o }} }}
  FILTER(!STRENDS(STR(?o), "#pathway") || STR(?o) IN ($names))"""
# A cross-reference of a figure here may be what another lists: that is said too. Links are not.
_IN_ONE_GRAPH: Final = f"""
  {{ VALUES ?s {{ $records }} }}
  UNION {{ VALUES ?r {{ $records }}
          ?r schema:isBasedOn|schema:citation|schema:mentions|schema:about|
          schema:distribution|schema:creator|schema:includedInDataCatalog|prov:wasGeneratedBy|
          (prov:wasGeneratedBy/prov:wasAssociatedWith)|
          (schema:mentions/schema:taxonomicRange) ?s }}
  UNION {{ VALUES ?r {{ $records }} ?s prov:wasDerivedFrom ?r }}
  UNION {{ VALUES ?r {{ $records }} ?m prov:wasDerivedFrom ?r ; oa:hasBody|pfocr:expandedFrom ?s }}
  UNION {{ VALUES ?r {{ $records }} ?m prov:wasDerivedFrom ?r ; oa:hasBody ?o . ?o a owl:Class .
          ?s schema:mentions ?o BIND(schema:mentions AS ?p) }}
  UNION {_OF_PATHWAYS}
  ?s ?p ?o
  FILTER(?p NOT IN (skos:exactMatch, skos:closeMatch))
  FILTER(!STRENDS(STR(?o), "#pathway") || STR(?o) IN ($names))
  FILTER(!STRSTARTS(STR(?o), STR(wp:)) || STR(?s) IN ($names)
         || EXISTS {{ VALUES ?w {{ $pathways }} ?s dcterms:isPartOf ?w }})"""
# The reference tables, which state their terms, stand with the links that are from them.
_LINKED: Final = (
    "?s skos:exactMatch|wp:bdbEntrezGene|wp:bdbHgncSymbol|wp:bdbChEBI|dcterms:isReplacedBy"
    "|dcterms:rights ?linked"
)
_LINKS: Final = """
  VALUES ?s { $identifiers }
  ?s ?p ?o
  FILTER(?p IN (skos:exactMatch, skos:closeMatch, skos:narrowMatch, skos:broadMatch, owl:sameAs,
                dcterms:isReplacedBy, foaf:page, rdfs:label, rdfs:seeAlso, wp:bdbEntrezGene,
                wp:bdbHgncSymbol, wp:bdbEnsembl, wp:bdbUniprot, wp:bdbChEBI)
         || EXISTS { ?s a pfocr:ReferenceTable })"""
# Other data sets in the same graph describe themselves too.
_DESCRIPTION: Final = """
  { ?s a void:Dataset } UNION { ?s a sh:PrefixDeclaration } UNION { ?s sh:declare ?declared }
  ?s ?p ?o
  FILTER(STRSTARTS(STR(?s), $base))"""


class Sparql(Protocol):
    """What can be queried."""

    name: str

    def select(self, query: str) -> list[dict[str, str]]:
        """Rows, each a mapping of variable to IRI or text."""

    def construct(self, query: str) -> Iterable[ox.Triple]:
        """Triples."""


class LocalStore:
    """An Oxigraph store in a folder, opened to be read only.

    Raises:
        UnreadableError: There is no store in the folder.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        try:
            self._store = ox.Store.read_only(str(path))
        except (OSError, ValueError) as error:
            raise UnreadableError(f"{path}: not a store that can be opened ({error})") from error

    def select(self, query: str) -> list[dict[str, str]]:
        solutions: Any = self._store.query(query)
        names = [variable.value for variable in solutions.variables]
        return [{name: solution[name].value for name in names} for solution in solutions]

    def construct(self, query: str) -> Iterator[ox.Triple]:
        triples: Any = self._store.query(query)
        yield from triples


def endpoint(url: str) -> Endpoint:
    """A SPARQL endpoint that is read as a store is.

    Raises:
        UsageError: It is not an address.
    """
    from rdfexport.net.session import Session  # noqa: PLC0415 - slow to import
    from rdfexport.net.sparql import Endpoint  # noqa: PLC0415

    return Endpoint(url, Session(ANSWERS, netrc=True))


def store_pieces(source: Sparql, vocabulary_base: str) -> Iterator[Piece]:
    """Read a store by figures, then its linkset and its description.

    Args:
        source: The store.
        vocabulary_base: The namespace of the project's own terms in it.

    Raises:
        RemoteError: The endpoint does not answer, or not with all that was asked for.
        UnreadableError: There is no figure in it, or it is not arranged as an export is.
    """
    store = _Reader(source, f"{_PROLOGUE}PREFIX pfocr: <{vocabulary_base}>\n")
    records = store.iris(
        "{ ?s a schema:Dataset } UNION { GRAPH ?g { ?s a schema:Dataset } }", "the records"
    )
    first = next(records, None)
    if first is None:
        raise UnreadableError(
            f"{source.name}: no record in it: nothing has the class schema:Dataset"
        )
    base = store.graph_base(first)
    named = store.graphs_of(first)
    each = first in named
    parts = [base + part for part in ("linkset", "void")] if base else []
    # A query without FROM asks the default graph.
    graphs = parts if each else [*named, *parts, base + "wp"] if named and base else named
    yield from store.figures(chain((first,), records), None if each else graphs)
    if not each or base:
        yield from store.links(graphs)
    if base:
        where = Template(_DESCRIPTION).substitute(base=ox.Literal(base))
        yield from store.pieces(where, graphs, [])


class _Reader:
    """Queries of a store whose answers are known to be whole."""

    def __init__(self, source: Sparql, prologue: str) -> None:
        self._source = source
        self._prologue = prologue

    def select(self, query: str) -> list[dict[str, str]]:
        return self._source.select(self._prologue + query)

    def graphs_of(self, record: str) -> list[str]:
        """The named graphs that a record is in."""
        rows = self.select(
            f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {_terms([record])} ?p ?o }} }}"
        )
        return sorted(row["g"] for row in rows)

    def graph_base(self, record: str) -> str:
        """What stands before the names of the graphs that are not a figure's; empty if unknown.

        The export that made a record has an IRI of that base.
        """
        made = f"{_terms([record])} prov:wasGeneratedBy ?s"
        rows = self.select(f"SELECT ?s WHERE {{ {{ {made} }} UNION {{ GRAPH ?g {{ {made} }} }} }}")
        return min((row["s"].partition("export/")[0] for row in rows), default="")

    def iris(self, where: str, what: str, graphs: Iterable[str] = ()) -> Iterator[str]:
        """The IRIs ``?s`` in their order, however few rows the server gives at once."""
        after = ""
        while rows := self.select(
            f"SELECT DISTINCT ?s {_from(graphs)}WHERE {{ {where} FILTER(ISIRI(?s))"
            f" FILTER(STR(?s) > {ox.Literal(after)}) }} ORDER BY STR(?s) LIMIT {_PAGE}"
        ):
            for row in rows:
                iri = row.get("s", "")
                if iri <= after:
                    raise RemoteError(f"{self._source.name}: does not give {what} in their order")
                after = iri
                yield iri

    def figures(self, records: Iterator[str], graphs: list[str] | None) -> Iterator[Piece]:
        """Some figures a piece, from graphs of their own (None) or from the same ones."""
        pattern = Template(_IN_GRAPHS if graphs is None else _IN_ONE_GRAPH)
        while batch := list(islice(records, _FIGURES_AT_ONCE)):
            pathways = [record + "#pathway" for record in batch]
            where = pattern.substitute(
                records=_terms(batch),
                pathways=_terms(pathways),
                names=", ".join(str(ox.Literal(pathway)) for pathway in pathways),
            )
            yield from self.pieces(where, graphs or (), batch)

    def links(self, graphs: Iterable[str]) -> Iterator[Piece]:
        """Some identifiers a piece, with their links."""
        identifiers = self.iris(_LINKED, "the identifiers", graphs)
        while batch := list(islice(identifiers, _IDENTIFIERS_AT_ONCE)):
            yield from self.pieces(
                Template(_LINKS).substitute(identifiers=_terms(batch)), graphs, []
            )

    def pieces(self, where: str, graphs: Iterable[str], records: list[str]) -> Iterator[Piece]:
        """The triples of a pattern as one piece; none where there are no triples.

        Raises:
            RemoteError: Not all of them came.
        UnreadableError: They are not of all the records.
        """
        source, from_graphs = self._source, _from(graphs)
        triples = source.construct(
            f"{self._prologue}CONSTRUCT {{ ?s ?p ?o }} {from_graphs}WHERE {{ {where} }}"
        )
        got = dict.fromkeys(triples)  # each once, in their order
        counted = self.select(
            f"SELECT (COUNT(*) AS ?n) {from_graphs}WHERE"
            f" {{ SELECT DISTINCT ?s ?p ?o WHERE {{ {where} }} }}"
        )
        # Some servers cut long answers short without a word.
        wanted = "".join(row.get("n", "") for row in counted)
        if wanted != str(len(got)):
            raise RemoteError(
                f"{source.name}: gave {len(got)} of {wanted or 'uncounted'} triples: raise the"
                " limit of rows that the server sends"
            )
        for record in records:
            if ox.Triple(ox.NamedNode(record), _TYPE, _DATASET) not in got:
                raise UnreadableError(
                    f"{source.name}: {record} is not where the first record is: put each record"
                    " into a graph of its own, or all into the same one"
                )
        if got:
            yield Piece(source.name, ntriples(got), "nt", records, schema_only=False)


def _terms(iris: Iterable[str]) -> str:
    """IRIs that a store gave as they stand in a query."""
    try:
        return " ".join(str(ox.NamedNode(iri)) for iri in iris)
    except ValueError as error:
        raise UnreadableError(f"the store gave something that is no IRI ({error})") from error


def _from(graphs: Iterable[str]) -> str:
    return "".join(f"FROM {_terms([graph])} " for graph in graphs)
