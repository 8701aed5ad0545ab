"""Reads RDF files as data graphs to validate, one graph for each file."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

import pyoxigraph as ox
import zstandard

from rdfexport import walk
from rdfexport.errors import DiskError, UnreadableError, UsageError, reading_error
from rdfexport.limits import MAX_VALIDATED_BYTES
from rdfexport.terms import vendored_context
from rdfexport.untrusted.files import check_entities, unpacked
from rdfexport.untrusted.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

_FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_COMPRESSED: Final = (".gz", ".zst")
# A file is held in memory while it is validated; exports are cut into shards far below this.
# What a damaged file may raise; MemoryError comes from Oxigraph for a term of over 16 MiB.
_UNREADABLE: Final = (
    *(OSError, EOFError, ValueError, RecursionError, MemoryError),
    *(zlib.error, zstandard.ZstdError),
)
_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DATASET: Final = ox.NamedNode("http://schema.org/Dataset")


class DataGraph(NamedTuple):
    """A data graph to validate.

    ``name`` is the file, or the store or endpoint; ``syntax`` is ``nt`` or ``turtle``; ``records``
    are the IRIs of the figures in it; ``schema_only`` says that it holds schema.org terms alone.
    """

    name: str
    text: str
    syntax: str
    records: list[str]
    schema_only: bool


def rdf_files(paths: Iterable[Path]) -> list[Path]:
    """The RDF files among some files and folders (with all below them), in a stable order.

    Raises:
        UsageError: A file is not named as RDF.
        DiskError: A folder cannot be listed.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = (Path(file.path) for file in walk.files(str(path), _unlisted))
            found += sorted(file for file in below if _format(file))
        elif _format(path) is None:
            raise UsageError(f"{path}: not an RDF file: its name ends in {', '.join(_FORMATS)}")
        else:
            found.append(path)
    return found


def _unlisted(error: OSError) -> NoReturn:
    raise DiskError(f"{error.filename}: the folder cannot be read ({error.strerror})") from error


def file_graph(path: Path) -> DataGraph:
    """Read an RDF file.

    Raises:
        DiskError: It cannot be read.
        UnreadableError: It cannot be parsed; the message has the line.
        UsageError: It is too large.
    """
    form = _format(path)
    if form is None:
        raise UsageError(f"{path}: not an RDF file: its name ends in {', '.join(_FORMATS)}")
    try:
        data = _read(path, form)
        if form == ox.RdfFormat.JSON_LD:
            return _json_graph(path, data)
        records = [
            quad.subject.value
            for quad in parse(data, form)
            if quad.predicate == _TYPE
            and quad.object == _DATASET
            and isinstance(quad.subject, ox.NamedNode)
        ]
        if form in {ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES}:
            syntax = "turtle" if form == ox.RdfFormat.TURTLE else "nt"
            return DataGraph(str(path), data.decode(), syntax, records, schema_only=False)
        triples = (quad.triple for quad in parse(data, form))
        return DataGraph(str(path), ntriples(triples), "nt", records, schema_only=False)
    except SyntaxError as error:
        place = f"{path}:{error.lineno}" if error.lineno is not None else str(path)
        if "LoadDocumentCallback" in error.msg:
            raise UnreadableError(
                f"{place}: it needs a context that rdfexport does not have, and none is fetched"
            ) from error
        raise UnreadableError(f"{place}: not well-formed ({error.msg})") from error
    except _UNREADABLE as error:
        raise reading_error(error)(f"{path}: cannot be read ({error})") from error


def _format(path: Path) -> ox.RdfFormat | None:
    suffixes = [suffix for suffix in path.suffixes if suffix not in _COMPRESSED]
    return _FORMATS.get(suffixes[-1]) if suffixes else None


def _read(path: Path, form: ox.RdfFormat | None) -> bytes:
    with unpacked(path) as file:
        data = file.read() if path.stat().st_size <= MAX_VALIDATED_BYTES else None
    if data is None or len(data) > MAX_VALIDATED_BYTES:
        raise UsageError(f"{path}: larger than 1 GiB: load it into a store and use --store")
    if form == ox.RdfFormat.RDF_XML:
        check_entities(data)
    return data


def _json_graph(path: Path, data: bytes) -> DataGraph:
    document = json.loads(data)
    documents = document if isinstance(document, list) else [document]
    schema_only = False
    for part in documents:
        context = part.get("@context") if isinstance(part, dict) else None
        if any(isinstance(one, str) for one in _listed(context)):
            schema_only = True
            part["@context"] = [_local_context(one, path) for one in _listed(context)]
    triples = [
        quad.triple for part in documents for quad in parse(json.dumps(part), ox.RdfFormat.JSON_LD)
    ]
    records = [
        triple.subject.value
        for triple in triples
        if triple.predicate == _TYPE
        and triple.object == _DATASET
        and isinstance(triple.subject, ox.NamedNode)
    ]
    return DataGraph(str(path), ntriples(triples), "nt", records, schema_only)


def _listed(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


def _local_context(context: Any, path: Path) -> Any:
    """The context, that of schema.org from the copy that comes with this package."""
    if not isinstance(context, str):
        return context
    terms = vendored_context(context)
    if terms is None:
        raise UnreadableError(
            f"{path}: rdfexport does not have the context {context}, and none is fetched"
        )
    return terms


def ntriples(triples: Iterable[ox.Triple]) -> str:
    """The triples as N-Triples."""
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return text.decode()
