"""JSON-LD 1.1 framing and compaction by PyLD. Contexts are vendored: nothing is ever fetched.

Specifications: https://www.w3.org/TR/json-ld11-framing/ and https://www.w3.org/TR/json-ld11-api/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pyld import jsonld

from rdfexport.errors import UsageError
from rdfexport.terms import PREFIXES, SCHEMA_CONTEXT, vendored_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SCHEMA: Final = PREFIXES["schema"]

Context: TypeAlias = dict[str, Any] | str | Sequence[dict[str, Any] | str]
"""A JSON-LD context: terms, the IRI of a vendored context, or several of both."""


def framed(nodes: Sequence[Mapping[str, Any]], root: str) -> dict[str, Any]:
    """Arrange a flat list of nodes as one document in schema.org's terms.

    Each node is written out where it first occurs, in the order of the properties' IRIs, and
    referred to everywhere else.

    Args:
        nodes: Node objects in expanded form, each IRI once.
        root: IRI of the node that the document describes.

    Returns:
        The document; it has no properties if no node has the IRI ``root``.
    """
    frame = {"@context": _terms_of(nodes), "@id": root, "@embed": "@once"}
    document = jsonld.frame(nodes, frame, _OPTIONS)
    return {**document, "@context": SCHEMA_CONTEXT, "@id": root}


def compacted(document: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Write a document in the terms of another context.

    Args:
        document: A JSON-LD document whose context is vendored.
        context: The other context.

    Returns:
        The document, with ``context`` as its ``@context``.

    Raises:
        UsageError: The context is not valid, or refers to one that is not vendored.
    """
    try:
        result: dict[str, Any] = jsonld.compact(document, context, _OPTIONS)
    except (jsonld.JsonLdError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _usage_error(error) from error
    return result


def _load(iri: str, _options: object) -> dict[str, Any]:
    """PyLD's document loader."""
    terms = vendored_context(iri)
    if terms is None:
        raise UsageError(
            f"the JSON-LD context {iri} is not part of rdfexport, and none is fetched:"
            " pass its content, the object under its @context, in place of its IRI"
        )
    return {"contextUrl": None, "documentUrl": iri, "document": {"@context": terms}}


_OPTIONS: Final = {"documentLoader": _load, "omitGraph": True}


def _usage_error(error: BaseException) -> UsageError:
    """The cause of a failure that PyLD reports in several layers."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, UsageError):
            return cause
        error, cause = cause, cause.__cause__ or cause.__context__
    reason = error.args[0] if isinstance(error, jsonld.JsonLdError) else error
    return UsageError(f"not a valid JSON-LD context: {reason}")


def _terms_of(nodes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The part of schema.org's context that the nodes need.

    Preparing all 2,700 terms would take a second each time, and its aliases of keywords and
    prefixes would be used: exported documents have ``@id`` and ``@type``.
    """
    known = vendored_context(SCHEMA_CONTEXT)
    assert known is not None
    used = {
        iri.removeprefix(_SCHEMA)
        for node in nodes
        for iri in (*node, *node.get("@type", ()))
        if iri.startswith(_SCHEMA)
    }
    terms = {term: known[term] for term in sorted(used & known.keys())}
    return {"@vocab": _SCHEMA, "schema": _SCHEMA, **terms}
