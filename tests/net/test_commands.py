"""What holds for the requests of every command: redirects, certificates, proxies, waits, limits."""

from __future__ import annotations

import gzip
import importlib.util
import re
import socket
import ssl
import time
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest

from rdfexport.net.session import Session
from support.netcommands import NAMES, make, running
from support.paths import TLS
from support.proxy import Handler, Proxy, proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.netcommands import Backends, Command
    from support.records import Outcome

    Answer = Callable[[Handler], None]

CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
MEBIBYTE = 1 << 20
PACKED = gzip.compress(b" " * 64 * MEBIBYTE, 1)
ALL = range(1000)
"""The numbers of all requests."""


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates of this machine's own."""
    for name in (*CA_VARIABLES, *PROXY_VARIABLES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def backends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backends]:
    with running(tmp_path_factory.mktemp("backends")) as found:
        yield found


@pytest.fixture(params=NAMES)
def command(
    request: pytest.FixtureRequest,
    backends: Backends,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Command:
    """Each command that makes requests."""
    return make(request.param, backends, tmp_path, monkeypatch)


@pytest.fixture
def front(command: Command) -> Iterator[Proxy]:
    """What stands before the command's server, and can answer in its place."""
    with proxy(command.behind) as running:
        yield running


@pytest.fixture
def inner() -> Iterator[Proxy]:
    """A server in the own network, which nobody on the internet may reach."""
    with proxy(0) as running:
        running.answers = dict.fromkeys(ALL, plain(200))
        yield running


def plain(status: int, **headers: str) -> Answer:
    """An answer without a body."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def failed(outcome: Outcome, *said: str) -> None:
    """See that a command failed, and that it says why."""
    assert outcome.code in {1, 2}, outcome
    for text in said:
        assert text in outcome.stdout + outcome.stderr


def refused(outcome: Outcome, *said: str) -> None:
    """See that a command ended with one line that says why."""
    assert outcome.code == 2, outcome
    (line,) = outcome.stderr.splitlines()
    assert line.startswith("error: ")
    for text in said:
        assert text in line


# --- private networks ------------------------------------------------------------------------


class Internet:
    """Host names that stand for public addresses, behind which are servers of this machine.

    What a program sees of it are the look-ups of names, and the addresses of its sockets.
    """

    PUBLIC = "93.184.215.14"

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: dict[str, list[str]] = {}
        self._peers: WeakKeyDictionary[socket.socket, tuple[str, int]] = WeakKeyDictionary()
        self._connect = socket.socket.connect
        self._getpeername = socket.socket.getpeername
        self._getaddrinfo = socket.getaddrinfo
        # A function becomes a method of a socket, a bound method does not.
        lead, peer = self._lead, self._peer
        monkeypatch.setattr(socket, "getaddrinfo", self._look_up)
        monkeypatch.setattr(socket.socket, "connect", lambda one, place: lead(one, place))  # noqa: PLW0108
        monkeypatch.setattr(socket.socket, "getpeername", lambda one: peer(one))  # noqa: PLW0108

    def name(self, host: str, *addresses: str) -> None:
        """Give a host the address; of several, each but the last is found once."""
        self.names[host] = list(addresses or (self.PUBLIC,))

    def _look_up(self, host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host in self.names:
            addresses = self.names[host]
            host = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        elif re.search("[a-z]", str(host)) and host != "localhost":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._getaddrinfo(host, port, *args, **options)

    def _lead(self, one: socket.socket, address: Any) -> None:
        if address[0] == self.PUBLIC:
            self._peers[one] = address
            address = ("127.0.0.1", address[1])
        self._connect(one, address)

    def _peer(self, one: socket.socket) -> Any:
        return self._peers.get(one) or self._getpeername(one)


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    return Internet(monkeypatch)


@pytest.mark.parametrize("request_number", [0, 1])
def test_a_public_host_leads_no_command_into_a_private_network(
    request_number: int, command: Command, front: Proxy, inner: Proxy, internet: Internet
) -> None:
    internet.name("data.example")
    redirect = plain(302, Location=f"{inner.url}/inside")
    front.answers = {n: redirect for n in ALL if n >= request_number}
    failed(command(f"http://data.example:{front.port}"), "127.0.0.1")
    assert len(front.requests) > request_number
    assert inner.requests == []


def test_a_public_host_behind_a_proxy_leads_no_command_into_a_private_network(
    command: Command,
    front: Proxy,
    inner: Proxy,
    internet: Internet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del internet  # knows no name, so that only the proxy can
    monkeypatch.setenv("HTTP_PROXY", front.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    front.answers = dict.fromkeys(ALL, plain(302, Location=f"{inner.url}/inside"))
    failed(command("http://data.example"), "127.0.0.1")
    assert front.requests
    assert not [line for line in front.requests if "/inside" in line]
    assert inner.requests == []


def test_a_name_that_becomes_private_after_it_was_checked_leads_nobody_inside(
    command: Command, front: Proxy, inner: Proxy, internet: Internet
) -> None:
    internet.name("data.example")
    internet.name("turning.example", internet.PUBLIC, "127.0.0.1")
    place = f"http://turning.example:{inner.port}/inside"
    front.answers = dict.fromkeys(ALL, plain(302, Location=place))
    failed(command(f"http://data.example:{front.port}"), "turning.example")
    assert inner.requests == []


# --- certificates ----------------------------------------------------------------------------


@pytest.fixture
def secure_front(command: Command) -> Iterator[str]:
    """The command's server over TLS, with a certificate of its own; gives its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem", TLS / "localhost.key")
    with proxy(command.behind, context) as running:
        yield f"https://localhost:{running.port}"


def test_a_certificate_that_is_not_trusted_is_named_as_the_cause(
    command: Command, secure_front: str
) -> None:
    failed(command(secure_front), "certificate", "not trusted", "REQUESTS_CA_BUNDLE")


@pytest.mark.parametrize("variable", CA_VARIABLES)
def test_a_certificate_that_a_variable_names_is_trusted(
    variable: str,
    command: Command,
    secure_front: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, str(TLS / "localhost.pem"))
    outcome = command(secure_front)
    assert outcome.code == 0, outcome


@pytest.mark.parametrize("content", [None, b"no certificate"], ids=["missing", "other content"])
@pytest.mark.parametrize("variable", CA_VARIABLES)
def test_a_variable_that_names_no_certificates_is_named(
    variable: str,
    content: bytes | None,
    command: Command,
    secure_front: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    path = tmp_path / "certificates.pem"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(variable, str(path))
    refused(command(secure_front), variable, str(path))


# --- proxies ---------------------------------------------------------------------------------


def test_a_proxy_is_used(
    command: Command, front: Proxy, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    del internet  # knows no name, so that only the proxy can
    monkeypatch.setenv("HTTP_PROXY", front.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    outcome = command("http://data.example")
    assert outcome.code == 0, outcome
    assert front.requests
    assert all(" http://data.example/" in line for line in front.requests)


@pytest.mark.skipif(
    importlib.util.find_spec("socks") is not None, reason="the package for SOCKS is installed"
)
@pytest.mark.parametrize("scheme", ["socks4", "socks5", "socks5h"])
def test_a_socks_proxy_says_which_package_it_needs(
    scheme: str, command: Command, front: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://joe:pa55word@127.0.0.1:{front.port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    outcome = command("http://data.example")
    refused(outcome, "requests[socks]")
    assert "pa55word" not in outcome.stderr


# --- Retry-After -----------------------------------------------------------------------------


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that were slept, which take no time here if they are some."""
    found: list[float] = []
    sleep = time.sleep

    def record(seconds: float) -> None:
        if seconds >= 1:
            found.append(seconds)
        else:
            sleep(seconds)

    monkeypatch.setattr(time, "sleep", record)
    return found


@pytest.mark.parametrize("request_number", [0, 1])
def test_seconds_of_retry_after_are_waited(
    request_number: int, command: Command, front: Proxy
) -> None:
    front.answers = {request_number: plain(429, Retry_After="1")}
    began = time.monotonic()
    outcome = command(front.url)
    assert outcome.code == 0, outcome
    assert time.monotonic() - began >= 1
    assert front.requests.count(front.requests[request_number]) > 1


def test_a_date_of_retry_after_is_waited_for(
    command: Command, front: Proxy, slept: list[float]
) -> None:
    def busy(handler: Handler) -> None:
        plain(503, Retry_After=formatdate(time.time() + 20, usegmt=True))(handler)

    front.answers = {0: busy}
    outcome = command(front.url)
    assert outcome.code == 0, outcome
    assert [seconds for seconds in slept if 15 < seconds <= 20]
    assert front.requests[0] == front.requests[1]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_long_retry_after_is_not_waited_for(
    status: int, form: str, command: Command, front: Proxy, slept: list[float]
) -> None:
    asked = "3600" if form == "seconds" else formatdate(time.time() + 3600, usegmt=True)
    front.answers = dict.fromkeys(ALL, plain(status, Retry_After=asked))
    failed(command(front.url), str(status), "seconds")
    assert len(front.requests) == 1
    assert slept == []


def test_all_that_is_waited_for_has_a_limit(
    command: Command, front: Proxy, slept: list[float]
) -> None:
    front.answers = dict.fromkeys(ALL, plain(503, Retry_After="25"))
    failed(command(front.url), "503", "25 seconds")
    assert slept == [25, 25]
    assert len(front.requests) == 3


# --- limits ----------------------------------------------------------------------------------


def limited(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    """Lower a limit of every use of HTTP."""
    begin = Session.__init__

    def begin_limited(self: Session, policy: Any, **options: Any) -> None:
        limit = min(getattr(policy, name), most)
        begin(self, replace(policy, **{name: limit}), **options)

    monkeypatch.setattr(Session, "__init__", begin_limited)


class Flood:
    """An answer of white space that is valid in every format, and does not end by itself."""

    def __init__(self, media: str, status: int = 200, *, packed: bool = False) -> None:
        self.status = status
        self.media = media
        self.packed = packed
        self.sent = 0
        self.block = b" " * (1 << 16)

    def __call__(self, handler: Handler) -> None:
        handler.close_connection = True
        handler.send_response(self.status)
        handler.send_header("Content-Type", self.media or "text/plain")
        if self.packed:
            handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        for block in self.blocks():
            handler.wfile.write(block)
            handler.wfile.flush()
            self.sent += len(block)

    def blocks(self) -> Iterator[bytes]:
        """Enough to be too much for every command, so that no test waits for ever."""
        if self.packed:
            yield PACKED
        for _ in range(256 * 16):
            yield self.block


class Drip(Flood):
    """One byte after the other."""

    def blocks(self) -> Iterator[bytes]:
        for _ in range(200):
            time.sleep(0.1)
            yield b" "


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_an_answer_without_end_is_cut(
    command: Command, front: Proxy, monkeypatch: pytest.MonkeyPatch, *, packed: bool
) -> None:
    limited(monkeypatch, "max_bytes", MEBIBYTE)
    flood = Flood(command.media, packed=packed)
    front.answers = dict.fromkeys(ALL, flood)
    failed(command(front.url), "larger than")
    assert flood.sent < 32 * MEBIBYTE
    assert len(set(front.requests)) == len(front.requests)


def test_an_answer_that_takes_too_long_is_given_up(
    command: Command, front: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, "total_seconds", 1)
    front.answers = dict.fromkeys(ALL, Drip(command.media))
    began = time.monotonic()
    failed(command(front.url), "longer than 1 second")
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("status", [400, 503])
def test_of_a_refusal_without_end_the_beginning_is_read(
    status: int, command: Command, front: Proxy, slept: list[float]
) -> None:
    del slept  # so that tries follow each other at once
    flood = Flood("text/plain", status)
    front.answers = dict.fromkeys(ALL, flood)
    failed(command(front.url), str(status))
    assert flood.sent < 32 * MEBIBYTE * len(front.requests)
