"""Validation of servers: `rdfexport validate --endpoint`, by the number of figures.

    python benchmarks/validate_endpoint.py [--records 1000 10000] [--only oxigraph]

Generated records are exported and loaded into each server, with a graph a figure and with all in
one graph; then the server is validated, with all shapes. Peak memory is the client's. Servers that
are not installed are left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from measure import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from support import servers  # noqa: E402 - found by the line above

LAYOUTS = {"a graph a figure": (), "one graph": ("--graph", "https://pfocr.wikipathways.org/")}
KINDS = {"oxigraph": servers.oxigraph, "virtuoso": servers.virtuoso}


@contextmanager
def started(kind: str, folder: Path) -> Iterator[servers.Server]:
    folder.mkdir()
    with KINDS[kind](folder) as server:
        os.environ |= server.env
        yield server
    shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--only", choices=KINDS, action="append")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    kinds = [kind for kind in arguments.only or KINDS if kind != "virtuoso" or there()]
    print("| server | layout | figures | seconds | figures/s | CPU seconds | peak MB |")
    print("|---|---|---|---|---|---|---|")
    for records in arguments.records:
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            os.environ["XDG_STATE_HOME"] = str(work / "state")
            corpus, export = str(work / "corpus"), str(work / "out")
            options = ("--records", str(records), "--seed", str(arguments.seed))
            measure(str(HERE / "corpus.py"), corpus, *options)
            form = ("--format", "nquads", "--layout", "shards", "--no-validate", "--quiet")
            measure("-m", "rdfexport", "export", corpus, "--out", export, *form)
            for kind in kinds:
                for layout, graph in LAYOUTS.items():
                    with started(kind, work / kind) as server:
                        load = ("-m", "rdfexport", "load", export, "--quiet")
                        measure(*load, *server.options, *graph)
                        url = server.options[1]
                        run = measure("-m", "rdfexport", "validate", "--endpoint", url)
                    print(
                        f"| {kind} | {layout} | {records:,} | {run.seconds:.0f}"
                        f" | {records / run.seconds:.1f} | {run.cpu:.0f} | {run.peak:.0f} |",
                        flush=True,
                    )


def there() -> bool:
    return shutil.which("virtuoso-t") is not None


if __name__ == "__main__":
    main()
