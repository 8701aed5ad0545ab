"""Composes the stages, in worker processes, under the one policy for errors.

A record with a fault is reported and left out; the others go on. The records are taken in order of
their figids and cut into tasks by nothing but themselves, so what is written does not depend on how
many processes there are, nor on what an earlier export left to be made.
"""

from rdfexport.pipeline.export import export
from rdfexport.pipeline.options import (
    ExportOptions,
    FileOptions,
    GraphOptions,
    Linking,
    Observer,
    RejectionLimit,
    Summary,
    Validation,
)
from rdfexport.pipeline.records import read_records
from rdfexport.pipeline.stream import stream
from rdfexport.pipeline.url_export import export_to_url

__all__ = [
    "ExportOptions",
    "FileOptions",
    "GraphOptions",
    "Linking",
    "Observer",
    "RejectionLimit",
    "Summary",
    "Validation",
    "export",
    "export_to_url",
    "read_records",
    "stream",
]
