"""The pages that figures are browsed by: an index a kind, letters, and a list an entity."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from rdfexport.site.rendering import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.site.folder import SiteFolder
    from rdfexport.site.index import Index
    from rdfexport.site.rendering import Pages

_T = TypeVar("_T")
_FREQUENT: Final = 60


class Part(NamedTuple):
    """The place of a page in a list: its number from 1, and the files' names of all pages."""

    number: int
    names: tuple[str, ...]

    @property
    def previous(self) -> str:
        """The page before, or nothing."""
        return self.names[self.number - 2] if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The page after, or nothing."""
        return self.names[self.number] if self.number < len(self.names) else ""


def write_browse(index: Index, pages: Pages, folder: SiteFolder, per_page: int) -> None:
    """Write the pages of all kinds.

    Args:
        index: All figures.
        pages: The templates.
        folder: The site's folder.
        per_page: Lines of a list on one page.
    """
    for kind in KINDS:
        _write_index(kind, index, pages, folder, per_page)
        for one in index.entities(kind):
            figures = index.figures_of(one.id)
            for part, some in _parts(one.entity.key, figures, one.figures, per_page):
                name = f"{kind}/{part.names[part.number - 1]}"
                folder.put(
                    name,
                    pages.page("entity.html", name, kind=kind, one=one, figures=some, part=part),
                )


def _write_index(kind: str, index: Index, pages: Pages, folder: SiteFolder, per_page: int) -> None:
    """All entities if they fit on a page, else letters and the most frequent entities."""
    number = index.count(kind)
    few = number <= per_page
    letters = [] if few else index.letters(kind)
    name = f"{kind}/index.html"
    folder.put(
        name,
        pages.page(
            "kind.html",
            name,
            kind=kind,
            number=number,
            letters=letters,
            shown=list(index.entities(kind)) if few else index.frequent(kind, _FREQUENT),
        ),
    )
    for letter, count in letters:
        entities = index.entities(kind, letter)
        for part, some in _parts(f"letter-{letter}", entities, count, per_page):
            name = f"{kind}/{part.names[part.number - 1]}"
            folder.put(
                name,
                pages.page(
                    "letter.html",
                    name,
                    kind=kind,
                    letter=letter,
                    letters=letters,
                    number=count,
                    shown=some,
                    part=part,
                ),
            )


def _parts(
    stem: str, items: Iterable[_T], number: int, per_page: int
) -> Iterator[tuple[Part, list[_T]]]:
    """Cut a list into pages."""
    last = max(1, -(-number // per_page))
    names = (f"{stem}.html", *(f"{stem}-{page}.html" for page in range(2, last + 1)))
    rest = iter(items)
    for page in range(1, last + 1):
        yield Part(page, names), list(islice(rest, per_page))
