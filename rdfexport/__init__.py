"""PFOCR pathway-figure records as schema.org JSON-LD and RDF."""

from rdfexport.api import to_jsonld, to_quads, to_rdflib
from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import (
    CallError,
    IdentifierError,
    InvalidGraphError,
    RdfExportError,
    RecordError,
)
from rdfexport.model import FigureRecord
from rdfexport.pipeline import (
    ExportOptions,
    FileOptions,
    Linking,
    Observer,
    Summary,
    Validation,
    export,
    export_to_url,
    read_records,
)
from rdfexport.version import __version__

__all__ = [
    "CallError",
    "ExportOptions",
    "FigureRecord",
    "FileOptions",
    "Finding",
    "IdentifierError",
    "InvalidGraphError",
    "Linking",
    "Location",
    "Observer",
    "RdfExportError",
    "RecordError",
    "Summary",
    "Validation",
    "__version__",
    "export",
    "export_to_url",
    "read_records",
    "to_jsonld",
    "to_quads",
    "to_rdflib",
]
