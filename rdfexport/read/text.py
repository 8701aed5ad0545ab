"""The bytes of a record or a table → its text, or what the file is instead."""

from __future__ import annotations

import codecs
import re
from typing import Final

from rdfexport.diagnostics import Location
from rdfexport.errors import RecordError
from rdfexport.limits import MAX_RECORD_BYTES
from rdfexport.untrusted.encoding import without_mark

# A file of Git LFS or git-annex that was checked out without its content
# (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md,
# https://git-annex.branchable.com/internals/pointer_file/).
_POINTERS: Final = (
    (
        re.compile(rb"version https://(?:git-lfs\.github\.com|hawser\.github\.com)/spec/"),
        "a pointer of Git LFS, not the file itself",
        "fetch the files: git lfs pull",
    ),
    (
        re.compile(rb"/annex/objects/"),
        "a pointer of git-annex, not the file itself",
        "fetch the files: git annex get",
    ),
)
_WEB_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_BINARY: Final = (
    (b"PK\x03\x04", "a zip archive, or an Excel or Word file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF-", "a PDF file"),
)
_FEW_BYTES: Final = 10
# UTF-32's mark begins with that of UTF-16.
_ENCODINGS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def decoded(name: str, data: bytes) -> str:
    """The text of a file, without byte order mark, and with the line ends of Unix.

    Args:
        name: The file, as messages shall name it.
        data: Its bytes.

    Raises:
        RecordError: It is too large, empty, not text in UTF-8, or something else altogether.
    """
    if len(data) > MAX_RECORD_BYTES:
        raise RecordError(
            Location(name),
            f"larger than {MAX_RECORD_BYTES // 1024**2} MiB, which no record is",
            "remove it from the source",
        )
    if b"\0" in data and data.count(0) * 20 > len(data):  # a few can come in by accident
        raise _not_text(name, data)
    try:
        text = without_mark(data).decode()
    except UnicodeDecodeError as error:
        raise _not_text(name, data, error) from error
    if not text or text.isspace():
        raise RecordError(Location(name), "the file is empty", "restore or remove it")
    if "\r" in text:
        if "\n" not in text:
            raise RecordError(
                Location(name),
                "its lines end in a carriage return alone, as on old Macs",
                "save the file with the line ends of Unix (LF) or Windows (CR LF)",
            )
        text = text.replace("\r\n", "\n")
    return text


def not_as_expected(name: str, data: bytes) -> RecordError | None:
    """An error that names what a file is instead of a record or table, if that is known."""
    for pattern, problem, remedy in _POINTERS:
        if pattern.match(data):
            return RecordError(Location(name), problem, remedy)
    if is_web_page(data):
        return RecordError(
            Location(name),
            "a web page, not the file itself",
            "download the file, not the page that shows it (at GitHub: Raw)",
        )
    return None


def is_web_page(data: bytes) -> bool:
    """Whether some bytes are, or begin, a page of HTML."""
    return _WEB_PAGE.match(without_mark(data)) is not None


def _not_text(name: str, data: bytes, error: UnicodeDecodeError | None = None) -> RecordError:
    """The fault of a file that is not text in UTF-8."""
    for mark, encoding in _ENCODINGS:
        if data.startswith(mark) and _is_text_in(encoding, data):
            return RecordError(
                Location(name), f"text in {encoding}, not in UTF-8", "save the file as UTF-8"
            )
    for magic, what in _BINARY:
        if data.startswith(magic):
            return RecordError(Location(name), f"{what}, not text", "put the text file there")
    if error is None:
        even, odd = data[:400:2].count(0), data[1:400:2].count(0)
        is_utf16 = max(even, odd) > _FEW_BYTES and min(even, odd) < max(even, odd) / 4
        what = "text in UTF-16" if is_utf16 else "binary data"
        return RecordError(Location(name), f"{what}, not text in UTF-8", "save the file as UTF-8")
    return RecordError(
        Location(name, data.count(b"\n", 0, error.start) + 1),
        f"byte 0x{error.object[error.start]:02x} is not UTF-8",
        "save the file as UTF-8",
    )


def _is_text_in(encoding: str, data: bytes) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
