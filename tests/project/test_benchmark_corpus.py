"""The synthetic corpus that the benchmarks run on: sound records, and always the same ones."""

from __future__ import annotations

import importlib.util
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
import yaml_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

RECORDS = 300
SEED = 1
FORMS = ("legacy", "current", "mixed")
FIGID = re.compile(r"PMC\d+__[A-Za-z0-9._-]+")
# A block scalar comes from R's YAML writer; PyYAML would write it otherwise.
BLOCK = "keywords: |-\n"


def _load() -> ModuleType:
    """The script as a module: benchmarks is a folder of scripts, not a package."""
    path = ROOT / "benchmarks" / "corpus.py"
    spec = importlib.util.spec_from_file_location("benchmark_corpus", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


corpus = _load()


class Written(NamedTuple):
    form: str
    folder: Path
    figures: dict[str, tuple[str, dict[str, Any]]]
    """The front matter of each file, as text and as PyYAML reads it, by the file's stem."""

    def tables(self, kind: str) -> list[Path]:
        return sorted((self.folder / "_data").glob(f"*-{kind}.tsv"))


def _front_matter(path: Path) -> str:
    text = path.read_text("utf-8")
    assert text.startswith("---\n")
    assert text.endswith("\n---\n")
    return text[4:-4]


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("_*/*")}


@pytest.fixture(scope="module", params=FORMS)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("corpus")
    corpus.write(folder, RECORDS, SEED, request.param)
    texts = {path.stem: _front_matter(path) for path in (folder / "_figures").iterdir()}
    figures = {stem: (text, yaml.safe_load(text)) for stem, text in texts.items()}
    return Written(request.param, folder, figures)


def test_both_readers_agree(written: Written) -> None:
    for text, fields in written.figures.values():
        assert yaml_rs.loads(text, parse_datetime=False) == fields


def test_every_figure_has_its_own_name(written: Written) -> None:
    assert len(written.figures) == RECORDS
    aliases = []
    for stem, (_, fields) in written.figures.items():
        assert FIGID.fullmatch(stem)
        assert fields["figid"] == stem
        assert fields["pmcid"] == stem.partition("__")[0]
        assert fields["filename"] == stem.partition("__")[2] + ".jpg"
        if "figid_alias" in fields:
            aliases.append(fields["figid_alias"])
    assert len(set(aliases)) == len(aliases)
    assert not set(aliases) & set(written.figures)
    articles = {fields["pmcid"] for _, fields in written.figures.values()}
    assert len(articles) < RECORDS


def test_text_looks_as_pyyaml_writes_it(written: Written) -> None:
    for text, fields in list(written.figures.values())[::10]:
        if BLOCK not in text:
            look = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=80)
            assert text == look


def test_every_value_is_text_where_text_belongs(written: Written) -> None:
    for _, fields in written.figures.values():
        lists = [fields["organisms"], fields.get("organisms_ner", [])]
        rows = [row for kind in ("genes", "chemicals", "diseases") for row in fields.get(kind, [])]
        values = [*fields["schema-jsonld"]["keywords"], *(v for row in rows for v in row.values())]
        values += [item for value in lists for item in ([value] if type(value) is str else value)]
        values += [fields[key] for key in ("number", "caption", "figtitle", "year", "reftext")]
        assert {type(value) for value in values} == {str}
        assert fields["caption"] == fields["schema-jsonld"]["description"]


def test_tables_stand_beside_records_of_the_current_form(written: Written) -> None:
    current = {stem for stem, (_, fields) in written.figures.items() if "genes" not in fields}
    assert bool(current) == (written.form != "legacy")
    assert (len(current) < RECORDS) == (written.form != "current")
    found = 0
    for kind, header in corpus.HEADERS.items():
        width = header.count("\t") + 1
        for path in written.tables(kind):
            found += 1
            assert path.name.removesuffix(f"-{kind}.tsv") in current
            text = path.read_text("utf-8")
            assert text.startswith(header)
            assert text.endswith("\n")
            rows = [line.split("\t") for line in text[:-1].split("\n")[1:]]
            assert rows
            assert all(len(cells) == width and all(cells) for cells in rows)
    assert found == len(list((written.folder / "_data").iterdir()))


def test_a_gene_number_is_of_one_organism(written: Written) -> None:
    organisms: dict[str, set[str]] = {}
    for path in written.tables("genes"):
        for line in path.read_text("utf-8").splitlines()[1:]:
            cells = line.split("\t")
            organisms.setdefault(cells[6], set()).add(cells[0])
    assert all(len(taxa) == 1 for taxa in organisms.values())


def test_rare_forms_are_met() -> None:
    """Enough records hold every form that a reader must cope with."""
    figures = corpus.Corpus(SEED).figures("mixed")
    text = "".join(next(figures).markdown for _ in range(3_000))
    for form in (
        "\nyear: ''\n", "\nyear: .na.character\n", "\ndoi: .na.character\n", "\n- NA\n",
        "\norganisms: Homo sapiens\n", "\norganisms: ''\n", "\norganisms: .na.character\n",
        "\nkeywords: ''\n", f"\n{BLOCK}", "\ngenes: []\n", "\nndex: ''\n",
        "\n  source: CHEBI\n", "\nannotations:\n- ", "\nfiglink: https://", "\nfigtitle: ''\n",
        "\ncaption: ''\n", "\ncaption: Figure\n", "\nnumber: FIGURE ", "\nnumber: Fig.\u00a0",
        "\nfigtype: Graphical abstract\n", "\nfigtype: Scheme\n", "\\x1F",
    ):  # fmt: skip
        assert form in text, form
    assert re.search(r"\n  entrez: \d+, \d+\n", text)


def test_same_seed_same_bytes_and_fewer_records_are_the_first(
    written: Written, tmp_path: Path
) -> None:
    corpus.write(tmp_path, RECORDS // 10, SEED, written.form)
    again, first = _files(tmp_path), _files(written.folder)
    assert len(list((tmp_path / "_figures").iterdir())) == RECORDS // 10
    assert again.items() <= first.items()


def test_another_seed_gives_others() -> None:
    one, other = (next(corpus.Corpus(seed).figures("legacy")) for seed in (1, 2))
    assert one != other


def test_records_that_are_there_are_not_mixed_with_others(tmp_path: Path) -> None:
    (tmp_path / "_data").mkdir()
    (tmp_path / "_data" / "old-genes.tsv").touch()
    with pytest.raises(FileExistsError):
        corpus.write(tmp_path, 1, SEED)


def test_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(tmp_path), "--records", "3", "--seed", "5", "--form", "current"]
    monkeypatch.setattr(sys, "argv", ["corpus.py", *arguments])
    corpus.main()
    assert capsys.readouterr().out.startswith("3 records, ")
    assert len(list((tmp_path / "_figures").iterdir())) == 3


# Line breaks are the caller's affair: the one field that may hold one is a block scalar.
_TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=300),
    st.text(st.sampled_from("ab'\"# :-,[]{}&*!|>%@`?.~=<\\\u00a0\u03b1"), max_size=200),
    st.from_regex(r"[-+]?[0-9_.:xobeE+-]{1,12}", fullmatch=True),
    st.sampled_from(
        ["On", "no", "NULL", "2E1", "08", "_0", "0o17", "1e5", "1:2", "2001-10-01", ".inf"]
    ),
)


@settings(deadline=None)  # a busy machine is no fault
@given(_TEXTS)
def test_a_scalar_reads_as_the_text_it_was_made_from(text: str) -> None:
    block = (
        f"word: {corpus.scalar(text, 6)}\nlist:\n- deep: {corpus.scalar(text, 8, 4)}\n"
        f"  more: {corpus.scalar(text, 8, 4)}\n"
    )
    expected = {"word": text, "list": [{"deep": text, "more": text}]}
    assert yaml.safe_load(block) == expected
    assert yaml_rs.loads(block, parse_datetime=False) == expected
