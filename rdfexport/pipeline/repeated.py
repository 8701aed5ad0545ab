"""Findings that many records share, reported once each with their number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.diagnostics import Finding


class RepeatedFindings:
    """Keeps back findings that are reported once for all rows that have them."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[Finding, int]] = {}

    def others(self, findings: Iterable[Finding]) -> list[Finding]:
        """Keep back those that are reported once, and give the others."""
        others = []
        for finding in findings:
            if finding.unit is None:
                others.append(finding)
                continue
            key = (finding.problem, finding.unit)
            first, number = self._found.get(key, (finding, 0))
            self._found[key] = (first, number + 1)
        return others

    def counted(self) -> Iterator[Finding]:
        """One finding a problem, where it was found first, with the number of its units."""
        for first, number in self._found.values():
            problem = first.problem
            if number > 1:
                problem += f" (here and in {number - 1:,} more {first.unit})"
            yield replace(first, problem=problem, unit=None)
        self._found.clear()
