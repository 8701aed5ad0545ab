"""Every error this package raises on purpose, by its cause.

::

    RdfExportError
    ├── UsageError            the call asks for something that is not possible: change the call
    ├── DataError             the data has a fault: fix it
    │   ├── UnreadableError       an input is damaged, or not of the format it should be
    │   ├── RecordError           one record cannot be exported; the others can
    │   │   ├── InvalidGraphError     its graph does not conform to the shapes
    │   │   └── SourceError           a part of a source cannot be read, or cannot be had
    │   ├── TooManyRejectedError  more records were rejected than may be
    │   ├── LoadError             data was not loaded, or the store does not hold all of it
    │   ├── ReleaseError          no release can be made of the records
    │   └── SubmitError           a catalog holds something other than what was submitted
    ├── LocalError            this machine is in the way: fix the machine
    │   ├── DiskError             a file or folder cannot be read or written
    │   ├── BusyError             another run is using the same target
    │   └── MissingPackageError   an optional package or program is not installed
    └── RemoteError           a server is in the way
        ├── TransientError        it does not answer, or not now: retry later
        ├── RefusedError          it does not accept what was sent
        │   └── TooLargeError         it does not accept so much at once
        ├── NotFoundError         it has nothing at this address
        └── AuthError             it does not know or does not allow the user
    IdentifierError           an identifier does not have its space's form (a ValueError)

``rdfexport.cli`` maps each cause to an exit status, in one table.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import shortened
from rdfexport.limits import MAX_MESSAGE

if TYPE_CHECKING:
    from rdfexport.diagnostics import LocatedResult, Location


_EXHAUSTED: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
)


class RdfExportError(Exception):
    """Anything this package reports; catch it to catch them all."""


class UsageError(RdfExportError):
    """The call asks for something that is not possible: nothing was done."""


class DataError(RdfExportError):
    """The data has a fault; the message says where."""


class UnreadableError(DataError):
    """An input as a whole is damaged, or is not of the format that it should have."""


class RecordError(DataError):
    """One record cannot be exported.

    Args:
        location: File, line and field of the fault.
        problem: What is wrong; it is cut after 1,000 characters, since it may quote a record.
        remedy: What to do about it.
    """

    def __init__(self, location: Location, problem: str, remedy: str) -> None:
        problem = shortened(problem, MAX_MESSAGE)
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
            first.location, problem, "fix the record, or export it anyway with --on-violation warn"
        )
        self.violations = violations

    def __reduce__(self) -> tuple[type[InvalidGraphError], tuple[tuple[LocatedResult, ...]]]:
        return type(self), (self.violations,)


class SourceError(RecordError):
    """A part of a source cannot be read, or cannot be had, so nobody knows what it holds.

    What an earlier run took from there may still be there, so none of that may be removed.
    """


class TooManyRejectedError(DataError):
    """More records were rejected than may be, and an earlier export was to be replaced.

    Args:
        rejected: How many were rejected before the work was stopped.
        records: How many records there are.
        allowed: How many may be rejected.
        consequence: What happened to the earlier export.
    """

    def __init__(
        self,
        rejected: int,
        records: int,
        allowed: int,
        consequence: str = "the earlier export was kept as it was",
    ) -> None:
        super().__init__(rejected, records, allowed, consequence)
        self.consequence = consequence
        self.rejected = rejected
        self.records = records
        self.allowed = allowed

    def __str__(self) -> str:
        return (
            f"{self.rejected:,} of {self.records:,} records were rejected so far, and at most"
            f" {self.allowed:,} may be: {self.consequence}: correct the records, or allow more"
            " with --max-rejected"
        )


class LoadError(DataError):
    """Data cannot be loaded, or the store does not hold what was sent."""


class ReleaseError(DataError):
    """No release can be made of the records."""


class SubmitError(DataError):
    """A catalog does not take what was submitted, or holds something else."""


class LocalError(RdfExportError):
    """This machine is in the way of the work."""


class DiskError(LocalError):
    """A file or folder cannot be read or written."""


class BusyError(LocalError):
    """Another run is using the same target."""


class MissingPackageError(LocalError):
    """An optional package or program is not installed."""


class RemoteError(RdfExportError):
    """A server is in the way of the work.

    Args:
        parts: The whole message; or the address, what is wrong, and what to do.
    """

    def __init__(self, *parts: str) -> None:
        super().__init__(*parts)
        self.where, self.problem, self.remedy = parts if len(parts) == 3 else ("", parts[0], "")

    def __str__(self) -> str:
        return ": ".join(part for part in self.args if part)


class TransientError(RemoteError):
    """A server does not answer, or not now; the same request may succeed later."""


class RefusedError(RemoteError):
    """A server does not accept what was sent: it is wrong, or the server does not do it."""


class TooLargeError(RefusedError):
    """A server does not accept so much at once."""


class NotFoundError(RemoteError):
    """A server has nothing at this address."""


class AuthError(RemoteError):
    """A server does not know the user, or does not allow the user to do this."""


def reading_error(error: Exception) -> type[DiskError | UnreadableError]:
    """Which error says why a file could not be read.

    An ``OSError`` with a number comes from the operating system; one without, and any other
    exception, from a parser or unpacker (``gzip.BadGzipFile`` is such an ``OSError``).
    """
    from_system = isinstance(error, OSError) and error.errno is not None
    return DiskError if from_system else UnreadableError


def is_exhausted(error: BaseException) -> bool:
    """Whether this machine ran out of something, so that an error says nothing of what was read.

    That is room on a disk, open files or memory; a temporary file may have needed it.
    """
    return isinstance(error, OSError) and error.errno in _EXHAUSTED


def without_trace(error: RecordError) -> RecordError:
    """The error without its traceback and causes, for one that is kept.

    They hold the frames that it came through, and with them all that was read of the record.
    """
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


class IdentifierError(ValueError):
    """An identifier does not have the form of its space, so it makes no IRI."""
