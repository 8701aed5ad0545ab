"""requests' sessions whose connections know the address of the server at their other end."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from rdfexport.net import address
from rdfexport.version import __version__

if TYPE_CHECKING:
    from urllib3.response import HTTPResponse


class PrivateAddressError(Exception):
    """A connection led into a private network, and was closed before anything was sent."""


class _Connection(HTTPConnection):
    """Keeps the address that it is connected to, and gives it to each answer as ``peer``."""

    peer = ""

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        self.peer = str(sock.getpeername()[0])
        return sock

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """Read the head of an answer, which may pause between bytes, but not take for ever."""
        late = Event()
        clock = Timer(2 * float(self.timeout or 0), _hang_up, (self.sock, late))
        clock.daemon = True
        clock.start()
        response = None
        try:
            response = super().getresponse()
        finally:
            clock.cancel()
            if late.is_set():  # whatever was made of a head that is cut off
                if response is not None:
                    response.close()
                raise TimeoutError
        response.peer = self.peer  # type: ignore[attr-defined]
        return response


def _hang_up(sock: socket.socket, late: Event) -> None:
    late.set()
    with suppress(OSError):  # it has ended in the meantime
        # Not the method of a TLS socket, which would no longer be one to the thread that reads.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _PublicConnection(_Connection):
    """Connects to the public internet only.

    What is checked is the address that it is connected to, so no second look-up of the name can
    give another one.
    """

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        if not address.is_public_address(self.peer):
            sock.close()
            raise PrivateAddressError
        return sock


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _PublicSecureConnection(_PublicConnection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _PublicPool(HTTPConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicSecurePool(HTTPSConnectionPool):
    ConnectionCls = _PublicSecureConnection


class _Adapter(HTTPAdapter):
    pools: dict[str, Any] = {"http": _Pool, "https": _SecurePool}  # noqa: RUF012

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self.pools


class _PublicAdapter(_Adapter):
    pools = {"http": _PublicPool, "https": _PublicSecurePool}  # noqa: RUF012


class _Session(requests.Session):
    """Follows no redirect by itself: it would read the body of one, however long that is."""

    def get_redirect_target(self, _response: requests.Response) -> None:
        return None


def make_session(*, public: bool) -> requests.Session:
    """A session of requests, which follows no redirects.

    Args:
        public: Refuse to connect (``PrivateAddressError``) to private networks. What goes through a
            proxy of the environment is not looked at: the proxy connects.
    """
    session = _Session()
    session.headers["User-Agent"] = f"rdfexport/{__version__}"
    for scheme in ("http://", "https://"):
        session.mount(scheme, _PublicAdapter() if public else _Adapter())
    return session
