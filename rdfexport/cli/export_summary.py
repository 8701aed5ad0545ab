"""The result of ``rdfexport export``, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdfexport.pipeline import Summary


def export_summary(summary: Summary, out: str, max_rejected: str | None) -> str:
    """The result of an export.

    Args:
        summary: Of the export.
        out: The folder or URL, as it was given.
        max_rejected: How many records may be rejected, as it was given.
    """
    seconds = max(summary.seconds, 0.001)
    triples = ", ".join(f"{part} {number:,}" for part, number in summary.triples.items())
    removed = f" ({summary.removed} of an earlier export removed)" if summary.removed else ""
    return "\n".join(
        (
            f"records read      {summary.read:,}",
            f"records exported  {summary.exported:,}",
            _rejections_text(summary, max_rejected),
            *([f"unchanged         {summary.unchanged:,}"] if summary.unchanged else []),
            *([f"kept as before    {summary.kept:,}"] if summary.kept else []),
            *([f"nodes left out    {summary.left_out:,}"] if summary.left_out else []),
            *_results_lines(summary),
            f"triples           {triples}",
            f"files             {summary.files:,} in {out}{removed}",
            f"bytes             {summary.bytes:,}",
            f"seconds           {seconds:.1f} ({summary.read / seconds:,.0f} records a second)",
        )
    )


def _results_lines(summary: Summary) -> list[str]:
    severities: dict[str, int] = {}
    for (severity, _), number in summary.results.items():
        severities[severity.value] = severities.get(severity.value, 0) + number
    counts = ", ".join(
        f"{severities[name]:,} {name.lower()}s"
        for name in ("Violation", "Warning", "Info")
        if name in severities
    )
    return [f"validation        {counts}"] if counts else []


def _rejections_text(summary: Summary, max_rejected: str | None) -> str:
    """How many records were rejected, and whether so many may be."""
    text = f"records rejected  {summary.rejected:,}"
    if max_rejected is None or not summary.rejected:
        return text
    word = "more than" if summary.rejected > summary.may_be_rejected else "within"
    limit = f"--max-rejected {max_rejected}"
    if "%" in max_rejected:
        limit += f", which is {summary.may_be_rejected:,}"
    return f"{text} ({word} {limit})"
