"""``zenodo:``: a release as a deposit of Zenodo, or of another server with its deposit API.

The contract is that of https://developers.zenodo.org: a deposit is made as a draft with its
metadata, files go to its bucket by PUT, a published deposit is followed by a new version (only one
draft of which there can be, so asking twice gives the same). Deposits are found again by the
receipt and by their related identifiers, of which the first is the release's own address.
"""

from __future__ import annotations

import hashlib
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec
import orjson

from rdfexport.errors import RemoteError, SubmitError, UnreadableError, UsageError
from rdfexport.net import auth
from rdfexport.net.causes import PassingError
from rdfexport.release.describe.wording import KEYWORDS, PUBLISHER_NAME, release_about
from rdfexport.release.model import FACTS, FOLDER
from rdfexport.submit.client import JSON, SUBMITTING, Client, decode_answer
from rdfexport.submit.receipt import Receipt
from rdfexport.submit.zenodo_drafts import Deposit, Drafts
from rdfexport.untrusted.typed_json import convert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdfexport.release.model import Release
    from rdfexport.submit.target import Options

ZENODO: Final = "https://zenodo.org"
COMMUNITY: Final = "wikipathways"
_PAGE: Final = 100
_MAX_PAGES: Final = 50
_MAX_FILES: Final = 100
_BLOCK: Final = 1 << 20
_THIS_RELEASE: Final = "isIdenticalTo"
_ALL_RELEASES: Final = "isPartOf"


class Zenodo:
    """Zenodo, or another server with its deposit API.

    Args:
        url: Its address; empty for Zenodo itself.
        options: Whether to publish.

    Raises:
        UsageError: It is no address.
    """

    def __init__(self, url: str, options: Options) -> None:
        self._http = Client(
            url or ZENODO, lambda: auth.token(self._http.url, prompt=options.prompt)
        )
        self._publish = options.publish
        self._api = f"{self._http.url}/api/deposit/depositions"
        self._drafts = Drafts(self._http, self._api, self._get)
        self._receipt = Receipt(f"zenodo:{self._http.url}")

    def plan(self, release: Release) -> Iterator[str]:
        yield f"POST {self._api}\n\n{_pretty(_metadata(release))}"
        for name, path in _files(release).items():
            url = f"{self._http.url}/api/files/BUCKET/{quote(name)}"
            yield f"PUT {url} ({path.stat().st_size:,} bytes)"
        if self._publish:
            yield f"POST {self._api}/ID/actions/publish"

    def submit(self, release: Release) -> Iterator[str]:
        files = _files(release)
        checksums = _local_checksums(release, files)
        deposit, steps = self._ensure(release)
        yield from steps
        if deposit.submitted:
            self._check_published(deposit, checksums)
            return
        if not _has_metadata(deposit, release):
            answer = self._drafts.describe(deposit, _metadata(release))
            deposit = decode_answer(answer, self._place(deposit), Deposit)
            yield f"described {self._page(deposit)}"
        yield from self._upload(deposit, files, checksums)
        if self._publish:
            self._publish_deposit(deposit)
            yield f"published {self._page(deposit)}"
        elif steps:
            yield f"a draft to review: {self._page(deposit)} (--publish publishes it)"

    # --- the deposit -----------------------------------------------------------------------------

    def _ensure(self, release: Release) -> tuple[Deposit, list[str]]:
        """The deposit of the release: found, a new version of an earlier release, or a new one."""
        done: list[str] = []

        def find_or_make() -> Deposit:
            found = self._find(release)
            if found is None:
                # Sent with its metadata, by which it is found should the answer be lost.
                answer = self._http.once(
                    "POST", self._api, body=_metadata(release), headers=_JSON_HEADERS
                )
                found = decode_answer(answer, self._api, Deposit)
                done.append(f"made {self._page(found)}")
            return found

        deposit = self._http.retried(find_or_make)
        self._receipt.put(release.url, str(deposit.id))
        return deposit, done

    def _find(self, release: Release) -> Deposit | None:
        noted = self._receipt.get(release.url)
        if noted is not None and noted.isdecimal():
            found = self._get(noted)
            if found is not None and release.url in found.related(_THIS_RELEASE):
                return found
        same: list[Deposit] = []
        earlier: list[Deposit] = []
        home = f"{release.base_url}{FOLDER}/"
        for one in self._all():
            if release.url in one.related(_THIS_RELEASE):
                same.append(one)
            elif home in one.related(_ALL_RELEASES) and one.submitted:
                earlier.append(one)
        if same:
            # The draft of a later version has the metadata of this one until it gets its own.
            same.sort(key=lambda one: (not one.submitted, one.id))
            return self._get(str(same[0].id)) or same[0]
        if not earlier:
            return None
        return self._drafts.new_version(max(earlier, key=lambda one: one.id))

    def _all(self) -> Iterator[Deposit]:
        for page in range(1, _MAX_PAGES + 1):
            url = f"{self._api}?size={_PAGE}&page={page}&sort=mostrecent&all_versions=true"
            answer = self._http.send("GET", url, headers={"Accept": JSON})
            found = decode_answer(answer, self._api, list[Any])
            yield from filter(None, map(_as_deposit, found))
            if len(found) < _PAGE:
                return
        raise RemoteError(f"{self._api}: there are more than {_PAGE * _MAX_PAGES:,} deposits")

    def _get(self, number: str) -> Deposit | None:
        url = f"{self._api}/{number}"
        answer = self._http.send("GET", url, headers={"Accept": JSON}, expected=(404, 410))
        return None if answer.status >= 400 else decode_answer(answer, url, Deposit)

    def _publish_deposit(self, deposit: Deposit) -> None:
        place = self._place(deposit)

        def publish() -> None:
            problem: RemoteError | None = None
            try:
                self._http.once("POST", f"{place}/actions/publish", headers={"Accept": JSON})
            except RemoteError as error:
                problem = error  # it may have been published, and the answer lost
            now = self._get(str(deposit.id))
            if now is None or not now.submitted:
                raise problem or PassingError(
                    place, "the deposit is not published", SUBMITTING.remedy
                )

        self._http.retried(publish)

    # --- its files -------------------------------------------------------------------------------

    def _upload(
        self, deposit: Deposit, files: dict[str, Path], checksums: dict[str, str]
    ) -> Iterator[str]:
        """Make the files of the deposit exactly those of the release."""
        bucket = self._drafts.bucket(deposit, files)
        # Opening a bucket, or describing the draft, may have changed its files.
        there = (self._get(str(deposit.id)) or deposit).checksums()
        for name in sorted(set(there) - set(files)):
            self._http.send("DELETE", f"{bucket}/{quote(name, safe='')}", expected=(404,))
            yield f"removed {name}, which is of an earlier version"
        for name, path in files.items():
            if there.get(name) == checksums[name]:
                continue
            url = f"{bucket}/{quote(name, safe='')}"
            self._http.retried(partial(self._put, url, path, checksums[name]))
            yield f"uploaded {name} ({path.stat().st_size:,} bytes)"

    def _put(self, url: str, path: Path, checksum: str) -> None:
        with path.open("rb") as file:
            answer = self._http.once(
                "PUT", url, body=file, headers={"Content-Type": "application/octet-stream"}
            )
        if decode_answer(answer, url, _Uploaded).checksum.removeprefix("md5:") != checksum:
            raise PassingError(url, "the file arrived with another checksum", SUBMITTING.remedy)

    def _check_published(self, deposit: Deposit, checksums: dict[str, str]) -> None:
        there = deposit.checksums()
        if there != checksums:
            names = sorted({name for name, _ in there.items() ^ checksums.items()})
            raise SubmitError(
                f"{self._page(deposit)}: is published with other files than this release's"
                f" ({', '.join(names[:5])}): a published deposit cannot change; give the release"
                " another version"
            )

    # --- requests --------------------------------------------------------------------------------

    def _place(self, deposit: Deposit) -> str:
        return f"{self._api}/{deposit.id}"

    def _page(self, deposit: Deposit) -> str:
        return f"{self._http.url}/deposit/{deposit.id}"


_JSON_HEADERS: Final = {"Content-Type": JSON, "Accept": JSON}


class _Uploaded(msgspec.Struct):
    checksum: str = ""


def _as_deposit(found: Any) -> Deposit | None:
    """A deposit of the account; None for one that is not like those made here."""
    try:
        return convert(found, Deposit)
    except ValueError:
        return None


def _metadata(release: Release) -> bytes:
    """The metadata of a deposit (https://developers.zenodo.org/#representation)."""
    about = escape(release_about(release))
    made = f"Made by rdfexport {escape(release.tool_version)}."
    metadata = {
        "title": f"PFOCR {release.version}",
        "upload_type": "dataset",
        "publication_date": release.issued,
        "description": f"<p>{about}</p><p>{made}</p>",
        "creators": [{"name": PUBLISHER_NAME}],
        "access_right": "open",
        "license": "cc-zero",
        "communities": [{"identifier": COMMUNITY}],
        "keywords": list(KEYWORDS),
        "version": release.version,
        "related_identifiers": [
            _relation(_THIS_RELEASE, release.url),
            _relation(_ALL_RELEASES, f"{release.base_url}{FOLDER}/"),
        ],
    }
    return orjson.dumps({"metadata": metadata})


def _relation(relation: str, url: str) -> dict[str, str]:
    return {"identifier": url, "relation": relation, "resource_type": "dataset"}


def _has_metadata(deposit: Deposit, release: Release) -> bool:
    wanted = orjson.loads(_metadata(release))["metadata"]
    # A server adds to the items of lists, and names licences in its own way.
    plain = ("title", "upload_type", "publication_date", "description", "version", "keywords")
    return release.url in deposit.related(_THIS_RELEASE) and all(
        deposit.metadata.get(name) == wanted[name] for name in plain
    )


def _files(release: Release) -> dict[str, Path]:
    """The files of a release by the names they have in a deposit, which knows no folders.

    Raises:
        UsageError: Two would have the same name, or there are too many.
        UnreadableError: It is not a whole release.
    """
    found: dict[str, Path] = {}
    for path in sorted(release.folder.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        if path.name in found:
            raise UsageError(f"{path}: a deposit has no folders, and {found[path.name]} is in it")
        found[path.name] = path
    if len(found) > _MAX_FILES:
        raise UsageError(
            f"{release.folder}: has {len(found)} files; a deposit, {_MAX_FILES} at most"
        )
    if FACTS not in found:
        raise UnreadableError(f"{release.folder}: is not a whole release")
    return found


def _local_checksums(release: Release, files: dict[str, Path]) -> dict[str, str]:
    """Files of a release by name → their MD5.

    Raises:
        UnreadableError: One is not what the release says.
    """
    known = {release.folder / file.path: file.sha256 for file in release.files}
    found = {}
    for name, path in files.items():
        md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
        with path.open("rb") as file:
            while part := file.read(_BLOCK):
                md5.update(part)
                sha256.update(part)
        if known.get(path, sha256.hexdigest()) != sha256.hexdigest():
            raise UnreadableError(f"{path}: is not what {FACTS} says: make the release again")
        found[name] = md5.hexdigest()
    return found


def _pretty(body: bytes) -> str:
    return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
