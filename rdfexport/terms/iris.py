"""Identifiers → IRIs and CURIEs: the one place where they are built.

An identifier has to match the pattern that the registry has for its space, and ours where a record
needs a narrower one; one that does not makes no IRI.
"""

from __future__ import annotations

import hashlib
import re
from string import Formatter
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from rdfexport.errors import IdentifierError, UsageError
from rdfexport.printing import named, shown
from rdfexport.terms.prefixes import FIGURE_BASE, GRAPH_BASE, PREFIXES, VOCABULARY_BASE
from rdfexport.terms.spaces import PREFIX_MAP, SPACES

if TYPE_CHECKING:
    from rdfexport.terms.space import Space


class Form(NamedTuple):
    """How the IRIs of a space are made.

    Args:
        base: What stands before the identifier.
        patterns: Those that an identifier has to match, the registry's first.
        prefix: Of the CURIEs; None where the IRIs are no forms of an identifier.
    """

    base: str
    patterns: tuple[str, ...]
    prefix: str | None = None


class _Builder:
    """Builds the IRIs of a form: IRI = base + local identifier, which matches all its patterns."""

    __slots__ = ("_memo", "_pattern", "base", "prefix")

    def __init__(self, form: Form) -> None:
        self.base = form.base
        self.prefix = form.prefix
        # Ours first: they are bounded, so no text is too long for the others.
        looks = "".join(rf"(?=(?:{pattern})\Z)" for pattern in reversed(form.patterns))
        self._pattern = re.compile(looks, re.ASCII)
        # Figures name the same genes, chemicals and taxa again and again.
        self._memo: dict[str, str] = {}

    def iri(self, local: str) -> str:
        """Build the IRI of a local identifier, percent-encoded (RFC 3986, section 2.1).

        Raises:
            IdentifierError: The identifier does not have the form of this space.
        """
        iri = self._memo.get(local)
        if iri is None:
            if len(self._memo) >= _MAX_MEMO:
                self._memo.clear()
            iri = self._memo[local] = self.base + self._encoded(local)
        return iri

    def curie(self, local: str) -> str:
        """Build the CURIE of a local identifier: the same for all forms of its IRI.

        Raises:
            IdentifierError: The identifier does not have the form of this space.
            ValueError: The space has no CURIEs.
        """
        if self.prefix is None:
            raise ValueError(f"no prefix stands for {self.base}")
        return f"{self.prefix}:{self._encoded(local)}"

    def matches(self, local: str) -> bool:
        """Tell whether ``local`` has the form of this space."""
        return local in self._memo or self._pattern.match(local) is not None

    def _encoded(self, local: str) -> str:
        if not self.matches(local):
            raise IdentifierError(local)
        plain = local.isascii() and local.isalnum()
        return local if plain else quote(local, safe=_IRI_SAFE)


class _ImageBuilder(_Builder):
    """Builds the addresses of images: the identifier is the article's and the file's name."""

    __slots__ = ()

    def iri(self, local: str) -> str:
        """Build the address of an image.

        Raises:
            IdentifierError: The identifier does not have the form of this space.
        """
        article, _, file = self._encoded(local).partition("/")
        parts = {"pmcid": article, "filename": file, "ending": file.rpartition(".")[2].lower()}
        return self.base.format_map(parts)


IMAGE_PARTS: Final = ("pmcid", "filename", "ending")
"""The names in braces in the pattern of image addresses."""


def checked_base(iri: str) -> str:
    """A base of IRIs, if it is one.

    Raises:
        UsageError: It is not valid.
    """
    if re.fullmatch(r"https?://[A-Za-z0-9.:-]+/[A-Za-z0-9._~/%-]*#?", iri) is None:
        raise UsageError(f"{shown(iri)}: a base is an http(s) IRI that ends in / or #")
    if not iri.endswith(("/", "#")):
        raise UsageError(f"{shown(iri)}: a base ends in / or #")
    return iri


def checked_image_pattern(pattern: str) -> str:
    """A pattern of images' addresses, if it can be one.

    Raises:
        UsageError: It is no web address, has a user, lacks article or file, or has other parts in
            braces.
    """
    try:
        parts = {part for _, part, form, how in Formatter().parse(pattern) if part is not None}
        plain = all(not form and not how for _, part, form, how in Formatter().parse(pattern))
        address = pattern.format_map(dict.fromkeys(IMAGE_PARTS, "PMC1")) if plain else ""
    except (ValueError, KeyError, AttributeError, IndexError):
        parts, address = set(), ""
    if not {"pmcid", "filename"} <= parts <= set(IMAGE_PARTS) or not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"{named(pattern)} is not a pattern of images' addresses: write an address of the web,"
            " without user and password, with {pmcid} and {filename}, and {ending} where the file's"
            " ending is wanted"
        )
    return pattern


_NOT_OF_IRI: Final = r"\s<>\"{}|\\^`\x00-\x20\x7f-\x9f"
# What is before "@" in the authority would be published with each figure.
_ADDRESS: Final = re.compile(rf"https?://[^@/?#{_NOT_OF_IRI}]+(?:[/?#][^{_NOT_OF_IRI}]*)?")

# What stands unencoded: RFC 3986 `pchar` and "/", less "'" (the registries encode it). Parentheses
# stay: that is how DOIs are written by everyone else.
_IRI_SAFE = "/:@!$&*+,;=-._~()"

_MAX_MEMO = 20_000


def _forms(space: Space) -> dict[str, Form]:
    """The published form of a space, and its others."""
    # A new space has no record until the tool that makes the prefix map has read its row.
    record = PREFIX_MAP.get(space.prefix or "")
    patterns = (record and record["pattern"], space.pattern)
    bases = {space.name: space.base}
    bases |= {f"{space.name}-{form}": base for form, base in space.forms.items()}
    return {
        name: Form(base, tuple(filter(None, patterns)), space.prefix)
        for name, base in bases.items()
    }


FORMS: Final[dict[str, Form]] = {
    name: form
    for space in SPACES.values()
    if space.exported
    for name, form in _forms(space).items()
}
"""Name of a form → the form: ``mesh`` is the published one, ``mesh-page`` the page."""

_PUBLISHED: Final = tuple(
    (space.base, space) for space in SPACES.values() if space.prefix is not None and space.exported
)


def split_iri(iri: str) -> tuple[Space, str] | None:
    """The space whose published IRIs begin as ``iri`` does, and the rest, percent-encoded."""
    return next(
        ((space, iri[len(base) :]) for base, space in _PUBLISHED if iri.startswith(base)), None
    )


# The stem of a record's file: also what makes a figid safe as a file name.
FIGID = re.compile(r"PMC\d{1,12}__[A-Za-z0-9_][A-Za-z0-9._-]{0,199}", re.ASCII)
FIGURE_FILE = re.compile(rf"({FIGID.pattern})(?:~[0-9a-f]{{8}})?", re.ASCII)
"""The name, without its ending, of a file that holds one figure; the first group is the figid."""


def file_suffix(figid: str) -> str:
    """The suffix of a figid in file names, so that they differ by more than case.

    A file system may take two names for the same that differ in case only. The sign ``~`` is in no
    figid, so such a name is not that of another figure.
    """
    return f"~{hashlib.sha256(figid.encode()).hexdigest()[:8]}"


IMAGE_PATTERN: Final = SPACES["image"].template or ""
"""The pattern of images' addresses, unless another one is chosen."""


class Vocabulary:
    """Prefixes and spaces under a choice of the bases that a project controls itself.

    Args:
        figure_base: What stands before ``{figid}.html`` in a record's IRI.
        vocabulary_base: The namespace of the project's own terms.
        graph_base: What stands before the name of a graph that is not a figure's.
        image_pattern: The address of an image, with ``{pmcid}``, ``{filename}`` and, where it is
            wanted, ``{ending}``.

    Raises:
        UsageError: ``image_pattern`` is not a pattern of images' addresses.
    """

    def __init__(
        self,
        figure_base: str = FIGURE_BASE,
        vocabulary_base: str = VOCABULARY_BASE,
        graph_base: str = GRAPH_BASE,
        image_pattern: str = IMAGE_PATTERN,
    ) -> None:
        self.prefixes = {**PREFIXES, "pfocr": vocabulary_base}
        self.figure_base = figure_base
        self.graph_base = graph_base
        self._spaces = {name: _Builder(form) for name, form in FORMS.items()}
        image = FORMS["image"]._replace(base=checked_image_pattern(image_pattern))
        self._spaces["image"] = _ImageBuilder(image)
        self._spaces["figure"] = _Builder(Form(figure_base, (FIGID.pattern,)))

    def expand(self, curie: str) -> str:
        """Expand ``schema:name`` to its IRI.

        Raises:
            KeyError: The prefix is not in the prefix map.
        """
        prefix, _, local = curie.partition(":")
        return self.prefixes[prefix] + local

    def iri(self, space: str, local: str) -> str:
        """Build the IRI of ``local`` in a form of ``FORMS``.

        Raises:
            IdentifierError: ``local`` does not have the form of the space.
        """
        return self._spaces[space].iri(local)

    def curie(self, space: str, local: str) -> str:
        """Write ``local`` as a CURIE: ``mesh:D020123`` of the space ``mesh`` and ``mesh-page``.

        It is what the prefix map makes of the IRI, so it has the IRI's percent-encoding.

        Raises:
            IdentifierError: ``local`` does not have the form of the space.
            ValueError: The IRIs of the space are no forms of an identifier (``image``).
        """
        return self._spaces[space].curie(local)

    def identifier(self, space: str, local: str) -> str:
        """Write ``local`` as its own database does: OBO's as CURIEs, others as they are.

        Raises:
            IdentifierError: ``local`` does not have the form of the space.
        """
        return self.curie(space, local) if SPACES[space].is_obo else local

    def page(self, space: str, local: str) -> str:
        """The IRI of the page about ``local``, or its published IRI where no page is known.

        Raises:
            IdentifierError: ``local`` does not have the form of the space.
        """
        form = f"{space}-page"
        return self.iri(form if form in FORMS else space, local)

    def namespace(self, space: str) -> tuple[str, str]:
        """The prefix of a space's CURIEs, and the base of its IRIs that it stands for.

        Raises:
            ValueError: The IRIs of the space are no forms of an identifier (``image``).
        """
        found = self._spaces[space]
        if found.prefix is None:
            raise ValueError(f"no prefix stands for {found.base}")
        return found.prefix, found.base

    def matches(self, space: str, local: str) -> bool:
        """Tell whether ``local`` has the form of the space."""
        return self._spaces[space].matches(local)
