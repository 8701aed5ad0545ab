"""Options that several commands have, and how their texts are checked."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from rdfexport.errors import UsageError
from rdfexport.printing import named, shown
from rdfexport.terms import FIGURE_BASE, IMAGE_PATTERN, VOCABULARY_BASE
from rdfexport.validate import ENGINES

if TYPE_CHECKING:
    from collections.abc import Callable


def choice(literal: Any) -> click.Choice[str]:
    """A choice of the texts of a ``Literal`` type."""
    return click.Choice(get_args(literal))


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
figure_base_option = click.option(
    "--figure-base", default=FIGURE_BASE, show_default=True, metavar="IRI"
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
    type=click.Choice(tuple(ENGINES)),
    default="shacl",
    show_default=True,
    help="SHACL engine; pyshacl is the reference, and slow.",
)


def quiet_option(all_but: str = "what is rejected") -> Callable[[Any], Any]:
    """``--quiet``, with what is printed nevertheless."""
    return click.option("-q", "--quiet", is_flag=True, help=f"Say nothing but {all_but}.")


def verbose_option(what: str = "every warning") -> Callable[[Any], Any]:
    """``--verbose``, with what it prints."""
    return click.option("-v", "--verbose", is_flag=True, help=f"Say {what}.")


def validate_option(text: str) -> Callable[[Any], Any]:
    """``--validate``, with its help."""
    return click.option("--validate/--no-validate", default=True, show_default=True, help=text)


def name_and_value(option: str, text: str, form: str = "NAME=VALUE") -> tuple[str, str]:
    """Split ``NAME=VALUE``.

    Args:
        option: The option that it was given to.
        text: What was given.
        form: The form to name in the message, where there is no ``=`` in the text.

    Raises:
        UsageError: There is no ``=``.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{option} {named(text)}: write it as {form}")
    return name, value


def checked_url(url: str) -> str:
    """The address, if it is one.

    Raises:
        UsageError: It is not valid.
    """
    if re.fullmatch(r"""https?://[^\s<>"{}|\\^`@]+""", url) is None:
        raise UsageError(f"{shown(url)}: an address is an http(s) URL without user and password")
    return url


def export_date(text: str | None) -> str:
    """The date of an export: the one given, else that of ``SOURCE_DATE_EPOCH``, or today.

    Raises:
        UsageError: It is not a date.
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
