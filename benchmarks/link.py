"""Linking: what it adds to an export, with and without in the same run.

    python benchmarks/link.py [--records 30000] [--repeat 3]

Each run is a process of its own. The two take turns, and of each the fastest run counts, since
other work on the machine only ever adds. Seconds are those of the processor.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from measure import Measured, measure

HERE = Path(__file__).parent
LINKS = ("--no-link", "--link")
KINDS = {
    "N-Triples, not validated": ("--format", "ntriples", "--no-validate"),
    "Turtle and JSON-LD, validated": (),
}


def export(folder: Path, out: Path, *options: str) -> Measured:
    arguments = [str(folder), "--out", str(out), "--layout", "shards", "--jobs", "1", *options]
    run = measure("-m", "rdfexport", "export", *arguments)
    shutil.rmtree(out)
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=30_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print("| export, 1 process | not linked, s | linked, s | more | peak MB | linked, peak MB |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        options = ["--records", str(arguments.records), "--seed", str(arguments.seed)]
        measure(str(HERE / "corpus.py"), str(work / "corpus"), *options)
        for kind, chosen in KINDS.items():
            runs = [
                [export(work / "corpus", work / "out", *chosen, link) for link in LINKS]
                for _ in range(arguments.repeat)
            ]
            columns = zip(*runs, strict=True)
            without, linked = (min(column, key=lambda run: run.cpu) for column in columns)
            more = linked.cpu / without.cpu - 1
            print(
                f"| {kind} | {without.cpu:.1f} | {linked.cpu:.1f} | {more:.1%}"
                f" | {without.peak:.0f} | {linked.peak:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
