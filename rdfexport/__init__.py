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

# Each imports those before it, so a name is looked for where it costs least.
_ROOMS = ("version", "diagnostics", "errors", "model", "api", "pipeline")

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used (PEP 562), so that the command starts fast."""
        from importlib import import_module  # noqa: PLC0415 - see above

        for room in _ROOMS if name in __all__ else ():
            module = import_module(f"{__name__}.{room}")
            if hasattr(module, name):
                globals()[name] = value = getattr(module, name)
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
