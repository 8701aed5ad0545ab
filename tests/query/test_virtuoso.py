"""What Virtuoso, which institutions run, does not say of a query; skipped where it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.records import Outcome


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that gives 1,000 rows at most, and has more of its own."""
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso"), rows=1000) as server:
        yield server.options[1]


def test_what_virtuoso_cuts_off_is_said(virtuoso: str, run: Callable[..., Outcome]) -> None:
    ask = ("query", "-", "--endpoint", virtuoso, "--format", "csv")
    whole = run(*ask, stdin=b"SELECT * { ?s ?p ?o } LIMIT 300")
    assert (whole.code, len(whole.stdout.splitlines())) == (0, 301)
    cut = run(*ask, stdin=b"SELECT * { ?s ?p ?o }")
    assert cut.code == 2
    assert "the answer is not whole: the server gives no more than 1000 rows" in cut.stderr
    assert run(*ask, stdin=b"ASK { ?s ?p ?o }").stdout == "true\n"
    assert run(*ask, stdin=b"ASK { ?s ?p 'no such' }").stdout == "false\n"
    wrong = run(*ask, stdin=b"SELECT * { ?s ?p }")
    assert wrong.code == 2
    assert "the server answered 400: Virtuoso 37000 Error SP030" in wrong.stderr
