"""Options of an export, and the summary of what it did."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self, get_args

from rdfexport.errors import UsageError
from rdfexport.mapping.view import CompatRule
from rdfexport.pipeline.arguments import as_path, check_choice, check_kind
from rdfexport.terms import (
    FIGURE_BASE,
    GRAPH_BASE,
    IMAGE_PATTERN,
    VOCABULARY_BASE,
    Vocabulary,
    checked_image_pattern,
)
from rdfexport.validate import ENGINES
from rdfexport.write import COMPRESSIONS, FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.diagnostics import Finding, Severity
    from rdfexport.errors import RecordError

Layout = Literal["auto", "files", "shards"]
OnViolation = Literal["reject", "warn"]

DEFAULT_OUT: Final = Path("out")
MAX_FILES: Final = 300
"""Up to this many records, the layout ``auto`` makes a file a figure."""
SHARD_FIGURES: Final = 500
"""How many records a shard holds at most."""


@dataclass(frozen=True, slots=True)
class Validation:
    """How the graph of each figure is validated before it is written.

    Args:
        engine: A key of ``ENGINES``.
        shapes: Shapes files beside this package's own.
        on_violation: Leave the figure out, or export it anyway.
        report: A file for all results, warnings and infos too (``.ttl``, ``.json`` or ``.sarif``).
    """

    engine: str = "shacl"
    shapes: tuple[Path, ...] = ()
    on_violation: OnViolation = "reject"
    report: Path | None = None

    def __post_init__(self) -> None:
        check_choice("engine", self.engine, ENGINES)
        check_choice("on_violation", self.on_violation, get_args(OnViolation))
        shapes = [self.shapes] if isinstance(self.shapes, str | PathLike) else self.shapes
        object.__setattr__(self, "shapes", tuple(as_path("shapes", one) for one in shapes))
        if self.report is not None:
            object.__setattr__(self, "report", as_path("report", self.report))


@dataclass(frozen=True, slots=True)
class Linking:
    """How identifiers are resolved by the reference tables.

    Args:
        diseases_by_label: Whether a disease without identifier gets the one disease of the
            Disease Ontology that bears its name.
    """

    diseases_by_label: bool = False


@dataclass(frozen=True, slots=True)
class RejectionLimit:
    """How many records may be rejected: a number or a share of all, whichever is more.

    Args:
        number: So many.
        percent: So many of a hundred.

    Raises:
        UsageError: One of them makes no sense.
    """

    number: int = 10
    percent: Decimal = Decimal(10)

    def __post_init__(self) -> None:
        if self.number < 0 or not 0 <= self.percent <= 100:
            raise UsageError("a limit of rejected records is a number, or 0 to 100 %")

    def of(self, records: int) -> int:
        """How many of so many records may be rejected."""
        return max(self.number, int(records * self.percent / 100))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The limit that ``25`` or ``0.5%`` stands for.

        Raises:
            UsageError: It stands for none.
        """
        if (match := _LIMIT.fullmatch(text)) is None:
            raise UsageError(f"{text}: write a number of records (25), or a share (0.5%)")
        return cls(0, Decimal(match[1])) if match[1] is not None else cls(int(match[2]), Decimal(0))


_LIMIT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?) ?%|([0-9]{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOptions:
    """Which graphs records become, wherever these go.

    Args:
        jobs: How many processes.
        strict: Stop at the first record with a fault.
        wikipathways: Make the WikiPathways part too.
        compat_rule: Which genes that part shows.
        data_version: The version of the data, if it has one.
        linking: How identifiers are resolved; None for not at all.
        validation: How each figure is validated; None for not at all.
        date: The day the export is dated with, ``YYYY-MM-DD`` (WikiPathways part only).
        figure_base: What stands before ``{figid}.html`` in a record's IRI.
        vocabulary_base: The namespace of the project's own terms.
        graph_base: What stands before the name of a graph that is not a figure's.
        image_pattern: The address of an image, with ``{pmcid}``, ``{filename}`` and, where it is
            wanted, ``{ending}``.

    Raises:
        UsageError: There are no jobs, the part to be dated has no date, or ``image_pattern`` is no
            pattern of addresses.
    """

    jobs: int = 1
    strict: bool = False
    wikipathways: bool = False
    compat_rule: CompatRule = "strict"
    data_version: str | None = None
    linking: Linking | None = Linking()
    validation: Validation | None = Validation()
    date: str | None = None
    figure_base: str = FIGURE_BASE
    vocabulary_base: str = VOCABULARY_BASE
    graph_base: str = GRAPH_BASE
    image_pattern: str = IMAGE_PATTERN

    def __post_init__(self) -> None:
        checked_image_pattern(self.image_pattern)
        if not isinstance(self.jobs, int) or self.jobs < 1:
            raise UsageError(f"jobs={self.jobs!r}: give a whole number of at least 1")
        if self.linking is not None:
            check_kind("linking", self.linking, Linking)
        if self.validation is not None:
            check_kind("validation", self.validation, Validation)
        check_choice("compat_rule", self.compat_rule, get_args(CompatRule))
        if self.wikipathways and self.date is None:
            raise UsageError("the WikiPathways part is dated: give a date")

    @property
    def vocabulary(self) -> Vocabulary:
        """Prefixes and identifier spaces under the chosen bases."""
        return Vocabulary(
            self.figure_base, self.vocabulary_base, self.graph_base, self.image_pattern
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions(GraphOptions):
    """Options of the files of an export, wherever they are written.

    Args:
        formats: Keys of ``FORMATS``.
        layout: A file a figure, shards of figures, or what suits their number.
        compress: A key of ``COMPRESSIONS``.
        max_rejected: If more records than that are rejected, and there is an earlier export, the
            work stops and that one is kept.

    Raises:
        UsageError: A format or compression is not known, or another option is wrong.
    """

    formats: tuple[str, ...] = ("turtle", "jsonld")
    layout: Layout = "auto"
    compress: str = "none"
    max_rejected: RejectionLimit = RejectionLimit()

    def __post_init__(self) -> None:
        GraphOptions.__post_init__(self)  # the class that super() would look for has no slots
        formats = (self.formats,) if isinstance(self.formats, str) else tuple(self.formats)
        object.__setattr__(self, "formats", formats)
        if not formats:
            raise UsageError(f"formats=(): choose from {', '.join(FORMATS)}")
        for name in formats:
            check_choice("formats", name, FORMATS)
        check_choice("layout", self.layout, get_args(Layout))
        check_choice("compress", self.compress, COMPRESSIONS)
        check_kind("max_rejected", self.max_rejected, RejectionLimit)


@dataclass(frozen=True, slots=True)
class ExportOptions(FileOptions):
    """Options of an export into a folder.

    Args:
        out: The folder that shall hold exactly this export; ``out`` if none is named, as for the
            command.
        full: Make everything, whatever an earlier export left in the folder.
        force: Overwrite files in the folder that no export wrote.

    Raises:
        UsageError: A format or compression is not known, or another option is wrong.
    """

    out: Path = DEFAULT_OUT
    full: bool = field(default=False, kw_only=True)
    force: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        FileOptions.__post_init__(self)  # the class that super() would look for has no slots
        object.__setattr__(self, "out", as_path("out", self.out))


@dataclass(slots=True)
class Summary:
    """The numbers of an export. ``read`` is always ``exported + rejected``.

    ``incomplete`` counts the parts of sources that could not be read; if there are any, nothing of
    an earlier export was removed, and ``kept`` of its figures are part of this one as they were.

    ``unchanged`` counts the records that were left as an earlier export had made them; all other
    numbers are of the whole export. ``triples`` counts those of each part; ``removed`` the files of
    an earlier export that this one does not have; ``left_out`` the nodes of linkset and description
    that violate a shape; ``may_be_rejected`` is ``max_rejected`` as a number; ``results`` are the
    validation results by severity and shape.
    """

    read: int = 0
    exported: int = 0
    rejected: int = 0
    incomplete: int = 0
    kept: int = 0
    unchanged: int = 0
    warnings: int = 0
    triples: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    removed: int = 0
    left_out: int = 0
    may_be_rejected: int = 0
    results: Counter[tuple[Severity, str]] = field(default_factory=Counter)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Observer:
    """Receives what happens while an export runs."""

    on_start: Callable[[int], None] = lambda _total: None
    on_progress: Callable[[int], None] = lambda _done: None
    on_rejected: Callable[[RecordError], None] = lambda _error: None
    on_finding: Callable[[Finding], None] = lambda _finding: None
    on_note: Callable[[str], None] = lambda _text: None
