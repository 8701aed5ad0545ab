"""The command line: arguments, progress, messages, exit statuses. Thin.

Exit status: 0 all good, 1 the data has faults (said where), 2 the call or the environment is wrong.
"""

from __future__ import annotations

from typing import Any

import click

from rdfexport.cli.export_command import export
from rdfexport.cli.link_command import link
from rdfexport.cli.load_command import load
from rdfexport.cli.release_command import release
from rdfexport.cli.site_command import site
from rdfexport.cli.status import INTERRUPTED, exit_status
from rdfexport.cli.submit_command import submit
from rdfexport.cli.validate_command import validate
from rdfexport.cli.verify_command import verify
from rdfexport.errors import RdfExportError
from rdfexport.query.commands import query
from rdfexport.references.commands import references
from rdfexport.serve.commands import serve
from rdfexport.version import __version__


class _Commands(click.Group):
    """Turns this package's errors into messages and exit statuses, for every command."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RdfExportError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(exit_status(error))
        except KeyboardInterrupt:
            click.echo("stopped: no file was left half written", err=True)
            ctx.exit(INTERRUPTED)


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
