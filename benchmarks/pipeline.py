"""The whole way from records to a store: where the time goes, against what, and how it grows.

    python benchmarks/pipeline.py [--records 10000] [--sample 300] [--growth 10000 30000 103000]
        [--million] [--plot docs/growth.svg]

Needs ``pip install -e '.[bench]'``. Three parts, each a Markdown table:

1. the share of each stage (``stages.py``);
2. rdfexport, the straightforward script, Morph-KGC and the floor over the same records
   (``baseline.py``, ``morph_kgc.py``, ``floor.py``);
3. growth with the number of records (``growth.py``).

Every program runs as a process of its own. The script runs over the first ``--sample`` records, and
over none; the difference, which is its work, is scaled to all records.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import morph_kgc
from growth import exponent, grow, plot
from measure import measure
from stages import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
MILLION: Final = 1_000_000
WAYS: Final = {
    "N-Quads, linked, validated": ("--format", "nquads"),
    "Turtle and JSON-LD, linked, validated": ("--format", "turtle", "--format", "jsonld"),
    "N-Triples alone": ("--format", "ntriples", "--no-link", "--no-validate"),
}
NAMES: Final = {
    "list": "find the records",
    "read": "read",
    "tables": "parse (tables)",
    "parse": "parse (YAML)",
    "normalise": "normalise",
    "link": "link",
    "map": "map",
    "serialise": "serialise",
    "validate": "validate",
    "write": "write",
    "linkset": "gather the linkset",
    "rest": "the rest",
    "load": "load",
}


class Ran(NamedTuple):
    """A program of the comparison."""

    name: str
    triples: int
    seconds: float
    peak: float


def shares(work: Path, corpus: Path) -> None:
    runs = []
    for options in WAYS.values():
        load = () if options[1] == "nquads" else ("--no-load",)
        arguments = [str(corpus), str(work / "staged"), *options, *load]
        done = measure(str(HERE / "stages.py"), *arguments)
        runs.append(json.loads(done.output.splitlines()[-1]))
        shutil.rmtree(work / "staged")
    print(f"| stage | {' | '.join(f'{way}: s | %' for way in WAYS)} |")
    print("|---" * (1 + 2 * len(WAYS)) + "|")
    for run in runs:
        run["stages"]["rest"] = run["seconds"] - sum(run["stages"].values())
    for stage in (*STAGES, "rest"):
        _row(NAMES[stage], runs, lambda run, stage=stage: run["stages"][stage])
    _row("**export**", runs, lambda run: run["seconds"])
    _row("reading the clock, within the above", runs, lambda run: run["clock"])
    size = sum(path.stat().st_size for path in corpus.rglob("*") if path.is_file()) / 1e6
    print(f"\n| {' | '.join(('', *WAYS))} |\n{'|---' * (1 + len(WAYS))}|")
    for name, value in (
        ("records/s", lambda run: f"{run['records'] / run['seconds']:,.0f}"),
        ("triples/s", lambda run: f"{run['triples'] / run['seconds']:,.0f}"),
        ("MB/s read", lambda run: f"{size / run['seconds']:.1f}"),
        ("MB/s written", lambda run: f"{run['bytes'] / 1e6 / run['seconds']:.1f}"),
        ("peak MB", lambda run: f"{run['peak']:.0f}"),
    ):
        print(f"| {name} | {' | '.join(map(value, runs))} |")
    for run in runs:
        if "load" in run:
            seconds = run["load"]
            print(
                f"\nLoading it into the embedded store: {seconds:.1f} s,"
                f" {run['triples'] / seconds:,.0f} triples/s, peak {run['peak_load']:.0f} MB;"
                f" {seconds / (seconds + run['seconds']):.0%} of export and load together."
            )


def _row(name: str, runs: list[dict[str, Any]], value: Any) -> None:
    cells = (f"{value(run):.2f} | {value(run) / run['seconds']:.1%}" for run in runs)
    print(f"| {name} | {' | '.join(cells)} |")


def against(work: Path, corpus: Path, records: int, sample: int, jobs: int) -> None:
    """Compare; the script's numbers are scaled, all else is as measured."""
    rows = list(_script(work, corpus, records, sample))
    out = work / "out"
    a_record = 0
    for count in dict.fromkeys((1, jobs)):
        rows.append(_export(corpus, out, count, "--no-validate", "--no-link"))
        size = sum(path.stat().st_size for path in (out / "core").iterdir())
        a_record = size // records
    rows.append(_export(corpus, out, jobs, "--on-violation", "warn", "--no-link"))
    for count in dict.fromkeys((1, jobs)):
        options = ["--bytes-per-record", str(a_record), "--jobs", str(count)]
        run = measure(str(HERE / "floor.py"), str(corpus), str(work / "floor"), *options)
        rows.append(Ran(f"floor, {_processes(count)}", 0, run.seconds, run.peak))
    try:
        rows += _morph(work, corpus, out, jobs)
    except morph_kgc.MissingError as error:
        print(f"Morph-KGC is left out: {error}")
    print("| program | triples | seconds | ms a record | triples/s | peak MB |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        each = row.seconds / records * 1000
        speed = f"{row.triples:,} | {row.seconds:.1f} | {each:.2f}"
        print(f"| {row.name} | {speed} | {row.triples / row.seconds:,.0f} | {row.peak:.0f} |")


def _processes(jobs: int) -> str:
    return "1 process" if jobs == 1 else f"{jobs} processes"


def _script(work: Path, corpus: Path, records: int, sample: int) -> Iterator[Ran]:
    for name, options in (("script", ()), ("script with pySHACL", ("--validate",))):
        paths = [str(corpus), str(work / "script.nt"), "--format", "nt", *options]
        start, run = (
            measure(str(HERE / "baseline.py"), *paths, "--limit", str(limit))
            for limit in (0, sample)
        )
        made = re.search(r"(\d+) triples", run.output)
        assert made is not None
        scale = records / sample
        seconds = start.seconds + (run.seconds - start.seconds) * scale
        triples = int(int(made[1]) * scale)
        yield Ran(f"{name}, scaled from {sample:,}", triples, seconds, run.peak)


def _export(corpus: Path, out: Path, jobs: int, *options: str) -> Ran:
    shutil.rmtree(out, ignore_errors=True)
    arguments = ["--format", "ntriples", "--layout", "shards", "--jobs", str(jobs), *options]
    run = measure("-m", "rdfexport", "export", str(corpus), "--out", str(out), *arguments)
    made = re.search(r"core ([\d,]+)", run.output)
    assert made is not None
    name = "not validated" if "--no-validate" in options else "validated"
    triples = int(made[1].replace(",", ""))
    return Ran(f"rdfexport, {name}, {_processes(jobs)}", triples, run.seconds, run.peak)


def _morph(work: Path, corpus: Path, out: Path, jobs: int) -> Iterator[Ran]:
    """Morph-KGC over ready tables; its triples are compared with those in ``out``."""
    tables, made = work / "tables", work / "morph.nt"
    morph_kgc.python()
    morph_kgc.tables(corpus, tables)
    for count in dict.fromkeys((1, jobs)):
        run = morph_kgc.run(tables, made, count)
        with made.open("rb") as file:
            triples = sum(1 for _ in file)
        name = f"Morph-KGC, {_processes(count)}, a part, from ready tables"
        yield Ran(name, triples, run.seconds, run.peak)
    differences = morph_kgc.differences(out / "core", made)
    if differences:
        raise SystemExit(f"Morph-KGC and rdfexport differ: {differences[:5]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--growth", type=int, nargs="*", default=[10_000, 30_000, 103_000])
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    records, jobs = arguments.records, arguments.jobs
    sizes = [*arguments.growth, *([MILLION] if arguments.million else [])]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if records:
            options = ["--records", str(records), "--seed", str(arguments.seed)]
            measure(str(HERE / "corpus.py"), str(work / "corpus"), *options)
            print(f"{records:,} records, one process\n", flush=True)
            shares(work, work / "corpus")
            print(f"\n{records:,} records\n", flush=True)
            against(work, work / "corpus", records, min(arguments.sample, records), jobs)
            shutil.rmtree(work / "corpus")
        if sizes:
            print(f"\n{jobs} processes, compressed N-Triples, linked, not validated\n")
            print("| records | triples | seconds | of the processors | ms a record | peak MB |")
            print("|---|---|---|---|---|---|")
            rows = []
            for row in grow(work, sizes, jobs, arguments.seed):
                rows.append(row)
                each = row.cpu / row.records * 1000
                numbers = f"{row.triples:,} | {row.seconds:.1f} | {row.cpu:.1f}"
                numbers += f" | {each:.2f} | {row.peak:.0f}"
                print(f"| {row.records:,} | {numbers} |", flush=True)
            if len(rows) > 1:
                power = exponent(rows)
                print(f"\nseconds of the processors grow as records to the power of {power:.2f}")
            if arguments.plot:
                plot(rows, arguments.plot)


if __name__ == "__main__":
    main()
