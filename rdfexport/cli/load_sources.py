"""Opens the sources of ``rdfexport load``: RDF files, exports, releases, or records."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.release_folders import refuse_folders_of_releases
from rdfexport.cli.unused import refuse_unused
from rdfexport.errors import SourceError, UsageError
from rdfexport.pipeline import Observer, stream
from rdfexport.release.fetch import is_release, release_rdf
from rdfexport.store import Source, file_source, release_source, split
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdfexport.cli.messages import Messages
    from rdfexport.errors import RecordError
    from rdfexport.pipeline import GraphOptions
    from rdfexport.store import Block

# The record's own file, whether it is named rightly or nearly so, or one of its tables.
_RECORD: Final = re.compile(
    r"([^/\\:!]+?)(?:\.(?:md|markdown|mdown|mkdn?)(?:\.txt|\.gz)?|-[a-z]+\.tsv)$", re.IGNORECASE
)


class Rejected:
    """Records that are rejected during a load.

    Figures whose record is rejected are in the source, so they are not removed from the store;
    where a part of the source could not be read at all, nobody knows which figures are in it.

    Args:
        messages: Prints each fault once, though records may be read more than once.
    """

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._is_first = True
        self._figids: set[str] = set()
        self._unread: list[str] = []

    def observer(self) -> Observer:
        """Make the observer for one reading of the records."""
        if not self._is_first:
            return Observer(on_rejected=partial(self._add, self._messages.rejected_again))
        self._is_first = False
        return Observer(
            on_rejected=partial(self._add, self._messages.rejected),
            on_finding=self._messages.finding,
        )

    def _add(self, report: Callable[[RecordError], None], error: RecordError) -> None:
        report(error)
        found = _RECORD.search(error.location.file)
        if found is not None and not isinstance(error, SourceError):
            self._figids.add(found[1])
        else:
            self._unread.append(str(error))

    def has(self, figure: str) -> bool:
        """Whether a figure, by its IRI, is one whose record was rejected."""
        return figure.rpartition("/")[2].removesuffix(".html") in self._figids

    def unread(self) -> str:
        """Why the source was not read whole; empty if it was."""
        return self._unread[0] if self._unread else ""


@contextmanager
def open_source(  # noqa: PLR0913 - one argument an option
    names: tuple[str, ...],
    graph: str | None,
    options: GraphOptions,
    rejected: Rejected,
    signers: Path | None = None,
    *,
    quiet: bool = False,
) -> Iterator[Source]:
    """Open the source that the arguments name.

    Args:
        names: The arguments.
        graph: The one graph that gets everything, if any.
        options: How records become graphs.
        rejected: Collects the faults of records.
        signers: Who must have signed a release, if anybody must.
        quiet: Do not print which slower package reads or validates records.

    Raises:
        UsageError: The names are of different kinds.
    """
    if any(map(is_release, names)):
        if len(names) > 1:
            raise UsageError("a release is loaded alone: name one source")
        with release_rdf(names[0], signers) as files:
            source = release_source(files.quads, files.description, graph)
            yield source._replace(key=("release", str(graph), _absolute(names[0])))
        return
    if signers is not None:
        raise UsageError("--signers: only releases are signed: name the folder or URL of one")
    rdf = file_source(names, graph)
    if rdf is not None:
        refuse_folders_of_releases(names)
        refuse_unused("where no records are loaded", "compat", "validate", "jobs")
    else:
        say_fallbacks("shacl" if options.validation else None, reads=True, quiet=quiet)
    yield rdf or _records(names, graph, options, rejected)


def _records(
    names: tuple[str, ...], graph: str | None, options: GraphOptions, rejected: Rejected
) -> Source:
    def read() -> Iterator[Block]:
        for text in stream(names, options, rejected.observer()):
            data, whole = text.nquads.encode(), text.part == "core"
            for one in split(text.graph, text.name, data, whole=whole):
                yield one if graph is None else one.moved(graph)

    key = ("records", str(graph), str(options.wikipathways), *map(_absolute, names))
    covers = (GRAPH_BASE + "wp",) if options.wikipathways and graph is None else ()
    return Source(read, graph is None, key, graph, rejected.unread, rejected.has, covers)


def _absolute(source: str) -> str:
    return str(Path(source).absolute()) if Path(source).exists() else source
