"""Loading: into the embedded store and into servers, against what each has of its own.

    python benchmarks/load.py [--records 2000 10000] [--rdflib 200000] [--repeat 2]

An export in N-Quads is loaded by ``rdfexport load`` and by the fastest way that the store itself
has: pyoxigraph's ``bulk_load`` of the same files, ``oxigraph load`` with no server, Virtuoso's bulk
loader started by hand. Each run is a process of its own into an empty store; of several the fastest
counts. Peak memory is the client's; a server's is its own. rdflib parses the first ``--rdflib``
lines. Servers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Measured, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

BULK = """
import sys, pathlib, pyoxigraph
store = pyoxigraph.Store(sys.argv[1])
for file in sorted(pathlib.Path(sys.argv[2]).rglob("*.nq")):
    store.bulk_load(path=file)
store.flush()
"""
RDFLIB = """
import sys, itertools, io, rdflib
with open(sys.argv[1]) as file:
    text = "".join(itertools.islice(file, int(sys.argv[2])))
rdflib.Dataset().parse(data=text, format="nquads")
"""
CLI = """
import subprocess, sys
subprocess.run([sys.argv[1], "load", "-l", sys.argv[2], "-f", *sys.argv[3:]], check=True)
"""


def lines(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*.nq"):
        with file.open("rb") as opened:
            total += sum(chunk.count(b"\n") for chunk in iter(lambda: opened.read(1 << 20), b""))
    return total


def fastest(repeat: int, once: Callable[[], Measured]) -> Measured:
    return min((once() for _ in range(repeat)), key=lambda run: run.seconds)


def embedded(work: Path, export: Path, repeat: int) -> Iterator[tuple[str, Measured]]:
    store = work / "store"

    def fresh(*arguments: str) -> Callable[[], Measured]:
        def once() -> Measured:
            shutil.rmtree(store, ignore_errors=True)
            return measure(*arguments)

        return once

    load = ("-m", "rdfexport", "load", "--store", str(store), "--quiet")
    yield "pyoxigraph bulk_load", fastest(repeat, fresh("-c", BULK, str(store), str(export)))
    yield "rdfexport load, files", fastest(repeat, fresh(*load, str(export)))
    records = (*load, str(work / "corpus"), "--no-validate")
    yield "rdfexport load, records", fastest(1, fresh(*records))
    yield "rdfexport load --sync, nothing new", measure(*load, str(export), "--sync")
    program = str(Path(sys.executable).with_name("oxigraph"))
    files = sorted(map(str, export.rglob("*.nq")))
    yield "oxigraph load", fastest(repeat, fresh("-c", CLI, program, str(store), *files))


def servers(work: Path, export: Path) -> Iterator[tuple[str, Measured]]:
    from support import servers as start  # noqa: PLC0415

    os.environ["XDG_STATE_HOME"] = str(work / "state")
    load = ("-m", "rdfexport", "load", str(export), "--quiet")
    folder = work / "oxigraph"
    folder.mkdir()
    with start.oxigraph(folder) as server:
        yield "Oxigraph server: rdfexport load", measure(*load, *server.options)
        yield "Oxigraph server: the same again", measure(*load, *server.options)
        yield "Oxigraph server: --sync, nothing new", measure(*load, *server.options, "--sync")
    shutil.rmtree(folder)
    if shutil.which("virtuoso-t") is None:
        return
    one = ("--graph", "https://pfocr.wikipathways.org/")
    for name, options in (
        ("Virtuoso: rdfexport load", ()),
        ("Virtuoso: rdfexport load --graph", one),
        ("Virtuoso: rdfexport load --bulk", ("--bulk",)),
        ("Virtuoso: rdfexport load --graph --bulk", (*one, "--bulk")),
        ("Virtuoso: its bulk loader", None),
    ):
        folder = work / "virtuoso"
        folder.mkdir()
        with start.virtuoso(folder) as server:
            shared = folder / "shared"
            os.environ |= {**server.env, "RDFEXPORT_SQL_PASSWORD": start.ADMINISTRATOR}
            if options is None:
                yield name, by_hand(server.sql, start.ADMINISTRATOR, shared, export)
            else:
                more = [
                    word
                    for option in options
                    for word in (
                        ("--bulk", server.sql, "--bulk-folder", str(shared))
                        if option == "--bulk"
                        else (option,)
                    )
                ]
                yield name, measure(*load, *server.options, *more)
        shutil.rmtree(folder)


def by_hand(sql: str, password: str, shared: Path, export: Path) -> Measured:
    for number, file in enumerate(sorted(export.rglob("*.nq"))):
        shutil.copy(file, shared / f"{number:05d}.nq")
    statements = f"ld_dir('{shared}', '*.nq', 'urn:none');\nrdf_loader_run();\ncheckpoint;\n"
    began = time.perf_counter()
    command = ["isql-vt", sql, "dba", password, "ERRORS=STDOUT"]
    subprocess.run(command, input=statements.encode(), check=True, capture_output=True)
    return Measured(time.perf_counter() - began, 0.0, "", 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--rdflib", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print("| triples | what | seconds | triples/s | of bulk_load's time | peak MB |")
    print("|---|---|---|---|---|---|")
    for records in arguments.records:
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            options = ["--records", str(records), "--seed", str(arguments.seed)]
            measure(str(HERE / "corpus.py"), str(work / "corpus"), *options)
            export = work / "out"
            form = ("--format", "nquads", "--layout", "shards", "--no-validate", "--quiet")
            corpus = str(work / "corpus")
            measure("-m", "rdfexport", "export", corpus, "--out", str(export), *form)
            triples = lines(export)

            def row(what: str, run: Measured, of: int, base: float) -> None:
                ratio = run.seconds / of / base
                print(
                    f"| {of:,} | {what} | {run.seconds:.1f} | {of / run.seconds:,.0f}"
                    f" | {ratio:.2f} | {run.peak:.0f} |",
                    flush=True,
                )

            base = 0.0
            for what, run in embedded(work, export, arguments.repeat):
                base = base or run.seconds / triples
                row(what, run, triples, base)
            sample = min(arguments.rdflib, triples)
            shard = sorted((export / "core").glob("*.nq"))
            first = work / "first.nq"
            with first.open("wb") as out:
                for file in shard:
                    out.write(file.read_bytes())
                    if first.stat().st_size > arguments.rdflib * 300:
                        break
            run = measure("-c", RDFLIB, str(first), str(sample))
            row("rdflib, in memory", run, sample, base)
            for what, run in servers(work, export):
                row(what, run, triples, base)


if __name__ == "__main__":
    main()
