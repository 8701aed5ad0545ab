"""`rdfexport site`: the files of a static site, read as browsers, harvesters and crawlers do."""

from __future__ import annotations

import json
import re
import sys
import warnings
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import html5lib
import pytest

from rdfexport.site import SiteOptions, build
from rdfexport.site.search import packed, separator
from rdfexport.site.words import words
from support.querying import HOSTILE, TITLE
from support.sites import BASE, FIGURES, GENES, document, make_release, site, snapshot, titles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Outcome
    from support.sites import Made

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its dependencies
    import extruct

SEED = "PMC3811159__nihms512981f2"
XHTML = "{http://www.w3.org/1999/xhtml}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def parsed(text: str) -> Any:
    """A page, read by the rules of HTML with every parse error an exception."""
    return html5lib.HTMLParser(strict=True).parse(text)


def tags(page: Any, name: str) -> list[Any]:
    return list(page.iter(XHTML + name))


def text_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def links(page: Any) -> Iterator[str]:
    for name, attribute in (("a", "href"), ("link", "href"), ("script", "src"), ("img", "src"),
                            ("form", "action")):  # fmt: skip
        for element in tags(page, name):
            if (target := element.get(attribute)) is not None:
                yield target


# What is there.


def test_each_figure_has_a_page_with_its_data_beside_it(real: Made) -> None:
    assert len(real.figids) == 10
    for figid in real.figids:
        page = parsed(real.text(f"figures/{figid}.html"))
        for ending in (".ttl", ".jsonld"):
            name = figid + ending
            assert (real.out / "figures" / name).read_bytes() == real.files[name]
        alternates = {
            link.get("type"): link.get("href")
            for link in tags(page, "link")
            if link.get("rel") == "alternate"
        }
        assert alternates == {
            "text/turtle": f"{figid}.ttl",
            "application/ld+json": f"{figid}.jsonld",
        }
        (canonical,) = [x.get("href") for x in tags(page, "link") if x.get("rel") == "canonical"]
        assert canonical == f"{BASE}figures/{figid}.html"


def test_the_page_of_a_figure_tells_what_its_document_does(real: Made) -> None:
    page = parsed(real.text(f"figures/{SEED}.html"))
    shown = text_of(tags(page, "main")[0])
    for text in (
        "Feedback signaling following mTORC1 inhibition",
        "Credit: Lawrence N. Kwong, et al. Clin Cancer Res.",
        "Navigating the Therapeutic Complexity of PI3K Pathway Inhibition in Melanoma.",
        "(C) Paradoxical activation",
        "Homo sapiens",
    ):
        assert text in shown
    targets = set(links(page))
    assert {
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC3811159/figure/F2/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC3811159/",
        "https://doi.org/10.1158/1078-0432.ccr-13-0142",
        "https://www.ncbi.nlm.nih.gov/gene/2475",
        "https://identifiers.org/hgnc/3942",
        "../genes/ncbigene-2475.html",
        "https://meshb.nlm.nih.gov/record/ui?ui=C531198",
        "https://www.ebi.ac.uk/chebi/CHEBI:71952",
        "../chemicals/mesh-C531198.html",
        "../organisms/taxon-9606.html",
        "../years/unknown.html",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    } <= targets
    # No right to show the image is known.
    assert [image.get("src") for image in tags(page, "img")] == ["../assets/icon.svg"]


def test_figures_of_one_article_lead_to_each_other(real: Made) -> None:
    for one, other in (("f1", "f2"), ("f2", "f1")):
        page = parsed(real.text(f"figures/PMC9000001__{one}.html"))
        figures = {target for target in links(page) if target.startswith("../figures/")}
        assert figures == {f"../figures/PMC9000001__{other}.html"}


def test_an_independent_tool_extracts_the_document_as_it_was_exported(real: Made) -> None:
    for figid in real.figids:
        text = real.text(f"figures/{figid}.html")
        found = extruct.extract(text, base_url=f"{BASE}figures/{figid}.html", syntaxes=["json-ld"])
        assert found["json-ld"] == [json.loads(real.files[f"{figid}.jsonld"])]


def test_the_home_page_describes_the_release(real: Made) -> None:
    page = parsed(real.text("index.html"))
    shown = text_of(tags(page, "main")[0])
    assert "Release 2026-11-10" in shown
    assert "10 figures" in shown
    assert "9 articles" in shown
    facts = json.loads((real.release / "release.json").read_bytes())
    for file in facts["files"]:
        assert file["sha256"] in shown
        assert f"https://data.example.org/pfocr/20261110/{file['path']}" in set(links(page))
    (found,) = extruct.extract(real.text("index.html"), syntaxes=["json-ld"])["json-ld"]
    assert found == json.loads((real.release / "dataset.jsonld").read_bytes())


def test_lists_have_exactly_the_figures_that_show_an_entity(real: Made) -> None:
    expected: dict[str, set[str]] = {}
    for figid in real.figids:
        for node in json.loads(real.files[f"{figid}.jsonld"]).get("mentions", []):
            if node["@id"].startswith("https://identifiers.org/ncbigene/"):
                number = node["@id"].rpartition("/")[2]
                expected.setdefault(f"ncbigene-{number}.html", set()).add(figid)
    found = {
        path.name: set(re.findall(r'href="\.\./figures/([^"]+)\.html"', path.read_text("utf-8")))
        for path in (real.out / "genes").glob("ncbigene-*.html")
    }
    assert found == expected
    assert len(expected) > 50


def test_each_figure_is_in_the_list_of_one_year(large: Made) -> None:
    listed = Counter(
        figid
        for path in (large.out / "years").glob("*.html")
        for figid in re.findall(r'href="\.\./figures/([^"]+)\.html"', path.read_text("utf-8"))
    )
    assert listed == dict.fromkeys(large.figids, 1)


# What every page has to be.


def test_every_page_is_valid_and_every_link_within_the_site_leads_somewhere(real: Made) -> None:
    pages = sorted(real.out.rglob("*.html"))
    assert len(pages) > 200
    reached = {"index.html", "404.html"}
    waiting = ["index.html", "404.html"]
    while waiting:
        name = waiting.pop()
        page = parsed(real.text(name))
        assert len(tags(page, "h1")) == 1, name
        assert len(tags(page, "main")) == 1, name
        assert tags(page, "html")[0].get("lang") == "en"
        # Servers show it at any address.
        here = BASE + ("no/such/place.html" if name == "404.html" else name)
        for target in links(page):
            if target.startswith("#"):
                assert f'id="{target[1:]}"' in real.text(name), target
                continue
            parts = urlsplit(urljoin(here, target))
            if f"{parts.scheme}://{parts.netloc}/" != urljoin(BASE, "/"):
                assert parts.scheme in {"http", "https"}, target
                continue
            inside = parts.path.removeprefix("/pfocr/") or "index.html"
            inside += "index.html" if inside.endswith("/") else ""
            assert (real.out / inside).is_file(), (name, target)
            if inside not in reached and inside.endswith(".html"):
                reached.add(inside)
                waiting.append(inside)
    # Without scripts too, each page is found by following links.
    assert reached == {path.relative_to(real.out).as_posix() for path in pages}


def test_lists_over_several_pages_are_reached_and_valid(large: Made) -> None:
    first = parsed(large.text("genes/ncbigene-1000.html"))
    assert "1,300 figures" in text_of(first)
    assert "ncbigene-1000-2.html" in set(links(first))
    seen: list[str] = []
    for name in ("", *(f"-{page}" for page in range(2, 8))):
        text = large.text(f"genes/ncbigene-1000{name}.html")
        parsed(text)
        seen += re.findall(r'href="\.\./figures/([^"]+)\.html"', text)
    assert len(seen) == FIGURES
    assert seen == sorted(seen, key=lambda figid: (-titles()[figid][1], figid))
    assert not (large.out / "genes/ncbigene-1000-8.html").exists()
    index = parsed(large.text("genes/index.html"))
    assert {"letter-g.html", "ncbigene-1000.html"} <= set(links(index))
    parsed(large.text("genes/letter-g.html"))
    names = [
        name
        for page in ("", "-2", "-3")
        for name in re.findall(
            r'href="(ncbigene-\d+)\.html"', large.text(f"genes/letter-g{page}.html")
        )
    ]
    assert len(names) == len(set(names)) == GENES


def test_pages_may_load_nothing_from_elsewhere(real: Made) -> None:
    for path in real.out.rglob("*.html"):
        page = parsed(path.read_text("utf-8"))
        (policy,) = [
            meta.get("content")
            for meta in tags(page, "meta")
            if meta.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        for name, attribute in (("script", "src"), ("img", "src"), ("iframe", "src")):
            for element in tags(page, name):
                assert not (element.get(attribute) or "").startswith(("http", "//")), path
        for element in page.iter():
            assert not any(name.startswith("on") or name == "style" for name in element.attrib)


# Sitemaps.


def test_sitemaps_name_every_page_and_none_is_too_long(real: Made, tmp_path: Path) -> None:
    build(SiteOptions(real.release, BASE, tmp_path, sitemap_urls=50))
    index = ET.fromstring((tmp_path / "sitemap.xml").read_bytes())
    names = [loc.text or "" for loc in index.iter(f"{SITEMAP}loc")]
    assert len(names) > 3
    urls = []
    for name in names:
        urlset = ET.fromstring((tmp_path / name.removeprefix(BASE)).read_bytes())
        some = [loc.text or "" for loc in urlset.iter(f"{SITEMAP}loc")]
        assert 1 <= len(some) <= 50
        urls += some
    pages = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    expected = {re.sub(r"(^|/)index\.html$", r"\1", name) for name in pages - {"404.html"}}
    assert len(urls) == len(set(urls))
    assert set(urls) == {BASE + name for name in expected}
    assert f"Sitemap: {BASE}sitemap.xml\n" in (tmp_path / "robots.txt").read_text()


# Making it again.


def test_nothing_is_written_when_nothing_changed(
    real: Made, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    out = tmp_path / "site"
    assert "unchanged  0 files" in site(run, real.release, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    (out / "mine.txt").write_text("mine")
    journal = out / ".rdfexport-site-files"
    said = site(run, real.release, out)
    assert "written    0 files" in said
    assert "removed    0 files" in said
    after = {path: path.stat().st_mtime_ns for path in before}
    assert {path for path in before if before[path] != after[path]} <= {journal}
    assert (out / "mine.txt").read_text() == "mine"
    assert snapshot(real.out) == {k: v for k, v in snapshot(out).items() if k != "mine.txt"}


def test_only_what_changed_is_written_and_what_vanished_is_removed(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    old = {
        **document("PMC1__a", "First", 2001, {"1": "AAA"}),
        **document("PMC2__b", "Second", 2002, {"2": "BBB"}),
        **document("PMC3__c", "Third", 2003, {"3": "CCC"}),
    }
    new = {
        **document("PMC1__a", "First", 2001, {"1": "AAA"}),
        **document("PMC2__b", "Second, mended", 2002, {"2": "BBB"}),
    }
    out = tmp_path / "site"
    site(run, make_release(old, tmp_path / "old"), out)
    (out / "figures" / "PMC9__mine.html").write_text("mine")
    before = snapshot(out)
    times = {name: (out / name).stat().st_mtime_ns for name in before}
    site(run, make_release(new, tmp_path / "new"), out)
    after = snapshot(out)
    gone = before.keys() - after.keys()
    assert gone == {
        "figures/PMC3__c.html",
        "figures/PMC3__c.jsonld",
        "figures/PMC3__c.ttl",
        "genes/ncbigene-3.html",
        "years/2003.html",
    }
    assert after["figures/PMC9__mine.html"] == b"mine"
    written = {name for name in after if (out / name).stat().st_mtime_ns != times.get(name)}
    assert written - {".rdfexport-site-files"} == {
        name for name in after.keys() & before.keys() if after[name] != before[name]
    } - {".rdfexport-site-files"}
    assert "figures/PMC1__a.html" not in written
    assert "figures/PMC2__b.html" in written
    fresh = tmp_path / "fresh"
    site(run, make_release(new, tmp_path / "again"), fresh)
    assert snapshot(fresh) == {k: v for k, v in after.items() if k != "figures/PMC9__mine.html"}


def test_a_site_that_was_stopped_is_brought_to_its_end(real: Made, tmp_path: Path) -> None:
    options = SiteOptions(real.release, BASE, tmp_path / "site")
    for last in (3, 15, 25):

        def stop(done: int, last: int = last) -> None:
            if done == last:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            build(options, on_progress=stop)
        left = snapshot(options.out)
        assert not [name for name in left if name.endswith((".partial", "-index"))]
        journal = left.get(".rdfexport-site-files", b"").decode().splitlines()
        assert {name for name in left if not name.startswith(".")} <= set(journal)
    (options.out / "figures" / f"{SEED}.html.partial").write_text("half of an earlier run")
    build(options)
    assert snapshot(options.out) == snapshot(real.out)


def test_the_journal_leads_to_no_file_that_is_not_ours(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    out, other = tmp_path / "site", tmp_path / "other.html"
    release = make_release(document("PMC1__a", "First"), tmp_path)
    site(run, release, out)
    other.write_text("other")
    (out / ".hidden").write_text("hidden")
    with (out / ".rdfexport-site-files").open("a") as journal:
        journal.write(f"../other.html\n{other}\n.hidden\nfigures/../../other.html\n\n")
    site(run, release, out)
    assert other.read_text() == "other"
    assert (out / ".hidden").read_text() == "hidden"


def test_a_link_in_the_folder_is_replaced_not_followed(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    out, other, same = tmp_path / "site", tmp_path / "other", tmp_path / "same"
    release = make_release(document("PMC1__a", "First"), tmp_path)
    site(run, release, out)
    other.write_text("other")
    (out / "index.html").unlink()
    (out / "index.html").symlink_to(other)
    (out / "404.html").rename(same)
    (out / "404.html").symlink_to(same)
    site(run, release, out)
    assert other.read_text() == "other"
    assert not (out / "index.html").is_symlink()
    assert not (out / "404.html").is_symlink()


# What others wrote is not trusted.


def test_a_hostile_title_is_text_everywhere(real: Made) -> None:
    shown = " ".join(TITLE.split())
    page = parsed(real.text(f"figures/{HOSTILE}.html"))
    assert text_of(tags(page, "h1")[0]) == shown
    assert text_of(tags(page, "title")[0]) == shown
    lists = [path for path in real.out.rglob("*.html") if HOSTILE in path.read_text("utf-8")]
    assert len(lists) > 5
    for path in lists:
        page = parsed(path.read_text("utf-8"))
        assert not tags(page, "b"), path
        assert all(
            script.get("type") == "application/ld+json" or script.get("src")
            for script in tags(page, "script")
        )


def test_no_character_makes_a_page_invalid_or_its_document_another(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    title = "\x01\x0b\x7f\x85\ufffe\U0001ffff\u2028</script><!-- <script> -->\x00 \u202e ]]> &amp;"
    files = document("PMC1__a", title, None, {"1": title})
    site(run, make_release(files, tmp_path), tmp_path / "site")
    for path in (tmp_path / "site").rglob("*.html"):
        parsed(path.read_text("utf-8"))
    text = (tmp_path / "site/figures/PMC1__a.html").read_text("utf-8")
    (script,) = tags(parsed(text), "script")
    assert json.loads(script.text) == json.loads(files["PMC1__a.jsonld"])


@pytest.mark.parametrize(
    "name",
    [
        "../../../evil.jsonld",
        "/tmp/evil.jsonld",
        "core/PMC1__..\\evil.jsonld",
        "core/.jsonld",
        "core/PMC1__a/..jsonld",
        "core/index.jsonld",
        "core/PMC1__\u0661.jsonld",
    ],
)
def test_a_file_that_is_no_figure_s_is_refused(
    run: Callable[..., Outcome], tmp_path: Path, name: str
) -> None:
    release = make_release(document("PMC1__a", "First"), tmp_path / "release")
    with zipfile.ZipFile(next(release.glob("jsonld/*.zip")), "a") as archive:
        archive.writestr(name, document("PMC1__a", "First")["PMC1__a.jsonld"])
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    done = run("site", release, "--base-url", BASE, "--out", tmp_path / "site")
    assert done.code == 2
    assert "not the name of a figure" in done.stderr
    assert "\x1b" not in done.stderr
    left = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert all((tmp_path / "site") in path.parents for path in left)


def other_document(release: Path) -> None:
    _repack(release, "jsonld", {"core/PMC1__a.jsonld": document("PMC2__b", "B")["PMC2__b.jsonld"]})


def no_json(release: Path) -> None:
    _repack(release, "jsonld", {"core/PMC1__a.jsonld": b"[1, 2"})


def odd_json(release: Path) -> None:
    text = b'{"@id": "https://x/PMC1__a.html", "mentions": ["MTOR"]}'
    _repack(release, "jsonld", {"core/PMC1__a.jsonld": text})


def no_turtle(release: Path) -> None:
    _repack(release, "rdf", {})


def no_triples(release: Path) -> None:
    _repack(release, "rdf", {"core/PMC1__a.ttl": b"a b c"})


def too_much_turtle(release: Path) -> None:
    _repack(release, "rdf", {"core/PMC1__a.ttl": b"", "core/PMC2__b.ttl": b""})


def flipped(release: Path) -> None:
    archive = next(release.glob("jsonld/*.zip"))
    data = bytearray(archive.read_bytes())
    data[80] ^= 0xFF
    archive.write_bytes(data)


def cut(release: Path) -> None:
    archive = next(release.glob("jsonld/*.zip"))
    archive.write_bytes(archive.read_bytes()[:100])


def no_archive(release: Path) -> None:
    next(release.glob("jsonld/*.zip")).unlink()


def no_facts(release: Path) -> None:
    (release / "release.json").unlink()


def _repack(release: Path, folder: str, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(next(release.glob(f"{folder}/*.zip")), "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (other_document, "the document of https://pfocr.wikipathways.org/figures/PMC2__b.html"),
        (no_json, "not a document that rdfexport wrote"),
        (odd_json, "not a document that rdfexport wrote"),
        (no_turtle, "PMC1__a: the release has no Turtle of it"),
        (too_much_turtle, "PMC2__b.ttl': no JSON-LD document goes with it"),
        (no_triples, "core/PMC1__a.ttl': "),
        (flipped, "damaged"),
        (cut, "damaged"),
        (no_archive, "No such file"),
        (no_facts, "not a release"),
    ],
)
def test_a_release_that_is_not_whole_is_refused(
    run: Callable[..., Outcome], tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    release = make_release(document("PMC1__a", "First"), tmp_path)
    damage(release)
    done = run("site", release, "--base-url", BASE, "--out", tmp_path / "site")
    assert done.code == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org/", "https://", "https://x/?a", "https://x/'y", ""]
)
def test_an_address_that_is_none_is_refused(
    run: Callable[..., Outcome], tmp_path: Path, url: str
) -> None:
    done = run("site", tmp_path, "--base-url", url, "--out", tmp_path / "site")
    assert done.code == 2
    assert "--base-url" in done.stderr
    assert not (tmp_path / "site").exists()


def test_a_folder_that_cannot_be_written_to_is_named(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    release = make_release(document("PMC1__a", "First"), tmp_path)
    (tmp_path / "file").write_text("")
    done = run("site", release, "--base-url", BASE, "--out", tmp_path / "file" / "site")
    assert done.code == 2
    assert "cannot be written to" in done.stderr


# The index of words.


def test_words_are_found_without_case_accents_and_marks() -> None:
    assert words("The NF-κB/p65 (Sjögren's) of IL-6 in İstanbul, x ½ H₂O \U0001d510tor") == [
        "nf", "κb", "p65", "sjogren", "il", "istanbul", "h2o", "mtor",
    ]  # fmt: skip


def test_however_common_a_word_is_it_takes_little() -> None:
    number = 103_000
    for step in (1, 2, 5, 50, 1_000):
        assert len(packed(list(range(0, number, step)), number)) <= number / 6 + 2
    assert len(packed(list(range(0, number, 1_000)), number)) < 250
    assert packed([], 10) == ""


@pytest.mark.parametrize(
    ("last", "first", "between"),
    [
        ("", "gene", "g"),
        ("gene", "genes", "genes"),
        ("gene", "mtor", "m"),
        ("genes", "genome", "geno"),
        ("mtor", "mtorc1", "mtorc"),
    ],
)
def test_a_block_is_told_from_the_one_before_by_few_letters(
    last: str, first: str, between: str
) -> None:
    assert separator(last, first) == between
    assert last < between <= first


def test_no_file_of_the_index_is_large(large: Made) -> None:
    files = list((large.out / "search").rglob("*.json"))
    assert len(files) > 150
    assert max(path.stat().st_size for path in files) < 20_000
    assert len(list((large.out / "search/figures").glob("words-*.json"))) > 2


def test_the_command_says_what_is_missing_without_its_extra(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = ("rdfexport.site", "rdfexport.pages")
    for name in [one for one in sys.modules if one.startswith(rooms)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    done = run("site", tmp_path, "--base-url", BASE)
    assert done.code == 2
    assert "pip install 'rdfexport[site]'" in done.stderr
