"""The backends of queries: a store in a folder, or an endpoint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from rdfexport.errors import UnreadableError, UsageError
from rdfexport.net.address import checked
from rdfexport.net.policy import ANSWERS
from rdfexport.query.text import form, words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Answer(NamedTuple):
    """The answer to a query: a truth, rows or triples, which come as they are read.

    ``source`` is the name of the backend, ``cut_at`` the number of rows after which the server
    stopped, where it said that it did.
    """

    source: str
    results: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]
    cut_at: str = ""


class Store:
    """An Oxigraph store in a folder, opened to be read only.

    Args:
        path: The folder.
        union: Query all graphs as one, unless the query says FROM which.

    Raises:
        UsageError: There is no store in the folder.
        UnreadableError: What is there cannot be opened.
    """

    def __init__(self, path: Path, *, union: bool = True) -> None:
        self.name = str(path)
        self._union = union
        if not path.is_dir():
            raise UsageError(f"{path}: there is no store: make one with rdfexport load")
        try:
            self._store = ox.Store.read_only(str(path))
        except (OSError, ValueError) as error:
            raise UnreadableError(f"{path}: not a store that can be opened ({error})") from error

    def ask(self, text: str) -> Answer:
        """Answer a query.

        Raises:
            UsageError: It is not a SPARQL query; the message names the line.
        """
        form(text)
        try:
            return Answer(
                self.name,
                self._store.query(
                    text, use_default_graph_as_union=self._union and not _says_from(text)
                ),
            )
        except SyntaxError as error:
            raise UsageError(f"not a SPARQL query: {error.msg}") from error


class Endpoint:
    """A SPARQL 1.1 endpoint.

    Args:
        url: Where queries go, or another address of the server. User and password come from
            ``~/.netrc``.
        timeout: Seconds to wait for a complete answer.
        union: Query all graphs as one, unless the query says FROM which.

    Raises:
        UsageError: It is not an address, or holds a password.
        RemoteError: The server takes no queries there.
    """

    def __init__(self, url: str, *, timeout: float, union: bool = True) -> None:
        from rdfexport.net.endpoints import find_endpoint  # noqa: PLC0415 - slow to import
        from rdfexport.net.session import Session  # noqa: PLC0415

        checked(url, "an endpoint", login="put them into ~/.netrc")
        self._union = union
        policy = replace(ANSWERS, read_seconds=timeout, total_seconds=timeout)
        self._client = find_endpoint(url, Session(policy, netrc=True))
        self.name = self._client.name

    def ask(self, text: str) -> Answer:
        """Answer a query; errors may also come while the answer is read.

        Raises:
            UsageError: It is not a query.
            RemoteError: The endpoint does not answer, or not with what was asked for.
        """
        reply = self._client.query(text, form(text), union=self._union and not _says_from(text))
        return Answer(self.name, reply.results, reply.cut_at)


def _says_from(text: str) -> bool:
    return "FROM" in words(text)
