"""Statistics of a release, counted on its N-Quads file.

The statistics are those that VoID and the HCLS profile name (https://www.w3.org/TR/void/#statistics,
https://www.w3.org/TR/hcls-dataset/#s6_6). Each triple, subject, object or entity counts once in a
part, however many figures have it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from contextlib import closing
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.counting import DistinctCounter
from rdfexport.errors import UnreadableError, is_exhausted, reading_error
from rdfexport.limits import MAX_NAMES, MAX_TRIPLES
from rdfexport.terms import GRAPH_BASE, PREFIXES, SPACES
from rdfexport.untrusted.files import lines, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

PARTS: Final[tuple[str, ...]] = ("core", "wp", "linkset")
ALL: Final[str] = "all"
"""The graph that the parts make together."""

# Links are counted by predicate and identifier space of their objects.
_LINKS: Final = {
    f"<{PREFIXES[prefix]}{name}>".encode(): f"{prefix}:{name}"
    for prefix, name in (
        ("schema", "mentions"),
        ("schema", "isBasedOn"),
        ("skos", "exactMatch"),
        ("skos", "closeMatch"),
    )
}
TARGETS: Final = tuple(
    space.name for space in SPACES.values() if space.registry is not None and space.exported
)
_BASES: Final = tuple((f"<{SPACES[space].base}".encode(), space) for space in TARGETS)
_TYPE: Final = f"<{PREFIXES['rdf']}type>".encode()
_SHARED: Final = {f"<{GRAPH_BASE}{part}>".encode(): part for part in ("wp", "linkset")}
# The spelling that we write; a parser checks the terms.
_LINE: Final = re.compile(
    rb'<[^<>\s]+> <[^<>\s]+> (?:<[^<>\s]+>|"[^\n\r]*"(?:@[A-Za-z0-9-]+|\^\^<[^<>\s]+>)?)'
    rb" <[^<>\s]+> \.\n"
)
# So many lines of the linkset are held at once.
_LINES: Final = 50_000


class Statistics(NamedTuple):
    """Statistics of a part.

    Args:
        triples: Distinct triples.
        subjects: Distinct subjects.
        objects: Distinct objects.
        entities: Distinct subjects that have a class.
        properties: IRI of a property → its triples.
        classes: IRI of a class → its entities.
        links: CURIE of a property, and one of ``TARGETS`` → triples that lead there.
    """

    triples: int
    subjects: int
    objects: int
    entities: int
    properties: Mapping[str, int]
    classes: Mapping[str, int]
    links: Mapping[tuple[str, str], int]


class Measured(NamedTuple):
    """Statistics of a release.

    Args:
        parts: Those of ``PARTS`` that there are, and ``ALL``.
        quads: Lines of the file: a triple that several figures have is in each one's graph.
        graphs: Distinct named graphs.
        example: IRI of the first figure.
    """

    parts: Mapping[str, Statistics]
    quads: int
    graphs: int
    example: str


class NotOursError(UnreadableError):
    """A line of N-Quads is not spelled as in releases.

    Args:
        line: Its number.
        problem: The fault.
    """

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(line, problem)
        self.line = line
        self.problem = problem

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}"


def measure(path: Path) -> Measured:
    """Count the statistics of the gzipped N-Quads file of a release.

    Raises:
        DiskError: It cannot be read.
        UnreadableError: It is not what a release has.
    """
    with closing(_Counts()) as counts:
        try:
            with unpacked(path, ".gz") as file:
                for unit in _units(_ours(lines(file))):
                    counts.take(unit)
        except (OSError, EOFError, ValueError) as error:
            if is_exhausted(error):
                raise
            raise reading_error(error)(f"{path}: not the N-Quads of a release ({error})") from error
        return counts.measured()


def _ours(found: Iterable[bytes]) -> Iterator[bytes]:
    """Check that lines are spelled as in releases, so that they can be split at spaces.

    Raises:
        NotOursError: One is not.
    """
    for number, line in enumerate(found, 1):
        if _LINE.fullmatch(line) is None:
            problem = "not a quad as releases have it: four terms, a blank after each, and a point"
            raise NotOursError(number, problem)
        yield line


class _Unit(NamedTuple):
    """A figure's triples by part, and how its own subjects begin; or some of the linkset."""

    own: tuple[bytes, ...]
    parts: dict[str, set[bytes]]
    quads: int
    graph: bytes


def _units(lines: Iterable[bytes]) -> Iterator[_Unit]:
    """The triples of each figure: in its graph, and behind that in the one for WikiPathways."""
    figure: _Unit | None = None
    for graph, block in groupby(lines, lambda line: line.rsplit(b" ", 2)[1]):
        end = -len(graph) - len(b"  .\n")
        part = _SHARED.get(graph, PARTS[0])
        if part != "wp" and figure is not None:
            yield figure
            figure = None
        while some := [line[:end] for line in islice(block, _LINES)]:
            if part == "linkset":
                yield _Unit((), {part: set(some)}, len(some), graph)
                continue
            if figure is not None and figure.quads > MAX_TRIPLES:
                problem = f"a figure has more than {MAX_TRIPLES:,} triples"
                raise UnreadableError(problem)
            if figure is None:
                figure = _Unit((graph, graph[:-1] + b"#"), {}, 0, graph)
            figure.parts.setdefault(part, set()).update(some)
            figure = figure._replace(quads=figure.quads + len(some))
    if figure is not None:
        yield figure


class _Tally:
    """Statistics of some triples: numbers of what no other figure has, and sets of all else."""

    def __init__(self, triples: Iterable[bytes], own: tuple[bytes, ...]) -> None:
        self.numbers: Counter[str] = Counter()
        self.sets: dict[str, Iterable[bytes]] = {}
        own_properties: Counter[bytes] = Counter()
        others: defaultdict[bytes, list[bytes]] = defaultdict(list)
        subjects, objects = set(), set()
        typed: list[tuple[bytes, bytes]] = []
        links: list[tuple[str, bytes, bytes]] = []
        for triple in triples:
            subject, predicate, object_ = triple.split(b" ", 2)
            if subject.startswith(own):
                own_properties[predicate] += 1
            else:
                others[predicate].append(triple)
            subjects.add(subject)
            objects.add(object_)
            if predicate == _TYPE:
                typed.append((object_, subject))
            elif predicate in _LINKS and (space := _space(object_)) is not None:
                links.append((f"link {_LINKS[predicate]} {space}", subject, triple))
        self.numbers.update({f"property {name.decode()}": n for name, n in own_properties.items()})
        self.sets.update({f"property {name.decode()}": some for name, some in others.items()})
        for kind, terms in (
            ("subjects", subjects),
            ("objects", objects),
            ("entities", {subject for _, subject in typed}),
        ):
            self._add(kind, own, ((term, term) for term in terms))
        by_kind: defaultdict[str, list[tuple[bytes, bytes]]] = defaultdict(list)
        for class_, subject in typed:
            by_kind[f"class {class_.decode()}"].append((subject, subject))
        for kind, subject, triple in links:
            by_kind[kind].append((subject, triple))
        for kind, values in by_kind.items():
            self._add(kind, own, values)

    def _add(
        self, kind: str, own: tuple[bytes, ...], values: Iterable[tuple[bytes, bytes]]
    ) -> None:
        """Count values by terms: those of this figure as a number, others as a set."""
        some = list(values)
        others = [value for term, value in some if not term.startswith(own)]
        self.numbers[kind] += len(some) - len(others)
        self.sets[kind] = others


def _space(term: bytes) -> str | None:
    return next((space for base, space in _BASES if term.startswith(base)), None)


class _Counts:
    def __init__(self) -> None:
        self._numbers: dict[str, Counter[str]] = defaultdict(Counter)
        self._distinct = DistinctCounter()
        self._quads = 0
        self._graphs: Counter[str] = Counter()
        self._example: str | None = None

    def close(self) -> None:
        self._distinct.close()

    def take(self, unit: _Unit) -> None:
        self._quads += unit.quads
        for part in unit.parts:
            # A figure has a graph of its own in the core; the others are one for all.
            self._graphs[part] = self._graphs[part] + 1 if part == PARTS[0] else 1
        if self._example is None:
            self._example = unit.graph.decode()[1:-1]
        tally = None
        for part, triples in unit.parts.items():
            tally = _Tally(triples, unit.own)
            self._add(part, tally)
        if len(unit.parts) > 1:
            tally = _Tally(set().union(*unit.parts.values()), unit.own)
        if tally is not None:
            self._add(ALL, tally)

    def _add(self, part: str, tally: _Tally) -> None:
        self._numbers[part].update(tally.numbers)
        if len(self._numbers[part]) > MAX_NAMES:
            raise UnreadableError(f"more than {MAX_NAMES:,} properties and classes")
        for kind, values in tally.sets.items():
            self._distinct.add(f"{part} {kind}", values)

    def measured(self) -> Measured:
        for key, number in self._distinct.counts().items():
            part, _, kind = key.partition(" ")
            self._numbers[part][kind] += number
        if self._example is None:
            raise UnreadableError("the N-Quads of the release are empty")
        parts: dict[str, Statistics] = {
            part: _statistics(self._numbers[part])
            for part in (*PARTS, ALL)
            if part in self._numbers
        }
        return Measured(parts, self._quads, self._graphs.total(), self._example)


def _statistics(numbers: Mapping[str, int]) -> Statistics:
    named: dict[str, dict[str, int]] = {"property": {}, "class": {}, "link": {}}
    for key, number in sorted(numbers.items()):
        kind, _, name = key.partition(" ")
        if kind in named:
            named[kind][name.strip("<>")] = number
    links = {}
    for name, number in named["link"].items():
        predicate, _, space = name.partition(" ")
        links[predicate, space] = number
    return Statistics(
        sum(named["property"].values()),
        numbers["subjects"],
        numbers["objects"],
        numbers["entities"],
        named["property"],
        named["class"],
        links,
    )
