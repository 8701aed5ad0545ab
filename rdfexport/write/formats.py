"""The formats: one serializer each, and the table the command line chooses from.

A figure's nodes become one piece of text; pieces are joined by the file that holds them, so a
shard of a thousand figures needs the memory of one.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

import orjson

from rdfexport.graph import document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdfexport.graph import Node, Property

# N-Triples, section 2.4, and Turtle, section 2.5.2: what may not stand in a quoted literal.
_SPECIAL = re.compile(r'["\\\n\r]')
_ESCAPES: Final = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r"}
# A local name that needs no escape in Turtle (section 6.5, PN_LOCAL).
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_MAX_MEMO: Final = 100_000


def escape(text: str) -> str:
    """Escape a literal's text for N-Triples, N-Quads, Turtle and TriG."""
    if _SPECIAL.search(text) is None:
        return text
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], text)


class Serializer(ABC):
    """Turns figures into the text of one format; one instance serves any number of files.

    Args:
        prefixes: Prefix to namespace.
        many: Whether a file holds more than one figure.
    """

    separator = ""

    def __init__(self, prefixes: Mapping[str, str], *, many: bool) -> None:
        self.prefixes = prefixes
        self.many = many

    def header(self) -> str:
        """The text at the beginning of a file."""
        return ""

    def footer(self) -> str:
        """The text at the end of a file."""
        return ""

    @abstractmethod
    def figure(self, graph: str, nodes: Sequence[Node]) -> str:
        """The nodes of one figure, whose named graph is ``graph``."""


class NTriples(Serializer):
    """N-Triples (https://www.w3.org/TR/n-triples/)."""

    def figure(self, graph: str, nodes: Sequence[Node]) -> str:  # noqa: ARG002
        parts: list[str] = []
        for node in nodes:
            rendered = node.rendered
            if rendered is None:
                _statements(parts, node, ".\n")
                continue
            text = rendered.get("nt")
            if text is None:
                own: list[str] = []
                _statements(own, node, ".\n")
                text = rendered["nt"] = "".join(own)
            parts.append(text)
        return "".join(parts)


class NQuads(Serializer):
    """N-Quads (https://www.w3.org/TR/n-quads/)."""

    def figure(self, graph: str, nodes: Sequence[Node]) -> str:
        parts: list[str] = []
        end = f"<{graph}> .\n"
        for node in nodes:
            _statements(parts, node, end)
        return "".join(parts)


def _statements(parts: list[str], node: Node, end: str) -> None:
    subject = f"<{node.iri}>"
    append, search = parts.append, _SPECIAL.search
    for prop, values in node.rows:
        opening, closing, is_literal = prop.nt_open, prop.nt_close, not prop.is_iri
        for value in values:
            text = escape(value) if is_literal and search(value) else value
            append(f"{subject}{opening}{text}{closing}{end}")


class Turtle(Serializer):
    """Turtle (https://www.w3.org/TR/turtle/): prefixes, then a block a node, its types first."""

    separator = "\n"

    def __init__(self, prefixes: Mapping[str, str], *, many: bool) -> None:
        super().__init__(prefixes, many=many)
        # Every namespace ends in "/" or "#", and a local name that needs no escape has neither.
        self._by_namespace = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._memo: dict[str, str] = {}

    def header(self) -> str:
        return (
            "".join(
                f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(self.prefixes.items())
            )
            + "\n"
        )

    def figure(self, graph: str, nodes: Sequence[Node]) -> str:
        return f"# {graph}\n\n" + self.blocks(nodes)

    def blocks(self, nodes: Sequence[Node], indent: str = "") -> str:
        parts: list[str] = []
        for node in nodes:
            rendered = node.rendered
            key = "ttl" + indent
            text = rendered.get(key) if rendered is not None else None
            if text is None:
                text = self._block(node, indent)
                if rendered is not None:
                    rendered[key] = text
            parts.append(text)
        return "\n".join(parts)

    def _block(self, node: Node, indent: str) -> str:
        lines = []
        for prop, values in node.rows:
            if prop.is_iri:
                objects = (
                    self._iri(values[0])
                    if len(values) == 1
                    else ", ".join([self._iri(value) for value in values])
                )
            elif len(values) == 1:
                objects = f'"{escape(values[0])}{prop.turtle_close}'
            else:
                closing = prop.turtle_close
                objects = ", ".join([f'"{escape(value)}{closing}' for value in values])
            lines.append(f"{prop.turtle_verb} {objects}")
        return f"{indent}{self._iri(node.iri)} " + f" ;\n{indent}    ".join(lines) + " .\n"

    def _iri(self, iri: str) -> str:
        text = self._memo.get(iri)
        if text is None:
            if len(self._memo) >= _MAX_MEMO:
                self._memo.clear()
            text = self._memo[iri] = self._abbreviated(iri)
        return text

    def _abbreviated(self, iri: str) -> str:
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._by_namespace.get(iri[:cut])
        if prefix is not None and _PLAIN_LOCAL.fullmatch(iri, cut):
            return f"{prefix}:{iri[cut:]}"
        return f"<{iri}>"


class TriG(Turtle):
    """TriG (https://www.w3.org/TR/trig/): a graph block a figure."""

    def figure(self, graph: str, nodes: Sequence[Node]) -> str:
        return f"<{graph}> {{\n{self.blocks(nodes, '    ')}}}\n"


class RdfXml(Serializer):
    """RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/), one element a property.

    Oxigraph's own writer leaves carriage returns as they are, which every XML reader then turns
    into line feeds (XML 1.0, section 2.11); here they are character references.
    """

    def header(self) -> str:
        names = "".join(
            f"\n    xmlns:{prefix}={_attribute(iri)}"
            for prefix, iri in sorted(self.prefixes.items())
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n'

    def footer(self) -> str:
        return "</rdf:RDF>\n"

    def figure(self, graph: str, nodes: Sequence[Node]) -> str:  # noqa: ARG002
        lines: list[str] = []
        for node in nodes:
            lines.append(f"  <rdf:Description rdf:about={_attribute(node.iri)}>")
            for prop, values in node.rows:
                lines += [_element(prop, value) for value in values]
            lines.append("  </rdf:Description>\n")
        return "\n".join(lines)


_XML_TEXT: Final = {"\r": "&#13;"}
_XML_ATTRIBUTE: Final = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def _attribute(value: str) -> str:
    return quoteattr(value, _XML_ATTRIBUTE)


def _element(prop: Property, value: str) -> str:
    name = prop.curie
    if prop.is_iri:
        return f"    <{name} rdf:resource={_attribute(value)}/>"
    kind = ""
    if prop.datatype is not None:
        kind = f" rdf:datatype={_attribute(prop.datatype)}"
    elif prop.language is not None:
        kind = f" xml:lang={_attribute(prop.language)}"
    return f"    <{name}{kind}>{xml_escape(value, _XML_TEXT)}</{name}>"


# So that a document can be put into a page's <script> whatever its texts hold (HTML, section
# 4.12.1.3): the three characters stand as JSON escapes, which every JSON reader undoes.
_SCRIPT_SAFE: Final = ((b"<", rb"\u003c"), (b">", rb"\u003e"), (b"&", rb"\u0026"))


def json_text(document: Any) -> str:
    """A JSON document, indented, that is safe within HTML."""
    data = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    for character, escaped in _SCRIPT_SAFE:
        data = data.replace(character, escaped)
    return data.decode()


class JsonGraph(Serializer):
    """The whole graph as JSON-LD 1.1 with a context of its own: what Turtle says, in JSON."""

    separator = ",\n"

    def header(self) -> str:
        context = orjson.dumps(dict(sorted(self.prefixes.items()))).decode()
        return f'{{"@context": {context}, "@graph": [\n'

    def footer(self) -> str:
        return "\n]}\n"

    def figure(self, graph: str, nodes: Sequence[Node]) -> str:  # noqa: ARG002
        return ",\n".join(json_text(self._object(node)) for node in nodes)

    def _object(self, node: Node) -> dict[str, Any]:
        result: dict[str, Any] = {"@id": node.iri}
        for prop, values in node.rows:
            if prop.turtle_verb == "a":
                result.setdefault("@type", []).extend(values)
            else:
                found = [self._value(prop, value) for value in values]
                result.setdefault(prop.curie, []).extend(found)
        return result

    def _value(self, prop: Property, value: str) -> str | dict[str, str]:
        if prop.is_iri:
            return {"@id": value}
        if prop.language is not None:
            return {"@value": value, "@language": prop.language}
        return value if prop.datatype is None else {"@value": value, "@type": prop.datatype}


class JsonLd(Serializer):
    """The schema.org document of each figure; several make an array."""

    separator = ",\n"

    def header(self) -> str:
        return "[\n" if self.many else ""

    def footer(self) -> str:
        return "\n]\n" if self.many else "\n"

    def figure(self, graph: str, nodes: Sequence[Node]) -> str:
        return json_text(document(graph, nodes))


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its file extension, its media type, and its serializer.

    A ``schema_only`` format holds figures alone: the linkset and the WikiPathways part have no
    schema.org terms.
    """

    extension: str
    media_type: str
    serializer: type[Serializer]
    schema_only: bool = False


FORMATS: Final = {
    "turtle": Format(".ttl", "text/turtle", Turtle),
    "jsonld": Format(".jsonld", "application/ld+json", JsonLd, schema_only=True),
    "ntriples": Format(".nt", "application/n-triples", NTriples),
    "nquads": Format(".nq", "application/n-quads", NQuads),
    "trig": Format(".trig", "application/trig", TriG),
    "rdfxml": Format(".rdf", "application/rdf+xml", RdfXml),
    "jsonld-graph": Format(".graph.jsonld", "application/ld+json", JsonGraph),
}
"""The formats by name: what the command line offers."""
