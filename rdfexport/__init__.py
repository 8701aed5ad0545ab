"""PFOCR pathway-figure records as schema.org JSON-LD and RDF."""

TYPE_CHECKING = False  # as typing has it, whose import takes longer than all that is here

if TYPE_CHECKING:
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
        export_to_url,
        read_records,
    )
    from rdfexport.pipeline.export import export
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

_ROOMS = {
    "DataError": "errors",
    "ExportOptions": "pipeline",
    "FigureRecord": "model",
    "FileOptions": "pipeline",
    "Finding": "diagnostics",
    "IdentifierError": "errors",
    "InvalidGraphError": "errors",
    "Linking": "pipeline",
    "LocalError": "errors",
    "Location": "diagnostics",
    "Observer": "pipeline",
    "RdfExportError": "errors",
    "RecordError": "errors",
    "RejectionLimit": "pipeline",
    "RemoteError": "errors",
    "Summary": "pipeline",
    "UnreadableError": "errors",
    "UsageError": "errors",
    "Validation": "pipeline",
    "__version__": "version",
    "export": "pipeline",
    "export_to_url": "pipeline",
    "read_records": "pipeline",
    "to_jsonld": "api",
    "to_quads": "api",
    "to_rdflib": "api",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used, so that the command starts at once."""
        from importlib import import_module  # noqa: PLC0415 - see above

        if name not in _ROOMS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
