"""Options that several commands have, and exit statuses."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from rdfexport.errors import UsageError
from rdfexport.printing import shown
from rdfexport.terms import IMAGE_PATTERN, VOCABULARY_BASE

# The names stand here as well so that `--help` need not import the engines; a test compares.
ENGINES: Final = ("shacl", "pyshacl")

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
    show_default="one a processor",
    help="Worker processes.",
)
link_option = click.option(
    "--link/--no-link",
    default=True,
    show_default=True,
    help="Resolve identifiers by the reference tables: HGNC, MeSH, ChEBI, DO.",
)
diseases_by_label_option = click.option(
    "--diseases-by-label",
    is_flag=True,
    help="Link a disease without identifier to the one of the Disease Ontology with its name.",
)
vocab_base_option = click.option(
    "--vocab-base", default=VOCABULARY_BASE, show_default=True, metavar="IRI"
)
image_pattern_option = click.option(
    "--image-pattern",
    default=IMAGE_PATTERN,
    show_default=True,
    metavar="PATTERN",
    help="Address of an image, with {pmcid}, {filename} and, if wanted, {ending} in it.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but what is rejected.")
signers_option = click.option(
    "--signers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Refuse a release that none of these has signed; OpenSSH's form: NAME KEYTYPE KEY.",
)
shapes_option = click.option(
    "--shapes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Shapes file of your own, beside those that come with rdfexport; several times.",
)
engine_option = click.option(
    "--shacl-engine",
    "engine",
    type=click.Choice(ENGINES),
    default="shacl",
    show_default=True,
    help="SHACL engine; pyshacl is the reference, and slow.",
)


def checked_base(iri: str) -> str:
    """The base, if it is one.

    Raises:
        UsageError: It is not valid.
    """
    if re.fullmatch(r"https?://[A-Za-z0-9.:-]+/[A-Za-z0-9._~/%-]*#?", iri) is None:
        raise UsageError(f"{shown(iri)}: a base is an http(s) IRI that ends in / or #")
    if not iri.endswith(("/", "#")):
        raise UsageError(f"{shown(iri)}: a base ends in / or #")
    return iri


def checked_url(url: str) -> str:
    """The address, if it is one.

    Raises:
        UsageError: It is not valid.
    """
    if re.fullmatch(r"""https?://[^\s<>"{}|\\^`@]+""", url) is None:
        raise UsageError(f"{shown(url)}: an address is an http(s) URL without user and password")
    return url


def export_date(text: str | None) -> str:
    """The day an export is dated with: the one given, else that of ``SOURCE_DATE_EPOCH``, or today.

    Raises:
        UsageError: It is no date.
    """
    if text is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        if epoch and not epoch.isdecimal():
            raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}: set it to seconds since 1970")
        moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
        return moment.strftime("%Y-%m-%d")
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).strftime("%Y-%m-%d")
    except ValueError as error:
        raise UsageError(f"--date {text}: write a day as YYYY-MM-DD") from error
