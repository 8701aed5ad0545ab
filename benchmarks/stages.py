"""The share that each stage has of one process's time.

    python benchmarks/stages.py FOLDER OUT [--format NAME] [--no-link] [--no-validate] [--no-load]

The package knows nothing of it: its stage functions are wrapped here, in this process, by ones that
read the clock. A stage's time is without that of the stages it calls, but for validation, to which
the text counts that it makes for its engine. What the wrapping itself costs is measured too, and
stated as the share ``clock``: it lies within the stages, those with many calls above all.

Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
from collections import Counter
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import rdfexport.pipeline.records
import rdfexport.pipeline.sinks
import rdfexport.read.frontmatter
from rdfexport.cli import main as rdfexport_main
from rdfexport.graph import Mapper
from rdfexport.link import Linker
from rdfexport.pipeline import ExportOptions, Linking, Validation, export
from rdfexport.pipeline.build import Validator
from rdfexport.pipeline.run import Run
from rdfexport.pipeline.spill import DistinctItems
from rdfexport.sources import Catalogue
from rdfexport.sources.members import Member
from rdfexport.write import FORMATS, OutputFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STAGES = (
    "list",
    "read",
    "tables",
    "parse",
    "normalise",
    "link",
    "map",
    "serialise",
    "validate",
    "write",
    "linkset",
)
WHOLE = "validate"
"""The stage whose calls of others are its own time."""


class Clock:
    """The time of each stage in ns, without that of the stages within it."""

    def __init__(self) -> None:
        self.spent = Counter[str]()
        self.calls = 0
        self._inner = [0]
        self._whole = False

    def wrap(self, owner: Any, name: str, stage: str) -> None:
        """Replace a function of a module or class by one that takes its time."""
        setattr(owner, name, self.timed(getattr(owner, name), stage))

    def wrap_iterator(self, owner: Any, name: str, stage: str) -> None:
        """The same for a function that gives an iterator: each step counts."""
        function = getattr(owner, name)

        def steps(*arguments: Any) -> Iterator[Any]:
            step = self.timed(iter(function(*arguments)).__next__, stage)
            while True:
                try:
                    item = step()
                except StopIteration:
                    return
                yield item

        setattr(owner, name, steps)

    def timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        spent, inner = self.spent, self._inner
        is_whole = stage == WHOLE

        def run(*arguments: Any, **options: Any) -> Any:
            if self._whole:
                return function(*arguments, **options)
            self._whole = is_whole
            inner.append(0)
            began = perf_counter_ns()
            try:
                return function(*arguments, **options)
            finally:
                took = perf_counter_ns() - began
                spent[stage] += took - inner.pop()
                inner[-1] += took
                self.calls += 1
                self._whole = False

        return run

    def cost(self, times: int = 200_000) -> float:
        """What one wrapped call takes more than a bare one, in ns."""

        def nothing(_: object) -> None:
            pass

        other = Clock()
        wrapped = other.timed(nothing, "none")
        took = []
        for function in (nothing, wrapped):
            began = perf_counter_ns()
            for _ in range(times):
                function(None)
            took.append(perf_counter_ns() - began)
        return (took[1] - took[0]) / times


def install(clock: Clock) -> None:
    """Wrap what the stages of an export are."""
    clock.wrap(Catalogue, "__init__", "list")
    clock.wrap_iterator(Catalogue, "entries", "list")
    clock.wrap(Member, "read", "read")
    clock.wrap(rdfexport.pipeline.records, "decode", "parse")
    clock.wrap(rdfexport.read.frontmatter, "rows", "tables")
    clock.wrap(rdfexport.pipeline.records, "normalise", "normalise")
    clock.wrap(Linker, "link", "link")
    clock.wrap(Mapper, "view", "map")
    clock.wrap(Mapper, "core", "map")
    clock.wrap(rdfexport.pipeline.sinks, "count", "map")
    clock.wrap(Validator, "check", "validate")
    clock.wrap(Run, "_sound", "validate")
    for form in {form.serializer for form in FORMATS.values()}:
        if "figure" in vars(form):
            clock.wrap(form, "figure", "serialise")
    for name in ("__enter__", "write_bytes", "__exit__"):
        clock.wrap(OutputFile, name, "write")
    clock.wrap_iterator(Mapper, "link_items", "linkset")
    clock.wrap_iterator(Mapper, "linkset", "linkset")
    clock.wrap(DistinctItems, "add", "linkset")


def peak() -> float:
    """The peak memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--format", action="append")
    for name in ("link", "validate", "load"):
        parser.add_argument(f"--no-{name}", action="store_true")
    arguments = parser.parse_args()
    options = ExportOptions(
        out=arguments.out,
        formats=tuple(arguments.format or ["nquads"]),
        layout="shards",
        linking=None if arguments.no_link else Linking(),
        validation=None if arguments.no_validate else Validation(on_violation="warn"),
    )
    clock = Clock()
    install(clock)
    began = perf_counter_ns()
    summary = export([str(arguments.folder)], options)
    took = perf_counter_ns() - began
    result: dict[str, Any] = {
        "stages": {stage: clock.spent[stage] / 1e9 for stage in STAGES},
        "clock": clock.calls * clock.cost() / 1e9,
        "calls": clock.calls,
        "seconds": took / 1e9,
        "records": summary.exported,
        "triples": sum(summary.triples.values()),
        "bytes": summary.bytes,
        "peak": peak(),
    }
    if not arguments.no_load:
        store = arguments.out.with_name(arguments.out.name + ".store")
        load = ["load", "--store", str(store), "--quiet", str(arguments.out)]
        began = perf_counter_ns()
        try:
            rdfexport_main(load, standalone_mode=False)
        finally:
            shutil.rmtree(store, ignore_errors=True)
        result["load"] = (perf_counter_ns() - began) / 1e9
        result["peak_load"] = peak()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
