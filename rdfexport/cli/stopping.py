"""Signals that ask the program to stop."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rdfexport.cli.status import SIGNALLED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_STOPS: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class TerminatedError(KeyboardInterrupt):
    """The process was asked to end; code that cleans up after Ctrl-C cleans up after this too.

    Args:
        number: Of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def stop_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP interrupt the work as Ctrl-C does, once.

    Where Ctrl-C would end the process at once, it interrupts the work as well, so that it cleans
    up. A signal that is ignored stays ignored: ``nohup`` relies on it. The second and later ones
    are ignored, so that they do not interrupt the cleaning up after the first.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.getsignal(one) for one in _STOPS}
    heard = [one for one, handler in before.items() if handler == signal.SIG_DFL]

    def stop(number: int, _frame: FrameType | None) -> None:
        for one in heard:
            signal.signal(one, signal.SIG_IGN)
        raise TerminatedError(number)

    interrupt = signal.getsignal(signal.SIGINT)
    try:
        for one in heard:
            signal.signal(one, stop)
        if interrupt == signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
    finally:
        if interrupt == signal.SIG_DFL:
            signal.signal(signal.SIGINT, interrupt)
        for one in heard:
            signal.signal(one, before[one])


def stopped_status(stop: KeyboardInterrupt) -> int:
    """The exit status of a command that was interrupted."""
    number = stop.number if isinstance(stop, TerminatedError) else int(signal.SIGINT)
    return SIGNALLED + number
