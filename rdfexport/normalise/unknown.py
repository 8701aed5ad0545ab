"""Findings about unknown fields, values in unknown places, and missing values of a record.

A misspelt field or column looks like one that is missing, and so does a table that was not found;
the figure would lose its genes without a word.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from rdfexport.diagnostics import Finding
from rdfexport.model import Kind
from rdfexport.normalise.values import is_unknown
from rdfexport.printing import visible
from rdfexport.read.columns import known_columns
from rdfexport.read.fields import ANNOTATION_FIELDS, RECORD_FIELDS, ROW_FIELDS, SCHEMA_FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from rdfexport.diagnostics import Location
    from rdfexport.model import RawRecord
    from rdfexport.normalise.values import Fields

MISSPELT: Final = "fields and columns that are not exported, since their names are not known"
NO_TABLES: Final = (
    "records without genes, chemicals and diseases (they list none, and no table was found)"
)

_RECORD: Final = frozenset(field.name for field in RECORD_FIELDS)
_SCHEMA: Final = frozenset(field.name for field in SCHEMA_FIELDS)
_ROWS: Final = {
    kind: frozenset(field.name for field in fields) for kind, fields in ROW_FIELDS.items()
}
_ANNOTATION: Final = frozenset(field.name for field in ANNOTATION_FIELDS)
_LISTS: Final = tuple(kind.value for kind in Kind)
_NAMED: Final = 20
"""So many unknown names of one block are reported each, the others by their number."""
_WORDS_SHOWN: Final = 3
_LONGEST: Final = 60
_NOT_COMPARED = re.compile(r"[^a-z0-9]+")
_PLAIN_NAME = re.compile(r"[\w@-]+")


def check_record(fields: Fields, raw: RawRecord) -> None:
    """Report what the front matter says in fields that are not read, and tables that are missing.

    Rows are checked by ``check_rows`` and ``check_columns``.
    """
    front = raw.front_matter
    if not _RECORD.issuperset(front):
        _report(fields, "", front, _RECORD)
    if not raw.tables and not any(name in front for name in _LISTS):
        _report_no_tables(fields, front)


def check_schema_block(fields: Fields, block: Mapping[str, Any]) -> None:
    """Report unknown fields of the block ``schema-jsonld``."""
    if not _SCHEMA.issuperset(block):
        _report(fields, "schema-jsonld.", block, _SCHEMA)


def check_rows(fields: Fields, rows: Sequence[Mapping[str, Any]], kind: Kind) -> None:
    """Report unknown fields of the rows in the front matter, each name once."""
    _check_entries(fields, kind.value, enumerate(rows), _ROWS[kind])


def check_annotations(fields: Fields, entries: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Report unknown fields of annotations, which come with their places, each name once."""
    _check_entries(fields, "annotations", entries, _ANNOTATION)


def _check_entries(
    fields: Fields,
    path: str,
    entries: Iterable[tuple[int, Mapping[str, Any]]],
    known: frozenset[str],
) -> None:
    first: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for i, entry in entries:
        if not known.issuperset(entry):
            for name in entry:
                if name not in known:
                    first.setdefault(name, (i, entry))
    for name, (i, entry) in list(first.items())[:_NAMED]:
        _report(fields, f"{path}[{i}].", [name], known, present=entry)


def check_columns(fields: Fields, columns: Collection[str], kind: Kind) -> None:
    """Report unknown columns of a table."""
    known = frozenset(known_columns(kind, columns))
    if not known.issuperset(columns):
        locate = partial(fields.origin.locate_column, kind)
        present = set(columns)
        unknown = [name for name in columns if name not in known]
        for name in unknown[:_NAMED]:
            place = locate(_shown(name))
            fields.findings.append(_misspelt(place, name, known - present, "column"))
        if len(unknown) > _NAMED:
            place = locate(_shown(unknown[_NAMED]))
            fields.findings.append(_more(place, len(unknown) - _NAMED, "columns"))


def _report(
    fields: Fields,
    above: str,
    names: Iterable[Any],
    known: frozenset[str],
    present: Iterable[Any] | None = None,
) -> None:
    """Report the names in the block ``above`` that are not known; ``present`` are all there."""
    names = list(names)
    there = set(names if present is None else present)
    unknown = [name for name in names if name not in known]
    for name in unknown[:_NAMED]:
        is_plain = isinstance(name, str) and _PLAIN_NAME.fullmatch(name) is not None
        place = fields.origin.locate(above + name if is_plain else above.rstrip("."))
        place = place._replace(field=above + _shown(name))
        fields.findings.append(_misspelt(place, str(name), known - there, "field"))
    if len(unknown) > _NAMED:
        place = fields.origin.locate(above.rstrip(".") or "figid")._replace(field=None)
        fields.findings.append(_more(place, len(unknown) - _NAMED, "fields"))


def _misspelt(place: Location, name: str, candidates: Collection[str], what: str) -> Finding:
    near = _nearest(name, candidates)
    return Finding(
        place,
        f"not a {what} that rdfexport knows, so it is not exported",
        f"did you mean {near!r}?" if near is not None else "correct its name, or remove it",
        MISSPELT,
    )


def _more(place: Location, number: int, what: str) -> Finding:
    return Finding(
        place, f"{number} more {what} that are not known here", "correct or remove them", MISSPELT
    )


def _nearest(name: str, candidates: Collection[str]) -> str | None:
    """The known name that a misspelt one is nearest to, if one is near."""
    if len(name) > _LONGEST:
        return None
    compared = {_NOT_COMPARED.sub("", known.casefold()): known for known in sorted(candidates)}
    found = get_close_matches(_NOT_COMPARED.sub("", name.casefold()), compared, n=1, cutoff=0.7)
    return compared[found[0]] if found else None


def _shown(name: object) -> str:
    text = str(name)
    return visible(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def _report_no_tables(fields: Fields, front: Mapping[str, Any]) -> None:
    """Report a record for which no table was found and that lists nothing itself.

    A figure of the newer form has at least one table (all that were looked at have); one of the
    older form states with an empty list that it has none of a kind.
    """
    place = fields.origin.locate("genes")
    figid = front.get("figid")
    stem = figid if isinstance(figid, str) else "FIGID"
    remedy = (
        "name its file, a folder or an archive: what comes on standard input comes without tables"
        if place.file == "-"
        else f"put its tables ({_shown(stem)}-genes.tsv, ...) into _data beside _figures"
    )
    fields.findings.append(
        Finding(
            place,
            f"no genes, chemicals or diseases: no table was found{_expected(front)}",
            f"{remedy}, or write 'genes: []' if the figure has none",
            NO_TABLES,
        )
    )


def _expected(front: Mapping[str, Any]) -> str:
    """The names in the record's schema.org block, which should be in the tables."""
    block = front.get("schema-jsonld")
    if isinstance(block, list):
        block = block[0] if block else None
    words = block.get("keywords") if isinstance(block, dict) else None
    if not isinstance(words, list):
        return ""
    texts = [word for word in words if isinstance(word, str) and not is_unknown(word)]
    if not texts:
        return ""
    shown = ", ".join(map(_shown, texts[:_WORDS_SHOWN]))
    more = len(texts) - _WORDS_SHOWN
    return f", though schema-jsonld names {shown}" + (f" and {more} more" if more > 0 else "")
