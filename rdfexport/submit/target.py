"""What all targets have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rdfexport.errors import UsageError
from rdfexport.net.address import checked
from rdfexport.printing import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.net.auth import Prompt
    from rdfexport.release.model import Release
    from rdfexport.store import AuthKind


@dataclass(frozen=True, slots=True)
class Options:
    """How to submit.

    Args:
        publish: Whether a Zenodo deposit is published.
        fdp_url: Address of the FAIR Data Point that is written as files or announced to an index;
            None for ``fdp/`` beside the releases.
        wait: Seconds for an index to take it up.
        auth: How a SPARQL server knows who asks.
        prompt: Asks for credentials that are not found; None where nobody can be asked.
    """

    publish: bool = False
    fdp_url: str | None = None
    wait: float = 120.0
    auth: AuthKind = "none"
    prompt: Prompt | None = None

    def fdp(self, release: Release) -> str:
        """The address of the FAIR Data Point of a release."""
        return self.fdp_url or f"{release.base_url}fdp/"


class Target(Protocol):
    """Where a release can go."""

    def plan(self, release: Release) -> Iterator[str]:
        """Tell what ``submit`` would send or write if nothing of it were there; nothing is sent.

        Raises:
            UsageError: The call is wrong.
        """

    def submit(self, release: Release) -> Iterator[str]:
        """Do it, and tell each step that changed something; none if all is there already.

        Raises:
            RemoteError: The target is not there, does not let us, or fails: the same call goes on
                where it stopped.
            LocalError: The target is on this machine, and the same is true of it.
            SubmitError: It does not take the release, or holds something else.
            LoadError: A store does not take the data, or does not hold it.
        """


def checked_url(url: str) -> str:
    """The address of a server without ``/`` at its end.

    Raises:
        UsageError: It is not valid, or holds a password, a query or a fragment.
    """
    parts = checked(url, "a server", login="see docs/submit.md")
    if parts.query or parts.fragment:
        raise UsageError(f"{shown(url)}: leave out what follows ? or #: a server has none")
    return url.rstrip("/")
