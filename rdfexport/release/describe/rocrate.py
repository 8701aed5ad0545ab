"""RO-Crate of a release: a packing list that repositories and workflows read.

https://www.researchobject.org/ro-crate/specification/1.1/ names the file
``ro-crate-metadata.json``; ``manifest.json`` is the same under the name that people look for.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

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

    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    from rdfexport.release.model import Release, ReleaseFile

CRATE: Final = "ro-crate-metadata.json"
MANIFEST: Final = "manifest.json"

# The version that other programs read today; the library knows newer ones.
_VERSION: Final = "1.1"


def need_rocrate() -> None:
    """Check that RO-Crates can be written.

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
    from rocrate.rocrate import ROCrate  # noqa: PLC0415 - only releases need it

    made = ROCrate(version=_VERSION)
    publisher, article, licence = _add_context(made, release)
    made.name = release_title(release)
    made.description = release_about(release)
    made.datePublished = release.issued
    facts = {"version": release.version, "identifier": release.url, "url": release.url}
    facts |= {"license": licence, "publisher": publisher, "citation": article}
    for name, value in facts.items():
        made.root_dataset[name] = value
    for file in release.files:
        made.add_file(dest_path=file.path, properties=_properties(release, file))
    for path, (media_type, title) in described.items():
        made.add_file(dest_path=path, properties={"name": title, "encodingFormat": media_type})
    document = made.metadata.generate()
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def _add_context(made: ROCrate, release: Release) -> tuple[ContextEntity, ...]:
    """Add publisher, article, licence, and the action that made the release; return the first 3."""
    from rocrate.model.contextentity import ContextEntity  # noqa: PLC0415 - only releases need it

    described = {
        PUBLISHER: {"@type": "Organization", "name": PUBLISHER_NAME, "url": PUBLISHER},
        ARTICLE: {"@type": "ScholarlyArticle", "name": CITATION},
        LICENSE: {"@type": "CreativeWork", "name": "CC0 1.0 Universal", "identifier": LICENSE},
        "#rdfexport": {
            "@type": "SoftwareApplication",
            "name": "rdfexport",
            "softwareVersion": release.tool_version,
        },
        "#making": {
            "@type": "CreateAction",
            "name": f"Making of {release_title(release)}",
            "description": f"{release.figures:,} records exported, {release.rejected:,} left out.",
        },
    }
    *entities, software, action = (ContextEntity(made, iri, p) for iri, p in described.items())
    made.add(*entities, software, action)
    action["instrument"] = software
    action["result"] = made.root_dataset
    if release.source is not None:
        action["object"] = release.source
    return tuple(entities)


def _properties(release: Release, file: ReleaseFile) -> dict[str, str | list[str]]:
    return {
        "name": file.title,
        "encodingFormat": file.media_type
        if file.package is None
        else [file.media_type, file.package],
        "contentSize": str(file.size),
        "sha256": file.sha256,
        "url": file_url(release, file.path),
    }
