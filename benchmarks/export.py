"""Export against the straightforward script and the floor, in one run.

    python benchmarks/export.py [--records 10000] [--sample 1000] [--form mixed] [--folder FOLDER]

A corpus is generated from a seed (or taken from FOLDER); each program runs as a process of its
own. The script runs over the first ``--sample`` records, and its time is scaled to all: its cost
a record does not fall with their number. Ratios are of seconds; above 1 means that rdfexport is
faster.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
from pathlib import Path

from measure import Measured, measure

HERE = Path(__file__).parent


def export(folder: Path, out: Path, form: str, jobs: int, *options: str) -> Measured:
    shutil.rmtree(out, ignore_errors=True)
    arguments = [str(folder), "--out", str(out), "--format", form, "--jobs", str(jobs)]
    return measure("-m", "rdfexport", "export", *arguments, *options)


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=1_000)
    parser.add_argument("--form", choices=("legacy", "current", "mixed"), default="mixed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        folder = arguments.folder or work / "corpus"
        if arguments.folder is None:
            options = ["--records", str(arguments.records), "--seed", str(arguments.seed)]
            measure(str(HERE / "corpus.py"), str(folder), *options, "--form", arguments.form)
        records = sum(1 for _ in (folder / "_figures").glob("*.md"))
        sample = min(arguments.sample, records)
        jobs = arguments.jobs
        print(f"{records:,} records, {jobs} processes; the script over {sample:,}, scaled\n")
        print("| format | program | seconds | ms a record | peak MB | script / rdfexport |")
        print("|---|---|---|---|---|---|")
        for form, script_form in (("ntriples", "nt"), ("turtle", "turtle")):
            paths = [str(folder), str(work / "script.out")]
            limits = ["--format", script_form, "--limit", str(sample)]
            script = measure(str(HERE / "baseline.py"), *paths, *limits)
            scaled = script.seconds * records / sample
            rows = [("script", scaled, script.peak)]
            for count in dict.fromkeys((1, jobs)):
                run = export(folder, work / "out", form, count, "--no-validate", "--no-link")
                rows.append(
                    (f"rdfexport --jobs {count} --no-validate --no-link", run.seconds, run.peak)
                )
            a_record = size(work / "out" / "core") // records
            for count in dict.fromkeys((1, jobs)):
                more = ["--bytes-per-record", str(a_record), "--jobs", str(count)]
                run = measure(str(HERE / "floor.py"), str(folder), str(work / "floor"), *more)
                rows.append((f"floor, {count} processes", run.seconds, run.peak))
            run = export(folder, work / "out", form, jobs, "--on-violation", "warn")
            rows.append((f"rdfexport --jobs {jobs}", run.seconds, run.peak))
            for program, seconds, peak in rows:
                ratio = scaled / seconds
                each = seconds / records * 1000
                numbers = f"{seconds:.1f} | {each:.2f} | {peak:.0f} | {ratio:.1f}"
                print(f"| {form} | {program} | {numbers} |")
            triples = re.search(r"triples +core ([\d,]+)", run.output)
            assert triples is not None
            print(f"| {form} | | | | | {triples[1]} triples in core |", flush=True)


if __name__ == "__main__":
    main()
