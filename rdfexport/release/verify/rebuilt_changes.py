"""Lists of changes, written again from the patch, and compared."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.printing import printable
from rdfexport.release.diff.change_lists import ChangeLists
from rdfexport.release.diff.compare import (
    ADDED,
    CHANGED,
    PROVENANCE,
    REMOVED,
    SHARED,
    figid_of,
)
from rdfexport.release.diff.write_changes import patch_id
from rdfexport.release.model import FACTS, FOLDER
from rdfexport.release.verify.check import MAKE_AGAIN, compare_lines
from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from rdfexport.release.model import Release, ReleaseFile
    from rdfexport.release.verify.check import Check
    from rdfexport.release.verify.content import Content

_PREVIOUS: Final = re.compile(rb" prov:wasRevisionOf <([^<>]+)> \.\n\Z")
_TAIL: Final = 4_096


def compare_changes(
    release: Release, patch: Content, quads: Content, figures: set[str], check: Check
) -> None:
    """Compare the lists of changes with the patch, and the patch's name with the quads."""
    files = {file.kind: file for file in release.files}
    quads_sha256 = files["nquads"].sha256
    with gzip.open(release.folder / files["patch"].path) as file:
        first = file.readline(_TAIL)
    if first.decode("utf-8", "replace") != f"H id <{patch_id(release, quads_sha256)}> .\n":
        place = Location(files["patch"].path, 1)
        problem = "its id is not that of the release's quads"
        check.findings.append(Finding(place, problem, MAKE_AGAIN))
    patch_path = files["patch"].path
    table, activities = files.get("changes"), files.get("changes-rdf")
    if table is None or activities is None:
        return
    with tempfile.TemporaryDirectory(prefix="rdfexport-") as temporary:
        folder = Path(temporary)
        previous = _previous(release, activities, check)
        with (
            OutputFile(folder / "table") as rows,
            OutputFile(folder / "activities") as rdf,
        ):
            lists = ChangeLists(release, rows, rdf)
            _write(patch, quads, figures, lists)
            lists.end(previous)
        for made, found in (("table", table), ("activities", activities)):
            compare_lines(folder / made, release.folder / found.path, found.path, check, patch_path)


def _previous(release: Release, activities: ReleaseFile, check: Check) -> str:
    """The address of the release before, which may have been published elsewhere."""
    path = release.folder / activities.path
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        match = _PREVIOUS.search(file.read())
    url = "" if match is None else match[1].decode("utf-8", "replace")
    if not url.endswith(f"/{FOLDER}/{release.previous}/"):
        problem = f"names {printable(url)} as the release before, {FACTS} {release.previous}"
        check.fault(activities.path, problem, MAKE_AGAIN)
    return url


def _write(patch: Content, quads: Content, figures: set[str], lists: ChangeLists) -> None:
    # Figures in the order of their figids, which may be another than that of their graphs.
    found = {graph: figid_of(graph) for graph in patch.changes}
    for graph, figid in sorted(found.items(), key=lambda item: item[1] or ""):
        change = patch.changes[graph]
        inserted = patch.graphs.get(f"A <{graph}>")
        if figid is None:
            kind = SHARED
        elif figid not in figures:
            kind = REMOVED
        elif not change.deleted and inserted == quads.graphs.get(graph):
            kind = ADDED
        else:
            kind = PROVENANCE if change.is_provenance else CHANGED
        size = Counter(deleted=change.deleted, inserted=change.inserted)
        lists.add(graph, figid, kind, size)
