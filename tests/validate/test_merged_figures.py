"""Figures that conform alone conform together: in a shard, and in a store that holds them all.

What figures share (articles, genes, chemicals, diseases, taxa) they may tell differently: one names
a ChEBI entity by itself, another beside a MeSH term; one has a label, another none.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rdfexport import FigureRecord, read_records
from rdfexport.diagnostics import Severity, local_name
from rdfexport.graph import Mapper, Node, quads
from rdfexport.model import (
    Concept,
    ConceptMention,
    Gene,
    GeneMention,
    MatchType,
    Mention,
    Taxon,
)
from rdfexport.validate import Engine, default_shapes, load_shapes, make_engine, stores
from rdfexport.write import NTriples
from support.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from support.validation import Validated

MAPPER = Mapper(compat_rule="all")
WRITER = NTriples(MAPPER.vocabulary.prefixes, many=True)


@cache
def engine() -> Engine:
    return make_engine("shacl", load_shapes([default_shapes()]))


@cache
def example() -> FigureRecord:
    (record,) = read_records(
        str(EXAMPLES / "_figures" / "PMC5653847__41598_2017_14124_Fig8_HTML.md")
    )
    return record


def text(nodes: Sequence[Node]) -> str:
    return WRITER.figure("urn:graph", nodes)


def graph(record: FigureRecord) -> str:
    """The core and the WikiPathways part of a figure."""
    view = MAPPER.view(record)
    return text(MAPPER.core(view)) + text(MAPPER.wikipathways(view))


def linkset(records: Iterable[FigureRecord]) -> str:
    items = {item for record in records for item in MAPPER.link_items(MAPPER.view(record))}
    return text(list(MAPPER.linkset(sorted(items))))


def violated(*graphs: str) -> set[tuple[str, str]]:
    lines = dict.fromkeys(line for graph in graphs for line in graph.splitlines(keepends=True))
    return {
        (local_name(result.shape), result.focus)
        for result in engine().validate("".join(lines))
        if result.severity is Severity.VIOLATION
    }


# Figures of few identifiers, so that they share them, and of several labels for each

labels = st.sampled_from([None, "one", "two"])
IDS = {"mesh": ("D000001", "C000002"), "chebi": ("3", "4"), "doid": ("0005", "6")}


def concepts(*spaces: str) -> st.SearchStrategy[tuple[Concept, ...]]:
    """The concepts of a row: one of each space, or none."""
    one = {
        s: st.builds(Concept, st.just(s), st.sampled_from(IDS[s]), labels, st.just(()))
        for s in spaces
    }
    return st.tuples(*(st.none() | one[space] for space in spaces)).map(
        lambda some: tuple(filter(None, some))
    )


taxa = st.lists(
    st.sampled_from([Taxon("one"), Taxon("one", "9606"), Taxon("two", "9606")]),
    max_size=2,
)


@st.composite
def genes(draw: st.DrawFn) -> tuple[Gene, ...]:
    symbol = draw(labels)
    # One number is of one species, which some records leave out.
    number, species = draw(st.sampled_from([("7", "9606"), ("8", "10090")]))
    taxon = draw(st.sampled_from([None, Taxon(None, species), Taxon("name", species)]))
    return (Gene(number, symbol, draw(st.sampled_from([None, symbol])), taxon),)


def mentions(
    kind: Callable[..., Mention], first: int, **bodies: st.SearchStrategy[object]
) -> st.SearchStrategy[tuple[Mention, ...]]:
    """Rows of a figure; ``first`` keeps their identifiers apart from those of other kinds."""
    rows = st.fixed_dictionaries(
        {
            "word": st.just("word"),
            "match": labels,
            "source": st.sampled_from([None, "MESH", "CHEBI"]),
            "match_type": st.sampled_from([None, MatchType.BY_NAME]),
            **bodies,
        }
    )
    return st.lists(rows, max_size=3).map(
        lambda some: tuple(kind(row=n, id=f"{first + n:016x}", **row) for n, row in enumerate(some))
    )


@st.composite
def figures(draw: st.DrawFn) -> FigureRecord:
    doi_field = draw(st.sampled_from([None, "doi", "reftext"]))
    return replace(
        example(),
        pmcid="PMC1",
        paper_title=draw(labels),
        journal=draw(labels),
        journal_abbreviation=draw(labels),
        publisher=draw(labels),
        citation=draw(labels),
        doi=doi_field and "10.1000/abc-1",
        doi_field=doi_field,
        year=draw(st.sampled_from([None, "2001"])),
        organisms=tuple(draw(taxa)),
        recognised_organisms=tuple(draw(taxa)),
        genes=draw(mentions(GeneMention, 16, genes=genes())),
        chemicals=draw(mentions(ConceptMention, 32, concepts=concepts("mesh", "chebi"))),
        diseases=draw(mentions(ConceptMention, 48, concepts=concepts("mesh", "doid"))),
    )


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(figures(), min_size=2, max_size=4))
def test_figures_that_conform_alone_conform_together(drawn: list[FigureRecord]) -> None:
    records = [replace(record, figid=f"PMC1__f{n}") for n, record in enumerate(drawn)]
    graphs = [graph(record) for record in records]
    assert [found for one in graphs if (found := violated(one))] == []
    assert violated(linkset(records)) == set()
    assert violated(*graphs, linkset(records)) == set()


def figure(number: int, **changes: object) -> FigureRecord:
    changes = {"genes": (), "chemicals": (), "diseases": (), **changes}
    return replace(example(), figid=f"PMC1__f{number}", pmcid="PMC1", **changes)  # type: ignore[arg-type]


def row(kind: Callable[..., Mention], **bodies: object) -> tuple[Mention, ...]:
    shared = {"row": 0, "id": "0" * 16, "word": "word", "match": None}
    return (kind(**shared, source="MESH", match_type=MatchType.BY_NAME, **bodies),)


MESH = Concept("mesh", "D000001", "mesh")


def named(*concepts: Concept) -> tuple[Mention, ...]:
    return row(ConceptMention, concepts=concepts)


SHARED = {
    "chemical without a label": (
        {"chemicals": named(Concept("chebi", "3"))},
        {"chemicals": named(MESH, Concept("chebi", "3", "beside"))},
    ),
    "chemical with another label": (
        {"chemicals": named(Concept("chebi", "3", "alone"))},
        {"chemicals": named(MESH, Concept("chebi", "3", "beside"))},
    ),
    "disease without a label": (
        {"diseases": named(Concept("doid", "5"))},
        {"diseases": named(MESH, Concept("doid", "5", "beside"))},
    ),
    "chemical and disease": (
        {"chemicals": named(MESH, Concept("chebi", "3"))},
        {"diseases": named(Concept("mesh", "D000001"), Concept("doid", "5"))},
    ),
    "taxon with and without a name": (
        {"genes": row(GeneMention, genes=(Gene("7", "A", None, Taxon(None, "9606")),))},
        {"organisms": (Taxon("Homo sapiens", "9606"),)},
    ),
    "titles of one article": ({"paper_title": "one"}, {"paper_title": "another"}),
    "journals of one article": ({"journal": "one"}, {"journal": "another"}),
}


@pytest.mark.parametrize("changes", SHARED.values(), ids=SHARED)
def test_two_figures_tell_of_a_node_differently(
    changes: tuple[dict[str, object], dict[str, object]],
) -> None:
    graphs = [graph(figure(number, **some)) for number, some in enumerate(changes)]
    assert [violated(one) for one in graphs] == [set(), set()]
    assert violated(*graphs) == set()


@pytest.mark.parametrize("changes", SHARED.values(), ids=SHARED)
@pytest.mark.parametrize("layout", ["a graph each", "one graph"])
def test_a_store_of_two_such_figures_conforms(
    changes: tuple[dict[str, object], dict[str, object]],
    layout: str,
    validate: Callable[..., Validated],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Also where a piece has one of them, and what the other says of the node."""
    monkeypatch.setattr(stores, "_FIGURES_AT_ONCE", 1)
    store = ox.Store(str(tmp_path / "store"))
    for number, some in enumerate(changes):
        view = MAPPER.view(figure(number, **some))
        for name, nodes in (("", MAPPER.core(view)), ("urn:wp", MAPPER.wikipathways(view))):
            found = quads(nodes, name or view.page)
            each = layout == "a graph each"
            store.extend(quad if each else ox.Quad(*quad.triple) for quad in found)
    store.flush()
    del store
    found = validate("--store", tmp_path / "store")
    assert found.code == 0
    assert found.stderr.startswith("2 figures in ")
    assert not {name for name in found.shapes if name.endswith("-listed")}


CONTRADICTIONS = {
    "article-year": ({"year": "2001"}, {"year": "2002"}),
    "article-doi": (
        {"doi": "10.1000/a", "doi_field": "doi"},
        {"doi": "10.1000/b", "doi_field": "doi"},
    ),
    "gene-taxon": tuple(
        {"genes": row(GeneMention, genes=(Gene("7", "A", None, Taxon("name", taxon)),))}
        for taxon in ("9606", "10090")
    ),
}


@pytest.mark.parametrize("shape", CONTRADICTIONS)
def test_what_only_one_of_two_figures_can_be_right_about_is_a_violation(shape: str) -> None:
    graphs = [graph(figure(n, **some)) for n, some in enumerate(CONTRADICTIONS[shape])]
    assert [violated(one) for one in graphs] == [set(), set()]
    assert shape in {name for name, _ in violated(*graphs)}


def test_the_corpus_conforms_as_one_graph(corpus: Path) -> None:
    folders = sorted(path.parent for path in corpus.rglob("_figures"))
    records = [record for folder in folders for record in read_records(str(folder))]
    # A figid that stands in both collections is one figure, in two forms.
    distinct = list({record.figid: record for record in records}.values())
    assert len(distinct) > 500
    assert violated(*map(graph, distinct), linkset(distinct)) == set()
