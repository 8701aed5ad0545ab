"""The files of a release, compared with ``SHA256SUMS`` and ``release.json``."""

from __future__ import annotations

import os
import stat
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from rdfexport.errors import DiskError, UnreadableError
from rdfexport.limits import MAX_LIST_BYTES
from rdfexport.printing import printable
from rdfexport.release.checksums import GET_IT, SIGNATURE, SUMS, parse_sums
from rdfexport.release.describe.descriptions import DESCRIPTIONS
from rdfexport.release.model import CURRENT, FACTS, Release, open_release, undated
from rdfexport.release.signature import NotSignedError, signer
from rdfexport.release.tables import gene_sets
from rdfexport.release.verify.check import MAKE_AGAIN, Check
from rdfexport.untrusted.typed_json import convert

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_NAMED: Final = frozenset({FACTS, SUMS, SIGNATURE, *DESCRIPTIONS})

_REQUIRED: Final = ("core", "ntriples", "nquads", "jsonld", "mentions")
_OPTIONAL: Final = ("wp", "linkset", "changes", "changes-rdf", "patch", "update")
KINDS: Final = (
    *("core", "wp", "linkset", "ntriples", "nquads", "jsonld", "mentions"),
    *gene_sets.KINDS,
    *("changes", "changes-rdf", "patch", "update"),
)
"""Kinds of files, in the order of their checks."""


class Listed(NamedTuple):
    """A file of the folder: its SHA-256, and its size in bytes."""

    digest: str
    size: int


# --- checksums -------------------------------------------------------------------------------


def list_files(folder: Path, check: Check) -> list[str]:
    """Paths of the files of a folder; a link, or a file that is not a plain one, is a finding."""
    names = []
    for place, folders, files in os.walk(folder):
        for name in sorted((*folders, *files)):
            path = Path(place) / name
            mode = path.lstat().st_mode
            relative = path.relative_to(folder).as_posix()
            if stat.S_ISREG(mode):
                names.append(relative)
            elif not stat.S_ISDIR(mode):
                check.fault(
                    printable(relative), "is a link, or no plain file", "put the file there instead"
                )
    return sorted(names)


def _data(path: Path, check: Check) -> bytes | None:
    with path.open("rb") as file:
        data = file.read(MAX_LIST_BYTES + 1)
    if len(data) > MAX_LIST_BYTES:
        check.fault(path.name, f"is larger than {MAX_LIST_BYTES:,} bytes", GET_IT)
        return None
    return data


def check_sums(folder: Path, there: Mapping[str, Listed], check: Check) -> None:
    sums, findings = parse_sums(_data(folder / SUMS, check) or b"")
    check.findings += findings
    for name, digest in sums.items():
        if name == SUMS:
            check.fault(SUMS, "lists itself", GET_IT)
        elif name not in there:
            check.fault(name, f"is listed in {SUMS}, but missing", GET_IT)
        elif there[name].digest != digest:
            check.fault(name, f"is not the file whose checksum is in {SUMS}", GET_IT)
    for name in there.keys() - sums.keys() - {SUMS, SIGNATURE}:
        problem = f"is not listed in {SUMS}"
        check.fault(printable(name), problem, "remove it, or make the release again")
    check.findings.sort(key=lambda finding: (finding.location.file, finding.location.line or 0))
    size = sum(there[name].size for name in sums if name in there)
    check.counted = f"{len(sums):,} files, {size:,} bytes"


def check_signature(folder: Path, signers: Path | None) -> Check:
    """Check who signed the checksums; without a list of signers, only report whether anybody did.

    Raises:
        UsageError: The list cannot be read.
        MissingPackageError: OpenSSH is not installed.
    """
    signature = folder / SIGNATURE
    if signers is None:
        there = "signed; --signers checks by whom" if signature.is_file() else "none: not signed"
        return Check("signature", there, was_made=False)
    check = Check("signature")
    try:
        check.counted = f"by {signer(folder / SUMS, signature, signers)}"
    except NotSignedError as error:
        check.counted = "none that counts"
        place, _, problem = str(error).partition(": ")
        check.fault(place, problem, "get the release from its publisher")
    return check


# --- release.json ----------------------------------------------------------------------------


def read_facts(folder: Path, check: Check) -> Release | None:
    """``release.json``, its files under the names that they have in this folder."""
    if _data(folder / FACTS, check) is None:
        return None
    try:
        release = open_release(folder)
        sets_of(release)
    except (DiskError, UnreadableError, ValueError) as error:
        check.fault(FACTS, f"cannot be used ({printable(str(error))})", GET_IT)
        return None
    if folder.name != CURRENT:
        return release
    files = tuple(replace(f, path=undated(f.path, release.version)) for f in release.files)
    return replace(release, files=files)


def sets_of(release: Release) -> gene_sets.SetOptions:
    """The options of the gene sets of a release.

    Raises:
        ValueError: They are not what rdfexport writes.
    """
    return convert(dict(release.sets), gene_sets.SetOptions)


def check_facts(release: Release, there: Mapping[str, Listed], check: Check) -> None:
    if release.folder.name not in {release.version, CURRENT}:
        check.fault(
            FACTS,
            f"is of version {release.version}, in a folder named {printable(release.folder.name)}",
            "name the folder after its version",
        )
    _check_names(release, check)
    for file in release.files:
        listed = there.get(file.path)
        if listed is None:
            check.fault(file.path, f"is named in {FACTS}, but missing", GET_IT)
        elif listed.size != file.size:
            problem = f"has {listed.size:,} bytes, {file.size:,} in {FACTS}"
            check.fault(file.path, problem, GET_IT)
        elif listed.digest != file.sha256:
            check.fault(file.path, f"is not the file whose checksum is in {FACTS}", GET_IT)
    named = {file.path for file in release.files}
    for name in sorted(there.keys() - named - _NOT_NAMED):
        check.fault(printable(name), f"is not named in {FACTS}", "remove it")
    check.counted = f"version {release.version}, {len(release.files):,} files"


def _check_names(release: Release, check: Check) -> None:
    """Check that no path is listed twice, and how many files there are of each kind."""
    paths = Counter(file.path for file in release.files)
    for path, times in paths.items():
        if times > 1:
            check.fault(path, f"is listed {times} times in {FACTS}", MAKE_AGAIN)
    kinds = Counter(file.kind for file in release.files)
    for kind in sorted(kinds.keys() - set(KINDS)):
        problem = f"names a file of kind '{printable(kind)}', which this version does not know"
        check.fault(FACTS, problem, "verify it with the version that made it")
    for kind in (*_REQUIRED, *_OPTIONAL):
        if kinds[kind] > 1 or (kind in _REQUIRED and not kinds[kind]):
            check.fault(FACTS, f"names {kinds[kind]} files of kind {kind}, not one", MAKE_AGAIN)
