"""The server that runs the application, and how it ends."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

import uvicorn

from rdfexport.serve.connections import settings

if TYPE_CHECKING:
    import socket
    from types import FrameType

    from starlette.applications import Starlette

_SECONDS_FOR_ANSWERS: Final = 2
_SECONDS_TO_END: Final = 4


def run(application: Starlette, listening: socket.socket) -> bool:
    """Serve until a signal comes.

    Returns:
        False if the application could not start.
    """
    config = uvicorn.Config(
        application,
        log_level="error",
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_FOR_ANSWERS,
        **settings(),
    )
    server = _Server(config)
    server.run(sockets=[listening])
    return server.started


class _Server(uvicorn.Server):
    """A server that ends within some seconds after a signal."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Start to shut down; after some seconds the kernel kills what is left, workers too."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_SECONDS_TO_END)
        super().handle_exit(sig, frame)
