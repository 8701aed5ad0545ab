"""Real servers for the tests of loading, each on a free port of this machine."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from requests.auth import AuthBase, HTTPDigestAuth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER, PASSWORD, TOKEN = "loader", "l0ader-päss", "t0ken"
ADMINISTRATOR = "s3cret"
OURS = ("https://pfocr.wikipathways.org/", "urn:", "http://e/")

# The settings as Debian's package virtuoso-opensource-7 ships them.
STOCK_INI = Path("/etc/virtuoso-opensource-7/virtuoso.ini")
# As the documentation says, but for the second user, who may read only.
VIRTUOSO_USERS = """\
set password dba {administrator};
DB.DBA.USER_CREATE('{user}', '{password}');
GRANT SPARQL_UPDATE TO "{user}";
DB.DBA.USER_CREATE('reader', '{password}');
GRANT SPARQL_SELECT TO "reader";
DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 1);
DB.DBA.RDF_DEFAULT_USER_PERMS_SET('{user}', 7);
checkpoint;
"""
NGINX = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  {outside}
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    {rules}
    location / {{
      proxy_pass http://127.0.0.1:{behind};
      {inside}
    }}
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < deadline, "the server does not listen"
        time.sleep(0.02)


@dataclass
class Server:
    """A server that can be killed and started again, with what it holds.

    ``options`` are those of ``rdfexport load`` for it, ``env`` the variables that go with them;
    ``query`` is where it can be asked, past any authentication.
    """

    kind: str
    folder: Path
    command: list[str]
    port: int
    query: str
    options: list[str]
    env: dict[str, str] = field(default_factory=dict)
    auth: AuthBase | None = None
    file_limit: int | None = None
    process: subprocess.Popen[bytes] | None = None
    sql: str = ""

    def start(self) -> None:
        limit = self.file_limit

        def begin() -> None:
            # Without the signal, a write beyond the limit fails as one on a full disk does.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=begin,  # noqa: PLW1509 - it calls nothing that a thread may hold
        )
        wait_until_listening(self.port, self.process)

    def kill(self) -> None:
        """As ``kill -9`` does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)

    def select(self, query: str) -> list[dict[str, str]]:
        headers = {"Accept": "application/sparql-results+json"}
        answer = requests.post(
            self.query, data={"query": query}, headers=headers, auth=self.auth, timeout=60
        )
        assert answer.ok, answer.text
        rows = json.loads(answer.content)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]

    def counts(self) -> dict[str, int]:
        """The triples of each graph; those that the server brings along are left out."""
        found: dict[str, int] = {}
        while True:
            after = max(found, default="")
            rows = self.select(
                "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o }"
                f' FILTER(STR(?g) > "{after}") }} GROUP BY ?g ORDER BY STR(?g) LIMIT 50'
            )
            if not rows:
                return {g: n for g, n in found.items() if g.startswith(OURS)}
            found |= {row["g"]: int(row["n"]) for row in rows}

    def empty(self) -> None:
        graphs = list(self.counts())
        for at in range(0, len(graphs), 50):
            text = ";\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in graphs[at : at + 50])
            self.update(text)

    def update(self, text: str) -> None:
        address = self.query.removesuffix("/query") + (
            "/update" if self.query.endswith("/query") else ""
        )
        headers = {"Content-Type": "application/sparql-update"}
        answer = requests.post(
            address, data=text.encode(), headers=headers, auth=self.auth, timeout=60
        )
        assert answer.ok, answer.text


@contextmanager
def oxigraph(folder: Path, *, read_only: bool = False) -> Iterator[Server]:
    port = free_port()
    program = str(Path(sys.executable).with_name("oxigraph"))
    verb = "serve-read-only" if read_only else "serve"
    url = f"http://127.0.0.1:{port}"
    server = Server(
        "oxigraph",
        folder,
        [program, verb, "-l", str(folder / "data"), "-b", f"127.0.0.1:{port}"],
        port,
        f"{url}/query",
        ["--endpoint", url],
    )
    server.start()
    try:
        yield server
    finally:
        server.kill()


def virtuoso_settings(
    sql: int, http: int, shared: Path, rows: int | None = None, transaction: int | None = None
) -> str:
    """Debian's settings with other ports and folders, and lower limits where these are given."""
    text = STOCK_INI.read_text()
    changes = {
        r"/var/lib/virtuoso-opensource-7/db/": "",
        r"(?m)^(ServerPort\s*=) 1111$": rf"\1 127.0.0.1:{sql}",
        r"(?m)^(ServerPort\s*=) 8890$": rf"\1 127.0.0.1:{http}",
        r"(?m)^(DirsAllowed\s*=.*)$": rf"\1, {shared}",
    }
    if rows is not None:
        changes[r"(?m)^(ResultSetMaxRows\s*=).*$"] = rf"\1 {rows}"
    if transaction is not None:
        changes[r"(?m)^\[Parameters\]$"] = (
            f"[Parameters]\nTransactionAfterImageLimit = {transaction}"
        )
    for old, new in changes.items():
        text, times = re.subn(old, new, text)
        assert times, old
    return text


@contextmanager
def virtuoso(
    folder: Path,
    rows: int | None = None,
    transaction: int | None = None,
    *,
    with_users: bool = True,
) -> Iterator[Server]:
    """Virtuoso as Debian ships it, with its users made, or as it is when new.

    Then a test makes the one that the documentation makes. Its own limits hold unless a test names
    others.
    """
    if shutil.which("virtuoso-t") is None or not STOCK_INI.is_file():
        pytest.skip("Debian's virtuoso-opensource-7 is not there: nothing is loaded into Virtuoso")
    sql, port = free_port(), free_port()
    password = "l0ader" if with_users else "change-me"
    shared = folder / "shared"
    shared.mkdir()
    settings = virtuoso_settings(sql, port, shared, rows, transaction)
    (folder / "virtuoso.ini").write_text(settings)
    url = f"http://127.0.0.1:{port}"
    server = Server(
        "virtuoso",
        folder,
        ["virtuoso-t", "-f", "-c", "virtuoso.ini"],
        port,
        f"{url}/sparql-auth",
        ["--endpoint", f"{url}/sparql", "--auth", "digest"],
        {"RDFEXPORT_USER": USER, "RDFEXPORT_PASSWORD": password},
        HTTPDigestAuth(USER, password),
        sql=f"127.0.0.1:{sql}",
    )
    server.start()
    try:
        if with_users:
            make_users(server.sql, password)
        yield server
    finally:
        server.kill()


def make_users(sql: str, password: str) -> None:
    script = VIRTUOSO_USERS.format(user=USER, password=password, administrator=ADMINISTRATOR)
    command = ["isql-vt", sql, "dba", "dba", "ERRORS=STDOUT"]
    done = subprocess.run(
        command, input=script, capture_output=True, text=True, check=True, timeout=60
    )
    assert "*** Error" not in done.stdout, done.stdout


def nginx_program() -> str:
    unpacked = Path(os.environ.get("RDFEXPORT_TOOLS", ".tools")) / "nginx" / "usr/sbin/nginx"
    program = shutil.which("nginx") or (str(unpacked) if unpacked.is_file() else None)
    if program is None:
        pytest.skip("nginx is not there: no authentication and no limit in front of a server")
    return program


@contextmanager
def nginx(
    folder: Path, behind: Server, rules: str = "", inside: str = "", outside: str = ""
) -> Iterator[str]:
    """nginx in front of another server; gives its URL."""
    program = nginx_program()
    port = free_port()
    folder.mkdir(exist_ok=True)
    # Started by root, it would be another user, who does not see the folders of tests.
    user = "user root;" if os.geteuid() == 0 else ""
    text = NGINX.format(
        user=user,
        folder=folder,
        port=port,
        behind=behind.port,
        rules=rules,
        inside=inside,
        outside=outside,
    )
    (folder / "nginx.conf").write_text(text)
    # It wants a folder for logs before it reads where they shall be.
    command = [program, "-p", str(folder), "-e", str(folder / "error.log")]
    with subprocess.Popen([*command, "-c", str(folder / "nginx.conf")]) as process:
        try:
            wait_until_listening(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def basic_rules(folder: Path) -> str:
    """Rules that let in the user with the password, which is not ASCII."""
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", "-stdin"],
        input=PASSWORD.encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    folder.mkdir(exist_ok=True)
    (folder / "users").write_text(f"{USER}:{hashed}")
    return f'auth_basic "store"; auth_basic_user_file {folder}/users;'


BEARER_RULES = f'if ($http_authorization != "Bearer {TOKEN}") {{ return 401; }}'

__all__ = ["BEARER_RULES", "PASSWORD", "TOKEN", "USER", "Server", "nginx", "oxigraph", "virtuoso"]
if TYPE_CHECKING:
    Starter = Callable[[], Server]
