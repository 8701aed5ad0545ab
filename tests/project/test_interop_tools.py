"""That the parsers we compare with find the faults they are there for, and count what is good."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import rdfexport
from support.interop import (
    JenaResult,
    JsonLdResult,
    RapperResult,
    ToolError,
    gseapy,
    gseapy_available,
    jena,
    jena_available,
    jsonld_js,
    jsonld_js_available,
    rapper,
    rapper_available,
    sssom,
    sssom_available,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CONTEXT = Path(rdfexport.__file__).parent / "data" / "schemaorg-context.jsonld"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
PREFIXES = "@prefix e: <http://e/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<rdf:Description rdf:about="http://e/s"><e:p>1</e:p><e:p>2</e:p></rdf:Description></rdf:RDF>'
)


def turtle(statement: str) -> bytes:
    return f"{PREFIXES}{statement} .".encode()


needs_jena = pytest.mark.skipif(jena_available() is not None, reason=jena_available() or "")
needs_jsonld_js = pytest.mark.skipif(
    jsonld_js_available() is not None, reason=jsonld_js_available() or ""
)
needs_rapper = pytest.mark.skipif(rapper_available() is not None, reason=rapper_available() or "")

needs_gseapy = pytest.mark.skipif(gseapy_available() is not None, reason=gseapy_available() or "")
needs_sssom = pytest.mark.skipif(sssom_available() is not None, reason=sssom_available() or "")

SSSOM = """#mapping_set_id: https://example.org/set
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  a: https://example.org/a/
subject_id\tpredicate_id\tobject_id\tmapping_justification
a:1\tskos:exactMatch\t{object}\t{justification}
"""


@needs_sssom
def test_sssom_reads_mappings_and_reports_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text(SSSOM.format(object="a:2", justification="semapv:LexicalMatching"))
    found = sssom(path)
    assert found.mappings == {("a:1", "skos:exactMatch", "a:2", "semapv:LexicalMatching")}
    assert found.problems == ()
    path.write_text(SSSOM.format(object="b:2", justification="semapv:LexicalMatching"))
    with suppress(ToolError):
        assert sssom(path).problems


@needs_gseapy
def test_gseapy_reads_sets_by_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.gmt"
    path.write_text("A\ta title\t1\t2\nB\tbroken\ntitle\t3\n")
    assert gseapy(path) == {"A": ["1", "2"]}
    with pytest.raises(ToolError):
        gseapy(tmp_path / "none.gmt")


@needs_jena
def test_jena_counts_distinct_statements_of_each_syntax(tmp_path: Path) -> None:
    triple = "<http://e/s> <http://e/p> "
    texts = {
        # Two terms of one value, and a statement twice.
        "a.ttl": PREFIXES + "e:s e:p '1'^^xsd:integer, '01'^^xsd:integer, '1'^^xsd:integer .",
        "a.nt": f'{triple}"1" .\n{triple}"1"@en .\n{triple}"1" .\n',
        "a.nq": f'{triple}"1" .\n{triple}"1" <http://e/g> .\n{triple}"1" <http://e/h> .\n',
        "a.trig": PREFIXES + "e:s e:p '1' . e:g { e:s e:p '1', '2' } e:h { e:s e:p '1' }",
        "a.rdf": RDF_XML,
        "é a.ttl": PREFIXES + "e:s e:p 'é\u2028' .",
    }
    assert jena(written(tmp_path, texts)) == {
        tmp_path / name: JenaResult(count)
        for name, count in zip(texts, (2, 2, 3, 4, 2, 1), strict=True)
    }


# Name of the case, which ends in the syntax: the file and what has to be reported.
JENA_FAULTS = {
    "year.ttl": (turtle("e:s e:p '201x'^^xsd:gYear"), "'201x' not valid for datatype XSD gYear"),
    "date.ttl": (turtle("e:s e:p '2020-02-30'^^xsd:date"), "not valid for datatype XSD date"),
    "decimal.ttl": (turtle("e:s e:p '1,5'^^xsd:decimal"), "not valid for datatype XSD decimal"),
    "boolean.ttl": (turtle("e:s e:p 'yes'^^xsd:boolean"), "not valid for datatype XSD boolean"),
    "language.ttl": (turtle("e:s e:p 'a'@en_US"), "fatal: line 3"),
    "subtag.ttl": (turtle("e:s e:p 'a'@en-abcdefghi"), "Language not valid"),
    "space.ttl": (turtle("e:s e:p <http://e/a b>"), "Bad character in IRI (space)"),
    "percent.ttl": (turtle("e:s e:p <http://e/%zz>"), "Bad IRI: <http://e/%zz>"),
    "relative.ttl": (turtle("e:s e:p <o>"), "error: relative IRI <o>"),
    "relative.nt": (b"<s> <http://e/p> <http://e/o> .\n", "Relative IRI: s"),
    "relative.rdf": (RDF_XML.replace("http://e/s", "s").encode(), "error: relative IRI <s>"),
    "unended.ttl": (turtle("e:s e:p"), "fatal: line 3"),
    "unended.nt": (b'<http://e/s> <http://e/p> "a"', "fatal: line 1"),
    "unended.trig": (b"<http://e/g> { <http://e/s> <http://e/p> }", "fatal: line 1"),
    "unended.rdf": (RDF_XML.removesuffix("</rdf:RDF>").encode(), "fatal: "),
    "graph.nq": (b'<http://e/s> <http://e/p> "a" "g" .\n', "fatal: line 1"),
    "encoding.ttl": (b'<http://e/s> <http://e/p> "\xff" .', "fatal: java.nio.charset.Malformed"),
    "syntax.unknown": (b"", "fatal: no RDF syntax"),
}


@pytest.fixture(scope="module")
def jena_faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, JenaResult]:
    """All cases at once, as a JVM for each would take most of the time."""
    folder = tmp_path_factory.mktemp("faults")
    for name, (content, _) in JENA_FAULTS.items():
        (folder / name).write_bytes(content)
    results = jena([folder / name for name in [*JENA_FAULTS, "missing.ttl"]])
    return {path.name: result for path, result in results.items()}


@needs_jena
@pytest.mark.parametrize("name", JENA_FAULTS)
def test_jena_reports_a_fault(jena_faults: dict[str, JenaResult], name: str) -> None:
    messages = jena_faults[name].messages
    assert any(JENA_FAULTS[name][1] in found for found in messages), messages


@needs_jena
def test_jena_reports_a_missing_file(jena_faults: dict[str, JenaResult]) -> None:
    assert "NoSuchFile" in jena_faults["missing.ttl"].messages[0]


@needs_jsonld_js
@pytest.mark.parametrize(
    "context",
    [
        "https://schema.org/",
        "https://schema.org",
        "http://schema.org/",
        "http://schema.org",
        "https://schema.org/docs/jsonldcontext.jsonld",
    ],
)
def test_jsonld_js_reads_schema_org_from_the_file(tmp_path: Path, context: str) -> None:
    path = document(tmp_path, {"@type": "Gene", "name": "a\u2028\nb", "url": "http://e/u"}, context)
    assert jsonld_js([path], CONTEXT)[path] == JsonLdResult(
        frozenset(
            {
                f"<http://e/s> {TYPE} <http://schema.org/Gene> .",
                '<http://e/s> <http://schema.org/name> "a\u2028\\nb" .',
                "<http://e/s> <http://schema.org/url> <http://e/u> .",
            }
        )
    )


@needs_jsonld_js
def test_jsonld_js_names_blank_nodes_alike(tmp_path: Path) -> None:
    values = [{"name": "a"}, {"name": "b"}]
    (tmp_path / "other").mkdir()
    one = document(tmp_path, {"creator": values})
    other = document(tmp_path / "other", {"creator": values[::-1]})
    results = jsonld_js([one, other], CONTEXT)
    assert len(results[one].nquads) == 4
    assert results[one] == results[other]


@needs_jsonld_js
@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"@id": "s", "name": "a"}, "relative @id reference"),
        ({"@id": "http://e/a b", "name": "a"}, "relative @id reference"),
        ({"url": "u"}, "relative object reference"),
        ({"url": "http://e/a b"}, "relative object reference"),
        ({"name": "a", "@unknown": "b"}, "invalid property"),
        ({"name": {"@value": "a", "@language": "en_US"}}, "invalid @language value"),
        ({"@id": 5}, '"@id" value must a string'),
    ],
)
def test_jsonld_js_reports_what_it_would_drop(
    tmp_path: Path, fields: dict[str, object], error: str
) -> None:
    path = document(tmp_path, fields)
    found = jsonld_js([path], CONTEXT)[path]
    assert found.nquads == frozenset()
    assert error in (found.error or "")


@needs_jsonld_js
def test_jsonld_js_fetches_no_context(tmp_path: Path) -> None:
    path = document(tmp_path, {"name": "a"}, "https://example.org/context.jsonld")
    error = jsonld_js([path], CONTEXT)[path].error
    assert "refused to fetch https://example.org/context.jsonld" in (error or "")


@needs_jsonld_js
@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b'{"@id": ', "Unexpected end of JSON input"),
        (b'{"@id": "http://e/s", "http://e/p": "\xff"}', "not valid for encoding utf-8"),
    ],
)
def test_jsonld_js_reports_a_broken_file_and_goes_on(
    tmp_path: Path, content: bytes, error: str
) -> None:
    bad = tmp_path / "bad.jsonld"
    bad.write_bytes(content)
    good = document(tmp_path, {"name": "a"})
    results = jsonld_js([bad, good], CONTEXT)
    assert error in (results[bad].error or "")
    assert results[good] == JsonLdResult(frozenset({'<http://e/s> <http://schema.org/name> "a" .'}))


@needs_jsonld_js
def test_jsonld_js_without_a_context_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no such file"):
        jsonld_js([document(tmp_path, {"name": "a"})], tmp_path / "none.jsonld")


@needs_rapper
@pytest.mark.parametrize(
    ("syntax", "text", "count"),
    [
        ("ntriples", "<http://e/s> <http://e/p> 'a' .\n".replace("'", '"') * 2, 2),
        ("nquads", '<http://e/s> <http://e/p> "a" <http://e/g> .\n', 1),
        ("turtle", PREFIXES + "e:s e:p 'a', 'b', 'c' .", 3),
        ("trig", PREFIXES + "e:g { e:s e:p 'a', 'b' }", 2),
        ("rdfxml", RDF_XML, 2),
        ("ntriples", "", 0),
    ],
)
def test_rapper_counts_statements(tmp_path: Path, syntax: str, text: str, count: int) -> None:
    (path,) = written(tmp_path, {"a": text})
    assert rapper(path, syntax) == RapperResult(count)


@needs_rapper
@pytest.mark.parametrize(
    ("syntax", "text", "message"),
    [
        ("ntriples", "no triple\n", "expected subject term"),
        ("ntriples", '"s" <http://e/p> "o" .\n', "expected subject term"),
        ("ntriples", "<http://e/s> <http://e/p> <http://e/a b> .\n", "illegal character"),
        ("turtle", PREFIXES + "e:s e:p .", "syntax error"),
        ("turtle", "e:s e:p e:o .", "e:s"),
        ("rdfxml", RDF_XML.removesuffix("</rdf:RDF>"), "XML parser error"),
    ],
)
def test_rapper_reports_a_fault(tmp_path: Path, syntax: str, text: str, message: str) -> None:
    (path,) = written(tmp_path, {"a": text})
    messages = rapper(path, syntax).messages
    assert any(message in found for found in messages), messages


@needs_rapper
def test_rapper_with_an_unknown_syntax_is_an_error(tmp_path: Path) -> None:
    (path,) = written(tmp_path, {"a": ""})
    with pytest.raises(ToolError, match="invalid argument"):
        rapper(path, "none")


@pytest.mark.parametrize(
    ("available", "name"),
    [(jena_available, "Jena"), (jsonld_js_available, "jsonld.js"), (rapper_available, "rapper")],
)
def test_a_missing_tool_is_a_reason_to_skip(
    available: Callable[[], str | None],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (available() or "").startswith(f"{name}: no")


def test_a_tools_folder_without_the_tools_gives_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setenv("RDFEXPORT_TOOLS", str(tmp_path))
    assert jena_available() == "Jena: not installed (make tools)"
    assert jsonld_js_available() == "jsonld.js: not installed (make tools)"


def test_the_context_is_stored_in_its_stable_form() -> None:
    text = CONTEXT.read_text(encoding="utf-8")
    terms = json.loads(text)["@context"]
    lines = [f"    {json.dumps(term)}: {json.dumps(terms[term])}" for term in sorted(terms)]
    assert text == '{\n  "@context": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def written(folder: Path, texts: dict[str, str]) -> list[Path]:
    paths = [folder / name for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def document(folder: Path, fields: dict[str, object], context: str = "https://schema.org/") -> Path:
    path = folder / "a.jsonld"
    content = {"@context": context, "@id": "http://e/s", **fields}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
