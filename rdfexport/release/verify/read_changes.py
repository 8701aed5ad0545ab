"""Reading the files of changes: patch, updates, table and activities."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.release.diff.change_lists import ACTIVITIES, ACTIVITY_STREAMS, HEADER
from rdfexport.release.diff.compare import SHARED, is_provenance
from rdfexport.release.verify.content import GraphChange, add_quads, graph_name, max_graphs
from rdfexport.release.verify.quad_hashes import QuadLog, WrongChanges, quad_hash, triple_hash
from rdfexport.untrusted.files import lines, unpacked
from rdfexport.untrusted.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from rdfexport.release.verify.content import Content

UPDATE_NAME: Final = re.compile(r"[0-9]{6}\.ru")
"""Names of the members of an archive of updates."""

_ROW: Final = re.compile(r"([^\t]*)\t([a-z]+)\t[^\t]+\t[0-9]+\t[0-9]+\n")
_BEGIN: Final = re.compile(rb"H id <urn:uuid:[^>]+> \.\nH prev <urn:uuid:[^>]+> \.\nTX \.\n")
_END: Final = b"TC .\n"
# Letter of a line of an RDF Patch → what it counts as.
_COUNTED: Final = {"D": "deleted", "A": "inserted"}
_VERBS: Final = {"DELETE DATA {": "D", "INSERT DATA {": "A"}
_GRAPH: Final = re.compile(r"GRAPH (<[^<>]+>) \{")
_HEADER_LINES: Final = 3
_LONGEST_HEADER: Final = 1_000


def read_update(data: bytes, member: str, content: Content) -> None:
    """Read an update that deletes or inserts data; it is not run, as it may be anybody's."""
    first, *lines = data.decode().split("\n")
    if first not in _VERBS or lines[-2:] != ["}", ""]:
        raise ValueError(f"{member} is not an update that deletes or inserts data")
    quads = []
    graph = None
    for line in lines[:-2]:
        if graph is not None:
            quads.append(f"{line.removesuffix('.')} {graph} .\n" if line != "}" else "")
            graph = None if line == "}" else graph
        elif match := _GRAPH.fullmatch(line):
            graph = match[1]
        else:
            raise ValueError(f"a line that does not belong there: {line[:99]!r}")
    letter = _VERBS[first]
    parsed = parse("".join(quads), ox.RdfFormat.N_QUADS)
    named = ((f"{letter} {quad.graph_name}", quad) for quad in parsed)
    content.counts[_COUNTED[letter]] += add_quads(named, content)


def read_patch(path: Path, content: Content, log: Path) -> None:
    """Read an RDF Patch, and append its quads to the logs ``deleted`` and ``inserted``."""
    with (
        unpacked(path, ".gz") as file,
        QuadLog(log, "deleted") as deleted,
        QuadLog(log, "inserted") as inserted,
    ):
        logs = {"D": deleted, "A": inserted}
        begin = b"".join(file.readline(_LONGEST_HEADER) for _ in range(_HEADER_LINES))
        if _BEGIN.fullmatch(begin) is None:
            raise ValueError("it does not begin as an RDF Patch")
        ended = False
        most = max_graphs(path)
        for number, line in enumerate(lines(file), _HEADER_LINES + 1):
            if len(content.changes) > most:
                raise ValueError(f"it changes more than {most:,} graphs")
            if ended:
                raise ValueError("it has content after its end")
            letter, _, rest = line.decode().partition(" ")
            ended = line == _END
            if not ended and letter not in _COUNTED:
                raise ValueError(f"line {number} begins with {letter[:9]!r}")
            if not ended:
                _add_change(letter, rest, content, logs[letter])
        if not ended:
            raise ValueError("it is cut off")


def _add_change(letter: str, text: str, content: Content, log: QuadLog) -> None:
    """Add a line of an RDF Patch to the content."""
    for quad in parse(text, ox.RdfFormat.N_QUADS):
        graph, triple = graph_name(quad), triple_hash(quad)
        content.counts[_COUNTED[letter]] += 1
        content.add_triples(f"{letter} {quad.graph_name}", triple)
        change = content.changes.setdefault(graph, GraphChange())
        if letter == "D":
            change.deleted += 1
        else:
            change.inserted += 1
        change.is_provenance &= is_provenance(quad)
        log.add(graph, triple)


def wrong_lines(path: Path, wrong: WrongChanges) -> Iterator[tuple[int, str]]:
    """Line numbers of wrong changes in a patch, and the problem of each."""
    with unpacked(path, ".gz") as file:
        for number, line in enumerate(lines(file), 1):
            letter, _, rest = line.decode().partition(" ")
            if letter not in _COUNTED:
                continue
            for quad in parse(rest, ox.RdfFormat.N_QUADS):
                known = quad_hash(graph_name(quad), triple_hash(quad))
                if letter == "A" and known in wrong.inserted:
                    yield number, f"inserts what the release does not have: {quad}"
                elif letter == "D" and known in wrong.deleted:
                    yield number, f"deletes what the release has: {quad}"


def _read_table(path: Path, _name: str, content: Content) -> None:
    with path.open("rb") as file:
        if file.readline(_LONGEST_HEADER).decode() != HEADER:
            raise ValueError("its first line is not that of a table of changes")
        for data in lines(file):
            line = data.decode()
            match = _ROW.fullmatch(line)
            if match is None:
                raise ValueError(f"a row is not one of changes: {line[:99]!r}")
            figid, change = match.groups()
            if change != SHARED:
                content.counts[change] += 1
            elif figid:
                raise ValueError("a graph that figures share has a figid")


def _read_activities(path: Path, _name: str, content: Content) -> None:
    kinds = {f"{ACTIVITY_STREAMS}{name}": change for change, name in ACTIVITIES.items()}
    found: Counter[str] = Counter()
    with path.open("rb") as file:
        for quad in parse(file, ox.RdfFormat.TURTLE):
            if isinstance(quad.object, ox.NamedNode) and quad.object.value in kinds:
                found[kinds[quad.object.value]] += 1
    content.counts.update(found)


CHANGES: Final[Mapping[str, Callable[[Path, str, Content], None]]] = {
    "changes": _read_table,
    "changes-rdf": _read_activities,
}
"""Kinds of files that list changes → functions that read them."""
