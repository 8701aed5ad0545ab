"""Short names of figures (``figid_alias``), stated by records or derived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.terms import FIGID

if TYPE_CHECKING:
    from rdfexport.model import FigureRecord

# The last part of a link to a figure, as publishers name them: F2, fig-0003, pone-0123-g001.
_AT_END = re.compile(
    r"(?:\A|[^A-Za-z])(f|fig|figure|g|sch|scheme)[-_]?0*([1-9]\d{0,3})\Z", re.IGNORECASE
)
_AT_START = re.compile(r"\A(f|fig)0*([1-9]\d{0,3})-", re.IGNORECASE)
_SCHEME: Final = ("sch", "scheme")
_NUMBER = re.compile(r"(.+?)(?: ([1-9]\d{0,3}[A-Za-z]?(?:_[1-9]\d{0,3}[A-Za-z]?)?))?")
_LETTERS: Final = {
    "Figure": "F",
    "Scheme": "S",
    "Supplemental figure": "SF",
    "Graphical abstract": "GA",
    "Appendix figure": "AF",
    "Expanded view figure": "EV",
}


class Alias(NamedTuple):
    """A figure's short name, the field it comes from, and a problem with it if there is one."""

    name: str | None
    field: str
    problem: str | None

    @property
    def own(self) -> bool:
        """Whether the record states it."""
        return self.field == "figid_alias"


def figure_alias(record: FigureRecord) -> Alias:
    """The short name of a figure: the record's, else from its number or its link.

    Where number and link differ the number counts: of 20 records that state all three it is the
    alias in all, the link in 18.
    """
    stated = None if record.alias == record.figid else record.alias
    if stated is not None and FIGID.fullmatch(stated) is not None:
        return Alias(stated, "figid_alias", None)
    problem = (
        "the record has no figid_alias"
        if record.alias is None
        else "figid_alias is the figid itself"
        if stated is None
        else f"figid_alias {record.alias!r} is no short name of a figure"
    )
    number = _from_number(record.number)
    link = _from_link(record.figlink)
    local = number or link
    if local is None:
        return Alias(None, "figlink", f"{problem}, and neither figlink nor number gives one")
    name = f"{record.pmcid}__{local}"
    if number is None or number == link:
        return Alias(name, "figlink", f"{problem}: after its figlink it is {name}")
    instead = "" if link is None else f", not {link} as in its figlink"
    return Alias(name, "number", f"{problem}: after its number it is {name}{instead}")


def _from_link(link: str | None) -> str | None:
    tail = (link or "").rstrip("/").rpartition("/")[2]
    match = _AT_END.search(tail) or _AT_START.search(tail)
    if match is None:
        return None
    return ("S" if match[1].lower() in _SCHEME else "F") + match[2]


def _from_number(number: str | None) -> str | None:
    match = _NUMBER.fullmatch(number or "")
    if match is None or match[1] not in _LETTERS:
        return None
    return _LETTERS[match[1]] + (match[2] or "")
