"""Templates → pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from rdfexport.pages.figure import CHEMICALS, DISEASES, GENES, ORGANISMS, YEARS
from rdfexport.pages.templates import ASSETS, environment
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER: Final = Path(__file__).parent

KINDS: Final = {
    GENES: ("Genes", "gene"),
    CHEMICALS: ("Chemicals", "chemical"),
    DISEASES: ("Diseases", "disease"),
    ORGANISMS: ("Organisms", "organism"),
    YEARS: ("Years", "year"),
}
"""Kinds that figures are browsed by: heading, and name of one of them."""

_SCALE: Final = 1000


class Pages:
    """Fills templates.

    Args:
        base_url: Address that the site is published at, ending in ``/``.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._templates = environment(_FOLDER / "templates")
        self._templates.globals.update(kinds=KINDS, tool_version=__version__)
        self._templates.filters.update(size=size, number=number)

    def page(self, template: str, name: str, **values: Any) -> bytes:
        """A page.

        Args:
            template: Which one.
            name: The file that it is for, within the site.
            values: What the template asks for.
        """
        # Relative addresses hold under any prefix, and without a server too.
        root = "../" * name.count("/")
        text = self._templates.get_template(template).render(
            root=root, canonical=self.address(name), **values
        )
        return text.encode()

    def missing(self) -> bytes:
        """The page for addresses with nothing behind: its own address may be any."""
        root = urlsplit(self.base_url).path
        return self._templates.get_template("404.html").render(root=root, canonical="").encode()

    def address(self, name: str) -> str:
        """The address of a file."""
        folder, slash, file = name.rpartition("/")
        return self.base_url + (folder + slash if file == "index.html" else name)


def assets() -> Iterator[tuple[str, bytes]]:
    """The files that pages refer to, by their names within the site."""
    for folder in (ASSETS, _FOLDER / "assets"):
        for path in sorted(folder.iterdir()):
            yield f"assets/{path.name}", path.read_bytes()


def number(value: int) -> str:
    """A number for people."""
    return f"{value:,}"


def size(value: int) -> str:
    """A file's size for people."""
    amount = float(value)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < _SCALE or unit == "GB":
            break
        amount /= _SCALE
    return f"{amount:,.0f} {unit}" if unit == "bytes" or amount >= 100 else f"{amount:.1f} {unit}"
