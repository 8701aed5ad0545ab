"""Results as a file or lines that people, CI systems and RDF tools read; written as they come."""

from __future__ import annotations

import json
import re
from collections import deque
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from rdfexport.diagnostics import LocatedResult, Severity, local_name
from rdfexport.printing import visible, visible_json
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

_SH: Final = "http://www.w3.org/ns/shacl#"
_PATH_PART: Final = re.compile(r"<[^>]*>|[()^/|*+?]")
# Line feeds are the report's own: those of a text are escaped in its literal.
_NOT_PRINTABLE: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_REPEATED: Final = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
_GITHUB: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SARIF: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


class Table:
    """A line a result, for people."""

    def begin(self) -> str:
        return ""

    def result(self, located: LocatedResult) -> str:
        location, severity = located.location, located.result.severity.value.lower()
        return f"{severity}: {location}: {_text(located)}\n"

    def end(self) -> str:
        return ""


class GitHub(Table):
    """Workflow commands, which GitHub shows at the lines (docs.github.com, workflow commands)."""

    def result(self, located: LocatedResult) -> str:
        location, result = located.location, located.result
        place = f"file={_command_property(location.file)}"
        if location.line is not None:
            place += f",line={location.line}"
        title = _command_property(local_name(result.shape))
        text = _text(located) if location.field is None else f"{location.field}: {_text(located)}"
        return f"::{_GITHUB[result.severity]} {place},title={title}::{_command_data(text)}\n"


class Json:
    """One JSON object: ``results``, and ``conforms`` if none of them is a violation."""

    def __init__(self) -> None:
        self._between = ""
        self._conforms = True

    def begin(self) -> str:
        return '{"results": [\n'

    def result(self, located: LocatedResult) -> str:
        self._conforms &= located.result.severity is not Severity.VIOLATION
        line = self._between + _json(as_dict(located))
        self._between = ",\n"
        return line

    def end(self) -> str:
        return f'\n], "conforms": {json.dumps(self._conforms)}}}\n'


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
        uri = quote(location.file, safe="/:!")
        physical: dict[str, object] = {"artifactLocation": {"uri": uri}}
        if location.line is not None:
            physical["region"] = {"startLine": location.line}
        text = _json(
            {
                "ruleId": local_name(located.result.shape),
                "level": _SARIF[located.result.severity],
                "message": {"text": _text(located)},
                "locations": [{"physicalLocation": physical}],
            }
        )
        text, self._between = self._between + text, ",\n"
        return text

    def end(self) -> str:
        return "\n]}]}\n"


class Turtle:
    """A ``sh:ValidationReport`` (https://www.w3.org/TR/shacl/#validation-report)."""

    def __init__(self) -> None:
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
        node = f"_:result{self._count}"
        said: list[tuple[str, object]] = [
            ("sh:focusNode", term(result.focus)),
            ("sh:resultPath", None if result.path is None else _turtle_path(result.path)),
            ("sh:value", None if result.value is None else term(result.value)),
            ("sh:resultSeverity", f"sh:{result.severity.value}"),
            ("sh:sourceConstraintComponent", ox.NamedNode(result.component)),
            ("sh:sourceShape", term(result.shape)),
            ("sh:resultMessage", None if result.message is None else ox.Literal(result.message)),
            ("pfocr:sourceFile", ox.Literal(location.file)),
            ("pfocr:sourceLine", location.line),
            ("pfocr:sourceField", None if location.field is None else ox.Literal(location.field)),
        ]
        parts = [f"_:report sh:result {node} .\n{node} a sh:ValidationResult"]
        parts += [f"{name} {value}" for name, value in said if value is not None]
        return _NOT_PRINTABLE.sub(_uchar, " ;\n    ".join(parts) + " .\n")

    def end(self) -> str:
        """Say whether it conforms; for SHACL a warning is enough that it does not."""
        return f"_:report sh:conforms {json.dumps(self._count == 0)} .\n"


Report = Table | Json | Sarif | Turtle

REPORTS: Final[dict[str, Callable[[], Report]]] = {
    "table": Table,
    "json": Json,
    "github": GitHub,
    "sarif": Sarif,
    "turtle": Turtle,
}
"""The kinds of report by name."""


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


def term(text: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """A term in N-Triples syntax, parsed, so that what is written is sure to be one."""
    (quad,) = ox.parse(f"<a:a> <a:a> {text} .", format=ox.RdfFormat.N_TRIPLES)
    found = quad.object
    assert isinstance(found, ox.NamedNode | ox.BlankNode | ox.Literal)
    return found


def _turtle_path(path: str) -> str:
    """A SPARQL property path as SHACL has it in Turtle."""
    parts: deque[str] = deque(_PATH_PART.findall(path))

    def element() -> str:
        part = parts.popleft()
        if part == "^":
            return f"[ sh:inversePath {element()} ]"
        if part != "(":
            return part
        steps, between = [element()], ""
        while (part := parts.popleft()) != ")":
            between = part
            steps.append(element())
        inside = f"( {' '.join(steps)} )" if between else steps[0]
        if between == "|":
            inside = f"[ sh:alternativePath {inside} ]"
        if parts and parts[0] in _REPEATED:
            inside = f"[ sh:{_REPEATED[parts.popleft()]} {inside} ]"
        return inside

    return element()


def _text(located: LocatedResult) -> str:
    """The fault, with its focus node where there is no line."""
    at = f"{visible(located.result.focus)}: " if located.location.line is None else ""
    return at + located.text


def _json(value: object) -> str:
    return visible_json(json.dumps(value, ensure_ascii=False))


def _uchar(found: re.Match[str]) -> str:
    """A character as Turtle's UCHAR (https://www.w3.org/TR/turtle/#sec-escapes)."""
    code = ord(found[0])
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _command_data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _command_property(text: str) -> str:
    return _command_data(text).replace(":", "%3A").replace(",", "%2C")
