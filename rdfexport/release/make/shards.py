"""Shards: the data of some figures in every form that a release has, compressed, to be joined.

A worker process writes a shard for each task. A shard holds the digest of all its sources, so that
an interrupted release resumes with the shards that are written.
"""

from __future__ import annotations

import zipfile
from contextlib import suppress
from dataclasses import dataclass, fields
from io import BytesIO
from typing import TYPE_CHECKING, Final, Self

import orjson

from rdfexport.pipeline import GraphOptions
from rdfexport.pipeline.build import RecordBuilder
from rdfexport.pipeline.incremental.fingerprint import entries_digest, rules_digest
from rdfexport.pipeline.sinks import export_records
from rdfexport.pipeline.tally import Tally
from rdfexport.release.archives import Chunk, Deflater, Packer
from rdfexport.release.tables import gene_sets, mentions
from rdfexport.release.tables.aliases import figure_alias
from rdfexport.sources import read_urls
from rdfexport.version import __version__
from rdfexport.write import FORMATS, OutputFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from rdfexport.graph import Node
    from rdfexport.pipeline.build import Built
    from rdfexport.pipeline.executor.tasks import Task
    from rdfexport.pipeline.records import ReferenceDatabase
    from rdfexport.write import Serializer

ZIPS: Final = {"core": ("core", "turtle"), "wp": ("wp", "turtle"), "jsonld": ("core", "jsonld")}
"""Name of an archive of files, one a figure → the part they are of, and their format."""
TEXTS: Final = ("ntriples", "nquads")
"""The formats that hold all in one text."""

_KEY: Final = "key"
_TALLY: Final = "tally.json"
_MENTIONS: Final = "mentions.arrow"
_SETS: Final = "sets.json"


@dataclass(frozen=True, slots=True)
class ShardOptions(GraphOptions):
    """Options of shards.

    Args:
        folder: Where they are written.
        day: Year, month and day of the release.
        sets: Options of the gene sets.
    """

    folder: Path
    day: tuple[int, int, int]
    sets: gene_sets.SetOptions

    @property
    def key(self) -> str:
        """Everything but the records that the bytes of a shard depend on."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return repr({**named, "folder": None, "jobs": None, "version": __version__})


class ShardWorker:
    """Writes shards, or finds those of an interrupted run.

    Args:
        options: Of the shards.
        shapes: The shapes as N-Triples; None to validate nothing.
        references: The reference tables; None to link nothing.

    Raises:
        BusyError: The reference tables were replaced meanwhile.
    """

    def __init__(
        self, options: ShardOptions, *, shapes: str | None, references: ReferenceDatabase | None
    ) -> None:
        self._builder = RecordBuilder(options, shapes, references)
        self._options = options
        tables = None if references is None else references.content
        self._key = rules_digest(options.key, shapes, tables)
        prefixes = self._builder.prefixes
        self._single = {
            name: FORMATS[form].serializer(prefixes, many=False) for name, (_, form) in ZIPS.items()
        }
        self._joined = {form: FORMATS[form].serializer(prefixes, many=True) for form in TEXTS}

    def run(self, task: Task, should_stop: Callable[[], bool]) -> Tally:
        """Write the shard of a task, unless it is there.

        Raises:
            RecordError: In strict mode, the first fault.
            DiskError: It cannot be written.
            StoppedError: The work was asked to stop; no shard is left half.
        """
        assert task.shard is not None
        path = shard_path(self._options.folder, task.shard)
        key = self._key + entries_digest(task.entries)
        # A damaged shard is written again.
        with (
            suppress(OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError),
            Shard(path) as s,
        ):
            if s.key == key:
                return s.tally()
        return self.build(task, path, key, should_stop)

    def build(self, task: Task, path: Path, key: bytes, should_stop: Callable[[], bool]) -> Tally:
        """Build the shard of a task."""
        tally = Tally()
        content = _Content(self._options, self._single, self._joined, tally)
        export_records(self._builder, read_urls(task.entries), content, should_stop, tally)
        with OutputFile(path) as file:
            file.write_bytes(content.data(key))
        return tally

    def close(self) -> None:
        self._builder.close()


class _Content:
    """The content of a shard, to which figures are added."""

    shard = None

    def __init__(
        self,
        options: ShardOptions,
        single: Mapping[str, Serializer],
        joined: Mapping[str, Serializer],
        tally: Tally,
    ) -> None:
        self._options = options
        self._single, self._joined = single, joined
        self._tally = tally
        self._zips = {name: Packer(options.day) for name in ZIPS}
        self._texts = {form: Deflater() for form in TEXTS}
        self._rows: list[mentions.Row] = []
        self._sets: list[gene_sets.FigureSets] = []

    def add(self, built: Built) -> None:
        for part, graph, nodes in built.graphs:
            if nodes:
                self._add(part, built.name, graph, nodes)
        alias = figure_alias(built.view.record)
        sets, findings = gene_sets.figure_sets(built.view, alias, self._options.sets)
        self._sets.append(sets)
        self._tally.findings += findings
        self._rows += mentions.rows(built.view, alias.name)

    def _add(self, part: str, name: str, graph: str, nodes: Sequence[Node]) -> None:
        for archive, (of, form) in ZIPS.items():
            if of == part:
                file = self._single[archive]
                text = file.header() + file.figure(graph, nodes) + file.footer()
                self._zips[archive].add(f"{part}/{name}{FORMATS[form].extension}", text)
        for form, deflater in self._texts.items():
            deflater.add(self._joined[form].figure(graph, nodes))

    def data(self, key: bytes) -> bytes:
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as shard:
            shard.writestr(_KEY, key)
            shard.writestr(_TALLY, self._tally.to_json())
            for name, archive in self._zips.items():
                shard.writestr(name, archive.data())
            for form, text in self._texts.items():
                data, *about = text.chunk()
                shard.writestr(form, data)
                shard.writestr(f"{form}.json", orjson.dumps(about))
            shard.writestr(_MENTIONS, mentions.batch(self._rows))
            shard.writestr(_SETS, gene_sets.encode_sets(self._sets))
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

    def tally(self) -> Tally:
        return Tally.from_json(self._file.read(_TALLY))

    def sets(self) -> list[gene_sets.FigureSets]:
        return gene_sets.decode_sets(self._file.read(_SETS))

    def archive(self, name: str) -> bytes:
        """The archive of a name in ``ZIPS``."""
        return self._file.read(name)

    def text(self, form: str) -> Chunk:
        """The text in a format of ``TEXTS``."""
        return Chunk(self._file.read(form), *orjson.loads(self._file.read(f"{form}.json")))


def shard_path(folder: Path, name: str) -> Path:
    """Where the shard of a task is."""
    return folder / f"{name}.shard"
