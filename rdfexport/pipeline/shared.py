"""The files of the graphs that all figures have together: linkset and description."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from rdfexport.write import COMPRESSIONS, FORMATS, FigureFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdfexport.pipeline.options import FileOptions
    from rdfexport.pipeline.run import SharedGraph


def shared_names(shared: SharedGraph, options: FileOptions) -> list[str]:
    """The names of its files, one a format."""
    ending = COMPRESSIONS[options.compress]
    return [f"{shared.stem}{FORMATS[name].extension}{ending}" for name in _formats(options)]


def write_shared(
    shared: SharedGraph, folder: Path, names: Sequence[str], options: FileOptions
) -> int:
    """Write it into the files of these names; give their bytes."""
    with ExitStack() as stack:
        files = [
            stack.enter_context(
                FigureFile(
                    folder / name,
                    FORMATS[form].serializer(options.vocabulary.prefixes, many=True),
                    options.compress,
                    keep_same=True,
                )
            )
            for name, form in zip(names, _formats(options), strict=True)
        ]
        for nodes in shared.batches:
            for file in files:
                file.add(shared.graph, nodes)
    return sum(file.bytes_written for file in files)


def _formats(options: FileOptions) -> list[str]:
    return [name for name in options.formats if not FORMATS[name].schema_only]
