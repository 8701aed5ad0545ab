"""Verifying a release: everything is checked, and every fault is reported."""

from __future__ import annotations

import errno
import resource
import tempfile
from collections import Counter
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import DiskError, LocalError, UnreadableError, is_exhausted
from rdfexport.pipeline import Observer
from rdfexport.pipeline.executor.processes import run_tasks
from rdfexport.printing import named, printable
from rdfexport.release.checksums import GET_IT, SUMS, sha256
from rdfexport.release.describe.descriptions import DESCRIPTIONS
from rdfexport.release.describe.statistics import NotOursError, measure
from rdfexport.release.model import FACTS, Release, ReleaseFile, open_release, release_remedy
from rdfexport.release.tables import gene_sets
from rdfexport.release.tables.mentions import need_pyarrow
from rdfexport.release.verify.check import MAKE_AGAIN, Check
from rdfexport.release.verify.check_descriptions import problems
from rdfexport.release.verify.content import Content
from rdfexport.release.verify.cross_checks import CrossChecks
from rdfexport.release.verify.listing import (
    KINDS,
    Listed,
    check_facts,
    check_signature,
    check_sums,
    list_files,
    read_facts,
    sets_of,
)
from rdfexport.release.verify.reader import Reader, ReadOptions, loose_matches
from rdfexport.release.verify.rebuilt_sets import RebuiltSets
from rdfexport.release.verify.tasks import read_tasks
from rdfexport.validate import default_shapes, load_shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.release.verify.figure_graph import Loose
    from rdfexport.release.verify.tasks import ReadTask


_LEAST_MEMORY: Final = 1 << 30


def verify(
    folder: Path,
    *,
    jobs: int = 1,
    shapes: bool = True,
    signers: Path | None = None,
    observer: Observer | None = None,
) -> list[Check]:
    """Verify a release: checksums, facts, contents, and that its files agree.

    Files are read as streams, so memory grows with the number of figures alone, by a few
    kilobytes each.

    Args:
        folder: Of a dated release, or ``current``.
        jobs: Number of processes.
        shapes: Whether to validate each graph.
        signers: Who may have signed it, as OpenSSH lists allowed signers; None to accept anybody.
        observer: Receives the progress, in megabytes.

    Returns:
        The checks that were made; the release is sound if none has a finding.

    Raises:
        DiskError: There is no release, or it cannot be read.
        LocalError: This machine has too little memory or room to verify it.
    """
    _load_pyarrow()
    observer = observer or Observer()
    folder = folder.resolve()
    for name in (SUMS, FACTS):
        if not (folder / name).is_file():
            raise DiskError(f"{named(str(folder / name))}: not there: {release_remedy(folder)}")
    try:
        signature = check_signature(folder, signers)
        return [*_checks(folder, jobs, shapes, observer), signature]
    except (MemoryError, RuntimeError) as error:
        # A thread that cannot be started is a RuntimeError, and comes of the same.
        raise LocalError(
            f"{folder}: not verified: there is not enough memory ({error}): try fewer --jobs"
        ) from error
    except OSError as error:
        if is_exhausted(error):
            too_many = error.errno in {errno.EMFILE, errno.ENFILE}
            remedy = "allow more open files (ulimit -n)" if too_many else "make room (TMPDIR)"
            raise LocalError(f"{folder}: not verified: {error.strerror}: {remedy}") from error
        raise DiskError(f"{error.filename or folder}: cannot be read ({error.strerror})") from error


def _load_pyarrow() -> None:
    """Load pyarrow, for which there may be too little memory.

    With too small an address space its libraries end the process without an exception.

    Raises:
        MissingPackageError: It is not installed.
        LocalError: It cannot be loaded, or memory is limited too much.
    """
    need_pyarrow()
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < _LEAST_MEMORY:
        raise LocalError(
            f"not verified: memory is limited to {limit >> 20:,} MiB (ulimit -v):"
            f" allow {_LEAST_MEMORY >> 20:,} MiB"
        )
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise LocalError(f"pyarrow cannot be loaded ({error}): is there enough memory?") from error


def _checks(folder: Path, jobs: int, shapes: bool, observer: Observer) -> Iterator[Check]:  # noqa: FBT001
    sums = Check("checksums")
    found = list_files(folder, sums)
    progress = _Progress(observer, sum((folder / name).stat().st_size for name in found))
    there = {name: progress.listed(folder / name) for name in found}
    check_sums(folder, there, sums)
    yield sums
    facts = Check("facts")
    release = read_facts(folder, facts)
    if release is None:
        yield facts
        return
    check_facts(release, there, facts)
    yield facts
    # Other files than those that were released are not read: that they differ is reported.
    sound = [f for f in release.files if there.get(f.path) == (f.sha256, f.size)]
    contents = _ContentChecks(release, sound, jobs, shapes, progress)
    yield from contents.checks()


class _Progress:
    """Reports how many megabytes were read; each file is read twice."""

    def __init__(self, observer: Observer, size: int) -> None:
        self._observer = observer
        self._done = 0
        observer.on_start(2 * size // 10**6)

    def listed(self, path: Path) -> Listed:
        size = path.stat().st_size
        listed = Listed(sha256(path), size)
        self.add(size)
        return listed

    def add(self, size: int) -> None:
        self._done += size
        self._observer.on_progress(self._done // 10**6)


# --- contents --------------------------------------------------------------------------------


class _ContentChecks:
    """Checks of the contents of files, and of whether they agree."""

    def __init__(
        self,
        release: Release,
        files: Iterable[ReleaseFile],
        jobs: int,
        shapes: bool,  # noqa: FBT001
        progress: _Progress,
    ) -> None:
        self._release = release
        # Those that cannot be cut into tasks come first.
        self._files = {f.path: f for f in sorted(files, key=_largest_first)}
        self._contents = {path: Content() for path in self._files}
        self._jobs = jobs
        self._shapes = load_shapes((default_shapes(),)) if shapes else None
        self._progress = progress
        self._sets = sets_of(release)

    def checks(self) -> Iterator[Check]:
        with ExitStack() as stack:
            log = stack.enter_context(tempfile.TemporaryDirectory(prefix="rdfexport-"))
            made = stack.enter_context(closing(RebuiltSets(self._release)))
            self._read(Path(log), made)
            for kind in KINDS:
                if any(file.kind == kind for file in self._release.files):
                    yield self._counts(kind)
            whole = {file.kind: self._contents[path] for path, file in self._files.items()}
            agreement = CrossChecks(self._release, whole, Path(log)).check()
            if "core" in whole and not whole["core"].broken:
                made.compare(agreement, self._files.keys())
            yield agreement
        yield self._descriptions()
        if self._shapes is not None:
            violations = [v for content in self._contents.values() for v in content.violations]
            validated = sum(content.validated for content in self._contents.values())
            yield Check("shapes", f"{validated:,} graphs", violations)

    def _read(self, log: Path, made: RebuiltSets) -> None:
        kinds = {file.kind: path for path, file in self._files.items()}
        loose: Loose = frozenset()
        if "linkset" in kinds:
            loose = loose_matches(self._release.folder / kinds["linkset"])
        options = ReadOptions(self._shapes, self._sets, loose, log if "patch" in kinds else None)
        with closing(run_tasks(self._tasks(), partial(Reader, options), self._jobs)) as done:
            for task, content in done:
                made.add(content)
                self._contents[task.name].add(content)
                self._progress.add(task.size)

    def _tasks(self) -> Iterator[ReadTask]:
        for path, file in self._files.items():
            content = self._contents[path]
            yield from read_tasks(self._release.folder / path, path, file.kind, content)

    def _counts(self, kind: str) -> Check:
        """Check the files of a kind: their content, and the counts that ``release.json`` has."""
        check = Check(kind)
        total: Counter[str] = Counter()
        paths = [path for path, file in self._files.items() if file.kind == kind]
        for path in sorted(paths):
            content, said = self._contents[path], self._files[path].counts
            total.update(content.counts)
            check.findings += content.findings
            if content.broken:
                continue
            for name in sorted(said.keys() | content.counts.keys()):
                if content.counts[name] != said.get(name):
                    problem = f"has {content.counts[name]:,} {printable(name)}"
                    problem += f", {said.get(name, 'no number')} in {FACTS}"
                    check.fault(path, problem, MAKE_AGAIN)
        lacking = sum(file.kind == kind for file in self._release.files) - len(paths)
        counted = [f"{total[name]:,} {name}" for name in sorted(total)]
        if kind in gene_sets.KINDS:
            counted.insert(0, f"{len(paths):,} files")
        if lacking:
            check.fault(f"{FACTS}: {kind}", f"{lacking} not checked, see above", "fix that first")
        check.counted = ", ".join(counted)
        return check

    def _descriptions(self) -> Check:
        """Check that the descriptions agree with the files."""
        check = Check("descriptions", f"{len(DESCRIPTIONS):,} files")
        quads = next((path for path, file in self._files.items() if file.kind == "nquads"), None)
        if quads is None or self._contents[quads].broken:
            check.fault(f"{FACTS}: nquads", "not checked, see above", "fix that first")
            return check
        # In `current`, too, they have the dated names.
        release = open_release(self._release.folder)
        try:
            measured = measure(release.folder / quads)
        except NotOursError as error:
            place = Location(quads, error.line)
            check.findings.append(Finding(place, error.problem, MAKE_AGAIN))
            return check
        except UnreadableError as error:
            check.fault(quads, printable(str(error)), MAKE_AGAIN)
            return check
        try:
            for path, problem in problems(release, measured):
                check.fault(path, printable(problem), MAKE_AGAIN)
        except (ValueError, LookupError) as error:
            # An address, or the media type of a package, is not valid.
            problem = f"is not a valid description ({printable(str(error))})"
            check.fault(FACTS, problem, GET_IT)
        return check


def _largest_first(file: ReleaseFile) -> tuple[bool, str]:
    return file.kind not in {"ntriples", "nquads"}, file.path
