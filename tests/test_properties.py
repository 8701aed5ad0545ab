"""Whatever a record holds: it survives every format, or a message names the field."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pyoxigraph as ox
import pytest
from graphs import OXIGRAPH, by_oxigraph, by_rdflib, expanded, in_rdflib, schema_part
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import (
    ENTRIES,
    ENTRY_TEXTS,
    FORMED,
    HOSTILE,
    NEEDED,
    TEXTS,
    UNWRITABLE,
    as_file,
    as_table,
    as_written,
    hostile_text,
    legacy_records,
    tables,
)

from rdfexport import FigureRecord, IdentifierError, RecordError, to_jsonld, to_quads
from rdfexport.graph import Mapper, quads
from rdfexport.model import Kind
from rdfexport.normalise import normalise
from rdfexport.read import decode
from rdfexport.vocab import SPACES, Vocabulary
from rdfexport.write import FORMATS
from rdfexport.write.formats import escape, json_text

settings.register_profile("ci", derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
property_test = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# The rule under which the WikiPathways part says most.
MAPPER = Mapper(compat_rule="all")
FILE = "PMC1__f1.md"
SOME_NUMBER = re.compile(r"[^\s,;|/]")


def read(data: bytes, siblings: dict[Kind, bytes] | None = None) -> FigureRecord:
    named = {kind: (table_name(kind), table) for kind, table in (siblings or {}).items()}
    return normalise(decode(FILE, data, named), "PMC1__f1", MAPPER.vocabulary)


def table_name(kind: Kind) -> str:
    return f"PMC1__f1-{kind.value}.tsv"


def statements(record: FigureRecord) -> set[tuple[str, str, str]]:
    """The core: subject, property and value, without what kind of term a value is."""
    return {(q.subject.value, q.predicate.value, q.object.value) for q in to_quads(record)}


def assert_survives(record: FigureRecord) -> None:
    """Every format gives back the same quads, to parsers that are not ours."""
    view = MAPPER.view(record)
    core = MAPPER.core(view)
    assert set(to_quads(record)) == set(quads(core, view.page))
    linkset = list(MAPPER.linkset(sorted(set(MAPPER.link_items(view)))))
    for nodes in (core, linkset, MAPPER.wikipathways(view)):
        expected = set(quads(nodes, view.page))
        assert len(expected) == sum(node.size for node in nodes)
        triples = {quad.triple for quad in expected}
        for name in OXIGRAPH:
            serializer = FORMATS[name].serializer(MAPPER.vocabulary.prefixes, many=True)
            text = serializer.header() + serializer.figure(view.page, nodes) + serializer.footer()
            data = text.encode()
            assert by_oxigraph(data, name) == triples, name
            assert by_rdflib(data, name) == in_rdflib(triples), name
            if name in {"nquads", "trig"}:
                assert set(ox.parse(data, format=OXIGRAPH[name])) == expected, name
    document = json_text(to_jsonld(record))
    assert "<" not in document
    assert json.loads(document) == to_jsonld(record)
    assert expanded(json.loads(document)) == schema_part({q.triple for q in to_quads(record)})


def texts(value: Any) -> list[str]:
    """Every text of a record."""
    if isinstance(value, str):
        return [value]
    return [text for part in (value.values() if isinstance(value, dict) else value)
            for text in texts(part)]  # fmt: skip


@property_test
@given(legacy_records(), st.sampled_from([None, '"', "'", "|", ">"]))
def test_a_record_survives_or_the_message_names_its_field(
    fields: dict[str, Any], style: str | None
) -> None:
    try:
        record = read(as_file(fields, style))
    except RecordError as error:
        assert error.location.file == FILE
        assert error.location.line is not None
        if "\ud800" in "".join(texts(fields)):  # the one thing that YAML cannot hold
            assert "surrogate" in error.problem
        else:
            assert error.location.field in NEEDED
        return
    assert_survives(record)
    said = {finding.location.field for finding in record.findings}
    found = {(predicate, value) for _, predicate, value in statements(record)}
    expand = MAPPER.vocabulary.expand
    for name in {*TEXTS, *FORMED} & set(fields):
        text = "".join(texts(fields[name]))
        written = as_written(text)
        if UNWRITABLE.search(text):
            assert name in said
        if written is None:
            continue
        if name in TEXTS:
            assert (expand(TEXTS[name]), written) in found, name
        else:
            assert getattr(record, FORMED[name]) or name in said, name
    for i, keyword in enumerate(fields["schema-jsonld"]["keywords"]):
        written = as_written(keyword)
        assert written is None or (expand("schema:keywords"), written) in found
        assert not UNWRITABLE.search(keyword) or f"schema-jsonld.keywords[{i}]" in said
    for kind in Kind:
        entry = {name: fields[kind.value][0][name] for name in ENTRIES[kind]}
        (mention,) = getattr(record, kind.value)
        for name, text in entry.items():
            written = as_written(text)
            place = f"{kind.value}[0].{name}"
            assert not UNWRITABLE.search(text) or place in said, place
            if written is None:
                continue
            if name in ENTRY_TEXTS:
                subject = f"{MAPPER.view(record).page}#m-{mention.id}"
                assert (subject, expand(ENTRY_TEXTS[name]), written) in statements(record), place
            elif name in {"entrez", "identifier"} and SOME_NUMBER.search(text):
                assert linked(mention) or place in said, place


def linked(mention: Any) -> bool:
    """Whether a mention names an entity."""
    attributes = ("genes", "mesh", "chebi", "doid")
    return any(getattr(mention, name, None) for name in attributes)


@property_test
@given(tables)
def test_a_table_survives_or_the_message_names_its_cell(
    rows: dict[Kind, list[dict[str, str]]],
) -> None:
    siblings = {kind: as_table(kind, rows[kind]) for kind in rows}
    bad = {
        (table_name(kind), line)
        for kind in rows
        for line, row in enumerate(rows[kind], 2)
        if "\ud800" in "".join(row.values())
    }
    try:
        record = read(b"---\nfigid: PMC1__f1\nfigtitle: A title\n---\n", siblings)
    except RecordError as error:
        assert (error.location.file, error.location.line) in bad
        assert "not UTF-8" in error.problem
        return
    assert not bad
    assert_survives(record)
    said = {finding.location for finding in record.findings}
    found = statements(record)
    for kind in Kind:
        mentions = getattr(record, kind.value)
        assert len(mentions) == len(rows.get(kind, ()))
        for line, (row, mention) in enumerate(zip(rows.get(kind, ()), mentions, strict=True), 2):
            subject = f"{MAPPER.view(record).page}#m-{mention.id}"
            for column, text in row.items():
                place = (table_name(kind), line, column)
                written = as_written(text)
                if UNWRITABLE.search(text) and column != "organism_group":
                    assert place in said, place
                if written is None:
                    continue
                if column in ENTRY_TEXTS:
                    predicate = MAPPER.vocabulary.expand(ENTRY_TEXTS[column])
                    assert (subject, predicate, written) in found, place
                elif column == "ncbigene_id" and SOME_NUMBER.search(text):
                    assert mention.genes or place in said, place
                elif column in {"mesh", "chebi", "doid"} or column.startswith("count_"):
                    assert getattr(mention, column) or place in said, place


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_hostile_text_names_a_record(text: str) -> None:
    """A figid becomes a file's name and an IRI, so it has its form or there is no record."""
    for figid in (text, f"PMC1__f1{text}", f"{text}PMC1__f1", f"PMC1__f{text}1"):
        data = as_file({"figid": figid, "figtitle": "A title"})
        if as_written(figid) == "PMC1__f1":
            assert read(data).figid == "PMC1__f1"
            continue
        with pytest.raises(RecordError) as caught:
            read(data)
        assert caught.value.location.line == 2
        assert "\ud800" in text or caught.value.location.field == "figid"


identifiers = st.sampled_from(sorted(SPACES)).flatmap(
    lambda space: st.tuples(
        st.just(space),
        st.from_regex(re.compile(SPACES[space][1], re.ASCII), fullmatch=True),
        st.one_of(st.just(""), hostile_text),
    )
)


@settings(property_test, max_examples=600)
@given(identifiers)
def test_an_identifier_makes_a_valid_iri_or_none(identifier: tuple[str, str, str]) -> None:
    space, sound, hostile = identifier
    for local in (sound + hostile, hostile + sound, hostile):
        try:
            iri = Vocabulary().iri(space, local)
        except IdentifierError:
            assert local != sound
            continue
        assert iri.startswith(SPACES[space][0])
        # RFC 3986, section 2: what an IRI of ASCII consists of.
        assert set(iri) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
        )
        assert ox.NamedNode(iri).value == iri
        statement = f"<{iri}> <{iri}> <{iri}> .".encode()
        for form in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE):
            (quad,) = ox.parse(statement, format=form)
            assert quad.subject.value == iri


@pytest.mark.parametrize("space", sorted(SPACES))
def test_every_space_refuses_what_would_break_an_iri(space: str) -> None:
    for local in ("", " ", "<", ">", "a b", "x\ny", "../../etc/passwd", "https://evil.example/"):
        with pytest.raises(IdentifierError):
            Vocabulary().iri(space, local)


@property_test
@given(st.one_of(st.text(max_size=30), hostile_text.map(lambda text: text.replace("\ud800", ""))))
def test_an_escaped_literal_is_read_as_it_was(text: str) -> None:
    statement = f'<a:a> <a:a> "{escape(text)}" .'.encode()
    for form in ("ntriples", "turtle"):
        (triple,) = by_oxigraph(statement, form)
        assert triple.object.value == text
        (spo,) = by_rdflib(statement, form)
        assert str(spo[2]) == text
