"""The data files of a release, written in one pass over the records."""

from __future__ import annotations

import zipfile
from contextlib import ExitStack, closing
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final

from rdfexport.errors import ReleaseError, UnreadableError
from rdfexport.pipeline.executor.tasks import Task
from rdfexport.release.archives import Deflater, GzipWriter, gzip_file, member, zip_file
from rdfexport.release.make.shards import TEXTS, ZIPS, Shard, ShardWorker, shard_path
from rdfexport.release.model import FOLDER, ReleaseFile, describe_file
from rdfexport.release.tables import gene_sets
from rdfexport.release.tables.mentions import mentions_file
from rdfexport.release.tables.set_files import SetFiles
from rdfexport.write import FORMATS, OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rdfexport.diagnostics import Finding
    from rdfexport.pipeline.reports import Reports
    from rdfexport.pipeline.run import Run
    from rdfexport.release.make.shards import ShardOptions

# An interrupted release resumes with the shards that are written.
_RECORDS_PER_SHARD: Final = 200
_COPY: Final = 1 << 20
_ZIP, _GZIP = "application/zip", "application/gzip"
_TSV: Final = "text/tab-separated-values"
# Kind → path, media type, and media type of the package.
_FILES: Final[dict[str, tuple[str, str, str | None]]] = {
    "core": ("rdf/{stem}-rdf-core.zip", "text/turtle", _ZIP),
    "wp": ("rdf/{stem}-rdf-wp.zip", "text/turtle", _ZIP),
    "linkset": ("rdf/{stem}-rdf-linkset.zip", "text/turtle", _ZIP),
    "ntriples": ("rdf/{stem}-rdf.nt.gz", "application/n-triples", _GZIP),
    "nquads": ("rdf/{stem}-rdf.nq.gz", "application/n-quads", _GZIP),
    "jsonld": ("jsonld/{stem}-jsonld.zip", "application/ld+json", _ZIP),
    "mentions": ("mentions/{stem}-mentions.parquet", "application/vnd.apache.parquet", None),
}
# Parts that may be empty; then there is no file.
_OPTIONAL: Final = ("wp", "linkset")
_TITLES: Final = {
    "core": "Figures with their genes, chemicals and diseases, a Turtle file each",
    "wp": "Figures in the shape of WikiPathways' RDF, a Turtle file each",
    "linkset": "Equivalent identifiers of genes, chemicals and diseases, as Turtle",
    "ntriples": "All triples: figures, their WikiPathways shape, linkset",
    "nquads": "All triples, a named graph a figure",
    "jsonld": "Figures as schema.org documents, a JSON-LD file each",
    "mentions": "Genes, chemicals and diseases as they were read in figures, as a table",
    gene_sets.GENES: "Gene sets of figures (NCBI Gene)",
    gene_sets.HOMOLOGY: "Gene sets of figures by homology (NCBI Gene)",
    gene_sets.CHEMICALS: "Chemical sets of figures (ChEBI)",
}


class Bundle:
    """Writes the data files of a release.

    Args:
        folder: Where to write them.
        version: Of the release.
        shard_options: The options of its shards.
        run: Reads the records, and runs the tasks.
        reports: Receives warnings.
    """

    def __init__(
        self,
        folder: Path,
        version: str,
        shard_options: ShardOptions,
        run: Run,
        reports: Reports,
    ) -> None:
        self._folder = folder
        self._version = version
        self._options = shard_options
        self._run = run
        self._reports = reports

    def files(self) -> Iterator[ReleaseFile]:
        """Write the files, and describe each.

        Raises:
            UnreadableError: A part of a source cannot be read.
            ReleaseError: No record could be exported.
        """
        summary = self._run.summary
        with ExitStack() as stack:
            zips = {name: stack.enter_context(zip_file(self._path(name))) for name in ZIPS}
            texts = {name: stack.enter_context(gzip_file(self._path(name))) for name in TEXTS}
            mentions = stack.enter_context(mentions_file(self._path("mentions")))
            sets = stack.enter_context(closing(SetFiles()))
            for shard in self._shards():
                for name, archive in zips.items():
                    archive.add(shard.archive(name))
                for name, text in texts.items():
                    text.add(shard.text(name))
                mentions.add(shard.mentions)
                for figure in shard.sets():
                    sets.add(figure)
            self._check_summary()
            self._write_linkset(texts)
            sets.make_names_unique(self._warn)
            set_files = list(sets.write(self._folder / "gmt", f"{FOLDER}-{self._version}"))
        triples = {name: summary.triples.get(name, 0) for name in ("core", "wp", "linkset")}
        counts = {
            "core": {"figures": zips["core"].members},
            "wp": {"figures": zips["wp"].members},
            "jsonld": {"figures": zips["jsonld"].members},
            "mentions": {"rows": mentions.rows},
            **{name: {"triples": sum(triples.values())} for name in TEXTS},
        }
        for kind, number in triples.items():
            counts.setdefault(kind, {})["triples"] = number
        for kind, (_, media_type, package) in _FILES.items():
            if kind in _OPTIONAL and not counts[kind]["triples"]:
                self._path(kind).unlink()
            else:
                yield self._described(kind, self._path(kind), media_type, package, counts[kind])
        for file in set_files:
            path, sets_in_it = self._folder / "gmt" / file.name, {"sets": file.sets}
            yield self._described(file.kind, path, _TSV, None, sets_in_it, file.organism)

    def _check_summary(self) -> None:
        """Check that there is something to publish, and that all sources were read whole.

        Raises:
            UnreadableError: A part of a source could not be read.
            ReleaseError: No record could be exported.
        """
        summary = self._run.summary
        if summary.incomplete:
            raise UnreadableError(
                f"not all of the sources could be read, so there is no release: {self._run.unread}"
            )
        if not summary.exported:
            raise ReleaseError(
                f"no record could be exported, so there is no release: {summary.rejected}"
                " were rejected"
            )

    def _shards(self) -> Iterator[Shard]:
        """The shards in their order, each open until the next is requested."""
        entries = self._run.catalogue.entries()
        chunks = iter(lambda: list(islice(entries, _RECORDS_PER_SHARD)), [])
        tasks = (Task(chunk, _shard_name(number)) for number, chunk in enumerate(chunks, 1))
        with closing(self._run.tallies(tasks, partial(ShardWorker, self._options))) as done:
            for number, _ in enumerate(done, 1):
                with Shard(shard_path(self._options.folder, _shard_name(number))) as shard:
                    yield shard

    def _write_linkset(self, texts: Mapping[str, GzipWriter]) -> None:
        linkset = next(self._run.shared())
        graph = linkset.graph
        prefixes = self._options.vocabulary.prefixes
        turtle = FORMATS["turtle"].serializer(prefixes, many=True)
        serializers = {name: FORMATS[name].serializer(prefixes, many=True) for name in TEXTS}
        info = member(linkset.stem + FORMATS["turtle"].extension, self._options.day)
        with OutputFile(self._path("linkset")) as file, TemporaryFile() as packed:
            with (
                zipfile.ZipFile(packed, "w") as archive,
                archive.open(info, "w", force_zip64=True) as out,
            ):
                text = turtle.header()
                for nodes in linkset.batches:
                    out.write((text + turtle.figure(graph, nodes)).encode())
                    text = turtle.separator
                    for name, serializer in serializers.items():
                        deflater = Deflater()
                        deflater.add(serializer.figure(graph, nodes))
                        texts[name].add(deflater.chunk())
            packed.seek(0)
            while data := packed.read(_COPY):
                file.write_bytes(data)

    def _warn(self, finding: Finding) -> None:
        self._reports.warn(finding)
        self._run.summary.warnings += 1

    def _path(self, kind: str) -> Path:
        name = _FILES[kind][0].format(stem=f"{FOLDER}-{self._version}")
        return self._folder / name

    def _described(  # noqa: PLR0913, PLR0917 - what a file is
        self,
        kind: str,
        path: Path,
        media_type: str,
        package: str | None,
        counts: Mapping[str, int],
        organism: str | None = None,
    ) -> ReleaseFile:
        title = _TITLES[kind]
        if kind in gene_sets.KINDS:
            title += f": {organism or 'no organism known'}"
        return describe_file(self._folder, path, kind, title, media_type, package, counts, organism)


def _shard_name(number: int) -> str:
    return f"{number:05d}"
