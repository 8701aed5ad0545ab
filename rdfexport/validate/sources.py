"""Graphs that already exist → pieces, each small enough to be validated at once.

A file is one piece; a store or endpoint is read by figures, a few at a time.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from string import Template
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol
from urllib.parse import urlsplit

import pyoxigraph as ox
import zstandard

from rdfexport.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_COMPRESSED: Final = (".gz", ".zst")
_SCHEMA_CONTEXTS: Final = frozenset(
    f"{scheme}://schema.org{slash}" for scheme in ("http", "https") for slash in ("", "/")
)
# A file is held in memory while it is validated; exports are cut into shards far below this.
_MAX_FILE_BYTES: Final = 1024**3
_RECORD_PAGE: Final = 5_000
_FIGURES_AT_ONCE: Final = 5
_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DATASET: Final = ox.NamedNode("http://schema.org/Dataset")
_TIMEOUT: Final = (10, 120)

_PROLOGUE: Final = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX pfocr: <https://pfocr.wikipathways.org/vocab#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <http://schema.org/>
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
_IN_ONE_GRAPH: Final = f"""
  {{ VALUES ?s {{ $records }} }}
  UNION {{ VALUES ?r {{ $records }}
          ?r schema:isBasedOn|schema:citation|schema:mentions|schema:about|
          schema:distribution|schema:creator|schema:includedInDataCatalog|prov:wasGeneratedBy|
          (prov:wasGeneratedBy/prov:wasAssociatedWith)|
          (schema:mentions/schema:taxonomicRange) ?s }}
  UNION {{ VALUES ?r {{ $records }} ?s prov:wasDerivedFrom ?r }}
  UNION {{ VALUES ?r {{ $records }} ?m prov:wasDerivedFrom ?r ; oa:hasBody|pfocr:expandedFrom ?s }}
  UNION {_OF_PATHWAYS}
  ?s ?p ?o
  FILTER(!STRENDS(STR(?o), "#pathway") || STR(?o) IN ($names))
  FILTER(!STRSTARTS(STR(?o), STR(wp:)) || STR(?s) IN ($names)
         || EXISTS {{ VALUES ?w {{ $pathways }} ?s dcterms:isPartOf ?w }})"""


class Piece(NamedTuple):
    """A data graph to validate.

    ``name`` is the file, or the store or endpoint; ``syntax`` is ``nt`` or ``turtle``; ``records``
    are the IRIs of the figures in it; ``schema_only`` says that it holds schema.org terms alone.
    """

    name: str
    text: str
    syntax: str
    records: list[str]
    schema_only: bool


def rdf_files(paths: Iterable[Path]) -> list[Path]:
    """The RDF files among some files and folders (with all below them), in a stable order.

    Raises:
        CallError: A file is not named as RDF, or there is none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(file for file in path.rglob("*") if _format(file) and file.is_file())
        elif _format(path) is None:
            raise CallError(f"{path}: not an RDF file: its name ends in {', '.join(_FORMATS)}")
        else:
            found.append(path)
    if not found:
        raise CallError("no RDF file: name files or folders, --store or --endpoint")
    return found


def file_piece(path: Path) -> Piece:
    """Read an RDF file.

    Raises:
        CallError: It cannot be read or parsed; says the line.
    """
    form = _format(path)
    try:
        data = _read(path)
        if form == ox.RdfFormat.JSON_LD:
            return _json_piece(path, data)
        records = [
            quad.subject.value
            for quad in ox.parse(data, format=form)
            if quad.predicate == _TYPE
            and quad.object == _DATASET
            and isinstance(quad.subject, ox.NamedNode)
        ]
        if form in {ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES}:
            syntax = "turtle" if form == ox.RdfFormat.TURTLE else "nt"
            return Piece(str(path), data.decode(), syntax, records, schema_only=False)
        triples = (quad.triple for quad in ox.parse(data, format=form))
        return Piece(str(path), _ntriples(triples), "nt", records, schema_only=False)
    except SyntaxError as error:
        place = f"{path}:{error.lineno}" if error.lineno is not None else str(path)
        if "LoadDocumentCallback" in error.msg:
            raise CallError(f"{place}: a context is not at hand, and none is fetched") from error
        raise CallError(f"{place}: not well-formed ({error.msg})") from error
    except (OSError, EOFError, ValueError, RecursionError, zstandard.ZstdError) as error:
        raise CallError(f"{path}: cannot be read ({error})") from error


def _format(path: Path) -> ox.RdfFormat | None:
    suffixes = [suffix for suffix in path.suffixes if suffix not in _COMPRESSED]
    return _FORMATS.get(suffixes[-1]) if suffixes else None


def _read(path: Path) -> bytes:
    if path.suffix == ".gz":
        with gzip.open(path) as file:
            data = file.read(_MAX_FILE_BYTES + 1)
    elif path.suffix == ".zst":
        with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as reader:
            data = reader.read(_MAX_FILE_BYTES + 1)
    else:
        with path.open("rb") as file:
            data = file.read(_MAX_FILE_BYTES + 1)
    if len(data) > _MAX_FILE_BYTES:
        raise CallError(f"{path}: larger than 1 GiB: load it into a store and use --store")
    return data


@cache
def _schema_context() -> Any:
    text = files("rdfexport").joinpath("data/schemaorg-context.jsonld").read_text("utf-8")
    return json.loads(text)["@context"]


def _json_piece(path: Path, data: bytes) -> Piece:
    document = json.loads(data)
    documents = document if isinstance(document, list) else [document]
    schema_only = False
    for part in documents:
        context = part.get("@context") if isinstance(part, dict) else None
        if any(isinstance(one, str) for one in _listed(context)):
            schema_only = True
            part["@context"] = [_local_context(one, path) for one in _listed(context)]
    triples = [
        quad.triple
        for part in documents
        for quad in ox.parse(json.dumps(part), format=ox.RdfFormat.JSON_LD)
    ]
    records = [
        triple.subject.value
        for triple in triples
        if triple.predicate == _TYPE
        and triple.object == _DATASET
        and isinstance(triple.subject, ox.NamedNode)
    ]
    return Piece(str(path), _ntriples(triples), "nt", records, schema_only)


def _listed(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


def _local_context(context: Any, path: Path) -> Any:
    """The context, that of schema.org from the copy that comes with this package."""
    if not isinstance(context, str):
        return context
    if context not in _SCHEMA_CONTEXTS:
        raise CallError(f"{path}: the context {context} is not at hand, and none is fetched")
    return _schema_context()


def _ntriples(triples: Iterable[ox.Triple]) -> str:
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return text.decode()


class Sparql(Protocol):
    """What can be queried."""

    name: str

    def select(self, query: str) -> list[dict[str, str]]:
        """Rows, each a mapping of variable to IRI or text."""

    def construct(self, query: str) -> str:
        """Triples as N-Triples."""


class LocalStore:
    """An Oxigraph store in a folder, opened to be read only.

    Raises:
        CallError: There is no store in the folder.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        try:
            self._store = ox.Store.read_only(str(path))
        except (OSError, ValueError) as error:
            raise CallError(f"{path}: not a store that can be opened ({error})") from error

    def select(self, query: str) -> list[dict[str, str]]:
        solutions: Any = self._store.query(query)
        names = [variable.value for variable in solutions.variables]
        return [{name: solution[name].value for name in names} for solution in solutions]

    def construct(self, query: str) -> str:
        triples: Any = self._store.query(query)
        return _ntriples(triples)


class Endpoint:
    """A SPARQL 1.1 endpoint (https://www.w3.org/TR/sparql11-protocol/).

    Args:
        url: Where queries go.
    """

    def __init__(self, url: str) -> None:
        import requests  # noqa: PLC0415 - slow to import
        from requests.adapters import HTTPAdapter  # noqa: PLC0415
        from urllib3.util import Retry  # noqa: PLC0415

        parts = urlsplit(url)
        # As messages and reports may show it: without user and password.
        self.name = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self._url = url
        self._session = requests.Session()
        retry = Retry(
            total=3,
            backoff_factor=0.5,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=("POST",),
            raise_on_status=False,
            respect_retry_after_header=False,  # which may ask for hours
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def select(self, query: str) -> list[dict[str, str]]:
        text = self._ask(query, "application/sparql-results+json")
        try:
            rows = json.loads(text)["results"]["bindings"]
            return [{name: term["value"] for name, term in row.items()} for row in rows]
        except (ValueError, KeyError, TypeError) as error:
            raise CallError(f"{self.name}: the answer is not SPARQL results in JSON") from error

    def construct(self, query: str) -> str:
        return self._ask(query, "application/n-triples, text/ntriples;q=0.9, text/plain;q=0.5")

    def _ask(self, query: str, accept: str) -> str:
        import requests  # noqa: PLC0415

        try:
            response = self._session.post(
                self._url, data={"query": query}, headers={"Accept": accept}, timeout=_TIMEOUT
            )
        except requests.RequestException as error:
            raise CallError(
                f"{self.name}: the endpoint does not answer ({type(error).__name__})"
            ) from error
        if not response.ok:
            raise CallError(f"{self.name}: the endpoint answered {response.status_code}")
        return response.content.decode("utf-8", "replace")


def store_pieces(source: Sparql) -> Iterator[Piece]:
    """Read a store by figures: each from its own graph, or by what it is connected with.

    Raises:
        CallError: The store does not answer, or not wholly; or there is no figure in it.
    """
    records = _records(source)
    first = next(records, None)
    if first is None:
        raise CallError(f"{source.name}: no record in it: nothing has the class schema:Dataset")
    has_graphs = source.select(
        f"SELECT ?p WHERE {{ GRAPH <{first}> {{ <{first}> ?p ?o }} }} LIMIT 1"
    )
    pattern = Template(_IN_GRAPHS if has_graphs else _IN_ONE_GRAPH)
    records = chain((first,), records)
    while batch := list(islice(records, _FIGURES_AT_ONCE)):
        pathways = [record + "#pathway" for record in batch]
        where = pattern.substitute(
            records=" ".join(str(ox.NamedNode(record)) for record in batch),
            pathways=" ".join(str(ox.NamedNode(pathway)) for pathway in pathways),
            names=", ".join(str(ox.Literal(pathway)) for pathway in pathways),
        )
        text = source.construct(f"{_PROLOGUE}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}")
        counted = source.select(
            f"{_PROLOGUE}SELECT (COUNT(*) AS ?n) WHERE"
            f" {{ SELECT DISTINCT ?s ?p ?o WHERE {{ {where} }} }}"
        )
        try:
            got = len(set(ox.parse(text, format=ox.RdfFormat.N_TRIPLES)))
        except SyntaxError as error:
            raise CallError(f"{source.name}: the answer is not N-Triples ({error.msg})") from error
        # Some servers cut long answers short without a word.
        wanted = "".join(row.get("n", "") for row in counted)
        if wanted != str(got):
            raise CallError(
                f"{source.name}: gave {got} of {wanted or 'uncounted'} triples: raise the limit of"
                " rows that the server sends"
            )
        yield Piece(source.name, text, "nt", batch, schema_only=False)


def _records(source: Sparql) -> Iterator[str]:
    """The records in the order of their IRIs, however few rows the server gives at once."""
    after = ""
    while rows := source.select(
        f"{_PROLOGUE}SELECT DISTINCT ?r WHERE {{ {{ ?r a schema:Dataset }} UNION"
        f" {{ GRAPH ?g {{ ?r a schema:Dataset }} }} FILTER(ISIRI(?r))"
        f" FILTER(STR(?r) > {ox.Literal(after)}) }} ORDER BY STR(?r) LIMIT {_RECORD_PAGE}"
    ):
        for row in rows:
            record = row.get("r", "")
            if record <= after:
                raise CallError(f"{source.name}: does not give the records in their order")
            after = record
            yield record
