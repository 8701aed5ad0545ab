"""The least that an export must do: read the bytes, parse the YAML, write as many bytes.

python benchmarks/floor.py FOLDER OUT_FILE --bytes-per-record N [--jobs N]
"""

from __future__ import annotations

import argparse
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import yaml_rs

CHUNK = 500


def chunk(task: tuple[list[Path], Path, int]) -> None:
    paths, out, size = task
    text = b" " * size
    with out.open("wb", buffering=1 << 20) as file:
        for path in paths:
            yaml_rs.loads(path.read_bytes().split(b"\n---", 1)[0][4:].decode())
            for kind in ("genes", "chemicals", "diseases"):
                table = path.parent.parent / "_data" / f"{path.stem}-{kind}.tsv"
                if table.exists():
                    table.read_bytes()
            file.write(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--bytes-per-record", type=int, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    paths = iter(sorted((arguments.folder / "_figures").glob("*.md")))
    tasks = []
    while batch := list(islice(paths, CHUNK)):
        tasks.append((batch, arguments.out / f"{len(tasks)}", arguments.bytes_per_record))
    if arguments.jobs == 1:
        for task in tasks:
            chunk(task)
        return
    with get_context("spawn").Pool(arguments.jobs) as pool:
        pool.map(chunk, tasks)


if __name__ == "__main__":
    main()
