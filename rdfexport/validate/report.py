"""Results as a file or lines that people, CI systems and RDF tools read; written as they come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.model import LocatedResult, Severity, local_name
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

_SH: Final = "http://www.w3.org/ns/shacl#"
_PATH: Final = ox.NamedNode(_SH + "path")
_GITHUB: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SARIF: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


class Table:
    """A line a result, for people."""

    def begin(self) -> str:
        return ""

    def result(self, located: LocatedResult) -> str:
        return f"{located.result.severity.value.lower()}: {located}\n"

    def end(self, *, conforms: bool) -> str:  # noqa: ARG002
        return ""


class GitHub(Table):
    """Workflow commands, which GitHub shows at the lines (docs.github.com, workflow commands)."""

    def result(self, located: LocatedResult) -> str:
        location, result = located.location, located.result
        place = f"file={_command_property(location.file)}"
        if location.line is not None:
            place += f",line={location.line}"
        title = _command_property(local_name(result.shape))
        text = _command_data(f"{location.field or ''}: {located.text}".lstrip(": "))
        return f"::{_GITHUB[result.severity]} {place},title={title}::{text}\n"


class Json:
    """One JSON object: ``conforms`` and ``results``."""

    def __init__(self) -> None:
        self._between = ""

    def begin(self) -> str:
        return '{"results": [\n'

    def result(self, located: LocatedResult) -> str:
        line = self._between + json.dumps(as_dict(located), ensure_ascii=False)
        self._between = ",\n"
        return line

    def end(self, *, conforms: bool) -> str:
        return f'\n], "conforms": {json.dumps(conforms)}}}\n'


class Sarif:
    """SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

    def __init__(self) -> None:
        self._between = ""

    def begin(self) -> str:
        driver = {"name": "rdfexport", "version": __version__}
        return (
            '{"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json",'
            f' "runs": [{{"tool": {{"driver": {json.dumps(driver)}}}, "results": [\n'
        )

    def result(self, located: LocatedResult) -> str:
        location = located.location
        physical: dict[str, object] = {"artifactLocation": {"uri": location.file}}
        if location.line is not None:
            physical["region"] = {"startLine": location.line}
        text = json.dumps(
            {
                "ruleId": local_name(located.result.shape),
                "level": _SARIF[located.result.severity],
                "message": {"text": located.text},
                "locations": [{"physicalLocation": physical}],
            },
            ensure_ascii=False,
        )
        text, self._between = self._between + text, ",\n"
        return text

    def end(self, *, conforms: bool) -> str:  # noqa: ARG002
        return "\n]}]}\n"


class Turtle:
    """A ``sh:ValidationReport`` (https://www.w3.org/TR/shacl/#validation-report).

    Args:
        shapes: The shapes graph as N-Triples: a result's path is copied from its shape.
    """

    def __init__(self, shapes: str) -> None:
        self._shapes = ox.Store()
        self._shapes.load(shapes, format=ox.RdfFormat.N_TRIPLES)
        self._count = 0

    def begin(self) -> str:
        return (
            f"@prefix sh: <{_SH}> .\n"
            "@prefix pfocr: <https://pfocr.wikipathways.org/vocab#> .\n\n"
            "_:report a sh:ValidationReport .\n"
        )

    def result(self, located: LocatedResult) -> str:
        self._count += 1
        result, location = located.result, located.location
        node = ox.BlankNode(f"r{self._count}")
        shape = _term(result.shape)
        said: list[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal | None]] = [
            ("focusNode", _term(result.focus)),
            ("value", None if result.value is None else _term(result.value)),
            ("resultSeverity", ox.NamedNode(_SH + result.severity.value)),
            ("sourceConstraintComponent", ox.NamedNode(result.component)),
            ("sourceShape", shape),
            ("resultMessage", None if result.message is None else ox.Literal(result.message)),
        ]
        parts = [f"_:report sh:result {node} .\n{node} a sh:ValidationResult"]
        parts += [f"sh:{name} {term}" for name, term in said if term is not None]
        extra = ""
        if result.path is not None:
            path, extra = self._path(result.path, shape)
            parts.append(f"sh:resultPath {path}")
        parts.append(f"pfocr:sourceFile {ox.Literal(location.file)}")
        if location.line is not None:
            parts.append(f"pfocr:sourceLine {location.line}")
        if location.field is not None:
            parts.append(f"pfocr:sourceField {ox.Literal(location.field)}")
        return " ;\n    ".join(parts) + " .\n" + extra

    def _path(self, path: str, shape: ox.NamedNode | ox.BlankNode | ox.Literal) -> tuple[str, str]:
        """A path's term, and the triples that say what it is if it is not a property alone."""
        if path.startswith("<") and path.endswith(">") and ">" not in path[1:-1]:
            return path, ""
        if not isinstance(shape, ox.NamedNode):
            return str(ox.Literal(path)), ""
        start = next(
            (quad.object for quad in self._shapes.quads_for_pattern(shape, _PATH, None)), None
        )
        if not isinstance(start, ox.BlankNode):
            return str(ox.Literal(path)), ""
        names: dict[ox.BlankNode, str] = {}

        def name(term: object) -> str:
            if not isinstance(term, ox.BlankNode):
                return str(term)
            return names.setdefault(term, f"_:r{self._count}p{len(names)}")

        root, lines, waiting, done = name(start), [], [start], set()
        while waiting:
            node = waiting.pop()
            if node in done:
                continue
            done.add(node)
            for quad in self._shapes.quads_for_pattern(node, None, None):
                lines.append(f"{name(quad.subject)} {quad.predicate} {name(quad.object)} .\n")
                if isinstance(quad.object, ox.BlankNode):
                    waiting.append(quad.object)
        return root, "".join(lines)

    def end(self, *, conforms: bool) -> str:
        return f"_:report sh:conforms {json.dumps(conforms)} .\n"


Report = Table | Json | Sarif | Turtle

REPORTS: Final[dict[str, Callable[[str], Report]]] = {
    "table": lambda _shapes: Table(),
    "json": lambda _shapes: Json(),
    "github": lambda _shapes: GitHub(),
    "sarif": lambda _shapes: Sarif(),
    "turtle": Turtle,
}
"""The kinds of report by name; each is made with the shapes graph (N-Triples)."""


def as_dict(located: LocatedResult) -> dict[str, object]:
    """A result as JSON has it."""
    result, location = located.result, located.location
    return {
        "file": location.file,
        "line": location.line,
        "field": location.field,
        "severity": result.severity.value,
        "message": result.message,
        "shape": result.shape.strip("<>"),
        "component": result.component,
        "focus": result.focus,
        "path": result.path,
        "value": result.value,
    }


def summary(counts: Counter[tuple[Severity, str]]) -> str:
    """How many results each shape has, the worst first."""
    order = list(Severity)
    lines = [
        f"{number:>9,}  {severity.value:<9}  {local_name(shape)}"
        for (severity, shape), number in sorted(
            counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])
        )
    ]
    return "\n".join(lines)


def _term(text: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """A term in N-Triples syntax, parsed, so that what is written is sure to be one."""
    statement = f"<a:a> <a:a> {_absolute(text)} ."
    term = next(iter(ox.parse(statement, format=ox.RdfFormat.N_TRIPLES))).object
    assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)
    return term


def _absolute(text: str) -> str:
    """Shapes come bare from some engines, and blank nodes with a label alone."""
    return text if text.startswith(("<", '"', "_:")) else f"<{text}>"


def _command_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _command_property(text: str) -> str:
    return _command_data(text).replace(":", "%3A").replace(",", "%2C")
