"""The connections of clients: none of them can hold up the others by what it does not do.

uvicorn limits how long a connection is idle between requests. It does not limit the size of a
request's head, or how long a request, or the reading of an answer, may take.
"""

from __future__ import annotations

import resource
import socket
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio

    import uvicorn

HEAD_SIZE: Final = 64 * 1024
"""Bytes of a request beside its body; the query of a GET is among them."""

_REQUEST_SECONDS: Final = 15
_STALL_SECONDS: Final = 30
_IDLE_SECONDS: Final = 5
_MOST_INCOMPLETE: Final = 512
_MOST_CONNECTIONS: Final = 4_096
_FILES_BESIDE: Final = 256
_STEP: Final = 8 * 1024


def settings() -> dict[str, Any]:
    """Settings of uvicorn for connections; raises this process's limit of open files to match."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS * 2 + _FILES_BESIDE
    files = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return {
        "loop": "uvloop",
        "http": Connection,
        "ws": "none",
        "timeout_keep_alive": _IDLE_SECONDS,
        # Each may have a file of an answer.
        "limit_concurrency": max(64, (files - _FILES_BESIDE) // 2),
    }


class Connection(HttpToolsProtocol):
    """A connection that is closed when its client is too slow."""

    # Those whose requests are not complete, the oldest first.
    _incomplete: Final[dict[Connection, None]] = {}

    transport: asyncio.Transport

    def __init__(self, config: uvicorn.Config, *args: Any, **kwargs: Any) -> None:
        super().__init__(config, *args, **kwargs)
        self._unread = bytearray()
        self._head_size = 0
        self._request_timer: asyncio.TimerHandle | None = None
        self._reading_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, but not for long."""
        super().connection_made(transport)
        # asyncio does it only for sockets that say that their protocol is TCP.
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._expect_request()

    def data_received(self, data: bytes) -> None:
        """Process a part of what arrived, and the rest after other connections had their turn."""
        is_first = not self._unread
        self._unread += data
        if is_first:
            self._take_step()

    def _take_step(self) -> None:
        if self.transport.is_closing():
            return
        part = bytes(self._unread[:_STEP])
        if self.cycle is None or self.cycle.response_complete:
            self._expect_request()
        self._head_size += len(part)
        super().data_received(part)
        del self._unread[: len(part)]
        if self._head_size > HEAD_SIZE and not self.transport.is_closing():
            self.send_400_response(f"A request has at most {HEAD_SIZE} bytes beside its body.")
            return
        if self.cycle is not None and not self.cycle.more_body:
            self._request_is_here()
        if self._unread or self.pipeline:
            self.transport.pause_reading()
        elif not self.flow.read_paused:
            self.transport.resume_reading()
        if self._unread and not self.pipeline:
            self.loop.call_soon(self._take_step)

    def on_headers_complete(self) -> None:
        """Refuse what the parser lets pass (RFC 9112, sections 2.3 and 3.2).

        Raises:
            ValueError: It is not HTTP/1.0 or 1.1, or does not name one host.
        """
        version = self.parser.get_http_version()
        hosts = sum(name == b"host" for name, _ in self.headers)
        if version not in {"1.0", "1.1"} or hosts > 1 or (version == "1.1" and not hosts):
            raise ValueError
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a request's body is here, whose size is the application's to limit."""
        self._head_size -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is complete; what follows belongs to the next one."""
        self._head_size = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The client may read what is left of the answer, or ask again."""
        waited = bool(self.pipeline)
        super().on_response_complete()
        if waited and not self.pipeline and self._unread:
            self.loop.call_soon(self._take_step)
        if self.transport.is_closing():
            self._expect_reading()
        elif self.cycle.more_body:
            self._expect_request()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, but not before the client has read all."""
        super().timeout_keep_alive_handler()
        self._expect_reading()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not a request, and close the connection."""
        super().send_400_response(msg)
        self._expect_reading()

    def pause_writing(self) -> None:
        """The client does not read, which it may do for a while."""
        super().pause_writing()
        self._expect_reading()

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        _stop(self._reading_timer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timers of the connection."""
        super().connection_lost(exc)
        self._request_is_here()
        _stop(self._reading_timer)

    def _expect_request(self) -> None:
        if self not in self._incomplete:
            self._request_timer = self.loop.call_later(_REQUEST_SECONDS, self.transport.abort)
            self._incomplete[self] = None
            if len(self._incomplete) > _MOST_INCOMPLETE:
                next(iter(self._incomplete)).transport.abort()

    def _request_is_here(self) -> None:
        _stop(self._request_timer)
        self._incomplete.pop(self, None)

    def _expect_reading(self) -> None:
        _stop(self._reading_timer)
        self._reading_timer = self.loop.call_later(_STALL_SECONDS, self.transport.abort)


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
