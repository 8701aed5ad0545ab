"""``rdfexport release``."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.options import (
    checked_base,
    checked_url,
    diseases_by_label_option,
    image_pattern_option,
    jobs_option,
    link_option,
    quiet_option,
    signers_option,
)
from rdfexport.cli.progress import Messages, progress
from rdfexport.cli.status import FAULTS
from rdfexport.errors import UsageError
from rdfexport.printing import say, shown
from rdfexport.unused import refuse_unused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdfexport.release.make.make_release import Outcome

_BASE_URL: Final = "https://data.wikipathways.org/"
# A zip archive dates its files from 1980 to 2107 (PKWARE APPNOTE 4.4.6).
_YEARS: Final = range(1980, 2108)


@click.command(epilog="Example: rdfexport release pfocr-database/ --version 20261110")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--version", required=True, metavar="YYYYMMDD", help="Its day, which is its name.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/release"),
    show_default=True,
    help="Root of the published site; the release is pfocr/YYYYMMDD/ in it.",
)
@click.option(
    "--base-url", default=_BASE_URL, show_default=True, metavar="URL", help="Address of that root."
)
@click.option(
    "--source",
    metavar="IRI",
    help="Where the records come from: an IRI or a text; by default the commit of a folder in a git"
    " working copy that has no changes.",
)
@click.option(
    "--sparql-endpoint", metavar="URL", help="Where the release can be queried, for descriptions."
)
@click.option(
    "--previous",
    metavar="FOLDER|URL",
    help="An earlier release: also report what changed since, and make patches from it.",
)
@click.option(
    "--sign",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="KEY",
    help="Sign the checksums with this key of OpenSSH (a public one if ssh-agent has the other).",
)
@signers_option
@click.option(
    "--gmt-rule",
    type=click.Choice(("strict", "all")),
    default="strict",
    show_default=True,
    help="Genes of the gene sets, and of the part for WikiPathways: those matched by their own"
    " symbol, as in PFOCR's gene sets, or all.",
)
@click.option(
    "--gmt-min-genes",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Figures with fewer genes of an organism have no gene set.",
)
@click.option(
    "--gmt-min-chemicals",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Figures with fewer chemicals of ChEBI have no chemical set.",
)
@link_option
@diseases_by_label_option
@image_pattern_option
@click.option(
    "--validate/--no-validate",
    default=True,
    show_default=True,
    help="Hold each figure's graph against the shapes, and leave out what violates them.",
)
@click.option("--replace", is_flag=True, help="Make a release again that already exists.")
@jobs_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Say every warning.")
def release(  # noqa: PLR0913 - one argument an option
    *,
    sources: tuple[str, ...],
    version: str,
    out: Path,
    base_url: str,
    source: str | None,
    sparql_endpoint: str | None,
    previous: str | None,
    sign: Path | None,
    signers: Path | None,
    gmt_rule: Any,
    gmt_min_genes: int,
    gmt_min_chemicals: int,
    link: bool,
    diseases_by_label: bool,
    image_pattern: str,
    validate: bool,
    replace: bool,
    jobs: int,
    quiet: bool,
    verbose: bool,
) -> None:
    """Make a dated release: RDF, JSON-LD, gene sets, a table of mentions, checksums.

    SOURCE is what `rdfexport export` takes. The release is there whole or not at all; one that was
    stopped goes on when the same command is given again. Records with faults are left out and
    listed in OUT/reports/YYYYMMDD/.
    """
    from rdfexport.pipeline import (  # noqa: PLC0415 - keeps --help quick
        Linking,
        Observer,
        Validation,
    )
    from rdfexport.release.make.make_release import make_release  # noqa: PLC0415
    from rdfexport.release.make.options import ReleaseOptions  # noqa: PLC0415
    from rdfexport.release.make.origin import Origin, origin_of  # noqa: PLC0415
    from rdfexport.release.tables.gene_sets import SetOptions  # noqa: PLC0415

    if not link:
        refuse_unused("with --no-link", "diseases_by_label")
    if previous is None:
        refuse_unused("without --previous, the release that must be signed", "signers")
    if not checked_base(base_url).endswith("/"):
        raise UsageError(f"{shown(base_url)}: the address of a folder ends in /")
    origin = Origin() if source else origin_of(sources)
    if origin.problem is not None and not quiet:
        say(f"note: {origin.problem}")
    options = ReleaseOptions(
        out=out,
        day=_day(version),
        base_url=base_url,
        source=source or origin.commit,
        sparql_endpoint=None if sparql_endpoint is None else checked_url(sparql_endpoint),
        previous=previous,
        signers=signers,
        sign=sign,
        replace=replace,
        jobs=jobs,
        sets=SetOptions(gmt_rule, gmt_min_genes, gmt_min_chemicals),
        linking=Linking(diseases_by_label=diseases_by_label) if link else None,
        validation=Validation() if validate else None,
        image_pattern=image_pattern,
    )
    say_fallbacks("shacl" if validate else None, reads=True, quiet=quiet)
    with progress("records", quiet=quiet) as bar:
        messages = Messages(bar, quiet=quiet, verbose=verbose, sources=sources)
        observer = Observer(
            on_start=bar.start,
            on_progress=bar.update,
            on_rejected=messages.rejected,
            on_finding=messages.finding,
        )
        outcome = make_release(sources, options, observer)
    messages.close(options.reports)
    if not quiet:
        say(_text(outcome))
    if outcome.release.rejected or outcome.left_out:
        sys.exit(FAULTS)


def _day(version: str) -> date:
    """The day that a version names.

    Raises:
        UsageError: It names none.
    """
    if re.fullmatch(r"[0-9]{8}", version) is not None and int(version[:4]) in _YEARS:
        try:
            return date(int(version[:4]), int(version[4:6]), int(version[6:]))
        except ValueError:
            pass
    raise UsageError(f"--version {version}: write a day as YYYYMMDD")


def _text(outcome: Outcome) -> str:
    release = outcome.release
    counts = {file.kind: file.counts for file in release.files}
    sets = sum(file.counts.get("sets", 0) for file in release.files)
    return "\n".join(
        (
            f"figures   {release.figures:,}",
            f"rejected  {release.rejected:,}",
            *([f"left out  {outcome.left_out:,} nodes"] if outcome.left_out else []),
            f"triples   {counts['nquads']['triples']:,}",
            f"sets      {sets:,}",
            f"mentions  {counts['mentions']['rows']:,}",
            *([f"changes   {_changes(counts['changes'])}"] if "changes" in counts else []),
            f"files     {len(release.files):,} in {release.folder}",
            f"bytes     {sum(file.size for file in release.files):,}",
            f"seconds   {outcome.seconds:.1f}",
        )
    )


def _changes(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {kind}" for kind, number in counts.items())
