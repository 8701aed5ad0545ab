"""A release → a site: static pages that any web server can give out."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from rdfexport.errors import UnreadableError, UsageError
from rdfexport.locks import locked
from rdfexport.pages.figure import CHEMICALS, DISEASES, GENES, ORGANISMS
from rdfexport.pages.templates import json_script
from rdfexport.printing import shown
from rdfexport.release.model import open_release
from rdfexport.site.archive import members
from rdfexport.site.browse import write_browse
from rdfexport.site.folder import SiteFolder
from rdfexport.site.index import Index
from rdfexport.site.members import figure, words_of
from rdfexport.site.rendering import Pages, assets
from rdfexport.site.search import write_search
from rdfexport.site.sitemap import URLS, write_sitemaps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rdfexport.pages.figure import Figure
    from rdfexport.release.model import Release

_INDEX: Final = ".rdfexport-site-index"
_DATASET: Final = "dataset.jsonld"
_FREQUENT: Final = 24
_FORMATS: Final = {
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/n-quads": "N-Quads",
    "application/ld+json": "JSON-LD",
    "application/vnd.apache.parquet": "Parquet",
    "text/tab-separated-values": "GMT",
}
_PACKAGES: Final = {"application/zip": "zip", "application/gzip": "gzip"}


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """Options of a build.

    Args:
        release: The release's folder.
        base_url: Address that the site will be published at.
        out: Folder that the site is written to.
        force: Overwrite files in the folder that no site's build wrote.
        per_page: Lines of a list on one page.
        sitemap_urls: Addresses in one sitemap.
    """

    release: Path
    base_url: str
    out: Path
    force: bool = False
    per_page: int = 200
    sitemap_urls: int = URLS


@dataclass(slots=True)
class Summary:
    """Result of a build: figures, pages, and files written, unchanged and removed."""

    figures: int = 0
    pages: int = 0
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    seconds: float = 0.0


def build(
    options: SiteOptions,
    on_start: Callable[[int], None] = lambda _: None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Build the site of a release, or update it.

    Only files whose content changes are written; those that an earlier site had and this one lacks
    are removed. The home page comes after all that it leads to.

    Args:
        options: The release, the folder, and the options of the build.
        on_start: Receives the number of files of the release to read.
        on_progress: Receives the number read so far.

    Raises:
        UnreadableError: There is no whole release.
        UsageError: The address is not valid.
        DiskError: The folder cannot be written to.
    """
    began = time.monotonic()
    base_url = checked_url(options.base_url)
    release = open_release(options.release)
    on_start(3 * release.figures)
    with ExitStack() as stack:
        stack.enter_context(locked(options.out))
        index = stack.enter_context(closing(Index(options.out / _INDEX)))
        folder = stack.enter_context(closing(SiteFolder(options.out, index.database)))
        pages = Pages(base_url)
        number = 0
        for number in index.add(_figures(release)):
            on_progress(number)
        folder.begin(index.has_figure, force=options.force)
        _write_figures(release, index, pages, folder, on_progress)
        write_browse(index, pages, folder, options.per_page)
        write_search(index, folder.put)
        for name, data in assets():
            folder.put(name, data)
        folder.put("search.html", pages.page("search.html", "search.html"))
        folder.put("404.html", pages.missing())
        folder.put("index.html", pages.page("home.html", "index.html", **_home(release, index)))
        urls = (pages.address(name) for name in folder.names(".html") if name != "404.html")
        write_sitemaps(urls, base_url, folder.put, options.sitemap_urls)
        summary = Summary(figures=number, pages=sum(1 for _ in folder.names(".html")))
        summary.removed = folder.finish()
        summary.written, summary.unchanged = folder.written, folder.unchanged
    summary.seconds = time.monotonic() - began
    return summary


def checked_url(url: str) -> str:
    """The address that a site is published at, ending in ``/``.

    Raises:
        UsageError: It is not valid.
    """
    if re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~%/-]*)?", url) is None:
        raise UsageError(
            f"--base-url {shown(url)}: write where the site will be,"
            " such as https://example.org/pfocr/"
        )
    return url.rstrip("/") + "/"


def _figures(release: Release) -> Iterator[Figure]:
    for name, text, where in members(release, "jsonld", ".jsonld"):
        yield figure(name, text, where)


def _write_figures(
    release: Release,
    index: Index,
    pages: Pages,
    folder: SiteFolder,
    on_progress: Callable[[int], None],
) -> None:
    """Write the page of each figure, and its files beside it."""
    done = release.figures
    for name, text, where in members(release, "core", ".ttl"):
        if not index.add_words(name, words_of(text, where)):
            raise UnreadableError(
                f"{where}: no JSON-LD document goes with it: make the release again"
            )
        folder.put(f"figures/{name}.ttl", text)
        done += 1
        on_progress(done)
    for name, text, where in members(release, "jsonld", ".jsonld"):
        shown = figure(name, text, where)
        page = f"figures/{name}.html"
        folder.put(f"figures/{name}.jsonld", text)
        folder.put(
            page,
            pages.page(
                "figure.html",
                page,
                figure=shown,
                words=index.words_of(name),
                neighbours=index.neighbours(shown.article, name),
                json_ld=json_script(text.decode().strip()),
            ),
        )
        done += 1
        on_progress(done)


def _home(release: Release, index: Index) -> dict[str, Any]:
    """The values that the template of the home page shows."""
    described = release.folder / _DATASET
    return {
        "release": release,
        "papers": index.papers(),
        "counts": {kind: index.count(kind) for kind in (GENES, CHEMICALS, DISEASES, ORGANISMS)},
        "frequent": {
            kind: index.frequent(kind, _FREQUENT) for kind in (GENES, CHEMICALS, DISEASES)
        },
        "files": [
            {
                "title": file.title,
                "address": release.url + quote(file.path),
                "name": file.path.rpartition("/")[2],
                "format": ", ".join(
                    filter(
                        None,
                        (
                            _FORMATS.get(file.media_type, file.media_type),
                            file.package and _PACKAGES.get(file.package, file.package),
                        ),
                    )
                ),
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in release.files
        ],
        "json_ld": json_script(described.read_text("utf-8").strip())
        if described.is_file()
        else None,
    }
