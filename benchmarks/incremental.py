"""An export over an earlier one, after a few records changed, against a full export.

    python benchmarks/incremental.py [--records 10000] [--changed 10] [--layout shards]

A corpus is generated from a seed; each export runs as a process of its own. After the last change
the folder is compared with that of a full export, byte by byte.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import tempfile
import time
from pathlib import Path
from random import Random

from measure import Measured, measure

HERE = Path(__file__).parent


def export(folder: Path, out: Path, layout: str, jobs: int) -> Measured:
    options = ["--out", str(out), "--layout", layout, "--jobs", str(jobs)]
    return measure("-m", "rdfexport", "export", str(folder), *options)


def show(what: str, run: Measured, files: int) -> None:
    print(f"| {what} | {run.seconds:.1f} | {run.peak:.0f} | {files:,} |", flush=True)


def files(out: Path) -> dict[str, int]:
    """The graphs' files, and when each was written."""
    return {str(p.relative_to(out)): p.stat().st_mtime_ns for p in out.glob("*/*")}


def same(one: Path, two: Path) -> bool:
    names = [files(folder).keys() | {"index.tsv", "warnings.jsonl"} for folder in (one, two)]
    pairs = ((one / name, two / name) for name in names[0])
    return names[0] == names[1] and all(filecmp.cmp(*pair, shallow=False) for pair in pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--changed", type=int, default=10)
    parser.add_argument("--layout", choices=("files", "shards"), default="shards")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--folder", type=Path, help="for the corpus and the exports")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder, out, fresh = (Path(name) / part for part in ("corpus", "out", "fresh"))
        options = ["--records", str(arguments.records), "--seed", str(arguments.seed)]
        measure(str(HERE / "corpus.py"), str(folder), *options)
        records = sorted((folder / "_figures").glob("*.md"))
        rng = Random(arguments.seed)
        time.sleep(4)  # until the files' times say enough
        print("| export | seconds | peak MB a process | files written |")
        print("|---|---|---|---|")

        def again(what: str) -> None:
            before = files(out)
            run = export(folder, out, arguments.layout, arguments.jobs)
            after = files(out)
            show(what, run, sum(before.get(name) != when for name, when in after.items()))

        again(f"{len(records):,} records, full")
        again("nothing changed")
        some = rng.sample(records, arguments.changed)
        for path in some:
            text = path.read_text("utf-8")
            path.write_text(text.replace("figid: ", "changed: true\nfigid: ", 1), "utf-8")
        again(f"{len(some)} changed")
        for path in some:
            path.unlink()
        again(f"{len(some)} removed")
        for path in set(records).difference(some):
            path.touch()
        again("all touched, as by a fresh checkout")
        run = export(folder, fresh, arguments.layout, arguments.jobs)
        show("full, into another folder", run, len(files(fresh)))
        print("\nboth folders hold the same" if same(out, fresh) else "\nTHE FOLDERS DIFFER")


if __name__ == "__main__":
    main()
