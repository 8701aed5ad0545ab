"""One record's graph, for Python programs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from rdfexport.graph import Mapper, document, quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox
    import rdflib

    from rdfexport.jsonld import Context
    from rdfexport.model import FigureRecord


@cache
def _default_mapper() -> Mapper:
    return Mapper()


def to_jsonld(
    record: FigureRecord, mapper: Mapper | None = None, *, context: Context | None = None
) -> dict[str, Any]:
    """Give the schema.org document of a record, ready to be put into a page.

    Args:
        record: As ``read_records`` gives it.
        mapper: For bases or a data version other than the default ones.
        context: A JSON-LD context to write the document in, in place of schema.org's: an object of
            terms, the IRI ``https://schema.org/``, or a list of both. Nothing is fetched.

    Raises:
        UsageError: The context is not valid, or refers to one that is not part of this package.
    """
    mapper = mapper or _default_mapper()
    view = mapper.view(record)
    result = document(view.page, mapper.core(view))
    if context is None:
        return result
    from rdfexport.jsonld import compacted  # noqa: PLC0415 - PyLD is slow to import

    return compacted(result, context)


def to_quads(record: FigureRecord, mapper: Mapper | None = None) -> Iterator[ox.Quad]:
    """Give the core graph of a record as pyoxigraph quads; their graph is the record's IRI.

    ``to_rdflib`` makes an rdflib graph of them.
    """
    mapper = mapper or _default_mapper()
    view = mapper.view(record)
    return quads(mapper.core(view), view.page)


def to_rdflib(quads: Iterable[ox.Quad]) -> rdflib.Dataset:
    """Give quads as an rdflib dataset, each in its named graph."""
    import pyoxigraph as ox  # noqa: PLC0415 - rdflib is slow to import
    import rdflib  # noqa: PLC0415

    def term(value: object) -> rdflib.term.Node:
        if isinstance(value, ox.NamedNode):
            return rdflib.URIRef(value.value)
        if isinstance(value, ox.BlankNode):
            return rdflib.BNode(value.value)
        if not isinstance(value, ox.Literal):
            raise TypeError(f"{value} has no counterpart in rdflib")
        if value.language is not None:
            return rdflib.Literal(value.value, lang=value.language)
        if value.datatype.value == str(rdflib.XSD.string):
            return rdflib.Literal(value.value)
        # Without normalisation the text stays as it was written: 0.90 does not become 0.9.
        return rdflib.Literal(value.value, datatype=value.datatype.value, normalize=False)

    dataset = rdflib.Dataset()
    for quad in quads:
        graph = dataset.graph(term(quad.graph_name))  # type: ignore[arg-type]
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return dataset
