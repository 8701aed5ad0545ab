"""Description of a release for search engines: a schema.org Dataset in its DataCatalog.

It has the properties that Google's Dataset Search and the profiles Dataset 1.0-RELEASE and
DataCatalog 0.3 of Bioschemas ask for (https://bioschemas.org/profiles/Dataset/1.0-RELEASE).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from rdfexport.release.describe.wording import (
    ABOUT,
    ARTICLE,
    CITATION,
    HOME,
    KEYWORDS,
    LICENSE,
    PUBLISHER,
    PUBLISHER_NAME,
    file_url,
    fragments,
    release_about,
    release_title,
)
from rdfexport.release.model import FOLDER

if TYPE_CHECKING:
    from rdfexport.release.model import Release, ReleaseFile

DATASET: Final = "dataset.jsonld"

_CONTEXT: Final = ["https://schema.org/", {"dct": "http://purl.org/dc/terms/"}]
_PROFILE: Final = "https://bioschemas.org/profiles/Dataset/1.0-RELEASE"
_CATALOG_PROFILE: Final = "https://bioschemas.org/profiles/DataCatalog/0.3-RELEASE-2019_07_01"
_MEASURED: Final = ("genes", "chemicals", "diseases", "organisms")


def dataset(release: Release) -> str:
    """The release as a JSON-LD document, to be put into its page."""
    publisher = {
        "@type": "Organization",
        "@id": PUBLISHER,
        "name": PUBLISHER_NAME,
        "url": PUBLISHER,
    }
    catalog_iri = f"{release.base_url}{FOLDER}/"
    catalog = {
        "@type": "DataCatalog",
        "@id": catalog_iri,
        "dct:conformsTo": {"@id": _CATALOG_PROFILE},
        "name": "PFOCR releases",
        "description": ABOUT,
        "url": catalog_iri,
        "keywords": list(KEYWORDS),
        "provider": {"@id": PUBLISHER},
    }
    names = fragments(release.files)
    document: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "@id": release.url,
        "dct:conformsTo": {"@id": _PROFILE},
        "name": release_title(release),
        "alternateName": f"Pathway Figure OCR, release of {release.issued}",
        "description": release_about(release),
        "identifier": release.url,
        "url": release.url,
        "version": release.version,
        "datePublished": release.issued,
        "license": LICENSE,
        "isAccessibleForFree": True,
        "keywords": list(KEYWORDS),
        "creator": publisher,
        "publisher": {"@id": PUBLISHER},
        "citation": {
            "@type": "ScholarlyArticle",
            "@id": ARTICLE,
            "name": CITATION,
            "identifier": ARTICLE,
            "url": ARTICLE,
        },
        "isBasedOn": HOME,
        "measurementTechnique": "optical character recognition and named entity recognition",
        "variableMeasured": list(_MEASURED),
        "includedInDataCatalog": catalog,
        "distribution": [
            _download(release, file, f"{release.url}#{names[file.path]}") for file in release.files
        ],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def _download(release: Release, file: ReleaseFile, iri: str) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "@id": iri,
        "name": file.title,
        "contentUrl": file_url(release, file.path),
        "encodingFormat": file.media_type if file.package is None else file.package,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
        "license": LICENSE,
    }
