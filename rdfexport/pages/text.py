"""Text that stands in an HTML page, whatever a record or a store holds."""

from __future__ import annotations

import re
from typing import Final

# Characters that HTML (section 13.2.3.5) counts as errors wherever they stand.
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)


def plain(text: str) -> str:
    """A text without the characters that no page may hold."""
    return text if text.isprintable() else _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def web_address(iri: str) -> str:
    """An address that a page may link to; empty for any other IRI, such as ``javascript:``."""
    return iri if iri.startswith(("https://", "http://")) else ""


def script_text(json: str) -> str:
    """A JSON text that can stand in a ``script`` element of a valid page, and means the same.

    https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    """
    for character in "<>&":
        json = json.replace(character, f"\\u{ord(character):04x}")
    # JSON's own escapes are for what is below U+0020 only.
    return json if json.replace("\n", "").isprintable() else _UNFIT.sub(_escaped, json)


def _escaped(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
