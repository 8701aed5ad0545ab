"""The Jinja environment of the pages, and the files that they all refer to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import jinja2
import markupsafe

from rdfexport.pages.text import plain, script_text

_FOLDER: Final = Path(__file__).parent
ASSETS: Final = _FOLDER / "assets"
"""Style and icon of all pages."""


def environment(folder: Path) -> jinja2.Environment:
    """Templates that escape what they show, and fail where a value is missing.

    Args:
        folder: The templates; those of this room, such as ``shared.html``, can be imported too.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder, _FOLDER / "templates"]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_fit,
    )


def json_script(json: str) -> markupsafe.Markup:
    """A JSON text for a ``script`` element."""
    return markupsafe.Markup(script_text(json))  # noqa: S704 - nothing in it can end the element


def _fit(value: Any) -> Any:
    return plain(value) if type(value) is str else value
