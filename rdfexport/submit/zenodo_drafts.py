"""Deposits of Zenodo, and drafts that are not as https://developers.zenodo.org describes them.

A draft may have no bucket until a file was sent to it by the older API
(https://github.com/zenodo/zenodo/issues/2286). Asking for a new version, or describing one, may be
refused with "Please remove all files first": then the draft that there is already is used, or one
is made by the API of InvenioRDM, or the draft's files are removed before it is described.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from uuid import uuid4

import msgspec

from rdfexport.errors import RemoteError
from rdfexport.submit.client import JSON, decode_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rdfexport.net.policy import Answer
    from rdfexport.submit.client import Client


class Links(msgspec.Struct):
    """Addresses that a deposit names."""

    bucket: str | None = None
    latest_draft: str | None = None


class DepositFile(msgspec.Struct):
    """A file of a deposit."""

    id: str | int = ""
    filename: str = ""
    checksum: str | None = None


class Deposit(msgspec.Struct):
    """A deposit (https://developers.zenodo.org/#representation), as far as it is used here."""

    id: int
    submitted: bool = False
    metadata: dict[str, Any] = {}
    links: Links = msgspec.field(default_factory=Links)
    files: list[DepositFile] = []

    def related(self, relation: str) -> set[str]:
        """Identifiers that the deposit relates to in this way."""
        found = self.metadata.get("related_identifiers")
        return {
            str(one.get("identifier"))
            for one in (found if isinstance(found, list) else [])
            if isinstance(one, dict) and one.get("relation") == relation
        }

    def checksums(self) -> dict[str, str]:
        """Names of files → MD5."""
        return {one.filename: (one.checksum or "").removeprefix("md5:") for one in self.files}


class _Record(msgspec.Struct):
    """A record of InvenioRDM's API."""

    id: str | int


_BAD_REQUEST: Final = 400
_HAS_FILES: Final = b"remove all files first"


class Drafts:
    """The drafts of an account.

    Args:
        http: Sends the requests.
        api: The address of all deposits.
        get: Returns the deposit of a number, if there is one.
    """

    def __init__(self, http: Client, api: str, get: Callable[[str], Deposit | None]) -> None:
        self._http = http
        self._api = api
        self._get = get

    def bucket(self, deposit: Deposit, files: Mapping[str, Path]) -> str:
        """The address that a draft's files are put to.

        Args:
            deposit: The draft.
            files: Those that it will have; the smallest may be sent to open the bucket.

        Raises:
            RemoteError: There is none.
        """
        number = str(deposit.id)
        found = deposit.links.bucket or self._bucket(number)
        if found is not None:
            return found
        name = min(files, key=lambda name: (files[name].stat().st_size, name))
        body, media_type = _form(name, files[name].read_bytes())

        def open_bucket() -> str | None:
            there = self._bucket(number)
            if there is None:
                url = f"{self._api}/{number}/files"
                headers = {"Content-Type": media_type, "Accept": JSON}
                # 400: it has a file of that name, from an earlier attempt.
                self._http.once("POST", url, body=body, headers=headers, expected=(_BAD_REQUEST,))
                there = self._bucket(number)
            return there

        found = self._http.retried(open_bucket)
        if found is None:
            raise RemoteError(
                f"{self._api}/{number}: names no bucket for files: open the draft in a browser and"
                " save it, or delete it there, and submit again"
            )
        return found

    def new_version(self, earlier: Deposit) -> Deposit:
        """The draft of the version that follows a published one.

        Raises:
            RemoteError: There is none, and none can be made.
        """
        number = str(earlier.id)
        url = f"{self._api}/{number}/actions/newversion"
        answer = self._http.send("POST", url, headers={"Accept": JSON}, expected=(_BAD_REQUEST,))
        if answer.status != _BAD_REQUEST:
            draft = self._draft(_latest(decode_answer(answer, self._api, Deposit)))
            if draft is None:
                raise RemoteError(f"{self._api}: names no draft of the new version")
            return draft
        draft = self._draft(_latest(self._get(number)))
        if draft is not None:
            return draft
        if not _says_has_files(answer):
            raise RemoteError(f"{url}: refused ({answer.status} {answer.text})")
        records = f"{self._http.url}/api/records/{quote(number)}/versions"
        answer = self._http.send("POST", records, headers={"Accept": JSON})
        draft = self._draft(str(decode_answer(answer, records, _Record).id))
        if draft is None:
            raise RemoteError(f"{records}: names no draft of the new version")
        return draft

    def describe(self, deposit: Deposit, metadata: bytes) -> Answer:
        """Send the metadata of a draft; files that prevent that are deleted, to be sent again."""
        url = f"{self._api}/{deposit.id}"
        headers = {"Content-Type": JSON, "Accept": JSON}
        answer = self._http.send(
            "PUT", url, body=metadata, headers=headers, expected=(_BAD_REQUEST,)
        )
        if answer.status != _BAD_REQUEST:
            return answer
        if _says_has_files(answer):
            current = self._get(str(deposit.id))
            for file in [] if current is None else current.files:
                place = f"{url}/files/{quote(str(file.id), safe='')}"
                self._http.send("DELETE", place, expected=(404,))
        return self._http.send("PUT", url, body=metadata, headers=headers)

    def _draft(self, number: str | None) -> Deposit | None:
        """The deposit of this number, if it is a draft."""
        draft = self._get(number) if number is not None and number.isdecimal() else None
        return None if draft is None or draft.submitted else draft

    def _bucket(self, number: str) -> str | None:
        deposit = self._get(number)
        return None if deposit is None else deposit.links.bucket


def _latest(deposit: Deposit | None) -> str | None:
    """The number of the draft that a deposit names as its latest."""
    place = None if deposit is None else deposit.links.latest_draft
    return None if place is None else place.rstrip("/").rpartition("/")[2]


def _says_has_files(answer: Answer) -> bool:
    return _HAS_FILES in answer.body.lower()


def _form(name: str, data: bytes) -> tuple[bytes, str]:
    """A form with a file and its name (RFC 7578), and its media type; the name needs no escapes."""
    boundary = uuid4().hex
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\n{name}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = parts.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
