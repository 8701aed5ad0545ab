"""The command line: options, prompts, progress, messages, exit statuses. Thin.

Exit status: 0 all good, 1 the data has faults (said where), 2 the call or the environment is wrong;
128 and the signal's number where a signal ended the command (130: Ctrl-C, 143: SIGTERM), or where
nobody read what it printed (141).

Each command is a module of ``cli.commands``, imported when that command is called and not before:
the list of commands needs none of them.
"""

from __future__ import annotations

import signal
import sqlite3
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from rdfexport.cli.causes import cause
from rdfexport.cli.notes import library_notes
from rdfexport.cli.status import SIGNALLED, WRONG_CALL, exit_status
from rdfexport.cli.stopping import stop_signals, stopped_status
from rdfexport.cli.streams import ReaderGoneError, standard_streams
from rdfexport.errors import RdfExportError
from rdfexport.printing import say, without_addresses
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS: Final = {
    "export": "Export figure records as RDF and JSON-LD.",
    "link": "Report what the identifiers of records are linked to, and how well.",
    "load": "Load figures into a SPARQL store, safely as often as you like.",
    "query": "Answer a bundled query, a file's, or one that is typed (-).",
    "references": "Reference tables: genes, chemicals, diseases and organisms.",
    "release": "Make a dated release: RDF, JSON-LD, gene sets, a table of mentions, checksums.",
    "serve": "Serve a store: SPARQL endpoint, query page, and a page for each figure.",
    "site": "Make a static catalog site of a release, for any web server.",
    "submit": "Submit a release to catalogs, safely as often as you like.",
    "validate": "Validate graphs that already exist: files, a store, or a SPARQL endpoint.",
    "verify": "Check everything of a release again: checksums, counts, contents, shapes.",
}
"""Command → the line about it in the list of commands, which is the first of its help."""

_READER_GONE: Final = SIGNALLED + getattr(signal, "SIGPIPE", 13)
_RESUMED: Final = frozenset({"load", "release", "submit"})


def command(name: str) -> click.Command:
    """Import the command that has a name in ``COMMANDS``."""
    found: click.Command = getattr(import_module(f"rdfexport.cli.commands.{name}"), name)
    return found


class _Main(click.Group):
    """Imports commands when they are called, and turns errors into messages and exit statuses."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return command(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        # The one of click imports every command for its first line, and cuts that.
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        with standard_streams():
            try:
                return super().main(*args, **kwargs)
            except RdfExportError as error:  # of a help text that cannot be written
                say(f"error: {error}")
                sys.exit(exit_status(error))
            except ReaderGoneError:
                sys.exit(_READER_GONE)

    def invoke(self, ctx: click.Context) -> Any:
        with stop_signals(), library_notes():
            return _reporting_errors(ctx, super().invoke)


def _reporting_errors(ctx: click.Context, invoke: Callable[[click.Context], Any]) -> Any:
    try:
        try:
            return invoke(ctx)
        finally:
            sys.stdout.flush()
    except RdfExportError as error:
        say(f"error: {error}")
        ctx.exit(exit_status(error))
    except click.UsageError as error:
        message = error.format_message()
        if (shown := without_addresses(message)) == message:
            raise
        raise click.UsageError(shown, error.ctx) from error
    except (OSError, MemoryError, sqlite3.DatabaseError) as error:
        if (text := cause(error)) is None:
            raise
        say(f"error: {text}")
        ctx.exit(WRONG_CALL)
    except KeyboardInterrupt as stop:
        resumed = ctx.invoked_subcommand in _RESUMED
        say(
            "stopped: the same command resumes where it was"
            if resumed
            else "stopped: no file was left half written"
        )
        ctx.exit(stopped_status(stop))


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rdfexport")
def main() -> None:
    """PFOCR pathway-figure records as schema.org JSON-LD and RDF."""
