"""``rdfexport site``."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rdfexport.cli.options import quiet_option, signers_option
from rdfexport.cli.progress import progress
from rdfexport.errors import MissingPackageError
from rdfexport.printing import say
from rdfexport.release.fetch import release_folder

if TYPE_CHECKING:
    from rdfexport.site import Summary


@click.command(
    epilog="Example: rdfexport site out/release/pfocr/20261110 --base-url https://example.org/pfocr/"
)
@click.argument("release", metavar="FOLDER|URL")
@click.option(
    "--base-url",
    required=True,
    metavar="URL",
    help="Where the site will be published; links within it are relative.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/site"),
    show_default=True,
    help="Folder for the site; in one that has a site already, only what changed is written.",
)
@click.option(
    "--force", is_flag=True, help="Overwrite files in the folder that rdfexport did not write."
)
@signers_option
@quiet_option()
def site(  # noqa: PLR0913 - one argument an option
    *,
    release: str,
    base_url: str,
    out: Path,
    force: bool,
    signers: Path | None,
    quiet: bool,
) -> None:
    """Make a static catalog site of a release, for any web server.

    FOLDER is that of the release, such as out/release/pfocr/20261110; URL is the address of one,
    whose files are fetched and compared with their checksums. The site has a page for each figure,
    lists of genes, chemicals, diseases, organisms and years, search, and sitemaps. It needs the
    extra: pip install 'rdfexport[site]'.
    """
    try:
        from rdfexport.site import SiteOptions, build  # noqa: PLC0415 - an extra, slow to import
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"{error.name} is missing: install what a site needs: pip install 'rdfexport[site]'"
        ) from error

    with ExitStack() as stack:
        with progress("MB", quiet=quiet) as bar:
            fetching = release_folder(release, signers, lambda size: bar.update(size // 10**6))
            folder = stack.enter_context(fetching)
        with progress("files", quiet=quiet) as bar:
            summary = build(SiteOptions(folder, base_url, out, force), bar.start, bar.update)
    if not quiet:
        say(_text(summary, out))


def _text(summary: Summary, out: Path) -> str:
    rate = summary.figures / max(summary.seconds, 0.001)
    return "\n".join(
        (
            f"figures    {summary.figures:,}",
            f"pages      {summary.pages:,} in {out}",
            f"written    {summary.written:,} files",
            f"unchanged  {summary.unchanged:,} files",
            f"removed    {summary.removed:,} files",
            f"seconds    {summary.seconds:.1f} ({rate:,.0f} figures a second)",
        )
    )
