"""Sitemaps (https://www.sitemaps.org/protocol.html) and robots.txt."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

URLS: Final = 50_000
"""Addresses that a sitemap may have at most."""

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def write_sitemaps(
    urls: Iterable[str], base_url: str, put: Callable[[str, bytes], None], limit: int = URLS
) -> None:
    """Write the sitemaps, the index of them, and robots.txt that names it.

    No page has a date there: which ones changed is not known before they are compared.

    Args:
        urls: The addresses of all pages.
        base_url: Address that the site is published at, ending in ``/``.
        put: Takes a file's name and content.
        limit: How many addresses go into one.
    """
    names: list[str] = []
    rest = iter(urls)
    while some := list(islice(rest, limit)):
        names.append(f"sitemap-{len(names) + 1}.xml")
        put(names[-1], _xml("urlset", "url", some))
    put("sitemap.xml", _xml("sitemapindex", "sitemap", (base_url + name for name in names)))
    put("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {base_url}sitemap.xml\n".encode())


def _xml(root: str, item: str, addresses: Iterable[str]) -> bytes:
    lines = "".join(f"<{item}><loc>{escape(one)}</loc></{item}>\n" for one in addresses)
    return f'{_HEAD}<{root} xmlns="{_NAMESPACE}">\n{lines}</{root}>\n'.encode()
