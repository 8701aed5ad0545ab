"""Schedules jobs: quick ones do not wait for slow ones, and no client takes all places.

A job begins in the lane of its kind. If it has not ended after a short slice of time, it moves to
the slow lane: it continues there if there is a place, or else starts again when its client's turn
comes. Workers of the slow lane run at the lowest priority, and end with their job.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Literal, Self

from rdfexport.serve.workers.jobs import Job, Reply, Setup, message
from rdfexport.serve.workers.processes import Worker
from rdfexport.serve.workers.turns import BusyError, Turns

if TYPE_CHECKING:
    from collections.abc import Callable

Lane = Literal["quick", "query"]

_SLICE_SECONDS: Final = 0.25
_QUICK_PLACES: Final = 1
_WAITING: Final = 256
_WAITING_SLOWLY: Final = 16
# Answers in files that clients are reading: how many of the largest size, for all and for one.
_FILES: Final = 32
_FILES_EACH: Final = 8


class Pool:
    """Workers over a store, each with a handle of its own that can only read.

    Args:
        setup: The store, and the limits of a job.
        places: How many queries run at once; as many slow ones may run beside them.
    """

    def __init__(self, setup: Setup, places: int) -> None:
        self._setup = setup
        self._places = places
        seconds = setup.limits.seconds
        self._lanes: dict[Lane, Turns] = {
            "quick": Turns(_QUICK_PLACES, _QUICK_PLACES, _WAITING, seconds),
            "query": Turns(places, places, _WAITING, seconds),
        }
        self._slow = Turns(places, max(1, places // 2), _WAITING_SLOWLY, seconds)
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        self._file_sizes: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        for _ in range(_QUICK_PLACES + self._places):
            self._idle.append(await self._begin())
        return self

    async def __aexit__(self, *_: object) -> None:
        workers = list(self._workers)
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.wait()

    @property
    def network_is_closed(self) -> bool:
        """Whether the workers that wait for jobs cannot open sockets."""
        return all(worker.network_is_closed for worker in self._idle)

    async def ask(self, job: Job, client: str, lane: Lane = "query") -> Reply:
        """Run a job within the limits; cancelling this stops the job.

        Args:
            job: The job.
            client: Its address or network.
            lane: ``quick`` for a job that is known to be short.
        """
        try:
            return await self._ask(job, client, self._lanes[lane])
        except BusyError as error:
            return message(error.status, str(error))
        except TimeoutError:
            return message(
                503,
                f"the query took longer than {self._setup.limits.seconds:g} seconds and was"
                " stopped: narrow it, or load the data into a store of your own",
            )
        except (EOFError, OSError):
            return message(
                503,
                "the query was stopped: most likely it needed more memory than this server gives",
            )

    def keep(self, client: str, size: int) -> Callable[[], None]:
        """Count a file that a client is reading; call the returned function when it is closed.

        Raises:
            BusyError: The files of this client, or of all, would be too large.
        """
        largest = self._setup.limits.size
        if self._file_sizes.get(client, 0) + size > _FILES_EACH * largest:
            raise BusyError(429, "too many large answers for this address: read them first")
        if sum(self._file_sizes.values()) + size > _FILES * largest:
            raise BusyError(503, "too many large answers are being read: try again later")
        self._file_sizes[client] = self._file_sizes.get(client, 0) + size

        def forget() -> None:
            self._file_sizes[client] -= size
            if not self._file_sizes[client]:
                del self._file_sizes[client]

        return forget

    async def _ask(self, job: Job, client: str, lane: Turns) -> Reply:
        limit = self._setup.limits.seconds
        await lane.enter(client)
        continues = False
        worker, asking = None, None
        try:
            worker = await self._ready()
            asking = asyncio.ensure_future(worker.ask(job))
            await asyncio.wait({asking}, timeout=min(limit, _SLICE_SECONDS))
            if asking.done():
                reply = asking.result()
                self._idle.append(worker)
                worker = None
                return reply
            if limit <= _SLICE_SECONDS:
                raise TimeoutError
            continues = self._slow.try_enter(client)
        finally:
            lane.leave(client)
            if not continues:
                self._end(worker, asking)
        if not continues:
            await self._slow.enter(client)
        try:
            if not continues:
                worker = await self._begin()
                asking = asyncio.ensure_future(worker.ask(job))
            assert worker is not None
            assert asking is not None
            worker.step_back()
            async with asyncio.timeout(limit - _SLICE_SECONDS if continues else limit):
                return await asking
        finally:
            self._slow.leave(client)
            self._end(worker, asking)

    async def _ready(self) -> Worker:
        return self._idle.pop() if self._idle else await self._begin()

    async def _begin(self) -> Worker:
        worker = await Worker.begin(self._setup)
        self._workers.add(worker)
        return worker

    def _end(self, worker: Worker | None, asking: asyncio.Future[Reply] | None) -> None:
        if worker is None:
            return
        self._workers.discard(worker)
        worker.kill()
        if asking is None or asking.done():
            worker.close()
        else:
            asking.cancel()
            asking.add_done_callback(lambda _: worker.close())
