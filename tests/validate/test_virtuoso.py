"""`rdfexport validate --endpoint` of Virtuoso with the settings that Debian ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdfexport import ExportOptions, export
from rdfexport.validate import stores
from support import servers
from support.validation import EXAMPLES, Validated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Outcome

LAYOUTS = {"a graph each": (), "one graph": ("--graph", "https://pfocr.wikipathways.org/")}


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples are more figures than are read at once."""
    monkeypatch.setattr(stores, "_FIGURES_AT_ONCE", 5)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    options = ExportOptions(
        folder, formats=("nquads",), wikipathways=True, date="2026-01-01", jobs=1
    )
    export([str(EXAMPLES)], options)
    return folder


@pytest.fixture(scope="module", params=[None, 1_000], ids=["stock", "1,000 rows at most"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Server]:
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso"), rows=request.param) as server:
        yield server


@pytest.mark.parametrize("layout", LAYOUTS)
def test_virtuoso_is_validated_as_a_store_is(
    layout: str,
    server: servers.Server,
    exported: Path,
    run: Callable[..., Outcome],
    validate: Callable[..., Validated],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name, value in server.env.items():
        monkeypatch.setenv(name, value)
    server.empty()
    outcome = run("load", exported, *server.options, *LAYOUTS[layout])
    assert outcome.code == 0, outcome.stderr
    outcome = run("load", exported, "--store", tmp_path / "store", *LAYOUTS[layout])
    assert outcome.code == 0, outcome.stderr
    found = validate("--endpoint", server.options[1])
    expected = validate("--store", tmp_path / "store")
    assert found.code == 0
    assert found.shapes == expected.shapes
    assert sum(found.results.values()) == sum(expected.results.values())
    assert "7 figures in 4 pieces" in found.stderr
