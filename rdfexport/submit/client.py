"""Requests to a catalog, which may name only addresses of its own.

Credentials go to the address that the user named and nowhere else: redirects are not followed, and
an address that an answer names is only used if it is below that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar, Unpack
from urllib.parse import unquote

from rdfexport.errors import RemoteError, SubmitError
from rdfexport.net.policy import Policy
from rdfexport.net.session import Session, check
from rdfexport.submit.target import checked_url
from rdfexport.untrusted.typed_json import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.net.policy import Answer
    from rdfexport.net.session import Content

T = TypeVar("T")

JSON: Final = "application/json"
SUBMITTING: Final = Policy(
    tries=5,
    # A request that must not arrive twice is sent by ``once``, after looking for its result.
    methods=None,
    read_seconds=120,
    max_bytes=16 << 20,
    remedy="the same command continues where it stopped",
)


class Client:
    """Sends requests to one server.

    Args:
        url: Its address, as the user gave it.
        login: Returns a token. It is called when a request needs one, and once more if the
            server does not accept it; None for a server without tokens.

    Raises:
        UsageError: It is not a valid address, or holds a password.
    """

    def __init__(self, url: str, login: Callable[[], str] | None = None) -> None:
        self.url = checked_url(url)
        self._login = login
        self._token: str | None = None
        self._session = Session(SUBMITTING)

    def hide(self, secret: str) -> None:
        """Keep a text out of messages, should the server repeat it."""
        self._session.hide(secret)

    def send(
        self, method: str, url: str, *, anonymous: bool = False, **content: Unpack[Content]
    ) -> Answer:
        """Send a request that may arrive twice without harm, with retries.

        Args:
            method: Of the request.
            url: An address of the server.
            anonymous: Whether to send no token.
            content: The rest of the request; answers with an ``expected`` status are returned.

        Raises:
            RemoteError: The server cannot be reached, refuses the user or the request, fails, or
                redirects.
            SubmitError: The address is not one of the server.
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
            PassingError: There was no answer, or one of a transient failure; the server may or may
                not have done what was asked.
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
    """Whether an address is one of the server: ``base``, or below it."""
    plain = unquote(url)
    if any(ord(c) <= 0x20 or c in "\\@" for c in plain) or "/../" in f"{plain}/":
        return False
    return url == base or url.startswith((f"{base}/", f"{base}?"))


def decode_answer(answer: Answer, url: str, kind: type[T]) -> T:
    """Decode the JSON that a server answered.

    Args:
        answer: The answer.
        url: Where it came from, for the message.
        kind: The type that it must have.

    Raises:
        RemoteError: It is not JSON, or a value has another type.
    """
    try:
        return decode(answer.body, kind)
    except ValueError as error:
        problem = f"answers something other than expected ({error}): {answer.text}"
        raise RemoteError(url, problem, "check the address") from error
