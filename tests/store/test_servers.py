"""`rdfexport load` into real servers: Oxigraph's, and Virtuoso 7."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox
import pytest

from rdfexport.store import session
from rdfexport.store.target import staging
from support import servers
from support.paths import EXAMPLES
from support.proxy import Proxy, proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Outcome
    from support.servers import Server

    Load = Callable[..., Outcome]

FIGURES = "https://pfocr.wikipathways.org/figures/"
LINKSET = "https://pfocr.wikipathways.org/graph/linkset"
BOOKS = ("https://pfocr.wikipathways.org/graph/load", LINKSET.replace("linkset", "load-files"))
KINDS = {"oxigraph": servers.oxigraph, "virtuoso": servers.virtuoso}
OTHER = "http://e/other"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ALL = "urn:all"
# With small chunks, so that a load of a few figures has many moments at which it can be stopped.
PROGRAM = """\
from rdfexport.store.servers import UpdateStore
UpdateStore.chunk_graphs, UpdateStore.chunk_triples = 5, 20
from rdfexport.cli import main
main()
"""


@pytest.fixture(scope="module", params=KINDS)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server, the same for all tests that leave it running."""
    with KINDS[request.param](tmp_path_factory.mktemp(request.param)) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    """That server, empty."""
    running.empty()
    return running


@pytest.fixture(params=KINDS)
def mortal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server of one test, which may kill it."""
    folder = tmp_path / request.param
    folder.mkdir()
    with KINDS[request.param](folder) as server:
        yield server


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journals of loads are."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def load(run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> Load:
    """Call ``rdfexport load`` for a server, by its own address or another that leads to it."""

    def call(server: Server, *args: object, url: str | None = None) -> Outcome:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        return run("load", *args, *options(server, url))

    return call


def options(server: Server, url: str | None) -> list[str]:
    own = f"http://127.0.0.1:{server.port}"
    return [option.replace(own, url or own) for option in server.options]


@contextmanager
def process(server: Server, *args: object, url: str) -> Iterator[subprocess.Popen[str]]:
    """``rdfexport load`` with small chunks, in a process of its own."""
    command = [sys.executable, "-c", PROGRAM, "load", *map(str, args), *options(server, url)]
    env = {**os.environ, **server.env}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


# --- exports -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the examples."""
    from rdfexport import ExportOptions, export  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("export") / "examples"
    today = time.strftime("%Y-%m-%d", time.gmtime())  # as a load of the records says
    export(
        [str(EXAMPLES)], ExportOptions(folder, formats=("nquads",), wikipathways=True, date=today)
    )
    return folder


@pytest.fixture
def next_examples(examples: Path, tmp_path: Path) -> Path:
    """The next export: one figure changed, one has fewer triples, one is no more."""
    folder = tmp_path / "next"
    shutil.copytree(examples, folder)
    change(
        figure_file(folder, 0), lambda lines: [*lines[:-1], lines[-1].replace("> <", "#x> <", 1)]
    )
    change(figure_file(folder, 1), lambda lines: lines[:-9])
    figure_file(folder, 2).unlink()
    return folder


def figure_file(export: Path, number: int) -> Path:
    return export / "core" / f"{figure(export, number)}.nq"


def figure(export: Path, number: int) -> str:
    """The figid of a figure of an export, by its place in the index, whatever files there are."""
    return (export / "index.tsv").read_text().splitlines()[number + 1].split("\t")[0]


def graph_of(export: Path, number: int) -> str:
    return f"{FIGURES}{figure(export, number)}.html"


def change(file: Path, how: Callable[[list[str]], list[str]]) -> None:
    file.write_text("".join(how(file.read_text().splitlines(keepends=True))))


def many(folder: Path, figures: range, version: int, triples: int = 4) -> Path:
    """An export of figures, of which those with odd numbers differ from version to version.

    Every third has more triples in a later version; all are linked to something that changes.
    """
    (folder / "core").mkdir(parents=True)
    (folder / "linkset").mkdir()
    (folder / "index.tsv").write_text("figid\tfile\n")
    with (folder / "core" / "figures.nq").open("w") as file:
        for number in figures:
            graph = f"{FIGURES}PMC{number}__f1.html"
            text = f"é {version if number % 2 else 0}"
            file.write(f"<{graph}> <{TYPE}> <http://schema.org/Dataset> <{graph}> .\n")
            for n in range(1, triples + (version if number % 3 == 0 else 0)):
                file.write(f'<{graph}> <http://e/{n}> "{text} {n}" <{graph}> .\n')
    with (folder / "linkset" / "linkset.nq").open("w") as file:
        for number in figures:
            graph = f"{FIGURES}PMC{number}__f1.html"
            file.write(f"<{graph}> <http://schema.org/about> <http://e/{version}> <{LINKSET}> .\n")
    return folder


def quads(export: Path) -> set[ox.Quad]:
    return parsed(tuple(path.read_bytes() for path in sorted(export.rglob("*.nq"))))


@cache
def parsed(files: tuple[bytes, ...]) -> set[ox.Quad]:
    return {quad for file in files for quad in ox.parse(file, format=ox.RdfFormat.N_QUADS)}


def expected(export: Path) -> dict[str, int]:
    """The triples of each graph of an export."""
    return dict(Counter(quad.graph_name.value for quad in quads(export)))


def held(server: Server) -> dict[str, int]:
    """The triples of each graph in a server, but for the books of what was loaded."""
    return {graph: n for graph, n in server.counts().items() if graph not in BOOKS}


def content(server: Server, graph: str) -> set[tuple[str, str, str]]:
    rows = server.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    return {(row["s"], row["p"], plain(row["o"])) for row in rows}


def plain(value: str) -> str:
    # Virtuoso keeps a boolean as a number.
    return {"true": "1", "false": "0"}.get(value, value)


def content_of(export: Path, graph: str) -> set[tuple[str, str, str]]:
    return {
        (q.subject.value, q.predicate.value, plain(q.object.value))
        for q in quads(export)
        if q.graph_name.value == graph
    }


def insert(server: Server, graph: str, *names: str) -> None:
    triples = " ".join(f"<http://e/{name}> <http://e/p> <http://e/o> ." for name in names)
    server.update(f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}")


# --- what a load leaves ------------------------------------------------------------------------


def test_each_graph_is_the_exports_and_is_when_loaded_again(
    server: Server, load: Load, examples: Path
) -> None:
    for _ in range(2):
        outcome = load(server, examples)
        assert outcome.code == 0, outcome.stderr
        assert held(server) == expected(examples)
    for graph in expected(examples):
        assert content(server, graph) == content_of(examples, graph), graph
    total = sum(expected(examples).values())
    assert f"triples   {total:,} in {len(expected(examples))} graphs, all counted" in outcome.stderr


def test_a_replaced_export_is_the_new_one_and_nothing_else_is_touched(
    server: Server, load: Load, examples: Path, next_examples: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine.nq"
    file.write_text("<http://e/a> <http://e/p> <http://e/o> <http://e/mine> .\n")
    insert(server, OTHER, "b")
    assert load(server, file).code == 0
    assert load(server, examples).code == 0
    outcome = load(server, next_examples, "--prune")
    assert outcome.code == 0, outcome.stderr
    assert "removed   1 graphs\n" in outcome.stderr
    assert held(server) == {**expected(next_examples), OTHER: 1, "http://e/mine": 1}
    for number in (0, 1, 3):
        graph = graph_of(examples, number)
        assert content(server, graph) == content_of(next_examples, graph)


def test_an_append_keeps_what_is_there_and_doubles_nothing(
    server: Server, load: Load, examples: Path, next_examples: Path
) -> None:
    assert load(server, examples).code == 0
    insert(server, graph_of(examples, 3), "b")
    for _ in range(2):
        outcome = load(server, next_examples, "--append")
        assert outcome.code == 0, outcome.stderr
        assert held(server) == {
            **expected(examples),
            graph_of(examples, 0): expected(examples)[graph_of(examples, 0)] + 1,
            graph_of(examples, 3): expected(examples)[graph_of(examples, 3)] + 1,
        }


def test_a_sync_sends_what_changed_only(
    server: Server, load: Load, examples: Path, next_examples: Path
) -> None:
    assert load(server, examples).code == 0
    insert(server, OTHER, "b")
    same, more, gone = (graph_of(examples, number) for number in (3, 4, 5))
    # A graph that has as many triples as ever is not sent, so ours stays in it.
    lost = max(content_of(examples, same))
    server.update(
        f"DELETE WHERE {{ GRAPH <{same}> {{ <{lost[0]}> ?p ?o }} }} ;"
        f"INSERT DATA {{ GRAPH <{same}> {{"
        + " ".join(
            f"<http://e/ours> <http://e/p> {n} ."
            for n in range(sum(s == lost[0] for s, _, _ in content_of(examples, same)))
        )
        + "} }"
    )
    insert(server, more, "b")
    server.update(f"DROP SILENT GRAPH <{gone}>")
    outcome = load(server, next_examples, "--sync", "--prune")
    assert outcome.code == 0, outcome.stderr
    # Neither the two that changed, nor the two that are not as they were loaded.
    assert f"unchanged {len(expected(next_examples)) - 4} graphs\n" in outcome.stderr
    assert "removed   1 graphs\n" in outcome.stderr
    assert held(server) == {**expected(next_examples), OTHER: 1}
    assert any(s == "http://e/ours" for s, _, _ in content(server, same))
    for number in (0, 1, 4, 5):
        graph = graph_of(examples, number)
        assert content(server, graph) == content_of(next_examples, graph)


class Reader(threading.Thread):
    """Counts a graph again and again, and keeps what it saw."""

    def __init__(self, server: Server, graph: str) -> None:
        super().__init__()
        self._server = server
        self._query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        self._done = threading.Event()
        self.seen: Counter[int] = Counter()

    def run(self) -> None:
        # A reader that leaves Virtuoso no pause can hold up its writers for half a minute.
        while not self._done.wait(0.03 if self._server.kind == "virtuoso" else 0):
            self.seen[int(self._server.select(self._query)[0]["n"])] += 1

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self.join()


@pytest.mark.parametrize("graph", [ALL, None])
def test_readers_see_the_old_graph_or_the_new_one(
    graph: str | None, server: Server, load: Load, tmp_path: Path
) -> None:
    # One figure is enough to take a server a while.
    old = many(tmp_path / "old", range(2), 0, triples=4000)
    new = many(tmp_path / "new", range(2), 1, triples=6000)
    where = [] if graph is None else ["--graph", graph]
    read = graph or f"{FIGURES}PMC1__f1.html"
    assert load(server, old, *where).code == 0
    with Reader(server, read) as reader:
        outcome = load(server, new, *where)
    assert outcome.code == 0, outcome.stderr
    numbers = {4000, 6000} if graph is None else {8002, 12_003}
    others = sum(n for number, n in reader.seen.items() if number not in numbers)
    # Virtuoso has been seen to show, for a moment, a graph that it is about to move another to.
    assert others <= (1 if server.kind == "virtuoso" else 0), reader.seen
    assert reader.seen[min(numbers)] > 2
    assert held(server) == (expected(new) if graph is None else {ALL: 12_003})


def test_a_graph_that_no_load_wrote_is_replaced_if_that_is_said(
    server: Server, load: Load, examples: Path
) -> None:
    insert(server, ALL, "b")
    outcome = load(server, examples, "--graph", ALL, "--prune")
    assert outcome.code == 2
    assert f"{ALL}: " in outcome.stderr
    assert "no load wrote it: add --replace" in outcome.stderr
    assert held(server) == {ALL: 1}
    everything = len({quad.triple for quad in quads(examples)})
    for more, others in (([], 1), (["--replace", "--prune"], 0), ([], 0), (["--append"], 0)):
        outcome = load(server, examples, "--graph", ALL, *more)
        assert outcome.code == 0, outcome.stderr
        assert held(server) == {ALL: everything + others}


def test_a_part_of_an_export_replaces_its_figures_and_all_others_stay(
    server: Server, load: Load, examples: Path, next_examples: Path
) -> None:
    assert load(server, examples).code == 0
    before = {graph: content(server, graph) for graph in expected(examples)}
    for number in range(3, 7):
        (next_examples / "core" / f"{figure(examples, number)}.nq").unlink()
    outcome = load(server, next_examples)
    assert outcome.code == 0, outcome.stderr
    assert "removed   0 graphs\n" in outcome.stderr
    assert held(server).keys() == expected(examples).keys()
    for number in (0, 1):
        graph = graph_of(examples, number)
        assert content(server, graph) == content_of(next_examples, graph)
    for number in range(2, 7):
        graph = graph_of(examples, number)
        assert content(server, graph) == before[graph]
    for graph in set(before) - {graph_of(examples, number) for number in range(7)}:
        assert content(server, graph) >= before[graph]


def test_records_give_the_same_graphs_as_their_export(
    server: Server, load: Load, examples: Path
) -> None:
    outcome = load(server, EXAMPLES, "--compat", "wikipathways", "--jobs", 1)
    assert outcome.code == 0, outcome.stderr
    assert held(server) == expected(examples)
    for graph in expected(examples):
        assert content(server, graph) == content_of(examples, graph), graph
    outcome = load(server, examples, "--sync")
    assert f"unchanged {len(expected(examples))} graphs\n" in outcome.stderr


# --- what is cut off -----------------------------------------------------------------------------

MODES: dict[str, list[str]] = {
    "replace": ["--prune"],
    "append": ["--append"],
    "sync": ["--sync", "--prune"],
    "one graph": ["--graph", ALL, "--prune"],
    "part": [],
}


@dataclass
class Work:
    """An export in a server, the next export, and what the server shall hold after its load."""

    server: Server
    run: Load
    through: Proxy
    old: Path
    new: Path
    mode: list[str]

    def begin(self) -> None:
        """What the server has before the load."""
        self.server.empty()
        more = ["--graph", ALL] if ALL in self.mode else []
        outcome = self.run(self.server, self.old, *more, url=self.through.url)
        assert outcome.code == 0, outcome.stderr

    def load(self) -> Outcome:
        return self.run(self.server, self.new, *self.mode, url=self.through.url)

    def loading(self) -> AbstractContextManager[subprocess.Popen[str]]:
        return process(self.server, self.new, *self.mode, url=self.through.url)

    @property
    def shared(self) -> str:
        """The graph that all figures have a part in."""
        return ALL if ALL in self.mode else LINKSET

    def requests(self) -> int:
        """How many requests the load makes that nothing happens to."""
        self.begin()
        self.through.requests.clear()
        outcome = self.load()
        assert outcome.code == 0, outcome.stderr
        self.assert_done()
        return len(self.through.requests)

    def assert_done(self) -> None:
        found = held(self.server)
        if ALL in self.mode:
            assert found == {ALL: len({quad.triple for quad in quads(self.new)})}
        elif "--append" in self.mode:
            assert found == dict(
                Counter(quad.graph_name.value for quad in quads(self.old) | quads(self.new))
            )
        elif "--prune" in self.mode:
            assert found == expected(self.new)
        else:
            gone = f"{FIGURES}PMC0__f1.html"
            all_figures = {gone: expected(self.old)[gone], **expected(self.new)}
            # What links the figure that is not sent stays.
            assert found == {**all_figures, LINKSET: expected(self.new)[LINKSET] + 1}


@pytest.fixture
def work(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Work]]:
    """Make work for a server, in one of ``MODES``."""
    # As in PROGRAM, without which a load could not go on with what was loaded there.
    monkeypatch.setattr("rdfexport.store.servers.UpdateStore.chunk_graphs", 5)
    monkeypatch.setattr("rdfexport.store.servers.UpdateStore.chunk_triples", 20)
    with ExitStack() as stack:

        def make(server: Server, mode: str) -> Work:
            old = many(tmp_path / "old", range(12), 0)
            new = many(tmp_path / "new", range(1, 15), 1)
            through = stack.enter_context(proxy(server.port))
            return Work(server, load, through, old, new, MODES[mode])

        yield make


@pytest.mark.parametrize("mode", MODES)
def test_a_killed_load_goes_on(mode: str, server: Server, work: Callable[..., Work]) -> None:
    job = work(server, mode)
    total = job.requests()
    moments: list[tuple[int | str, signal.Signals, bool]] = [
        (total * 3 // 4, signal.SIGINT, False),
        (total * 3 // 4 + 1, signal.SIGKILL, True),
        (total - 2, signal.SIGKILL, True),
    ]
    if mode != "append":
        # What waited is shown to readers.
        verb = "ADD" if mode == "part" else "COPY"
        moments.append((f"{verb} <{staging(job.shared)}>", signal.SIGKILL, True))
    for moment, signal_number, passed_on in moments:
        job.begin()
        with job.loading() as loading:

            def stop(
                loading: subprocess.Popen[str] = loading, sent: signal.Signals = signal_number
            ) -> None:
                loading.send_signal(sent)
                loading.wait(30)

            job.through.at(moment, stop, passed_on=passed_on)
            stderr = loading.communicate(timeout=60)[1]
            if signal_number == signal.SIGINT:
                assert loading.returncode == 130
                assert stderr.endswith("stopped: the same command resumes where it was\n")
                assert "Traceback" not in stderr
            else:
                assert loading.returncode == -signal.SIGKILL
        job.through.never()
        outcome = job.load()
        assert outcome.code == 0, (moment, outcome.stderr)
        assert "resumed   behind " in outcome.stderr
        job.assert_done()


@pytest.mark.parametrize("mode", ["replace", "one graph"])
def test_a_load_goes_on_when_the_server_is_back(
    mode: str, mortal: Server, work: Callable[..., Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    def restart() -> None:
        mortal.kill()
        mortal.start()

    job = work(mortal, mode)
    total = job.requests()
    job.begin()
    job.through.at(total * 3 // 4, restart, passed_on=True)
    outcome = job.load()
    assert outcome.code == 0, outcome.stderr
    job.assert_done()
    # Now it stays away, and waiting for it is made short.
    monkeypatch.setattr(session, "LOADING", replace(session.LOADING, backoff=0.01))
    job.begin()
    job.through.at(total * 3 // 4, mortal.kill, passed_on=True)
    outcome = job.load()
    job.through.never()
    assert outcome.code == 2
    assert f"error: {job.through.url}" in outcome.stderr
    assert "the connection" in outcome.stderr
    assert outcome.stderr.endswith("the same command continues where it stopped\n")
    mortal.start()
    outcome = job.load()
    assert outcome.code == 0, outcome.stderr
    assert "resumed   behind " in outcome.stderr
    job.assert_done()


@pytest.mark.parametrize("mode", ["replace", "sync", "one graph", "part"])
def test_a_step_whose_answer_was_lost_can_be_sent_again(
    mode: str, server: Server, work: Callable[..., Work]
) -> None:
    job = work(server, mode)
    figure = f"{FIGURES}PMC1__f1.html"
    for graph in {job.shared, *([] if ALL in job.mode or server.kind == "oxigraph" else [figure])}:
        job.begin()
        lost: list[str] = []
        job.through.at(f" TO <{graph}>", lambda lost=lost: lost.append("answer"), passed_on=True)
        outcome = job.load()
        job.through.never()
        assert lost
        assert outcome.code == 0, outcome.stderr
        job.assert_done()


def test_what_a_server_lost_that_was_sent_is_found_by_counting(
    server: Server, work: Callable[..., Work], load: Load
) -> None:
    job = work(server, "replace")
    total = job.requests()
    job.begin()
    with job.loading() as loading:
        job.through.at(total // 2, loading.kill, passed_on=True)
        loading.communicate(timeout=60)
    job.through.never()
    # The journal has the first chunk. A server that was cut off may not.
    lost = f"{FIGURES}PMC1__f1.html"
    server.update(f"DELETE WHERE {{ GRAPH <{lost}> {{ <{lost}> <http://e/1> ?o }} }}")
    outcome = job.load()
    assert outcome.code == 0, outcome.stderr
    assert "mended    1 graphs that were not as they had been loaded\n" in outcome.stderr
    job.assert_done()
    # So may one that was cut off when all was done: a sync finds that.
    server.update(f"DELETE WHERE {{ GRAPH <{lost}> {{ <{lost}> <http://e/1> ?o }} }}")
    outcome = load(server, job.new, "--sync", url=job.through.url)
    assert f"unchanged {len(expected(job.new)) - 1} graphs\n" in outcome.stderr
    job.assert_done()


# --- what goes wrong -----------------------------------------------------------------------------


def test_a_wrong_password_is_said_at_once_and_shown_nowhere(
    server: Server,
    load: Load,
    examples: Path,
    state: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ExitStack() as stack:
        behind, auth = server.port, []
        if server.kind == "oxigraph":
            folder = tmp_path / "nginx"
            url = stack.enter_context(servers.nginx(folder, server, servers.basic_rules(folder)))
            behind, auth = int(url.rpartition(":")[2]), ["--auth", "basic"]
        through = stack.enter_context(proxy(behind))
        wrong = "wr0ng-päss"
        monkeypatch.setitem(server.env, "RDFEXPORT_USER", servers.USER)
        monkeypatch.setitem(server.env, "RDFEXPORT_PASSWORD", wrong)
        outcome = load(server, examples, *auth, url=through.url)
        assert outcome.code == 2
        assert "user or password is wrong, says the server (401)" in outcome.stderr
        # Who it is, and a first query, which digest authentication sends twice.
        assert len(through.requests) <= 3
        assert wrong not in outcome.stderr + outcome.stdout
        assert not any(
            wrong.encode() in file.read_bytes() for file in state.rglob("*") if file.is_file()
        )
        if server.kind == "oxigraph":
            monkeypatch.setitem(server.env, "RDFEXPORT_PASSWORD", servers.PASSWORD)
            outcome = load(server, examples, *auth, url=through.url)
            assert outcome.code == 0, outcome.stderr
            assert held(server) == expected(examples)
            files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
            assert not any(servers.PASSWORD.encode() in content for content in files)


@pytest.mark.parametrize("before", [False, True])
def test_a_figure_that_is_not_well_formed_is_named(
    before: bool,  # noqa: FBT001
    server: Server,
    load: Load,
    examples: Path,
    tmp_path: Path,
) -> None:
    export = tmp_path / "export"
    shutil.copytree(examples, export)
    if before:
        assert load(server, export).code == 0
    file, figid, graph = figure_file(export, 2), figure(export, 2), graph_of(export, 2)
    good = file.read_text()
    change(file, lambda lines: [*lines[:5], lines[5].replace("<http", "<ht tp", 1), *lines[6:]])
    outcome = load(server, export)
    assert outcome.code == 1
    assert f"error: {file}: {figid}: " in outcome.stderr
    # The figure is as it was, so are the linkset and what stands for all.
    found = held(server)
    assert found.pop(graph, 0) == (expected(examples)[graph] if before else 0)
    assert found.items() <= expected(examples).items()
    file.write_text(good)
    outcome = load(server, export)
    assert outcome.code == 0, outcome.stderr
    assert held(server) == expected(examples)


def test_a_server_that_only_reads_is_said(mortal: Server, load: Load, examples: Path) -> None:
    if mortal.kind == "oxigraph":
        mortal.kill()
        mortal.command[1] = "serve-read-only"
        mortal.start()
    else:
        mortal.env["RDFEXPORT_USER"] = "reader"
    outcome = load(mortal, examples)
    assert outcome.code == 2
    assert "does not allow writing" in outcome.stderr
    assert held(mortal) == {}
    if mortal.kind == "oxigraph":
        mortal.kill()
        mortal.command[1] = "serve"
        mortal.start()
    else:
        mortal.env["RDFEXPORT_USER"] = servers.USER
    outcome = load(mortal, examples)
    assert outcome.code == 0, outcome.stderr
    assert held(mortal) == expected(examples)


def test_a_full_server_is_said(tmp_path: Path, load: Load, examples: Path) -> None:
    (tmp_path / "server").mkdir()
    with servers.oxigraph(tmp_path / "server") as server:
        server.kill()
        server.file_limit = 200_000
        server.start()
        outcome = load(server, examples)
        assert outcome.code == 2
        assert "File too large" in outcome.stderr
        assert "the same command continues where it stopped" in outcome.stderr
        server.kill()
        server.file_limit = None
        server.start()
        outcome = load(server, examples)
        assert outcome.code == 0, outcome.stderr
        assert held(server) == expected(examples)


@contextmanager
def pages() -> Iterator[str]:
    """A site that has a page for every request; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<html><title>Home</title><h1>Welcome to nginx!</h1></html>")

        do_POST = do_PUT = do_GET  # noqa: N815 - http.server's names

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{site.server_port}"
        finally:
            site.shutdown()
            thread.join()


@pytest.mark.parametrize("kind", ["auto", "gsp", "update", "virtuoso", "qlever"])
def test_a_site_that_is_no_endpoint_is_said(
    kind: str, run: Callable[..., Outcome], examples: Path
) -> None:
    with pages() as url:
        outcome = run("load", examples, "--endpoint", url, "--kind", kind)
    assert outcome.code == 2
    assert outcome.stderr.startswith(f"error: {url}: no SPARQL endpoint is there (")
    assert "a web page, not with SPARQL results (Home Welcome to nginx!)" in outcome.stderr
