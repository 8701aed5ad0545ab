"""The command line: arguments, progress, messages, exit statuses. Thin.

Exit status: 0 all good, 1 the data has faults (said where), 2 the call or the environment is wrong;
128 and the signal's number where a signal ended the command (130: Ctrl-C, 143: SIGTERM), or where
nobody read what it printed (141).
"""

from __future__ import annotations

import signal
import sqlite3
import sys
from typing import Any, Final

import click

from rdfexport.cli.environment import (
    ReaderGoneError,
    cause,
    standard_streams,
    stop_signals,
    stopped_status,
)
from rdfexport.cli.export_command import export
from rdfexport.cli.link_command import link
from rdfexport.cli.load_command import load
from rdfexport.cli.release_command import release
from rdfexport.cli.site_command import site
from rdfexport.cli.status import SIGNALLED, WRONG_CALL, exit_status
from rdfexport.cli.submit_command import submit
from rdfexport.cli.validate_command import validate
from rdfexport.cli.verify_command import verify
from rdfexport.errors import RdfExportError
from rdfexport.printing import say, without_addresses
from rdfexport.query.commands import query
from rdfexport.references.commands import references
from rdfexport.serve.commands import serve
from rdfexport.version import __version__

_READER_GONE: Final = SIGNALLED + getattr(signal, "SIGPIPE", 13)
_RESUMED: Final = frozenset({"load", "release", "submit"})


class _Commands(click.Group):
    """Turns what goes wrong into messages and exit statuses, for every command."""

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
        with stop_signals():
            return self._invoke(ctx)

    def _invoke(self, ctx: click.Context) -> Any:
        try:
            try:
                return super().invoke(ctx)
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
        except (OSError, MemoryError, sqlite3.OperationalError) as error:
            say(f"error: {cause(error)}")
            ctx.exit(WRONG_CALL)
        except KeyboardInterrupt as stop:
            resumed = ctx.invoked_subcommand in _RESUMED
            say(
                "stopped: the same command resumes where it was"
                if resumed
                else "stopped: no file was left half written"
            )
            ctx.exit(stopped_status(stop))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rdfexport")
def main() -> None:
    """PFOCR pathway-figure records as schema.org JSON-LD and RDF."""


main.add_command(export)
main.add_command(link)
main.add_command(load)
main.add_command(validate)
main.add_command(query)
main.add_command(references)
main.add_command(serve)
main.add_command(release)
main.add_command(verify)
main.add_command(submit)
main.add_command(site)
