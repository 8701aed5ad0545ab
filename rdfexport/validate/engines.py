"""SHACL engines behind one function: a data graph as text → results, in a stable order.

``shacl`` is the default, ``pyshacl`` the reference; ``docs/shacl-engines.md`` compares them.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final, Protocol

from rdfexport.diagnostics import Result, Severity
from rdfexport.errors import MissingPackageError, UnreadableError
from rdfexport.untrusted.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    import rdflib

_SHACL: Final = "http://www.w3.org/ns/shacl#"
_SEVERITIES: Final = {_SHACL + severity.value: severity for severity in Severity}


class Engine(Protocol):
    """A SHACL engine with its shapes compiled."""

    def validate(self, text: str, syntax: str = "nt") -> list[Result]:
        """Validate a data graph.

        Args:
            text: The graph.
            syntax: ``nt`` or ``turtle``.

        Raises:
            UnreadableError: The text is not well-formed.
        """


class ShaclEngine:
    """The package ``shacl`` (Rust).

    Calls with a few thousand focus nodes start threads, and must not come before a fork.

    Args:
        shapes: The shapes graph as N-Triples.

    Raises:
        UnreadableError: The shapes are not well-formed.
    """

    def __init__(self, shapes: str) -> None:
        import shacl  # noqa: PLC0415 - only one engine is imported

        try:
            self._shapes = shacl.Shapes.from_text(shapes, "nt")
        except ValueError as error:
            raise UnreadableError(f"the shapes cannot be used ({error})") from error

    def validate(self, text: str, syntax: str = "nt") -> list[Result]:
        try:
            report = self._shapes.validate_text(text, syntax)
        except ValueError as error:
            raise UnreadableError(f"the data cannot be validated ({error})") from error
        if not len(report):
            return []
        results = (
            Result(
                r.focus_node,
                r.path,
                r.value,
                r.component_iri,
                _severity(r.severity_iri),
                r.source_shape or r.root_shape or "",
                r.message,
            )
            for r in report.results
        )
        return sorted(results, key=_order)


class PyShaclEngine:
    """pySHACL, the reference implementation in Python (needs the extra ``pyshacl``).

    Args:
        shapes: The shapes graph as N-Triples.

    Raises:
        MissingPackageError: pySHACL is not installed.
        UnreadableError: The shapes are not well-formed.
    """

    def __init__(self, shapes: str) -> None:
        try:
            import pyshacl  # noqa: F401, PLC0415 - optional
        except ImportError as error:
            raise MissingPackageError(
                "pySHACL is not installed: pip install 'rdfexport[pyshacl]'"
            ) from error

        self._shapes = _rdflib_graph(shapes, "nt")

    def validate(self, text: str, syntax: str = "nt") -> list[Result]:
        import pyshacl  # noqa: PLC0415
        import rdflib  # noqa: PLC0415

        try:
            data = _rdflib_graph(text, syntax)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                _, report, problem = pyshacl.validate(
                    data_graph=data,
                    shacl_graph=self._shapes,
                    ont_graph=None,
                    inference="none",
                    advanced=False,
                    meta_shacl=False,
                    inplace=True,
                )
        except Exception as error:
            # pySHACL lets errors of many kinds through, its dependencies' among them.
            raise UnreadableError(f"the data cannot be validated ({error})") from error
        if not isinstance(report, rdflib.Graph):
            raise UnreadableError(f"the data cannot be validated ({problem})")
        return sorted(_report_results(report, self._shapes), key=_order)


ENGINES: Final[dict[str, Callable[[str], Engine]]] = {
    "shacl": ShaclEngine,
    "pyshacl": PyShaclEngine,
}


def has_shacl() -> bool:
    """Whether the package ``shacl`` is installed, which has no wheels for some platforms."""
    try:
        import shacl  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def make_engine(name: str, shapes: str) -> Engine:
    """Compile shapes (N-Triples) for an engine of ``ENGINES``.

    Where the package ``shacl`` is not installed, pySHACL takes its place.

    Raises:
        MissingPackageError: Neither is installed.
        UnreadableError: The shapes are not well-formed.
    """
    if name != "shacl" or has_shacl():
        return ENGINES[name](shapes)
    try:
        return PyShaclEngine(shapes)
    except MissingPackageError as error:
        raise MissingPackageError(
            "no SHACL engine is installed: pip install 'rdfexport[fast]', or 'rdfexport[pyshacl]'"
        ) from error


def _severity(iri: str) -> Severity:
    """One of SHACL's three: others are allowed, but nobody knows how grave they are."""
    return _SEVERITIES.get(iri, Severity.VIOLATION)


def _order(result: Result) -> tuple[str, ...]:
    return (
        result.focus,
        result.path or "",
        result.shape,
        result.component,
        result.value or "",
        result.message or "",
    )


def _report_results(report: rdflib.Graph, shapes: rdflib.Graph) -> list[Result]:
    import rdflib  # noqa: PLC0415
    from rdflib import RDF, SH  # noqa: PLC0415

    results = []
    # What is not a result of the report itself is a detail of one.
    for node in report.objects(report.value(None, RDF.type, SH.ValidationReport), SH.result):
        path = report.value(node, SH.resultPath)
        value = report.value(node, SH.value)
        shape = report.value(node, SH.sourceShape)
        message = report.value(node, SH.resultMessage)
        graph = report
        # Reports of pySHACL lack the inner parts of a path.
        if (
            isinstance(path, rdflib.BNode)
            and (of_shape := shapes.value(shape, SH.path)) is not None
        ):
            graph, path = shapes, of_shape
        results.append(
            Result(
                _n3(report.value(node, SH.focusNode)),
                None if path is None else _path(graph, path),
                None if value is None else _n3(value),
                str(report.value(node, SH.sourceConstraintComponent)),
                _severity(str(report.value(node, SH.resultSeverity))),
                _n3(shape),
                None if message is None else str(message),
            )
        )
    return results


def _rdflib_graph(text: str, syntax: str) -> rdflib.Graph:
    """Parse a graph with its literals as written: rdflib's parsers make ``1`` of ``01``."""
    import pyoxigraph as ox  # noqa: PLC0415
    import rdflib  # noqa: PLC0415

    def converted(term: Any) -> rdflib.term.IdentifiedNode | rdflib.Literal:
        if isinstance(term, ox.NamedNode):
            return rdflib.URIRef(term.value)
        if isinstance(term, ox.BlankNode):
            return rdflib.BNode(term.value)
        if term.language is not None:
            return rdflib.Literal(term.value, lang=term.language)
        # To rdflib `"a"` and `"a"^^xsd:string` are two terms, and parsers give it the first.
        is_text = term.datatype.value == str(rdflib.XSD.string)
        datatype = None if is_text else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, datatype=datatype, normalize=False)

    graph = rdflib.Graph()
    form = ox.RdfFormat.TURTLE if syntax == "turtle" else ox.RdfFormat.N_TRIPLES
    for quad in parse(text, form):
        graph.add((converted(quad.subject), converted(quad.predicate), converted(quad.object)))
    return graph


def _n3(term: Any) -> str:
    import pyoxigraph as ox  # noqa: PLC0415
    import rdflib  # noqa: PLC0415

    if isinstance(term, rdflib.Literal):
        datatype = None if term.datatype is None else ox.NamedNode(str(term.datatype))
        return str(ox.Literal(str(term), datatype=datatype, language=term.language))
    return f"<{term}>" if isinstance(term, rdflib.URIRef) else f"_:{term}"


def _path(graph: rdflib.Graph, node: Any) -> str:
    """A SHACL path as a SPARQL property path (https://www.w3.org/TR/shacl/#property-paths)."""
    import rdflib  # noqa: PLC0415
    from rdflib import RDF, SH  # noqa: PLC0415
    from rdflib.collection import Collection  # noqa: PLC0415

    if isinstance(node, rdflib.URIRef):
        return f"<{node}>"
    if graph.value(node, RDF.first) is not None:
        return f"({'/'.join(_path(graph, step) for step in Collection(graph, node))})"
    if (inverse := graph.value(node, SH.inversePath)) is not None:
        return f"^{_path(graph, inverse)}"
    if (choices := graph.value(node, SH.alternativePath)) is not None:
        return f"({'|'.join(_path(graph, step) for step in Collection(graph, choices))})"
    for term, sign in (
        (SH.zeroOrMorePath, "*"),
        (SH.oneOrMorePath, "+"),
        (SH.zeroOrOnePath, "?"),
    ):
        if (inner := graph.value(node, term)) is not None:
            return f"({_path(graph, inner)}){sign}"
    return _n3(node)
