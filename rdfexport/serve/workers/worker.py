"""A worker: a process that does one job at a time, and can be killed; a thread could not be."""

from __future__ import annotations

import signal
import socket
import tempfile
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from rdfexport.serve.workers import guard, sandbox
from rdfexport.serve.workers.answers import Answers
from rdfexport.serve.workers.jobs import (
    INLINE,
    Job,
    Reply,
    Setup,
    message,
    missing,
    pack,
    unpack_job,
)

if TYPE_CHECKING:
    from typing import BinaryIO

_GRACE_SECONDS = 5


class _TooLargeError(Exception):
    """The answer grows beyond the limit."""


class _NoSpaceError(Exception):
    """There is no disk space for the answer."""


class Spool:
    """Takes the bytes of an answer up to a limit: first in memory, then in a file without a name.

    Args:
        limit: Bytes.
    """

    def __init__(self, limit: int) -> None:
        self._file: Any = tempfile.SpooledTemporaryFile(INLINE)  # noqa: SIM115 - closed by `close`
        self._limit = limit
        self._size = 0

    def write(self, data: bytes) -> int:
        self._size += len(data)
        if self._size > self._limit:
            raise _TooLargeError
        try:
            self._file.write(data)
        except OSError as error:
            raise _NoSpaceError from error
        return len(data)

    def flush(self) -> None:
        """Nothing to do: `content` flushes the file."""

    def content(self) -> tuple[bytes, BinaryIO | None]:
        """The bytes written, in memory or in a file."""
        if self._size <= INLINE:
            return bytes(self._file._file.getvalue()), None  # noqa: SLF001
        try:
            self._file.flush()
        except OSError as error:
            raise _NoSpaceError from error
        return b"", self._file

    def close(self) -> None:
        self._file.close()


def work(setup: Setup, connection: socket.socket) -> None:
    """Report whether the network is closed, then run jobs one by one."""
    sandbox.end_with_server()
    closed = sandbox.close_network()
    answers = Answers(ox.Store.read_only(str(setup.store)), setup.figure_base)
    sandbox.limit_memory(setup.limits.memory)
    with connection:
        connection.sendall(pack({"network_is_closed": closed}))
        while (job := _receive(connection)) is not None:
            # Should nobody be left to kill it: this ends the process, as nothing handles it.
            signal.setitimer(signal.ITIMER_REAL, setup.limits.seconds + _GRACE_SECONDS)
            spool = Spool(setup.limits.size)
            _send(connection, _reply(answers, job, spool, setup.limits.size))
            signal.setitimer(signal.ITIMER_REAL, 0)
            spool.close()


def _receive(connection: socket.socket) -> Job | None:
    frame = bytearray()
    while size := missing(frame):
        part = connection.recv(min(size, 1024**2))
        if not part:
            return None
        frame += part
    return unpack_job(frame)


def _send(connection: socket.socket, reply: Reply) -> None:
    frame = pack({"status": reply.status, "media": reply.media}, reply.body)
    files = [] if reply.file is None else [reply.file.fileno()]
    sent = socket.send_fds(connection, [frame], files)
    connection.sendall(frame[sent:])


def _reply(  # noqa: PLR0911 - one for each kind of failure
    answers: Answers, job: Job, spool: Spool, limit: int
) -> Reply:
    try:
        status, media = answers.write(job, spool)
        return Reply(status, media, *spool.content())
    except guard.RefusedError as error:
        return message(error.status, str(error))
    except _TooLargeError:
        return message(
            413,
            f"the answer is larger than {limit:,} bytes, which this server does not send:"
            " narrow the query, or ask in parts with LIMIT and OFFSET",
        )
    except _NoSpaceError:
        return message(503, "this server has no room for the answer now: try again later")
    except SyntaxError as error:
        return message(400, f"not a SPARQL query: {error.msg}")
    except (RuntimeError, ValueError, OSError) as error:
        return message(400, f"the query cannot be answered: {error}")
    except MemoryError:
        return message(503, "the query needed more memory than this server gives")
