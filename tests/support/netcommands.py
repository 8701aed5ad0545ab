"""Every command that makes requests, each with a real server that answers it well."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import lzma
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from click.testing import CliRunner

from rdfexport.cli import main
from rdfexport.references import snapshot
from rdfexport.references.tables import SOURCES, TABLES
from support.catalogs import EMAIL, PASSWORD, ZENODO_TOKEN, Catalog, served, small_release
from support.records import Collection, Outcome
from support.servers import Server, oxigraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

FIGID, VERSION = "PMC1__f1", "20261110"
HGNC = (
    "hgnc_id symbol name locus_group status alias_symbol prev_symbol entrez_id ensembl_gene_id"
    " uniprot_ids\nHGNC:3942 MTOR MTOR gene Approved RAFT1 FRAP1 2475 ENSG1 P42345\n"
).replace(" ", "\t")
RESULTS = "application/sparql-results+json"


def run(*arguments: object) -> Outcome:
    """Call the command line within this process; an exception that it lets through is raised."""
    result = CliRunner().invoke(main, [str(word) for word in arguments], catch_exceptions=False)
    return Outcome(result.exit_code, result.stdout, result.stderr)


@dataclass(frozen=True)
class Command:
    """A command, and the server for it.

    ``words`` gives its words for the address of a server, without a slash at its end; ``behind`` is
    the port of one that answers well. ``media`` is the type of what that answers. ``begin`` makes
    the server ready, which shall call itself by an address.
    """

    words: Callable[[str], tuple[object, ...]]
    behind: int
    media: str
    begin: Callable[[str], object] = lambda _url: None

    def __call__(self, url: str) -> Outcome:
        self.begin(url)
        return run(*self.words(url))


@dataclass(frozen=True)
class Backends:
    """What all tests share: a folder that is served, stores, catalogs, and a release to submit."""

    folder: Path
    files: int
    full: Server
    empty: Server
    fdp: Catalog
    index: Catalog
    zenodo: Catalog
    release: Path

    @property
    def records(self) -> Path:
        return self.folder / "records"

    def published(self, path: str) -> str:
        return f"http://127.0.0.1:{self.files}/{path}"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def answering(handler: Callable[..., http.server.BaseHTTPRequestHandler]) -> Iterator[int]:
    """A server that answers as a handler does, on the port that is given."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    with answering(functools.partial(_Quiet, directory=str(folder))) as port:
        yield port


@contextmanager
def running(folder: Path) -> Iterator[Backends]:
    """Start all servers, which keep what they have in a folder."""
    served_folder, full_folder, empty_folder = (
        folder / name for name in ("served", "full", "empty")
    )
    for path in (served_folder / "fdp", full_folder, empty_folder):
        path.mkdir(parents=True)
    with (
        serving(served_folder) as files,
        oxigraph(full_folder) as full,
        oxigraph(empty_folder) as empty,
        served("fdp") as fdp,
        served("index") as index,
        served("zenodo") as zenodo,
    ):
        release = small_release(folder / "release")
        backends = Backends(served_folder, files, full, empty, fdp, index, zenodo, release)
        Collection(backends.records).add(FIGID)
        (served_folder / "hgnc.txt").write_text(HGNC)
        once = ("--no-validate", "--jobs", "1", "--quiet")
        to = f"fdp-static:{served_folder / 'fdp'}"
        for words in (
            ("release", backends.records, "--version", VERSION, "--out", served_folder, *once),
            ("load", backends.records, *full.options, *once),
            ("submit", release, "--to", to, "--fdp-url", backends.published("fdp/")),
        ):
            outcome = run(*words)
            assert outcome.code == 0, outcome.stderr
        yield backends


def _export(backends: Backends, out: Path) -> Command:
    record = f"records/_figures/{FIGID}.md"
    options = ("--out", out, "--jobs", "1", "--no-validate", "--quiet")
    return Command(lambda url: ("export", f"{url}/{record}", *options), backends.files, "")


def _verify(backends: Backends, _: Path) -> Command:
    options = ("--no-shacl", "--jobs", "1", "--quiet")
    return Command(lambda url: ("verify", f"{url}/pfocr/{VERSION}", *options), backends.files, "")


def _release(backends: Backends, out: Path) -> Command:
    options = ("--version", "20261210", "--out", out, "--jobs", "1", "--no-validate")
    words = ("release", backends.records, *options, "--quiet", "--previous")
    return Command(lambda url: (*words, f"{url}/pfocr/{VERSION}"), backends.files, "")


def _references(backends: Backends, _: Path) -> Command:
    words = ("references", "update", "--only", "hgnc", "--quiet", "--url")
    return Command(lambda url: (*words, f"hgnc={url}/hgnc.txt"), backends.files, "")


def _load(backends: Backends, _: Path) -> Command:
    options = ("--jobs", "1", "--no-validate", "--quiet")
    words = ("load", backends.records, *options, "--endpoint")
    return Command(
        lambda url: (*words, url), backends.empty.port, RESULTS, lambda _url: backends.empty.empty()
    )


def _query(backends: Backends, _: Path) -> Command:
    def words(url: str) -> tuple[object, ...]:
        return "query", "organisms", "--endpoint", f"{url}/query"

    return Command(words, backends.full.port, RESULTS)


def _validate(backends: Backends, _: Path) -> Command:
    def words(url: str) -> tuple[object, ...]:
        return "validate", "--endpoint", f"{url}/query", "--quiet"

    return Command(words, backends.full.port, RESULTS)


def _submission(
    backends: Backends,
    target: str,
    behind: int,
    media: str,
    begin: Callable[[str], object],
    *options: object,
) -> Command:
    words = ("submit", backends.release, *options, "--quiet", "--to")
    return Command(lambda url: (*words, f"{target}:{url}"), behind, media, begin)


def _port(catalog: Catalog) -> int:
    return urlsplit(catalog.url).port or 0


def _fdp(backends: Backends, _: Path) -> Command:
    fdp = backends.fdp
    return _submission(
        backends, "fdp", _port(fdp), "text/turtle", lambda url: fdp.reset(persistent=url)
    )


def _index(backends: Backends, _: Path) -> Command:
    index, fdp_url = backends.index, ("--fdp-url", backends.published("fdp/"))
    return _submission(
        backends, "fdp-index", _port(index), "application/json", lambda _: index.reset(), *fdp_url
    )


def _zenodo(backends: Backends, _: Path) -> Command:
    zenodo = backends.zenodo
    return _submission(
        backends, "zenodo", _port(zenodo), "application/json", lambda url: zenodo.reset(url=url)
    )


def _sparql(backends: Backends, _: Path) -> Command:
    store = backends.empty
    return _submission(backends, "sparql", store.port, RESULTS, lambda _: store.empty())


_MAKE: dict[str, Callable[[Backends, Path], Command]] = {
    "export": _export,
    "verify": _verify,
    "release --previous": _release,
    "references update": _references,
    "load": _load,
    "query": _query,
    "validate": _validate,
    "submit fdp": _fdp,
    "submit fdp-index": _index,
    "submit zenodo": _zenodo,
    "submit sparql": _sparql,
}
NAMES = tuple(_MAKE)


def make(name: str, backends: Backends, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """A command of ``NAMES``, with a state and tables of its own in a folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    monkeypatch.setattr("rdfexport.submit.fdp_index.POLL_SECONDS", 0.05)
    if name == "submit zenodo":
        monkeypatch.setenv("RDFEXPORT_TOKEN", ZENODO_TOKEN)
    elif name == "submit fdp":
        monkeypatch.setenv("RDFEXPORT_USER", EMAIL)
        monkeypatch.setenv("RDFEXPORT_PASSWORD", PASSWORD)
    elif name == "references update":
        _small_tables(folder, monkeypatch)
    return _MAKE[name](backends, folder / "out")


def _small_tables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of one row, so that an update with one is taken for a whole one."""
    package = folder / "package"
    package.mkdir()
    for name, table in TABLES.items():
        row = "1" if name == "taxonomy" else "x"
        text = "\t".join(table.columns) + "\n" + "\t".join(row for _ in table.columns) + "\n"
        (package / f"{name}.tsv.xz").write_bytes(lzma.compress(text.encode()))
        digest = hashlib.sha256(text.encode()).hexdigest()
        said = {"source": "", "date": "2020-01-01", "rows": 1, "licence": "", "sha256": digest}
        (package / f"{name}.json").write_text(json.dumps(said))
    monkeypatch.setattr(snapshot, "folder", lambda: package)
    monkeypatch.setenv("RDFEXPORT_CACHE", str(folder / "cache"))
    source = replace(SOURCES["hgnc"], least=1)
    monkeypatch.setitem(SOURCES, "hgnc", source)
    monkeypatch.setitem(TABLES, "hgnc", replace(TABLES["hgnc"], sources=(source,)))
