"""The prefix map: what makes an IRI or a CURIE, and that curies and Bioregistry agree."""

from __future__ import annotations

import csv
import importlib.util
import json
import lzma
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rdfexport.errors import IdentifierError
from rdfexport.terms import FORMS, PREFIX_MAP, SPACES, Space, Vocabulary, split_iri
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from support.records import Collection, Outcome

FILE = ROOT / "rdfexport" / "data" / "prefixes.json"
VOCABULARY = Vocabulary()
REGISTERED = {name: form for name, form in FORMS.items() if form.prefix is not None}

# Space, identifier, CURIE, IRI.
KNOWN = """
ncbigene            2475            ncbigene:2475           https://identifiers.org/ncbigene/2475
ncbigene-http       2475            ncbigene:2475           http://identifiers.org/ncbigene/2475
ncbigene-uniprot    2475            ncbigene:2475           http://purl.uniprot.org/geneid/2475
hgnc                3942            hgnc:3942               https://identifiers.org/hgnc/3942
hgnc-http           3942            hgnc:3942               http://identifiers.org/hgnc/3942
hgnc-curie          3942            hgnc:3942               http://identifiers.org/hgnc/HGNC:3942
hgnc.symbol         MTOR            hgnc.symbol:MTOR        https://identifiers.org/hgnc.symbol/MTOR
hgnc.symbol         HLA-DRB1        hgnc.symbol:HLA-DRB1    https://identifiers.org/hgnc.symbol/HLA-DRB1
hgnc.symbol         TRA@            hgnc.symbol:TRA@        https://identifiers.org/hgnc.symbol/TRA@
mesh                D020123         mesh:D020123            http://id.nlm.nih.gov/mesh/D020123
mesh                C000720884      mesh:C000720884         http://id.nlm.nih.gov/mesh/C000720884
mesh-https          D020123         mesh:D020123            https://identifiers.org/mesh/D020123
chebi               9168            CHEBI:9168              http://purl.obolibrary.org/obo/CHEBI_9168
chebi-identifiers.org 9168          CHEBI:9168              https://identifiers.org/chebi/CHEBI:9168
doid                0060239         DOID:0060239            http://purl.obolibrary.org/obo/DOID_0060239
taxon               9606            NCBITaxon:9606          http://purl.obolibrary.org/obo/NCBITaxon_9606
taxon-uniprot       9606            NCBITaxon:9606          http://purl.uniprot.org/taxonomy/9606
pmc                 PMC3811159      pmc:PMC3811159          https://identifiers.org/pmc/PMC3811159
doi                 10.1000/a'b<c>  doi:10.1000/a%27b%3Cc%3E  https://doi.org/10.1000/a%27b%3Cc%3E
doi                 10.1016/0(94)x  doi:10.1016/0(94)x      https://doi.org/10.1016/0(94)x
ensembl             ENSG00000198793 ensembl:ENSG00000198793 https://identifiers.org/ensembl/ENSG00000198793
ensembl-rdf         ENSG00000198793 ensembl:ENSG00000198793 http://rdf.ebi.ac.uk/resource/ensembl/ENSG00000198793
uniprot             P42345          uniprot:P42345          https://identifiers.org/uniprot/P42345
uniprot-rdf         A0A024R1R8      uniprot:A0A024R1R8      http://purl.uniprot.org/uniprot/A0A024R1R8
"""

# Space, identifiers that are none; those after "|" the registry would take.
REFUSED = """
ncbigene     2475.1 -1 ٢٤٧٥ | 0 02475 1234567890123
hgnc         HGNC:3942 123456 | 03942
hgnc.symbol  B'-T A.B A/B AKT@1 @ | -A _A
mesh         M0023525 d020123 | Q000008 D1 D0201230000
chebi        CHEBI:9168 chebi_9168 | 09168
doid         DOID:1 | 0123456789
taxon        9606a | 09606 Homo_sapiens
pmc          3811159 pmc3811159 | PMC3811159.1
doi          11.1000/a 10.1000 | 10.10/a
ensembl      ENSG-00000198793 | ENSG00000198793.15 ENSP00000354558 MTOR
uniprot      P4234 p42345 P42345-2
"""


@pytest.mark.parametrize("line", KNOWN.strip().splitlines())
def test_an_identifier_has_one_curie_and_the_iri_of_each_form(line: str) -> None:
    space, local, curie, iri = line.split()
    assert VOCABULARY.matches(space, local)
    assert VOCABULARY.iri(space, local) == iri
    assert VOCABULARY.curie(space, local) == curie


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_an_identifier_has_to_match_both_patterns(line: str) -> None:
    space, _, rest = line.partition(" ")
    registry, _, ours = rest.partition("|")
    pattern = re.compile(FORMS[space].patterns[0], re.ASCII)
    assert not any(map(pattern.fullmatch, registry.split()))
    assert all(map(pattern.fullmatch, ours.split()))
    for local in (registry + ours).split():
        assert not VOCABULARY.matches(space, local)
        for make in (VOCABULARY.iri, VOCABULARY.curie):
            with pytest.raises(IdentifierError):
                make(space, local)


def locals_of(space: str) -> st.SearchStrategy[str]:
    """Identifiers made from either pattern of a space, those of them that it takes."""
    made = [
        st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)
        for pattern in FORMS[space].patterns
    ]
    return st.one_of(made).filter(lambda local: VOCABULARY.matches(space, local))


identifiers = st.sampled_from(sorted(REGISTERED)).flatmap(
    lambda space: st.tuples(st.just(space), locals_of(space))
)


@given(identifiers)
def test_what_is_taken_matches_the_registry(identifier: tuple[str, str]) -> None:
    space, local = identifier
    record = PREFIX_MAP[FORMS[space].prefix or ""]
    assert re.fullmatch(record["pattern"], local, re.ASCII)
    assert VOCABULARY.iri(space, local).startswith(FORMS[space].base)


@given(st.sampled_from(sorted(REGISTERED)), st.text() | st.from_regex(r"[A-Z]{0,4}[0-9]{0,9}"))
def test_what_is_not_taken_makes_no_iri(space: str, local: str) -> None:
    taken = all(re.fullmatch(p, local, re.ASCII) for p in FORMS[space].patterns)
    assert VOCABULARY.matches(space, local) == taken
    if not taken:
        with pytest.raises(IdentifierError):
            VOCABULARY.iri(space, local)


def test_each_form_is_one_of_the_prefix_map() -> None:
    for name, form in REGISTERED.items():
        record = PREFIX_MAP[form.prefix or ""]
        assert form.base in (record["uri_prefix"], *record["uri_prefix_synonyms"]), name
        assert form.patterns[0] == record["pattern"], name
    assert FORMS.keys() - REGISTERED.keys() == {"image", "ndex", "pmc-figure", "pmc-page"}
    with pytest.raises(ValueError, match="no prefix"):
        VOCABULARY.curie("image", "PMC1/f1.jpg")


def test_each_symbol_of_hgnc_is_one_of_the_registry() -> None:
    path = FILE.parent / "references" / "hgnc.tsv.xz"
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        symbols = [row["symbol"] for row in csv.DictReader(file, delimiter="\t")]
    assert len(symbols) > 40_000
    assert [symbol for symbol in symbols if not VOCABULARY.matches("hgnc.symbol", symbol)] == []


def test_a_symbol_that_is_none_is_reported_and_makes_no_iri(
    collection: Collection, record: Callable[..., str], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    gene = "\n- word: B-T\n  symbol: B-T\n  source: hgnc_symbol\n  hgnc_symbol: B'-T\n  entrez: '6'"
    collection.add(text=record("legacy", changes={"genes": gene}))
    out = tmp_path / "out"
    assert run("export", collection.root, "--out", out).code == 0
    lines = (out / "warnings.jsonl").read_text("utf-8").splitlines()
    warnings = [json.loads(line) for line in lines]
    assert [w["field"] for w in warnings] == ["genes[0].hgnc_symbol", "genes[0].entrez"]
    assert warnings[0]["problem"] == '"B\'-T" is not an identifier of hgnc.symbol'
    linkset = (out / "linkset" / "linkset.ttl").read_text("utf-8")
    assert "ncbigene:6 " in linkset
    assert "bdbHgncSymbol" not in linkset
    assert 'pfocr:word "B-T"' in (out / "core" / "PMC1__f1.ttl").read_text("utf-8")


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_the_example_of_a_space_is_one_of_its_identifiers(space: Space) -> None:
    if space.exported:
        iri = VOCABULARY.iri(space.name, space.example)
        assert iri.startswith(space.base)
        assert space.prefix is None or split_iri(iri) == (space, space.example)


@pytest.mark.parametrize(
    ("space", "local", "page", "written"),
    [
        ("mesh", "D020123", "https://meshb.nlm.nih.gov/record/ui?ui=D020123", "D020123"),
        ("chebi", "9168", "https://www.ebi.ac.uk/chebi/CHEBI:9168", "CHEBI:9168"),
        ("doid", "162", "https://disease-ontology.org/term/DOID:162", "DOID:162"),
        ("ncbigene", "2475", "https://www.ncbi.nlm.nih.gov/gene/2475", "2475"),
        ("hgnc", "3942", "https://identifiers.org/hgnc/3942", "3942"),  # no page is known
    ],
)
def test_an_identifier_has_a_page_and_the_form_of_its_database(
    space: str, local: str, page: str, written: str
) -> None:
    assert VOCABULARY.page(space, local) == page
    assert VOCABULARY.identifier(space, local) == written


def test_forms_that_a_space_names_are_among_its_forms() -> None:
    for space in SPACES.values():
        assert set(space.same_as) <= set(space.forms), space.name
        assert set(space.unlisted) <= {*space.forms.values(), *space.also}, space.name


PACKAGE = ROOT / "rdfexport"
# Where bases of spaces stand for something else: addresses of downloads, and of PFOCR's own pages.
ELSEWHERE = {"references", "terms"}


@pytest.mark.parametrize(
    "path",
    [p for p in sorted(PACKAGE.rglob("*.py")) if p.relative_to(PACKAGE).parts[0] not in ELSEWHERE],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_no_other_module_holds_bases_of_identifier_spaces(path: Path) -> None:
    text = path.read_text("utf-8")
    bases = {base for s in SPACES.values() for base in (s.base, *s.forms.values(), *s.also)}
    assert [base for base in bases if re.search(f'"{re.escape(base)}["{{]', text)] == []


def test_the_command_line_reads_the_map_without_the_library() -> None:
    code = "import sys, rdfexport.cli; sys.exit(bool({'curies', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@cache
def converter() -> Any:
    curies = pytest.importorskip("curies", reason="the prefix map by curies: it is not installed")
    return curies.load_extended_prefix_map(FILE)


@settings(deadline=None)  # the first call imports the library
@given(identifiers)
def test_curies_expands_and_compresses_as_the_vocabulary_does(identifier: tuple[str, str]) -> None:
    space, local = identifier
    form = FORMS[space]
    assert form.prefix is not None
    record = PREFIX_MAP[form.prefix]
    iri, curie = VOCABULARY.iri(space, local), VOCABULARY.curie(space, local)
    assert converter().compress(iri, strict=True) == curie
    published = converter().expand(curie, strict=True)
    assert published == converter().standardize_uri(iri)
    encoded = curie.removeprefix(form.prefix + ":")
    assert published == record["uri_prefix"] + encoded
    if form.base == record["uri_prefix"]:
        assert published == iri
    for other in record["uri_prefix_synonyms"]:
        assert converter().compress(other + encoded, strict=True) == curie


def test_the_prefixes_that_others_write_are_known() -> None:
    for curie, ours in {
        "HGNC:3942": "hgnc:3942",
        "MESH:D020123": "mesh:D020123",
        "NCBIGene:2475": "ncbigene:2475",
        "PMID:23812345": "pubmed:23812345",
        "UniProtKB:P42345": "uniprot:P42345",
        "chebi:9168": "CHEBI:9168",
        "doid:0060239": "DOID:0060239",
        "taxonomy:9606": "NCBITaxon:9606",
        "wikipathways:WP1471": "wikipathways:WP1471",
    }.items():
        assert converter().standardize_curie(curie, strict=True) == ours


def test_the_python_of_the_page_says_what_it_gives() -> None:
    converter()
    page = (ROOT / "docs" / "prefixes.md").read_text("utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)
    shown = re.findall(r"^(converter\..*?\))  # (.+)$", code, re.MULTILINE)
    assert len(shown) == 4
    for call, result in shown:
        assert eval(call, names) == result


def build_tool() -> ModuleType:
    path = ROOT / "tools" / "build_prefixes.py"
    spec = importlib.util.spec_from_file_location("build_prefixes", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = tool  # a NamedTuple's annotations are looked up there
    spec.loader.exec_module(tool)
    return tool


def test_the_map_is_what_the_tool_makes_of_the_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("bioregistry", reason="the prefix map again: bioregistry is not installed")
    made = tmp_path / "prefixes.json"
    monkeypatch.setattr("sys.argv", ["build_prefixes.py", "--out", str(made)])
    build_tool().main()
    assert made.read_text("utf-8") == FILE.read_text("utf-8")
    readme = (FILE.parent / "README.md").read_text("utf-8")
    assert f"[Bioregistry](https://bioregistry.io) {version('bioregistry')}:" in readme


def test_the_tool_publishes_no_form_that_the_registry_does_not_know() -> None:
    pytest.importorskip("bioregistry", reason="the prefix map again: bioregistry is not installed")
    tool = build_tool()
    for changes in (
        {"prefix": "no-such-prefix"},
        {"base": "https://example.org/mesh/"},
        {"forms": {"page": "https://example.org/mesh/"}},
        {"unlisted": ("http://identifiers.org/mesh/",)},
    ):
        wrong = replace(SPACES["mesh"], **changes)
        with pytest.raises(SystemExit, match=wrong.prefix):
            tool.record(wrong)
