"""The templates of the pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import markupsafe

from rdfexport.pages.templates import environment

FOLDER: Final = Path(__file__).parent


class Pages:
    """Makes pages out of templates."""

    def __init__(self) -> None:
        self._templates = environment(FOLDER / "templates")
        self._templates.filters["code"] = _code

    def html(self, template: str, depth: int, **values: Any) -> str:
        """A page.

        Args:
            template: The name of its file.
            depth: The number of folders above it. Addresses in it are relative, so they hold
                wherever a proxy has put the service.
            values: The values that the template shows.
        """
        return self._templates.get_template(template).render(root="../" * depth, **values)


def _code(text: str) -> markupsafe.Markup:
    """Text with the parts between backquotes as code."""
    safe = re.sub("`(.*?)`", r"<code>\1</code>", str(markupsafe.escape(text)))
    return markupsafe.Markup(safe)  # noqa: S704 - escaped above
