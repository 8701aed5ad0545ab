"""The result of some records: what was exported, left out, found and counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import orjson

from rdfexport.diagnostics import Finding, LocatedResult, Location, Result, Severity
from rdfexport.errors import InvalidGraphError, RecordError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable


class GraphText(NamedTuple):
    """N-Quads of one graph; ``name`` is what the files of the figure or of the part are called."""

    part: str
    name: str
    graph: str
    nquads: str


@dataclass(slots=True)
class Tally:
    """The result of some records.

    Args:
        rejected: Records that were left out.
        findings: Warnings about records that were exported.
        links: Items of the linkset.
        index: Pairs of a figid and the name of its file or shard.
        files: Names and sizes of the files written, in bytes.
        triples: How many, by part.
        results: How many validation results, by severity and shape.
        violations: Those of figures that were exported anyway.
        located: All validation results, where a report was asked for.
        left_out: How many nodes were left out of a graph that is not a figure's.
        texts: The figures' graphs, where they go into no files.
        kept: How many figures of an earlier export stay, since their source could not be read.
    """

    rejected: list[RecordError] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    links: set[tuple[str, ...]] = field(default_factory=set)
    index: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, int]] = field(default_factory=list)
    triples: dict[str, int] = field(default_factory=dict)
    results: Counter[tuple[Severity, str]] = field(default_factory=Counter)
    violations: list[LocatedResult] = field(default_factory=list)
    located: list[LocatedResult] = field(default_factory=list)
    left_out: int = 0
    texts: list[GraphText] = field(default_factory=list)
    kept: int = 0

    def add(self, other: Tally) -> None:
        """Add the result of other records, except for files and texts."""
        self.rejected += other.rejected
        self.findings += other.findings
        self.links |= other.links
        self.index += other.index
        for part, number in other.triples.items():
            self.triples[part] = self.triples.get(part, 0) + number
        self.results += other.results
        self.violations += other.violations
        self.located += other.located
        self.kept += other.kept

    def to_dict(self) -> dict[str, Any]:
        """Values that JSON can hold, of all but files and texts."""
        return {
            "index": self.index,
            "links": sorted(self.links),
            "triples": self.triples,
            "findings": [
                [list(f.location), f.problem, f.remedy, f.topic, f.unit] for f in self.findings
            ],
            "rejected": [_error_to_dict(error) for error in self.rejected],
            "results": [[*kind, number] for kind, number in self.results.items()],
            "violations": _results_to_lists(self.violations),
            "located": _results_to_lists(self.located),
            "left_out": self.left_out,
            "kept": self.kept,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The tally that ``to_dict`` gave the values of."""
        return cls(
            index=[(figid, file) for figid, file in values["index"]],
            links={tuple(link) for link in values["links"]},
            triples=values["triples"],
            findings=[Finding(Location(*place), *rest) for place, *rest in values["findings"]],
            rejected=[_error_from_dict(error) for error in values["rejected"]],
            results=Counter({(Severity(kind), shape): n for kind, shape, n in values["results"]}),
            violations=_results_from_lists(values["violations"]),
            located=_results_from_lists(values["located"]),
            left_out=values["left_out"],
            kept=values["kept"],
        )

    def to_json(self) -> bytes:
        """JSON and not a pickle, since others may have written what is read again."""
        return orjson.dumps(self.to_dict())

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The tally that ``to_json`` wrote.

        Raises:
            ValueError, KeyError, TypeError: It is something else.
        """
        return cls.from_dict(orjson.loads(data))


def _error_to_dict(error: RecordError) -> dict[str, Any]:
    if isinstance(error, InvalidGraphError):
        return {"violations": _results_to_lists(error.violations)}
    kind = "source" if isinstance(error, SourceError) else "fault"
    return {kind: [list(error.location), error.problem, error.remedy]}


def _error_from_dict(values: dict[str, Any]) -> RecordError:
    for kind, error in (("fault", RecordError), ("source", SourceError)):
        if kind in values:
            place, problem, remedy = values[kind]
            return error(Location(*place), problem, remedy)
    return InvalidGraphError(tuple(_results_from_lists(values["violations"])))


def _results_to_lists(located: Iterable[LocatedResult]) -> list[Any]:
    return [[astuple(one.result), list(one.location)] for one in located]


def _results_from_lists(lists: Iterable[Any]) -> list[LocatedResult]:
    located = []
    for values, place in lists:
        result = Result(*values)
        severity = Severity(result.severity)
        located.append(LocatedResult(replace(result, severity=severity), Location(*place)))
    return located
