"""The differences between uses of HTTP: limits, and which failures are retried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.errors import AuthError, RemoteError
from rdfexport.printing import shown, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

IDEMPOTENT: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PUT"})
"""Methods that may arrive twice without harm (RFC 9110, section 9.2.2)."""

_MAX_TEXT: Final = 300
_TAGS: Final = re.compile(
    r"<(?:style|script)\b.*?</(?:style|script)>|<[/!a-zA-Z][^<>]*>", re.DOTALL
)


class Answer(NamedTuple):
    """The answer of a server.

    ``body`` is unpacked, and of bounded length; ``secrets`` are what no message may repeat.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    secrets: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def said(self) -> str:
        """The status, and what it says."""
        return f"{self.status}: {self.text}" if self.text else f"{self.status}"

    @property
    def text(self) -> str:
        """Its text, as ``readable`` shows it."""
        text = self.body[: 20 * _MAX_TEXT].decode("utf-8", "replace")
        if "html" in self.headers.get("Content-Type", "") or text.lstrip()[:1] == "<":
            text = unescape(_TAGS.sub(" ", text))
        return self.shown(text)

    def shown(self, text: str) -> str:
        """A text of this answer as a message may show it."""
        for secret in self.secrets:
            text = text.replace(secret, "…")
        return readable(text)


def readable(text: str) -> str:
    """A server's words on one line, shortened, without what a terminal would obey."""
    text = visible(" ".join(text.split()))
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The limits of one use of HTTP.

    Args:
        tries: How often a request is sent at most.
        backoff: Seconds before the second try; twice as many before each further one.
        max_backoff: The most seconds between two tries.
        max_retry_after: The most seconds to wait, in all, where the server says how long
            (``Retry-After``). If it asks for more, the request is given up at once.
        transient: Statuses that may be others at the next try.
        judge: What an answer of 300 and above from this address means, if its text or this use says
            more than its status does. What is judged is not transient.
        methods: Those whose requests may be repeated though the first may have arrived; None: all.
        connect_seconds: To connect.
        read_seconds: Without a byte.
        total_seconds: For the whole answer of a try; after as many no other begins.
        max_bytes: Of the body of an answer, unpacked.
        redirects: How many are followed, of GET and HEAD only; 0: they are answers.
        remedy: What a message tells the user to do about a failure that may pass.
    """

    tries: int = 4
    backoff: float = 0.5
    max_backoff: float = 20.0
    max_retry_after: float = 60.0
    transient: frozenset[int] = frozenset({408, 429, 500, 502, 503, 504})
    judge: Callable[[Answer, str], RemoteError | None] = lambda _answer, _url: None
    methods: frozenset[str] | None = IDEMPOTENT
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    total_seconds: float = 12 * 3600.0
    max_bytes: int = 64 << 20
    redirects: int = 0
    remedy: str = "try again later"

    def repeats(self, method: str) -> bool:
        """Whether a request may be sent again though the server may have had it."""
        return self.methods is None or method.upper() in self.methods


def _refuses_query(answer: Answer, url: str) -> RemoteError | None:
    if answer.status == 401:
        problem = "the endpoint asks who you are (401)"
        return AuthError(shown(url), problem, "put user and password into ~/.netrc")
    if answer.status in {400, 405, 406, 414, 415, 422, 501}:
        # Not RefusedError, which says that data is at fault.
        problem = f"the server answered {answer.said}"
        return RemoteError(shown(url), problem, "check the query and the address")
    return None


ANSWERS: Final = Policy(
    judge=_refuses_query,
    transient=frozenset({408, 429, 502, 503, 504}),
    methods=None,
    read_seconds=120,
    total_seconds=600,
    max_bytes=16 << 30,
)
"""Of queries, which change nothing, however they are sent; 500 is what a query itself meets."""

DOWNLOAD: Final = Policy(redirects=5, max_bytes=16 << 30)
"""Files: the whole database packs to well under a GiB."""
