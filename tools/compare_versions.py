# ruff: noqa: INP001, S603 - a script, in no package; it runs the program, with arguments of its own
"""Compare what two versions of the program write, byte for byte.

    python tools/compare_versions.py OLD NEW [--collections DIR] [--generated N] [--only STAGES]

OLD and NEW are each a Python interpreter in whose environment rdfexport is installed, or a source
tree. Both export, release, build the site of, and load the records of ``examples/``, of each
collection in ``--collections``, and N generated records. Every file must have the same bytes, every
store the same quads, every command the same exit status.

Exit status: 0 if nothing differs, 1 if something does, 2 if the comparison could not be made.
"""

from __future__ import annotations

import argparse
import filecmp
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import pyoxigraph
import zstandard
from compare_cases import STAGES, Source, Step, steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
EPOCH: Final = "1700000000"
"""Both versions are told that it is this moment, so that no date differs."""

NOT_COMPARED: Final = {".rdfexport-cache"}
"""Holds fingerprints of the program's own code and times of files: it differs in any case."""

LAUNCHER: Final = '''\
"""Run rdfexport as if its version were {version}."""
import importlib.util
import sys
from pathlib import Path

package = Path(importlib.util.find_spec("rdfexport").origin).parent
spec = importlib.util.spec_from_file_location("rdfexport.version", package / "version.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.__version__ = {version!r}
sys.modules["rdfexport.version"] = module

from rdfexport.cli import main

if __name__ == "__main__":
    main(prog_name="python -m rdfexport")
'''
"""Worker processes import this file again, so that they have the same version."""


class ComparisonError(Exception):
    """The comparison cannot be made."""


# --- The two versions ------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """One of the two versions, and the folder in which it works.

    Attributes:
        name: ``old`` or ``new``.
        interpreter: The Python that runs it.
        tree: The source tree that it runs from; None if it is installed.
        folder: Its commands' current directory.
        program: What to pass to the interpreter before the command.
    """

    name: str
    interpreter: str
    tree: Path | None
    folder: Path
    program: tuple[str, ...] = ("-m", "rdfexport")

    @classmethod
    def of(cls, name: str, given: Path, work: Path) -> Version:
        """The version that is ``given`` as an interpreter or a source tree."""
        folder = work / name
        folder.mkdir(parents=True)
        if (given / "rdfexport" / "__init__.py").is_file():
            return cls(name, sys.executable, given.resolve(), folder)
        # Not resolved: the interpreter of a virtual environment is a link.
        if interpreter := shutil.which(given):
            return cls(name, str(Path(interpreter).absolute()), None, folder)
        raise ComparisonError(f"{given}: neither a source tree of rdfexport nor an interpreter")

    def environment(self) -> dict[str, str]:
        """Ours, without what would make the two differ, or reach for the user's own tables."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("RDFEXPORT_") and name not in {"PYTHONPATH", "PYTHONHOME"}
        }
        tree = {"PYTHONPATH": str(self.tree)} if self.tree else {}
        cache = {"RDFEXPORT_CACHE": str(self.folder.parent / f"cache-{self.name}")}
        return kept | tree | cache | {"SOURCE_DATE_EPOCH": EPOCH, "TZ": "UTC"}

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the interpreter in this version's folder."""
        return subprocess.run(
            [self.interpreter, *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    def identify(self) -> tuple[Path, str]:
        """The folder of its package, and its version."""
        ask = "import rdfexport, rdfexport.version as v; print(rdfexport.__file__, v.__version__)"
        done = self.python("-c", ask)
        if done.returncode:
            raise ComparisonError(f"{self.name}: rdfexport cannot be imported:\n{done.stderr}")
        file, _, version = done.stdout.strip().rpartition(" ")
        package = Path(file).resolve().parent
        if self.tree and package.parent != self.tree:
            raise ComparisonError(f"{self.name}: {package} was imported, not {self.tree}")
        return package, version

    def shown_as(self, version: str) -> Version:
        """The same program, which says that it is of another version."""
        launcher = self.folder.parent / f"launch-{self.name}.py"
        launcher.write_text(LAUNCHER.format(version=version), "utf-8")
        return Version(self.name, self.interpreter, self.tree, self.folder, (str(launcher),))


def prepare(old: Version, new: Version) -> tuple[Version, Version]:
    """Say what is compared; make the version that the old one writes that of the new one."""
    versions = []
    for version in (old, new):
        package, number = version.identify()
        versions.append(number)
        print(f"{version.name}: {number} in {package}")
    if versions[0] == versions[1]:
        return old, new
    print(f"the versions differ: the old one runs as {versions[1]}, so that files can be compared")
    return old.shown_as(versions[1]), new


# --- Running and comparing -------------------------------------------------------------------


def sources(collections: Path | None, generated: int, work: Path) -> Iterator[Source]:
    """The records: of ``examples/``, of each collection, and generated ones."""
    yield Source("examples", ROOT / "examples")
    if collections:
        found = sorted(path.parent for path in collections.glob("*/_figures"))
        if not found:
            raise ComparisonError(f"{collections}: no folder in it has a folder _figures")
        yield from (Source(path.name, path.resolve()) for path in found)
    else:
        print("no real records: neither --collections nor PFOCR_CORPUS names their folder")
    if generated:
        path = work / "generated-records"
        script = str(ROOT / "benchmarks" / "corpus.py")
        subprocess.run(
            [sys.executable, script, str(path), "--records", str(generated)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        yield Source("generated", path)


def run(version: Version, step: Step) -> list[int]:
    """Run the step's commands.

    Returns:
        Their exit statuses: 0, or 1 where records have faults.

    Raises:
        ComparisonError: One could not be done.
    """
    statuses = []
    for command in step.commands:
        done = version.python(*version.program, *command, "--quiet")
        statuses.append(done.returncode)
        if done.returncode not in {0, 1}:
            words = " ".join(command)
            raise ComparisonError(
                f"{version.name}: exit status {done.returncode}: rdfexport {words}\n{done.stderr}"
            )
    if step.store:
        dump(version.folder / step.store)
    return statuses


def dump(store: Path) -> None:
    """Write the quads of a store, sorted, beside it; its own files differ with each load."""
    quads = sorted(str(quad) for quad in pyoxigraph.Store.read_only(str(store)))
    with Path(f"{store}.nq").open("w", encoding="utf-8") as file:
        file.writelines(f"{quad} .\n" for quad in quads)
    shutil.rmtree(store)


def compare(step: Step, old: Version, new: Version) -> Iterator[str]:
    """What differs in what the step left behind: a line for each file."""
    outputs = (*step.outputs, f"{step.store}.nq") if step.store else step.outputs
    for output in outputs:
        ours = files(old.folder, output)
        theirs = files(new.folder, output)
        if not ours | theirs:
            raise ComparisonError(f"{output}: neither version wrote it")
        for name in sorted(ours | theirs):
            if name not in theirs:
                yield f"{name}: only the old version writes it"
            elif name not in ours:
                yield f"{name}: only the new version writes it"
            elif not filecmp.cmp(old.folder / name, new.folder / name, shallow=False):
                yield f"{name}: {first_difference(old.folder / name, new.folder / name)}"


def files(folder: Path, output: str) -> set[str]:
    """The names, relative to ``folder``, of a file or of all files of a folder."""
    path = folder / output
    found = [path] if path.is_file() else path.rglob("*")
    return {
        str(file.relative_to(folder))
        for file in found
        if file.name not in NOT_COMPARED and (file.is_file() or file.is_symlink())
    }


def first_difference(old: Path, new: Path) -> str:
    """The first line that differs, of what is in the file if that is compressed."""
    if old.suffix == ".zip":
        return first_member(old, new)
    with opened(old) as ours, opened(new) as theirs:
        return first_line(ours, theirs)


def opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path))
    if path.suffix == ".zst":
        return cast("IO[bytes]", zstandard.open(path, "rb"))
    return path.open("rb")


def first_member(old: Path, new: Path) -> str:
    with zipfile.ZipFile(old) as ours, zipfile.ZipFile(new) as theirs:
        if ours.namelist() != theirs.namelist():
            only = sorted(set(ours.namelist()) ^ set(theirs.namelist()))
            return f"other members: {', '.join(only[:5])}" if only else "members in another order"
        for name in ours.namelist():
            with ours.open(name) as one, theirs.open(name) as other:
                if (found := first_line(one, other)) != SAME_CONTENT:
                    return f"{name}: {found}"
    return SAME_CONTENT


SAME_CONTENT: Final = "the content is the same, packed in another way"
NO_LINE: Final = b"(no such line)"


def first_line(old: Iterable[bytes], new: Iterable[bytes]) -> str:
    for number, (ours, theirs) in enumerate(zip_longest(old, new, fillvalue=NO_LINE), 1):
        if ours != theirs:
            same = next(
                (at for at, pair in enumerate(zip_longest(ours, theirs)) if len(set(pair)) > 1), 0
            )
            shown = (excerpt(line, same) for line in (ours, theirs))
            return "line {}, column {}\n    old: {}\n    new: {}".format(number, same + 1, *shown)
    return SAME_CONTENT


def excerpt(line: bytes, column: int) -> str:
    """The part of a line around a column."""
    start = max(0, column - 60)
    text = line[start : column + 100].decode("utf-8", "backslashreplace").rstrip("\n")
    return ("..." if start else "") + text


def check(step: Step, old: Version, new: Version, *, at_once: bool) -> list[str]:
    """Run a step with both versions; what differs."""
    with ThreadPoolExecutor(2 if at_once else 1) as pool:
        ours, theirs = pool.map(lambda version: run(version, step), (old, new))
    found = list(compare(step, old, new))
    if ours != theirs:
        found.append(f"exit status: old {ours}, new {theirs}")
    return found


def compare_versions(options: argparse.Namespace, work: Path) -> bool:
    """Whether everything is the same."""
    versions = (Version.of(name, getattr(options, name), work) for name in ("old", "new"))
    old, new = prepare(*versions)
    print(f"not compared: {', '.join(NOT_COMPARED)}, a store's own files, messages")
    differences = 0
    for source in sources(options.collections, options.generated, work):
        for step in steps(source, options.only):
            start = time.perf_counter()
            found = check(step, old, new, at_once=source.jobs == 1)
            seconds = f"{time.perf_counter() - start:.0f} s"
            differences += len(found)
            print(f"{step.name}: {f'{len(found)} differ' if found else 'same'} ({seconds})")
            print("".join(f"  {line}\n" for line in found), end="", flush=True)
        if not options.keep:
            for version in (old, new):
                shutil.rmtree(version.folder / source.name)
    print(f"{differences} differences" if differences else "no differences")
    return not differences


def stages(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    if unknown := set(chosen) - set(STAGES):
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not one of {', '.join(STAGES)}")
    return chosen


def arguments() -> argparse.Namespace:
    corpus = os.environ.get("PFOCR_CORPUS")
    parser = argparse.ArgumentParser(description="Compare what two versions write.")
    parser.add_argument("old", type=Path, help="a Python interpreter or a source tree")
    parser.add_argument("new", type=Path, help="likewise")
    parser.add_argument(
        "--collections",
        type=Path,
        default=Path(corpus) if corpus else None,
        metavar="DIR",
        help="folder of collections of real records (default: PFOCR_CORPUS)",
    )
    parser.add_argument(
        "--generated", type=int, default=2000, metavar="N", help="generated records (default: 2000)"
    )
    parser.add_argument(
        "--only", type=stages, default=STAGES, help=f"some of {','.join(STAGES)} (default: all)"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave all files in this folder")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    try:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            return not compare_versions(options, options.keep.resolve())
        with tempfile.TemporaryDirectory(prefix="compare-") as folder:
            return not compare_versions(options, Path(folder).resolve())
    except (ComparisonError, OSError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
