"""``rdfexport release``."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.messages import Messages
from rdfexport.cli.options import (
    checked_url,
    choice,
    diseases_by_label_option,
    image_pattern_option,
    jobs_option,
    link_option,
    quiet_option,
    signers_option,
    validate_option,
    verbose_option,
)
from rdfexport.cli.progress import progress
from rdfexport.cli.status import FAULTS
from rdfexport.cli.unused import refuse_unused
from rdfexport.errors import UsageError
from rdfexport.pipeline import Linking, Validation
from rdfexport.printing import say, shown
from rdfexport.release.make.make_release import make_release
from rdfexport.release.make.options import ReleaseOptions
from rdfexport.release.make.origin import Origin, origin_of
from rdfexport.release.tables.gene_sets import SetOptions, SetRule
from rdfexport.terms import checked_base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdfexport.release.make.make_release import Outcome

_BASE_URL: Final = "https://data.wikipathways.org/"
# A zip archive dates its files from 1980 to 2107 (PKWARE APPNOTE 4.4.6).
_YEARS: Final = range(1980, 2108)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """The options and arguments of the command, as they were given."""

    sources: tuple[str, ...]
    version: str
    out: Path
    base_url: str
    source: str | None
    sparql_endpoint: str | None
    previous: str | None
    sign: Path | None
    signers: Path | None
    gmt_rule: SetRule
    gmt_min_genes: int
    gmt_min_chemicals: int
    link: bool
    diseases_by_label: bool
    image_pattern: str
    validate: bool
    replace: bool
    jobs: int
    quiet: bool
    verbose: bool


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
    type=choice(SetRule),
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
@validate_option("Validate each figure's graph, and leave out figures that violate a shape.")
@click.option("--replace", is_flag=True, help="Make a release again that already exists.")
@jobs_option
@quiet_option()
@verbose_option()
def release(**given: Any) -> None:
    """Make a dated release: RDF, JSON-LD, gene sets, a table of mentions, checksums.

    SOURCE is what `rdfexport export` takes. The release is there whole or not at all; one that was
    stopped resumes when the same command is given again. Records with faults are left out and
    listed in OUT/reports/YYYYMMDD/.
    """
    call = _Call(**given)
    if not call.link:
        refuse_unused("with --no-link", "diseases_by_label")
    if call.previous is None:
        refuse_unused("without --previous, the release that must be signed", "signers")
    options = _options(call)
    say_fallbacks("shacl" if call.validate else None, reads=True, quiet=call.quiet)
    with progress("records", quiet=call.quiet) as bar:
        messages = Messages(bar, quiet=call.quiet, verbose=call.verbose, sources=call.sources)
        outcome = make_release(call.sources, options, messages.observer())
    messages.close(options.reports)
    if not call.quiet:
        say(_text(outcome))
    if outcome.release.rejected or outcome.left_out:
        sys.exit(FAULTS)


def _options(call: _Call) -> ReleaseOptions:
    if not checked_base(call.base_url).endswith("/"):
        raise UsageError(f"{shown(call.base_url)}: the address of a folder ends in /")
    origin = Origin() if call.source else origin_of(call.sources)
    if origin.problem is not None and not call.quiet:
        say(f"note: {origin.problem}")
    endpoint = call.sparql_endpoint
    return ReleaseOptions(
        out=call.out,
        day=_day(call.version),
        base_url=call.base_url,
        source=call.source or origin.commit,
        sparql_endpoint=None if endpoint is None else checked_url(endpoint),
        previous=call.previous,
        signers=call.signers,
        sign=call.sign,
        replace=call.replace,
        jobs=call.jobs,
        sets=SetOptions(call.gmt_rule, call.gmt_min_genes, call.gmt_min_chemicals),
        linking=Linking(diseases_by_label=call.diseases_by_label) if call.link else None,
        validation=Validation() if call.validate else None,
        image_pattern=call.image_pattern,
    )


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
