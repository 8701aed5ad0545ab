"""Every error this package raises on purpose.

::

    RdfExportError
    ├── CallError          the call or the environment is wrong: exit status 2
    ├── RecordError        one record is wrong; the others go on: exit status 1
    │   └── InvalidGraphError    its graph does not conform to the shapes
    ├── LoadError          data was not loaded, or not all of it is there: exit status 1
    ├── ReleaseError       no release can be made of the records: exit status 1
    └── SubmitError        a catalog does not take what was submitted: exit status 1
    IdentifierError        an identifier does not have its space's form (a ValueError)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdfexport.model import LocatedResult, Location


class RdfExportError(Exception):
    """Anything this package reports; catch it to catch them all."""


class CallError(RdfExportError):
    """The call or the environment is wrong: nothing was done, or the work stopped."""


class RecordError(RdfExportError):
    """One record cannot be exported.

    Args:
        location: File, line and field of the fault.
        problem: What is wrong.
        remedy: What to do about it.
    """

    def __init__(self, location: Location, problem: str, remedy: str) -> None:
        super().__init__(location, problem, remedy)
        self.location = location
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.location}: {self.problem}: {self.remedy}"


class InvalidGraphError(RecordError):
    """A record's graph does not conform to the shapes.

    Args:
        violations: What was found, in the graph's order; the first one's place is the error's.
    """

    def __init__(self, violations: tuple[LocatedResult, ...]) -> None:
        first = violations[0]
        problem = (
            first.text if len(violations) == 1 else f"{first.text}, and {len(violations) - 1} more"
        )
        super().__init__(
            first.location, problem, "mend the record; --on-violation warn exports it all the same"
        )
        self.violations = violations

    def __reduce__(self) -> tuple[type[InvalidGraphError], tuple[tuple[LocatedResult, ...]]]:
        return type(self), (self.violations,)


class LoadError(RdfExportError):
    """Data cannot be loaded, or the store does not hold what was sent."""


class ReleaseError(RdfExportError):
    """There is nothing to make a release of."""


class SubmitError(RdfExportError):
    """A catalog does not take what was submitted, or holds something else than that."""


class IdentifierError(ValueError):
    """An identifier does not have the form of its space, so it makes no IRI."""
