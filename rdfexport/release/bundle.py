"""The bundle: records in, the files of a dated release out, in one pass over the records."""

from __future__ import annotations

import time
import zipfile
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final

from rdfexport.errors import ReleaseError, UnreadableError
from rdfexport.net.address import refuse_secrets
from rdfexport.pipeline import Linking, Observer, Validation
from rdfexport.pipeline.executor.tasks import Task
from rdfexport.pipeline.reports import ReportFiles, Reports
from rdfexport.pipeline.run import Run
from rdfexport.release import genesets, signature
from rdfexport.release.changefiles import write_changes
from rdfexport.release.crate import need_rocrate
from rdfexport.release.describe import describe
from rdfexport.release.folder import ReleaseFolder, described
from rdfexport.release.joined import Deflater, GzipFile, ZipFile, member
from rdfexport.release.mentions import MentionsFile, need_pyarrow
from rdfexport.release.model import FOLDER, Release, ReleaseFile, open_release
from rdfexport.release.previous import find_previous
from rdfexport.release.shards import (
    TEXTS,
    ZIPS,
    Shard,
    ShardOptions,
    ShardWorker,
    shard_path,
)
from rdfexport.release.signature import check_key
from rdfexport.release.statistics import measure
from rdfexport.terms import IMAGE_PATTERN
from rdfexport.version import __version__
from rdfexport.write import FORMATS, OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from rdfexport.diagnostics import Finding
    from rdfexport.pipeline.arguments import Sources

REPORTS: Final = "reports"
"""The folder beside the releases for what is wrong with the records of each."""

# Of so many records are the steps in which a release that was stopped goes on.
_TASK: Final = 200
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
# Parts that few records may give nothing for; then there is no file.
_MAY_LACK: Final = ("wp", "linkset")
_TITLES: Final = {
    "core": "Figures with their genes, chemicals and diseases, a Turtle file each",
    "wp": "Figures in the shape of WikiPathways' RDF, a Turtle file each",
    "linkset": "Equivalent identifiers of genes, chemicals and diseases, as Turtle",
    "ntriples": "All triples: figures, their WikiPathways shape, linkset",
    "nquads": "All triples, a named graph a figure",
    "jsonld": "Figures as schema.org documents, a JSON-LD file each",
    "mentions": "Genes, chemicals and diseases as they were read in figures, as a table",
    genesets.GENES: "Gene sets of figures (NCBI Gene)",
    genesets.HOMOLOGY: "Gene sets of figures by homology (NCBI Gene)",
    genesets.CHEMICALS: "Chemical sets of figures (ChEBI)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOptions:
    """What a release shall be.

    Args:
        out: The root of the published site; the release is ``pfocr/{version}/`` in it.
        day: Its day, which is its version.
        base_url: Where ``out`` is published, ending in ``/``.
        source: Where the records come from: an IRI or a text.
        sparql_endpoint: Where the release will be queried, if anywhere.
        previous: An earlier release to compare it with: its folder, or the URL of that.
        signers: Who must have signed the earlier release, as OpenSSH lists allowed signers; None
            if it need not be signed.
        sign: The key to sign the release with; None if it is not signed.
        replace: Whether a release of that version may be replaced.
        jobs: How many processes.
        sets: Which gene sets there are.
        linking: How identifiers are resolved; None for not at all.
        validation: How each figure is validated; None for not at all.
        image_pattern: The address of an image (see ``terms.Vocabulary``).

    Raises:
        UsageError: An address that the release would state has a user, a password or a query.
    """

    out: Path
    day: date
    base_url: str
    source: str | None = None
    sparql_endpoint: str | None = None
    previous: str | None = None
    signers: Path | None = None
    sign: Path | None = None
    replace: bool = False
    jobs: int = 1
    sets: genesets.SetOptions = field(default_factory=genesets.SetOptions)
    linking: Linking | None = field(default_factory=Linking)
    validation: Validation | None = field(default_factory=Validation)
    image_pattern: str = IMAGE_PATTERN

    def __post_init__(self) -> None:
        stated = {
            "base_url": self.base_url,
            "source": self.source,
            "sparql_endpoint": self.sparql_endpoint,
        }
        for name, text in stated.items():
            if text is not None:
                refuse_secrets(text, f"--{name.replace('_', '-')}")

    @property
    def version(self) -> str:
        """The day as ``YYYYMMDD``."""
        return f"{self.day:%Y%m%d}"

    @property
    def reports(self) -> Path:
        """The folder of ``rejected.jsonl`` and ``warnings.jsonl``."""
        return self.out / REPORTS / self.version


@dataclass(frozen=True, slots=True)
class Outcome:
    """A release that was made, what was left out of its linkset, and how long it took."""

    release: Release
    left_out: int = 0
    seconds: float = 0.0


def make_release(
    sources: Sources, options: ReleaseOptions, observer: Observer | None = None
) -> Outcome:
    """Make a release of the records of some sources.

    It is there whole or not at all; sources that cannot be read whole make none. One that was
    stopped goes on where it was, as far as records, options and program are still the same. The
    same records give the same bytes, whatever the number of processes, and whether it was stopped
    or not.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.
        options: What it shall be.
        observer: Receives what happens meanwhile.

    Raises:
        UsageError: The release is there, or what it shall be compared with is no earlier one.
        DiskError: A source is not there, or the release cannot be written.
        BusyError: Another release is being made there.
        MissingPackageError: A package that releases need is not installed.
        UnreadableError: A part of a source cannot be read.
        ReleaseError: No record could be exported.
        NotSignedError: The earlier release is not signed by anybody who may.
    """
    began = time.monotonic()
    observer = observer or Observer()
    need_pyarrow()
    need_rocrate()
    sign = None
    if options.sign is not None:
        check_key(options.sign)
        sign = partial(signature.sign, key=options.sign)
    with ReleaseFolder(options.out, options.version, replace=options.replace, sign=sign) as folder:
        if folder.published:
            return Outcome(open_release(folder.place))
        previous = None
        if options.previous is not None:
            previous = find_previous(
                options.previous, options.version, folder.scratch, options.signers
            )
        shard_options = ShardOptions(
            folder.work,
            (options.day.year, options.day.month, options.day.day),
            options.sets,
            jobs=options.jobs,
            wikipathways=True,
            compat_rule=options.sets.rule,
            linking=options.linking,
            validation=options.validation,
            date=options.day.isoformat(),
            image_pattern=options.image_pattern,
        )
        report_files = ReportFiles(options.reports, has_index=False)
        reports = Reports(observer, report_files)
        with report_files, Run(sources, shard_options, observer, reports) as run:
            files = list(_Bundle(folder.path, options, shard_options, run, reports).files())
            summary = run.summary
            tables = run.tables
        release = Release(
            folder.path,
            options.version,
            options.base_url,
            summary.exported,
            summary.rejected,
            tuple(sorted(files, key=lambda file: file.path)),
            __version__,
            tables,
            options.source,
            folder.previous() if previous is None else previous.release.version,
            options.sparql_endpoint,
            asdict(options.sets),
        )
        if previous is not None:
            files += write_changes(release, previous, folder.scratch)
            by_path = tuple(sorted(files, key=lambda file: file.path))
            release = replace(release, files=by_path)
        release.save()
        for name, text in describe(release, measure(folder.path / release.nquads)).items():
            with OutputFile(folder.path / name) as file:
                file.write(text)
        folder.write_sums(folder.path)
        folder.publish()
    release = replace(release, folder=folder.place)
    return Outcome(release, summary.left_out, time.monotonic() - began)


class _Bundle:
    """Writes the files of a release."""

    def __init__(
        self,
        folder: Path,
        options: ReleaseOptions,
        shard_options: ShardOptions,
        run: Run,
        reports: Reports,
    ) -> None:
        self._folder = folder
        self._version = options.version
        self._options = shard_options
        self._run = run
        self._reports = reports

    def files(self) -> Iterator[ReleaseFile]:
        """Write them, and tell what each is.

        Raises:
            UnreadableError: A part of a source cannot be read.
            ReleaseError: No record could be exported.
        """
        summary = self._run.summary
        with ExitStack() as stack:
            zips = {name: stack.enter_context(ZipFile(self._path(name))) for name in ZIPS}
            texts = {name: stack.enter_context(GzipFile(self._path(name))) for name in TEXTS}
            mentions = stack.enter_context(MentionsFile(self._path("mentions")))
            sets = stack.enter_context(closing(genesets.SetFiles()))
            for shard in self._shards():
                for name, archive in zips.items():
                    archive.add(shard.archive(name))
                for name, text in texts.items():
                    text.add(shard.text(name))
                mentions.add(shard.mentions)
                for figure in shard.sets():
                    sets.add(figure)
            self._check_records()
            self._write_linkset(texts)
            sets.name_apart(self._warn)
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
            if kind in _MAY_LACK and not counts[kind]["triples"]:
                self._path(kind).unlink()
            else:
                yield self._described(kind, self._path(kind), media_type, package, counts[kind])
        for file in set_files:
            path, sets_in_it = self._folder / "gmt" / file.name, {"sets": file.sets}
            yield self._described(file.kind, path, _TSV, None, sets_in_it, file.organism)

    def _check_records(self) -> None:
        """See that there is something to publish, and nothing missing that may be in the sources.

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
        """The shards in their order, each open until the next is asked for."""
        entries = self._run.catalogue.entries()
        chunks = iter(lambda: list(islice(entries, _TASK)), [])
        tasks = (Task(chunk, _shard_name(number)) for number, chunk in enumerate(chunks, 1))
        with closing(self._run.tallies(tasks, partial(ShardWorker, self._options))) as done:
            for number, _ in enumerate(done, 1):
                with Shard(shard_path(self._options.folder, _shard_name(number))) as shard:
                    yield shard

    def _write_linkset(self, texts: Mapping[str, GzipFile]) -> None:
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
                        piece = Deflater()
                        piece.add(serializer.figure(graph, nodes))
                        texts[name].add(piece.chunk())
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
        if kind in genesets.KINDS:
            title += f": {organism or 'no organism known'}"
        return described(self._folder, path, kind, title, media_type, package, counts, organism)


def _shard_name(number: int) -> str:
    return f"{number:05d}"
