"""Which certificates of servers are trusted."""

from __future__ import annotations

import os
import ssl
from typing import Final

from rdfexport.errors import LocalError

VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Environment variables that name certificates; the first that is set counts."""


class Trust:
    """The certificates that the environment names; read when they are first needed."""

    def __init__(self) -> None:
        self._checked: str | None = None

    def certificates(self, url: str) -> str | bool:
        """The file or folder of those that are trusted for an address, or True for requests' own.

        Raises:
            LocalError: A variable names neither a file nor a folder of certificates.
        """
        name = next((name for name in VARIABLES if os.environ.get(name)), None)
        if name is None or not url.lower().startswith("https:"):
            return True
        path = os.environ[name]
        if path != self._checked:
            _check(name, path)
            self._checked = path
        return path


def _check(name: str, path: str) -> None:
    try:
        if os.path.isdir(path):  # noqa: PTH112 - it need not be a path at all
            ssl.create_default_context(capath=path)
        else:
            ssl.create_default_context(cafile=path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        said = reason.replace("_", " ").lower()
        raise LocalError(
            f"{name}: {path}: not a file of certificates ({said}): correct or unset {name}"
        ) from error
