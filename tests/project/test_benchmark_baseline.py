"""The benchmark's script says what rdfexport says: else the two could not be compared.

It was written apart from the mapping's rows, so this is a test of the mapping as well.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib

from rdfexport import read_records, to_quads, to_rdflib
from support.paths import ROOT

if TYPE_CHECKING:
    from types import ModuleType

CORPUS = os.environ.get("PFOCR_CORPUS")


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def exact_literals(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib would write 0.90 as 0.9, and the two would be equal by accident."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def assert_equal(folder: Path) -> None:
    baseline = load("baseline")
    paths = sorted((folder / "_figures").glob("*.md"))
    assert paths
    for path in paths:
        script = baseline.Script()
        baseline.constants(script)
        script.convert(path)
        (record,) = read_records(str(path), linking=None)
        ours = {quad[:3] for quad in to_rdflib(to_quads(record)).quads()}
        assert set(script.graph) == ours, path.name


@pytest.mark.usefixtures("exact_literals")
def test_the_examples_make_the_same_triples() -> None:
    assert_equal(ROOT / "examples")


@pytest.mark.usefixtures("exact_literals")
@pytest.mark.skipif(CORPUS is None, reason="PFOCR_CORPUS is not set")
@pytest.mark.parametrize("collection", ["current", "legacy"])
def test_the_corpus_makes_the_same_triples(collection: str) -> None:
    assert_equal(Path(CORPUS or "") / collection)


@pytest.mark.usefixtures("exact_literals")
def test_a_generated_corpus_makes_the_same_triples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = load("corpus")
    monkeypatch.setattr(sys, "argv", ["corpus.py", str(tmp_path), "--records", "150"])
    corpus.main()
    assert_equal(tmp_path)
