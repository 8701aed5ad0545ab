"""Runs a command and measures the whole process: seconds and peak memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Measured(NamedTuple):
    """``seconds`` are of the clock, ``cpu`` of the processors; ``peak`` is that of the largest
    single process, in MB.
    """

    seconds: float
    peak: float
    output: str
    cpu: float


def _run(arguments: Sequence[str], python: str, cwd: Path | None) -> Measured:
    began = time.perf_counter()
    command = [python, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    return Measured(seconds, used.ru_maxrss / 1024, done.stdout + done.stderr, cpu)


def measure(*arguments: str, python: str = sys.executable, cwd: Path | None = None) -> Measured:
    """Run Python with some arguments, from a fresh process so that no earlier peak counts."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (arguments, python, cwd))
