"""``release.json``: the facts of a release and its files.

Whatever describes, verifies, shows or submits a release reads these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - msgspec reads the types of fields
from datetime import date
from pathlib import Path  # noqa: TC003
from typing import Any, Final

import msgspec
import orjson

from rdfexport.errors import DiskError, UnreadableError
from rdfexport.model import ReferenceTable
from rdfexport.printing import named
from rdfexport.release.checksums import is_safe_path, sha256
from rdfexport.untrusted.encoding import without_mark
from rdfexport.untrusted.typed_json import Count, decode
from rdfexport.write import OutputFile

FACTS: Final = "release.json"
FOLDER: Final = "pfocr"
CURRENT: Final = "current"
_VERSION: Final = re.compile(r"[0-9]{8}")


class ReleaseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a release.

    Args:
        path: Relative to the release's folder, with ``/``.
        kind: ``core``, ``linkset``, ``wp`` (zipped Turtle), ``ntriples``, ``nquads``, ``jsonld``,
            ``gmt``, ``chemical-gmt`` or ``mentions`` (Parquet); of changes since an earlier
            release, ``changes`` (TSV), ``changes-rdf`` (Turtle), ``patch`` (RDF Patch) or
            ``update`` (zipped SPARQL Update).
        title: For people.
        media_type: IANA media type of the content.
        package: IANA media type of the package (``application/zip``, ``application/gzip``); None
            if the content is not packed.
        size: In bytes.
        sha256: Checksum, hexadecimal.
        counts: Of its content: ``triples``, ``figures``, ``sets``, ``rows``; of a patch,
            ``deleted`` and ``inserted`` triples; of changes, figures ``added``, ``removed``,
            ``changed``, and those of which only the ``provenance`` did.
        organism: Of its gene sets, if that is one.
    """

    path: str
    kind: str
    title: str
    media_type: str
    package: str | None
    size: Count
    sha256: str
    counts: Mapping[str, Count] = {}
    organism: str | None = None


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A release.

    Args:
        folder: Where its files are; its name is the version.
        version: Its date as ``YYYYMMDD``.
        base_url: Where releases are published, ending in ``/``: a file's address is
            ``{base_url}pfocr/{version}/{path}``.
        figures: Number of figures.
        rejected: Number of records that were left out.
        files: Its files, in the order of their paths.
        tool_version: Of rdfexport.
        tables: The reference tables used.
        source: Where the records come from: an IRI (a commit, if there is one) or a text.
        previous: The version of the release before, if it is known: the one that it was compared
            with, if it was.
        sparql_endpoint: Address of a SPARQL endpoint that has the release, if any.
        sets: Options of the gene sets: ``rule``, ``min_genes``, ``min_chemicals``.
    """

    folder: Path
    version: str
    base_url: str
    figures: Count
    rejected: Count
    files: tuple[ReleaseFile, ...]
    tool_version: str
    tables: tuple[ReferenceTable, ...] = ()
    source: str | None = None
    previous: str | None = None
    sparql_endpoint: str | None = None
    sets: Mapping[str, str | int] = {}

    @property
    def issued(self) -> str:
        """The version as a date, ``YYYY-MM-DD``."""
        return f"{self.version[:4]}-{self.version[4:6]}-{self.version[6:]}"

    @property
    def url(self) -> str:
        """The address of the release's folder."""
        return f"{self.base_url}{FOLDER}/{self.version}/"

    @property
    def nquads(self) -> str:
        """Path of the file that holds everything."""
        return next(file.path for file in self.files if file.kind == "nquads")

    def save(self) -> None:
        """Write ``release.json``."""
        facts = msgspec.structs.asdict(self)
        del facts["folder"]
        facts["files"] = [msgspec.structs.asdict(file) for file in self.files]
        facts["tables"] = [table._asdict() for table in self.tables]
        with OutputFile(self.folder / FACTS) as file:
            file.write(orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode() + "\n")


_Table = msgspec.defstruct(
    "_Table", [(name, str) for name in ReferenceTable._fields], forbid_unknown_fields=True
)


def _stored_field(info: msgspec.structs.FieldInfo) -> tuple[str, Any, Any]:
    kind = tuple[_Table, ...] if info.name == "tables" else info.type  # type: ignore[valid-type]
    default: dict[str, Any] = {"default": info.default, "default_factory": info.default_factory}
    return info.name, kind, msgspec.field(**default)


# The fields of a release as ``release.json`` has them: a table is an object there, and no folder.
_Stored = msgspec.defstruct(
    "_Stored",
    [_stored_field(info) for info in msgspec.structs.fields(Release) if info.name != "folder"],
    forbid_unknown_fields=True,
)


def undated(path: str, version: str) -> str:
    """The path that a file of a release has in ``current``."""
    return path.replace(f"{FOLDER}-{version}-", f"{FOLDER}-")


def describe_file(  # noqa: PLR0913, PLR0917 - what a file is
    folder: Path,
    path: Path,
    kind: str,
    title: str,
    media_type: str,
    package: str | None,
    counts: Mapping[str, int],
    organism: str | None = None,
) -> ReleaseFile:
    """Describe a file in a release's folder, with its size and checksum."""
    return ReleaseFile(
        path.relative_to(folder).as_posix(),
        kind,
        title,
        media_type,
        package,
        path.stat().st_size,
        sha256(path),
        counts,
        organism,
    )


def newest_release(folder: Path) -> Path | None:
    """The newest release in a folder of releases, or in the site that this folder is a part of."""
    found = (*folder.glob(f"*/{FACTS}"), *folder.glob(f"{FOLDER}/*/{FACTS}"))
    dated = [path.parent for path in found if _VERSION.fullmatch(path.parent.name)]
    return max(dated, key=lambda path: path.name, default=None)


def release_remedy(folder: Path) -> str:
    """The remedy for a folder that is not that of a release."""
    newest = newest_release(folder)
    such_as = "" if newest is None else f", such as {named(str(newest))}"
    return f"name the folder of a release{such_as}"


def open_release(folder: Path) -> Release:
    """Read ``release.json``, which anybody may have written.

    Raises:
        DiskError: It cannot be read.
        UnreadableError: A field is missing, unknown or of another type, or a file is not in the
            folder of the release.
    """
    path = folder / FACTS
    try:
        facts = msgspec.structs.asdict(decode(without_mark(path.read_bytes()), _Stored))
        tables = tuple(ReferenceTable(*msgspec.structs.astuple(t)) for t in facts.pop("tables"))
        release = Release(folder=folder, tables=tables, **facts)
    except OSError as error:
        raise DiskError(
            f"{named(str(path))}: not a release ({error.strerror}): {release_remedy(folder)}"
        ) from error
    except ValueError as error:
        raise UnreadableError(f"{path}: not what rdfexport release wrote ({error})") from error
    if not _is_date(release.version):
        raise UnreadableError(
            f"{path}: not what rdfexport release wrote: the version {release.version!r} is not a"
            " date such as 20261110"
        )
    for file in release.files:
        if not is_safe_path(file.path):
            raise UnreadableError(
                f"{path}: not what rdfexport release wrote: it names the file {file.path!r},"
                " which is not in its folder"
            )
    return release


def _is_date(version: str) -> bool:
    try:
        date.fromisoformat(version)
    except ValueError:
        return False
    return _VERSION.fullmatch(version) is not None
