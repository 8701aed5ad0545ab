"""Receipts of submissions, on this machine: our identifier → the name that the server minted.

By its receipt a later run finds what an earlier one created. It holds no credentials.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import orjson
from platformdirs import user_state_path

from rdfexport.untrusted.typed_json import decode
from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from pathlib import Path


class _Stored(msgspec.Struct):
    names: dict[str, str]


class Receipt:
    """The receipt of one target.

    Args:
        target: As the user named it.
    """

    def __init__(self, target: str) -> None:
        digest = hashlib.sha256(target.encode()).hexdigest()[:24]
        self._path: Path = user_state_path("rdfexport") / "submissions" / f"{digest}.json"
        self._target = target
        self._names = self._read()

    def _read(self) -> dict[str, str]:
        try:
            return decode(self._path.read_bytes(), _Stored).names
        except (OSError, ValueError):
            return {}  # records are found by other means, too

    def get(self, identifier: str) -> str | None:
        """The name that the server has for an identifier, if known."""
        return self._names.get(identifier)

    def put(self, identifier: str, name: str) -> None:
        """Write down the name that the server has for an identifier."""
        if self._names.get(identifier) == name:
            return
        self._names[identifier] = name
        text = orjson.dumps(
            {"target": self._target, "names": self._names},
            option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS,
        )
        with OutputFile(self._path) as file:
            file.write(text.decode() + "\n")
