"""What the tests of queries and of the server share: figures that have much in common."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from rdfexport.cli import main
from rdfexport.query import Store, bundled, write
from support.paths import TESTS
from support.records import Collection, record_text, table_text
from support.validation import EXAMPLES, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

KNOWN = TESTS / "queries"
HOSTILE = "PMC9000002__x.f1"
TITLE = """<script>alert("1")</script> </script><b>&amp; 'q' {{ 7*7 }} \\u003c"""

HUMAN, MOUSE = "9606\tHomo sapiens\tPrimates", "10090\tMus musculus\tRodents"
MTOR = f"{HUMAN}\tmTOR\tMTOR\tMTOR\t2475\tncbigene_symbol\t4\tNA\t5\n"
MTOR_OF_MICE = f"{MOUSE}\tmTOR\tMTOR\tMtor\t56717\tncbigene_symbol\t4\tNA\t5\n"
IRS1 = f"{HUMAN}\tIRS-1\tIRS1\tIRS1\t3667\tncbigene_symbol\t4\tNA\t5\n"
TNF = f"{HUMAN}\tTNF-a\tTNFA\tTNF\t7124\tncbigene_synonym\t4\tNA\t5\n"
AKT = "".join(
    f"{HUMAN}\tAKT\tAKT\tAKT{n}\t{entrez}\tbioentities_symbol\t4\tNA\t5\n"
    for n, entrez in ((1, 207), (2, 208))
)
IRS = f"{HUMAN}\tIRS\tIRS\tIRS1\t3667\tbioentities_symbol\t4\tNA\t5\n"
# A second word for the same.
FRAP = f"{HUMAN}\tFRAP\tFRAP\tMTOR\t2475\tncbigene_synonym\t4\tNA\t5\n"
AKT1 = f"{HUMAN}\tAkt1\tAKT1\tAKT1\t207\tncbigene_symbol\t4\tNA\t5\n"
RAPAMYCIN = "".join(
    f"{word}\tmesh:D020123\tSirolimus\tsirolimus\tchebi:9168\n" for word in ("Rapa", "sirolimus")
)
INJURY = "".join(
    f"{word}\tmesh:D055370\tLung Injury\tNA\tNA\n" for word in ("lung injury", "injured lung")
)


def collect(root: Path) -> Path:
    """The examples, and two papers more: one with two figures, one with a title that would harm."""
    shutil.copytree(EXAMPLES, root)
    collection = Collection(root)
    for figid, year, changes, tables in (
        (
            "PMC9000001__f1",
            2020,
            {"wpid": "WP1471"},
            {"genes": MTOR + FRAP + IRS1 + AKT + TNF, "chemicals": RAPAMYCIN},
        ),
        (
            "PMC9000001__f2",
            2020,
            {},
            {"genes": MTOR + MTOR_OF_MICE + IRS1 + AKT1, "diseases": INJURY},
        ),
        (
            HOSTILE,
            2021,
            {"figtitle": repr_yaml(TITLE)},
            {"genes": MTOR + TNF + IRS, "diseases": INJURY},
        ),
    ):
        texts = {kind: table_text(kind, rows) for kind, rows in tables.items()}
        record = record_text(figid=figid, changes={"year": f"'{year}'", **changes})
        collection.add(figid, record, **texts)
    return root


def repr_yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def export(root: Path) -> Path:
    """An export of all those figures, as N-Quads and N-Triples."""
    options = ["--format", "nquads", "--format", "ntriples", "--compat", "wikipathways"]
    options += ["--jobs", "1", "--quiet", "--date", "2026-11-10"]
    source = str(collect(root / "source"))
    main(["export", source, *options, "--out", str(root / "out")], standalone_mode=False)
    return root / "out"


@pytest.fixture(scope="session")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export."""
    return export(tmp_path_factory.mktemp("graphs"))


@pytest.fixture(scope="session")
def stores(graphs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A store with a graph a figure, and one with everything in its default graph."""
    root = tmp_path_factory.mktemp("stores")
    endings = {"a graph each": "nq", "one graph": "nt"}
    return {
        name: load(root / ending, sorted(graphs.rglob(f"*.{ending}")))
        for name, ending in endings.items()
    }


class Served:
    """A running ``rdfexport serve``."""

    def __init__(self, process: subprocess.Popen[str], url: str, layout: str) -> None:
        self.process = process
        self.said: list[str] = []
        self.url = url
        self.layout = layout
        self.endpoint = f"{url}sparql"
        self.port = int(url.rstrip("/").rpartition(":")[2])

    @classmethod
    @contextmanager
    def begin(cls, store: Path, options: Iterable[str], layout: str = "") -> Iterator[Served]:
        command = [sys.executable, "-m", "rdfexport", "serve", "--store", str(store)]
        command += ["--port", "0", *options]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr is not None
                line = process.stderr.readline()
                found = re.search(r"at (http://\S+/) ", line)
                assert found, line
                served = cls(process, found[1], layout)
                # A full pipe would hold it up.
                reader = threading.Thread(
                    target=partial(served.said.extend, process.stderr), daemon=True
                )
                reader.start()
                deadline = time.monotonic() + 30
                while True:
                    try:
                        assert requests.get(f"{served.url}health", timeout=30).text == "ok\n"
                        break
                    except requests.ConnectionError:
                        assert process.poll() is None, "the server ended"
                        assert time.monotonic() < deadline
                yield served
                process.terminate()
                reader.join(timeout=10)
            finally:
                process.terminate()

    def page(self, figid: str) -> str:
        return f"{self.url}figures/{figid}.html"

    def workers(self) -> list[int]:
        """The processes that evaluate its queries, which another process of the server forks."""
        return [
            worker.pid
            for child in psutil.Process(self.process.pid).children()
            for worker in child.children()
        ]

    @staticmethod
    def is_busy(pid: int) -> bool:
        """Whether it has just used its processor (proc_pid_stat(5))."""

        def ticks() -> int:
            numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return int(numbers[11]) + int(numbers[12])

        try:
            before = ticks()
            time.sleep(0.1)
            return ticks() - before >= 2
        except OSError:
            return False  # it has ended

    @staticmethod
    def runs(pid: int) -> bool:
        try:
            return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False


@pytest.fixture(scope="module")
def serving(stores: dict[str, Path]) -> Iterator[Callable[..., Served]]:
    """Start servers, each with its options; they end with the module's tests."""
    with ExitStack() as stack:

        def start(*options: str, layout: str = "a graph each", store: Path | None = None) -> Served:
            return stack.enter_context(Served.begin(store or stores[layout], options, layout))

        yield start


if __name__ == "__main__":
    # PYTHONPATH=tests python -m support.querying writes the known answers again, to compare.
    with tempfile.TemporaryDirectory() as folder:
        store = Store(load(Path(folder) / "store", sorted(export(Path(folder)).rglob("*.nq"))))
        for name in sorted(path.stem for path in KNOWN.glob("*.csv")):
            with (KNOWN / f"{name}.csv").open("wb") as file:
                write(store.ask(bundled(name).text), "csv", file)
