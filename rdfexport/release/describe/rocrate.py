"""The files of a release as an RO-Crate: a packing list that repositories and workflows read.

https://www.researchobject.org/ro-crate/specification/1.1/: the file has to be named
``ro-crate-metadata.json``; ``manifest.json`` is the same under the name that people look for.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import orjson

from rdfexport.errors import MissingPackageError
from rdfexport.release.describe.wording import (
    ARTICLE,
    CITATION,
    LICENSE,
    PUBLISHER,
    PUBLISHER_NAME,
    file_url,
    release_about,
    release_title,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdfexport.release.model import Release

CRATE: Final = "ro-crate-metadata.json"
MANIFEST: Final = "manifest.json"

# What other programs read today, whatever newer versions the library knows.
_VERSION: Final = "1.1"


def need_rocrate() -> None:
    """See that RO-Crates can be described.

    Raises:
        MissingPackageError: They cannot, since ``rocrate`` is not installed.
    """
    if find_spec("rocrate") is None:
        raise MissingPackageError(
            "A release's manifest needs rocrate: pip install 'rdfexport[release]'"
        )


def crate(release: Release, described: Mapping[str, tuple[str, str]]) -> str:
    """The RO-Crate metadata file of a release.

    Args:
        release: The release.
        described: Paths of the files that describe it → media type and title.
    """
    from rocrate.model.contextentity import ContextEntity  # noqa: PLC0415 - only releases need it
    from rocrate.rocrate import ROCrate  # noqa: PLC0415

    made = ROCrate(version=_VERSION)
    publisher = ContextEntity(
        made, PUBLISHER, {"@type": "Organization", "name": PUBLISHER_NAME, "url": PUBLISHER}
    )
    article = ContextEntity(made, ARTICLE, {"@type": "ScholarlyArticle", "name": CITATION})
    licence = ContextEntity(
        made,
        LICENSE,
        {"@type": "CreativeWork", "name": "CC0 1.0 Universal", "identifier": LICENSE},
    )
    software = ContextEntity(
        made,
        "#rdfexport",
        {
            "@type": "SoftwareApplication",
            "name": "rdfexport",
            "softwareVersion": release.tool_version,
        },
    )
    action: dict[str, Any] = {
        "@type": "CreateAction",
        "name": f"Making of {release_title(release)}",
        "description": f"{release.figures:,} records exported, {release.rejected:,} left out.",
    }
    made.add(publisher, article, licence, software)
    making = made.add(ContextEntity(made, "#making", action))
    making["instrument"] = software
    making["result"] = made.root_dataset
    if release.source is not None:
        making["object"] = release.source
    made.name = release_title(release)
    made.description = release_about(release)
    made.datePublished = release.issued
    made.root_dataset["version"] = release.version
    made.root_dataset["identifier"] = release.url
    made.root_dataset["url"] = release.url
    made.root_dataset["license"] = licence
    made.root_dataset["publisher"] = publisher
    made.root_dataset["citation"] = article
    for file in release.files:
        formats = [file.media_type] if file.package is None else [file.media_type, file.package]
        made.add_file(
            dest_path=file.path,
            properties={
                "name": file.title,
                "encodingFormat": formats[0] if len(formats) == 1 else formats,
                "contentSize": str(file.size),
                "sha256": file.sha256,
                "url": file_url(release, file.path),
            },
        )
    for path, (media_type, title) in described.items():
        made.add_file(dest_path=path, properties={"name": title, "encodingFormat": media_type})
    document = made.metadata.generate()
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"
