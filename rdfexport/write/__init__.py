"""Nodes → text of a format; text → files that appear whole or not at all."""

from rdfexport.write.figures import FigureFile
from rdfexport.write.files import COMPRESSIONS, PARTIAL, OutputFile, link_or_copy, overwritten
from rdfexport.write.formats import FORMATS, Format, NQuads, NTriples, Serializer
from rdfexport.write.rows import gmt_line, tsv_line
from rdfexport.write.sssom import SssomFile

__all__ = [
    "COMPRESSIONS",
    "FORMATS",
    "PARTIAL",
    "FigureFile",
    "Format",
    "NQuads",
    "NTriples",
    "OutputFile",
    "Serializer",
    "SssomFile",
    "gmt_line",
    "link_or_copy",
    "overwritten",
    "tsv_line",
]
