"""What a release is: its files, and what its descriptions say of it.

``release.json`` in a release's folder holds this, so that whatever describes, checks, shows or
submits a release reads the same facts.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import orjson

from rdfexport.encoding import without_mark
from rdfexport.errors import DiskError, UnreadableError
from rdfexport.model import ReferenceTable
from rdfexport.printing import named
from rdfexport.release.checksums import sha256
from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FACTS: Final = "release.json"
FOLDER: Final = "pfocr"
CURRENT: Final = "current"
_VERSION: Final = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file of a release.

    Args:
        path: Relative to the release's folder, with ``/``.
        kind: ``core``, ``linkset``, ``wp`` (zipped Turtle), ``ntriples``, ``nquads``, ``jsonld``,
            ``gmt``, ``chemical-gmt`` or ``mentions`` (Parquet); of what changed since an earlier
            release, ``changes`` (TSV), ``changes-rdf`` (Turtle), ``patch`` (RDF Patch) or
            ``update`` (zipped SPARQL Update).
        title: What it is, for people.
        media_type: IANA media type of what is in it.
        package: IANA media type of what that is packed in (``application/zip``,
            ``application/gzip``); None where it is not packed.
        size: In bytes.
        sha256: Checksum, hexadecimal.
        counts: What is in it: ``triples``, ``figures``, ``sets``, ``rows``; of a patch,
            ``deleted`` and ``inserted`` triples; of changes, figures ``added``, ``removed``,
            ``changed``, and those of which only the ``provenance`` did.
        organism: Of the gene sets, if it has those of one.
    """

    path: str
    kind: str
    title: str
    media_type: str
    package: str | None
    size: int
    sha256: str
    counts: Mapping[str, int] = field(default_factory=dict)
    organism: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A release, and what is said of it.

    Args:
        folder: Where its files are; its name is the version.
        version: Its date as ``YYYYMMDD``.
        base_url: Where releases are published, ending in ``/``: a file's address is
            ``{base_url}pfocr/{version}/{path}``.
        figures: How many figures it has.
        rejected: How many records were left out.
        files: Its files, in the order of their paths.
        tool_version: Of rdfexport.
        tables: The reference tables used.
        source: Where the records come from: an IRI (a commit, if there is one) or a text.
        previous: The version of the release before, if it is known: the one that it was compared
            with, if it was.
        sparql_endpoint: Where the release can be queried, if anywhere.
        sets: Which gene sets there are: ``rule``, ``min_genes``, ``min_chemicals``.
    """

    folder: Path
    version: str
    base_url: str
    figures: int
    rejected: int
    files: tuple[ReleaseFile, ...]
    tool_version: str
    tables: tuple[ReferenceTable, ...] = ()
    source: str | None = None
    previous: str | None = None
    sparql_endpoint: str | None = None
    sets: Mapping[str, str | int] = field(default_factory=dict)

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
        facts = asdict(self)
        del facts["folder"]
        facts["tables"] = [table._asdict() for table in self.tables]
        with OutputFile(self.folder / FACTS) as file:
            file.write(orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode() + "\n")


def undated(path: str, version: str) -> str:
    """The path that a file of a release has in ``current``."""
    return path.replace(f"{FOLDER}-{version}-", f"{FOLDER}-")


def described(  # noqa: PLR0913, PLR0917 - what a file is
    folder: Path,
    path: Path,
    kind: str,
    title: str,
    media_type: str,
    package: str | None,
    counts: Mapping[str, int],
    organism: str | None = None,
) -> ReleaseFile:
    """What a file in a release's folder is, with its size and checksum."""
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
    """What to do about a folder that is not that of a release."""
    newest = newest_release(folder)
    such_as = "" if newest is None else f", such as {named(str(newest))}"
    return f"name the folder of a release{such_as}"


def open_release(folder: Path) -> Release:
    """Read what a release's folder says of itself.

    Raises:
        DiskError: It cannot be read.
        UnreadableError: It is not a release, or not a whole one.
    """
    path = folder / FACTS
    try:
        facts: dict[str, Any] = orjson.loads(without_mark(path.read_bytes()))
        files = tuple(ReleaseFile(**one) for one in facts.pop("files"))
        tables = tuple(ReferenceTable(**one) for one in facts.pop("tables"))
        release = Release(folder=folder, files=files, tables=tables, **facts)
        _check(release)
    except OSError as error:
        raise DiskError(
            f"{named(str(path))}: not a release ({error.strerror}): {release_remedy(folder)}"
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableError(f"{path}: not what rdfexport release wrote ({error})") from error
    for file in files:
        parts = PurePosixPath(file.path).parts
        if not parts or ".." in parts or file.path.startswith("/") or "\0" in file.path:
            raise UnreadableError(
                f"{path}: not what rdfexport release wrote: it names the file {file.path!r},"
                " which is not in its folder"
            )
    return release


def _check(release: Release) -> None:
    texts: list[object] = [release.version, release.base_url, release.tool_version]
    numbers: list[object] = [release.figures, release.rejected]
    texts += [text for table in release.tables for text in table]
    perhaps: list[object] = [release.source, release.previous, release.sparql_endpoint]
    for file in release.files:
        texts += [file.path, file.kind, file.title, file.media_type, file.sha256]
        perhaps += [file.package, file.organism]
        numbers += [file.size, *file.counts.values()]
    texts += [one for one in perhaps if one is not None]
    if not all(isinstance(one, str) for one in texts):
        raise TypeError("text expected, found something else")
    if not all(isinstance(one, int) for one in numbers):
        raise TypeError("a number expected, found something else")
