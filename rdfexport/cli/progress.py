"""How far a command is: a bar at a terminal, else plain lines."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Final, Self

from rdfexport.printing import say, visible_lines

_SECONDS_BETWEEN_LINES: Final = 10.0


class Progress(AbstractContextManager["Progress"]):
    """Progress as plain lines, for logs; ``unit`` is what is counted."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._total: int | None = None
        self._said = self._began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        pass

    def start(self, total: int) -> None:
        self._total = total

    def update(self, done: int) -> None:
        now = time.monotonic()
        if now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            rate = done / (now - self._began)
            of_all = "" if self._total is None else f" of {self._total:,}"
            self.say(f"{done:,}{of_all} {self._unit}, {rate:,.0f} a second")

    def say(self, line: str) -> None:
        say(line)


class _Silent(Progress):
    def update(self, done: int) -> None:
        pass


class _Bar(Progress):
    """Progress as a bar, on a terminal."""

    def __init__(self, unit: str) -> None:
        from rich.console import Console  # noqa: PLC0415 - slow to import, only for terminals
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as RichProgress  # noqa: PLC0415

        super().__init__(unit)
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task(self._unit, total=None)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def start(self, total: int) -> None:
        self._bar.update(self._task, total=total)

    def update(self, done: int) -> None:
        self._bar.update(self._task, completed=done)

    def say(self, line: str) -> None:
        self._bar.console.print(visible_lines(line), markup=False, highlight=False, soft_wrap=True)


def progress(unit: str, *, quiet: bool) -> AbstractContextManager[Progress]:
    """Progress in the form that suits where it goes; ``unit`` is what is counted."""
    if quiet:
        return nullcontext(_Silent(unit))
    return _Bar(unit) if sys.stderr.isatty() else nullcontext(Progress(unit))
