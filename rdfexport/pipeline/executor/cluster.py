"""Tasks through the workers of a Dask cluster that is already there.

Dask schedules, and does what a lost worker had begun on another; nothing of that is here. A task
may therefore be done twice, also at the same time: its worker has to write whole files or none.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import threading
from collections import deque
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import zstandard

from rdfexport.errors import MissingPackageError, RdfExportError, RemoteError, TransientError
from rdfexport.pipeline.executor.processes import few_collections
from rdfexport.pipeline.incremental.fingerprint import program_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from distributed import Client, Future

    from rdfexport.pipeline.executor.processes import Worker

_TaskT = TypeVar("_TaskT")
_ResultT = TypeVar("_ResultT")

_AT_ONCE: Final = 4
"""Tasks under way a thread, so a slow consumer holds the reading back."""
_RETRIES: Final = 2
"""How often a task is done again that failed, mostly since a store did not answer."""


def run_on_cluster(
    tasks: Iterable[_TaskT],
    make_worker: Callable[[], Worker[_TaskT, _ResultT]],
    *,
    scheduler: str,
    note: Callable[[str], None],
) -> Generator[_ResultT]:
    """Run tasks on a cluster and give their results in order.

    When the consumer stops or an exception passes, tasks that wait are withdrawn; those that run
    end by themselves.

    Args:
        tasks: What to do.
        make_worker: Called once in each thread of each worker, to which it is sent.
        scheduler: Its address (``tcp://10.0.0.1:8786``), or the file that it wrote of itself.
        note: Called if there is no worker yet: some clusters begin them when there is work.

    Raises:
        MissingPackageError: Dask is not installed.
        TransientError: The cluster cannot be reached.
        RemoteError: Its workers are others than this program, or a task ended each worker that did
            it.
        Exception: What a worker raises.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - few exports need it
    except ImportError as error:
        raise MissingPackageError(
            "--engine dask needs more: pip install 'rdfexport[cluster]'"
        ) from error
    recipe = zstandard.compress(pickle.dumps(_Recipe(program_fingerprint(), make_worker)))
    with ExitStack() as stack:
        stack.enter_context(_silent())
        client = stack.enter_context(_connected(Client, scheduler))
        if not client.nthreads():
            note(f"{scheduler}: has no worker yet; the work begins when it has")
        waiting: deque[Future[Any]] = deque()
        stack.callback(lambda: client.cancel(list(waiting)))
        with _named_failures(scheduler):
            for task in tasks:
                # Dask looks into what it is given for values of its own; into bytes it does not.
                data = pickle.dumps(task)
                waiting.append(client.submit(_run, recipe, data, pure=False, retries=_RETRIES))
                if len(waiting) >= _AT_ONCE * max(1, sum(client.nthreads().values())):
                    yield waiting[0].result()
                    waiting.popleft()
            while waiting:
                yield waiting[0].result()
                waiting.popleft()


@contextmanager
def _named_failures(scheduler: str) -> Iterator[None]:
    """Raise failures of the cluster as errors of this package; its own pass as they are."""
    from distributed import KilledWorker  # noqa: PLC0415 - few exports need it
    from distributed.client import FutureCancelledError  # noqa: PLC0415

    try:
        yield
    except (RdfExportError, GeneratorExit):
        raise
    except KilledWorker as error:
        raise RemoteError(
            "a task ended each worker that did it; were they killed for want of memory?"
            " (give workers more, or fewer threads)"
        ) from error
    except FutureCancelledError as error:
        raise TransientError(f"{scheduler}: the scheduler was lost: start again") from error
    except Exception as error:
        raise RemoteError(
            f"{scheduler}: a worker failed ({type(error).__name__}: {error})"
        ) from error


class _Recipe(NamedTuple):
    """A factory of workers, and the fingerprint of the program that sends it."""

    program: str
    make_worker: Callable[[], Worker[Any, Any]]


class _Thread(threading.local):
    """The state of a thread: the worker made by the last recipe."""

    digest: bytes = b""
    worker: Worker[Any, Any] | None = None


_thread = _Thread()


def _run(recipe: bytes, task: bytes) -> Any:
    """Do a task, in a thread of a worker."""
    digest = hashlib.sha256(recipe).digest()
    if _thread.worker is None or _thread.digest != digest:
        if _thread.worker is not None:
            _thread.worker.close()
            _thread.worker = None
        _thread.worker = _made(recipe)
        _thread.digest = digest
    with few_collections():
        # Who may give a cluster tasks may have it do anything; that is Dask's own trust.
        return _thread.worker.run(pickle.loads(task), lambda: False)  # noqa: S301


def _made(recipe: bytes) -> Worker[Any, Any]:
    wanted = pickle.loads(zstandard.decompress(recipe))  # noqa: S301 - as above
    assert isinstance(wanted, _Recipe)
    if wanted.program != program_fingerprint():
        raise RemoteError(
            "the workers have another rdfexport, Python or libraries than this machine, so they"
            f" would write something else: install the same (here {_versions(wanted.program)};"
            f" there {_versions(program_fingerprint())})"
        )
    return wanted.make_worker()


def _versions(text: str) -> str:
    version, digest, *libraries = text.split("; ")
    return ", ".join((f"rdfexport {version} {digest[:7]}", *libraries))


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Dask from printing what goes wrong with its connections: it is raised too."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _connected(make_client: Callable[..., Client], scheduler: str) -> Client:
    where = {"scheduler_file": scheduler} if Path(scheduler).is_file() else {"address": scheduler}
    try:
        return make_client(**where)
    except Exception as error:  # of many kinds, by what is wrong with the address
        reason = str(error) or type(error).__name__
        raise TransientError(f"{scheduler}: no scheduler answers ({reason})") from error
