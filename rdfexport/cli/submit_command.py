"""``rdfexport submit``: a release to a catalog."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.options import checked_base, signers_option
from rdfexport.cli.progress import progress
from rdfexport.cli.prompts import terminal_prompt
from rdfexport.errors import RdfExportError, UnreadableError, UsageError
from rdfexport.printing import named, say, visible, visible_lines
from rdfexport.submit.target import Options, checked_url
from rdfexport.unused import refuse_unused

if TYPE_CHECKING:
    from rdfexport.release.model import Release
    from rdfexport.store import AuthKind
    from rdfexport.submit.target import Target

_KINDS: Final = ("fdp", "fdp-static", "fdp-index", "zenodo", "sparql", "git")
_FOLDERS: Final = ("fdp-static", "git")
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
    type=click.Choice(("none", "basic", "digest", "bearer")),
    default="none",
    show_default=True,
    help="sparql: as with rdfexport load.",
)
@signers_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what goes wrong.")
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
    files are fetched and compared with their checksums. What is there already is
    found and brought up to date; a submission that was stopped goes on when the same command is
    given again. User and password are RDFEXPORT_USER and RDFEXPORT_PASSWORD, a token is
    RDFEXPORT_TOKEN, or they are in the keyring, or asked for. Exit status 0: it is all there; 1:
    the catalog does not take it, or holds something else; 2: it could not be done.
    """
    from rdfexport.release.fetch import release_folder  # noqa: PLC0415 - keeps --help quick

    for kind, names in _ONLY_FOR.items():
        if to.partition(":")[0] not in kind:
            refuse_unused(f"with --to {named(to).partition(':')[0]}:", *names)
    if dry_run:
        refuse_unused("with --dry-run, which prints what it would do", "quiet")
    options = Options(publish, fdp_url, wait, auth, terminal_prompt())
    target = _target(to, options)
    # A FAIR Data Point has shapes of its own, by which each record is validated before it is sent.
    validates = to.startswith("fdp:") and not dry_run
    say_fallbacks("shacl" if validates else None, reads=False, quiet=quiet)
    with ExitStack() as stack:
        with progress("MB", quiet=quiet) as bar:
            fetching = release_folder(release, signers, lambda size: bar.update(size // 10**6))
            opened = _opened(stack.enter_context(fetching))
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


def _target(text: str, options: Options) -> Target:
    """The target that ``kind:place`` names.

    Raises:
        UsageError: It names none.
    """
    kind, colon, place = text.partition(":")
    if not colon or kind not in _KINDS or (not place and kind != "zenodo"):
        kinds = ", ".join(f"{kind}:…" for kind in _KINDS)
        raise UsageError(f"--to {named(text)}: a target is one of {kinds}")
    if options.fdp_url is not None:
        checked_url(options.fdp_url)
    is_address = "://" in place or named(place) != visible(place)
    if kind in _FOLDERS and is_address and not Path(place).is_dir():
        raise UsageError(f"--to {named(text)}: name a folder of this machine, not an address")
    if kind == "fdp":
        from rdfexport.submit.fdp import Fdp  # noqa: PLC0415 - each alone needs its libraries

        return Fdp(place, options)
    if kind == "fdp-static":
        from rdfexport.submit.fdp_static import StaticFdp  # noqa: PLC0415

        return StaticFdp(place, options)
    if kind == "fdp-index":
        from rdfexport.submit.fdp_index import FdpIndex  # noqa: PLC0415

        return FdpIndex(place, options)
    if kind == "zenodo":
        from rdfexport.submit.zenodo import Zenodo  # noqa: PLC0415

        return Zenodo(place, options)
    if kind == "sparql":
        from rdfexport.submit.sparql import Sparql  # noqa: PLC0415

        return Sparql(place, options)
    from rdfexport.submit.git import Git  # noqa: PLC0415

    return Git(place)


def _opened(folder: Path) -> Release:
    """The release of a folder, if it can be submitted: its names become addresses and branches.

    Raises:
        UnreadableError: It is no release, or not a whole one.
        DiskError: It cannot be read.
    """
    from rdfexport.release.model import FACTS, open_release  # noqa: PLC0415

    release = open_release(folder)
    facts = folder / FACTS
    if re.fullmatch(r"\d{8}", release.version) is None or not _is_date(release.issued):
        raise UnreadableError(
            f"{facts}: the version {release.version!r} is not a date such as 20261110"
        )
    try:
        checked_url(release.base_url)
    except RdfExportError as error:
        raise UnreadableError(f"{facts}: base_url: {error}") from None
    if not release.base_url.endswith("/"):
        raise UnreadableError(f"{facts}: base_url {release.base_url} does not end in /")
    try:
        checked_base(release.base_url)
    except RdfExportError as error:
        raise UnreadableError(f"{facts}: base_url: {error}") from None
    for file in release.files:
        path = folder / file.path
        if not path.is_file() or path.stat().st_size != file.size:
            raise UnreadableError(f"{path}: is not there, or not whole: make the release again")
    return release


def _is_date(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
