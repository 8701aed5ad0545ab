"""The index that the search page reads, made of small files, of which a query needs a few.

Words stand in their order in blocks of some kilobytes; ``index.json`` tells where each begins, so
that a browser fetches the block that a word is in, and finds there the numbers of the texts with
that word. What a text is called stands in files of ten. ``assets/search.js`` reads it.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import orjson

from rdfexport.site.words import STOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdfexport.site.index import Index

# Smaller blocks make a longer index of them, and every query reads that.
_FIGURE_BLOCK: Final = 8_000
_ENTITY_BLOCK: Final = 4_000
_TEXTS: Final = 10
_TITLE: Final = 160

# 64 characters that need no escape in JSON.
_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_BITMAP: Final = "!"


def write_search(index: Index, put: Callable[[str, bytes], None]) -> None:
    """Write both indexes: of figures, and of the genes, chemicals, diseases and organisms.

    Args:
        index: All figures.
        put: Takes a file's name and content.
    """
    figures = (
        [one.name, _cut(one.title), int(one.year) if one.year else 0] for one in index.figures()
    )
    number = _texts(put, "search/figures", figures)
    _write("search/figures", number, index.words(), _FIGURE_BLOCK, put)
    entities = (
        [one.entity.kind, one.entity.key, one.entity.name, _about(one.entity), one.figures]
        for one in index.found()
    )
    number = _texts(put, "search/entities", entities)
    _write("search/entities", number, index.entity_words(), _ENTITY_BLOCK, put)


def _about(entity: Any) -> str:
    return _cut(", ".join(filter(None, (entity.about, entity.organism))))


def _cut(text: str) -> str:
    return text if len(text) <= _TITLE else text[: _TITLE - 1] + "…"


def _texts(put: Callable[[str, bytes], None], folder: str, texts: Iterable[list[Any]]) -> int:
    """Write what texts are called; gives their number."""
    number = 0
    several = []
    for number, text in enumerate(texts, 1):
        several.append(text)
        if number % _TEXTS == 0:
            put(f"{folder}/texts-{number // _TEXTS - 1}.json", orjson.dumps(several))
            several = []
    if several:
        put(f"{folder}/texts-{number // _TEXTS}.json", orjson.dumps(several))
    return number


def _write(
    folder: str,
    number: int,
    pairs: Iterable[tuple[str, int]],
    most: int,
    put: Callable[[str, bytes], None],
) -> None:
    """Write the blocks, of ``most`` characters if no word alone has more, and the index of them."""
    starts: list[str] = []
    block: dict[str, str] = {}
    size = 0
    last = ""  # of the blocks before

    def close() -> None:
        put(f"{folder}/words-{len(starts)}.json", orjson.dumps(block))
        starts.append(separator(last, next(iter(block))))

    for word, group in groupby(pairs, key=itemgetter(0)):
        numbers = packed([one for _, one in group], number)
        if block and size + len(numbers) > most:
            close()
            last = next(reversed(block))
            block, size = {}, 0
        block[word] = numbers
        size += len(word) + len(numbers) + 6
    if block:
        close()
    put(
        f"{folder}/index.json",
        orjson.dumps({"number": number, "texts": _TEXTS, "stop": sorted(STOP), "words": starts}),
    )


def separator(last: str, first: str) -> str:
    """The shortest beginning of a word that comes after another one, which is before it."""
    common = next(
        (i for i, (a, b) in enumerate(zip(last, first, strict=False)) if a != b), len(last)
    )
    return first[: common + 1]


def packed(numbers: list[int], number: int) -> str:
    """Ascending numbers below ``number`` as text, in the shorter one of two forms.

    Either the distances between them, five bits a character, the lowest first, the sixth bit where
    more follow; or after ``!`` a bit for each number there is, six a character: however common a
    word is, it takes no more than that.
    """
    parts = []
    last = -1
    for one in numbers:
        distance = one - last - 1
        last = one
        while distance > 31:
            parts.append(_DIGITS[distance & 31 | 32])
            distance >>= 5
        parts.append(_DIGITS[distance])
    if len(parts) <= (number + 5) // 6:
        return "".join(parts)
    bits = bytearray((number + 5) // 6)
    for one in numbers:
        bits[one // 6] |= 1 << one % 6
    return _BITMAP + "".join(map(_DIGITS.__getitem__, bits))
