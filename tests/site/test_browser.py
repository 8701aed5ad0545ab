"""The pages of a static site in a real browser: Chromium without a window."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from rdfexport.site.words import words
from support.querying import HOSTILE, TITLE
from support.sites import titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from support.sites import Made

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SEED = "PMC3811159__nihms512981f2"
PAGES = [
    "index.html",
    "search.html",
    "search.html?q=mtor",
    f"figures/{SEED}.html",
    f"figures/{HOSTILE}.html",
    "genes/index.html",
    "genes/ncbigene-2475.html",
    "years/index.html",
    "404.html",
]


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@pytest.fixture(scope="module")
def published(real: Made, large: Made) -> Iterator[dict[str, str]]:
    """The addresses of both sites, under a prefix, each on a server of its own."""
    servers = {
        name: http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(_Handler, directory=str(made.out.parent))
        )
        for name, made in (("real", real), ("large", large))
    }
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {name: f"http://127.0.0.1:{one.server_port}/pfocr/" for name, one in servers.items()}
    for server in servers.values():
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not on the PATH: the pages are not tried in a browser")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        # As root, which tests in containers are, Chromium has no sandbox.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, published: dict[str, str]) -> Iterator[Page]:
    """A page whose every complaint, and every request to somewhere else, fails the test."""
    wrong: list[str] = []
    own = (*published.values(), "file:///", "data:")
    with browser.new_context() as context:
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        context.on(
            "request",
            lambda request: request.url.startswith(own) or wrong.append(f"asks {request.url}"),
        )
        yield page
    assert wrong == []


def found(page: Page, number: int | str) -> None:
    page.get_by_text(re.compile(rf"^{number} figures? found\.$")).wait_for()


def test_a_gene_is_searched_and_its_figure_opened(page: Page, published: dict[str, str]) -> None:
    page.goto(published["real"])
    page.get_by_role("searchbox").fill("mtor")
    page.get_by_role("button", name="Search").click()
    found(page, 5)
    entity = page.locator("#entities li").first
    assert entity.inner_text().startswith("MTOR gene mechanistic target of rapamycin kinase")
    entity.get_by_role("link").click()
    assert page.get_by_role("heading", level=1).inner_text() == "MTOR"
    page.get_by_role("link", name="Feedback signaling following mTORC1 inhibition").click()
    assert page.url == f"{published['real']}figures/{SEED}.html"
    assert page.get_by_role("row", name="RPTOR regulatory").count() == 1
    page.get_by_role("searchbox").fill("PMC100008")
    page.keyboard.press("Enter")
    found(page, 1)
    page.locator("#figures a").click()
    assert "PMC100008__mb2411709009" in page.url


def test_one_searches_while_typing_and_comes_back_to_it(
    page: Page, published: dict[str, str]
) -> None:
    page.goto(published["real"] + "search.html")
    assert page.locator("#status").inner_text() == ""
    page.get_by_role("searchbox").press_sequentially("siroli")
    found(page, 2)
    assert page.url.endswith("?q=siroli")
    page.get_by_role("link", name="Sirolimus", exact=True).click()
    page.go_back()
    found(page, 2)
    assert page.get_by_role("searchbox").input_value() == "siroli"
    page.get_by_role("searchbox").fill("zzzz nothing")
    page.get_by_text("Nothing found.").wait_for()
    assert page.locator("#figures").is_hidden()
    page.get_by_role("searchbox").fill("x")
    page.get_by_text("two letters").wait_for()


@pytest.mark.parametrize(
    "query",
    [
        "gen0",
        "signaling",
        "growth cells",
        "Apoptosis GEN7",
        "gen1",
        "β-caten",
        "IL-6 repa",
        "gen4",
        "NAÏVE cells",
        "2001 transport",
        "part 77",
        "PMC7000003",
        "pmc70001",
        "constructor",
        "of cells",
    ],
)
def test_search_finds_what_reading_everything_finds(
    page: Page, published: dict[str, str], query: str
) -> None:
    *whole, last = words(query)
    expected = 0
    for figid, (title, year, genes) in titles().items():
        have = words(figid.partition("__")[0], title, str(year), *genes.values())
        expected += set(whole) <= set(have) and any(word.startswith(last) for word in have)
    sizes: list[int] = []
    page.on(
        "requestfinished",
        lambda request: (
            "/search/" in request.url and sizes.append(request.sizes()["responseBodySize"])
        ),
    )
    page.goto(f"{published['large']}search.html?q={query}")
    if expected:
        found(page, f"{expected:,}")
        assert page.locator("#figures li").count() == min(expected, 10)
    else:
        page.get_by_text("Nothing found.").wait_for()
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 2
    assert sum(sizes) < 60_000


def test_more_figures_are_shown_on_demand(page: Page, published: dict[str, str]) -> None:
    page.goto(f"{published['large']}search.html?q=repair")
    more = page.get_by_role("button", name="More figures")
    more.click()
    page.locator("#figures li").nth(19).wait_for()
    titles_shown = page.locator("#figures li").all_inner_texts()
    assert len(set(titles_shown)) == 20
    # The keyboard goes on where the new ones begin.
    focused = page.evaluate("document.activeElement.textContent")
    assert titles_shown[10].startswith(focused)


def test_a_hostile_title_does_nothing(page: Page, published: dict[str, str]) -> None:
    page.goto(f"{published['real']}figures/{HOSTILE}.html")
    assert page.get_by_role("heading", level=1).inner_text() == TITLE
    assert page.title() == TITLE
    page.goto(f"{published['real']}search.html?q={HOSTILE.partition('__')[0]}")
    found(page, 1)
    assert page.locator("#figures a").inner_text() == TITLE
    page.goto(f"{published['real']}years/2021.html")
    assert TITLE in page.locator("main").inner_text()
    page.goto(f"{published['real']}search.html?q=%3Cimg+src=x+onerror=alert(1)%3E")
    page.get_by_text("Nothing found.").wait_for()


def test_without_scripts_figures_are_browsed(browser: Browser, published: dict[str, str]) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(published["real"])
        page.get_by_role("searchbox").fill("mtor")
        page.get_by_role("button", name="Search").click()
        assert page.locator("noscript").inner_text().startswith("Searching needs JavaScript")
        page.locator("noscript").get_by_role("link", name="genes").click()
        page.get_by_role("link", name="MTOR", exact=True).click()
        page.get_by_role("link", name="Feedback signaling").click()
        assert page.url.endswith(f"{SEED}.html")


def test_the_files_can_be_read_without_a_server(page: Page, real: Made) -> None:
    page.goto((real.out / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).display") == "flex"
    page.get_by_role("navigation").get_by_role("link", name="Genes").click()
    page.get_by_role("link", name="MTOR", exact=True).click()
    page.get_by_role("link", name="Feedback signaling").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Feedback signaling")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_used_by_everyone(
    browser: Browser, published: dict[str, str], name: str, scheme: str
) -> None:
    """axe-core finds nothing, nothing is wider than a phone, and the keyboard suffices."""
    with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(published["real"] + name)
        page.wait_for_load_state("networkidle")
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        assert results.violations_count == 0, results.generate_report()
        # The colours are those of the scheme: a dark page is not merely asked for.
        light = page.evaluate(
            "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g)[0] > 127"
        )
        assert light == (scheme == "light")
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, width
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main, footer') !== null")
