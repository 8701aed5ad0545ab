"""Records that hold anything."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import strategies as st

HOSTILE = (
    '"', "'", "\\", "\n", "\r", "\r\n", "\t", ">", "<", "&", "]]>", "</script>", "<!--", "@en",
    "^^", "\u202e", "\u2028", "\u0085", "\ufeff", "\U0001f9ec", "\U0010ffff", "\ufffe", "\uffff",
    "\x00", "\x01", "\x1f", "\x7f", "\u00e9", "e\u0301", "{", "}", "|", "^", "`", "%zz", "../", "<http://x>",
    "_:b", "$(x)", "; DROP", " . ", "#", "\u00a0", "NA ", "\ud800",
)  # fmt: skip

hostile_text = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6)), min_size=1, max_size=6
).map("".join)

FIELDS = (
    "figtitle", "caption", "papertitle", "reftext", "journal_title", "journal_nlm_ta",
    "publisher_name", "keywords", "organisms", "number", "figtype", "figlink", "filename", "year",
    "doi", "ndex", "figid_alias", "automl_pathway", "pmc_ranked_result_index",
)  # fmt: skip
GENE_FIELDS = ("word", "symbol", "source", "hgnc_symbol", "entrez")
CONCEPT_FIELDS = ("word", "source", "identifier")


@st.composite
def legacy_records(draw: st.DrawFn) -> dict[str, Any]:
    """A sound record of the older form in which some fields hold hostile text."""
    record: dict[str, Any] = {
        "figid": "PMC1__f1",
        "pmcid": "PMC1",
        "figtitle": "A title",
        "caption": "A caption.",
        "organisms": ["Homo sapiens"],
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
    for name in draw(st.lists(st.sampled_from(FIELDS), max_size=4, unique=True)):
        record[name] = draw(hostile_text)
    for kind, names in (
        ("genes", GENE_FIELDS),
        ("chemicals", CONCEPT_FIELDS),
        ("diseases", CONCEPT_FIELDS),
    ):
        for name in draw(st.lists(st.sampled_from(names), max_size=2, unique=True)):
            record[kind][0][name] = draw(hostile_text)
    return record


def as_file(record: dict[str, Any]) -> bytes:
    """The record as PyYAML writes it; what UTF-8 cannot hold is escaped."""
    text = yaml.safe_dump(record, sort_keys=False, width=80)
    return f"---\n{text}---\n".encode()


cells = st.one_of(
    st.just("NA"),
    hostile_text.map(lambda text: "".join(c for c in text if c not in "\t\n\r\ud800")),
)
table_rows = st.lists(
    st.fixed_dictionaries(
        {
            "organism_id": st.sampled_from(["9606", "10090", "NA", "x"]),
            "organism_name": cells,
            "organism_group": cells,
            "word": cells,
            "match": cells,
            "ncbigene_symbol": cells,
            "ncbigene_id": st.one_of(st.sampled_from(["207", "2475, 3480", "NA"]), cells),
            "source": st.one_of(st.sampled_from(["ncbigene_symbol", "famplex_relations"]), cells),
            "count_direct": st.one_of(st.sampled_from(["1", "NA", "x"]), cells),
            "count_synonym": cells,
            "count_match": cells,
        }
    ),
    max_size=4,
)
