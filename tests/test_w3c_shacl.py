"""The SHACL engines against the W3C test suite, one test for each case and engine."""

from __future__ import annotations

import pytest
from w3c_shacl import (
    ENGINES,
    Case,
    EngineError,
    Report,
    Result,
    cases,
    difference,
    run,
    same,
    suite,
)

SH = "http://www.w3.org/ns/shacl#"

# Strict: a case that starts to pass fails the tests, so that its line is taken out of here and of
# docs/shacl-engines.md. Ours are not to use what the default engine fails.
KNOWN_FAILURES = {
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
        reason = "the W3C SHACL test suite: SHACL_SUITE does not name its folder"
        return [pytest.param("", None, marks=pytest.mark.skip(reason=reason), id="w3c-suite")]
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


def test_known_failures_name_cases() -> None:
    folder = suite()
    if folder is None:
        pytest.skip("the W3C SHACL test suite: SHACL_SUITE does not name its folder")
    known = {(engine, case.id) for case in cases(folder) for engine in ENGINES}
    assert known >= KNOWN_FAILURES.keys()


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
