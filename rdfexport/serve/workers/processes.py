"""Worker processes as the server sees them."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import socket
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from rdfexport.serve.workers.jobs import Job, Reply, Setup, missing, pack_job, unpack

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, ForkServerProcess

_LOWEST_PRIORITY: Final = 19
_READ_SIZE: Final = 128 * 1024
_MODULE: Final = "rdfexport.serve.workers.worker"


def processes() -> ForkServerContext:
    """The context that starts workers: forks of a process that has only loaded their modules.

    A fork takes milliseconds. It is not made from this process, as that has threads and sockets.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_MODULE])
    return context


class Worker:
    """A process that does one job at a time; made by ``begin``."""

    def __init__(self, process: ForkServerProcess, connection: socket.socket) -> None:
        self._process = process
        self._connection = connection
        self.network_is_closed = False
        """True if the process cannot open a socket."""

    @classmethod
    async def begin(cls, setup: Setup) -> Worker:
        """Start a process and wait until it has opened the store.

        Raises:
            EOFError: It cannot.
            OSError: There can be no more processes or sockets.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)  # noqa: FBT003 - so is its signature
        process = processes().Process(target=_work, args=(setup, theirs), daemon=True)
        worker = cls(process, ours)
        try:
            with theirs:
                await asyncio.to_thread(process.start)
            values, _, _ = await worker._receive()
        except BaseException:
            worker.kill()
            worker.close()
            raise
        worker.network_is_closed = bool(values["network_is_closed"])
        return worker

    async def ask(self, job: Job) -> Reply:
        """Run a job. If this is cancelled, the process must be killed.

        Raises:
            EOFError: The process has ended.
            OSError: Likewise.
        """
        await asyncio.get_running_loop().sock_sendall(self._connection, pack_job(job))
        values, body, file = await self._receive()
        return Reply(int(values["status"]), str(values["media"]), body, file)

    def step_back(self) -> None:
        """Run at the lowest priority from now on."""
        with contextlib.suppress(OSError):  # it may have ended
            os.setpriority(os.PRIO_PROCESS, self._process.pid or 0, _LOWEST_PRIORITY)

    def kill(self) -> None:
        """Kill the process."""
        with contextlib.suppress(AttributeError, OSError, ValueError):  # perhaps it never began
            self._process.kill()

    def close(self) -> None:
        """Close the connection with a process that was killed; nobody may wait for it any more."""
        self._connection.close()

    def wait(self) -> None:
        """Wait until the process that was killed is gone."""
        with contextlib.suppress(AssertionError):  # as above
            self._process.join()

    async def _receive(self) -> tuple[dict[str, Any], bytes, BinaryIO | None]:
        frame, files = bytearray(), list[int]()
        try:
            while missing(frame):
                try:
                    part, received, _, _ = socket.recv_fds(self._connection, _READ_SIZE, 1)
                except BlockingIOError:
                    await self._readable()
                    continue
                files += received
                if not part:
                    raise EOFError
                frame += part
            values, body = unpack(frame)
            return values, body, os.fdopen(files.pop(), "rb") if files else None
        finally:
            for number in files:
                os.close(number)

    async def _readable(self) -> None:
        loop, number = asyncio.get_running_loop(), self._connection.fileno()
        future: asyncio.Future[None] = loop.create_future()

        def readable() -> None:
            loop.remove_reader(number)
            if not future.done():
                future.set_result(None)

        loop.add_reader(number, readable)
        try:
            await future
        finally:
            loop.remove_reader(number)


def _work(setup: Setup, connection: socket.socket) -> None:
    from rdfexport.serve.workers.worker import work  # noqa: PLC0415 - the server needs nothing of it

    work(setup, connection)
