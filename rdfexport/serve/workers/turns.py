"""Places that clients get by turns, so that one of them cannot take all."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import Final

_MOST_WAITING: Final = 1_024


class BusyError(Exception):
    """There is no place, and no room to wait for one; ``status`` is that of the HTTP answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Turns:
    """A number of places, for each of which clients wait in turn.

    Those who wait get the next place one client after the other, however many requests each has.

    Args:
        places: How many.
        each: How many of them one client has at most.
        waiting: How many requests of one client wait at most.
        seconds: How long a request waits.
    """

    def __init__(self, places: int, each: int, waiting: int, seconds: float) -> None:
        self._free = places
        self._each = each
        self._most_of_client = waiting
        self._seconds = seconds
        self._used: Counter[str] = Counter()
        # Clients in the order of their turns, each with its requests.
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._number_waiting = 0

    def try_enter(self, client: str) -> bool:
        """Take a place if one is free and nobody waits for it."""
        if self._free == 0 or self._used[client] >= self._each or client in self._waiting:
            return False
        self._take(client)
        return True

    async def enter(self, client: str) -> None:
        """Wait for a place, and take it.

        Raises:
            BusyError: Too many wait, or it takes too long.
        """
        if self.try_enter(client):
            return
        queue = self._waiting.get(client, deque())
        if len(queue) >= self._most_of_client:
            raise BusyError(429, "too many requests from this address: wait for the answers")
        if self._number_waiting >= _MOST_WAITING:
            raise BusyError(503, "this server is busy: try again later")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, queue).append(turn)
        self._number_waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self.leave(client)  # it came in the same moment
            else:
                self._remove(client, turn)
            if isinstance(error, TimeoutError):
                raise BusyError(503, "this server is busy: try again later") from error
            raise

    def leave(self, client: str) -> None:
        """Give a place back."""
        self._free += 1
        self._used[client] -= 1
        if not self._used[client]:
            del self._used[client]
        self._admit()

    def _take(self, client: str) -> None:
        self._free -= 1
        self._used[client] += 1

    def _admit(self) -> None:
        for client in list(self._waiting):
            if self._free == 0:
                break
            if self._used[client] < self._each:
                queue = self._waiting.pop(client)
                turn = queue.popleft()
                self._number_waiting -= 1
                if queue:
                    self._waiting[client] = queue  # behind the others
                if not turn.done():  # else its request was given up in this moment
                    self._take(client)
                    turn.set_result(None)

    def _remove(self, client: str, turn: asyncio.Future[None]) -> None:
        queue = self._waiting.get(client)
        if queue is not None and turn in queue:
            queue.remove(turn)
            self._number_waiting -= 1
            if not queue:
                del self._waiting[client]
