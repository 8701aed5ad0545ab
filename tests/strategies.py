"""Records that hold anything, in both forms, and what has to come of a text they hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from rdfexport.model import Kind
from rdfexport.read.tables import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    '"', "'", "\\", "\n", "\r", "\r\n", "\t", ">", "<", "&", "]]>", "</script>", "<!--", "@en",
    "^^", "\u200f", "\u202e", "\u2028", "\u0085", "\ufeff", "\U0001f9ec", "\U0010ffff", "\ufffe",
    "\uffff", "\x00", "\x01", "\x1f", "\x7f", "\u00e9", "e\u0301", "{", "}", "|", "^", "`", "%zz",
    "../", "<http://x>", "_:b", "$(x)", "; DROP", " . ", "#", "\u00a0", "NA ", "\ud800",
)  # fmt: skip

hostile_text = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6)), min_size=1, max_size=6
).map("".join)

# Not one of XML 1.0's characters (section 2.2, Char): RDF/XML cannot hold it, nor an escape of it.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_written(text: str) -> str | None:
    """What a text of a record has to be in the graph: nothing where it says "unknown"."""
    written = UNWRITABLE.sub("\ufffd", text).strip()
    return None if written in {"", "NA", ".na.character"} else written


# Fields whose text goes into the graph as it is: the property it becomes a value of.
TEXTS = {
    "figtitle": "schema:name",
    "caption": "schema:caption",
    "papertitle": "schema:headline",
    "reftext": "schema:creditText",
    "journal_title": "prism:publicationName",
    "journal_nlm_ta": "pfocr:journalAbbreviation",
    "publisher_name": "dc:publisher",
    "figtype": "pfocr:figureType",
    "figid_alias": "schema:identifier",
    "organisms": "pfocr:organismName",
    "organisms_ner": "pfocr:recognisedOrganismName",
}
# Fields that have a form, and what the record calls them: where a text has not the form, a message
# has to say so.
FORMED = {
    "number": "number",
    "keywords": "keywords",
    "figlink": "figlink",
    "filename": "filename",
    "year": "year",
    "doi": "doi_field",
    "ndex": "ndex",
    "automl_pathway": "pathway_score",
    "pmc_ranked_result_index": "ranked_result_index",
}
# Without these there is no record.
NEEDED = ("figid", "pmcid")
ENTRIES: dict[Kind, tuple[str, ...]] = {
    Kind.GENE: ("word", "symbol", "source", "hgnc_symbol", "entrez"),
    Kind.CHEMICAL: ("word", "source", "identifier"),
    Kind.DISEASE: ("word", "source", "identifier"),
}
# Columns and fields of an entry whose text goes into the graph as it is.
ENTRY_TEXTS = {
    "word": "pfocr:word",
    "symbol": "pfocr:symbol",
    "match": "pfocr:symbol",
    "source": "dcterms:source",
}


def sound_record() -> dict[str, Any]:
    """A record of the older form."""
    return {
        "figid": "PMC1__f1",
        "pmcid": "PMC1",
        "figtitle": "A title",
        "caption": "A caption.",
        "organisms": ["Homo sapiens"],
        "schema-jsonld": {"@type": "Dataset", "keywords": ["AKT"]},
        "genes": [
            {
                "word": "AKT",
                "symbol": "AKT",
                "source": "bioentities_symbol",
                "hgnc_symbol": "AKT1",
                "entrez": "207",
            }
        ],
        "chemicals": [{"word": "Rapamycin", "source": "MESH", "identifier": "D020123"}],
        "diseases": [{"word": "Cancer", "source": "", "identifier": ""}],
    }


def _some(names: tuple[str, ...], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=most, unique=True)


@st.composite
def legacy_records(draw: st.DrawFn) -> dict[str, Any]:
    """A record of the older form, sound but for hostile text in some fields."""
    record = sound_record()
    for name in draw(_some((*TEXTS, *FORMED), 4)):
        record[name] = draw(hostile_text)
    if draw(st.integers(0, 19)) == 0:
        record[draw(st.sampled_from(NEEDED))] = draw(hostile_text)
    if draw(st.booleans()):
        record["schema-jsonld"]["keywords"] = draw(st.lists(hostile_text, max_size=2))
    for kind, names in ENTRIES.items():
        for name in draw(_some(names, 2)):
            record[kind.value][0][name] = draw(hostile_text)
    return record


# Line ends in YAML 1.1, which PyYAML writes, and characters like others in 1.2 (section 5.4),
# which records are read as: unescaped, they do not say the same in both.
_OLD_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def as_file(record: dict[str, Any], style: str | None = None) -> bytes:
    """The record as PyYAML writes it.

    Args:
        record: Its fields.
        style: How texts are quoted, where YAML can: a quote, or ``|`` or ``>``.
    """
    whole = yaml.safe_dump(record, sort_keys=False, allow_unicode=True, default_style=style)
    if _OLD_LINE_ENDS.search(whole):
        whole = yaml.safe_dump(record, sort_keys=False, default_style=style)
    return f"---\n{whole}---\n".encode()


# A cell can hold all but what ends it.
cells = st.one_of(st.just("NA"), hostile_text.map(lambda text: re.sub("[\t\n]", "", text)))
SOUND_CELLS = {
    "organism_id": ("9606", "10090"),
    "organism_name": ("Homo sapiens", "Mus musculus"),
    "ncbigene_id": ("207", "2475, 3480"),
    "source": ("ncbigene_symbol", "famplex_relations"),
    "count_direct": ("1",),
    "mesh": ("mesh:D020123", "mesh:D020124"),
    "chebi": ("chebi:9168",),
    "doid": ("doid:0060239",),
}


def _rows(kind: Kind) -> st.SearchStrategy[list[dict[str, str]]]:
    row = {
        column: st.one_of(st.sampled_from((*SOUND_CELLS.get(column, ()), "NA")), cells)
        for column in COLUMNS[kind]
    }
    return st.lists(st.fixed_dictionaries(row), max_size=3)


tables = st.fixed_dictionaries({}, optional={kind: _rows(kind) for kind in Kind})


def as_table(kind: Kind, rows: list[dict[str, str]]) -> bytes:
    """A table's TSV. Lone surrogates become bytes that are not UTF-8."""
    lines = [COLUMNS[kind], *([row[column] for column in COLUMNS[kind]] for row in rows)]
    return "".join("\t".join(line) + "\n" for line in lines).encode(errors="surrogatepass")


def write_hostile_records(folder: Path) -> int:
    """Write a record a hostile text, which stands in each of its fields.

    Returns:
        How many of them can be exported: all but those that YAML cannot hold.
    """
    readable = 0
    for i, text in enumerate(HOSTILE, 1):
        record = sound_record() | dict.fromkeys((*TEXTS, *FORMED), f"a{text}b")
        record |= {"figid": f"PMC{i}__f1", "pmcid": f"PMC{i}", "doi": f"10.1234/a{text}b"}
        record["schema-jsonld"]["keywords"] = [f"a{text}b", text]
        for kind, names in ENTRIES.items():
            # One that makes a link, one that has none.
            hostile = dict.fromkeys(names, f"a{text}b")
            record[kind.value] = [record[kind.value][0] | {"word": f"a{text}b"}, hostile]
        (folder / f"PMC{i}__f1.md").write_bytes(as_file(record))
        readable += "\ud800" not in text
    return readable
