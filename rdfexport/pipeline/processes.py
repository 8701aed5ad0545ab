"""Tasks through worker processes, results in the order of the tasks, nothing piled up."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING

from rdfexport.errors import CallError
from rdfexport.pipeline.worker import Exporter, Result, Task

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from multiprocessing.synchronize import Event

    from rdfexport.pipeline.options import ExportOptions

_exporter: Exporter


def run_tasks(
    tasks: Iterable[Task], options: ExportOptions, *, many: bool, shapes: str | None
) -> Generator[Result]:
    """Run tasks and give their results in order.

    At most four tasks a process are under way, so a slow consumer holds the reading back. When the
    consumer stops or an exception passes, every process ends its task without a half file.

    Raises:
        CallError: A worker process died.
        RecordError: In strict mode, the first fault.
    """
    tasks = iter(tasks)
    first = list(islice(tasks, 2))
    tasks = chain(first, tasks)
    if options.jobs == 1 or len(first) == 1:
        exporter = Exporter(options, many=many, shapes=shapes, should_stop=lambda: False)
        for task in tasks:
            yield exporter.run(task)
        return
    # A fresh interpreter a worker: a fork would inherit the threads of a progress bar.
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(options.jobs, context, _begin, (options, many, shapes, stop))
    waiting: deque[Future[Result]] = deque()
    try:
        for task in tasks:
            with _interrupts_held():
                waiting.append(pool.submit(_run, task))
            if len(waiting) >= 4 * options.jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise CallError(
            "a worker process died; was it killed for want of memory? (try fewer --jobs)"
        ) from error
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait; a process that is begun meanwhile never hears it.

    Ctrl-C goes to the whole process group: the parent hears it, and asks the workers to stop.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(
    options: ExportOptions,
    many: bool,  # noqa: FBT001 - a pool passes positions only
    shapes: str | None,
    stop: Event,
) -> None:
    global _exporter  # noqa: PLW0603 - how a pool's initializer hands state to its tasks
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # A record's thousand objects form no cycles and die with it; looking for cycles among them
    # costs half as much as all else.
    gc.set_threshold(100_000, 20, 20)
    _exporter = Exporter(options, many=many, shapes=shapes, should_stop=stop.is_set)


def _end_with_parent() -> None:
    """End where the parent was killed, so that nobody will ask this worker to stop."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _run(task: Task) -> Result:
    return _exporter.run(task)
