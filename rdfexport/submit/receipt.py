"""What was submitted where, kept on this machine: identifier → what the server calls it.

Servers mint names of their own, so a later run finds by its receipt what an earlier one made. It
holds no credentials.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson
from platformdirs import user_state_path

from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from pathlib import Path


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
            found: Any = orjson.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}  # as good as none: what it says is found in other ways, too
        names = found.get("names") if isinstance(found, dict) else None
        if not isinstance(names, dict):
            return {}
        return {key: value for key, value in names.items() if isinstance(value, str)}

    def get(self, identifier: str) -> str | None:
        """What the server calls it."""
        return self._names.get(identifier)

    def put(self, identifier: str, name: str) -> None:
        """Note what the server calls it, at once."""
        if self._names.get(identifier) == name:
            return
        self._names[identifier] = name
        text = orjson.dumps(
            {"target": self._target, "names": self._names},
            option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS,
        )
        with OutputFile(self._path) as file:
            file.write(text.decode() + "\n")
