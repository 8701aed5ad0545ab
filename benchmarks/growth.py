"""How time and memory of an export grow with the number of records."""

from __future__ import annotations

import math
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from measure import measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE: Final = Path(__file__).parent


class Size(NamedTuple):
    """An export of so many records: seconds, and MB of the largest process.

    ``cpu`` is the time of all processors, which other work on the machine changes little.
    """

    records: int
    triples: int
    seconds: float
    cpu: float
    peak: float


def grow(work: Path, sizes: Sequence[int], jobs: int, seed: int) -> Iterator[Size]:
    """Export generated corpora of some sizes, linked, as compressed N-Triples in shards.

    What is not compressed would not fit on the disk of a laptop at a million records.
    """
    for records in sizes:
        corpus, out = work / "growing", work / "grown"
        options = ["--records", str(records), "--seed", str(seed)]
        measure(str(HERE / "corpus.py"), str(corpus), *options)
        arguments = [str(corpus), "--out", str(out), "--format", "ntriples", "--layout", "shards"]
        arguments += ["--compress", "zst", "--no-validate", "--jobs", str(jobs)]
        done = measure("-m", "rdfexport", "export", *arguments)
        triples = re.search(r"^triples +(.+)$", done.output, re.MULTILINE)
        assert triples is not None
        total = sum(int(n.replace(",", "")) for n in re.findall(r" ([\d,]*\d)", triples[1]))
        shutil.rmtree(corpus)
        shutil.rmtree(out)
        yield Size(records, total, done.seconds, done.cpu, done.peak)


def exponent(rows: Sequence[Size]) -> float:
    """The k of ``cpu ~ records ** k`` that fits best; 1 is linear."""
    points = [(math.log(row.records), math.log(row.cpu)) for row in rows]
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def plot(rows: Sequence[Size], path: Path) -> None:
    """Draw the rows as an SVG file: the same rows make the same bytes."""
    import matplotlib as mpl  # noqa: PLC0415 - the rest needs no matplotlib

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "rdfexport", "svg.fonttype": "none", "font.size": 9}
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (time, memory) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
    thousands = [row.records / 1000 for row in rows]
    time.plot(thousands, [row.cpu for row in rows], "o-")
    time.set_ylabel("seconds of the processors")
    memory.plot(thousands, [row.peak for row in rows], "o-")
    memory.set_ylabel("peak MB of the largest process")
    memory.axhline(300, color="gray", linestyle=":")
    for axes in (time, memory):
        axes.set_xlabel("thousand records")
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
