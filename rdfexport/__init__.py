"""PFOCR pathway-figure records as schema.org JSON-LD and RDF."""

from rdfexport.api import to_jsonld, to_quads, to_rdflib
from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import (
    DataError,
    IdentifierError,
    InvalidGraphError,
    LocalError,
    RdfExportError,
    RecordError,
    RemoteError,
    UnreadableError,
    UsageError,
)
from rdfexport.model import FigureRecord
from rdfexport.pipeline import (
    ExportOptions,
    FileOptions,
    Linking,
    Observer,
    RejectionLimit,
    Summary,
    Validation,
    export,
    export_to_url,
    read_records,
)
from rdfexport.version import __version__

__all__ = [
    "DataError",
    "ExportOptions",
    "FigureRecord",
    "FileOptions",
    "Finding",
    "IdentifierError",
    "InvalidGraphError",
    "Linking",
    "LocalError",
    "Location",
    "Observer",
    "RdfExportError",
    "RecordError",
    "RejectionLimit",
    "RemoteError",
    "Summary",
    "UnreadableError",
    "UsageError",
    "Validation",
    "__version__",
    "export",
    "export_to_url",
    "read_records",
    "to_jsonld",
    "to_quads",
    "to_rdflib",
]
