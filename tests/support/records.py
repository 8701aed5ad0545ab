"""Records to write, a folder to put them in, and how a command ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIGID = "PMC1__f1"

# Each field's YAML as it stands in a file, in the order of real records. {figid}, {pmcid} and
# {stem} stand for the parts of the record's name.
LEGACY: dict[str, str] = {
    "figid": "{figid}",
    "figlink": "/pmc/articles/{pmcid}/figure/F1/",
    "number": "Figure 1",
    "caption": "'Signaling: mTORC1 and its drugs'",
    "pmcid": "{pmcid}",
    "papertitle": "A pathway.",
    "reftext": "A. Author, et al. J. Tests. 2001 Dec;21(24):10.1000/ABC-1.",
    "pmc_ranked_result_index": "'14449'",
    "pathway_score": "0.96405",
    "filename": "{stem}.jpg",
    "figtitle": "mTORC1 and its drugs",
    "year": "'2001'",
    "organisms": "Homo sapiens",
    "ndex": "e93dea57-deb4-11ea-99da-0ac135e8bacf",
    "annotations": "[]",
    "seo": "CreativeWork",
    "schema-jsonld": "\n  '@type': Dataset\n  license: CC0\n  keywords:\n  - MTOR\n  - Rapamycin",
    "genes": "\n- word: mTorc1\n  symbol: mTORC1\n  source: bioentities_symbol\n"
    "  hgnc_symbol: MTOR\n  entrez: '2475'",
    "chemicals": "\n- word: Rapamycin\n  source: MESH\n  identifier: D020123",
    "diseases": "\n- word: Cancer\n  source: ''\n  identifier: ''",
}
CURRENT: dict[str, str] = {
    "figid": "{figid}",
    "figtitle": "mTORC1 and its drugs",
    "organisms": "\n- Homo sapiens\n- NA\n- Sar",
    "organisms_ner": "\n- Mus musculus",
    "pmcid": "{pmcid}",
    "filename": "{stem}.jpg",
    "figlink": "/pmc/articles/{pmcid}/figure/F1/",
    "number": "F1",
    "caption": "'Signaling: mTORC1 and its drugs'",
    "papertitle": "A pathway.",
    "reftext": "A. Author, et al. J. Tests. 2023 Mar 22;1(2):1-5.",
    "year": "'2023'",
    "doi": "10.1000/abc-1",
    "journal_title": "Journal of Tests",
    "journal_nlm_ta": "J. Tests",
    "publisher_name": "Test Press",
    "keywords": "mTOR | cell growth",
    "automl_pathway": "0.9377394",
    "figid_alias": "{pmcid}__F1",
    "figtype": "Figure",
    "redirect_from": "/figures/{pmcid}__F1",
    "ndex": "''",
    "seo": "CreativeWork",
    "schema-jsonld": "\n  '@type': Dataset\n  license: CC0\n  keywords:\n  - Mtor",
}
FORMS = {"legacy": LEGACY, "current": CURRENT}

HEADERS = {
    "genes": "organism_id organism_name organism_group word match ncbigene_symbol ncbigene_id"
    " source count_direct count_synonym count_match",
    "chemicals": "word mesh match name chebi",
    "diseases": "word mesh match name doid",
}
TABLES = {
    "genes": "10090\tMus musculus\tRodents\tmTor\tMTOR\tMtor\t56717\tncbigene_symbol\t4\tNA\t5\n",
    "chemicals": "Rapa\tmesh:D020123\tSirolimus\tsirolimus\tchebi:9168\n",
    "diseases": "LPS\tmesh:C536528\tVan der Woude syndrome\tVan der Woude\tdoid:0060239\n",
}


def record_text(
    form: str = "current", figid: str = FIGID, changes: Mapping[str, str | None] | None = None
) -> str:
    """The Markdown of a record.

    Args:
        form: A key of ``FORMS``.
        figid: Its figid; the fields that repeat parts of it follow.
        changes: Field to its YAML; None leaves the field out, a new one comes last.
    """
    pmcid, _, stem = figid.partition("__")
    fields = {
        name: value.format(figid=figid, pmcid=pmcid, stem=stem)
        for name, value in FORMS[form].items()
    }
    fields |= changes or {}
    lines = [
        f"{name}:{value}" if value.startswith("\n") else f"{name}: {value}"
        for name, value in fields.items()
        if value is not None
    ]
    return "\n".join(("---", *lines, "---", ""))


def table_text(kind: str, rows: str | None = None) -> str:
    """A table's TSV: the usual header, and one sound row unless others are given."""
    header = HEADERS[kind].replace(" ", "\t")
    return f"{header}\n{TABLES[kind] if rows is None else rows}"


def line_of(text: str, beginning: str) -> int:
    """The number of the first line that begins so."""
    lines = text.splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(beginning))


@dataclass(frozen=True)
class Collection:
    """A folder of records laid out as the database is."""

    root: Path

    def add(self, figid: str = FIGID, text: str | bytes | None = None, **tables: str) -> Path:
        """Write a record, a sound current one unless its text is given, and its tables."""
        path = self.root / "_figures" / f"{figid}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = record_text(figid=figid) if text is None else text
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        for kind, table in tables.items():
            file = self.root / "_data" / f"{figid}-{kind}.tsv"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(table.encode())
        return path


class Outcome(NamedTuple):
    """How a call of the command line ended."""

    code: int
    stdout: str
    stderr: str
