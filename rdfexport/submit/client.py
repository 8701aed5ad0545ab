"""Requests to a catalog, which may only name addresses of its own.

Credentials go to the address that the user named and nowhere else: redirects are not followed, and
an address that an answer names is only used if it is below that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, Unpack
from urllib.parse import unquote

import orjson

from rdfexport.errors import RemoteError, SubmitError
from rdfexport.net.policy import Policy
from rdfexport.net.session import Session, check
from rdfexport.submit.target import checked_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.net.policy import Answer
    from rdfexport.net.session import Content

T = TypeVar("T")

JSON: Final = "application/json"
SUBMITTING: Final = Policy(
    tries=5,
    # What may not arrive twice is sent by ``once``, within a call that first looks for it.
    methods=None,
    read_seconds=120,
    max_bytes=16 << 20,
    remedy="the same command continues where it stopped",
)


class Client:
    """Sends requests to one server.

    Args:
        url: What the user named.
        login: Gives a token. It is asked for one when a request needs it, and once more if the
            server does not know the token (any more); None where a server asks for none.

    Raises:
        UsageError: It is not a valid address, or holds a password.
    """

    def __init__(self, url: str, login: Callable[[], str] | None = None) -> None:
        self.url = checked_url(url)
        self._login = login
        self._token: str | None = None
        self._session = Session(SUBMITTING)

    def hide(self, secret: str) -> None:
        """Never repeat this text in a message, should the server say it."""
        self._session.hide(secret)

    def send(
        self, method: str, url: str, *, anonymous: bool = False, **content: Unpack[Content]
    ) -> Answer:
        """Send a request that may arrive twice without harm, and try it again where that may help.

        Args:
            method: Of the request.
            url: Below the server's.
            anonymous: Whether to send no token.
            content: The rest of the request; what is ``expected`` is an answer.

        Raises:
            RemoteError: The server is not there, does not know or allow the user, fails, refuses
                what was sent, or is elsewhere.
            SubmitError: The address is not the server's.
        """
        return self.retried(lambda: self.once(method, url, anonymous=anonymous, **content))

    def retried(self, call: Callable[[], T]) -> T:
        """Call until there is no ``PassingError``, a few times at most.

        Raises:
            TransientError: The last time there was one, too.
        """
        return self._session.retried("", self.url, call)

    def once(
        self, method: str, url: str, *, anonymous: bool = False, **content: Unpack[Content]
    ) -> Answer:
        """Send a request once.

        Raises:
            PassingError: There was no answer, or one that may be another the next time; nobody
                knows whether the server did what was asked.
            RemoteError, SubmitError: As ``send``.
        """
        if not is_below(url, self.url):
            raise SubmitError(f"{self.url}: the server names an address that is not its own: {url}")
        login = None if anonymous else self._login
        headers = {**content.get("headers", {})}
        content["headers"] = headers
        for renewed in (False, True):
            if login is not None:
                if self._token is None:
                    self._token = login()
                    self.hide(self._token)
                headers["Authorization"] = f"Bearer {self._token}"
            with self._session.attempt(method, url, **content) as stream:
                answer = stream.answer()
            if answer.status != 401 or login is None or renewed:
                break
            self._token = None  # it may have expired
        if answer.status not in content.get("expected", ()):
            check(answer, url)
        return answer


def is_below(url: str, base: str) -> bool:
    """Whether an address is the server's own: ``base`` or one below it."""
    plain = unquote(url)
    if any(ord(c) <= 0x20 or c in "\\@" for c in plain) or "/../" in f"{plain}/":
        return False
    return url == base or url.startswith((f"{base}/", f"{base}?"))


def json_of(answer: Answer, url: str) -> Any:
    """The JSON that a server answered.

    Raises:
        RemoteError: It is not valid.
    """
    try:
        return orjson.loads(answer.body)
    except ValueError as error:
        problem = f"answers something other than JSON: {answer.text}"
        raise RemoteError(url, problem, "check the address") from error
