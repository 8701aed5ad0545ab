"""Virtuoso 7, whose answers cannot be trusted: ``docs/stores.md`` lists its traps."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.errors import (
    AuthError,
    DiskError,
    LoadError,
    MissingPackageError,
    RemoteError,
    TooLargeError,
    UsageError,
)
from rdfexport.printing import named
from rdfexport.store.servers.protocols import Addresses, GraphStore, cut, insert_data
from rdfexport.untrusted.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdfexport.net.auth import Prompt
    from rdfexport.store.inputs.blocks import Block
    from rdfexport.store.servers.connection import Server

SQL_USER, SQL_PASSWORD = "RDFEXPORT_SQL_USER", "RDFEXPORT_SQL_PASSWORD"
"""The environment variables for the SQL server, whose user may be another than SPARQL's."""

_PROGRAMS: Final = ("isql-vt", "isql-v", "isql")
_ADMINISTRATOR: Final = "dba"
_QUIET: Final = ("VERBOSE=OFF", "PROMPT=OFF", "BANNER=OFF", "ERRORS=STDOUT")
_ISQL_ERROR: Final = re.compile(r"^\*\*\* Error (\S+) (.*)$", re.MULTILINE)
_STATE: Final = re.compile(r"^rdfexport-state (\d+) (.*)$", re.MULTILINE)
_LOADED: Final = "2"
_NOT_ALLOWED: Final = "FA003"
# With the settings of Debian an update of 1,450 triples fails, as it makes 10,000 lines of SQL, and
# the time grows faster than the number: some 900 triples a second in updates of 500, 600 in updates
# of 1,000. With a request a graph it takes 2,700 a second.
_UPDATE_TRIPLES: Final = 500
_GRAPH_TRIPLES: Final = 100
_BULK_TRIPLES: Final = 1_000_000
# Virtuoso guesses a body's format from its text; this line makes it Turtle.
_TURTLE_HEAD: Final = b"@prefix rdfexport: <urn:rdfexport:> .\n"


class Virtuoso(GraphStore):
    """A Virtuoso server through the Graph Store Protocol, with digest authentication.

    It keeps the triples before a syntax error, so no body is sent that does not parse; it refuses
    gzip, and loses bodies of unknown length, which are never sent.
    """

    def update(self, text: str) -> None:
        try:
            super().update(text)
        except TooLargeError:
            # Row by row it accepts any graph, but readers then see parts of it.
            super().update(f"DEFINE sql:log-enable 3\n{text}")

    def replace(self, blocks: Sequence[Block]) -> None:
        # A PUT empties the graph first, and readers see it being filled.
        self._replace_by_moving(blocks)

    def send_graph(self, method: str, graph: str, ntriples: bytes) -> None:
        self._send_body(method, _TURTLE_HEAD + ntriples, "text/turtle", {"graph": graph})

    def upload(self, blocks: Sequence[Block]) -> None:
        by_graph: defaultdict[str, list[Block]] = defaultdict(list)
        for one in blocks:
            check_syntax(one)
            by_graph[one.graph].append(one)
        small = []
        for same in by_graph.values():
            if _triples(same) > _GRAPH_TRIPLES:
                self._part(same)
            else:
                small += same
        for some in cut(small, _UPDATE_TRIPLES):
            self._part(some)

    def send(self, blocks: Sequence[Block]) -> None:
        if len({one.graph for one in blocks}) == 1 and _triples(blocks) > _GRAPH_TRIPLES:
            super().send(blocks)
        else:
            self.update(insert_data(blocks))


class VirtuosoBulk(Virtuoso):
    """A Virtuoso server that reads files by its bulk loader.

    Args:
        server: Its address, and the session for its requests.
        addresses: For queries, updates and graphs.
        loader: Lets the server read files.
    """

    chunk_triples = _BULK_TRIPLES
    chunk_graphs = _BULK_TRIPLES

    def __init__(self, server: Server, addresses: Addresses, loader: BulkLoader) -> None:
        super().__init__(server, addresses)
        self._loader = loader

    def upload(self, blocks: Sequence[Block]) -> None:
        for one in blocks:
            check_syntax(one)
        if blocks:
            self._loader.load(blocks)


class BulkLoader:
    """Virtuoso's own loader of files, for which both sides must see one folder.

    Args:
        sql: Host and port of its SQL server (``127.0.0.1:1111``).
        folder: The folder; the server must be allowed to read it under the same name
            (``DirsAllowed`` in ``virtuoso.ini``).
        prompt: Asks for a password that is not found; None where nobody can be asked.

    Raises:
        MissingPackageError: There is no ``isql`` program.
        UsageError: There is no password.
    """

    def __init__(self, sql: str, folder: Path, prompt: Prompt | None = None) -> None:
        program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
        if program is None:
            raise MissingPackageError(
                f"the bulk loader needs Virtuoso's {_PROGRAMS[0]} on the PATH"
            )
        self._sql = sql
        user = os.environ.get(SQL_USER, _ADMINISTRATOR)
        password = os.environ.get(SQL_PASSWORD)
        if password is None and prompt is not None:
            password = prompt(f"password of {user} at {named(sql)}", hidden=True)
        if password is None:
            raise UsageError(
                f"{named(sql)}: set {SQL_PASSWORD}, and {SQL_USER} if it is not {user}"
            )
        self._password = password
        self._command = [program, sql, user, *_QUIET]
        self._folder = folder.resolve()
        self._number = 0

    def load(self, blocks: Sequence[Block]) -> None:
        """Let the server read blocks from a file.

        Raises:
            RemoteError: The server does not see the folder, or isql cannot log in.
            LoadError: The server does not load all, and says so; it does not always.
        """
        self._number += 1
        path = self._folder / f"rdfexport-{os.getpid()}-{self._number}.nq.gz"
        try:
            with gzip.open(path, "wb", compresslevel=1) as file:
                for one in blocks:
                    file.write(one.data)
            path.chmod(0o644)
            self._read(path)
        except OSError as error:
            raise DiskError(f"{path}: cannot be written ({error.strerror})") from error
        finally:
            path.unlink(missing_ok=True)

    def _read(self, path: Path) -> None:
        folder, name = _quoted(str(path.parent)), _quoted(path.name)
        entry = f"DB.DBA.LOAD_LIST where ll_file like '%/{name}'"
        state = "concat('rdfexport-state ', cast(ll_state as varchar), ' ', coalesce(ll_error, ''))"
        text = self._isql(
            f"ld_dir('{folder}', '{name}', 'urn:rdfexport:no-graph');",
            "rdf_loader_run();",
            "checkpoint;",
            f"select {state} from {entry};",  # noqa: S608 - both are quoted
            f"delete from {entry};",  # noqa: S608
        )
        found = _STATE.search(text)
        if found is None:
            raise RemoteError(
                f"{self._sql}: the bulk loader does not see {path}: is its folder in DirsAllowed"
                " of virtuoso.ini, under this name?"
            )
        if found[1] != _LOADED or found[2].strip():
            raise LoadError(f"{path.name}: the bulk loader says: {found[2].strip() or 'not done'}")

    def _isql(self, *statements: str) -> str:
        # The password is the first line of what it reads, so that no list of processes shows it.
        # It does not ask for one if the one that every new server has will do.
        first = [] if self._password == _ADMINISTRATOR else [self._password]
        text = "\n".join((*first, *statements, ""))
        done = subprocess.run(  # noqa: S603 - a program of the PATH, and no shell
            self._command, input=text.encode(), capture_output=True, check=False
        )
        output = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
        errors = _ISQL_ERROR.findall(output)
        wrong = sum(state.startswith("28000") for state, _ in errors)
        # The first one only says that the password of a new server will not do.
        if wrong > len(first):
            raise AuthError(f"{self._sql}: isql says that user or password is wrong")
        for state, message in errors:
            if _NOT_ALLOWED in message:
                raise RemoteError(
                    f"{self._sql}: the bulk loader may not read {self._folder}: name it in"
                    " DirsAllowed of virtuoso.ini"
                )
            if not state.startswith("28000"):
                raise RemoteError(f"{self._sql}: isql: {state} {message}")
        return output


def check_syntax(one: Block) -> None:
    """Check that a block is well-formed N-Triples.

    Raises:
        LoadError: It is not; the message has the line.
    """
    try:
        for _ in parse(one.ntriples, ox.RdfFormat.N_TRIPLES):
            pass
    except SyntaxError as error:
        raise LoadError(f"{one.label}: line {error.lineno} of its graph: {error.msg}") from error


def _triples(blocks: Sequence[Block]) -> int:
    return sum(one.triples for one in blocks)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
