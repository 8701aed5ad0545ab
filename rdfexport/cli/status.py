"""Exit statuses, and the one table from the cause of an error to its status."""

from __future__ import annotations

import sys
from typing import Final, NoReturn

import click

from rdfexport.errors import (
    DataError,
    LocalError,
    RdfExportError,
    RefusedError,
    RemoteError,
    SourceError,
    UnreadableError,
    UsageError,
)

FAULTS: Final = 1
"""The data has faults, which were reported."""
WRONG_CALL: Final = 2
"""The call or the environment is wrong, or an input could not be read."""
SIGNALLED: Final = 128
"""A signal ended the command: this and its number, as shells say it (130: Ctrl-C, 143: SIGTERM)."""

_STATUSES: Final[dict[type, int]] = {
    UsageError: WRONG_CALL,
    DataError: FAULTS,
    # Nothing is known of the data, so the command did not do its work.
    UnreadableError: WRONG_CALL,
    SourceError: WRONG_CALL,
    LocalError: WRONG_CALL,
    RemoteError: WRONG_CALL,
    # The server has judged the data.
    RefusedError: FAULTS,
    RdfExportError: WRONG_CALL,
}


def exit_status(error: RdfExportError) -> int:
    """The status a command ends with after an error: that of the nearest class in the table."""
    return next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)


def end_incomplete() -> NoReturn:
    """End a command that could not read all of its sources, and has printed which parts."""
    click.echo(
        "error: not all of the sources could be read: nothing that was there before was removed",
        err=True,
    )
    sys.exit(WRONG_CALL)
