"""The results of ``rdfexport load``, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdfexport.cli.messages import Messages
    from rdfexport.store import LoadSummary, Preview, Removal


def load_summary(summary: LoadSummary, messages: Messages, place: str) -> str:
    """The result of a load."""
    seconds = max(summary.seconds, 0.001)
    graphs = "1 graph" if summary.graphs == 1 else f"{summary.graphs:,} graphs"
    lines = [f"triples   {summary.triples:,} in {graphs}, all counted in {place}"]
    if summary.unchanged:
        lines.append(f"unchanged {summary.unchanged:,} graphs")
    lines.append(f"removed   {summary.removed:,} {summary.removed_kind}")
    if summary.resent:
        lines.append(f"resent    {summary.resent:,} graphs that had changed since they were loaded")
    if summary.chunks_resumed:
        lines.append(f"resumed   behind {summary.chunks_resumed:,} chunks that were there already")
    if messages.rejections:
        lines.append(f"rejected  {messages.rejections:,} records")
    rate = summary.triples / seconds
    lines.append(f"seconds   {seconds:.1f} ({rate:,.0f} triples a second)")
    return "\n".join(lines)


def removal_text(removal: Removal) -> str:
    """The line about graphs or figures that are about to be removed."""
    more = removal.number - len(removal.names)
    names = ", ".join(removal.names) + (f" and {more:,} more" if more else "")
    return f"removing  {removal.number:,} of {removal.total:,}: {names}"


def preview_text(preview: Preview, *, names: bool) -> str:
    """The result of ``--dry-run``: with all names, or with those that would be removed."""
    lines = []
    for verb in ("added", "replaced", "unchanged", "removed"):
        found: list[str] = getattr(preview, verb)
        lines.append(f"{verb:<9} {len(found):,}")
        if names or verb == "removed":
            lines += [f"  {name}" for name in found]
    lines.append("nothing was written")
    return "\n".join(lines)
