"""HTTP: limits, retries, the guard of private networks, TLS, proxies, logins, downloads, SPARQL."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
import requests

from rdfexport.errors import (
    AuthError,
    DiskError,
    LocalError,
    MissingPackageError,
    NotFoundError,
    RdfExportError,
    RefusedError,
    RemoteError,
    TooLargeError,
    TransientError,
    UsageError,
)
from rdfexport.net import address, auth
from rdfexport.net import policy as net_policy
from rdfexport.net.address import checked, is_url, shown
from rdfexport.net.download import Wanted, download
from rdfexport.net.policy import ANSWERS, DOWNLOAD, Policy
from rdfexport.net.session import Session, check
from rdfexport.net.sparql import Endpoint
from rdfexport.untrusted.parsing import Shallow
from support.http_server import (
    Handler,
    Server,
    half,
    hang_up,
    silence,
    silence_after_half,
    status,
)
from support.internet import internet
from support.paths import TLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Answer = Callable[[Handler], None]

JSON = "application/sparql-results+json"
HASTY = Policy(tries=3, backoff=0, connect_seconds=2, read_seconds=0.3, redirects=5)
VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
__all__ = ["internet"]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the environment of whoever runs the tests."""
    for name in (*VARIABLES, "NETRC", auth.USER, auth.PASSWORD, auth.TOKEN):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("keyring.get_password", lambda _service, _user: None)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        server.socket.close()
        server.socket = socket.create_server(("0.0.0.0", 0), backlog=50)
        server.server_port = server.socket.getsockname()[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.release.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def send(server: Server) -> Callable[..., str]:
    """Send a request to a server that answers so, and give the text of the answer."""

    def call(*answers: Answer, method: str = "GET", policy: Policy = HASTY, **options: Any) -> str:
        server.answers["/x"] = list(answers)
        with Session(policy, **options) as session:
            answer = session.send(method, server.url("/x"))
        check(answer, server.url("/x"), policy)
        return answer.body.decode()

    return call


# --- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://joe:pa55@e.org:8/a/b?token=t#f", "https://e.org:8/a/b"),
        ("https://joe:p@55@e.org/", "https://e.org/"),
        ("http://e.org/\x1b[2J", r"http://e.org/\x1b[2J"),
        ("joe:pa55@proxy:3128", "proxy:3128"),
        ("http://joe:pa55@[::1/x", "http://…"),
    ],
)
def test_a_message_shows_an_address_without_secrets(url: str, text: str) -> None:
    assert shown(url) == text


@pytest.mark.parametrize(
    "url", ["ftp://e.org/", "http:///x", "http://[::1", "http://e.org:x/", "e.org", "http:e.org"]
)
def test_what_is_not_an_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        checked(url, "a release")


def test_a_password_is_refused_where_it_may_not_be_and_not_shown() -> None:
    assert checked("http://joe:pa55@e.org/", "a source").hostname == "e.org"
    with pytest.raises(UsageError, match="use the other thing") as caught:
        checked("http://joe:pa55@e.org/", "a source", login="use the other thing")
    assert "pa55" not in str(caught.value)
    assert is_url("HTTP://e.org")
    assert not is_url("s3://e.org")


# --- limits and retries -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (status(503, b"busy"), "the server answered 503: busy, 3 times"),
        (status(500, b"<p>no", Content_Type="text/html"), "the server answered 500: no, 3 times"),
        (half, "the answer was cut off, 3 times"),
        (hang_up, "the server closed the connection, 3 times"),
        (silence, "the server did not answer in time"),
        (silence_after_half, "the server did not answer in time"),
        (status(200, b"junk", Content_Encoding="gzip"), "the answer cannot be unpacked, 3 times"),
    ],
)
def test_what_may_pass_is_tried_again(
    answer: Answer, problem: str, server: Server, send: Callable[..., str]
) -> None:
    assert send(answer, status(200, b"good")) == "good"
    server.requests.clear()
    with pytest.raises(TransientError) as caught:
        send(answer)
    assert str(caught.value).startswith(f"{server.url('/x')}: {problem}")
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, RefusedError),
        (401, AuthError),
        (403, AuthError),
        (404, NotFoundError),
        (410, NotFoundError),
        (413, TooLargeError),
        (422, RefusedError),
        (501, RefusedError),
    ],
)
def test_what_will_not_pass_is_said_by_its_cause(
    code: int, kind: type[RemoteError], server: Server, send: Callable[..., str]
) -> None:
    with pytest.raises(kind, match=f"the server answered {code}: why") as caught:
        send(status(code, b"why"))
    assert type(caught.value) is kind
    assert len(server.requests) == 1


def test_a_request_that_may_not_arrive_twice_is_sent_once(
    server: Server, send: Callable[..., str]
) -> None:
    for answer in (status(503), half, silence):
        server.requests.clear()
        with pytest.raises(TransientError):
            send(answer, status(200), method="POST")
        assert len(server.requests) == 1
    assert send(status(503), status(200, b"x"), method="POST", policy=replace(HASTY, methods=None))


def test_a_use_may_say_which_answers_pass(server: Server, send: Callable[..., str]) -> None:
    def judge(answer: net_policy.Answer, url: str) -> RemoteError | None:
        return RefusedError(url, "not SPARQL", "") if b"syntax" in answer.body else None

    policy = replace(HASTY, judge=judge)
    with pytest.raises(RefusedError, match="not SPARQL"):
        send(status(500, b"syntax"), policy=policy)
    assert len(server.requests) == 1
    assert send(status(500, b"restarting"), status(200, b"good"), policy=policy) == "good"


def test_nobody_listens_and_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Session(HASTY) as session:
        with pytest.raises(TransientError, match="the connection is refused"):
            session.send("POST", f"http://127.0.0.1:{port}/")
        with pytest.raises(TransientError, match="no host has this name"):
            session.send("GET", "http://nowhere.invalid/")


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("code", [429, 503])
def test_the_time_that_a_server_asks_for_is_waited(
    form: str, code: int, send: Callable[..., str]
) -> None:
    wait = "1" if form == "seconds" else formatdate(time.time() + 2, usegmt=True)
    began = time.monotonic()
    assert send(status(code, Retry_After=wait), status(200, b"good")) == "good"
    assert 0.9 < time.monotonic() - began < 10


@pytest.mark.parametrize("wait", ["61", "99999999", "date"])
def test_a_time_beyond_the_limit_is_said_at_once(
    wait: str, server: Server, send: Callable[..., str]
) -> None:
    seconds = wait
    if wait == "date":
        wait, seconds = formatdate(time.time() + 3600.5, usegmt=True), "3,?[56]"
    began = time.monotonic()
    with pytest.raises(TransientError) as caught:
        send(status(503, Retry_After=wait))
    assert re.search(f"asks to wait {seconds}", str(caught.value).replace(",", ""))
    assert time.monotonic() - began < 5
    assert len(server.requests) == 1


def test_an_answer_that_is_expected_is_waited_for_if_the_server_says_so(server: Server) -> None:
    server.answers["/x"] = [status(429), status(200)]
    with Session(HASTY) as session:
        assert session.send("GET", server.url("/x"), expected=(429,)).status == 429
        server.answers["/x"] = [status(429, Retry_After="0"), status(200)]
        assert session.send("GET", server.url("/x"), expected=(429,)).status == 200


def test_waits_count_together(server: Server, send: Callable[..., str]) -> None:
    policy = replace(HASTY, max_retry_after=1.5)
    with pytest.raises(TransientError, match="asks to wait 1 seconds"):
        send(status(503, Retry_After="1"), policy=policy)
    assert len(server.requests) == 2


@pytest.mark.parametrize("wait", ["soon", "-3", "", "Wed, 99 Nov"])
def test_a_wait_that_is_not_one_is_ignored(wait: str, send: Callable[..., str]) -> None:
    assert send(status(503, Retry_After=wait), status(200, b"good")) == "good"


def test_an_answer_has_a_size_at_most(send: Callable[..., str]) -> None:
    small = replace(HASTY, max_bytes=1 << 20)
    assert send(status(200, bytes(1 << 20)), policy=small)
    packed = status(200, gzip.compress(bytes(1 << 24)), Content_Encoding="gzip")
    for answer in (status(200, bytes((1 << 20) + 1)), packed):
        with pytest.raises(RemoteError, match="larger than 1 MiB"):
            send(answer, policy=small)


def drip(handler: Handler) -> None:
    """A byte now and then, without end."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    drip_more(handler)


def test_an_answer_has_its_time_however_steadily_it_comes(send: Callable[..., str]) -> None:
    began = time.monotonic()
    with pytest.raises(TransientError, match=r"took longer than 0\.5 seconds"):
        send(drip, policy=replace(HASTY, total_seconds=0.5))
    assert time.monotonic() - began < 5


def drip_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    drip_more(handler)


def drip_more(handler: Handler) -> None:
    with suppress(OSError):
        while not handler.server.release.wait(0.05):
            handler.wfile.write(b"x")
    handler.close_connection = True


def test_the_head_of_an_answer_has_its_time_too(send: Callable[..., str]) -> None:
    began = time.monotonic()
    with pytest.raises(TransientError, match="did not answer in time"):
        send(drip_head, policy=replace(HASTY, tries=1))
    assert time.monotonic() - began < 5


def endless_redirect(handler: Handler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/y")
    handler.send_header("Content-Length", str(1 << 40))
    handler.end_headers()
    while not handler.server.release.is_set():
        handler.wfile.write(bytes(1 << 16))


def test_the_body_of_a_redirect_is_not_read(server: Server, send: Callable[..., str]) -> None:
    server.answers["/y"] = [status(200, b"there")]
    assert send(endless_redirect) == "there"


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://e.org/", "http://[::1"])
def test_a_redirect_leads_to_an_address(place: str, send: Callable[..., str]) -> None:
    with pytest.raises(RemoteError, match="not an http or https address"):
        send(status(302, Location=place))


def test_redirects_have_a_number_at_most(server: Server, send: Callable[..., str]) -> None:
    with pytest.raises(RemoteError, match="more than 5 redirects"):
        send(status(302, Location="/x"))
    assert len(server.requests) == 6


@pytest.mark.parametrize(("method", "redirects"), [("GET", 0), ("POST", 5), ("PUT", 5)])
def test_a_redirect_that_is_not_followed_is_named(
    method: str, redirects: int, server: Server, send: Callable[..., str]
) -> None:
    Handler.do_PUT = Handler.do_POST  # type: ignore[attr-defined]
    policy = replace(HASTY, redirects=redirects)
    with pytest.raises(RemoteError) as caught:
        send(status(307, Location="/y?token=t0ken"), method=method, policy=policy)
    assert f"is elsewhere (307): {server.url('/y')}: " in str(caught.value)
    assert server.requests == ["/x"]


# --- private networks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "0", "2130706433", "[::]"],
)
def test_the_internet_leads_nobody_into_a_private_network(
    host: str, server: Server, internet: Callable[[str], str]
) -> None:
    place = f"http://{host}:{server.server_port}/inside"
    server.answers["/out"] = [status(302, Location=place)]
    with (
        Session(HASTY) as session,
        pytest.raises(RemoteError, match=r"leads to .*, which is not on the internet"),
    ):
        session.send("GET", internet(server.url("/out")))
    assert server.requests == ["/out"]


def test_a_private_network_that_was_named_may_be_asked_and_may_redirect(
    server: Server, internet: Callable[[str], str]
) -> None:
    server.answers["/inside"] = [status(302, Location=server.url("/more"))]
    server.answers["/more"] = [status(200, b"ours")]
    server.answers["/back"] = [status(302, Location=internet(server.url("/out")))]
    server.answers["/out"] = [status(302, Location=server.url("/more"))]
    with Session(HASTY) as session:
        assert session.send("GET", server.url("/inside")).body == b"ours"
        with pytest.raises(RemoteError, match="not on the internet"):
            session.send("GET", server.url("/back"))
    assert server.requests == ["/inside", "/more", "/back", "/out"]


def test_a_name_that_is_private_only_when_it_is_connected_to_is_refused(
    server: Server, internet: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner gives a public address to the check, and a private one to the connection."""
    server.answers["/out"] = [status(302, Location=server.url("/inside"))]
    server.answers["/inside"] = [status(200, b"secret")]
    monkeypatch.setattr(address, "is_private", lambda _host: False)
    with Session(HASTY) as session:
        assert session.send("GET", server.url("/inside")).body == b"secret"  # is kept open
        with pytest.raises(RemoteError, match="not on the internet"):
            session.send("GET", internet(server.url("/out")))
    assert server.requests == ["/inside", "/out"]


def test_credentials_stay_with_their_host(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []

    def note(handler: Handler) -> None:
        seen.append(handler.headers["Authorization"])
        handler.reply(200)

    (tmp_path / "netrc").write_text("machine 127.0.0.2 login joe password pa55\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    other = server.url("/note").replace("127.0.0.1", "127.0.0.2")
    server.answers["/note"] = [note]
    server.answers["/same"] = [status(302, Location="/note")]
    server.answers["/away"] = [status(302, Location=other)]
    named = server.url("/same", "jane:s3cret@")
    with Session(HASTY) as session, Session(HASTY, netrc=True) as with_netrc:
        session.send("GET", named)
        session.send("GET", named.replace("/same", "/away"))
        session.send("GET", other)
        with_netrc.send("GET", other)
        with_netrc.send("GET", server.url("/away"))
    with Session(HASTY, login=auth.Bearer("t0ken")) as session:
        session.send("GET", server.url("/away"))
    assert [bool(one) for one in seen] == [True, False, False, True, False, False]


# --- TLS and proxies --------------------------------------------------------------------------


@pytest.fixture
def secure(server: Server) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem", TLS / "localhost.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.answers["/x"] = [status(200, b"good")]
    return server.url("/x").replace("http:", "https:")


def test_an_untrusted_certificate_is_named_and_said_once(secure: str) -> None:
    with Session(HASTY) as session, pytest.raises(RemoteError) as caught:
        session.send("GET", secure)
    assert not isinstance(caught.value, TransientError)
    assert "certificate is not trusted (self-signed certificate)" in str(caught.value)
    assert "REQUESTS_CA_BUNDLE" in str(caught.value)


@pytest.mark.parametrize("name", VARIABLES)
def test_trusted_certificates_come_from_the_environment(
    name: str, secure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, str(TLS / "localhost.pem"))
    with Session(HASTY) as session:
        assert session.send("GET", secure).body == b"good"
        with pytest.raises(RemoteError, match=r"certificate .*127\.0\.0\.2") as caught:
            session.send("GET", secure.replace("127.0.0.1", "127.0.0.2"))
    assert "REQUESTS_CA_BUNDLE" not in str(caught.value), "it is the server's certificate"


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("what", ["absent", "not certificates"])
def test_a_variable_that_names_no_certificates_is_named(
    name: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    path = tmp_path / "certificates.pem"
    if what != "absent":
        path.write_text("hello")
    monkeypatch.setenv(name, str(path))
    server.answers["/x"] = [status(200, b"good")]
    with Session(HASTY) as session:
        with pytest.raises(LocalError) as caught:
            session.send("GET", "https://127.0.0.1:9/")
        assert session.send("GET", server.url("/x")).body == b"good"
    assert str(caught.value).startswith(f"{name}: {path}: ")
    assert "\n" not in str(caught.value)


def test_http_is_taken_for_https(server: Server) -> None:
    with Session(HASTY) as session, pytest.raises(RemoteError, match="is it an http address"):
        session.send("GET", server.url("/x").replace("http:", "https:"))


def test_a_socks_proxy_needs_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://joe:pa55@127.0.0.1:9")

    def missing(*_: object, **__: object) -> None:
        raise requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")

    # As requests has it where the package is not installed.
    monkeypatch.setattr("requests.adapters.SOCKSProxyManager", missing)
    with Session(HASTY) as session, pytest.raises(MissingPackageError) as caught:
        session.send("GET", "http://e.org/")
    assert "requests[socks]" in str(caught.value)
    assert "pa55" not in str(caught.value)


def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        proxy = f"127.0.0.1:{free.getsockname()[1]}"
    for variable, url in (("HTTP_PROXY", "http://e.org/"), ("HTTPS_PROXY", "https://e.org/")):
        monkeypatch.setenv(variable, f"http://joe:pa55@{proxy}")
        with Session(HASTY) as session, pytest.raises(TransientError) as caught:
            session.send("GET", url)
        assert f"the proxy http://{proxy} cannot be reached" in str(caught.value)
        assert "pa55" not in str(caught.value)


def test_a_proxy_that_is_not_an_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://127.0.0.1:9")
    with Session(HASTY) as session, pytest.raises(LocalError, match=r"gopher://127\.0\.0\.1:9"):
        session.send("GET", "http://e.org/")


def test_a_proxy_that_does_not_connect_says_why(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Handler, "do_CONNECT", lambda self: self.reply(407, b"who?"), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", server.url(""))
    with Session(HASTY) as session, pytest.raises(RemoteError, match=r"proxy .* \(407 "):
        session.send("GET", "https://e.org/")


def test_behind_a_proxy_names_are_checked(
    server: Server, monkeypatch: pytest.MonkeyPatch, internet: Callable[[str], str]
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url(""))
    out = internet("http://127.0.0.1:9/out")
    server.answers[out] = [status(302, Location="http://localhost:9/inside")]
    with Session(HASTY) as session, pytest.raises(RemoteError, match="not on the internet"):
        session.send("GET", out)
    assert server.requests == [out]


# --- logins -----------------------------------------------------------------------------------

URL = "https://e.org:8/sparql"


class Person:
    """Answers what is asked, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, text: str, *, hidden: bool) -> str:
        self.asked.append((text, hidden))
        return f"answer {len(self.asked)}"


def test_a_login_is_looked_for_before_anybody_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    person = Person()
    assert auth.login(URL, prompt=person) == ("answer 1", "answer 2")
    assert person.asked == [
        ("user at e.org:8", False),
        ("password of answer 1 at e.org:8", True),
    ]
    person.asked.clear()
    kept = {("rdfexport:e.org:8", "joe"): "from the keyring"}
    monkeypatch.setattr("keyring.get_password", lambda service, user: kept.get((service, user)))
    monkeypatch.setenv(auth.USER, "joe")
    assert auth.login(URL, prompt=person) == ("joe", "from the keyring")
    (tmp_path / ".netrc").write_text("machine e.org login joe password from-netrc\n")
    assert auth.login(URL, prompt=person) == ("joe", "from-netrc")
    assert auth.login(URL, prompt=person, netrc=False) == ("joe", "from the keyring")
    monkeypatch.setenv(auth.PASSWORD, "from the environment")
    assert auth.login(URL, prompt=person) == ("joe", "from the environment")
    assert person.asked == []


def test_the_password_of_another_user_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine e.org login jane password hers\n")
    monkeypatch.setenv(auth.USER, "joe")
    with pytest.raises(UsageError, match="the password of joe is not known"):
        auth.login(URL)


@pytest.mark.parametrize("call", [auth.login, auth.token])
def test_nobody_is_asked_unless_that_is_passed_in(
    call: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_a: object, **_o: object) -> str:
        raise AssertionError

    for name in ("builtins.input", "getpass.getpass", "click.prompt"):
        monkeypatch.setattr(name, fail)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    with pytest.raises(UsageError) as caught:
        call(URL)
    assert "RDFEXPORT_" in str(caught.value)


def test_a_token_is_looked_for_and_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person()
    assert auth.token(URL, prompt=person) == "answer 1"
    assert person.asked == [("token for e.org:8", True)]
    monkeypatch.setenv(auth.TOKEN, " t0ken\n")
    assert (auth.token(URL), auth.known_token(URL)) == ("t0ken", "t0ken")
    monkeypatch.setenv(auth.USER, "joe")
    assert auth.known_token(URL) is None
    monkeypatch.setenv(auth.TOKEN, "t0\u20acken")
    with pytest.raises(UsageError) as caught:
        auth.token(URL)
    assert "ken" not in str(caught.value).replace(auth.TOKEN, "").replace("token", "")


@pytest.mark.parametrize(
    ("login", "header"),
    [
        (auth.basic("jos\u00e9", "\u20ac"), "Basic am9zw6k64oKs"),
        (auth.Bearer("t0ken"), "Bearer t0ken"),
    ],
)
def test_a_login_is_sent(login: Any, header: str, send: Callable[..., str]) -> None:
    def echo(handler: Handler) -> None:
        handler.reply(200, handler.headers["Authorization"].encode())

    assert send(echo, login=login) == header


# --- downloads --------------------------------------------------------------------------------

BODY = b"the file\n" * 1000


def get(server: Server, path: Path, wanted: Wanted | None = None, **options: Any) -> Any:
    with Session(replace(DOWNLOAD, backoff=0, read_seconds=0.3)) as session:
        return download(session, server.url("/f"), path, wanted, **options)


def test_a_file_is_downloaded_and_not_again(server: Server, tmp_path: Path) -> None:
    def answer(handler: Handler) -> None:
        assert handler.headers["Accept-Encoding"] == "identity"
        if handler.headers["If-None-Match"] == '"1"':
            handler.reply(304)
        else:
            handler.reply(200, BODY, ETag='"1"', Last_Modified="Tue, 14 Nov 2023 22:13:20 GMT")

    server.answers["/f"] = [answer]
    seen: list[tuple[int, int | None]] = []
    got = get(server, tmp_path / "f", on_progress=lambda *now: seen.append(now))
    assert (tmp_path / "f").read_bytes() == BODY
    assert (got.sha256, got.etag) == (hashlib.sha256(BODY).hexdigest(), '"1"')
    assert seen[-1] == (len(BODY), len(BODY))
    again = Wanted(etag=got.etag, modified=got.modified)
    assert get(server, tmp_path / "f", again) is None
    server.answers["/f"] = [status(304)]
    with pytest.raises(RemoteError, match="304"):
        get(server, tmp_path / "g")


@pytest.mark.parametrize(
    ("answer", "wanted", "kind"),
    [
        (half, Wanted(), TransientError),
        (silence_after_half, Wanted(), TransientError),
        (status(200, BODY), Wanted(max_bytes=len(BODY) - 1), RemoteError),
        (status(200, b"x"), Wanted(max_bytes=0), RemoteError),
        (status(200, b"\n<!DOCTYPE html><p>Welcome"), Wanted(page=False), RemoteError),
        (status(404), Wanted(), NotFoundError),
        (status(410), Wanted(), NotFoundError),
        (status(403), Wanted(), AuthError),
        (status(403), Wanted(missing=frozenset({403, 404})), NotFoundError),
    ],
)
def test_a_file_is_there_whole_or_as_it_was(
    answer: Answer, wanted: Wanted, kind: type[RdfExportError], server: Server, tmp_path: Path
) -> None:
    (tmp_path / "f").write_text("before")
    server.answers["/f"] = [answer]
    with pytest.raises(kind):
        get(server, tmp_path / "f", wanted)
    assert list(tmp_path.iterdir()) == [tmp_path / "f"]
    assert (tmp_path / "f").read_text() == "before"


def test_a_body_that_breaks_off_is_asked_for_again(server: Server, tmp_path: Path) -> None:
    server.answers["/f"] = [half, status(200, BODY)]
    get(server, tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == BODY


@pytest.mark.parametrize("kind", ["sha256", "md5"])
def test_a_checksum_beside_the_file_is_compared(kind: str, server: Server, tmp_path: Path) -> None:
    right, wrong = (hashlib.new(kind, text).hexdigest().encode() for text in (BODY, b""))
    server.answers["/f"] = [status(200, BODY)]
    server.answers[f"/f.{kind}"] = [status(200, wrong + b"  f\n")]
    with pytest.raises(TransientError, match=kind.upper()):
        get(server, tmp_path / "f", Wanted(checksum=True))
    server.answers[f"/f.{kind}"] = [status(503), status(200, right.upper())]
    get(server, tmp_path / "f", Wanted(checksum=True))
    assert (tmp_path / "f").read_bytes() == BODY


def test_a_disk_is_not_a_server(server: Server, tmp_path: Path) -> None:
    server.answers["/f"] = [status(200, BODY)]
    with pytest.raises(DiskError, match="cannot be written"):
        get(server, tmp_path / "absent" / "f")
    assert len(server.requests) == 1


# --- SPARQL -----------------------------------------------------------------------------------


def rows(*names: str) -> bytes:
    bindings = [
        {"s": {"type": "uri", "value": f"http://e.org/{name}"}, "n": None} for name in names
    ]
    for one in bindings:
        del one["n"]
    return json.dumps({"head": {"vars": ["s", "n"]}, "results": {"bindings": bindings}}).encode()


@pytest.fixture
def endpoint(server: Server) -> Iterator[Endpoint]:
    with Session(replace(ANSWERS, backoff=0)) as session:
        yield Endpoint(server.url("/x"), session)


def test_rows_truths_and_triples(server: Server, endpoint: Endpoint) -> None:
    server.answers["/x"] = [status(200, rows("a", "b"), Content_Type=JSON)]
    assert endpoint.select("SELECT") == [{"s": "http://e.org/a"}, {"s": "http://e.org/b"}]
    server.answers["/x"] = [status(200, b'{"head":{},"boolean":true}', Content_Type=JSON)]
    assert endpoint.ask("ASK") is True
    number = (
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"0"}}]}}'
    )
    server.answers["/x"] = [status(200, number, Content_Type=JSON)]
    assert endpoint.ask("ASK") is False, "as Virtuoso says it"
    triple = b"<http://e.org/a> <http://e.org/b> <http://e.org/c> .\n"
    server.answers["/x"] = [status(200, triple, Content_Type="application/n-triples")]
    assert [str(one.subject) for one in endpoint.construct("CONSTRUCT")] == ["<http://e.org/a>"]
    server.answers["/x"] = [status(204)]
    endpoint.update("DELETE WHERE { ?s ?p ?o }")


def test_a_query_may_be_in_the_address(server: Server, endpoint: Endpoint) -> None:
    server.answers["/x"] = [status(200, rows("a"), Content_Type=JSON)]
    results: Any = endpoint.query("SELECT", "rows", get=True).results
    assert len(list(results)) == 1
    assert server.queries == ["query=SELECT"]


@pytest.mark.parametrize(
    "answer",
    [
        status(206, rows("a"), Content_Type=JSON),
        status(200, rows("a"), Content_Type=JSON, X_SQL_State="S1TAT"),
    ],
    ids=["206", "S1TAT"],
)
def test_a_part_of_an_answer_is_not_taken_for_the_whole(
    answer: Answer, server: Server, endpoint: Endpoint
) -> None:
    server.answers["/x"] = [answer]
    with pytest.raises(RemoteError, match="a part of the answer"):
        endpoint.select("SELECT")


def test_rows_that_are_cut_say_where(server: Server, endpoint: Endpoint) -> None:
    server.answers["/x"] = [status(200, rows("a"), Content_Type=JSON, X_SPARQL_MaxRows="10000")]
    assert endpoint.query("SELECT", "rows").cut_at == "10000"


def test_all_graphs_are_queried_in_the_way_that_the_endpoint_knows(
    server: Server, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms: list[str] = []

    def answer(handler: Handler) -> None:
        whole = "union-default-graph" in forms[-1]
        truth = json.dumps({"head": {}, "boolean": whole}).encode()
        handler.reply(200, truth if "ASK" in forms[-1] else rows("a"), Content_Type=JSON)

    def post(self: Handler) -> None:
        forms.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.do_GET()

    monkeypatch.setattr(Handler, "do_POST", post)
    server.answers["/x"] = [answer]
    for _ in range(2):
        endpoint.select("SELECT", union=True)
    assert ["union-default-graph" in form for form in forms] == [False, True, True, True]
    endpoint.select("SELECT")
    assert "union" not in forms[-1]


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"<html>", "text/html"),
        (b"", JSON),
        (b'{"head":{},"boolean":true}', JSON),
        (rows("a")[:-5], JSON),
        (b'{"head":{"vars":["s"]},"results":{"bindings":[' + b"[" * 100_000, JSON),
        (
            b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":'
            + b'{"type":"triple","value":{"subject":' * 20_000,
            JSON,
        ),
    ],
    ids=["page", "empty", "truth", "half", "deep lists", "deep triples"],
)
def test_what_is_not_an_answer_is_refused(
    body: bytes, media: str, server: Server, endpoint: Endpoint
) -> None:
    server.answers["/x"] = [status(200, body, Content_Type=media)]
    with pytest.raises(RemoteError):
        endpoint.select("SELECT")


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_depth_is_counted_outside_of_strings(size: int) -> None:
    def read(text: str) -> bool:
        deep: list[bool] = []
        file = Shallow(io.BytesIO(text.encode()), lambda: deep.append(True))
        while file.read(size):
            pass
        return bool(deep)

    hostile = ['{[\\"', "\\\\", "]}" * 99, '"[' * 99]
    assert not read(json.dumps([{"a": hostile}] * 99))
    assert not read("[" * 60 + json.dumps(hostile) + "]" * 60)
    assert read("[" * 60 + json.dumps(hostile) + "[" * 90)
