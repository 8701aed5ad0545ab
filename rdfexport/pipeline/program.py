"""Which program this is, so that what another one made is not taken for what this one makes."""

from __future__ import annotations

import hashlib
import platform
import zlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from rdfexport.version import __version__

_LIBRARIES: Final = ("orjson", "pyoxigraph", "pyshacl", "pyyaml", "shacl", "yaml-rs", "zstandard")


@cache
def program() -> str:
    """Version, code and libraries: programs for which these are the same make the same output.

    The version alone would not do for those who work on the program.
    """
    digest = hashlib.sha256()
    folder = Path(__file__).parents[1]
    data = (path for path in folder.glob("data/*") if path.is_file())
    for path in sorted((*folder.rglob("*.py"), *data)):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    libraries = [f"{name} {_version(name)}" for name in _LIBRARIES]
    zlib_version = f"zlib {zlib.ZLIB_RUNTIME_VERSION}"
    return "; ".join(
        (__version__, digest.hexdigest(), *libraries, zlib_version, platform.python_version())
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
