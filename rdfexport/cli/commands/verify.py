"""``rdfexport verify``."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.options import jobs_option, quiet_option
from rdfexport.cli.progress import progress
from rdfexport.cli.status import FAULTS
from rdfexport.net.address import is_url
from rdfexport.pipeline import Observer
from rdfexport.release.fetch import download_release
from rdfexport.release.verify.verify_release import verify as verified


@click.command(epilog="Example: rdfexport verify out/release/pfocr/20261110")
@click.argument("release", metavar="FOLDER|URL")
@click.option(
    "--shacl/--no-shacl",
    default=True,
    show_default=True,
    help="Validate each graph.",
)
@click.option(
    "--signers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Who may have signed it (OpenSSH's allowed signers, NAME KEYTYPE KEY a line); a release"
    " that is not signed by one of them is not sound.",
)
@jobs_option
@quiet_option("what is wrong")
def verify(*, release: str, shacl: bool, signers: Path | None, jobs: int, quiet: bool) -> None:
    """Check everything of a release again: checksums, counts, contents, shapes.

    FOLDER is that of a dated release, or `current`; URL is the address of one, whose files are
    fetched into a temporary folder. Exit status 0: it is sound; 1: it is not, and all that is wrong
    is printed; 2: there is no release, or it cannot be read.
    """
    say_fallbacks("shacl", reads=False, quiet=quiet)
    with ExitStack() as stack:
        folder = Path(release)
        if is_url(release):
            with progress("MB", quiet=quiet) as bar:
                fetching = download_release(release, lambda size: bar.update(size // 10**6))
                folder = stack.enter_context(fetching)
        with progress("MB", quiet=quiet) as bar:
            observer = Observer(on_start=bar.start, on_progress=bar.update)
            checks = verified(folder, jobs=jobs, shapes=shacl, signers=signers, observer=observer)
    findings = [finding for check in checks for finding in check.findings]
    if not quiet:
        for check in checks:
            state = "WRONG" if check.findings else "ok" if check.was_made else "-"
            click.echo(f"{check.name:<17}{check.counted:<37} {state}")
    for finding in findings:
        click.echo(str(finding))
    if findings:
        sys.exit(FAULTS)
