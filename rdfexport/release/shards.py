"""Shards: what a release says of some figures, compressed and ready to be joined.

A worker process writes a shard for each task. It holds the digest of all that it was made from, so
a release that was stopped takes what is there and goes on.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from contextlib import suppress
from dataclasses import astuple, dataclass, fields, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Self

import orjson

from rdfexport.errors import InvalidGraphError, RecordError
from rdfexport.model import Finding, LocatedResult, Location, Severity
from rdfexport.model import Result as ShaclResult
from rdfexport.pipeline import GraphOptions
from rdfexport.pipeline.worker import Output, RecordWorker, Result
from rdfexport.release import genesets, mentions
from rdfexport.release.joined import Chunk, Deflater, Packer
from rdfexport.version import __version__
from rdfexport.write import FORMATS, OutputFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rdfexport.graph import Node
    from rdfexport.mapping import View
    from rdfexport.pipeline.records import ReferenceDatabase
    from rdfexport.pipeline.worker import Task
    from rdfexport.read import Entry
    from rdfexport.write import Serializer

ZIPS: Final = {"core": ("core", "turtle"), "wp": ("wp", "turtle"), "jsonld": ("core", "jsonld")}
"""Name of an archive of files, one a figure → the part they are of, and their format."""
TEXTS: Final = ("ntriples", "nquads")
"""The formats that hold all in one text."""

_LABEL = re.compile(r"_:[A-Za-z0-9]+")
_KEY: Final = "key"
_RESULT: Final = "result.json"
_MENTIONS: Final = "mentions.arrow"
_SETS: Final = "sets.json"


@dataclass(frozen=True, slots=True)
class ShardOptions(GraphOptions):
    """What shards hold, and where they are written.

    Args:
        folder: Their folder.
        day: Year, month and day of the release.
        sets: Which gene sets there are.
    """

    folder: Path
    day: tuple[int, int, int]
    sets: genesets.SetOptions

    @property
    def key(self) -> str:
        """What decides on the bytes of a shard, beside its records."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return repr({**named, "folder": None, "jobs": None, "version": __version__})


class ShardWorker(RecordWorker):
    """Makes shards, or finds them made.

    Args:
        options: What they hold.
        shapes: The shapes as N-Triples, if the figures shall be validated.
        references: The reference tables, if the figures shall be linked.

    Raises:
        CallError: The reference tables were replaced meanwhile.
    """

    def __init__(
        self, options: ShardOptions, *, shapes: str | None, references: ReferenceDatabase | None
    ) -> None:
        super().__init__(options, shapes, references)
        self._shard_options = options
        tables = None if references is None else references.tables
        rules = (options.key, _relabelled(shapes or ""), tables)
        self._key = hashlib.sha256(repr(rules).encode()).digest()
        prefixes = self._mapper.vocabulary.prefixes
        self._single = {
            name: FORMATS[form].serializer(prefixes, many=False) for name, (_, form) in ZIPS.items()
        }
        self._joined = {form: FORMATS[form].serializer(prefixes, many=True) for form in TEXTS}

    def run(self, task: Task, should_stop: Callable[[], bool]) -> Result:
        """Make the shard of a task, or take it as it is.

        Raises:
            RecordError: In strict mode, the first fault.
            CallError: It cannot be written.
            StoppedError: The work was asked to stop; no shard is left half.
        """
        assert task.shard is not None
        path = shard_path(self._shard_options.folder, task.shard)
        key = _digest(self._key, task.entries)
        # A damaged shard is made anew.
        with (
            suppress(OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError),
            Shard(path) as s,
        ):
            if s.key == key:
                return s.result()
        result = super().run(task, should_stop)
        with OutputFile(path) as file:
            file.write_bytes(self._made.data(key, result))
        return result

    def output(self, _task: Task, result: Result) -> Output:
        self._made = _Made(self._shard_options, self._single, self._joined, result)
        return self._made


class _Made(Output):
    """The content of a shard in the making."""

    shard = None

    def __init__(
        self,
        options: ShardOptions,
        single: Mapping[str, Serializer],
        joined: Mapping[str, Serializer],
        result: Result,
    ) -> None:
        self._options = options
        self._single, self._joined = single, joined
        self._result = result
        self._zips = {name: Packer(options.day) for name in ZIPS}
        self._texts = {form: Deflater() for form in TEXTS}
        self._rows: list[mentions.Row] = []
        self._sets: list[genesets.FigureSets] = []

    def __exit__(self, *_: object) -> None:
        pass

    def add(self, part: str, figid: str, graph: str, nodes: Sequence[Node]) -> None:
        if not nodes:
            return
        for name, (of, form) in ZIPS.items():
            if of == part:
                file = self._single[name]
                text = file.header() + file.figure(graph, nodes) + file.footer()
                self._zips[name].add(f"{part}/{figid}{FORMATS[form].extension}", text)
        for form, deflater in self._texts.items():
            deflater.add(self._joined[form].figure(graph, nodes))

    def exported(self, view: View) -> None:
        alias = genesets.figure_alias(view.record)
        sets, findings = genesets.figure_sets(view, alias, self._options.sets)
        self._sets.append(sets)
        self._result.findings += findings
        self._rows += mentions.rows(view, alias.name)

    def data(self, key: bytes, result: Result) -> bytes:
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as shard:
            shard.writestr(_KEY, key)
            shard.writestr(_RESULT, _packed(result))
            for name, archive in self._zips.items():
                shard.writestr(name, archive.data())
            for form, text in self._texts.items():
                data, *about = text.chunk()
                shard.writestr(form, data)
                shard.writestr(f"{form}.json", orjson.dumps(about))
            shard.writestr(_MENTIONS, mentions.batch(self._rows))
            shard.writestr(_SETS, genesets.packed(self._sets))
        return file.getvalue()


class Shard:
    """A shard that was written.

    Raises:
        OSError: It is not there.
        zipfile.BadZipFile: It is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._file = zipfile.ZipFile(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def key(self) -> bytes:
        return self._file.read(_KEY)

    @property
    def mentions(self) -> bytes:
        return self._file.read(_MENTIONS)

    def result(self) -> Result:
        return _unpacked(self._file.read(_RESULT))

    def sets(self) -> Iterator[genesets.FigureSets]:
        return genesets.unpacked(self._file.read(_SETS))

    def archive(self, name: str) -> bytes:
        """The archive of a name in ``ZIPS``."""
        return self._file.read(name)

    def text(self, form: str) -> Chunk:
        """The text in a format of ``TEXTS``."""
        return Chunk(self._file.read(form), *orjson.loads(self._file.read(f"{form}.json")))


def shard_path(folder: Path, number: int) -> Path:
    """Where the shard of a task is."""
    return folder / f"{number:05d}.shard"


def _relabelled(ntriples: str) -> str:
    """A graph whose blank nodes are numbered as they come: their labels are new at each reading."""
    labels: dict[str, str] = {}
    return _LABEL.sub(lambda match: labels.setdefault(match[0], f"_:{len(labels)}"), ntriples)


def _digest(key: bytes, entries: Sequence[Entry | RecordError]) -> bytes:
    """A digest of records as they lie there, and of how messages name them."""
    digest = hashlib.sha256(key)

    def add(*texts: object) -> None:
        for text in texts:
            data = text if isinstance(text, bytes) else repr(text).encode()
            digest.update(len(data).to_bytes(8, "big") + data)

    for entry in entries:
        if isinstance(entry, RecordError):
            add("fault", str(entry))
            continue
        add(entry.stem, len(entry.tables))
        for member in (entry.record, *(entry.tables[kind] for kind in sorted(entry.tables))):
            try:
                add(member.name, member.read())
            except RecordError as error:
                add(member.name, str(error), None)
    return digest.digest()


def _packed(result: Result) -> bytes:
    """What became of a task, but for the results of validation, which a release does not tell.

    It is JSON, since what others may have written must not be run.
    """
    return orjson.dumps(
        {
            "index": result.index,
            "links": sorted(result.links),
            "triples": result.triples,
            "findings": [[list(f.location), f.problem, f.remedy] for f in result.findings],
            "rejected": [_packed_error(error) for error in result.rejected],
        }
    )


def _packed_error(error: RecordError) -> dict[str, Any]:
    if isinstance(error, InvalidGraphError):
        violations = [[astuple(v.result), list(v.location)] for v in error.violations]
        return {"violations": violations}
    return {"fault": [list(error.location), error.problem, error.remedy]}


def _unpacked(data: bytes) -> Result:
    facts = orjson.loads(data)
    return Result(
        index=[(figid, file) for figid, file in facts["index"]],
        links={tuple(link) for link in facts["links"]},
        triples=facts["triples"],
        findings=[Finding(Location(*place), *rest) for place, *rest in facts["findings"]],
        rejected=[_unpacked_error(error) for error in facts["rejected"]],
    )


def _unpacked_error(facts: dict[str, Any]) -> RecordError:
    if "fault" in facts:
        place, problem, remedy = facts["fault"]
        return RecordError(Location(*place), problem, remedy)
    located = []
    for values, place in facts["violations"]:
        result = ShaclResult(*values)
        severity = Severity(result.severity)
        located.append(LocatedResult(replace(result, severity=severity), Location(*place)))
    return InvalidGraphError(tuple(located))
