"""Signatures of releases, made and checked by OpenSSH (``ssh-keygen -Y``): who published this?

``SHA256SUMS`` is signed, which has the checksum of every other file; the signature is beside it,
``SHA256SUMS.sig``. Keys and lists of signers are those of OpenSSH (ssh-keygen(1), ALLOWED SIGNERS).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.errors import DiskError, MissingPackageError, UnreadableError, UsageError
from rdfexport.limits import MAX_LIST_BYTES, MAX_SIGNATURE_BYTES
from rdfexport.printing import named, printable
from rdfexport.release.checksums import SIGNATURE, SUMS, parse_sums, sha256
from rdfexport.release.model import release_remedy

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMESPACE: Final = "rdfexport-release"
"""The namespace of signatures: one of anything else is not a signature of a release."""

_SECONDS: Final = 60
_SIGNER: Final = re.compile(r'Good "rdfexport-release" signature for (.+) with (\S+) key (\S+)')


class NotSignedError(UnreadableError):
    """A release has no signature, or none by anybody on the list of signers."""


def need_ssh_keygen() -> str:
    """Find the program that signs.

    Raises:
        MissingPackageError: It is not installed.
    """
    program = shutil.which("ssh-keygen")
    if program is None:
        raise MissingPackageError(
            "signatures need ssh-keygen, which comes with OpenSSH (8.2 or newer): install it"
        )
    return program


def sign(folder: Path, key: Path) -> None:
    """Sign the checksums of a release.

    Args:
        folder: Of the release.
        key: A private key, or a public one whose private key ssh-agent has.

    Raises:
        UsageError: The key cannot be used.
        MissingPackageError: OpenSSH is not installed.
    """
    (folder / SIGNATURE).unlink(missing_ok=True)
    arguments = ["-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(folder / SUMS)]
    code, said = _run(arguments)
    if code or not (folder / SIGNATURE).is_file():
        raise UsageError(f"--sign {key}: cannot sign with it ({said})")


def check_key(key: Path) -> None:
    """Check that a key can sign, before there is a release to sign.

    Raises:
        UsageError: It cannot.
        MissingPackageError: OpenSSH is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="rdfexport-") as folder:
        (Path(folder) / SUMS).write_text("")
        sign(Path(folder), key)


def signer(sums: Path, signature: Path, signers: Path) -> str:
    """Who signed the checksums of a release.

    Args:
        sums: ``SHA256SUMS``.
        signature: ``SHA256SUMS.sig``.
        signers: Who may sign, as OpenSSH lists allowed signers.

    Returns:
        The name that the list gives, and the key.

    Raises:
        NotSignedError: There is no signature, or nobody of the list made it.
        UsageError: The list cannot be read.
        MissingPackageError: OpenSSH is not installed.
    """
    if not signers.is_file():
        raise UsageError(f"--signers {signers}: no file is there")
    if not signature.is_file():
        raise NotSignedError(
            f"{SIGNATURE}: not there: the release is not signed, and --signers asks for it"
        )
    if signature.stat().st_size > MAX_SIGNATURE_BYTES:
        raise NotSignedError(
            f"{SIGNATURE}: has more than {MAX_SIGNATURE_BYTES:,} bytes: get it again"
        )
    code, said = _run(["-Y", "find-principals", "-s", str(signature), "-f", str(signers)])
    if code:
        raise NotSignedError(
            f"{SIGNATURE}: not by anybody whom {signers} names ({said}): do not trust this release"
        )
    for name in said.splitlines():
        check = ["-Y", "verify", "-f", str(signers), "-I", name, "-n", NAMESPACE]
        code, said = _run([*check, "-s", str(signature)], sums)
        match = _SIGNER.search(said)
        if not code and match is not None:
            return printable(f"{match[1]} ({match[2]} {match[3]})")
    raise NotSignedError(
        f"{SIGNATURE}: is not a signature of this {SUMS} ({said}): do not trust this release"
    )


def check_signed(folder: Path, signers: Path) -> str:
    """Check that a release in a folder is signed, and that its files are those that were signed.

    Returns:
        Who signed it.

    Raises:
        NotSignedError: It is not signed by anybody of the list, or a file is not what was signed.
        DiskError: It cannot be read.
        UsageError, MissingPackageError: As ``signer``.
    """
    sums = folder / SUMS
    if not sums.is_file():
        raise DiskError(f"{named(str(sums))}: not there: {release_remedy(folder)}")
    name = signer(sums, folder / SIGNATURE, signers)
    if (problem := _difference(folder)) is not None:
        raise NotSignedError(f"{problem}, which {name} signed")
    return name


def check_unsigned(folder: Path) -> None:
    """Check that the files of a release in a folder are those that ``SHA256SUMS`` lists.

    Raises:
        UnreadableError: One is not, or is missing.
        DiskError: One cannot be read.
    """
    if (problem := _difference(folder)) is not None:
        raise UnreadableError(f"{problem}: get it again")


def _difference(folder: Path) -> str | None:
    """The first file that is not as ``SHA256SUMS`` lists it, and why.

    Raises:
        DiskError: A file cannot be read.
    """
    try:
        with (folder / SUMS).open("rb") as file:
            listed, findings = parse_sums(file.read(MAX_LIST_BYTES))
        if findings:
            return f"{folder}/{findings[0]}"
        for path, digest in listed.items():
            if not (folder / path).is_file():
                return f"{folder / path}: is not there, but {SUMS} lists it"
            if sha256(folder / path) != digest:
                return f"{folder / path}: is not the file of {SUMS}"
    except OSError as error:
        raise DiskError(f"{error.filename}: cannot be read ({error.strerror})") from error
    return None


def check_listed(sums: Path, path: str, file: Path) -> None:
    """Check that a file is the one that ``SHA256SUMS`` lists under a path.

    Raises:
        NotSignedError: It is not.
    """
    listed, _ = parse_sums(sums.read_bytes())
    if listed.get(path) != sha256(file):
        raise NotSignedError(f"{path}: is not the file that was signed: do not trust this release")


def _run(arguments: Sequence[str], given: Path | None = None) -> tuple[int, str]:
    """Exit status and messages of ``ssh-keygen``; ``given`` is its standard input."""
    command = [need_ssh_keygen(), *arguments]
    try:
        data = b"" if given is None else given.read_bytes()
        done = subprocess.run(  # noqa: S603 - no shell, and the arguments are ours
            command, input=data, capture_output=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return 1, "ssh-keygen does not answer; does the key want a passphrase? Add it to ssh-agent"
    except OSError as error:
        raise DiskError(f"{command[0]}: cannot be run ({error.strerror})") from error
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    return done.returncode, "\n".join(printable(line) for line in said.splitlines())
