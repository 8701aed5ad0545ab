"""Records are read without yaml-rs, and graphs validated without shacl, with the same results."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml_rs
from hypothesis import given
from hypothesis import strategies as st

from rdfexport.errors import RecordError
from rdfexport.read import decode, frontmatter, slow_yaml
from support.catalogs import small_release
from support.netcommands import run
from support.paths import EXAMPLES
from support.records import Outcome

# A module that cannot be imported, found before the one that is installed.
BLOCKED = 'raise ImportError("not installed")\n'
HELD = (
    *("1", "01", "+1", "-1", "0o17", "0x1F", "0b11", "1_000", "0x", "0o8", "1_", "_1", "9" * 30),
    *("1.0", "1e3", "1.", ".5", "+.5", "1E-3", "e1", "1e400", "-0.0", ".inf", "-.Inf", ".nan"),
    *("yes", "on", "NO", "true", "True", "TRUE", "tRUE", "null", "~", "Null", "", "nan", "=", "<<"),
    *("2020-01-01", "2020-01-01 10:00:00", "12:30", "!!str 1", "!foo x", "!!int '1'", "! 1"),
    *("!!float 1", "!!binary aGk=", "!!set {a}", "[1, 2]", "{1: 2}", "{[a]: 2}", "{<<: {b: 1}}"),
    *("&x 1", "'a'", '"\\u0041"', "|\n  a\n  b", "a\n  b", "[a: b]", "{a, b: c}", "1 #c", "+", "."),
    *("{? {a: b} : c}", "{? [a, {b: c}] : d}", "{? !!set {a} : b}"),
    *("a\u0085b", "a\u2028b", "'a\u2029b'", "a\ufeffb", "\ue000\u2028", "{1: a, '1': b}"),
)
REFUSED = (
    *("{a: 1, a: 2}", "{1: a, 01: b}", "{0: a, false: b}", "!!null x", "!!bool yes", "!!int z"),
    *("{? {a: [b]} : c}", "{? {a: {b: c}} : d}"),
    *("!!timestamp 2020-01-01", "- - 1", "%a", "`a", "@a", "[a", "'a", "*a", "&a [*a]"),
)


def fast(text: str) -> object:
    return yaml_rs.loads(
        text,
        parse_datetime=False,
        alias_limits=yaml_rs.AliasLimits(
            max_total_replayed_events=0, max_alias_expansions_per_anchor=0
        ),
    )


@pytest.mark.parametrize("written", HELD)
def test_both_readers_make_the_same_of_a_value(written: str) -> None:
    text = f"k: {written}\n"
    assert repr(slow_yaml.loads(text)) == repr(fast(text))


@pytest.mark.parametrize("written", REFUSED, ids=lambda text: text[:30])
def test_both_readers_refuse_what_is_not_yaml(written: str) -> None:
    for name in (None, yaml_rs):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(frontmatter, "yaml_rs", name)
            with pytest.raises(RecordError) as caught:
                decode("a.md", f"---\nk: {written}\n---\n".encode(), {})
        assert caught.value.location.file == "a.md"


@given(st.text("0123456789._+-eExobinfaINF", max_size=8))
def test_both_readers_tell_numbers_from_text_in_the_same_way(word: str) -> None:
    text = f'k: [{word or "x"}, "{word}"]\n'
    try:
        expected = fast(text)
    except ValueError:
        return
    assert repr(slow_yaml.loads(text)) == repr(expected)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_by_the_slow_reader(opening: str) -> None:
    with pytest.raises(slow_yaml.SlowYamlError):
        slow_yaml.loads(opening * 100_000)


def same(paths: list[Path]) -> None:
    for path in paths:
        data = path.read_bytes()
        read = decode(path.name, data, {}).front_matter
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(frontmatter, "yaml_rs", None)
            assert repr(decode(path.name, data, {}).front_matter) == repr(read), path


def test_examples_are_read_the_same_by_both_readers() -> None:
    paths = sorted(EXAMPLES.rglob("*.md"))
    assert paths
    same(paths)


def test_the_corpus_is_read_the_same_by_both_readers(corpus: Path) -> None:
    same(sorted(corpus.glob("*/_figures/*.md")))


def without(folder: Path, *modules: str) -> dict[str, str]:
    """An environment in which modules cannot be imported."""
    folder.mkdir(exist_ok=True)
    for module in modules:
        (folder / f"{module}.py").write_text(BLOCKED)
    paths = [str(folder), str(Path(frontmatter.__file__).parents[2])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def call(environment: dict[str, str], *args: object) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "rdfexport", *map(str, args)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.ttl"))
    }


def test_without_both_packages_an_export_is_the_same_and_says_so_once(tmp_path: Path) -> None:
    slow = call(
        without(tmp_path / "blocked", "yaml_rs", "shacl"),
        *("export", EXAMPLES, "--out", tmp_path / "slow", "--jobs", 2),
    )
    normal = call(dict(os.environ), "export", EXAMPLES, "--out", tmp_path / "fast")
    assert (slow.code, normal.code) == (0, 0)
    assert slow.stderr.count("PyYAML") == slow.stderr.count("pySHACL") == 1
    assert "PyYAML" not in normal.stderr
    assert "pySHACL" not in normal.stderr
    assert contents(tmp_path / "fast")
    assert contents(tmp_path / "slow") == contents(tmp_path / "fast")


def test_without_any_shacl_engine_one_line_names_the_remedy(tmp_path: Path) -> None:
    environment = without(tmp_path / "blocked", "yaml_rs", "shacl", "pyshacl")
    data = tmp_path / "a.nt"
    data.write_text("<http://a/s> <http://a/p> <http://a/o> .\n")
    for command in (("validate", data), ("export", EXAMPLES, "--out", tmp_path / "out")):
        outcome = call(environment, *command, "-q")
        assert (outcome.code, outcome.stdout) == (2, "")
        assert outcome.stderr.count("\n") == 1
        assert "pip install 'rdfexport[fast]'" in outcome.stderr


def test_help_works_without_either_package(tmp_path: Path) -> None:
    environment = without(tmp_path / "blocked", "yaml_rs", "shacl", "pyshacl")
    for command in ((), ("export",), ("validate",)):
        assert call(environment, *command, "--help").code == 0


def test_load_and_submit_say_which_package_is_slower(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdfexport.read.frontmatter.IS_FAST", False)
    monkeypatch.setattr("rdfexport.validate.has_shacl", lambda: False)
    loaded = run("load", EXAMPLES, "--store", tmp_path / "s", "--jobs", "1", "--no-validate")
    assert loaded.code == 0
    assert ("PyYAML" in loaded.stderr, "pySHACL" in loaded.stderr) == (True, False)
    quiet = run("load", EXAMPLES, "--store", tmp_path / "s", "--jobs", "1", "--no-validate", "-q")
    assert "PyYAML" not in quiet.stderr
    (tmp_path / "a.nt").write_text("<a:a> <a:a> <a:a> .\n")
    assert "PyYAML" not in run("load", tmp_path / "a.nt", "--store", tmp_path / "t").stderr
    release = small_release(tmp_path)
    monkeypatch.setenv("RDFEXPORT_TOKEN", "x")
    told = run("submit", release, "--to", "fdp:http://127.0.0.1:0")
    assert "pySHACL" not in told.stderr  # the address is refused before
    told = run("submit", tmp_path / "none", "--to", "fdp:http://127.0.0.1:9")
    assert "pySHACL" in told.stderr


def test_the_slow_reader_names_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    for fields in (
        "a: *b\n",
        "a: &b c\nd: *b\n",
        "a: b\nc:\n  ? {a: [b]}\n  : c\n",
        "? [a]\n: b\nc: d\nc: e\n",
    ):
        text = f"---\n{fields}---\n".encode()
        found = []
        for name in (yaml_rs, None):
            monkeypatch.setattr(frontmatter, "yaml_rs", name)
            with pytest.raises(RecordError) as caught:
                decode("a.md", text, {})
            found.append((caught.value.location, caught.value.problem[:16]))
        assert found[0] == found[1], fields
