"""A proxy that counts what passes through, and can answer, or do something, at a request."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    Answer = Callable[["Handler"], None]

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Proxy:
    """Passes requests on to a port of this machine, one at a time.

    ``requests`` are those that came, each as method and path, or address if the client takes this
    for its proxy. A request that the server does not answer is not answered: the connection is
    closed. ``answers`` are given in the server's place, by the number of the request.
    """

    def __init__(self, behind: int) -> None:
        self.behind = behind
        self.requests: list[str] = []
        self.answers: dict[int, Answer] = {}
        self.port = 0
        self._lock = threading.Lock()
        self._moment: int | str = 0
        self._action: Callable[[], None] | None = None
        self._passed_on = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def at(self, moment: int | str, action: Callable[[], None], *, passed_on: bool) -> None:
        """Do something at a request, once, and never answer that request.

        Args:
            moment: The number of the request, counted from 0 and from now on, or what the first
                such request has in its body.
            action: What to do.
            passed_on: Whether the server shall have the request first.
        """
        self.requests.clear()
        self._moment, self._action, self._passed_on = moment, action, passed_on

    def never(self) -> None:
        """Do nothing at any request from now on."""
        self._action = None

    def own_answer(self, line: tuple[str, str]) -> Answer | None:
        """What to answer to a request in the server's place."""
        with self._lock:
            answer = self.answers.get(len(self.requests))
            if answer is not None:
                self.requests.append(" ".join(line))
            return answer

    def answer(
        self, line: tuple[str, str], headers: dict[str, str], body: bytes
    ) -> tuple[int, str, list[tuple[str, str]], bytes] | None:
        """The server's answer to a request; None if there is none."""
        with self._lock:
            action = self._action if self._is_moment(body) else None
            self.requests.append(" ".join(line))
            if action is not None:
                self._action = None
            if action is not None and not self._passed_on:
                action()
                return None
            connection = HTTPConnection("127.0.0.1", self.behind, timeout=60)
            try:
                method, target = line
                parts = urlsplit(target)
                path = urlunsplit(parts._replace(scheme="", netloc=""))
                connection.request(method, path, body, headers)
                got = connection.getresponse()
                result = got.status, got.reason, got.getheaders(), got.read()
            except (OSError, HTTPException):
                return None
            finally:
                connection.close()
            if action is not None:
                action()
                return None
            return result

    def _is_moment(self, body: bytes) -> bool:
        if isinstance(self._moment, int):
            return len(self.requests) == self._moment
        return self._moment.encode() in body


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one packet: in two, the second waits
    server: Server

    def _pass_on(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        own = proxy.own_answer((self.command, self.path))
        if own is not None:
            own(self)
            return
        answer = proxy.answer((self.command, self.path), dict(self.headers), body)
        if answer is None:
            self.close_connection = True
            return
        status, reason, headers, content = answer
        self.send_response_only(status, reason)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815 - http.server's names

    def log_message(self, *_arguments: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, proxy: Proxy, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.proxy = proxy
        proxy.port = self.server_port
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that is gone."""


@contextmanager
def proxy(behind: int, tls: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    """A proxy in front of a port of this machine, over TLS if a context is given."""
    passing = Proxy(behind)
    server = Server(passing, tls)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield passing
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
