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
from rdfexport.pipeline.packed import digest, packed, rules_digest, unpacked
from rdfexport.pipeline.worker import Output, RecordWorker, Result
from rdfexport.release.archives import Chunk, Deflater, Packer
from rdfexport.release.tables import gene_sets, mentions
from rdfexport.release.tables.aliases import figure_alias
from rdfexport.version import __version__
from rdfexport.write import FORMATS, OutputFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from rdfexport.graph import Node
    from rdfexport.mapping import View
    from rdfexport.pipeline.records import ReferenceDatabase
    from rdfexport.pipeline.worker import Task
    from rdfexport.write import Serializer

ZIPS: Final = {"core": ("core", "turtle"), "wp": ("wp", "turtle"), "jsonld": ("core", "jsonld")}
"""Name of an archive of files, one a figure → the part they are of, and their format."""
TEXTS: Final = ("ntriples", "nquads")
"""The formats that hold all in one text."""

_KEY: Final = "key"
_RESULT: Final = "result.json"
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


class ShardWorker(RecordWorker):
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
        super().__init__(options, shapes, references)
        self._shard_options = options
        tables = None if references is None else references.content
        self._key = rules_digest(options.key, shapes, tables)
        prefixes = self._mapper.vocabulary.prefixes
        self._single = {
            name: FORMATS[form].serializer(prefixes, many=False) for name, (_, form) in ZIPS.items()
        }
        self._joined = {form: FORMATS[form].serializer(prefixes, many=True) for form in TEXTS}

    def run(self, task: Task, should_stop: Callable[[], bool]) -> Result:
        """Write the shard of a task, unless it is there.

        Raises:
            RecordError: In strict mode, the first fault.
            DiskError: It cannot be written.
            StoppedError: The work was asked to stop; no shard is left half.
        """
        assert task.shard is not None
        path = shard_path(self._shard_options.folder, task.shard)
        key = self._key + digest(task.entries)
        # A damaged shard is written again.
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
    """The content of a shard that is being written."""

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
        self._sets: list[gene_sets.FigureSets] = []

    def __exit__(self, *_: object) -> None:
        pass

    def add(self, part: str, name: str, graph: str, nodes: Sequence[Node]) -> None:
        if not nodes:
            return
        for archive, (of, form) in ZIPS.items():
            if of == part:
                file = self._single[archive]
                text = file.header() + file.figure(graph, nodes) + file.footer()
                self._zips[archive].add(f"{part}/{name}{FORMATS[form].extension}", text)
        for form, deflater in self._texts.items():
            deflater.add(self._joined[form].figure(graph, nodes))

    def exported(self, view: View) -> None:
        alias = figure_alias(view.record)
        sets, findings = gene_sets.figure_sets(view, alias, self._options.sets)
        self._sets.append(sets)
        self._result.findings += findings
        self._rows += mentions.rows(view, alias.name)

    def data(self, key: bytes, result: Result) -> bytes:
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as shard:
            shard.writestr(_KEY, key)
            shard.writestr(_RESULT, packed(result))
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

    def result(self) -> Result:
        return unpacked(self._file.read(_RESULT))

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
