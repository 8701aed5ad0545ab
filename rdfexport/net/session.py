"""A session: requests that are bounded, tried again, and kept out of private networks."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Container, Mapping
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Final, Self, TypeAlias, TypedDict, TypeVar, Unpack
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import select_proxy
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError
from urllib3.util import Retry

from rdfexport.errors import (
    AuthError,
    NotFoundError,
    RdfExportError,
    RefusedError,
    RemoteError,
    TooLargeError,
    TransientError,
)
from rdfexport.net import address, auth
from rdfexport.net.address import checked
from rdfexport.net.causes import PassingError, translate
from rdfexport.net.connections import PrivateAddressError, make_session
from rdfexport.net.policy import Answer, Policy, readable
from rdfexport.net.stream import Stream
from rdfexport.net.trust import Trust
from rdfexport.printing import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests.auth import AuthBase
    from urllib3.response import BaseHTTPResponse

T = TypeVar("T")
_REDIRECTED: Final = frozenset({"GET", "HEAD"})
Body: TypeAlias = bytes | IO[bytes] | Mapping[str, str] | None


class Content(TypedDict, total=False):
    """The parts of a request beside its method and address.

    ``body`` may be a file, which is sent from its beginning, or a mapping, which is sent as a form;
    ``params`` go into the query of the address. ``expected`` are statuses of 300 and above that are
    not tried again for this request, though the policy has them as transient, unless the server
    says when to come back.
    """

    body: Body
    headers: Mapping[str, str]
    params: Mapping[str, str]
    expected: Container[int]


class Session:
    """Sends requests.

    Args:
        policy: What is allowed, and what is tried again.
        login: How servers know who asks; by default by what an address itself holds.
        netrc: Whether the user and password that ``~/.netrc`` has for a host are sent to it.
    """

    def __init__(
        self, policy: Policy, *, login: AuthBase | None = None, netrc: bool = False
    ) -> None:
        self.policy = policy
        self._login = login
        self._netrc = netrc
        self._secrets: frozenset[str] = frozenset()
        self._anywhere = make_session(public=False)
        self._public = make_session(public=True)
        self._public.cookies = self._anywhere.cookies
        self._trust = Trust()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._anywhere.close()
        self._public.close()

    def hide(self, *secrets: str) -> None:
        """Repeat these texts in no message, should a server say them."""
        self._secrets |= {secret for secret in secrets if secret}

    def send(self, method: str, url: str, **content: Unpack[Content]) -> Answer:
        """Send a request and read the whole answer; ``check`` says what its status means.

        Raises:
            TransientError: The server does not answer, or fails, as often as it was tried.
            RemoteError: It sends too much, leads into a private network, or is not trusted.
            LocalError: The environment is wrong: certificates, proxies.
            UsageError: It is not an address.
        """

        def once() -> Answer:
            with self.attempt(method, url, **content) as stream:
                return stream.answer()

        return self.retried(method, url, once)

    def open(self, method: str, url: str, **content: Unpack[Content]) -> Stream:
        """Send a request, as ``send`` does; the body of the answer is read from what is returned.

        It is to be closed. What goes wrong while it is read is not tried again: see ``retried``.
        """
        return self.retried(method, url, lambda: self.attempt(method, url, **content))

    def retried(self, method: str, url: str, call: Callable[[], T]) -> T:
        """Call until it does not fail, or only in a way that will not pass.

        Args:
            method: What the call does; whether it may be repeated.
            url: Where to.
            call: Raises ``PassingError`` if another call may help.

        Raises:
            TransientError: It failed each time, or the server asks to wait too long.
        """
        policy = self.policy
        retry: Retry = _Retry(
            total=policy.tries - 1,
            backoff_factor=policy.backoff,
            backoff_max=policy.max_backoff,
        )
        retry.retry_after_max = sys.maxsize  # more than the policy allows is said, not shortened
        waited, start = 0.0, time.monotonic()
        while True:
            try:
                return call()
            except PassingError as error:
                late = time.monotonic() - start > policy.total_seconds
                if late or not (error.unsent or policy.repeats(method)):
                    raise
                wait = 0.0 if error.raw is None else retry.get_retry_after(error.raw) or 0.0
                waited += wait
                if waited > policy.max_retry_after:
                    asked = f"{error.problem}, and asks to wait {wait:,.0f} seconds"
                    raise TransientError(error.where, asked, "try again then") from error
                try:
                    # Not with the error, whose traceback would hold all that the call held.
                    retry = retry.increment(method, url)
                except MaxRetryError:
                    times = f", {policy.tries} times" if policy.tries > 1 else ""
                    raise TransientError(
                        error.where, error.problem + times, error.remedy
                    ) from error
                retry.sleep(error.raw)

    def attempt(self, method: str, url: str, **content: Unpack[Content]) -> Stream:
        """Send a request once, within what ``retried`` calls.

        Raises:
            PassingError: There is no answer, or one whose status may pass.
            RemoteError, LocalError, UsageError: As ``send``.
        """
        request = requests.Request(
            method,
            url,
            content.get("headers"),
            data=_rewound(content.get("body")),
            params=content.get("params"),
        )
        start = time.monotonic()
        response = self._follow(request, url)
        stream = Stream(response, url, self.policy, start, self._secrets)
        expected = stream.status in content.get("expected", ())
        if stream.status not in self.policy.transient or (
            expected and "Retry-After" not in stream.headers
        ):
            return stream
        with ExitStack() as stack:
            stack.enter_context(stream)
            answer = stream.excerpt()
            if self.policy.judge(answer, url) is None:
                problem = f"the server answered {answer.said}"
                raise PassingError(shown(url), problem, self.policy.remedy, raw=response.raw)
            stack.pop_all()
        return stream

    def _follow(self, request: requests.Request, named: str) -> requests.Response:
        checked(named, "a server")
        was_public = False
        login = self._login_for(named)
        for _ in range(self.policy.redirects + 1):
            response = self._exchange(request, login, named, public=was_public)
            place = requests.Session.get_redirect_target(self._anywhere, response)
            if place is None or not self.policy.redirects or request.method not in _REDIRECTED:
                return response
            response.close()
            was_public = was_public or _came_from_public(response)
            target = _target(request.url, place, named)
            if was_public and address.is_private(urlsplit(target).hostname or ""):
                raise _led_astray(named, target)
            # The same host and port, or that host's https after its http.
            if self._anywhere.should_strip_auth(request.url, target):  # type: ignore[no-untyped-call]
                login = auth.of_address(target)
            request = requests.Request(request.method, target, request.headers)
        raise RemoteError(
            shown(named), f"more than {self.policy.redirects} redirects", "check the address"
        )

    def _exchange(
        self, request: requests.Request, login: AuthBase | None, named: str, *, public: bool
    ) -> requests.Response:
        session = self._public if public else self._anywhere
        # requests adds what ~/.netrc has unless there is something here.
        request.auth = login or auth.anonymous
        proxy = None
        try:
            prepared = session.prepare_request(request)
            settings = session.merge_environment_settings(
                request.url,
                {},
                stream=True,
                verify=self._trust.certificates(request.url),
                cert=None,
            )
            proxy = select_proxy(request.url, settings["proxies"])
            timeout = (self.policy.connect_seconds, self.policy.read_seconds)
            return session.send(prepared, timeout=timeout, allow_redirects=False, **settings)
        except RdfExportError:
            raise
        except PrivateAddressError as error:
            raise _led_astray(named, request.url) from error
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise translate(error, named, self.policy, proxy) from error

    def _login_for(self, url: str) -> AuthBase | None:
        return self._login or auth.of_address(url) or (auth.of_netrc(url) if self._netrc else None)


class _Retry(Retry):
    """Counts the tries, and knows the seconds before the next."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None


def check(answer: Answer | Stream, url: str, policy: Policy | None = None) -> None:
    """Raise what the status of an answer means, unless it is a good one.

    Args:
        answer: The answer.
        url: What the user named.
        policy: May judge otherwise.

    Raises:
        NotFoundError: 404, 410.
        AuthError: 401, 403, 407.
        TooLargeError: 413.
        RefusedError: Any other of 300 to 499, 501 and 505.
        TransientError: Any other of 500 and above.
        RemoteError: The server is elsewhere; or what the policy judges.
    """
    if isinstance(answer, Stream):
        if 200 <= answer.status < 300:
            return
        answer = answer.answer()
    status = answer.status
    if answer.ok:
        return
    if policy is not None and (judged := policy.judge(answer, url)) is not None:
        raise judged
    where = shown(url)
    if status < 400 and (place := answer.headers.get("Location")):
        target = answer.shown(_joined(url, place))
        raise RemoteError(where, f"the server is elsewhere ({status}): {target}", "name that")
    kind, remedy = _cause(status)
    raise kind(where, f"the server answered {answer.said}", remedy)


def _cause(status: int) -> tuple[type[RemoteError], str]:
    """The meaning of a status, and the remedy."""
    if status < 400:
        return RemoteError, "check the address"
    if status in {404, 410}:
        return NotFoundError, "check the address"
    if status in {401, 403, 407}:
        return AuthError, "check user, password or token, and what they may do"
    if status == 413:
        return TooLargeError, "send less at once"
    if status < 500 or status in {501, 505}:
        return RefusedError, "check what was sent, and the address"
    return TransientError, "try again later"


def _joined(url: str, place: str) -> str:
    """The address that a redirect names, as a message may show it."""
    try:
        return shown(urljoin(url, place))
    except ValueError:
        return place


def _rewound(body: Body) -> Body:
    """A body as it is sent once more: of a file without bytes requests takes no length."""
    if body is None or isinstance(body, (bytes, Mapping)):
        return body
    if not body.seek(0, os.SEEK_END):
        return b""
    body.seek(0)
    return body


def _came_from_public(response: requests.Response) -> bool:
    """Whether a server is on the public internet; behind a proxy, as far as its name says."""
    peer = getattr(response.raw, "peer", "")
    if peer:
        return address.is_public_address(peer)
    return not address.is_private(urlsplit(response.url).hostname or "")


def _target(url: str, place: str, named: str) -> str:
    try:
        target = urljoin(url, place)
        parts = urlsplit(target)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return target
    except ValueError:
        pass
    raise RemoteError(
        shown(named),
        "the server leads to what is not an http or https address",
        "check the address",
    )


def _led_astray(named: str, target: str) -> RemoteError:
    host = readable(urlsplit(target).hostname or "")
    return RemoteError(
        shown(named),
        f"the server leads to {host}, which is not on the internet",
        "if that is intended, give that address",
    )
