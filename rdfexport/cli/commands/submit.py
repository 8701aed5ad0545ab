"""``rdfexport submit``: a release to a catalog."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import click

from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.options import choice, quiet_option, signers_option
from rdfexport.cli.progress import progress
from rdfexport.cli.prompts import terminal_prompt
from rdfexport.cli.unused import refuse_unused
from rdfexport.printing import named, say, visible_lines
from rdfexport.release.fetch import release_folder
from rdfexport.store import AuthKind
from rdfexport.submit.release import open_submittable
from rdfexport.submit.target import Options
from rdfexport.submit.targets import find_target

if TYPE_CHECKING:
    from pathlib import Path

    from rdfexport.release.model import Release
    from rdfexport.submit.target import Target

# Kinds of targets → the options that only they have.
_ONLY_FOR: Final = {
    ("zenodo",): ("publish",),
    ("fdp-static", "fdp-index"): ("fdp_url",),
    ("fdp-index",): ("wait",),
    ("sparql",): ("auth",),
}


@click.command(
    epilog="Example: rdfexport submit out/release/pfocr/20261110 --to fdp-static:../fdp --dry-run"
)
@click.argument("release", metavar="FOLDER|URL")
@click.option(
    "--to",
    "to",
    metavar="TARGET",
    required=True,
    help="fdp:URL (a FAIR Data Point), fdp-static:FOLDER (one as files), fdp-index:URL (an index of"
    " them), zenodo: (or zenodo:URL of another), sparql:URL (a store), git:PATH (a working copy).",
)
@click.option("--dry-run", is_flag=True, help="Print what would be sent or written; do nothing.")
@click.option("--publish", is_flag=True, help="zenodo: publish the deposit, which is for ever.")
@click.option(
    "--fdp-url",
    metavar="URL",
    help="fdp-static, fdp-index: where the FAIR Data Point is published; one of files ends in /."
    "  [default: fdp/ beside the releases]",
)
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=120,
    show_default=True,
    metavar="SECONDS",
    help="fdp-index: how long to wait until it has read it.",
)
@click.option(
    "--auth",
    type=choice(AuthKind),
    default="none",
    show_default=True,
    help="sparql: as with rdfexport load.",
)
@signers_option
@quiet_option("what goes wrong")
def submit(  # noqa: PLR0913 - one argument an option
    *,
    release: str,
    to: str,
    dry_run: bool,
    publish: bool,
    fdp_url: str | None,
    wait: float,
    auth: AuthKind,
    signers: Path | None,
    quiet: bool,
) -> None:
    """Submit a release to catalogs, safely as often as you like.

    FOLDER is that of one version, as `rdfexport release` wrote it; URL is the address of one, whose
    files are fetched and compared with their checksums. What is there already is found and updated;
    a submission that was stopped resumes when the same command is given again. User and password
    are RDFEXPORT_USER and RDFEXPORT_PASSWORD, a token is RDFEXPORT_TOKEN, or they are in the
    keyring, or asked for. Exit status 0: it is all there; 1: the catalog does not take it, or holds
    something else; 2: it could not be done.
    """
    for kind, names in _ONLY_FOR.items():
        if to.partition(":")[0] not in kind:
            refuse_unused(f"with --to {named(to).partition(':')[0]}:", *names)
    if dry_run:
        refuse_unused("with --dry-run, which prints what it would do", "quiet")
    options = Options(publish, fdp_url, wait, auth, terminal_prompt())
    target = find_target(to, options)
    # A FAIR Data Point has shapes of its own, by which each record is validated before it is sent.
    validates = to.startswith("fdp:") and not dry_run
    say_fallbacks("shacl" if validates else None, reads=False, quiet=quiet)
    with ExitStack() as stack:
        with progress("MB", quiet=quiet) as bar:
            fetching = release_folder(release, signers, lambda size: bar.update(size // 10**6))
            opened = open_submittable(stack.enter_context(fetching))
        if dry_run:
            for step in target.plan(opened):
                click.echo(visible_lines(f"{step}\n".expandtabs(4)))
            return
        _submit(target, opened, to, quiet=quiet)


def _submit(target: Target, opened: Release, to: str, *, quiet: bool) -> None:
    steps = 0
    for step in target.submit(opened):
        steps += 1
        if not quiet:
            say(step)
    if not steps and not quiet:
        say(f"{named(to)}: all is there already")
