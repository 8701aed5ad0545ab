"""Is a release what it says it is? Everything is checked again, and every fault is reported."""

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
from rdfexport.printing import named
from rdfexport.release.agreement import Agreement
from rdfexport.release.content import Content
from rdfexport.release.contents import Reader, Reading, loose_matches, pieces
from rdfexport.release.describe import DESCRIPTIONS, problems
from rdfexport.release.facts import (
    KINDS,
    Check,
    Listed,
    check_facts,
    check_signature,
    check_sums,
    files_of,
    read_facts,
    sets_of,
)
from rdfexport.release.folder import SUMS, sha256
from rdfexport.release.madeagain import SetFilesAgain
from rdfexport.release.mentions import need_pyarrow
from rdfexport.release.model import FACTS, Release, ReleaseFile, open_release, release_remedy
from rdfexport.release.statistics import NotOursError, measure
from rdfexport.release.sums import GET_IT, MAKE_AGAIN, printable
from rdfexport.validate import default_shapes, load_shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.release.content import Piece
    from rdfexport.release.figuregraph import Loose


_LEAST_MEMORY: Final = 1 << 30


def verify(
    folder: Path,
    *,
    jobs: int = 1,
    shapes: bool = True,
    signers: Path | None = None,
    observer: Observer | None = None,
) -> list[Check]:
    """Check a release: checksums, facts, contents, and that its files agree.

    Files are read as streams, so memory grows with the number of figures alone, by a few
    kilobytes each.

    Args:
        folder: Of a dated release, or ``current``.
        jobs: How many processes.
        shapes: Whether to hold each graph against the shapes.
        signers: Who may have signed it, as OpenSSH lists allowed signers, if that is checked.
        observer: Told of the progress, in megabytes.

    Returns:
        The checks that were made; the release is sound if none has a finding.

    Raises:
        DiskError: There is no release, or it cannot be read.
        LocalError: This machine has not enough memory or room, which is no verdict.
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
    """Load what reads Parquet, for which there may be too little memory.

    Below some size of the address space its libraries end the process in ways of their own.

    Raises:
        MissingPackageError: It is not installed.
        LocalError: It cannot be loaded, or could not work.
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
    found = files_of(folder, sums)
    steps = _Steps(observer, sum((folder / name).stat().st_size for name in found))
    there = {name: steps.listed(folder / name) for name in found}
    check_sums(folder, there, sums)
    yield sums
    facts = Check("facts")
    release = read_facts(folder, facts)
    if release is None:
        yield facts
        return
    check_facts(release, there, facts)
    yield facts
    # What is not the file that was released is not checked: it would tell nothing more.
    sound = [f for f in release.files if there.get(f.path) == (f.sha256, f.size)]
    contents = _Contents(release, sound, jobs, shapes, steps)
    yield from contents.checks()


class _Steps:
    """Tells how many megabytes are done of those that are read twice."""

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


class _Contents:
    """What the files hold, and whether they agree."""

    def __init__(
        self,
        release: Release,
        files: Iterable[ReleaseFile],
        jobs: int,
        shapes: bool,  # noqa: FBT001
        steps: _Steps,
    ) -> None:
        self._release = release
        # Those come first that cannot be cut into pieces.
        self._files = {f.path: f for f in sorted(files, key=_largest_first)}
        self._contents = {path: Content() for path in self._files}
        self._jobs = jobs
        self._shapes = load_shapes((default_shapes(),)) if shapes else None
        self._steps = steps
        self._sets = sets_of(release)

    def checks(self) -> Iterator[Check]:
        with ExitStack() as stack:
            log = stack.enter_context(tempfile.TemporaryDirectory(prefix="rdfexport-"))
            made = stack.enter_context(closing(SetFilesAgain(self._release)))
            self._read(Path(log), made)
            for kind in KINDS:
                if any(file.kind == kind for file in self._release.files):
                    yield self._counts(kind)
            whole = {file.kind: self._contents[path] for path, file in self._files.items()}
            agreement = Agreement(self._release, whole, Path(log)).check()
            if "core" in whole and not whole["core"].broken:
                made.compare(agreement, self._files.keys())
            yield agreement
        yield self._descriptions()
        if self._shapes is not None:
            violations = [v for content in self._contents.values() for v in content.violations]
            validated = sum(content.validated for content in self._contents.values())
            yield Check("shapes", f"{validated:,} graphs", violations)

    def _read(self, log: Path, made: SetFilesAgain) -> None:
        kinds = {file.kind: path for path, file in self._files.items()}
        loose: Loose = frozenset()
        if "linkset" in kinds:
            loose = loose_matches(self._release.folder / kinds["linkset"])
        reading = Reading(self._shapes, self._sets, loose, log if "patch" in kinds else None)
        with closing(run_tasks(self._pieces(), partial(Reader, reading), self._jobs)) as done:
            for piece, content in done:
                made.take(content)
                self._contents[piece.name].add(content)
                self._steps.add(piece.size)

    def _pieces(self) -> Iterator[Piece]:
        for path, file in self._files.items():
            content = self._contents[path]
            yield from pieces(self._release.folder / path, path, file.kind, content)

    def _counts(self, kind: str) -> Check:
        """A check of the files of a kind: what they hold, and what is said of that."""
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
        if kind in {"gmt", "chemical-gmt", "by-homology-gmt"}:
            counted.insert(0, f"{len(paths):,} files")
        if lacking:
            check.fault(f"{FACTS}: {kind}", f"{lacking} not checked, see above", "fix that first")
        check.counted = ", ".join(counted)
        return check

    def _descriptions(self) -> Check:
        """Whether the descriptions say what is in the files."""
        check = Check("descriptions", f"{len(DESCRIPTIONS):,} files")
        quads = next((path for path, file in self._files.items() if file.kind == "nquads"), None)
        if quads is None or self._contents[quads].broken:
            check.fault(f"{FACTS}: nquads", "not checked, see above", "fix that first")
            return check
        # In `current` too they tell the dated names.
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
            # An address that is not valid, or a package that nothing is packed in.
            problem = f"is not a valid description ({printable(str(error))})"
            check.fault(FACTS, problem, GET_IT)
        return check


def _largest_first(file: ReleaseFile) -> tuple[bool, str]:
    return file.kind not in {"ntriples", "nquads"}, file.path
