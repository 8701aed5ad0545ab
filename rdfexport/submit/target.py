"""The interface of all targets, and their options."""

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
        wait: Seconds to wait for an index to read it.
        auth: How to log in to a SPARQL server.
        prompt: Asks for credentials that are not found; None without a terminal.
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
    """A place that a release can be submitted to."""

    def plan(self, release: Release) -> Iterator[str]:
        """Describe what ``submit`` would send or write to an empty target; nothing is sent.

        Raises:
            UsageError: The call is wrong.
        """

    def submit(self, release: Release) -> Iterator[str]:
        """Submit the release, and describe each step that changed something.

        Raises:
            RemoteError: The target cannot be reached, refuses the user, or fails; the same call
                resumes.
            LocalError: The same, of a target on this machine.
            SubmitError: The target refuses the release, or has something else in its place.
            LoadError: A store refuses the data, or does not have it afterwards.
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
