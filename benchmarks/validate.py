"""Validation: the default engine against pySHACL over the same graph, and its share of an export.

    python benchmarks/validate.py [--records 500 5000] [--sample 100]

Each run is a process of its own over N-Triples that ``rdfexport export`` wrote, one file a figure.
pySHACL runs over the first ``--sample`` figures, one graph at a time as rdfexport does, and its
time is scaled to all.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from measure import measure

HERE = Path(__file__).parent


def validate_files(engine_name: str, folder: Path, limit: int) -> None:
    """What is measured: shapes compiled once, then every figure's graph for itself."""
    from rdfexport.validate import default_shapes, load_shapes, make_engine  # noqa: PLC0415

    engine = make_engine(engine_name, load_shapes([default_shapes()]))
    paths = sorted(folder.glob("*.nt"))[:limit]
    began = time.perf_counter()
    results = sum(len(engine.validate(path.read_text("utf-8"))) for path in paths)
    print(f"{results} {time.perf_counter() - began:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[500, 5000])
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print("| figures | engine | seconds | figures/s | peak MB | pySHACL / engine |")
    print("|---|---|---|---|---|---|")
    exports = []
    for records in arguments.records:
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            options = ["--records", str(records), "--seed", str(arguments.seed)]
            measure(str(HERE / "corpus.py"), str(work / "corpus"), *options)
            out = str(work / "out")
            files = ["--layout", "files", "--format", "ntriples", "--no-validate"]
            measure("-m", "rdfexport", "export", str(work / "corpus"), "--out", out, *files)
            core = str(work / "out" / "core")
            sample = min(arguments.sample, records)
            slow = measure(str(HERE / "validate.py"), "--run", "pyshacl", core, str(sample))
            fast = measure(str(HERE / "validate.py"), "--run", "shacl", core, str(records))
            per_figure = float(slow.output.split()[1]) / sample
            seconds = float(fast.output.split()[1])
            scaled = per_figure * records
            for engine, took, peak in (
                ("pyshacl", scaled, slow.peak),
                ("shacl", seconds, fast.peak),
            ):
                numbers = f"{took:.1f} | {records / took:,.0f} | {peak:.0f} | {scaled / took:.0f}"
                print(f"| {records:,} | {engine} | {numbers} |", flush=True)
            shutil.rmtree(out)
            for jobs in ("1", "2"):
                shards = ["--layout", "shards", "--jobs", jobs]
                both = [
                    measure(
                        "-m",
                        "rdfexport",
                        "export",
                        str(work / "corpus"),
                        "--out",
                        out,
                        *shards,
                        more,
                    )
                    for more in ("--no-validate", "--validate")
                ]
                without, within = (run.seconds for run in both)
                share = 1 - without / within
                exports.append(
                    f"| {records:,} | {jobs} | {without:.1f} | {within:.1f} | {share:.0%} |"
                )
    print("\n| records | processes | export, s | validated, s | share of validation |")
    print("|---|---|---|---|---|")
    print("\n".join(exports))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        validate_files(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
