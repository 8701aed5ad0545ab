"""The zipped files of a release, one after the other."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING

from rdfexport.errors import DiskError, UnreadableError
from rdfexport.limits import MAX_SITE_MEMBER_BYTES
from rdfexport.terms import FIGURE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.release.model import Release


def members(release: Release, kind: str, ending: str) -> Iterator[tuple[str, bytes, str]]:
    """The figures' files in a release's archive: name, content, and place for an error.

    The name is the figid, or one that begins with it (``FIGURE_FILE``); it has no ending.

    Raises:
        UnreadableError: The release has no such archive, it is damaged, or a file in it is no
            figure's.
        DiskError: It cannot be read.
    """
    file = next((one for one in release.files if one.kind == kind), None)
    if file is None:
        raise UnreadableError(
            f"{release.folder}: no {kind} archive, which a site is made from:"
            " make the release with rdfexport release"
        )
    path = release.folder / file.path
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.filename.endswith(ending):
                    continue
                where = f"{path}: {info.filename!r}"
                name = info.filename.rpartition("/")[2].removesuffix(ending)
                if FIGURE_FILE.fullmatch(name) is None:
                    raise UnreadableError(f"{where}: not the name of a figure")
                if info.file_size > MAX_SITE_MEMBER_BYTES:
                    raise UnreadableError(
                        f"{where}: {info.file_size:,} bytes, more than any figure has"
                    )
                yield name, archive.read(info), where
    except OSError as error:
        raise DiskError(f"{path}: cannot be read ({error.strerror})") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableError(
            f"{path}: damaged ({error}): rdfexport verify reports what else is wrong"
        ) from error
