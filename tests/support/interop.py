"""Parsers and query engines of others, to check that they all read what we write alike.

`tests/tools/setup.sh` installs them. Each has a function that tells why it can't be used, or None.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.paths import ROOT, TESTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# No document of ours is to be read against a base, so what is relative has to stand out.
_NO_BASE = "http://no-base.invalid/"
_RAPPER_COUNT = re.compile(r"Parsing returned (\d+) triples?")


class ToolError(Exception):
    """A parser could not be run, which says nothing about the files."""


@dataclass(frozen=True, slots=True)
class JenaResult:
    """`count` is of distinct triples and quads, up to the first fatal fault."""

    count: int
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JsonLdResult:
    """`nquads` are lines of canonical N-Quads without their line end, none where there is an error.

    jsonld.js writes language tags in lower case.
    """

    nquads: frozenset[str]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class RapperResult:
    """`count` is of statements as they stand in the file, so it counts one written twice twice."""

    count: int
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SssomResult:
    """`mappings` are subject, predicate, object and justification of each, as CURIEs."""

    mappings: frozenset[tuple[str, ...]]
    problems: tuple[str, ...] = ()


def tools() -> Path:
    """The folder that setup.sh installed into."""
    return Path(os.environ.get("RDFEXPORT_TOOLS") or ROOT / ".tools")


def jena_available() -> str | None:
    if shutil.which("java") is None:
        return "Jena: no java on the PATH"
    classes = tools() / "jena" / "classes"
    if not all((classes / f"{program}.class").is_file() for program in ("Riot", "Arq")):
        return "Jena: not installed (make tools)"
    return None


def jena(paths: Sequence[Path]) -> dict[Path, JenaResult]:
    """Parse files with all of Jena's checks: literals against their datatypes, IRIs, UTF-8.

    The file name extension tells the syntax: .ttl, .nt, .nq, .trig or .rdf.
    """
    answers = _ask_of_files([*_java("jena/classes", "jena/lib/*"), "Riot"], paths)
    return {
        path: JenaResult(answer["count"], tuple(answer["messages"]))
        for path, answer in answers.items()
    }


def arq(dataset: str, queries: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Answer queries with Jena 5's ARQ.

    Args:
        dataset: The description of the dataset ``<urn:dataset>``, for Jena's assembler, in Turtle.
        queries: A name for each query, and its text.
        folder: Where the description may be written.

    Returns:
        For each name the answer: SPARQL results in JSON, or N-Triples.
    """
    return _answers(_java("jena/classes", "jena/lib/*"), dataset, queries, folder)


def tdb2_available() -> str | None:
    if (missing := jena_available()) is not None:
        return missing
    if not (tools() / "tdb2" / "lib").is_dir():
        return "Jena TDB2: not installed (make tools)"
    return None


def tdb2_load(store: Path, files: Sequence[Path]) -> None:
    """Load files into a new TDB2 store with Jena's own command, `tdb2.tdbloader`."""
    command = [*_tdb2(), "tdb2.tdbloader", "--loader=phased", "--loc", str(store)]
    _run([*command, *map(str, files)])


def tdb2(store: Path, queries: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Answer queries with Jena 4's ARQ over a TDB2 store, all graphs as one; see ``arq``."""
    dataset = (
        "@prefix tdb2: <http://jena.apache.org/2016/tdb#> .\n"
        f'<urn:dataset> a tdb2:DatasetTDB2 ; tdb2:location "{store}" ;'
        " tdb2:unionDefaultGraph true ."
    )
    return _answers(_tdb2(), dataset, queries, folder)


def _answers(
    java: Sequence[str], dataset: str, queries: Mapping[str, str], folder: Path
) -> dict[str, str]:
    description = folder / "dataset.ttl"
    description.write_text(dataset, encoding="utf-8")
    return _ask_queries([*java, "Arq", str(description)], queries)


def _tdb2() -> list[str]:
    return _java("jena/classes", "tdb2/classes", "tdb2/lib/*")


def _java(*classes: str) -> list[str]:
    path = os.pathsep.join(str(tools() / name) for name in classes)
    # The threads of another collector cost more than they save on two cores.
    return ["java", "-XX:+UseSerialGC", "-cp", path]


def jsonld_js_available() -> str | None:
    if shutil.which("node") is None:
        return "jsonld.js: no node on the PATH"
    if not (tools() / "npm" / "node_modules" / "jsonld" / "package.json").is_file():
        return "jsonld.js: not installed (make tools)"
    return None


def jsonld_js(paths: Sequence[Path], context: Path) -> dict[Path, JsonLdResult]:
    """Turn JSON-LD files into RDF in safe mode, where dropping anything is an error.

    Args:
        paths: The files.
        context: What to read for schema.org's context; no other is loaded. It has a default
            vocabulary, so a term that schema.org lacks is no error where it is used.
    """
    script = TESTS / "tools" / "jsonld_rdf.mjs"
    options = ["--modules", str(tools() / "npm"), "--context", str(context), "--nquads"]
    answers = _ask_of_files(["node", str(script), *options], paths)
    return {
        # str.splitlines would also break at characters that a literal may hold, such as U+2028.
        path: JsonLdResult(
            frozenset(answer.get("nquads", "").split("\n")) - {""}, answer.get("error")
        )
        for path, answer in answers.items()
    }


def comunica_available() -> str | None:
    if shutil.which("node") is None:
        return "Comunica: no node on the PATH"
    module = Path("npm", "node_modules", "@comunica", "query-sparql-file", "package.json")
    if not (tools() / module).is_file():
        return "Comunica: not installed (make tools)"
    return None


def comunica(source: Path | str, queries: Mapping[str, str]) -> dict[str, str]:
    """Answer queries with Comunica, over a file or the endpoint of an address; see ``arq``."""
    script = TESTS / "tools" / "comunica.mjs"
    option = "--file" if isinstance(source, Path) else "--endpoint"
    options = ["--modules", str(tools() / "npm"), option, str(source)]
    return _ask_queries(["node", str(script), *options], queries)


def rapper_available() -> str | None:
    return None if shutil.which("rapper") else "rapper: not on the PATH"


def rapper(path: Path, syntax: str) -> RapperResult:
    """Parse a file with Raptor, which checks syntax but neither datatypes nor relative IRIs.

    Args:
        path: The file.
        syntax: Raptor's name for it: ntriples, nquads, turtle, trig or rdfxml.
    """
    command = ["rapper", "--count", "--input", syntax, "-", _NO_BASE]
    with path.open("rb") as file:
        done = subprocess.run(command, stdin=file, capture_output=True, check=False)
    said = done.stderr.decode(errors="replace").replace(_NO_BASE, "").split("\n")
    counts = [int(match[1]) for line in said if (match := _RAPPER_COUNT.search(line))]
    messages = tuple(
        line.removeprefix("rapper: ")
        for line in said
        if line and "Parsing file" not in line and not _RAPPER_COUNT.search(line)
    )
    if len(counts) != 1 or (done.returncode != 0 and not messages):
        raise ToolError(f"rapper ended with {done.returncode}: {' '.join(said)}")
    return RapperResult(counts[0], messages)


def sssom_available() -> str | None:
    if not (tools() / "sssom" / "installed").is_file():
        return "sssom: not installed (make tools)"
    return None


def sssom(path: Path) -> SssomResult:
    """Read a SSSOM/TSV file with the library of the standard's makers, and validate it."""
    script = TESTS / "tools" / "read_sssom.py"
    command = [str(tools() / "sssom" / "bin" / "python"), str(script), str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        raise ToolError(f"sssom ended with {done.returncode}: {done.stderr.decode()}")
    answer = json.loads(done.stdout)
    return SssomResult(frozenset(map(tuple, answer["mappings"])), tuple(answer["problems"]))


def gseapy_available() -> str | None:
    if not (tools() / "gseapy" / "installed").is_file():
        return "gseapy: not installed (make tools)"
    return None


def gseapy(path: Path) -> dict[str, list[str]]:
    """Read a GMT file as the library for enrichment analysis does: name of a set → its members."""
    script = TESTS / "tools" / "read_gmt.py"
    command = [str(tools() / "gseapy" / "bin" / "python"), str(script), str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        raise ToolError(f"gseapy ended with {done.returncode}: {done.stderr.decode()}")
    answer: dict[str, list[str]] = json.loads(done.stdout)
    return answer


def _ask_of_files(command: Sequence[str], paths: Sequence[Path]) -> dict[Path, dict[str, Any]]:
    """Run a tool that reads paths, one a line, and answers each with a line of JSON."""
    answers = _ask(command, map(str, paths))
    if [answer["path"] for answer in answers] != [str(path) for path in paths]:
        raise ToolError(f"{command[0]} did not answer for each file")
    return dict(zip(paths, answers, strict=True))


def _ask_queries(command: Sequence[str], queries: Mapping[str, str]) -> dict[str, str]:
    """Run a tool that reads queries, an object a line, and answers each with a line of JSON."""
    requests = ({"name": name, "query": text} for name, text in queries.items())
    answers = _ask(command, map(json.dumps, requests))
    if [answer["name"] for answer in answers] != list(queries):
        raise ToolError(f"{command[0]} did not answer each query")
    failed = [f"{answer['name']}: {answer['error']}" for answer in answers if "error" in answer]
    if failed:
        raise ToolError("\n".join(failed))
    return {answer["name"]: answer["answer"] for answer in answers}


def _ask(command: Sequence[str], lines: Iterable[str]) -> list[dict[str, Any]]:
    answer = _run(command, "".join(f"{line}\n" for line in lines))
    return [json.loads(line) for line in answer.split(b"\n") if line]


def _run(command: Sequence[str], text: str = "") -> bytes:
    done = subprocess.run(
        command,
        input=text.encode(),
        capture_output=True,
        check=False,
        # In the plain C locale Java can't open a file whose name is not ASCII.
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    if done.returncode != 0:
        raise ToolError(f"{command[0]} ended with {done.returncode}: {done.stderr.decode()}")
    return done.stdout
