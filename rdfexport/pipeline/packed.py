"""The result of records, kept for the next run together with what it was made from."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import astuple, replace
from typing import TYPE_CHECKING, Any

import orjson

from rdfexport.diagnostics import Finding, LocatedResult, Location, Severity
from rdfexport.diagnostics import Result as ShaclResult
from rdfexport.errors import InvalidGraphError, RecordError, SourceError
from rdfexport.pipeline.worker import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport.sources import Entry

_LABEL = re.compile(r"_:[A-Za-z0-9]+")


def rules_digest(options: str, shapes: str | None, tables: object) -> bytes:
    """A digest of what decides, besides the records, how they are exported.

    Args:
        options: A text that stands for options and program.
        shapes: The shapes as N-Triples, if there are any.
        tables: What stands for the reference tables, if there are any; its ``repr`` counts.
    """
    rules = (options, _relabelled(shapes or ""), tables)
    return hashlib.sha256(repr(rules).encode()).digest()


def _relabelled(ntriples: str) -> str:
    """A graph whose blank nodes are numbered as they come: their labels are new at each reading."""
    labels: dict[str, str] = {}
    return _LABEL.sub(lambda match: labels.setdefault(match[0], f"_:{len(labels)}"), ntriples)


def entry_digest(entry: Entry | RecordError) -> bytes:
    """A digest of a record as it lies there, which is read for it, and of how messages name it."""
    if isinstance(entry, RecordError):
        return hashlib.sha256(f"fault {entry}".encode()).digest()
    made = hashlib.sha256()
    # A length before each content, so that none passes into the next.
    about: list[object] = [entry.stem, entry.suffix, entry.pathways, *entry.tables]
    contents = []
    for member in entry.members:
        try:
            contents.append(member.read())
            about += (member.name, len(contents[-1]))
        except RecordError as error:
            about += (member.name, str(error))
    made.update(repr(about).encode())
    for content in contents:
        made.update(content)
    return made.digest()


def digest(entries: Iterable[Entry | RecordError]) -> bytes:
    """The digest of some records, which are read for it one after the other."""
    made = hashlib.sha256()
    for entry in entries:
        made.update(entry_digest(entry))
    return made.digest()


def packed(result: Result) -> bytes:
    """The result of a task, but for its files and texts.

    It is JSON, since what others may have written must not be run.
    """
    return orjson.dumps(as_facts(result))


def as_facts(result: Result) -> dict[str, Any]:
    """The same as what goes into JSON."""
    return {
        "index": result.index,
        "links": sorted(result.links),
        "triples": result.triples,
        "findings": [
            [list(f.location), f.problem, f.remedy, f.topic, f.unit] for f in result.findings
        ],
        "rejected": [_packed_error(error) for error in result.rejected],
        "results": [[*kind, number] for kind, number in result.results.items()],
        "violations": _packed_results(result.violations),
        "located": _packed_results(result.located),
        "left_out": result.left_out,
        "kept": result.kept,
    }


def unpacked(data: bytes) -> Result:
    """What ``packed`` packed.

    Raises:
        ValueError, KeyError, TypeError: It did not.
    """
    return of_facts(orjson.loads(data))


def of_facts(facts: dict[str, Any]) -> Result:
    """The same from what was in JSON."""
    return Result(
        index=[(figid, file) for figid, file in facts["index"]],
        links={tuple(link) for link in facts["links"]},
        triples=facts["triples"],
        findings=[Finding(Location(*place), *rest) for place, *rest in facts["findings"]],
        rejected=[_unpacked_error(error) for error in facts["rejected"]],
        results=Counter({(Severity(kind), shape): n for kind, shape, n in facts["results"]}),
        violations=_unpacked_results(facts["violations"]),
        located=_unpacked_results(facts["located"]),
        left_out=facts["left_out"],
        kept=facts["kept"],
    )


def _packed_error(error: RecordError) -> dict[str, Any]:
    if isinstance(error, InvalidGraphError):
        return {"violations": _packed_results(error.violations)}
    kind = "source" if isinstance(error, SourceError) else "fault"
    return {kind: [list(error.location), error.problem, error.remedy]}


def _unpacked_error(facts: dict[str, Any]) -> RecordError:
    for kind, error in (("fault", RecordError), ("source", SourceError)):
        if kind in facts:
            place, problem, remedy = facts[kind]
            return error(Location(*place), problem, remedy)
    return InvalidGraphError(tuple(_unpacked_results(facts["violations"])))


def _packed_results(located: Iterable[LocatedResult]) -> list[Any]:
    return [[astuple(one.result), list(one.location)] for one in located]


def _unpacked_results(facts: Iterable[Any]) -> list[LocatedResult]:
    located = []
    for values, place in facts:
        result = ShaclResult(*values)
        severity = Severity(result.severity)
        located.append(LocatedResult(replace(result, severity=severity), Location(*place)))
    return located
