"""The W3C SHACL test suite as plain values, and how its reports are compared.

A case is read from a manifest into N-Triples text for data and shapes, and the expected report
into the same `Report` that is made of an engine's results, so that comparing is one function.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from rdfexport.errors import UnreadableError
from rdfexport.validate import make_engine

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TRUE = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))

# The parameter that makes each core component apply. `sh:flags`, `sh:ignoredProperties` and
# `sh:qualifiedValueShapesDisjoint` only tune the component named by another parameter.
COMPONENTS = {
    SH + parameter: parameter[0].upper() + parameter[1:] + "ConstraintComponent"
    for parameter in (
        *("and", "class", "closed", "datatype", "disjoint", "equals", "hasValue", "in"),
        *("languageIn", "lessThan", "lessThanOrEquals", "maxCount", "maxExclusive"),
        *("maxInclusive", "maxLength", "minCount", "minExclusive", "minInclusive", "minLength"),
        *("node", "nodeKind", "not", "or", "pattern", "property", "qualifiedMaxCount"),
        *("qualifiedMinCount", "uniqueLang", "xone"),
    )
} | {SH + "sparql": "SPARQLConstraintComponent"}


class Result(NamedTuple):
    """One validation result; every term in N-Triples, a complex path as a SPARQL path."""

    focus: str
    path: str | None
    value: str | None
    component: str
    severity: str
    shape: str | None


class Report(NamedTuple):
    conforms: bool
    results: tuple[Result, ...]


class EngineError(Exception):
    """The engine refused the shapes or the data, as some cases require."""


@dataclass(frozen=True, slots=True)
class Case:
    """One entry of the suite; `expected` is None where the engine has to fail."""

    id: str
    data: str
    shapes: str
    expected: Report | None
    components: frozenset[str]


Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Graph = Mapping[str, Mapping[str, tuple[Term, ...]]]


def suite() -> Path | None:
    """The folder named by SHACL_SUITE, or None where the tests have to be skipped."""
    folder = os.environ.get("SHACL_SUITE")
    return Path(folder).absolute() if folder and Path(folder).is_dir() else None


def cases(folder: Path) -> Iterator[Case]:
    """Every case the manifests of `core` and `sparql` lead to."""
    for part in ("core", "sparql"):
        yield from _cases(folder / part / "manifest.ttl", folder)


def components_of(path: Path) -> frozenset[str]:
    """The constraint components used by a shapes file, to be compared with those of the cases."""
    return frozenset(_components(_triples(path)))


def run(engine: str, data: str, shapes: str) -> Report:
    """Validate N-Triples `data` against N-Triples `shapes` with the engine of that name."""
    try:
        results = make_engine(engine, shapes).validate(data)
    except UnreadableError as error:
        raise EngineError(str(error)) from error
    return Report(
        not results,
        tuple(
            Result(x.focus, x.path, x.value, x.component, SH + x.severity.value, x.shape)
            for x in results
        ),
    )


def same(expected: Report, found: Report) -> bool:
    """Whether two reports are isomorphic; the messages are left to each engine by the suite."""
    return expected.conforms == found.conforms and _canonical(expected) == _canonical(found)


def difference(expected: Report, found: Report) -> str:
    """What only one of two reports holds, for a failing test to print.

    Blank node labels are local to each report, so here they all look alike.
    """

    def lines(report: Report) -> list[str]:
        return sorted(
            " ".join("_:" if (field or "").startswith("_:") else str(field) for field in result)
            for result in report.results
        )

    missing, extra = lines(expected), lines(found)
    for line in list(missing):
        if line in extra:
            missing.remove(line)
            extra.remove(line)
    found_text = [f"conforms: expected {expected.conforms}, found {found.conforms}"]
    return "\n".join([*found_text, *(f"- {x}" for x in missing), *(f"+ {x}" for x in extra)])


# Reading the manifests


def _cases(manifest: Path, folder: Path) -> Iterator[Case]:
    graph = _index(_triples(manifest))
    start = manifest.absolute().as_uri()
    for included in graph[start].get(MF + "include", ()):
        yield from _cases(_local(included), folder)
    for entries in graph[start].get(MF + "entries", ()):
        for entry in _items(graph, entries):
            yield _case(graph, _key(entry), manifest.relative_to(folder))


def _case(graph: Graph, entry: str, manifest: Path) -> Case:
    action = graph[_key(_one(graph, entry, MF + "action"))]
    data, shapes = (
        _triples(_local(action[SHT + name][0])) for name in ("dataGraph", "shapesGraph")
    )
    result = _key(_one(graph, entry, MF + "result"))
    return Case(
        id=f"{manifest.parent.as_posix()}/{entry.rpartition('/')[2]}",
        data=_text(data),
        shapes=_text(shapes),
        expected=None if result == SHT + "Failure" else _report(graph, result),
        components=frozenset(_components(shapes)),
    )


def _components(shapes: list[ox.Triple]) -> Iterator[str]:
    """The constraint components a shapes graph uses, those it defines itself included."""
    graph = _index(shapes)
    predicates = {triple.predicate.value for triple in shapes}
    for predicate in predicates & COMPONENTS.keys():
        yield SH + COMPONENTS[predicate]
    for subject in graph:
        for parameter in graph[subject].get(SH + "parameter", ()):
            if _key(_one(graph, _key(parameter), SH + "path")) in predicates:
                yield subject


def _triples(path: Path) -> list[ox.Triple]:
    quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=path.absolute().as_uri())
    return [quad.triple for quad in quads]


def _text(triples: list[ox.Triple]) -> str:
    return b"".join(
        ox.serialize([t], format=ox.RdfFormat.N_TRIPLES) or b"" for t in triples
    ).decode()


def _local(iri: Term) -> Path:
    return Path(unquote(urlsplit(_key(iri)).path))


# Reading RDF


def _index(triples: list[ox.Triple]) -> Graph:
    graph: dict[str, dict[str, tuple[Term, ...]]] = defaultdict(dict)
    for triple in triples:
        objects = graph[_key(triple.subject)].get(triple.predicate.value, ())
        graph[_key(triple.subject)][triple.predicate.value] = (*objects, triple.object)
    return graph


def _key(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _one(graph: Graph, subject: str, predicate: str) -> Term:
    (found,) = graph[subject][predicate]
    return found


def _items(graph: Graph, head: Term) -> Iterator[Term]:
    while _key(head) != RDF + "nil":
        yield graph[_key(head)][RDF + "first"][0]
        head = graph[_key(head)][RDF + "rest"][0]


def _report(graph: Graph, node: str) -> Report:
    return Report(
        conforms=_one(graph, node, SH + "conforms") == TRUE,
        results=tuple(_result(graph, _key(x)) for x in graph[node].get(SH + "result", ())),
    )


def _result(graph: Graph, node: str) -> Result:
    def term(name: str) -> str | None:
        found = graph[node].get(SH + name)
        return str(found[0]) if found else None

    path = graph[node].get(SH + "resultPath")
    return Result(
        focus=str(_one(graph, node, SH + "focusNode")),
        path=_path(graph, path[0]) if path else None,
        value=term("value"),
        component=_key(_one(graph, node, SH + "sourceConstraintComponent")),
        severity=_key(_one(graph, node, SH + "resultSeverity")),
        shape=term("sourceShape"),
    )


def _path(graph: Graph, path: Term) -> str:
    """A path of the report in the one SPARQL spelling that the default engine uses."""
    if isinstance(path, ox.NamedNode):
        return str(path)
    node = graph[_key(path)]
    if RDF + "first" in node:
        return "(" + "/".join(_path(graph, x) for x in _items(graph, path)) + ")"
    if steps := node.get(SH + "alternativePath"):
        return "(" + "|".join(_path(graph, x) for x in _items(graph, steps[0])) + ")"
    if inverse := node.get(SH + "inversePath"):
        return "^" + _path(graph, inverse[0])
    suffixes = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
    for name, suffix in suffixes.items():
        if repeated := node.get(SH + name):
            return f"({_path(graph, repeated[0])}){suffix}"
    raise ValueError(f"not a property path: {path}")


# Comparing


def _canonical(report: Report) -> ox.Dataset:
    """The results as a graph whose blank node labels depend on its structure alone."""
    dataset = ox.Dataset()
    for number, result in enumerate(report.results):
        node = ox.BlankNode(f"result{number}x")
        for name, text in result._asdict().items():
            if text is not None:
                predicate = ox.NamedNode(f"urn:result:{name}")
                dataset.add(ox.Quad(node, predicate, _term(name, text)))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _term(name: str, text: str) -> Term:
    if name not in {"focus", "value", "shape"}:
        return ox.Literal(text)
    (quad,) = ox.parse(f"<urn:s> <urn:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    term: Term = quad.object
    if isinstance(term, ox.Literal) and term.language:
        # Language tags are equal whatever their case, and engines change it.
        return ox.Literal(term.value, language=term.language.lower())
    return term
