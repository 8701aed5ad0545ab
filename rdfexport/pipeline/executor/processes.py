"""Tasks through worker processes, results in the order of the tasks, nothing piled up."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import tempfile
import threading
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from rdfexport.errors import DiskError, LocalError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from multiprocessing.synchronize import Event
    from types import FrameType

_STOPS: Final = frozenset({signal.SIGINT, signal.SIGHUP, signal.SIGTERM})
_SECONDS_TO_END: Final = 5.0
"""How long a worker that was terminated may take to remove what it left half."""
_SECONDS_TO_HEAR: Final = 0.2
"""Where workers and their parent are terminated together, the parent may hear of it last."""

_TaskT = TypeVar("_TaskT")
_ResultT = TypeVar("_ResultT")
_FinishedT = TypeVar("_FinishedT")
_TaskT_contra = TypeVar("_TaskT_contra", contravariant=True)
_ResultT_co = TypeVar("_ResultT_co", covariant=True)


class Worker(Protocol[_TaskT_contra, _ResultT_co]):
    """Runs tasks in a process: it is made once, and then given task after task."""

    def run(self, task: _TaskT_contra, should_stop: Callable[[], bool]) -> _ResultT_co:
        """Do a task.

        Raises:
            StoppedError: ``should_stop`` said so; nothing is left half done.
        """

    def close(self) -> None:
        """Give back what it holds open."""


class StoppedError(Exception):
    """The work was asked to stop."""


@dataclass(frozen=True, slots=True)
class Finished(Generic[_FinishedT]):
    """A task whose result is known already: it comes in its place, and no worker is asked."""

    result: _FinishedT


def run_tasks(
    tasks: Iterable[_TaskT | Finished[_ResultT]],
    make_worker: Callable[[], Worker[_TaskT, _ResultT]],
    jobs: int,
) -> Generator[_ResultT]:
    """Run tasks and give their results in order.

    At most four tasks a process are under way, so a slow consumer holds the reading back. When the
    consumer stops or an exception passes, every process ends its task without a half file.

    Args:
        tasks: What to do.
        make_worker: Called once in each process, to which it is sent.
        jobs: How many processes; for a single task there is none but this one.

    Raises:
        LocalError: A worker process died.
        UsageError: This is called while a worker process starts.
        Exception: What a worker raises.
    """
    tasks = iter(tasks)
    if jobs == 1:
        yield from _run_here(tasks, make_worker)
        return
    first: list[_TaskT | Finished[_ResultT]] = _until_second(tasks)
    tasks = chain(first, tasks)
    if sum(not isinstance(task, Finished) for task in first) < 2:
        yield from _run_here(tasks, make_worker)
    else:
        yield from _run_in_processes(tasks, make_worker, jobs)


def _until_second(
    tasks: Iterator[_TaskT | Finished[_ResultT]],
) -> list[_TaskT | Finished[_ResultT]]:
    """The first tasks, up to the second one that takes a worker."""
    first: list[_TaskT | Finished[_ResultT]] = []
    unfinished = 0
    for task in tasks:
        first.append(task)
        unfinished += not isinstance(task, Finished)
        if unfinished == 2:
            break
    return first


def _run_here(
    tasks: Iterable[_TaskT | Finished[_ResultT]],
    make_worker: Callable[[], Worker[_TaskT, _ResultT]],
) -> Generator[_ResultT]:
    """Run tasks in this process, whose worker is made when the first one takes it."""
    with ExitStack() as stack:
        worker = None
        for task in tasks:
            if isinstance(task, Finished):
                yield task.result
                continue
            if worker is None:
                worker = stack.enter_context(closing(make_worker()))
                stack.enter_context(few_collections())
            yield worker.run(task, lambda: False)


def _run_in_processes(
    tasks: Iterable[_TaskT | Finished[_ResultT]],
    make_worker: Callable[[], Worker[_TaskT, _ResultT]],
    jobs: int,
) -> Generator[_ResultT]:
    refuse_while_starting()
    # A fresh interpreter a worker: a fork would inherit the threads of a progress bar.
    context = multiprocessing.get_context("spawn")
    with _interrupts_held():  # multiprocessing begins a process of its own for it
        stop = context.Event()
    with tempfile.NamedTemporaryFile(prefix="rdfexport-") as recipe:
        # A process that dies at its start does not read what it is sent; more than a pipe holds
        # would be waited for without end.
        try:
            pickle.dump(make_worker, recipe)
            recipe.flush()
        except OSError as error:
            raise DiskError(f"{recipe.name}: cannot be written ({error.strerror})") from error
        pool = ProcessPoolExecutor(jobs, context, _begin, (recipe.name, stop))
        waiting: deque[Future[_ResultT]] = deque()
        try:
            for task in tasks:
                with _interrupts_held():
                    waiting.append(
                        _finished(task) if isinstance(task, Finished) else pool.submit(_run, task)
                    )
                if len(waiting) >= 4 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            time.sleep(_SECONDS_TO_HEAR)
            raise LocalError(
                "a worker process died; was it killed for want of memory? (try fewer --jobs)"
            ) from error
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _finished(task: Finished[_ResultT]) -> Future[_ResultT]:
    """A future that is done."""
    future: Future[_ResultT] = Future()
    future.set_result(task.result)
    return future


# A record's thousand objects form no cycles and die with it; looking for cycles among them, and
# among the entities that are remembered, costs half as much as all else.
_COLLECT: Final = (100_000, 20, 20)


@contextmanager
def few_collections() -> Iterator[None]:
    """Collect cycles as seldom as a worker process does, for as long as this one is the worker."""
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECT)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def refuse_while_starting() -> None:
    """A worker runs the main script again; if that calls us unguarded, it would wait for itself.

    Raises:
        UsageError: This is such a worker. It dies of it, and the parent hears that.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise UsageError(
            "with more than one job, call this under `if __name__ == '__main__':`,"
            " since each worker process runs the main script once"
        )


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let signals that stop the work wait; a process that is begun meanwhile never hears them.

    Ctrl-C and a terminal that closes go to the whole process group: the parent hears them, and asks
    the workers to stop. SIGTERM as well, from a service manager; workers have a handler for it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Process:
    """The state of this process; the worker is made with the first task, so its errors pass."""

    recipe: str
    stop: Event
    is_busy = False
    worker: Worker[Any, Any] | None = None


def _begin(recipe: str, stop: Event) -> None:
    _Process.recipe = recipe
    _Process.stop = stop
    signal.signal(signal.SIGTERM, _terminate)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(*_COLLECT)


def _end_with_parent() -> None:
    """End where the parent was killed, so that nobody will ask this worker to stop."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """End this worker without a half file, and in any case soon: its parent may wait for that."""
    if not _Process.is_busy:
        os._exit(1)
    timer = threading.Timer(_SECONDS_TO_END, os._exit, (1,))
    timer.daemon = True
    timer.start()
    raise SystemExit(1)


def _run(task: Any) -> Any:
    _Process.is_busy = True
    try:
        return _result(task)
    except SystemExit:
        os._exit(1)  # an executor would send it to the parent, and ask for the next task
    finally:
        _Process.is_busy = False


def _result(task: Any) -> Any:
    if _Process.worker is None:
        # Made by the process that began this one, in a file that only its user can write to.
        make_worker = pickle.loads(Path(_Process.recipe).read_bytes())  # noqa: S301
        _Process.worker = make_worker()
    return _Process.worker.run(task, _Process.stop.is_set)
