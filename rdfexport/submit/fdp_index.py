"""``fdp-index:URL``: announces our FAIR Data Point to an index, and waits until it was read.

The contract is that of the reference (``IndexPingController``, ``EventService``,
``MetadataRetrievalUtils``): a ping is only acknowledged (204). The index reads the address later,
at most every 10 minutes, and then knows its entry as ACTIVE, INVALID or UNREACHABLE. Entries that
an administrator has to permit first are not shown.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec
import orjson

from rdfexport.errors import NotFoundError, RemoteError, SubmitError, TransientError
from rdfexport.submit.client import JSON, Client, decode_answer
from rdfexport.submit.receipt import Receipt
from rdfexport.untrusted.typed_json import convert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.release.model import Release
    from rdfexport.submit.target import Options

POLL_SECONDS = 2.0
"""Time between two requests for the entry."""

_BAD: Final = {
    "INVALID": "has read it and finds no FAIR Data Point in it",
    "UNREACHABLE": "cannot reach it: is it published there?",
}


class _Description(msgspec.Struct):
    version: str | None = None


class _Retrieved(msgspec.Struct):
    metadata: _Description | None = None


class Entry(msgspec.Struct, rename="camel"):
    """An entry of an index, as far as it is used here."""

    state: str = ""
    last_retrieval_time: str | None = None
    current_metadata: _Retrieved | None = None

    @property
    def version(self) -> str | None:
        """The version of the FAIR Data Point that the index read last."""
        found = self.current_metadata and self.current_metadata.metadata
        return found.version if found else None


class FdpIndex:
    """An index of FAIR Data Points.

    Args:
        url: Its address.
        options: Which FAIR Data Point to announce, and how long to wait.

    Raises:
        UsageError: It is no address.
    """

    def __init__(self, url: str, options: Options) -> None:
        self._http = Client(url)
        self._url = self._http.url
        self._options = options
        self._receipt = Receipt(f"fdp-index:{self._url}")

    def plan(self, release: Release) -> Iterator[str]:
        yield f"POST {self._url}/\n\n{self._ping(release).decode()}"
        yield f"GET {self._url}/index/entries/all until {self._client_url(release)} is ACTIVE"

    def submit(self, release: Release) -> Iterator[str]:
        client_url = self._client_url(release)
        before = self._entry(client_url)
        if before.state == "ACTIVE" and (
            before.version == release.version or self._receipt.get(client_url) == release.version
        ):
            return
        self._send_ping(release)
        yield f"{self._url} was notified of {client_url}"
        self._wait(client_url, release.version, before)
        self._receipt.put(client_url, release.version)
        yield f"{self._url} has read {client_url}"

    def _client_url(self, release: Release) -> str:
        """The address that the index reads: of files, the first of them."""
        url = self._options.fdp(release)
        return f"{url}index.ttl" if url.endswith("/") else url

    def _ping(self, release: Release) -> bytes:
        return orjson.dumps({"clientUrl": self._client_url(release)})

    def _send_ping(self, release: Release) -> None:
        client_url = self._client_url(release)
        # The index counts pings, so a refusal for too many is retried only if it says when.
        answer = self._http.send(
            "POST",
            f"{self._url}/",
            body=self._ping(release),
            headers={"Content-Type": JSON, "Accept": JSON},
            expected=(400, 403, 429),
        )
        if answer.status == 400:
            raise SubmitError(
                f"{self._url}: does not take {client_url} as an address"
                f" (400 {answer.text}): give another with --fdp-url"
            )
        if answer.status == 403:
            raise SubmitError(
                f"{self._url}: its rules deny {client_url} (403 {answer.text}):"
                " ask its administrators, or give another with --fdp-url"
            )
        if answer.status == 429:
            raise TransientError(
                f"{self._url}: has had too many pings from here (429 {answer.text}):"
                " try again in some hours"
            )

    def _wait(self, client_url: str, version: str, before: Entry) -> None:
        deadline = time.monotonic() + self._options.wait
        while True:
            entry = self._entry(client_url)
            state, is_late = entry.state, time.monotonic() >= deadline
            if state == "ACTIVE" and (
                entry.version == version or entry.last_retrieval_time != before.last_retrieval_time
            ):
                return
            # Only a state that is new is certain to come from this reading.
            if state in _BAD and (is_late or state != before.state):
                raise SubmitError(f"{self._url}: {client_url} is {state}: the index {_BAD[state]}")
            if is_late:
                raise TransientError(f"{self._url}: {_late(client_url, entry, self._options.wait)}")
            time.sleep(min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))

    def _entry(self, client_url: str) -> Entry:
        """The entry of an address; an empty one if the index does not show it."""
        url = f"{self._url}/index/entries/all"
        found = decode_answer(self._http.send("GET", url, headers={"Accept": JSON}), url, Any)
        if not isinstance(found, list):
            raise NotFoundError(f"{url}: no index of FAIR Data Points is there")
        for entry in found:
            if isinstance(entry, dict) and entry.get("clientUrl") == client_url:
                return self._detailed(entry, url)
        return Entry()

    def _detailed(self, entry: dict[str, Any], url: str) -> Entry:
        """An entry of the list, with the details that the index has of it."""
        name = entry.get("uuid")
        if isinstance(name, str):
            place = f"{self._url}/index/entries/{quote(name, safe='')}"
            answer = self._http.send(
                "GET", place, headers={"Accept": JSON}, expected=range(400, 600)
            )
            if answer.status < 400:
                entry = entry | decode_answer(answer, place, dict[str, Any])
        try:
            return convert(entry, Entry)
        except ValueError as error:
            raise RemoteError(f"{url}: is not an index of FAIR Data Points ({error})") from error


def _late(client_url: str, entry: Entry, seconds: float) -> str:
    if not entry.state:
        return (
            f"accepted the ping, but does not show {client_url} after {seconds:g} seconds: its"
            " administrators may have to permit it first; the same command looks again"
        )
    return (
        f"accepted the ping, but has not read {client_url} again after {seconds:g} seconds: it"
        " reads an address at most every 10 minutes; the same command looks again (--wait waits"
        " longer)"
    )
