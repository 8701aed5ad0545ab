"""The descriptions of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdfexport.release.describe import dcat, rocrate, schemaorg, void

if TYPE_CHECKING:
    from rdfexport.release.describe.statistics import Measured
    from rdfexport.release.model import Release

_TURTLE: Final = "text/turtle"
_JSON: Final = "application/ld+json"
_LISTED: Final = {
    void.VOID: (_TURTLE, "The RDF files and what is in them: VoID, HCLS"),
    dcat.DCAT: (_TURTLE, "The release and all its files: DCAT, PROV"),
    schemaorg.DATASET: (_JSON, "The release for search engines: schema.org"),
}
DESCRIPTIONS: Final = (*_LISTED, rocrate.CRATE, rocrate.MANIFEST)
"""Paths of the files that describe a release."""


def describe(release: Release, measured: Measured) -> dict[str, str]:
    """Describe a release.

    Args:
        release: The release.
        measured: The numbers counted on its N-Quads file.

    Returns:
        Paths of the descriptions → their texts.
    """
    crate = rocrate.crate(release, _LISTED)
    return {
        void.VOID: void.void(release, measured),
        dcat.DCAT: dcat.dcat(release),
        schemaorg.DATASET: schemaorg.dataset(release),
        rocrate.CRATE: crate,
        rocrate.MANIFEST: crate,
    }
