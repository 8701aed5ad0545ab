"""The SHACL engines against the W3C test suite, one test for each case and engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport.diagnostics import Severity
from rdfexport.validate import ENGINES, default_shapes, load_shapes, shapes_folder
from support.w3c_shacl import (
    Case,
    EngineError,
    Report,
    Result,
    cases,
    components_of,
    difference,
    run,
    same,
    suite,
)

if TYPE_CHECKING:
    from pathlib import Path

SH = "http://www.w3.org/ns/shacl#"

# Strict: a case that starts to pass fails the tests, so that its line is taken out of here and of
# docs/shacl-engines.md. Ours are not to use what the default engine fails.
OWN_SEVERITY = "takes a severity that is not SHACL's for sh:Violation"
KNOWN_FAILURES = {
    ("shacl", "core/misc/severity-002"): OWN_SEVERITY,
    ("pyshacl", "core/misc/severity-002"): OWN_SEVERITY,
    ("shacl", "sparql/pre-binding/unsupported-sparql-004"): (
        "runs a subquery that does not project $this, where SHACL wants it refused"
    ),
    ("pyshacl", "core/property/uniqueLang-002"): (
        'takes sh:uniqueLang "1"^^xsd:boolean for true, where SHACL knows only the term true'
    ),
    ("pyshacl", "sparql/node/prefixes-001"): (
        "does not follow owl:imports from the node that declares the prefixes; passes only where "
        "the syntax of the shapes file happens to declare the same prefix"
    ),
    ("pyshacl", "sparql/pre-binding/shapesGraph-001"): "does not know $shapesGraph",
}


def parameters() -> list[object]:
    folder = suite()
    if folder is None:
        return [pytest.param("", None, marks=pytest.mark.skip(reason=NO_SUITE), id="w3c-suite")]
    return [
        pytest.param(
            engine,
            case,
            id=f"{engine}-{case.id}",
            marks=[pytest.mark.xfail(reason=KNOWN_FAILURES[engine, case.id], strict=True)]
            if (engine, case.id) in KNOWN_FAILURES
            else [],
        )
        for case in cases(folder)
        for engine in ENGINES
    ]


NO_SUITE = "the W3C SHACL test suite: SHACL_SUITE does not name its folder"


@pytest.fixture
def folder() -> Path:
    path = suite()
    if path is None:
        pytest.skip(NO_SUITE)
    return path


# rdflib and pySHACL warn of the ill-formed literals and misplaced parameters under test.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("engine", "case"), parameters())
def test_case(engine: str, case: Case) -> None:
    if case.expected is None:
        with pytest.raises(EngineError):
            run(engine, case.data, case.shapes)
        return
    found = run(engine, case.data, case.shapes)
    assert same(case.expected, found), difference(case.expected, found)


def test_known_failures_name_cases(folder: Path) -> None:
    known = {(engine, case.id) for case in cases(folder) for engine in ENGINES}
    assert known >= KNOWN_FAILURES.keys()


def test_each_component_of_our_shapes_has_cases_that_the_default_engine_passes(
    folder: Path,
) -> None:
    ours = {name for path in shapes_folder().glob("*.ttl") for name in components_of(path)}
    assert len(ours) > 15
    assert ours <= {
        name
        for case in cases(folder)
        if ("shacl", case.id) not in KNOWN_FAILURES and case.expected is not None
        for name in case.components
    }


def test_our_shapes_do_without_what_the_default_engine_fails() -> None:
    """One case is of a severity that is not SHACL's, the other of a query within a query."""
    failing = {case for engine, case in KNOWN_FAILURES if engine == "shacl"}
    assert failing == {
        "core/misc/severity-002",
        "sparql/pre-binding/unsupported-sparql-004",
    }
    triples = list(ox.parse(load_shapes([default_shapes()]), format=ox.RdfFormat.N_TRIPLES))
    severities = {t.object.value for t in triples if t.predicate.value == SH + "severity"}
    assert severities <= {SH + severity.value for severity in Severity}
    queries = [t.object.value for t in triples if t.predicate.value == SH + "select"]
    assert len(queries) == 1
    assert [query.upper().count("SELECT") for query in queries] == [1]


# The comparison itself: a suite that passes proves nothing if every report equals every other.

RESULT = Result(
    focus="<http://example.org/a>",
    path="<http://example.org/p>",
    value='"x"@en-GB',
    component=SH + "DatatypeConstraintComponent",
    severity=SH + "Violation",
    shape="_:shape",
)
REPORT = Report(conforms=False, results=(RESULT,))


@pytest.mark.parametrize("field", Result._fields)
def test_every_field_is_compared(field: str) -> None:
    other = RESULT._replace(**{field: "<http://example.org/other>"})
    assert not same(REPORT, Report(conforms=False, results=(other,)))
    assert "+ " in difference(REPORT, Report(conforms=False, results=(other,)))


def test_number_of_results_and_conformance_are_compared() -> None:
    assert not same(REPORT, Report(conforms=False, results=(RESULT, RESULT)))
    assert not same(REPORT, Report(conforms=True, results=(RESULT,)))


def test_labels_order_and_case_of_language_are_not() -> None:
    other = RESULT._replace(focus="<http://example.org/b>")
    renamed = RESULT._replace(shape="_:another", value='"x"@en-gb')
    left = Report(conforms=False, results=(RESULT, other))
    right = Report(conforms=False, results=(other._replace(shape="_:another"), renamed))
    assert same(left, right)


def test_shared_blank_nodes_are_compared() -> None:
    other = RESULT._replace(focus="<http://example.org/b>")
    left = Report(conforms=False, results=(RESULT, other))
    right = Report(conforms=False, results=(RESULT, other._replace(shape="_:second")))
    assert not same(left, right)
