"""Findings: location, problem and severity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from rdfexport.printing import visible


class Location(NamedTuple):
    """Where a field stands: printed as ``file:line: field`` (a part not known is left out)."""

    file: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        file = visible(self.file)
        place = file if self.line is None else f"{file}:{self.line}"
        return place if self.field is None else f"{place}: {visible(self.field)}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a curator should know of a record that is exported anyway.

    Args:
        location: File, line and field.
        problem: What is wrong.
        remedy: What to do about it.
        topic: What all findings of its kind have in common, in the plural; given for those that
            mean a loss, which are counted on the terminal.
        unit: What is counted (``rows``) where many records have the same problem, which is then
            reported once.
    """

    location: Location
    problem: str
    remedy: str
    topic: str | None = None
    unit: str | None = None

    def __str__(self) -> str:
        return f"{self.location}: {visible(f'{self.problem}: {self.remedy}')}"


class Severity(StrEnum):
    """SHACL's severities (https://www.w3.org/TR/shacl/#severity), worst first."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True, slots=True)
class Result:
    """One ``sh:ValidationResult``; terms are in N-Triples syntax, the component a bare IRI.

    ``path`` is a SPARQL property path; ``shape`` the shape that was not met.
    """

    focus: str
    path: str | None
    value: str | None
    component: str
    severity: Severity
    shape: str
    message: str | None


@dataclass(frozen=True, slots=True)
class LocatedResult:
    """A result, and where the value it is about was written."""

    result: Result
    location: Location

    @property
    def text(self) -> str:
        """The problem, in one line of printable characters."""
        result = self.result
        value = "" if result.value is None else f" (found {shortened(result.value)})"
        message = result.message or local_name(result.component)
        return visible(f"{message}{value} [{local_name(result.shape)}]")

    def __str__(self) -> str:
        return f"{self.location}: {self.text}"


def local_name(iri: str) -> str:
    """The part of an IRI after its last ``#`` or ``/``."""
    return iri.strip("<>").replace("#", "/").rpartition("/")[2]


def shortened(text: str, limit: int = 80) -> str:
    """A text of at most ``limit`` characters, with an ellipsis where some are left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
