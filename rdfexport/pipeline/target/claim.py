"""The claim on a folder at a URL: which export may write there, and who runs it.

Object stores have no locks, so the folder holds a small file that says who is writing. A claim that
is held is renewed every minute; one that was not renewed for ten minutes, or whose process on this
host is dead, is taken over. Of two exports that begin within the same moment the later one gets the
folder, and the other finds out before it writes its next file.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self
from uuid import uuid4

import orjson

from rdfexport.errors import BusyError, RemoteError
from rdfexport.locks import Holder

if TYPE_CHECKING:
    from types import TracebackType

    from rdfexport.remote import RemoteFolder

CLAIM: Final = ".rdfexport-export"
"""The file of the claim; its presence says that the folder is an export's."""

_RENEWED_EVERY: Final = 60.0
_EXPIRED_AFTER: Final = timedelta(minutes=10)


class Claim:
    """The claim of one export, which workers on any machine can check.

    Args:
        target: The folder.
        token: Tells this export from others.
    """

    def __init__(self, target: RemoteFolder, token: str) -> None:
        self._target = target
        self.token = token

    def check(self) -> None:
        """See that the folder is still this export's.

        Raises:
            BusyError: It is another's.
        """
        said = _parsed(self._target.read(CLAIM))
        if said.token != self.token:
            raise BusyError(f"{self._target.url}: another export has begun in this folder")


class HeldClaim(Claim):
    """A claim that is held and renewed for as long as the export runs.

    Args:
        target: The folder.

    Raises:
        BusyError: Another export is writing there; the message names its process.
    """

    def __init__(self, target: RemoteFolder) -> None:
        super().__init__(target, uuid4().hex)
        self._holder = Holder.this_process()
        self._has_ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Self:
        check_unclaimed(self._target.url, self._target.read(CLAIM))
        self._write(holder=asdict(self._holder))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._has_ended.set()
        self._thread.join()
        try:
            if self._is_ours():
                self._write(holder=None)
        except RemoteError:
            if kind is None:
                raise

    def _renew(self) -> None:
        while not self._has_ended.wait(_RENEWED_EVERY):
            with suppress(RemoteError):  # which the export itself finds out, if it lasts
                if self._is_ours():
                    self._write(holder=asdict(self._holder))

    def _is_ours(self) -> bool:
        return _parsed(self._target.read(CLAIM)).token == self.token

    def _write(self, holder: dict[str, Any] | None) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        said = {"token": self.token, "holder": holder, "renewed": now}
        self._target.write(CLAIM, orjson.dumps(said))


class _Said(NamedTuple):
    token: str | None = None
    holder: Holder | None = None
    renewed: datetime | None = None


def check_unclaimed(place: str, data: bytes | None) -> None:
    """See that no export is writing to a folder.

    Args:
        place: The folder, for the message.
        data: What its claim holds; None if there is none.

    Raises:
        BusyError: One is; the message names its process.
    """
    said = _parsed(data)
    if said.holder is None or said.renewed is None or said.holder.is_dead():
        return
    if datetime.now(UTC) - said.renewed < _EXPIRED_AFTER:
        raise BusyError(
            f"{place}: another export is writing there ({said.holder}): wait until it has ended"
        )


def _parsed(data: bytes | None) -> _Said:
    try:
        found = orjson.loads(data or b"null")
    except ValueError:
        return _Said()
    if not isinstance(found, dict):
        return _Said()
    try:
        renewed = datetime.fromisoformat(str(found.get("renewed")))
    except ValueError:
        renewed = None
    if renewed is not None and renewed.tzinfo is None:
        renewed = renewed.replace(tzinfo=UTC)
    token = found.get("token")
    return _Said(
        token if isinstance(token, str) else None, Holder.parse(found.get("holder")), renewed
    )
