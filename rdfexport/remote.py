"""Files at the URLs of object stores and shared file systems, through fsspec.

Access is what fsspec's own settings say (``AWS_*``, ``~/.config/fsspec``), so no secret goes
through this program. Only the schemes named here are opened: fsspec knows others, and chains of
them, that a source must not reach.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import uuid4

from rdfexport.errors import (
    AuthError,
    MissingPackageError,
    NotFoundError,
    RdfExportError,
    RemoteError,
    TransientError,
    UsageError,
)
from rdfexport.printing import shown
from rdfexport.walk import is_leftover

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_STORES: Final = ("abfs", "abfss", "az", "gcs", "gs", "s3", "s3a")
# In the addresses of the others, what stands before an @ may be a container.
_KEYED: Final = frozenset({"gcs", "gs", "s3", "s3a"})
_FILE_SYSTEMS: Final = ("file", "hdfs")
# What S3 says of one object; fsspec has the same errors for credentials that ran out.
_OF_ONE_OBJECT: Final = frozenset(
    {"403", "404", "AccessDenied", "InvalidObjectState", "NoSuchKey", "NoSuchVersion"}
)
# fsspec's packages turn a store's answers into these.
_CAUSES: Final = (
    (FileNotFoundError, NotFoundError),
    (PermissionError, AuthError),
    ((ConnectionError, TimeoutError), TransientError),
)
PARTIAL: Final = ".partial"
"""Ends the name of a file that is not complete yet."""


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
    with _translated_errors(url):
        return bool(files.isdir(path))


def find(url: str) -> Object | None:
    """The file at a URL, if there is one.

    Raises:
        AuthError: The store does not say whether there is one.
        RemoteError: The store cannot be asked.
    """
    files, path = _opened(url)
    with _translated_errors(url):
        try:
            about = files.info(path)
        except FileNotFoundError:
            return None
    return Object(url, about["size"] or 0) if about["type"] == "file" else None


def below(url: str) -> Iterator[Object]:
    """The files in a folder and the folders in it, without hidden ones and leftovers of editors.

    Raises:
        RemoteError: One of them cannot be listed.
    """
    files, top = _opened(url)
    # fsspec's own walk passes over a folder below the first that cannot be listed.
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        with _translated_errors(url):
            found = sorted(files.ls(folder, detail=True), key=itemgetter("name"))
        for about in found:
            path = about["name"].rstrip("/")
            # Some stores have an object for the folder itself.
            if path == folder or is_leftover(path.rpartition("/")[2]):
                continue
            if about["type"] == "directory":
                waiting.append(path)
            else:
                yield Object(url + path[len(top) :], about["size"] or 0)


def download(url: str, path: Path) -> None:
    """Copy a file to the disk.

    Raises:
        RemoteError: It cannot be read.
    """
    files, there = _opened(url)
    with _translated_errors(url):
        files.get_file(there, str(path))


def read(objects: Iterable[Object], limit: int) -> list[bytes | OSError]:
    """Read files in parallel, of each no more than ``limit`` + 1 bytes.

    For a file that is missing or may not be read, the result is the error instead.

    Raises:
        RemoteError: A store failed otherwise, so that nothing is known of a file.
    """
    objects = list(objects)
    contents: dict[str, Any] = {}
    stores: dict[int, tuple[Any, list[tuple[Object, str]]]] = {}
    for one in objects:
        files, path = _opened(one.url)
        stores.setdefault(id(files), (files, []))[1].append((one, path))
    for files, some in stores.values():
        # No store has a range of nothing.
        wanted = [(one, path) for one, path in some if one.size]
        paths = [path for _, path in wanted]
        ends = [min(one.size, limit) + 1 for one, _ in wanted]
        with _translated_errors(objects[0].url):
            found = files.cat_ranges(paths, [0] * len(paths), ends, on_error="return")
        for (one, _), content in zip(wanted, found, strict=True):
            contents[one.url] = content
        for one, path in some:
            content = contents.get(one.url)
            # It has grown since it was found, or may have: it is read as it is now.
            if content is None or (isinstance(content, bytes) and len(content) > one.size):
                content = contents[one.url] = _whole(files, path, limit)
            if isinstance(content, Exception) and not is_of_one_object(content):
                raise _failure(one.url, content) from content
    return [contents[one.url] for one in objects]


def _whole(files: Any, path: str, limit: int) -> bytes | Exception:
    try:
        with files.open(path, "rb") as file:
            return bytes(file.read(limit + 1))
    except Exception as error:  # noqa: BLE001 - as cat_ranges gives it
        return error


def is_of_one_object(error: BaseException | None) -> bool:
    """Whether an error is about one file, and not about the store or the credentials."""
    if not isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError):
        return False
    said = getattr(error.__cause__, "response", None)
    code = said.get("Error", {}).get("Code") if isinstance(said, dict) else None
    return code is None or code in _OF_ONE_OBJECT


class RemoteFolder:
    """A folder at a URL. A file in it appears whole or not at all.

    Args:
        url: Its address.

    Raises:
        MissingPackageError: The package that knows such stores is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._files, self._path = _opened(url)

    @property
    def local(self) -> Path | None:
        """The folder, where it is one of this machine's file system."""
        return Path(self._path) if _scheme(self.url) == "file" else None

    def put(self, folder: Path, names: Sequence[str]) -> None:
        """Copy files of a folder on the disk here, under the same names.

        Raises:
            RemoteError: They cannot be written.
        """
        here = [str(folder / name) for name in names]
        there = [self._at(name) for name in names]
        with _translated_errors(self.url):
            if _scheme(self.url) in _STORES:
                self._files.put(here, there)
                return
            for source, target in zip(here, there, strict=True):
                # Two workers may be at the same file, of which one is thought dead.
                partial = f"{target}.{uuid4().hex}{PARTIAL}"
                self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
                try:
                    self._files.put_file(source, partial)
                    self._files.mv(partial, target)
                except BaseException:
                    with suppress(Exception):
                        self._files.rm_file(partial)
                    raise

    def write(self, name: str, data: bytes) -> None:
        """Write a small file.

        Raises:
            RemoteError: It cannot be written.
        """
        with _translated_errors(self.url):
            if _scheme(self.url) not in _STORES:
                self._files.makedirs(self._path, exist_ok=True)
            self._files.pipe_file(self._at(name), data)

    def read(self, name: str) -> bytes | None:
        """The content of a small file; None if it does not exist.

        Raises:
            RemoteError: It cannot be read.
        """
        with _translated_errors(self.url):
            try:
                return bytes(self._files.cat_file(self._at(name)))
            except FileNotFoundError:
                return None

    def sizes(self) -> dict[str, int]:
        """The names of all files in it, and their sizes.

        Raises:
            RemoteError: They cannot be listed.
        """
        with _translated_errors(self.url):
            found = self._files.find(self._path, detail=True)
        begin = len(self._path) + 1
        return {path[begin:]: about["size"] for path, about in found.items() if path[begin:]}

    def remove(self, names: Iterable[str]) -> None:
        """Remove files, those that are there.

        Raises:
            RemoteError: They cannot be removed.
        """
        with _translated_errors(self.url):
            for name in names:
                try:
                    self._files.rm_file(self._at(name))
                except FileNotFoundError:
                    continue

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}"


def _opened(url: str) -> tuple[Any, str]:
    """The store of a URL, and the path in it.

    Not by fsspec's ``url_to_fs``, for which ``::`` in an address makes a chain of stores.
    """
    scheme, _, rest = url.partition("://")
    if scheme in _KEYED and "@" in rest.partition("/")[0]:
        raise UsageError(
            f"{shown(url)}: leave key and secret out of the address: see docs/cluster.md"
        )
    if not rest.strip("/") or (scheme == "file" and not rest.startswith("/")):
        raise UsageError(
            f"{shown(url)}: name a folder or file in full, as in file:///folder or s3://bucket"
        )
    try:
        import fsspec  # noqa: PLC0415 - few exports need it
    except ImportError as error:
        raise MissingPackageError(
            f"{shown(url)}: needs more packages: pip install 'rdfexport[cluster]'"
        ) from error
    # A listing that is remembered may be old, and is in memory for good.
    settings = {"use_listings_cache": False} if scheme in _STORES else {}
    try:
        with _translated_errors(url):
            kind = fsspec.get_filesystem_class(scheme)
            files = kind(**kind._get_kwargs_from_urls(url), **settings)  # noqa: SLF001
            return files, kind._strip_protocol(url).rstrip("/")  # noqa: SLF001
    except ImportError as error:
        raise MissingPackageError(f"{shown(url)}: needs one more package: {error}") from error


def _scheme(url: str) -> str:
    return url.partition("://")[0]


@contextmanager
def _translated_errors(url: str) -> Iterator[None]:
    """Translate the errors of a store's package, which may be of any class."""
    try:
        yield
    except (RdfExportError, ImportError, GeneratorExit):
        raise
    except Exception as error:
        raise _failure(url, error) from error


def _failure(url: str, error: Exception) -> RemoteError:
    cause = next((cause for kind, cause in _CAUSES if isinstance(error, kind)), RemoteError)
    text = " ".join(str(error).split()) or type(error).__name__
    return cause(f"{shown(url)}: cannot be used ({text})")
