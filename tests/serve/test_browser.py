"""The pages of `rdfexport serve` in a real browser: Chromium without a window."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from support.querying import HOSTILE, TITLE, Served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FIGURE = "PMC9000001__f1"
RUN = ".yasqe_queryButton"
ROWS = ".yasr table tbody tr"


@pytest.fixture(scope="module")
def server(serving: Callable[..., Served]) -> Served:
    return serving()


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
def page(browser: Browser, server: Served) -> Iterator[Page]:
    """A page whose every complaint, and every request to somewhere else, fails the test."""
    wrong: list[str] = []
    with browser.new_context() as context:
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        context.on(
            "request",
            lambda request: (
                request.url.startswith((server.url, "data:", "blob:"))
                or wrong.append(f"asks {request.url}")
            ),
        )
        yield page
    assert wrong == []


def test_an_example_is_run_and_a_figure_opened(page: Page, server: Served) -> None:
    page.goto(server.url)
    page.get_by_role("link", name="Figures of a gene", exact=True).click()
    page.get_by_label("gene").fill("IRS1")
    page.get_by_role("button", name="Put into the query").click()
    page.locator(RUN).click()
    page.locator(ROWS).first.wait_for()
    assert page.locator(ROWS).count() == 4
    assert "IRS-1" in page.locator(".yasr table").inner_text()
    link = page.locator(f"{ROWS} a", has_text=FIGURE)
    with page.context.expect_page() as opened:
        link.click()
    figure = opened.value
    figure.wait_for_load_state()
    assert figure.url == server.page(FIGURE)
    assert figure.get_by_role("heading", level=1).inner_text() == "mTORC1 and its drugs"
    assert figure.get_by_role("row", name="IRS1").count() == 1
    figure.get_by_role("link", name="Figures like this one").click()
    figure.locator(RUN).click()
    figure.locator(ROWS).first.wait_for()
    assert figure.locator(ROWS).count() == 4


def test_a_query_is_typed_and_answered(page: Page, server: Served) -> None:
    page.goto(server.url)
    page.locator(".yasqe .CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(
        "SELECT (COUNT(DISTINCT ?f) AS ?figures) { ?f a <http://schema.org/Dataset> }"
    )
    page.locator(RUN).click()
    page.locator(ROWS).first.wait_for()
    assert page.locator(f"{ROWS} td").last.inner_text().strip('"').startswith("10")


def test_an_error_is_shown_where_the_rows_would_be(browser: Browser, server: Served) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{server.url}?query=SELECT+*+%7B+%3Fs+%3Chttp%3A%2F%2Fx%2F%3E+%7D")
        page.locator(RUN).click()
        page.get_by_text("not a SPARQL query: error at 1:").first.wait_for()


def test_a_hostile_title_does_nothing(page: Page, server: Served) -> None:
    page.goto(server.page(HOSTILE))
    assert page.get_by_role("heading", level=1).inner_text() == TITLE
    assert page.title() == TITLE
    page.goto(f"{server.url}?example=figures-of-gene")
    page.locator(RUN).click()
    page.locator(ROWS).first.wait_for()
    assert "<script>" in page.locator(".yasr table").inner_text()


def test_without_scripts_a_query_is_answered_too(browser: Browser, server: Served) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{server.url}?example=figures-of-gene")
        assert page.locator("#yasgui").is_hidden()
        page.get_by_role("button", name="Run").click()
        page.get_by_role("link", name=FIGURE).first.click()
        assert page.url == server.page(FIGURE)


@pytest.mark.parametrize(
    "path", ["", "figures/", f"figures/{FIGURE}.html", "sparql?query=ASK%7B%7D"]
)
def test_a_page_can_be_used_by_everyone(page: Page, server: Served, path: str) -> None:
    """One heading of the first level, a name for each field and link, and the keyboard suffices."""
    page.set_extra_http_headers({"Accept": "text/html"})
    page.goto(server.url + path)
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("main :is(a[href],button,input,select,textarea)")]
        .filter((e) => !e.closest('#yasgui') && e.type !== 'hidden' && e.offsetParent !== null)
        .filter((e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length))
        .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    # Nothing keeps those within who have no mouse.
    seen = set()
    for _ in range(150):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.closest('main, footer')?.tagName"))
        if "FOOTER" in seen:
            break
    assert "FOOTER" in seen
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, width
