"""Asks for credentials at a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rdfexport.net.auth import Prompt


def terminal_prompt() -> Prompt | None:
    """A prompt at the terminal; None where there is no terminal."""
    return _ask if sys.stdin.isatty() else None


def _ask(text: str, *, hidden: bool) -> str:
    return str(click.prompt(text, hide_input=hidden, err=True))
