# ruff: noqa: INP001 - a script, in no package
"""What ``compare_versions.py`` runs: the commands, with the options that change what is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

STAGES: Final = ("export", "release", "site", "load")

BASE: Final = "https://example.org/"
FIRST, SECOND = "20261110", "20261111"
"""The days of the two releases."""


@dataclass(frozen=True)
class Source:
    """Records to run the commands on."""

    name: str
    path: Path

    @cached_property
    def large(self) -> bool:
        """Whether there are too many for every variant of a command."""
        return sum(1 for _ in self.path.glob("_figures/*.md")) > 100

    @property
    def jobs(self) -> int:
        """Worker processes; with more than one, old and new run one after the other."""
        return 2 if self.large else 1


@dataclass(frozen=True)
class Step:
    """Commands that are run one after the other, and what they leave to compare."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    outputs: tuple[str, ...] = ()
    store: str | None = None


FORMATS: Final = ("turtle", "jsonld", "ntriples", "nquads", "trig", "rdfxml", "jsonld-graph")
ALL_FORMATS: Final = tuple(word for name in FORMATS for word in ("--format", name))
COMPAT: Final = ("--compat", "wikipathways")

EXPORTS: Final[dict[str, tuple[str, ...]]] = {
    "everything": (
        *ALL_FORMATS,
        *COMPAT,
        *("--layout", "shards", "--compress", "zst", "--report", "report.sarif"),
    ),
    "unlinked": ("--no-link", "--format", "nquads", "--layout", "shards"),
}
"""The options of an export of any number of records."""

MORE_EXPORTS: Final[dict[str, tuple[str, ...]]] = {
    "default": ("--report", "report.ttl"),
    "ntriples": ("--format", "ntriples", "--layout", "files", "--report", "report.json"),
    "nquads-gz": ("--format", "nquads", "--compress", "gz", "--layout", "files"),
    "shards": ("--layout", "shards"),
    "all-formats": (*ALL_FORMATS, "--layout", "files", "--no-validate"),
    "wikipathways": (*COMPAT, "--compat-rule", "all", "--date", "2026-11-10"),
    "diseases-by-label": ("--diseases-by-label", "--format", "ntriples"),
    "other-bases": (
        *("--figure-base", "https://example.org/figures/"),
        *("--vocab-base", "https://example.org/vocab#", "--data-version", "2026-11"),
    ),
}
"""Those of a few records only."""


def exports(source: Source) -> Iterator[Step]:
    for name, options in (EXPORTS if source.large else EXPORTS | MORE_EXPORTS).items():
        out = f"{source.name}/export-{name}"
        # A report lies beside the folder that the export has to itself.
        words = [
            f"{out}-{word}" if options[place - 1] == "--report" else word
            for place, word in enumerate(options)
        ]
        reports = tuple(word for word in words if word.startswith(out))
        command = ("export", str(source.path), "--out", out, "--jobs", str(source.jobs), *words)
        yield Step(f"{source.name}: export {name}", (command,), (out, *reports))


def release_command(source: Source, day: str, *options: str) -> tuple[str, ...]:
    return (
        *("release", str(source.path), "--out", f"{source.name}/release", "--version", day),
        *("--jobs", str(source.jobs), "--base-url", BASE, "--source", f"{BASE}records"),
        *options,
    )


def releases(source: Source) -> Iterator[Step]:
    """A release, and a second one that differs from it: no links, and other gene sets."""
    out = f"{source.name}/release"
    first = release_command(source, FIRST)
    other = ("--no-link", "--gmt-rule", "all", "--gmt-min-genes", "1")
    second = release_command(source, SECOND, "--previous", f"{out}/pfocr/{FIRST}", *other)
    yield Step(f"{source.name}: release", (first,), (f"{out}/pfocr/{FIRST}",))
    yield Step(f"{source.name}: release after another", (second,), (out,))


def site(source: Source, *, release_is_there: bool) -> Step:
    release, out = f"{source.name}/release/pfocr/{FIRST}", f"{source.name}/site"
    build = ("site", release, "--base-url", BASE, "--out", out)
    commands = (build,) if release_is_there else (release_command(source, FIRST), build)
    return Step(f"{source.name}: site", commands, (out,))


def loads(source: Source) -> Iterator[Step]:
    """Records that are loaded, and, if they are few, an export."""
    jobs = ("--jobs", str(source.jobs))
    store = f"{source.name}/store-of-records"
    compat = () if source.large else COMPAT
    command = ("load", str(source.path), "--store", store, *compat, *jobs)
    yield Step(f"{source.name}: load records", (command,), store=store)
    if source.large:
        return
    out, store = f"{source.name}/loaded-export", f"{source.name}/store-of-files"
    export = ("export", str(source.path), "--out", out, "--format", "nquads", *COMPAT, *jobs)
    load = ("load", out, "--store", store)
    yield Step(f"{source.name}: load files", (export, load), store=store)


def steps(source: Source, stages: Iterable[str]) -> Iterator[Step]:
    if "export" in stages:
        yield from exports(source)
    if "release" in stages:
        yield from releases(source)
    if "site" in stages:
        yield site(source, release_is_there="release" in stages)
    if "load" in stages:
        yield from loads(source)
