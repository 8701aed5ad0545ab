"""The bundled queries in each kind of store that `rdfexport load` filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from rdfexport import ExportOptions, export
from rdfexport.cli import main
from rdfexport.query import Endpoint, Store, bundled, bundled_names
from rdfexport.query.text import words
from support import servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCAL = [name for name in bundled_names() if "SERVICE" not in words(bundled(name).text)]


@pytest.fixture(scope="module", params=["a few figures", "real records"])
def figures(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export."""
    if request.param == "a few figures":
        few: Path = request.getfixturevalue("graphs")
        return few
    corpus: Path = request.getfixturevalue("corpus")
    collections = sorted(str(folder) for folder in corpus.iterdir() if folder.is_dir())
    folder = tmp_path_factory.mktemp("corpus") / "export"
    options = ExportOptions(
        folder, formats=("nquads",), wikipathways=True, jobs=1, date="2026-01-01"
    )
    export(collections, options)
    return folder


@pytest.fixture(scope="module")
def stores(
    figures: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Store | Endpoint]]:
    """The stores by what they are, each loaded with that export."""
    folder = tmp_path_factory.mktemp("loaded")
    for name in ("oxigraph", "virtuoso"):
        (folder / name).mkdir()
    with (
        servers.oxigraph(folder / "oxigraph") as oxigraph,
        servers.virtuoso(folder / "virtuoso", rows=1_000_000) as virtuoso,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        for name, value in virtuoso.env.items():
            patch.setenv(name, value)
        store = folder / "store"
        for target in (["--store", str(store)], oxigraph.options, virtuoso.options):
            main(["load", str(figures), *target, "--quiet"], standalone_mode=False)
        yield {
            "embedded": Store(store),
            "oxigraph": Endpoint(oxigraph.query, timeout=60),
            "virtuoso": Endpoint(virtuoso.options[1], timeout=60),
        }


def answer_set(asked: Store | Endpoint, text: str) -> set[Any]:
    results = asked.ask(text).results
    if isinstance(results, ox.QuerySolutions):
        return {tuple("" if term is None else term.value for term in row) for row in results}
    return set(map(str, results))


@pytest.mark.parametrize("name", LOCAL)
def test_every_store_gives_the_same_answer(name: str, stores: dict[str, Store | Endpoint]) -> None:
    text = bundled(name).text
    known = answer_set(stores["embedded"], text)
    for kind in ("oxigraph", "virtuoso"):
        assert answer_set(stores[kind], text) == known, kind
