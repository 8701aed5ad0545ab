"""A Dask cluster of processes on addresses of their own, and an S3 server, for the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from support.servers import free_port, wait_until_listening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

S3_SETTINGS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "2",
}


@dataclass
class Cluster:
    """A scheduler, and workers of one thread each; worker ``n`` listens on 127.0.0.``n + 2``."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    scheduler: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        port = free_port()
        process = self._begin("dask_scheduler", "--host", "127.0.0.1", "--port", str(port))
        wait_until_listening(port, process)
        self.scheduler = f"tcp://127.0.0.1:{port}"

    def add_worker(self, **settings: str) -> subprocess.Popen[bytes]:
        host = f"127.0.0.{len(self.workers) + 2}"
        worker = self._begin(
            *("dask_worker", self.scheduler, "--host", host, "--nthreads", "1", "--no-nanny"),
            **settings,
        )
        self.workers.append(worker)
        return worker

    def end(self, worker: subprocess.Popen[bytes]) -> None:
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def _begin(self, module: str, *args: str, **settings: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{module}-{time.monotonic_ns()}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *args, "--no-dashboard"],
                cwd=self.folder,
                env=os.environ | self.settings | settings,
                stdout=log,
                stderr=log,
            )
        self._all.append(process)
        return process

    def __post_init__(self) -> None:
        self._all: list[subprocess.Popen[bytes]] = []

    def close(self) -> None:
        for process in reversed(self._all):
            process.kill()
            process.wait()


@contextmanager
def cluster(folder: Path, workers: int, **settings: str) -> Iterator[Cluster]:
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        made = Cluster(folder, settings)
        stack.callback(made.close)
        made.start()
        for _ in range(workers):
            made.add_worker()
        yield made


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """An S3-compatible server; gives its address."""
    port = free_port()
    with (folder / "s3.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=log,
            stderr=log,
        )
    try:
        wait_until_listening(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
