"""Whoever forges one value of a release, and makes all checksums again, is found out.

Each case changes one value of one file. Sizes, checksums and, where another file is forged, the
descriptions are made again, so that nothing but a comparison with the quads tells of it.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from rdfexport.release.folder import write_sums
from rdfexport.release.mentions import COLUMNS
from support.forging import (
    CHEMICALS,
    FIGURE,
    GMT,
    JSONLD,
    MENTIONS,
    PATCH,
    UPDATE,
    VERSION,
    VOID,
    changed_facts,
    count,
    counted,
    described,
    entry,
    make_releases,
    packed,
    relined,
    repacked,
    signed,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.records import Outcome

    Change = Callable[[Path], object]

DOCUMENT = f"core/{FIGURE}.jsonld"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
OTHER_LICENCE = "https://creativecommons.org/licenses/by-nd/4.0/"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site root of a release of the examples."""
    return make_releases(tmp_path_factory.mktemp("forged"))


def text(name: str, old: str, new: str) -> Change:
    """Change a text of a file wherever it stands."""

    def change(folder: Path) -> None:
        before = (folder / name).read_text("utf-8")
        assert old in before
        (folder / name).write_text(before.replace(old, new), "utf-8")

    return change


def document(old: str, new: str) -> Change:
    """Change a text of the JSON-LD document of one figure, once."""

    def change(members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        assert old.encode() in dict(members)[DOCUMENT]
        return [
            (name, data.replace(old.encode(), new.encode(), 1) if name == DOCUMENT else data)
            for name, data in members
        ]

    return packed(JSONLD, change)


def line(name: str, change: Callable[[bytes], bytes], number: int = 0) -> Change:
    """Change one line of a file, which may be a gzip file."""

    def changed(lines: list[bytes]) -> list[bytes]:
        new = change(lines[number])
        assert new != lines[number]
        lines[number] = new
        return lines

    return lambda folder: relined(folder / name, changed)


def cell(column: str) -> Change:
    """Change one cell of a column, the first that has a value, or the first of all."""

    def change(rows: pa.Table) -> pa.Table:
        values = rows[column].to_pylist()
        at = next((number for number, value in enumerate(values) if value), 0)
        old = values[at]
        new: Any = (
            [*old, "CHEBI:1"] if isinstance(old, list) else "20" if old is None else f"{old}0"
        )
        if column == "row":
            new = old + 1
        elif column == "figid":
            new = values[-1] if values[-1] != old else values[0]
        elif isinstance(old, list):
            new = [*old, "CHEBI:1"]
        elif column in {"kind", "agreement"}:
            new = {"kind": "disease", "agreement": "alias"}[column]
        values[at] = new
        field = rows.schema.field(column)
        place = rows.schema.get_field_index(column)
        return rows.set_column(place, field, pa.array(values, field.type))

    return table(change)


def both(change: Callable[[bytes], bytes]) -> Change:
    """Change a text in the patch and in its updates alike."""

    def changed(folder: Path) -> None:
        relined(folder / PATCH, lambda lines: [change(one) for one in lines])
        repacked(folder / UPDATE, lambda some: [(name, change(data)) for name, data in some])

    return changed


def deletes_a_triple(folder: Path) -> None:
    """Let patch and updates delete, instead of insert, a triple that the release has."""
    triple = b""

    def in_patch(lines: list[bytes]) -> list[bytes]:
        nonlocal triple
        at = max(number for number, one in enumerate(lines) if one.startswith(b"A "))
        triple = lines[at][2:]
        return [*lines[:at], b"D " + triple, *lines[at + 1 :]]

    relined(folder / PATCH, in_patch)
    statement, _, graph = triple.removesuffix(b" .\n").rpartition(b" ")

    def in_updates(members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        taken = [(n, d.replace(statement + b" .\n", b"", 1)) for n, d in members]
        new = b"DELETE DATA {\nGRAPH " + graph + b" {\n" + statement + b" .\n}\n}\n"
        return [*taken, (f"{len(members) + 1:06}.ru", new)]

    repacked(folder / UPDATE, in_updates)
    for name in (PATCH, UPDATE):
        count(folder, name, deleted=counted(folder, name, "deleted") + 1)
        count(folder, name, inserted=counted(folder, name, "inserted") - 1)


def fewer_sets(folder: Path) -> None:
    relined(folder / GMT, lambda lines: lines[1:])
    count(folder, GMT, sets=counted(folder, GMT, "sets") - 1)


def moved_set(folder: Path) -> None:
    """Put a set into the file of another organism."""
    other = GMT.replace("Homo_sapiens", "Danio_rerio")
    taken = (folder / GMT).read_bytes().splitlines(keepends=True)[0]
    relined(folder / GMT, lambda lines: lines[1:])
    relined(folder / other, lambda lines: [taken, *lines])
    count(folder, GMT, sets=counted(folder, GMT, "sets") - 1)
    count(folder, other, sets=counted(folder, other, "sets") + 1)


def crate_text(old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        for name in ("ro-crate-metadata.json", "manifest.json"):
            text(name, old, new)(folder)

    return change


def fact(name: str, value: object) -> Change:
    return changed_facts(lambda said: said.update({name: value}))


def table_fact(name: str, value: str) -> Change:
    return changed_facts(lambda said: said["tables"][0].update({name: value}))


def file_fact(path: str, name: str, value: object) -> Change:
    return changed_facts(lambda said: entry(said, path).update({name: value}))


# Name → the change, and what of the report names it.
DATA: dict[str, tuple[Change, str]] = {
    **{f"mentions: {column}": (cell(column), f"{MENTIONS}: ") for column in COLUMNS},
    "document: licence": (
        document(LICENCE, OTHER_LICENCE),
        f"{JSONLD}: the document of {FIGURE} is not what its graph says: it differs in license",
    ),
    "document: title": (document('"name": "Feedback', '"name": "Feedforward'), "differs in name"),
    "document: script": (
        document("Feedback signaling", "</script><script>alert(1)</script>"),
        f"{JSONLD}: the document of {FIGURE}",
    ),
    "document: another spelling": (
        document("Feedback", r"\u0046eedback"),
        "the way in which it is written",
    ),
    "document: gene": (document("ncbigene:3480", "ncbigene:672"), f"{JSONLD}: the document of"),
    "document: another value more": (
        document('"isAccessibleForFree": true,', '"isAccessibleForFree": true, "editor": "x",'),
        "differs in editor",
    ),
    "document: a name twice": (
        document('"license":', '"license": "https://example.org/", "license":'),
        "the way in which it is written",
    ),
    "document: context": (
        document('"https://schema.org/"', '"https://example.org/"'),
        "differs in @context",
    ),
    "set: gene": (line(GMT, lambda one: one.replace(b"\n", b"0\n")), f"{GMT}:1: "),
    "set: gene more": (line(GMT, lambda one: one.replace(b"\n", b"\t672\n")), f"{GMT}:1: "),
    "set: gene less": (line(GMT, lambda one: one.rpartition(b"\t")[0] + b"\n"), f"{GMT}:1: "),
    "set: title": (line(GMT, lambda one: one.replace(b"\t", b"\tNot ", 1)), f"{GMT}:1: "),
    "set: name": (line(GMT, lambda one: one.replace(b"__", b"__X", 1)), f"{GMT}:1: "),
    "set: one less": (fewer_sets, f"{GMT}:"),
    "set: of another organism": (moved_set, f"{GMT}:"),
    "set: organism": (file_fact(GMT, "organism", "Mus musculus"), f"{GMT}: release.json says"),
    "chemical set: member": (
        line(CHEMICALS, lambda one: one.replace(b"chebi:", b"chebi:1", 1)),
        f"{CHEMICALS}:1: ",
    ),
    "chemical set: title": (
        line(CHEMICALS, lambda one: one.replace(b"\t", b"\tNot ", 1)),
        f"{CHEMICALS}:1: ",
    ),
    "patch: what is inserted": (
        both(lambda data: data.replace(b'schema.org/name> "', b'schema.org/name> "Not ')),
        f"{PATCH}:",
    ),
    "patch: what is deleted": (deletes_a_triple, "deletes what the release has"),
    "patch: its id": (
        line(PATCH, lambda one: one.replace(b"urn:uuid:", b"urn:uuid:0")),
        f"{PATCH}:1: ",
    ),
    "changes: number": (
        line("changes.tsv", lambda one: one.replace(b"\n", b"0\n"), 1),
        "changes.tsv:2: ",
    ),
    "changes: graph": (
        line("changes.tsv", lambda one: one.replace(b"figures/", b"figures/x"), 1),
        "changes.tsv:2: ",
    ),
    "changes: figure": (
        line("changes.tsv", lambda one: b"PMC1__x" + one[one.index(b"\t") :], 1),
        "changes.tsv:2: ",
    ),
    "activities: figure": (
        text("CHANGES.ttl", f"{FIGURE}.html", "PMC1__x.html"),
        "CHANGES.ttl:",
    ),
    "activities: day": (text("CHANGES.ttl", "2026-11-10T", "2026-11-09T"), "CHANGES.ttl:"),
    "activities: release before": (
        text("CHANGES.ttl", "/pfocr/20261010/", "/pfocr/20261009/"),
        "CHANGES.ttl: names ",
    ),
    "facts: program": (fact("tool_version", "9.9"), "release.json: says rdfexport 9.9"),
    "facts: day of a table": (table_fact("date", "2020-01-01"), "release.json: "),
    "facts: source of a table": (table_fact("source", "elsewhere"), "release.json: says source"),
    "facts: terms of a table": (table_fact("licence", "none"), "release.json: says licence"),
    "facts: which sets": (
        changed_facts(lambda said: said["sets"].update(rule="all")),
        "is not as in the graphs of figures",
    ),
    "facts: figures": (fact("figures", 8), "release.json: says 8 figures"),
}
DESCRIPTIONS: dict[str, tuple[Change, str]] = {
    "dcat: licence": (text("dcat.ttl", LICENCE, OTHER_LICENCE), "dcat.ttl: "),
    "dcat: creator": (
        text(
            "dcat.ttl",
            "dcterms:creator <https://www.wikipathways.org/>",
            "dcterms:creator <https://example.org/>",
        ),
        "dcat.ttl: ",
    ),
    "dcat: title": (text("dcat.ttl", "PFOCR releases", "Our releases"), "dcat.ttl: "),
    "dcat: release before": (text("dcat.ttl", "pfocr/20261010/", "pfocr/20251010/"), "dcat.ttl: "),
    "dcat: left out": (text("dcat.ttl", "0 left out", "3 left out"), "dcat.ttl: "),
    "dcat: endpoint": (
        text(
            "dcat.ttl",
            "dcterms:alternative",
            "<http://rdfs.org/ns/void#sparqlEndpoint> <https://example.org/sparql>;"
            " dcterms:alternative",
        ),
        "dcat.ttl: ",
    ),
    "void: licence": (text(VOID, LICENCE, OTHER_LICENCE), f"{VOID}: "),
    "void: title": (text(VOID, '"PFOCR"@en', '"XFOCR"@en'), f"{VOID}: "),
    "void: creator": (
        text(
            VOID,
            "dcterms:creator <https://www.wikipathways.org/>",
            "dcterms:creator <https://example.org/>",
        ),
        f"{VOID}: ",
    ),
    "void: address": (text(VOID, "foaf:page <https://pfocr", "foaf:page <https://pf0cr"), VOID),
    "search engines: licence": (text("dataset.jsonld", LICENCE, OTHER_LICENCE), "dataset.jsonld: "),
    "search engines: name": (text("dataset.jsonld", '"name": "PFOCR ', '"name": "X'), ".jsonld: "),
    "search engines: creator": (
        text("dataset.jsonld", '"name": "WikiPathways"', '"name": "Someone"'),
        "dataset.jsonld: differs from the files in creator.name",
    ),
    "search engines: address of a file": (
        text("dataset.jsonld", f"/{GMT}", f"/x/{GMT}"),
        "contentUrl",
    ),
    "search engines: a name twice": (
        text("dataset.jsonld", '"license": ', '"license": "https://example.org/", "license": '),
        "dataset.jsonld: is not what a release has there (an object has a name twice",
    ),
    "packing list: licence": (crate_text(LICENCE, OTHER_LICENCE), "ro-crate-metadata.json: "),
    "packing list: publisher": (crate_text('"WikiPathways"', '"Someone"'), "manifest.json: "),
    "packing list: left out": (crate_text("0 left out", "3 left out"), "manifest.json: "),
    "facts: source": (fact("source", "https://example.org/records"), "dcat.ttl: "),
    "facts: release before": (fact("previous", "20251010"), "dcat.ttl: "),
    "facts: left out": (fact("rejected", 3), "dcat.ttl: "),
    "facts: base": (fact("base_url", "https://example.org/"), "dcat.ttl: "),
    "facts: endpoint": (fact("sparql_endpoint", "https://example.org/sparql"), "dcat.ttl: "),
    "facts: title of a file": (file_fact(GMT, "title", "Sets"), "dcat.ttl: "),
    "facts: media type of a file": (file_fact(GMT, "media_type", "text/html"), "dcat.ttl: "),
}


def forged(root: Path, tmp_path: Path, change: Change, run: Callable[..., Outcome]) -> Outcome:
    folder = shutil.copytree(root / VERSION, tmp_path / VERSION)
    change(folder)
    signed(folder)
    return run("verify", folder, "--jobs", "1", "--no-shacl")


@pytest.mark.parametrize(("change", "said"), DATA.values(), ids=DATA.keys())
def test_a_forged_value_is_found(
    change: Change, said: str, root: Path, tmp_path: Path, run: Callable[..., Outcome]
) -> None:
    def deceive(folder: Path) -> None:
        change(folder)
        signed(folder)
        described(folder)

    outcome = forged(root, tmp_path, deceive, run)
    assert outcome.code == 1, outcome.stdout + outcome.stderr
    assert said in outcome.stdout
    assert outcome.stdout.splitlines()[0].endswith(" ok")  # the checksums


@pytest.mark.parametrize(("change", "said"), DESCRIPTIONS.values(), ids=DESCRIPTIONS.keys())
def test_a_forged_description_is_found(
    change: Change, said: str, root: Path, tmp_path: Path, run: Callable[..., Outcome]
) -> None:
    outcome = forged(root, tmp_path, change, run)
    assert outcome.code == 1, outcome.stdout + outcome.stderr
    assert said in outcome.stdout
    assert outcome.stdout.splitlines()[0].endswith(" ok")  # the checksums


def test_nothing_else_is_found(root: Path, tmp_path: Path, run: Callable[..., Outcome]) -> None:
    """What deceives here is sound where no value is forged."""

    def deceive(folder: Path) -> None:
        signed(folder)
        described(folder)

    outcome = forged(root, tmp_path, deceive, run)
    assert outcome.code == 0, outcome.stdout


def test_a_release_of_another_version_may_word_its_descriptions_otherwise(
    root: Path, tmp_path: Path, run: Callable[..., Outcome]
) -> None:
    def worded(folder: Path) -> None:
        fact("tool_version", "0.0.9")(folder)
        described(folder)
        text("dcat.ttl", "PFOCR releases", "Releases of PFOCR")(folder)
        text("dataset.jsonld", '"name": "PFOCR releases"', '"name": "Releases of PFOCR"')(folder)
        write_sums(folder)

    outcome = forged(root, tmp_path, worded, run)
    assert "dcat.ttl" not in outcome.stdout
    assert "dataset.jsonld" not in outcome.stdout
    assert json.loads((root / VERSION / "release.json").read_bytes())["tool_version"] != "0.0.9"
