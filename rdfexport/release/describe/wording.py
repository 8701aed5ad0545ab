"""Texts and addresses that all descriptions of PFOCR and its releases share."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from rdfexport.mapping.core import LICENSE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport.release.model import Release, ReleaseFile

__all__ = ["LICENSE"]

ABOUT: Final = (
    "Pathway figures from published papers, with the genes, chemicals and diseases recognised in"
    " them (Pathway Figure OCR)."
)
HOME: Final = "https://pfocr.wikipathways.org/"
PUBLISHER: Final = "https://www.wikipathways.org/"
PUBLISHER_NAME: Final = "WikiPathways"
KEYWORDS: Final = ("PFOCR", "pathway", "figure", "gene", "chemical", "disease", "text mining")
# Topics of EDAM: molecular interactions, pathways and networks; natural language processing.
THEMES: Final = ("http://edamontology.org/topic_0602", "http://edamontology.org/topic_0218")
LANGUAGE: Final = "http://id.loc.gov/vocabulary/iso639-1/en"
ARTICLE: Final = "https://doi.org/10.1186/s13059-020-02181-2"
CITATION: Final = (
    "Hanspers K, Riutta A, Summer-Kutmon M, Pico AR. Pathway information extracted from 25 years of"
    " pathway figures. Genome Biology 2020;21:273. https://doi.org/10.1186/s13059-020-02181-2"
)
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
PACKED: Final = {
    "application/zip": "dcat:packageFormat",
    "application/gzip": "dcat:compressFormat",
}
"""Media type of a package → the property that names it (DCAT 3, sections 6.8.16 and 6.8.17)."""


def release_title(release: Release) -> str:
    """The name of a release."""
    return f"PFOCR {release.version}"


def release_about(release: Release) -> str:
    """A description of a release, in a sentence or two."""
    return f"{ABOUT} Release of {release.issued}: {release.figures:,} figures."


def file_url(release: Release, path: str) -> str:
    """The address of a file of a release."""
    return release.url + quote(path)


def fragments(files: Iterable[ReleaseFile]) -> dict[str, str]:
    """Paths of files → the fragment that names each: its kind, and its organism if it has one."""
    found: dict[str, str] = {}
    for file in files:
        name = file.kind if file.organism is None else f"{file.kind}-{file.organism}"
        name = quote(name.replace(" ", "_"), safe="")
        if name in found.values():
            name = quote(PurePosixPath(file.path).name, safe="")
        found[file.path] = name
    return found
