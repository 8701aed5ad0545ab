"""``fdp-index:URL``: tells an index of FAIR Data Points of ours, and waits until it has read it.

The contract is that of the reference (``IndexPingController``, ``EventService``,
``MetadataRetrievalUtils``): a ping is only acknowledged (204). The index reads the address later,
at most every 10 minutes, and then knows its entry as ACTIVE, INVALID or UNREACHABLE. Entries that
an administrator has to permit first are not shown.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import orjson

from rdfexport.errors import NotFoundError, SubmitError, TransientError
from rdfexport.submit.client import JSON, Client, json_of
from rdfexport.submit.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.net.policy import Answer
    from rdfexport.release.model import Release
    from rdfexport.submit.target import Options

POLL_SECONDS = 2.0
"""Between two looks at the entry."""

_BAD: Final = {
    "INVALID": "has read it and finds no FAIR Data Point in it",
    "UNREACHABLE": "cannot reach it: is it published there?",
}


class FdpIndex:
    """An index of FAIR Data Points.

    Args:
        url: Its address.
        options: Which FAIR Data Point to tell it of, and how long to wait.

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
        if before.get("state") == "ACTIVE" and (
            _version(before) == release.version or self._receipt.get(client_url) == release.version
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
        # Pings are counted by the index, so a refusal for too many is only tried again if it says
        # when.
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
            raise TransientError(f"{self._url}: {_too_many(answer)}")

    def _wait(self, client_url: str, version: str, before: dict[str, Any]) -> None:
        deadline = time.monotonic() + self._options.wait
        while True:
            entry = self._entry(client_url)
            state, is_late = entry.get("state"), time.monotonic() >= deadline
            if state == "ACTIVE" and (
                _version(entry) == version or _last_read(entry) != _last_read(before)
            ):
                return
            # Only of a state that is new it is certain that this reading led to it.
            if state in _BAD and (is_late or state != before.get("state")):
                raise SubmitError(f"{self._url}: {client_url} is {state}: the index {_BAD[state]}")
            if is_late:
                raise TransientError(f"{self._url}: {_late(client_url, entry, self._options.wait)}")
            time.sleep(min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))

    def _entry(self, client_url: str) -> dict[str, Any]:
        """What the index knows of an address; nothing if it does not show it."""
        url = f"{self._url}/index/entries/all"
        found = json_of(self._http.send("GET", url, headers={"Accept": JSON}), url)
        if not isinstance(found, list):
            raise NotFoundError(f"{url}: no index of FAIR Data Points is there")
        for entry in found:
            if isinstance(entry, dict) and entry.get("clientUrl") == client_url:
                return self._detail(entry)
        return {}

    def _detail(self, entry: dict[str, Any]) -> dict[str, Any]:
        name = entry.get("uuid")
        if not isinstance(name, str):
            return entry
        url = f"{self._url}/index/entries/{quote(name, safe='')}"
        answer = self._http.send("GET", url, headers={"Accept": JSON}, expected=range(400, 600))
        found = json_of(answer, url) if answer.status < 400 else None
        return {**entry, **found} if isinstance(found, dict) else entry


def _version(entry: dict[str, Any]) -> str | None:
    """The version of the FAIR Data Point that the index read last."""
    found = entry.get("currentMetadata")
    found = found.get("metadata") if isinstance(found, dict) else None
    version = found.get("version") if isinstance(found, dict) else None
    return version if isinstance(version, str) else None


def _last_read(entry: dict[str, Any]) -> str | None:
    found = entry.get("lastRetrievalTime")
    return found if isinstance(found, str) else None


def _too_many(answer: Answer) -> str:
    return f"has had too many pings from here (429 {answer.text}): try again in some hours"


def _late(client_url: str, entry: dict[str, Any], seconds: float) -> str:
    if not entry:
        return (
            f"accepted the ping, but does not show {client_url} after {seconds:g} seconds: its"
            " administrators may have to permit it first; the same command looks again"
        )
    return (
        f"accepted the ping, but has not read {client_url} again after {seconds:g} seconds: it"
        " reads an address at most every 10 minutes; the same command looks again (--wait waits"
        " longer)"
    )
