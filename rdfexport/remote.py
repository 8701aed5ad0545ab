"""Files at the URLs of object stores and shared file systems, through fsspec.

Access is what fsspec's own settings say (``AWS_*``, ``~/.config/fsspec``), so no secret goes
through this program. Only the schemes named here are opened: fsspec knows others, and chains of
them, that a source shall not reach.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import uuid4

from rdfexport.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_STORES: Final = ("abfs", "abfss", "az", "gcs", "gs", "s3", "s3a")
_FILE_SYSTEMS: Final = ("file", "hdfs", "webhdfs")
_OF_THE_FILE: Final = (FileNotFoundError, IsADirectoryError, PermissionError)
PARTIAL: Final = ".partial"
"""What ends the name of a file that is not whole yet."""


class RemoteError(CallError):
    """A store cannot be used, or did not answer even when it was asked again."""


class Object(NamedTuple):
    """A file at a URL, and how many bytes it had when it was found."""

    url: str
    size: int


def is_remote(source: str) -> bool:
    """Whether a source or target is the URL of an object store or a shared file system."""
    scheme, mark, _ = source.partition("://")
    return bool(mark) and scheme in (*_STORES, *_FILE_SYSTEMS)


def is_folder(url: str) -> bool:
    """Whether there is a folder.

    Raises:
        RemoteError: The store cannot be asked.
    """
    files, path = _opened(url)
    with _told(url):
        return bool(files.isdir(path))


def find(url: str) -> Object | None:
    """The file at a URL, if there is one.

    Raises:
        RemoteError: The store cannot be asked.
    """
    files, path = _opened(url)
    with _told(url):
        try:
            about = files.info(path)
        except FileNotFoundError:
            return None
    return _object(files, about) if about["type"] == "file" else None


def below(url: str) -> Iterator[Object]:
    """The files in a folder and the folders in it, hidden ones left out.

    Raises:
        RemoteError: They cannot be listed.
    """
    files, path = _opened(url)
    with _told(url):
        for _, folders, found in files.walk(path, detail=True, on_error="raise"):
            for name in [name for name in folders if name.startswith(".")]:
                del folders[name]
            for name, about in sorted(found.items()):
                if name:  # some stores have an object for the folder itself
                    yield _object(files, about)


def download(url: str, path: Path) -> None:
    """Copy a file to the disk.

    Raises:
        RemoteError: It cannot be had.
    """
    files, there = _opened(url)
    with _told(url):
        files.get_file(there, str(path))


def read(objects: Iterable[Object], limit: int) -> list[bytes | OSError]:
    """The bytes of files, read side by side; of each, no more than ``limit`` + 1.

    What is not there or may not be read gives the reason in its place.

    Raises:
        RemoteError: A store failed otherwise, so that nothing is known of a file.
    """
    objects = list(objects)
    contents: dict[str, bytes | OSError] = {one.url: b"" for one in objects}
    # No store has a range of nothing.
    some = sorted(one for one in objects if one.size)
    for scheme, of_store in groupby(some, lambda one: _scheme(one.url)):
        wanted = list(of_store)
        files, _ = _opened(wanted[0].url)
        paths = [files._strip_protocol(one.url) for one in wanted]  # noqa: SLF001
        ends = [min(one.size, limit) + 1 for one in wanted]
        with _told(f"{scheme}://"):
            found = files.cat_ranges(paths, [0] * len(paths), ends, on_error="return")
        for one, content in zip(wanted, found, strict=True):
            if isinstance(content, Exception) and not isinstance(content, _OF_THE_FILE):
                raise RemoteError(_failure(one.url, content)) from content
            contents[one.url] = content
    return [contents[one.url] for one in objects]


class RemoteFolder:
    """A folder at a URL. A file in it appears whole or not at all.

    Args:
        url: Its address.

    Raises:
        CallError: The package that knows such stores is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._files, self._path = _opened(self.url)

    def put(self, folder: Path, names: Sequence[str]) -> None:
        """Copy files of a folder on the disk here, under the same names.

        Raises:
            RemoteError: They cannot be written.
        """
        here = [str(folder / name) for name in names]
        there = [self._at(name) for name in names]
        with _told(self.url):
            if _scheme(self.url) in _STORES:
                self._files.put(here, there)
                return
            for source, target in zip(here, there, strict=True):
                # Two workers may be at the same file, of which one is thought dead.
                partial = f"{target}.{uuid4().hex}{PARTIAL}"
                self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
                self._files.put_file(source, partial)
                self._files.mv(partial, target)

    def write(self, name: str, data: bytes) -> None:
        """Write a small file.

        Raises:
            RemoteError: It cannot be written.
        """
        with _told(self.url):
            if _scheme(self.url) not in _STORES:
                self._files.makedirs(self._path, exist_ok=True)
            self._files.pipe_file(self._at(name), data)

    def read(self, name: str) -> bytes | None:
        """What a small file holds; None if there is none.

        Raises:
            RemoteError: It cannot be read.
        """
        with _told(self.url):
            try:
                return bytes(self._files.cat_file(self._at(name)))
            except FileNotFoundError:
                return None

    def sizes(self) -> dict[str, int]:
        """The names of all files in it, and their sizes.

        Raises:
            RemoteError: They cannot be listed.
        """
        with _told(self.url):
            self._files.invalidate_cache()
            found = self._files.find(self._path, detail=True)
        begin = len(self._path) + 1
        return {path[begin:]: about["size"] for path, about in found.items() if path[begin:]}

    def remove(self, names: Iterable[str]) -> None:
        """Remove files, those that are there.

        Raises:
            RemoteError: They cannot be removed.
        """
        with _told(self.url):
            for name in names:
                try:
                    self._files.rm_file(self._at(name))
                except FileNotFoundError:
                    continue

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}"


def _opened(url: str) -> tuple[Any, str]:
    """The store of a URL, and the path in it."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - few exports need it
    except ImportError as error:
        raise CallError(f"{url}: needs more packages: pip install 'rdfexport[cluster]'") from error
    try:
        with _told(url):
            files, path = url_to_fs(url)
    except ImportError as error:
        raise CallError(f"{url}: needs one more package: {error}") from error
    return files, path.rstrip("/")


def _object(files: Any, about: dict[str, Any]) -> Object:
    return Object(files.unstrip_protocol(about["name"]), about["size"] or 0)


def _scheme(url: str) -> str:
    return url.partition("://")[0]


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn what a store's package raises, whose kinds are beyond number, into one error."""
    try:
        yield
    except (CallError, ImportError, GeneratorExit):
        raise
    except Exception as error:
        raise RemoteError(_failure(url, error)) from error


def _failure(url: str, error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return f"{url}: cannot be used ({text})"
