"""What the tests of sites share: releases made from exports or documents, and sites of them."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rdfexport.cli import main
from rdfexport.release.model import FOLDER, Release, ReleaseFile
from support.querying import collect

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "https://example.org/pfocr/"
VERSION = "20261110"
FIGURES = 1_300
GENES = 450
"""Of the large release."""


def export(source: Path, out: Path) -> dict[str, bytes]:
    """Records as Turtle and JSON-LD: file name → content."""
    main(
        ["export", str(source), "--out", str(out), "--quiet", "--jobs", "1"], standalone_mode=False
    )
    return {path.name: path.read_bytes() for path in sorted((out / "core").iterdir())}


def make_release(files: Mapping[str, bytes], root: Path, version: str = VERSION) -> Path:
    """A release with what a site needs.

    Args:
        files: Name of a figure's file → content.
        root: Where releases are published.
        version: Its version.
    """
    folder = root / FOLDER / version
    packed = []
    for path, kind, ending, media in (
        (f"rdf/pfocr-{version}-rdf-core.zip", "core", ".ttl", "text/turtle"),
        (f"jsonld/pfocr-{version}-jsonld.zip", "jsonld", ".jsonld", "application/ld+json"),
    ):
        archive = folder / path
        archive.parent.mkdir(parents=True, exist_ok=True)
        members = {name: data for name, data in files.items() if name.endswith(ending)}
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as into:
            for name, data in members.items():
                # Not dated by the clock: the same files make the same archive.
                into.writestr(zipfile.ZipInfo(f"core/{name}"), data, zipfile.ZIP_DEFLATED)
        packed.append(
            ReleaseFile(
                path=path,
                kind=kind,
                title=f"Figures as {media}",
                media_type=media,
                package="application/zip",
                size=archive.stat().st_size,
                sha256=hashlib.sha256(archive.read_bytes()).hexdigest(),
                counts={"figures": len(members)},
            )
        )
    (folder / "dataset.jsonld").write_text(
        '{"@context": "https://schema.org/", "@type": "Dataset", "name": "PFOCR </script> & co"}\n'
    )
    Release(
        folder=folder,
        version=version,
        base_url="https://data.example.org/",
        figures=packed[0].counts["figures"],
        rejected=0,
        files=tuple(packed),
        tool_version="0.1.0",
    ).save()
    return folder


def document(
    figid: str, title: str, year: int | None = 2020, genes: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """A small figure's two files; ``genes`` are numbers and symbols."""
    pmcid = figid.partition("__")[0]
    article = {"@id": f"https://identifiers.org/pmc/{pmcid}", "@type": "ScholarlyArticle"}
    if year is not None:
        article["datePublished"] = str(year)
    figure: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@id": f"https://pfocr.wikipathways.org/figures/{figid}.html",
        "@type": "Dataset",
        "name": title,
        "image": {"@type": "ImageObject", "isPartOf": article},
        "citation": {"@id": article["@id"]},
        "mentions": [
            {"@id": f"https://identifiers.org/ncbigene/{number}", "@type": "Gene", "name": symbol}
            for number, symbol in (genes or {}).items()
        ],
    }
    data = json.dumps(figure, ensure_ascii=False).encode()
    return {f"{figid}.jsonld": data, f"{figid}.ttl": f"# {figid}\n".encode()}


def site(run: Any, release: Path, out: Path, base_url: str = BASE) -> str:
    """Make a site through the command line; gives what it says in the end."""
    done = run("site", release, "--base-url", base_url, "--out", out)
    assert done.code == 0, done.stderr
    return str(done.stderr)


def snapshot(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Made:
    """A release and the site of it; ``files`` are those of its figures."""

    def __init__(self, root: Path, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.release = make_release(files, root)
        # Under a prefix, as a site may be.
        self.out = root / "published" / "pfocr"
        arguments = ["site", str(self.release), "--base-url", BASE, "--out", str(self.out), "-q"]
        main(arguments, standalone_mode=False)

    @property
    def figids(self) -> list[str]:
        return sorted(Path(name).stem for name in self.files if name.endswith(".ttl"))

    def text(self, name: str) -> str:
        return (self.out / name).read_text("utf-8")


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The site of the examples, of a paper with two figures, and of a title that would harm."""
    root = tmp_path_factory.mktemp("site")
    return Made(root, export(collect(root / "records"), root / "export"))


def titles() -> dict[str, tuple[str, int, dict[str, str]]]:
    """The figures of the large release: title, year, genes."""
    nouns = ("growth", "Signaling", "naïve transport", "repair", "apoptosis", "β-catenin", "IL-6")
    return {
        f"PMC{7_000_000 + n // 2}__f{n}": (
            f"{nouns[n % 7]} of {nouns[n * n % 5]} in cells, part {n}",
            2000 + n % 3,
            {str(1000 + k): f"GEN{k}" for k in (0, n % GENES, (7 * n) % GENES)},
        )
        for n in range(FIGURES)
    }


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The site of many small figures, whose lists and words take several files each."""
    files: dict[str, bytes] = {}
    for figid, (title, year, genes) in titles().items():
        files |= document(figid, title, year, genes)
    return Made(tmp_path_factory.mktemp("large"), files)
