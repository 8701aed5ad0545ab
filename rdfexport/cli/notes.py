"""Prints what the library logs as notes of the command."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from rdfexport.printing import say

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Notes(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        context = click.get_current_context(silent=True)
        if context is None or not context.params.get("quiet"):
            say(f"note: {record.getMessage()}")


@contextmanager
def library_notes() -> Iterator[None]:
    """Print what the library logs meanwhile, unless the running command has ``--quiet``."""
    logger, handler = logging.getLogger("rdfexport"), _Notes()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
