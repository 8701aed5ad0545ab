"""Content negotiation: the Accept header → the media type to send (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def best(accept: str, offered: tuple[str, ...]) -> str | None:
    """The accepted offer of the highest quality; of several, the first.

    Args:
        accept: The header; empty accepts anything.
        offered: Media types, the server's favourite first.

    Returns:
        None if none is accepted.
    """
    ranges = list(map(_range, accept.split(","))) if accept.strip() else [("*/*", 1.0)]
    found, highest = None, 0.0
    for media in offered:
        quality = _quality(media, ranges)
        if quality > highest:
            found, highest = media, quality
    return found


def _range(text: str) -> tuple[str, float]:
    media, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    try:
        return media, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return media, 0.0


def _quality(media: str, ranges: list[tuple[str, float]]) -> float:
    """The quality of the most specific range that matches the media type."""
    kind = media.partition("/")[0]
    for pattern in (media, f"{kind}/*", "*/*"):
        for name, quality in ranges:
            if name == pattern:
                return quality
    return 0.0
