"""Values of query parameters, as RDF terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from rdfexport.errors import IdentifierError, UsageError
from rdfexport.terms import FIGID, SPACES, Space, Vocabulary, prefix_names, spaces_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdfexport.references import GeneEntry

_XSD_INTEGER: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_XSD_BOOLEAN: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_VOCABULARY: Final = Vocabulary()
_CURIES: Final = tuple(s for s in SPACES.values() if s.prefix is not None and s.exported)
# The prefixes of CURIEs in small letters, in all spellings that the registry has.
_BY_PREFIX: Final = {name.lower(): s for s in _CURIES for name in prefix_names(s)}
_PREFIXES: Final = ", ".join(sorted(s.prefix.lower() for s in _CURIES if s.prefix))


class Value(NamedTuple):
    """A term for a parameter, and a note for the user on how it was found."""

    term: ox.NamedNode | ox.Literal
    note: str = ""


class _NoValueError(Exception):
    """The text does not have the form of its kind; the message says which form is wanted."""


def _iri(text: str) -> Value:
    try:
        return Value(ox.NamedNode(text))
    except ValueError as error:
        raise _NoValueError("an absolute IRI") from error


def _string(text: str) -> Value:
    try:
        return Value(ox.Literal(text))
    except ValueError as error:
        raise _NoValueError("text in Unicode") from error


def _integer(text: str) -> Value:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise _NoValueError("a whole number")
    return Value(ox.Literal(str(int(text)), datatype=_XSD_INTEGER))


def _boolean(text: str) -> Value:
    if text.lower() not in {"true", "false"}:
        raise _NoValueError("true or false")
    return Value(ox.Literal(text.lower(), datatype=_XSD_BOOLEAN))


def _curie(text: str) -> Value:
    prefix, _, local = text.partition(":")
    space = _BY_PREFIX.get(prefix.lower())
    if space is None:
        raise _NoValueError(f"a CURIE with one of the prefixes {_PREFIXES}")
    return _in_space(
        space.name, local, f"a CURIE, and {local!r} does not have the form of {prefix}"
    )


def _in_space(space: str, local: str, wanted: str) -> Value:
    try:
        return Value(ox.NamedNode(_VOCABULARY.iri(space, local)))
    except IdentifierError as error:
        raise _NoValueError(wanted) from error


def _gene(text: str) -> Value:
    prefix, colon, local = text.partition(":")
    if text.isdecimal() or prefix.lower() == "ncbigene":
        return _in_space("ncbigene", local or text, "an NCBI Gene number such as 2475")
    if colon and prefix.lower() != "hgnc":
        raise _NoValueError("a symbol, an NCBI Gene number or an HGNC identifier")

    from rdfexport.references import References  # noqa: PLC0415 - only where it is asked

    with References.open() as references:
        if colon:
            gene = references.gene_by_hgnc(local)
            if gene is None:
                raise _NoValueError("an HGNC identifier that the reference tables have")
            return _human(gene, text)
        matches = references.gene_by_symbol(text) or references.gene_by_symbol(text.upper())
    if not matches:
        raise _NoValueError(
            "the symbol of a human gene (genes of others: by NCBI Gene number, which the query"
            " genes-of-symbol finds)"
        )
    surest = [match.gene for match in matches if match.how == matches[0].how]
    if len(surest) > 1:
        names = ", ".join(f"{gene.symbol} ({gene.entrez})" for gene in surest)
        raise _NoValueError(f"one gene: {text} is an {matches[0].how} symbol of {names}")
    how = "" if matches[0].how == "approved" else f"{text} is an {matches[0].how} symbol of"
    return _human(surest[0], text, how)


def _human(gene: GeneEntry, text: str, how: str = "") -> Value:
    if gene.entrez is None:
        raise _NoValueError(f"a gene with an NCBI Gene number, which {gene.symbol} has not")
    value = _in_space("ncbigene", gene.entrez, text)
    return value._replace(note=f"{how} {gene.symbol}, {gene.name}" if how else "")


def _symbol(text: str) -> Value:
    if not _VOCABULARY.matches("hgnc.symbol", text):
        raise _NoValueError("a gene symbol")
    return Value(ox.Literal(text))


def _such_as(spaces: Iterable[Space]) -> str:
    return ", or ".join(
        f"a {s.label} identifier such as {_VOCABULARY.identifier(s.name, s.example)}"
        for s in spaces
    )


def _either(spaces: tuple[Space, ...], wanted: str = "") -> Callable[[str], Value]:
    """An identifier of one of some spaces, as a CURIE or, where that is unmistakable, without."""
    wanted = wanted or _such_as(spaces)

    def value(text: str) -> Value:
        prefix, colon, local = text.partition(":")
        if colon:
            space = _BY_PREFIX.get(prefix.lower())
            if space in spaces and space is not None:
                return _in_space(space.name, local, wanted)
        elif not text.isdecimal():  # a number alone can be of any space
            for space in spaces:
                if _VOCABULARY.matches(space.name, text):
                    return _in_space(space.name, text, wanted)
        raise _NoValueError(wanted)

    return value


def _about(spaces: Iterable[Space]) -> str:
    labels = " or ".join(s.label for s in spaces)
    examples = ", ".join(_VOCABULARY.identifier(s.name, s.example) for s in spaces)
    return f"{labels} identifier: {examples}"


_CHEMICALS: Final = spaces_of("chemicals")
_DISEASES: Final = spaces_of("diseases")
_article = _either((SPACES["pmc"],), "an article of PubMed Central such as PMC3811159")


def _organism(text: str) -> Value:
    prefix, _, local = text.rpartition(":")
    if local.isdecimal() and (not prefix or _BY_PREFIX.get(prefix.lower()) is SPACES["taxon"]):
        return _in_space("taxon", local, "a number of NCBI's taxonomy such as 9606")

    from rdfexport.references import References  # noqa: PLC0415 - only where it is asked

    with References.open() as references:
        taxon = references.taxon_by_name(text)
    if taxon is None:
        raise _NoValueError("a number of NCBI's taxonomy, or a scientific name that is known")
    return _in_space("taxon", taxon, text)


def _figure(text: str) -> Value:
    figid = text.rpartition("/")[2].partition("#")[0].removesuffix(".html")
    if not FIGID.fullmatch(figid):
        raise _NoValueError("a figid such as PMC3811159__nihms512981f2, or a figure's address")
    return Value(ox.Literal(figid))


def _pathway(text: str) -> Value:
    if not re.fullmatch(r"WP[1-9][0-9]{0,5}", text):
        raise _NoValueError("a pathway of WikiPathways such as WP4172")
    return Value(ox.Literal(text))


class Kind(NamedTuple):
    """A kind of parameter: its description, and the function that makes a term of a text."""

    about: str
    read: Callable[[str], Value]


KINDS: Final = {
    "gene": Kind("human gene symbol, NCBI Gene number of any gene, or HGNC identifier", _gene),
    "symbol": Kind("gene symbol, as text", _symbol),
    "chemical": Kind(_about(_CHEMICALS), _either(_CHEMICALS)),
    "disease": Kind(_about(_DISEASES), _either(_DISEASES)),
    "organism": Kind("scientific name, or number of NCBI's taxonomy", _organism),
    "figure": Kind("figid, or address of a figure", _figure),
    "article": Kind("PubMed Central identifier", _article),
    "pathway": Kind("WikiPathways identifier", _pathway),
    "curie": Kind(f"prefix and identifier; prefixes: {_PREFIXES}", _curie),
    "iri": Kind("absolute IRI", _iri),
    "integer": Kind("whole number", _integer),
    "boolean": Kind("true or false", _boolean),
    "string": Kind("text", _string),
}
"""Name to kind."""


def value(name: str, kind: str, text: str) -> Value:
    """Make the term that a text stands for.

    Args:
        name: The parameter, for the message.
        kind: A key of ``KINDS``.
        text: What the user gave.

    Raises:
        UsageError: It has not the form of its kind, or names nothing known.
    """
    try:
        return KINDS[kind].read(text.strip())
    except _NoValueError as error:
        raise UsageError(f"--param {name}={text}: expected {error}") from error
