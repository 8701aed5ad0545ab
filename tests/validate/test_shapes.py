"""The shapes: sound as SHACL, and each of their constraints broken once and found once.

`shapes/violations/{shape}.ru` breaks graphs that conform. A case is a SPARQL update below a line
`# breaks: minCount (what it does)`, which names the constraint that has to be reported, of this
shape and of no other; `# also:` names shapes that cannot but report it too. `# base:` is one of
`BASES`; the one at the top of the file holds for all cases that have none of their own.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection

from rdfexport import FigureRecord, read_records
from rdfexport.diagnostics import Severity
from rdfexport.graph import Mapper, Node, description, quads
from rdfexport.mapping import CORE, LINKSET, WIKIPATHWAYS, Dataset, NodeMap
from rdfexport.mapping.dataset import DESCRIPTION
from rdfexport.model import Concept, Match, MatchType, Prediction
from rdfexport.validate import Engine, load_shapes, make_engine
from support.paths import ROOT, TESTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.diagnostics import Result
    from rdfexport.mapping.view import CompatRule

ALL = ROOT / "shapes" / "all.ttl"
FILES = sorted(path for path in (ROOT / "shapes").glob("*.ttl") if path != ALL)
VIOLATIONS = TESTS / "shapes" / "violations"
NAMESPACE = "https://pfocr.wikipathways.org/shapes#"
FIGURE = "PMC10034769__fphar-14-1067402-g009"
PAGE = f"https://pfocr.wikipathways.org/figures/{FIGURE}.html"

# What makes a constraint, and what its component is called where that is not the same.
PARAMETERS = frozenset(
    f"{SH}{name}"
    for name in (
        *("class", "closed", "datatype", "equals", "hasValue", "in", "languageIn", "maxCount"),
        *("maxInclusive", "maxLength", "minCount", "minInclusive", "minLength", "nodeKind", "not"),
        *("or", "pattern", "qualifiedMaxCount", "qualifiedMinCount", "sparql", "uniqueLang"),
        "xone",
    )
)
# What only tunes a parameter, describes a shape or leads to another one.
OTHER_TERMS = frozenset(
    f"{SH}{name}"
    for name in (
        *("alternativePath", "description", "ignoredProperties", "inversePath", "message", "name"),
        *("path", "property", "qualifiedValueShape", "select", "severity", "targetClass"),
        *("targetObjectsOf", "targetSubjectsOf"),
    )
)
# These are met where there is no value.
FORBIDDING = {"figure-licence", "figure-schema-licence", "no-same-as"}

SHAPES = {path.name: Graph().parse(path) for path in FILES}
MERGED = sum(SHAPES.values(), Graph())


class Case(NamedTuple):
    """One way to break a base; ``parameter`` is the local name of a SHACL term."""

    shape: str
    parameter: str
    base: str
    also: frozenset[str]
    update: str
    id: str


def local(term: object) -> str:
    return str(term).rpartition("#")[2].rstrip(">")


def component(parameter: str) -> str:
    name = "SPARQL" if parameter == "sparql" else parameter[0].upper() + parameter[1:]
    return f"{SH}{name}ConstraintComponent"


def reporting() -> set[URIRef]:
    """The shapes that results can name: those with a message. The others are parts of these."""
    return {shape for shape in MERGED.subjects(SH.message) if isinstance(shape, URIRef)}


def parts() -> list[rdflib.term.Node]:
    """The shapes that only say when a reporting one is met."""
    kinds = (SH.NodeShape, SH.PropertyShape)
    shapes = {shape for kind in kinds for shape in MERGED.subjects(RDF.type, kind)}
    holders = {shape for shape in shapes if (shape, SH.property, None) in MERGED}
    targeted = {shape for shape in holders if any(_targets(shape))}
    return sorted(shapes - reporting() - targeted, key=str)


def _targets(shape: rdflib.term.Node) -> Iterator[tuple[URIRef, rdflib.term.Node]]:
    for predicate in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf):
        for value in MERGED.objects(shape, predicate):
            yield predicate, value


def constraints(shape: rdflib.term.Node) -> list[str]:
    return [local(p) for p, _ in MERGED.predicate_objects(shape) if str(p) in PARAMETERS]


def cases() -> list[Case]:
    found = []
    for path in sorted(VIOLATIONS.glob("*.ru")):
        head, *bodies = re.split(r"^# breaks: ", path.read_text("utf-8"), flags=re.MULTILINE)
        default = head.removeprefix("# base: ").strip()
        for body in bodies:
            title, _, update = body.partition("\n")
            told = dict(re.findall(r"^# (base|also): (.*)$", update, flags=re.MULTILINE))
            found.append(
                Case(
                    path.stem,
                    title.partition(" ")[0],
                    told.get("base", default),
                    frozenset(told.get("also", "").split()),
                    update,
                    f"{path.stem}-{title}",
                )
            )
    return found


CASES = cases()


# The graphs that are broken: exports of examples, each with few rows but every kind of them


def text(nodes: Iterable[Node]) -> str:
    triples = (quad.triple for quad in quads(nodes, "urn:graph"))
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


@cache
def examples() -> dict[str, FigureRecord]:
    return {record.figid: record for record in read_records(str(ROOT / "examples"))}


LEXICAL = "semapv:LexicalMatching"
WITHDRAWN = (
    Match("mesh", "D000094062", "Betulinic Acid", "dcterms:isReplacedBy", LEXICAL, "mesh"),
    Match("chebi", "3087", "betulinic acid", "skos:exactMatch", LEXICAL, "mesh-chebi"),
    Match("chebi", "1", None, "skos:narrowMatch", LEXICAL, "mesh-chebi"),
    Match("chebi", "2", None, "skos:broadMatch", LEXICAL, "mesh-chebi"),
)


_ENTITIES = ("genes", "chemicals", "diseases", "predictions")


@cache
def bases() -> dict[str, str]:
    records = examples()
    record, legacy = records[FIGURE], records["PMC100008__mb2411709009"]
    exact = [m for m in record.genes if m.match_type is MatchType.EXACT]
    human = [m for m in exact if m.genes[0].taxon == ("Homo sapiens", "9606")]
    other = records["PMC10029719__cs3c00075_0011"]
    family = [m for m in other.genes if m.match_type is MatchType.FAMILY]
    with_chebi = next(m for m in other.chemicals if len(m.concepts) == 2)
    only_chebi = records["PMC12240324__pone.0326693.g001"].chemicals[0]
    unknown = next(m for m in legacy.diseases if not m.concepts)
    # A rat gene whose human ortholog the figure does not name.
    rat = next(m for m in exact if m.genes[0].entrez == "24498")
    # One whose symbol is an old one, one that ChEBI does not have, and one that was withdrawn.
    old = human[0]._replace(genes=(human[0].genes[0]._replace(recorded_symbol="INRF2"),))
    unmapped = record.chemicals[0]._replace(concepts=(Concept("mesh", "C026423"),))
    withdrawn = record.chemicals[0]._replace(
        id="0123456789abcdef", concepts=(Concept("mesh", "C002070", "betulinic acid", WITHDRAWN),)
    )
    figure = replace(
        record,
        organisms=record.organisms[2:3],
        recognised_organisms=record.recognised_organisms[:1],
        ndex=legacy.ndex,
        pubmed="36992698",
        year_source="pmc-ids",
        ranked_result_index=records["PMC3811159__nihms512981f2"].ranked_result_index,
        genes=(old, family[0], rat),
        chemicals=(unmapped, with_chebi, only_chebi._replace(name="a name"), withdrawn),
        diseases=(record.diseases[0], unknown),
        wpids=("WP4535",),
        predictions=(Prediction(0, "0123456789abcdef", "Disease", "lung injury", "lung disease"),),
    )
    seed = records["PMC3811159__nihms512981f2"].genes
    third = next(m for m in seed if m.match_type is MatchType.EXACT)
    pathway = replace(figure, genes=(*human, third), chemicals=(with_chebi, only_chebi))
    mapper = Mapper(data_version="20261110")
    kinds = (("core", False), ("linkset", True))
    return {
        "core": text(mapper.core(mapper.view(figure))),
        "bare": text(mapper.core(mapper.view(replace(figure, **dict.fromkeys(_ENTITIES, ()))))),
        "wp": text(mapper.wikipathways(mapper.view(pathway))),
        "linkset": text(mapper.linkset(sorted(set(mapper.link_items(mapper.view(figure)))))),
        "void": text(
            description(
                [
                    Dataset(
                        f"https://example.org/{name}", "Title", "Text", "2026-11-10", "7", links
                    )
                    for name, links in kinds
                ],
                mapper.vocabulary,
            )
        ),
    }


@cache
def prologue() -> str:
    prefixes = {**Mapper().vocabulary.prefixes, "shapes": NAMESPACE}
    lines = (f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in prefixes.items())
    return "\n".join((f"BASE <{PAGE}>", *lines, ""))


@cache
def broken(case: Case) -> str:
    store = ox.Store()
    store.load(bases()[case.base], format=ox.RdfFormat.N_TRIPLES)
    before = set(store)
    store.update(prologue() + case.update)
    assert set(store) != before, "the update changes nothing"
    triples = sorted({quad.triple for quad in store}, key=str)
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


# The engines


@cache
def engine(name: str) -> Engine:
    return make_engine(name, load_shapes([ALL]))


@cache
def base_results(base: str) -> frozenset[Result]:
    return frozenset(engine("shacl").validate(bases()[base]))


def outcome(results: Iterable[Result]) -> Counter[tuple[str, str]]:
    return Counter((local(result.shape), result.component) for result in results)


# The files as SHACL


def test_all_imports_every_file() -> None:
    imported = {Path(str(iri)).name for iri in Graph().parse(ALL).objects(None, OWL.imports)}
    assert imported == {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_stands_on_its_own(path: Path) -> None:
    graph = SHAPES[path.name]
    ours = {term for triple in graph for term in triple if str(term).startswith(NAMESPACE)}
    assert ours == {subject for subject in graph.subjects(RDF.type) if subject in ours}
    for name in ("shacl", "pyshacl"):
        make_engine(name, load_shapes([path])).validate(bases()["bare"])


def test_every_term_of_shacl_is_spelt_right_and_known_here() -> None:
    terms = {str(p) for _, p, _ in MERGED if str(p).startswith(str(SH))}
    assert terms <= PARAMETERS | OTHER_TERMS
    for triple in MERGED:
        for term in triple:
            if str(term).startswith(str(SH)):
                assert term in SH, term


def test_every_shape_has_an_iri_and_says_what_it_is() -> None:
    for kind in (SH.NodeShape, SH.PropertyShape):
        assert all(isinstance(shape, URIRef) for shape in MERGED.subjects(RDF.type, kind))
    held = set(MERGED.objects(None, SH.property)).difference(parts())
    assert held <= reporting()
    assert all(not constraints(s) for s in MERGED.subjects(SH.targetClass) if s not in reporting())
    for shape in reporting():
        is_property = (shape, RDF.type, SH.PropertyShape) in MERGED
        said = (SH.name, SH.description) if is_property else (RDFS.label, RDFS.comment)
        for predicate in (*said, SH.message, SH.severity):
            assert len(list(MERGED.objects(shape, predicate))) == 1, (shape, predicate)
        assert constraints(shape), shape
        assert str(MERGED.value(shape, SH.message)).endswith("."), shape
        assert MERGED.value(shape, SH.severity) in {SH[level.value] for level in Severity}


def test_no_shape_is_left_hanging() -> None:
    """Every shape has a target, or one that has leads to it."""
    reached = {s for s in MERGED.subjects(RDF.type, SH.NodeShape) if any(_targets(s))}
    waiting = list(reached)
    while waiting:
        for term in MERGED.objects(waiting.pop()):
            if term not in reached and (term, None, None) in MERGED:
                reached.add(term)
                waiting.append(term)
    assert {s for s in MERGED.subjects(RDF.type) if str(s).startswith(NAMESPACE)} <= reached


def test_nothing_is_used_that_engines_see_differently() -> None:
    """See docs/shacl-engines.md."""
    for pattern in MERGED.objects(None, SH.pattern):
        assert not re.search(r"\\|\(\?", str(pattern)), pattern
        re.compile(str(pattern))
    ranged = {s for p in (SH.minInclusive, SH.maxInclusive) for s in MERGED.subjects(p)}
    assert {local(MERGED.value(s, SH.datatype)) for s in ranged} <= {"integer", "decimal"}
    queries = list(MERGED.subjects(RDF.type, SH.SPARQLConstraint))
    assert all((query, SH.severity, None) not in MERGED for query in queries)
    assert all("SELECT DISTINCT" in str(q) for q in MERGED.objects(None, SH.select))


def test_shacl_of_shacl_finds_nothing() -> None:
    folder = os.environ.get("SHACL_SUITE")
    if not folder:
        pytest.skip("the W3C SHACL test suite: SHACL_SUITE does not name its folder")
    judges = Graph().parse(Path(folder) / "core" / "complex" / "shacl-shacl-data-shapes.ttl")
    judge = make_engine("shacl", judges.serialize(format="nt"))
    ours = load_shapes([ALL])
    assert judge.validate(ours) == []
    count = f'<{SH}minCount> "1"^^'
    assert judge.validate(ours.replace(count, count.replace("1", "one"), 1))


def test_the_readme_has_the_table_of_the_shapes() -> None:
    spec = importlib.util.spec_from_file_location("table", VIOLATIONS.parent / "table.py")
    assert spec is not None
    assert spec.loader is not None
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    assert (ROOT / "shapes" / "README.md").read_text("utf-8") == table.page()
    assert table.tables().count("\n| `") == len(reporting())


@pytest.mark.parametrize("name", ["shacl", "pyshacl"])
def test_the_shape_of_the_readme_adds_a_rule_and_silences_one(name: str) -> None:
    readme = (ROOT / "shapes" / "README.md").read_text("utf-8")
    theirs = Graph().parse(data=readme.partition("```turtle\n")[2].partition("```")[0])
    judge = make_engine(name, load_shapes([ALL]) + theirs.serialize(format="nt"))
    lines = bases()["bare"].splitlines(keepends=True)
    found = judge.validate("".join(line for line in lines if "#figureNumber>" not in line))
    assert [local(result.shape) for result in found] == ["figure-number"]


# What they demand


def test_every_constraint_has_a_case() -> None:
    wanted = {local(s): Counter(constraints(s)) for s in reporting()}
    given: dict[str, Counter[str]] = defaultdict(Counter)
    for case in CASES:
        given[case.shape][case.parameter] += 1
    assert given.keys() == wanted.keys()
    for shape, parameters in wanted.items():
        assert given[shape] >= parameters, shape
        assert given[shape].keys() == parameters.keys(), shape


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_break_is_reported_by_its_shape_alone(case: Case) -> None:
    found = engine("shacl").validate(broken(case))
    new = [result for result in found if result not in base_results(case.base)]
    own = outcome(result for result in new if local(result.shape) == case.shape)
    assert {name for _, name in own} == {component(case.parameter)}
    assert {local(result.shape) for result in new} - {case.shape} == case.also
    for result in new:
        severity = MERGED.value(URIRef(result.shape.strip("<>")), SH.severity)
        assert local(severity) == result.severity.value
    assert found == engine("pyshacl").validate(broken(case))


def test_cases_that_more_than_one_shape_reports_are_few() -> None:
    assert sum(bool(case.also) for case in CASES) <= len(CASES) / 50


@pytest.mark.parametrize("base", bases())
def test_the_bases_conform_for_both_engines(base: str) -> None:
    found = engine("shacl").validate(bases()[base])
    assert Severity.VIOLATION not in {result.severity for result in found}
    assert found == engine("pyshacl").validate(bases()[base])


def test_every_shape_is_met_by_a_node_with_a_value() -> None:
    stores = {}
    for base, content in bases().items():
        stores[base] = ox.Store()
        stores[base].load(content, format=ox.RdfFormat.N_TRIPLES)
    holders = {p: s for s, p in MERGED.subject_objects(SH.property)}
    for shape in reporting():
        path = MERGED.value(shape, SH.path)
        met = set()
        for base, store in stores.items():
            failed = {r.focus for r in base_results(base) if local(r.shape) == local(shape)}
            for predicate, value in _targets(shape if path is None else holders[shape]):
                query = _focus(predicate, value)
                if path is not None and local(shape) not in FORBIDDING:
                    query += f" ?focus {_sparql(path)} ?value ."
                rows = store.query(f"SELECT DISTINCT ?focus {{ {query} }}")
                assert isinstance(rows, ox.QuerySolutions)
                met |= {str(row["focus"]) for row in rows} - failed
        assert met, shape


def _focus(predicate: URIRef, value: rdflib.term.Node) -> str:
    return {
        SH.targetClass: f"?focus a <{value}> .",
        SH.targetSubjectsOf: f"?focus <{value}> ?object .",
        SH.targetObjectsOf: f"?subject <{value}> ?focus .",
    }[predicate]


def _sparql(path: rdflib.term.Node) -> str:
    if isinstance(path, URIRef):
        return f"<{path}>"
    if (inverse := MERGED.value(path, SH.inversePath)) is not None:
        return f"^{_sparql(inverse)}"
    if (choices := MERGED.value(path, SH.alternativePath)) is not None:
        return f"({'|'.join(_sparql(choice) for choice in Collection(MERGED, choices))})"
    return "/".join(_sparql(step) for step in Collection(MERGED, path))


def _without(triple: tuple[rdflib.term.Node, ...]) -> Engine:
    """The default engine with all shapes but for one triple."""
    subject, predicate, value = (term.n3() for term in triple)
    lines = load_shapes([ALL]).splitlines()
    start = f"{subject} {predicate} "
    ours = [line for line in lines if line.startswith(start)]
    if len(ours) > 1:
        ours = [line for line in ours if line == f"{start}{value} ."]
    (line,) = ours
    lines.remove(line)
    return make_engine("shacl", "\n".join(lines))


def _matters(changed: Engine, tried: Iterable[Case]) -> bool:
    return any(
        outcome(changed.validate(broken(case))) != outcome(engine("shacl").validate(broken(case)))
        for case in tried
    )


def test_every_part_of_a_rule_matters() -> None:
    """Without any one of its constraints, a rule takes some case otherwise."""
    composed = [c for c in CASES if c.parameter in {"or", "xone"} or "qualified" in c.parameter]
    for part in parts():
        for predicate, value in MERGED.predicate_objects(part):
            if str(predicate) in PARAMETERS:
                changed = _without((part, predicate, value))
                assert _matters(changed, composed), (part, predicate)


def test_every_target_matters() -> None:
    for shape in MERGED.subjects(RDF.type, SH.NodeShape):
        targets = list(_targets(shape))
        if len(targets) > 1:
            for predicate, value in targets:
                changed = _without((shape, predicate, value))
                assert _matters(changed, CASES), (shape, value)


# What they say of the mapping and of real records


def _said_by(shape: rdflib.term.Node) -> set[str]:
    """The properties that a shape has something to say of."""
    said = {str(iri) for iri in MERGED.objects(shape, SH.equals)}
    waiting = list(MERGED.objects(shape, SH.path))
    while waiting:
        term = waiting.pop()
        said.add(str(term))
        waiting += [] if isinstance(term, URIRef) else list(MERGED.objects(term))
    return said


@pytest.mark.parametrize(
    "kind", [*CORE, *WIKIPATHWAYS, *LINKSET, *DESCRIPTION], ids=lambda kind: kind.name
)
def test_every_property_of_the_mapping_has_a_shape(kind: NodeMap) -> None:
    expand = Mapper().vocabulary.expand
    store = ox.Store()
    for content in bases().values():
        store.load(content, format=ox.RdfFormat.N_TRIPLES)
    types = () if callable(kind.types) else [URIRef(expand(curie)) for curie in kind.types]
    held = set()
    for holder, shape in MERGED.subject_objects(SH.property):
        classes = set(MERGED.objects(holder, SH.targetClass))
        # Some kinds are found by a property and not by their class, or seen from another node.
        is_seen = not isinstance(MERGED.value(shape, SH.path), URIRef)
        if is_seen or not classes or not types or classes & set(types):
            held.add(shape)
    said = set().union(*(_said_by(shape) for shape in held))
    for row in kind.rows:
        prop = expand(row.property)
        assert any(store.quads_for_pattern(None, ox.NamedNode(prop), None, None)), prop
        assert prop in said


@pytest.mark.parametrize(
    ("entity", "other"),
    [
        ("schema:Gene", "<https://identifiers.org/hgnc/23177>"),
        ("schema:MolecularEntity", "obo:CHEBI_26710"),
        ("schema:MolecularEntity", "mesh:C012345"),
        ("schema:MedicalCondition", "mesh:D012345"),
        ("schema:MedicalCondition", "obo:DOID_0060239"),
    ],
)
def test_entities_may_have_identifiers_of_other_tables(entity: str, other: str) -> None:
    update = f"INSERT {{ ?x schema:sameAs {other} }} WHERE {{ ?x a {entity} }}"
    text = broken(Case("", "", "core", frozenset(), update, ""))
    assert frozenset(engine("shacl").validate(text)) == base_results("core")


def test_the_parts_conform_in_one_graph() -> None:
    together = "".join(bases().values())
    found = engine("shacl").validate(together)
    assert Severity.VIOLATION not in {result.severity for result in found}


def test_the_bioschemas_file_suffices_for_what_a_page_holds() -> None:
    """The JSON-LD has the core's schema.org triples, and the profile."""
    lines = bases()["core"].splitlines(keepends=True)
    page = "".join(
        line
        for line in lines
        if re.match(r"\S+ <http://schema.org/", line)
        or "/conformsTo>" in line
        or re.match(r"\S+ \S+#type> <http://schema.org/", line)
    )
    judge = make_engine("shacl", load_shapes([ROOT / "shapes" / "bioschemas.ttl"]))
    assert {result.severity for result in judge.validate(page)} == {Severity.WARNING}
    without = "".join(
        line for line in page.splitlines(keepends=True) if "schema.org/name" not in line
    )
    assert Severity.VIOLATION in {result.severity for result in judge.validate(without)}


def parts_of(records: Iterable[FigureRecord], rule: CompatRule) -> Iterator[tuple[str, str]]:
    """Each part of each figure, and the linkset of them all, with a name."""
    mapper = Mapper(compat_rule=rule)
    links: set[tuple[str, ...]] = set()
    for record in records:
        view = mapper.view(record)
        yield record.figid, text(mapper.core(view))
        yield record.figid, text(mapper.wikipathways(view))
        links.update(mapper.link_items(view))
    yield "linkset", text(mapper.linkset(sorted(links)))


def violations(graphs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    judge = engine("shacl")
    return [
        (name, f"{result.shape} {result.focus} {result.value}")
        for name, graph in graphs
        for result in judge.validate(graph)
        if result.severity is Severity.VIOLATION
    ]


@pytest.mark.parametrize("rule", ["strict", "all"])
def test_the_examples_conform(rule: CompatRule) -> None:
    assert violations(parts_of(examples().values(), rule)) == []


def test_the_corpus_conforms(corpus: Path) -> None:
    folders = sorted(path.parent for path in corpus.rglob("_figures"))
    assert folders
    for folder in folders:
        assert violations(parts_of(read_records(str(folder)), "all")) == []


def test_records_of_one_store_conform_together() -> None:
    everything = "".join(graph for _, graph in parts_of(examples().values(), "all"))
    assert violations([("store", everything)]) == []
