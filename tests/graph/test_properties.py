"""Whatever a record holds: it survives every format, or a message names the field."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rdfexport import FigureRecord, IdentifierError, RecordError, to_jsonld
from rdfexport.graph import Mapper, quads
from rdfexport.model import Kind
from rdfexport.normalise import normalise
from rdfexport.read import decode
from rdfexport.terms import FORMS, Vocabulary
from rdfexport.write import FORMATS
from rdfexport.write.formats import escape, json_text
from support.graphs import OXIGRAPH, by_oxigraph, by_rdflib, expanded, in_rdflib, schema_part
from support.strategies import as_file, hostile_text, legacy_records, table_rows

property_test = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
MAPPER = Mapper()


def read(data: bytes, tables: dict[Kind, tuple[str, bytes]] | None = None) -> FigureRecord:
    raw = decode("PMC1__f1.md", data, tables or {})
    return normalise(raw, "PMC1__f1", MAPPER.vocabulary)


def assert_survives(record: FigureRecord) -> set[ox.Triple]:
    """Every format gives back the same triples, to parsers that are not ours."""
    view = MAPPER.view(record)
    nodes = MAPPER.core(view)
    triples = {quad.triple for quad in quads(nodes, view.page)}
    assert len(triples) == sum(node.size for node in nodes)
    for name in OXIGRAPH:
        serializer = FORMATS[name].serializer(MAPPER.vocabulary.prefixes, many=True)
        text = serializer.header() + serializer.figure(view.page, nodes) + serializer.footer()
        data = text.encode()
        assert by_oxigraph(data, name) == triples, name
        assert by_rdflib(data, name) == in_rdflib(triples), name
    document = json_text(to_jsonld(record))
    assert "<" not in document
    assert expanded(json.loads(document)) == schema_part(triples)
    return triples


@property_test
@given(legacy_records())
def test_a_record_survives_or_the_message_names_its_field(fields: dict[str, Any]) -> None:
    try:
        record = read(as_file(fields))
    except RecordError as error:
        # The one thing that may not be read: what YAML cannot hold.
        assert "YAML" in error.problem or error.location.field
        return
    triples = assert_survives(record)
    said = {str(finding.location.field) for finding in record.findings}
    literals = {t.object.value for t in triples if isinstance(t.object, ox.Literal)}
    for name in ("figtitle", "caption"):
        text = fields[name].strip()
        if name not in said and text not in {"", "NA", ".na.character"}:
            assert text in literals, name
    word = fields["genes"][0]["word"].strip()
    if "genes[0].word" not in said and word not in {"", "NA", ".na.character"}:
        assert word in literals


@property_test
@given(table_rows)
def test_a_table_survives_or_the_message_names_its_cell(rows: list[dict[str, str]]) -> None:
    record = b"---\nfigid: PMC1__f1\nfigtitle: A title\n---\n"
    header = list(rows[0]) if rows else ["organism_id"]
    text = "\n".join("\t".join(row) for row in [header, *(list(row.values()) for row in rows)])
    try:
        figure = read(record, {Kind.GENE: ("PMC1__f1-genes.tsv", (text + "\n").encode())})
    except RecordError as error:
        assert error.location.file == "PMC1__f1-genes.tsv"
        assert not rows or error.location.line
        return
    assert len(figure.genes) == len(rows)
    assert_survives(figure)


@property_test
@given(st.sampled_from(sorted(FORMS)), st.one_of(hostile_text, st.from_regex(r"[A-Z]?[0-9]{1,9}")))
def test_an_identifier_makes_a_valid_iri_or_none(space: str, local: str) -> None:
    try:
        iri = Vocabulary().iri(space, local)
    except IdentifierError:
        return
    assert iri.startswith(FORMS[space].base)
    assert not set(' <>"{}|\\^`\n\t') & set(iri)
    assert iri.isprintable()
    (triple,) = ox.parse(f"<{iri}> <{iri}> <{iri}> .".encode(), format=ox.RdfFormat.N_TRIPLES)
    assert triple.subject.value == iri


@pytest.mark.parametrize("space", sorted(FORMS))
def test_every_space_refuses_what_would_break_an_iri(space: str) -> None:
    for local in ("", " ", "<", ">", "a b", "x\ny", "../../etc/passwd", "https://evil.example/"):
        with pytest.raises(IdentifierError):
            Vocabulary().iri(space, local)


@property_test
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_an_escaped_literal_is_read_as_it_was(text: str) -> None:
    statement = f'<a:a> <a:a> "{escape(text)}" .'
    (quad,) = ox.parse(statement.encode(), format=ox.RdfFormat.N_TRIPLES)
    assert quad.object.value == text
