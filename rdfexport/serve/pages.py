"""The templates of the pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import jinja2
import markupsafe

FOLDER: Final = Path(__file__).parent


class Pages:
    """Makes pages out of templates."""

    def __init__(self) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["code"] = _code

    def html(self, template: str, depth: int, **values: Any) -> str:
        """A page.

        Args:
            template: Its file.
            depth: How many folders down it is. Relative addresses hold wherever a proxy has put
                the whole.
            values: What the template shows.
        """
        return self._templates.get_template(template).render(root="../" * depth, **values)


def _code(text: str) -> markupsafe.Markup:
    """Text with what is between backquotes as code."""
    safe = re.sub("`(.*?)`", r"<code>\1</code>", str(markupsafe.escape(text)))
    return markupsafe.Markup(safe)  # noqa: S704 - escaped above
