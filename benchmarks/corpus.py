# ruff: noqa: RUF001 - captions hold Greek letters, dashes and primes, as real ones do
"""A synthetic PFOCR corpus of any size, in both forms of a record.

    python benchmarks/corpus.py FOLDER --records 103000 --seed 1 --form mixed

writes ``FOLDER/_figures/*.md`` and ``FOLDER/_data/*.tsv``. Human genes and MeSH numbers are real,
so that there is as much to link as in life; words, captions and articles are made up. Their forms,
sizes and frequencies follow real records (``docs/records.md``). The same seed gives the same
bytes, and a smaller corpus is the beginning of a larger one.

A YAML library would take half an hour for a large corpus, so records are pasted together from text
that is ready; ``scalar`` quotes and folds as PyYAML does, whose output real records are.
"""

from __future__ import annotations

import argparse
import re
import time
from itertools import accumulate, islice
from math import exp
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from rdfexport.references import snapshot
from rdfexport.references.parsers import VALUE_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

T = TypeVar("T")

FORMS: Final = {"legacy": 0.0, "current": 1.0, "mixed": 0.6}
"""The share of articles whose figures have the current form."""

HEADERS: Final = {
    "genes": "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id"
    "\tsource\tcount_direct\tcount_synonym\tcount_match\n",
    "chemicals": "word\tmesh\tmatch\tname\tchebi\n",
    "diseases": "word\tmesh\tmatch\tname\tdoid\n",
}

# --- YAML ------------------------------------------------------------------------------------

_WIDTH: Final = 80
_UNPRINTABLE = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# A text that starts so would not be read as a plain scalar.
_INDICATOR = re.compile(r"[#,\[\]{}&*!|>'\"%@` ]|[-?:](?: |\Z)|---|\.\.\.")
# Read as something else than text by YAML 1.1, by YAML 1.2, or by both, once without its "_", which
# readers skip in numbers.
_NOT_TEXT = re.compile(
    r"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"
    r"|null|Null|NULL|~|=|<<|\.(?:nan|NaN|NAN)"
    r"|[-+]?(?:0b[01]*|0o[0-7]*|0x[0-9a-fA-F]*|\.(?:inf|Inf|INF)"
    r"|[0-9]+(?::[0-5]?[0-9])*(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?"
    r"|\.[0-9]+(?:[eE][-+]?[0-9]+)?)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?"
)


def scalar(text: str, column: int = 0, indent: int = 2) -> str:
    """A text as YAML, plain where that is safe, folded as PyYAML folds it.

    Args:
        text: One line; a text with control characters is not folded.
        column: Where on its line the scalar starts.
        indent: Where the lines after the first start.
    """
    if not text.isprintable() and _UNPRINTABLE.search(text):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _UNPRINTABLE.sub(_escape, escaped) + '"'
    if (
        text[-1:] in {"", " ", ":"}
        or ": " in text
        or " #" in text
        or _INDICATOR.match(text)
        or _NOT_TEXT.fullmatch(text.replace("_", ""))
    ):
        return "'" + _fold(text.replace("'", "''"), column + 1, indent) + "'"
    return _fold(text, column, indent)


def _escape(odd: re.Match[str]) -> str:
    code = ord(odd[0])
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"


def _fold(text: str, column: int, indent: int) -> str:
    lines = []
    start, last = 0, len(text) - 1
    while (at := text.find(" ", start + max(_WIDTH + 1 - column, 0))) >= 0:
        # Several spaces, or one at an end, would be lost in a line break.
        while at >= 0 and (at in {0, last} or text[at - 1] == " " or text[at + 1] == " "):
            at = text.find(" ", at + 1)
        if at < 0:
            break
        lines.append(text[start:at])
        start, column = at + 1, indent
    if not lines:
        return text
    lines.append(text[start:])
    return ("\n" + " " * indent).join(lines)


# --- Genes -----------------------------------------------------------------------------------

_GENES: Final = 20_000
_ZIPF: Final = 0.75
# In real records six genes of a thousand have an outdated symbol, and few genes ever had another.
_OUTDATED: Final = 0.02
_OCR: Final = (
    "{0},", "({0}", "{0}*", "p-{0}", "{0}/{1}", "{0}-", ".....{0}", "|{0}|", "{0} ({1})", "{0}α",
    "{0},{1}", "{1}-{0}", "T{0}", "{0}?", "{0}  {1}", "{0}:{1}", "Δ{0}", "{0}²+",
)  # fmt: skip
# Words that a careless YAML writer or reader takes for something else.
_TRAPS: Final = (
    "On", "NO", "Yes", "null", "53", "4.6", "12:30", "0x1F", "~", "[{0}]", "*{0}", "&{0}", "@{0}",
    "# {0}", "{0}: active", "%{0}", "!{0}", "- {0}", "{0}:", "{0} #2", '"{0}"', "'{0}'", "`{0}`",
    "{0} ", " {0}", "B'-{0}", "14-3-3", "> {0}", "1,25", "{0} -> {1}", "2001-10-01", "{{{0}}}",
)  # fmt: skip


class _Organism(NamedTuple):
    taxid: int
    name: str
    group: str
    share: int
    genes: int
    symbol: Callable[[str], str]
    numbers: tuple[tuple[int, int], ...]
    """Where its NCBI Gene numbers lie; human ones are HGNC's."""


_ORGANISMS: Final = (
    _Organism(9606, "Homo sapiens", "Primates", 640, _GENES, str, ()),
    _Organism(10090, "Mus musculus", "Rodents", 200, _GENES, str.capitalize,
              ((11_287, 22_700), (64_000, 78_999), (95_000, 111_000), (207_000, 245_000))),
    _Organism(10116, "Rattus norvegicus", "Rodents", 60, 15_000, str.capitalize,
              ((24_150, 25_799), (29_100, 29_799), (59_000, 63_999), (287_000, 317_000))),
    _Organism(7955, "Danio rerio", "Vertebrates", 20, 6_000, lambda s: s.lower() + "a",
              ((30_000, 30_799), (321_000, 339_000), (550_000, 572_000))),
    _Organism(8355, "Xenopus laevis", "Vertebrates", 10, 4_000, lambda s: s.lower() + ".L",
              ((373_000, 399_999), (100_036_000, 100_037_999))),
    _Organism(7227, "Drosophila melanogaster", "Invertebrates", 20, 5_000, str.lower,
              ((30_970, 50_499),)),
    _Organism(6239, "Caenorhabditis elegans", "Invertebrates", 10, 4_000,
              lambda s: s[:3].lower() + "-" + s[3:].lower() if s[3:] else s.lower() + "-1",
              ((171_600, 191_999),)),
    _Organism(3702, "Arabidopsis thaliana", "Plants", 20, 6_000, lambda s: "AT" + s,
              ((814_600, 844_900),)),
    _Organism(4932, "Saccharomyces cerevisiae", "Fungi", 10, 4_000, lambda s: "Y" + s,
              ((850_280, 856_970),)),
    _Organism(1282, "Staphylococcus epidermidis", "Bacteria", 10, 2_000,
              lambda s: s[:3].lower() + s[3:4],
              ((50_017_000, 50_020_600),)),
)  # fmt: skip


class _Mention(NamedTuple):
    """A gene, or the genes of a family, as figures name it: ``rows[w]`` has its w-th wording."""

    keywords: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class _Pool:
    """Things that are drawn by Zipf's law, the first most often."""

    def __init__(self, items: Sequence[_Mention], exponent: float = _ZIPF) -> None:
        self.items = items
        self.weights = list(accumulate((rank + 1) ** -exponent for rank in range(len(items))))


def _stems(rng: Random) -> Iterator[str]:
    """Distinct beginnings of gene symbols."""
    seen = {"NA"}  # the mark of an unknown value
    while True:
        letters = rng.choices("ABCDEFGHIKLMNPRSTUVX", k=rng.choice((2, 3, 3, 3, 4, 4, 5)))
        stem = "".join(letters)
        if stem not in seen:
            seen.add(stem)
            yield stem


class _Gene(NamedTuple):
    symbol: str
    number: int
    previous: str
    """A symbol it had before, or its present one."""


def _human_genes() -> list[_Gene]:
    """HGNC's genes by their NCBI Gene number: small numbers are the much-studied genes."""
    genes = []
    for _, symbol, _, entrez, _, _, previous, _ in snapshot.rows("hgnc"):
        if entrez:
            before = previous.split(VALUE_SEPARATOR)[0]
            genes.append(_Gene(symbol, int(entrez), before or symbol))
    return sorted(genes, key=lambda gene: gene.number)


def _families(rng: Random, genes: Sequence[_Gene]) -> list[tuple[str, list[_Gene]]]:
    """A stem and the genes of each family, a lone gene being a family of one."""
    named: dict[str, list[_Gene]] = {}
    for gene in genes:
        named.setdefault(_stem(gene), []).append(gene)
    seen: set[_Gene] = set()
    families = []
    for gene in genes[:_GENES]:
        if gene in seen:
            continue
        stem = _stem(gene)
        size = rng.choice((*(1,) * 24, 2, 2, 3, 4, 6, 10))
        members = [gene, *(other for other in named[stem] if other not in seen and other != gene)]
        families.append((stem, members[:size]))
        seen.update(members[:size])
    return families


def _stem(gene: _Gene) -> str:
    return gene.symbol.rstrip("0123456789")


def _numbers(rng: Random, organism: _Organism, taken: AbstractSet[int]) -> Iterator[int]:
    """Distinct NCBI Gene numbers that are no human genes', the small ones mostly first."""
    count = organism.genes + 10  # the last family may go beyond
    first, *others = (range(low, high) for low, high in organism.numbers)
    numbers = rng.sample(first, min(count, len(first) * 3 // 4))
    numbers += rng.sample([n for other in others for n in other], count - len(numbers))
    free = [number for number in numbers if number not in taken]
    return iter(sorted(free, key=lambda number: number * rng.lognormvariate(0, 1)))


class _Wording(NamedTuple):
    """How a figure names a gene, what the lexicon has for that, and how the two go together."""

    word: str
    found: str
    how: str


def _wordings(rng: Random, name: str, other: str, alias: str) -> list[_Wording]:
    """Three wordings as optical character recognition gives them."""
    noise = rng.choice(_TRAPS if rng.random() < 0.03 else _OCR)
    clean = rng.choice((name, name, name.lower(), name.capitalize()))
    how = rng.choice(("alias", "alias", "alias", "alias", "prev"))
    return [
        _Wording(clean, name, "exact"),
        _Wording(noise.format(name, other), name, "exact"),
        _Wording(alias, alias, how),
    ]


def _mentions(seed: int) -> tuple[_Pool, dict[_Organism, _Pool]]:
    """The genes of the legacy form, and those of the current form by organism."""
    rng = Random(f"{seed} genes")
    known = _human_genes()
    taken = {gene.number for gene in known}
    families = _families(rng, known)
    rng.shuffle(families)
    aliases = _stems(rng)
    wordings = []
    for i, (stem, genes) in enumerate(families):
        other = families[i - 1][0]
        name = stem if len(genes) > 1 else genes[0].symbol
        words = _wordings(rng, name, other, f"{next(aliases)}{rng.randint(1, 60)}")
        if len(genes) > 1:
            kinds = ("family", "family", "synonyms")
            words = [word._replace(how=kind) for word, kind in zip(words, kinds, strict=True)]
        wordings.append(words)
    legacy = []
    tables: dict[_Organism, _Pool] = {}
    for organism in _ORGANISMS:
        human = organism is _ORGANISMS[0]
        numbers = None if human else _numbers(rng, organism, taken)
        pool = []
        left = organism.genes
        for (_, genes), words in zip(families, wordings, strict=True):
            if numbers is None:
                ids = [gene.number for gene in genes]
                symbols = [g.previous if rng.random() < _OUTDATED else g.symbol for g in genes]
            else:
                symbols = [organism.symbol(gene.symbol) for gene in genes]
                ids = list(islice(numbers, len(symbols)))
                if len(ids) < len(symbols):
                    break
            if human:
                legacy.append(_legacy_mention(rng, symbols, ids, words))
            pool.append(_table_mention(symbols, ids, words))
            left -= len(symbols)
            if left <= 0:
                break
        tables[organism] = _Pool(pool)
    return _Pool(legacy), tables


_LEGACY_SOURCES: Final = {
    "exact": "hgnc_symbol",
    "alias": "hgnc_alias_symbol",
    "prev": "hgnc_prev_symbol",
    "family": "bioentities_symbol",
    "synonyms": "bioentities_symbol",
}
_TABLE_SOURCES: Final = {
    "exact": "ncbigene_symbol",
    "alias": "ncbigene_synonym",
    "prev": "ncbigene_synonym",
    "family": "famplex_relations",
    "synonyms": "ncbigene_synonym",
}


def _legacy_mention(
    rng: Random, symbols: list[str], ids: list[int], wordings: list[_Wording]
) -> _Mention:
    numbers = [f"'{number}'" for number in ids]
    if len(ids) > 1 and rng.random() < 0.004:
        numbers[0] = f"{ids[0]}, {ids[1]}"
    genes = [
        f"{scalar(symbol)}\n  entrez: {number}\n"
        for symbol, number in zip(symbols, numbers, strict=True)
    ]
    rows = []
    for word, found, how in wordings:
        before = (
            f"- word: {scalar(word, 8, 4)}\n  symbol: {scalar(found, 10, 4)}\n"
            f"  source: {_LEGACY_SOURCES[how]}\n  hgnc_symbol: "
        )
        rows.append(tuple(before + gene for gene in genes))
    return _gene_mention(symbols, rows)


def _table_mention(symbols: list[str], ids: list[int], wordings: list[_Wording]) -> _Mention:
    genes = [f"\t{symbol}\t{number}\t" for symbol, number in zip(symbols, ids, strict=True)]
    rows = []
    for word, found, how in wordings:
        match = found.upper().replace("-", "")
        source = _TABLE_SOURCES[how]
        rows.append(tuple(f"{word}\t{match}{gene}{source}" for gene in genes))
    return _gene_mention(symbols, rows)


def _gene_mention(symbols: list[str], rows: list[tuple[str, ...]]) -> _Mention:
    # Wordings are drawn in equal parts, and noise is rarer than the others.
    clean, noisy, alias = rows
    keywords = tuple(_keyword(symbol) for symbol in symbols)
    return _Mention(keywords, (clean, clean, noisy, alias, alias))


def _keyword(text: str) -> str:
    return f"  - {scalar(text, 4, 4)}\n"


# --- Chemicals and diseases ------------------------------------------------------------------

_BEFORE: Final = (
    "", "", "", "", "L-", "D-", "N-acetyl-", "alpha-", "β-", "γ-", "3-hydroxy-", "2-oxo-", "cis-",
    "5'-", "1,3-di", "(R)-", "12-oxo-9(Z)-", "O-methyl-", "Δ9-", "13S-",
)  # fmt: skip
_MIDDLE: Final = (
    "galact", "succin", "pyruv", "glut", "trypt", "meval", "linol", "chol", "mann", "querc",
    "indol", "benz", "thiaz", "caffe", "ferul", "resver", "rapam", "metform", "doxorub", "simvast",
    "estr", "cort", "melat", "seroton", "dopam", "adenos", "guan", "urid", "thym", "xanth",
    "lycop", "farnes", "geran", "squal", "palmit", "arachid", "sphing", "cer", "fuc", "rib", "xyl",
    "thre", "isoleuc",
)  # fmt: skip
_AFTER: Final = (
    "ate", "ine", "ol", "in", "ose", "one", "ic acid", "amide", "ene", "idine", "yl-CoA",
    "aldehyde", " 6-phosphate", "ium", "oside", "anol", "imine", "ate-5-PP", "mycin", "2+",
)  # fmt: skip
_CHEMICAL_NAMES: Final = (
    "{0}", "{0}", "{0}(1-)", "{0} atom", "(1->4)-{0}", "uridine 5'-[3-{0} diphosphate]",
    "3-(2-{{[(3R)-4-{0}-2,2-dimethyl-4-oxobutyl]amino}}ethyl) {0}", "{0}, 15N-labelled",
)  # fmt: skip
_DISEASE_BEFORE: Final = (
    "", "", "Acute ", "Chronic ", "Familial ", "Alport ", "Crohn's ", "Idiopathic ", "Type 2 ",
    "Juvenile ", "Ménière's ", "Non-alcoholic ", "Diffuse ", "Congenital ",
)  # fmt: skip
_DISEASE_MIDDLE: Final = (
    "hepatic", "renal", "lung", "pancreatic", "breast", "gastric", "bone", "cardiac", "retinal",
    "skin", "colorectal", "ovarian", "neuronal", "vascular", "thyroid", "lymphoproliferative",
)  # fmt: skip
_DISEASE_AFTER: Final = (
    " cancer", " fibrosis", " injury", " syndrome", " disease", " inflammation", " atrophy",
    " carcinoma", " dystrophy", " hypertension", " use disorder", " ischemia", " tumor",
)  # fmt: skip


def _chemicals(seed: int) -> tuple[_Pool, _Pool]:
    """The chemicals of the legacy form and those of the current form."""
    rng = Random(f"{seed} chemicals")
    names = [b + m + a for b in _BEFORE[3:] for m in _MIDDLE for a in _AFTER]
    rng.shuffle(names)
    concepts = [mesh for mesh, _, replaced_by in snapshot.rows("mesh") if not replaced_by]
    mesh = iter(_mesh(rng, concepts))
    mapped = {row[0]: row[1] for row in snapshot.rows("mesh-chebi")}
    chebi = iter(rng.sample(range(900, 150_000), len(names)))
    legacy, table = [], []
    for name in names[:5_000]:
        other = rng.choice(names)
        word = rng.choice((name, name, name.capitalize(), name.upper()[:4], name + " " + other))
        if rng.random() < 0.03:
            word = rng.choice((*_TRAPS, "{0}  Me  Me ", "{0}  Me Me")).format(word, other)
        # A control character of old files; no place for it in a table.
        old = f"{word} \x1f {other}" if rng.random() < 0.003 else word
        mesh_id, chebi_id = next(mesh), next(chebi)
        chebi_id = mapped.get(mesh_id, chebi_id)
        identity = (
            f"  source: CHEBI\n  identifier: CHEBI:{chebi_id}\n"
            if rng.random() < 0.03
            else f"  source: MESH\n  identifier: {mesh_id}\n"
        )
        legacy.append(_Mention((_keyword(old),), ((f"- word: {scalar(old, 8, 4)}\n{identity}",),)))
        full = rng.choice(_CHEMICAL_NAMES).format(name)
        cells = rng.choice(
            (f"mesh:{mesh_id}\tNA\tNA\tNA",) * 12
            + (f"mesh:{mesh_id}\t{name.title()}\t{full}\tchebi:{chebi_id}",) * 6
            + (f"NA\t{name}\t{full}\tchebi:{chebi_id}", f"NA\t{name}\tNA\tchebi:{chebi_id}")
            + ("NA\tNA\tNA\tNA",)
        )
        table.append(_Mention((_keyword(word),), ((f"{word}\t{cells}\n",),)))
    return _Pool(legacy), _Pool(table)


def _diseases(seed: int) -> tuple[_Pool, _Pool]:
    """The diseases of the legacy form and those of the current form."""
    rng = Random(f"{seed} diseases")
    names = [
        b + m + a for b in _DISEASE_BEFORE[1:] for m in _DISEASE_MIDDLE for a in _DISEASE_AFTER
    ]
    rng.shuffle(names)
    known = [row[2].split(VALUE_SEPARATOR)[0] for row in snapshot.rows("doid") if row[2]]
    mesh = iter(rng.sample(sorted(set(known)), 1_500))
    legacy, table = [], []
    for name in names[:1_500]:
        word = rng.choice((name, name, name.lower(), name.upper()[:4] + ","))
        number = rng.choice((rng.randint(1, 14_999), 50_000 + rng.randint(0, 9_999)))
        doid = f"doid:{number:07d}" if number >= 50_000 else f"doid:{number}"
        mesh_id = next(mesh)
        legacy.append(
            _Mention(
                (_keyword(name),),
                ((f"- word: {scalar(name, 8, 4)}\n  source: ''\n  identifier: ''\n",),),
            )
        )
        cells = rng.choice(
            (f"mesh:{mesh_id}\tNA\tNA\tNA",) * 6
            + (f"mesh:{mesh_id}\t{name}\t{name}\t{doid}",) * 2
            + ("NA\tNA\tNA\tNA",)
        )
        table.append(_Mention((_keyword(word),), ((f"{word}\t{cells}\n",),)))
    return _Pool(legacy), _Pool(table)


def _mesh(rng: Random, concepts: Sequence[str]) -> list[str]:
    """Distinct MeSH numbers: descriptors (D) mostly, supplementary concepts (C)."""
    descriptors = [concept for concept in concepts if concept.startswith("D")]
    others = [concept for concept in concepts if concept.startswith("C")]
    drawn = rng.sample(descriptors, 3_600) + rng.sample(others, 1_400)
    rng.shuffle(drawn)
    return drawn


# --- Texts -----------------------------------------------------------------------------------

_ADJECTIVES: Final = (
    "canonical", "non-canonical", "oxidative", "hepatic", "mitochondrial", "nuclear", "neuronal",
    "downstream", "upstream", "metabolic", "inflammatory", "transcriptional", "calcium-dependent",
    "ligand-induced", "T-cell", "tumor", "endothelial", "plant", "bacterial", "epigenetic",
    "putative", "IFN-γ–induced", "insulin-stimulated", "hypoxic", "autophagic", "lipid",
    "vascular", "renal", "AMPK-mediated", "TGF-β/Smad", "cytoplasmic", "apoptotic", "age-related",
    "drug-resistant",
)  # fmt: skip
_NOUNS: Final = (
    "signaling pathway", "biosynthesis pathway", "cell proliferation", "gene expression",
    "receptor", "kinase cascade", "phosphorylation", "degradation", "membrane transport",
    "stress response", "immune evasion", "differentiation", "tricarboxylic acid cycle",
    "energy metabolism", "transcription factors", "feedback loop", "apoptosis", "angiogenesis",
    "reactive oxygen species", "ubiquitination", "protein synthesis", "glucose uptake",
    "cell-cycle arrest", "cytokine release", "DNA repair", "mRNA stability",
    "macrophage polarization", "fibrosis", "synaptic plasticity",
)  # fmt: skip
# a, b: noun phrases (A: at the beginning); g, h: genes; c: a chemical; n: a number.
_SENTENCES: Final = (
    "{A} in {b}.",
    "{A} regulates {b} by way of {g} and {h}.",
    "{A}, indicating negative feedback from {g} to {h}, is shown together with {b}.",
    "Binding of {c} to {g} leads to {a}, and thereby to {b} in the presence of {h}.",
    "(A) {A} under baseline conditions, with {g} as the main driver of {b}.",
    "(B) Inhibition of {g} blocks {a}, activating {h} and leading to {b}.",
    "Upon activation, {g} is phosphorylated by {h} and moves to the nucleus, where it drives {a}.",
    "{A} can be overcome by dual {g}/{h} inhibitors such as {c}, which also reduce {b}.",
    "Arrows denote activation and blunt ends denote inhibition of {a}.",
    "Solid lines show {a}; dashed lines show {b} as proposed earlier [].",
    "Genes that are up-regulated ≥{n}-fold (p < 0.05) are in red, down-regulated ones in green.",
    "{g}, {a} protein; {h}, {b} protein; {c}, substrate of both.",
    "{A} has been reported in this context (, , ), but its part in {b} remains unclear.",
    "Cells were given {n} µM {c} for 24\u00a0h and {g} was measured (n\u200a=\u200a{n}).",
    "The half-life of {g} (t ½) falls from {n} min to less than 1 min when {a} is impaired.",
    "In the absence of {c}, {g} remains bound to {h} and cannot support {a} or {b}.",
    "Loss of {g} in patients' samples correlates with {a} (see  and  for details).",
    "{A} (left) and {b} (right) converge on {g}–{h} complexes at 37\u00a0°C.",
    "The 5′-untranslated region of {g} contains sites that mediate {a} & {b}.",
    "Enzymes of {a} and their transcripts, among them {g} and {h}, are marked by boxes.",
    "Abbreviations: {g}, {a} factor {n}; {h}, {b} kinase.",
    'This model, also called "{a}", explains {b} after exposure to {c}.',
    "Modified from Müller et al. [], with the authors' permission.",
)
_OPENINGS: Final = (
    "{A} and its effect on {b}.",
    "Schematic overview of {a} in {b}.",
    "Proposed model of {a}.",
    "Role of {g} and {h} in {a}.",
    "{c} inhibits {a} through {g}.",
    "Overview of {a}.",
    "{g}–{h} axis in {a}",
    "Crosstalk between {a} and {b} via {g}/{h}.",
    "The {g} network.",
    "{A} pathways of E. coli and {b}.",
    "[{g}] as a target in {a}.",
    "“{A}” revisited.",
)
_TITLES: Final = (
    "{A} Promotes {b} via the {g}/{h} Axis",
    "Role of {g} in {a} and {b}",
    "{g}: A Regulator of {a} and {b}",
    "Targeting {a} with {c} attenuates {b} in a mouse model",
    "A review of {a}, with a focus on {b} and {g}",
    "Comparative analysis reveals a mechanism for {a}  in {b}",
    "Is {a} required for {b}? Insights from {g}-deficient mice",
    "Divergent roles of (+)-{c} in {a} and {b}",
    "{c} and {a}: From Mechanism to Therapy",
    "Alzheimer's Disease and {a} beyond {b}",
    "Deregulated {a}, {g} and {h} in {b}",
)
_NAMES: Final = (
    "Yan", "Maria", "José", "Raquel J.", "Henrik Toft", "Wei", "Anna", "Jürgen", "Zoë",
    "Seunghoon", "Łukasz", "Michael R.", "Prema S.", "Itsuro", "Nan", "Chloé", "Øystein", "Dawood",
    "Kewen", "Tal",
)  # fmt: skip
_SURNAMES: Final = (
    "Zhang", "Kwong", "Simonsen", "O'Brien", "Nuñez", "Rama", "Dvořák", "Kazama", "Lee", "Wang",
    "Müller", "de la Cruz", "Khan", "Vinnie-Siow", "Srivastava", "Marriott", "Çelik", "Ng",
    "Smith", "Karunanithi", "Ångström", "Coenen", "Chong", "Yamamoto", "Rodionov", "Homann",
)  # fmt: skip
_MONTHS: Final = (
    "Jan", "Feb", "Mar 22", "Apr", "May", "Jun 7", "Jul", "Aug", "Sep-Oct", "Nov", "Dec",
)  # fmt: skip
_NONE: Final = ".na.character"
_LEFT_OUT: Final = ("NA", "Sar", "PX clade", "gut metagenome", "uncultured bacterium")
_FURTHER: Final = (
    "Escherichia coli", "Bos taurus", "Sus scrofa", "Oryza sativa", "Zea mays", "Gallus gallus",
    "Coronaviridae", "Escherichia coli str. K-12 substr. MG1655", "Pseudomonas putida",
    "Nicotiana tabacum", "Macaca mulatta", "Severe acute respiratory syndrome coronavirus 2",
)  # fmt: skip


class _Journal(NamedTuple):
    title: str
    abbreviation: str
    publisher: str
    doi: str
    stem: str
    link: str


# y: year, v: volume, a: article number, f: figure number.
_JOURNALS: Final = (
    _Journal("PLOS ONE", "PLoS One", "PLOS", "10.1371/journal.pone.{a:07d}",
             "pone.{a:07d}.g{f:03d}", "pone-{a:07d}-g{f:03d}"),
    _Journal("Scientific Reports", "Sci Rep", "Nature Publishing Group UK",
             "10.1038/s41598-{y}-{a:05d}-1", "41598_{y}_{a}_Fig{f}_HTML", "Fig{f}"),
    _Journal("BMC Genomics", "BMC Genomics", "BioMed Central", "10.1186/s12864-{y}-{a}-7",
             "12864_{y}_{a}_Fig{f}_HTML", "Fig{f}"),
    _Journal("Cancer research", "Cancer Res", _NONE, "10.1158/0008-5472.CAN-{v}-{a:04d}",
             "nihms{a}f{f}", "F{f}"),
    _Journal("Cell", "Cell", "Cell Press", "10.1016/j.cell.{y}.{v:02d}.{a:03d}",
             "nihms-{a}-f{f:04d}", "F{f}"),
    _Journal("Frontiers in Plant Science", "Front Plant Sci", "Frontiers Media S.A.",
             "10.3389/fpls.{y}.{a:05d}", "fpls-{v:02d}-{a:05d}-g{f:03d}", "F{f}"),
    _Journal("Frontiers in Immunology", "Front Immunol", "Frontiers Media S.A.",
             "10.3389/fimmu.{y}.{a:05d}", "fimmu-{v:02d}-{a:05d}-g{f:03d}", "f{f}"),
    _Journal("International Journal of Molecular Sciences", "Int J Mol Sci", "MDPI",
             "10.3390/ijms{v}{a:06d}", "ijms-{v}-{a:05d}-g{f:03d}", "ijms-{v}-{a:05d}-f{f:03d}"),
    _Journal("Viruses", "Viruses", "MDPI", "10.3390/v{v}{a:06d}",
             "viruses-{v:02d}-{a:05d}-g{f:03d}", "viruses-{v:02d}-{a:05d}-f{f:03d}"),
    _Journal("Journal of Bacteriology", "J Bacteriol", "American Society for Microbiology",
             "10.1128/JB.{a:05d}-{v}", "zjb999{a:07d}{f:04d}", "F{f}"),
    _Journal("Acta Pharmaceutica Sinica. B", "Acta Pharm Sin B", "Elsevier",
             "10.1016/j.apsb.{y}.{v:02d}.{a:03d}", "gr{f}", "fig{f}"),
    _Journal("Proceedings of the National Academy of Sciences of the United States of America",
             "Proc Natl Acad Sci U S A", "National Academy of Sciences", "10.1073/pnas.{v}{a:08d}",
             "pnas.{v}{a:08d}fig{f:02d}", "fig{f:02d}"),
    _Journal("eLife", "eLife", "eLife Sciences Publications, Ltd", "10.7554/eLife.{a:05d}",
             "elife-{a:05d}-fig{f}", "fig{f}"),
    _Journal("bioRxiv: the preprint server for biology", "bioRxiv", "Cold Spring Harbor Laboratory",
             "10.1101/{y}.03.{v:02d}.{a:06d}", "nihpp-{y}.03.{v:02d}.{a:06d}v1-f{f:04d}", "F{f}"),
    _Journal("Statistics in medicine", "Stat Med", "John Wiley & Sons",
             "10.1002/(SICI)1097-0258({y}0815)17:15<{a}::AID-SIM{v}>3.0.CO;2-2",
             "sim{a}-fig-{f:04d}", "sim{a}-fig-{f:04d}"),
)  # fmt: skip
_KINDS: Final = ("F",) * 47 + ("S", "GA", "SF")
_FIGTYPES: Final = {
    "F": "Figure",
    "S": "Scheme",
    "GA": "Graphical abstract",
    "SF": "Supplemental figure",
}
_NUMBERS: Final = (
    *("Figure {}",) * 60, *("Fig. {}",) * 12, *("Fig.\u00a0{}",) * 6, *("FIGURE {}",) * 5,
    *("Fig {}",) * 4, *("FIG. {}",) * 2, *("F{}",) * 4, "FIG\u00a0{}", "Fig. ({})", "Figure {}:",
    "", "SCHEME {}", "Scheme {}", "Scheme\u00a0{}", "Figure {}A", "Figure S{}",
    'F <span style="font-variant: small-caps" class="small-caps">IG</span> . {}.—',
)  # fmt: skip


class Figure(NamedTuple):
    """A record: its Markdown file, and its tables by their kind."""

    figid: str
    markdown: str
    tables: dict[str, str]
    gene_rows: int


class _Article(NamedTuple):
    pmcid: str
    title: str
    citation: str
    year: str
    doi: str
    journal: _Journal
    keywords: str
    organism: _Organism
    organisms: str
    fields: dict[str, int]
    """What the journal's templates need."""


class _Parts(NamedTuple):
    """The mentions of a kind in one figure."""

    keywords: list[str]
    rows: list[str]


class _Picture(NamedTuple):
    """What both forms say of a figure."""

    figid: str
    link: str
    filename: str
    kind: str
    number: int
    caption: str
    title: str
    score: str
    ndex: str


class Corpus:
    """An endless row of articles and their figures."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"{seed} records")
        self._random = self._rng.random
        self._legacy_genes, self._genes = _mentions(seed)
        self._legacy_chemicals, self._chemicals = _chemicals(seed)
        self._legacy_diseases, self._diseases = _diseases(seed)
        self._organisms = _weighted(_ORGANISMS, [organism.share for organism in _ORGANISMS])
        self._gene_names, self._chemical_names, self._phrases = _vocabulary(seed)

    def figures(self, form: str) -> Iterator[Figure]:
        """Give one figure after another, in order of articles."""
        share = FORMS[form]
        pmc = 1_000_000
        while True:
            pmc += 1 + int(self._random() * 160)
            current = self._happens(share)
            article = self._article(f"PMC{pmc}", current=current)
            how_many = min(6, 1 + int(self._rng.expovariate(1.4)))
            for number in sorted(self._rng.sample(range(1, 12), how_many)):
                picture = self._picture(article, number)
                yield self._current(article, picture) if current else self._legacy(article, picture)

    # -- drawing

    def _pick(self, pool: Sequence[T]) -> T:
        return pool[int(self._random() * len(pool))]

    def _happens(self, share: float) -> bool:
        return self._random() < share

    def _sentence(self, templates: Sequence[str]) -> str:
        pick = self._pick
        a, b = pick(self._phrases), pick(self._phrases)
        return pick(templates).format(
            a=a,
            A=a[0].upper() + a[1:],
            b=b,
            g=pick(self._gene_names),
            h=pick(self._gene_names),
            c=pick(self._chemical_names),
            n=2 + int(self._random() * 60),
        )

    def _mentioned(self, pool: _Pool, how_many: int) -> _Parts:
        """About as many rows as wanted: a family's genes come together, cut where it is enough."""
        keywords: list[str] = []
        rows: list[str] = []
        if how_many:
            for mention in self._rng.choices(pool.items, cum_weights=pool.weights, k=how_many):
                keywords += mention.keywords
                rows += self._pick(mention.rows)
                if len(rows) >= how_many:
                    break
            del keywords[how_many:], rows[how_many:]
        return _Parts(keywords, rows)

    def _gene_count(self) -> int:
        """A long tail: a few figures name hundreds of genes."""
        if self._happens(0.06):
            return 0
        return min(300, 1 + int(exp(self._rng.gauss(2.2, 0.95))))

    def _chemical_count(self) -> int:
        return 0 if self._happens(0.36) else min(10, 1 + int(self._rng.expovariate(0.22)))

    def _disease_count(self) -> int:
        return 0 if self._happens(0.64) else min(8, 1 + int(self._rng.expovariate(0.8)))

    # -- what both forms share

    def _article(self, pmcid: str, *, current: bool) -> _Article:
        journal = self._pick(_JOURNALS)
        number = int(self._rng.triangular(1997, 2026, 2019))
        year = str(number)
        fields = {
            "y": number,
            "v": number - 1990,
            "a": self._rng.randint(1_000, 99_999),
        }
        doi = journal.doi.format(**fields)
        if not current:
            year = "" if self._happens(0.03) else year
        elif self._happens(0.06):
            doi = _NONE
            year = self._pick(("", "", year, _NONE))
        title = self._sentence(_TITLES) + self._pick((*(".",) * 17, " .", "  .", ""))
        organism = self._pick(self._organisms)
        return _Article(
            pmcid=pmcid,
            title=title,
            citation=self._citation(journal, year if year.isdigit() else "", doi),
            year=year,
            doi=doi,
            journal=journal,
            keywords=self._article_keywords() if doi != _NONE else _NONE,
            organism=organism,
            organisms=self._organism_list(organism, current=current),
            fields=fields,
        )

    def _citation(self, journal: _Journal, year: str, doi: str) -> str:
        pick, at_random = self._pick, self._rng.randint
        author = f"{pick(_NAMES)} {pick(_SURNAMES)}{pick((', et al.',) * 24 + ('.',))}"
        volume, page = at_random(1, 220), at_random(1, 9_000)
        if not year:
            place = f";{volume}({at_random(1, 24)}):{doi if doi != _NONE else page}."
        else:
            place = pick(
                (
                    f"{year} {pick(_MONTHS)};{volume}({at_random(1, 24)}):{page}-{page + 9}.",
                    f"{year} {pick(_MONTHS)};{volume}({at_random(1, 24)}):{page}-{page + 14}.",
                    f"{year};{volume}:{page}.",
                    f"{year};{volume}({at_random(1, 12)}):e{page:07d}.",
                    f"{year} {pick(_MONTHS)} :1-{at_random(2, 20)}.",
                )
            )
        return f"{author} {journal.abbreviation}. {place}"

    def _article_keywords(self) -> str:
        """One text for all keywords, sometimes with a line break within."""
        if self._happens(0.12):
            return ""
        words = [self._pick(self._phrases) for _ in range(self._rng.randint(3, 7))]
        words[0] = self._pick(self._gene_names)
        text = " | ".join(words)
        return text.replace(" pathway", "\npathway", 1) if self._happens(0.06) else text

    def _organism_list(self, organism: _Organism, *, current: bool) -> str:
        """The field ``organisms``, from after its name to its end."""
        kind = self._random()
        if kind < 0.01:
            return f" {_NONE}\n" if kind < 0.005 else " ''\n"
        if not current and kind < 0.5:
            return " Homo sapiens\n"
        if current and kind < 0.2:
            return "\n- NA\n"
        names = [organism.name if current else "Homo sapiens"]
        if self._happens(0.4):
            names += self._rng.sample(_FURTHER, min(len(_FURTHER), self._gene_count() // 4 + 1))
        if self._happens(0.15):
            names.append(self._pick(_LEFT_OUT))
        return _items(names)

    def _picture(self, article: _Article, number: int) -> _Picture:
        fields = article.fields
        journal = article.journal
        kind = self._pick(_KINDS)
        stem = journal.stem.format(f=number, **fields)
        link = journal.link.format(f=number, **fields)
        if kind != "F":
            stem = {"S": f"{stem}-sch", "GA": f"ga{number}", "SF": f"{stem}-s1"}[kind]
            link = {"S": f"sch{number}", "GA": f"undfig{number}", "SF": f"sch{number}"}[kind]
        host = "https://www.ncbi.nlm.nih.gov" if self._happens(0.01) else ""
        title, caption = self._caption(article, kind)
        return _Picture(
            figid=f"{article.pmcid}__{stem}",
            link=f"{host}/pmc/articles/{article.pmcid}/figure/{link}/",
            filename=f"{stem}.jpg",
            kind=kind,
            number=number,
            caption=caption,
            title=title,
            score=f"{1 - self._random() ** 3 / 2:.7f}".rstrip("0").ljust(3, "0"),
            ndex=self._uuid() if self._happens(0.3) else "''",
        )

    def _caption(self, article: _Article, kind: str) -> tuple[str, str]:
        """A title and a caption."""
        paper = article.title.rstrip(" .")
        if kind == "GA":
            return paper, "Figure"
        opening = self._sentence(_OPENINGS)
        further = min(40, int(exp(self._rng.gauss(1.82, 0.75))))
        caption = " ".join([opening, *(self._sentence(_SENTENCES) for _ in range(further))])
        if self._happens(0.004):
            caption = ""
        if self._happens(0.3):
            return paper, caption
        # The title ends where a sentence seems to.
        title = opening.partition(". ")[0].rstrip(".")
        return self._pick((*(title,) * 60, f"{title} ", "")), caption

    def _uuid(self) -> str:
        bits = self._rng.getrandbits
        return f"{bits(32):08x}-{bits(16):04x}-11ea-99da-0ac135e8bacf"

    # -- the two forms

    def _legacy(self, article: _Article, picture: _Picture) -> Figure:
        genes = self._mentioned(self._legacy_genes, self._gene_count())
        chemicals = self._mentioned(self._legacy_chemicals, self._chemical_count())
        diseases = self._mentioned(self._legacy_diseases, self._disease_count())
        figid, number = picture.figid, f"{picture.kind}{picture.number}"
        alias = (
            f"figid_alias: {article.pmcid}__{number}\n"
            f"redirect_from: /figures/{article.pmcid}__{number}\n"
            f"figtype: {_FIGTYPES[picture.kind]}\n"
        )
        if self._happens(0.4):
            alias, number = "", self._pick(_NUMBERS).format(picture.number)
        annotations = " []\n"
        if self._happens(0.002):
            annotations = "\n- value: signaling pathway\n  type: Pathway Ontology\n"
        keywords = genes.keywords + chemicals.keywords + diseases.keywords
        markdown = (
            f"---\nfigid: {figid}\nfiglink: {picture.link}\n"
            f"number: {scalar(number, 8)}\n"
            f"caption: {scalar(picture.caption, 9)}\n"
            f"pmcid: {article.pmcid}\n"
            f"papertitle: {scalar(article.title, 12)}\n"
            f"reftext: {scalar(article.citation, 9)}\n"
            f"pmc_ranked_result_index: '{int(self._random() * 240_000)}'\n"
            f"pathway_score: {picture.score}\n"
            f"filename: {picture.filename}\n"
            f"figtitle: {scalar(picture.title, 10)}\n"
            f"year: '{article.year}'\n"
            f"organisms:{article.organisms}"
            f"ndex: {picture.ndex}\nannotations:{annotations}"
            f"{_schema_block(picture, keywords)}"
            f"genes:{_rows(genes.rows)}"
            f"chemicals:{_rows(chemicals.rows)}"
            f"diseases:{_rows(diseases.rows)}"
            f"{alias}---\n"
        )
        return Figure(figid, markdown, {}, len(genes.rows))

    def _current(self, article: _Article, picture: _Picture) -> Figure:
        organisms, genes = self._gene_table(article.organism)
        chemicals = self._mentioned(self._chemicals, self._chemical_count())
        diseases = self._mentioned(self._diseases, self._disease_count())
        # Most often chemicals are keywords only where there is no gene; older figures have both.
        keywords = genes.keywords
        if not keywords or self._happens(0.15):
            keywords = keywords + chemicals.keywords
        figid, number = picture.figid, f"{picture.kind}{picture.number}"
        journal = article.journal
        recognised = f"organisms_ner:{_items(organisms or ['NA'])}"
        first, later = (recognised, "") if self._happens(0.9) else ("", recognised)
        unknown = article.doi == _NONE
        year = f"'{article.year}'" if article.year != _NONE else _NONE
        markdown = (
            f"---\nfigid: {figid}\n"
            f"figtitle: {scalar(picture.title, 10)}\n"
            f"organisms:{article.organisms}{first}"
            f"pmcid: {article.pmcid}\nfilename: {picture.filename}\nfiglink: {picture.link}\n"
            f"number: {number}\n"
            f"caption: {scalar(picture.caption, 9)}\n"
            f"papertitle: {scalar(article.title, 12)}\n"
            f"reftext: {scalar(article.citation, 9)}\n"
            f"year: {year}\n"
            f"doi: {scalar(article.doi, 5)}\n"
            f"journal_title: {scalar(_NONE if unknown else journal.title, 15)}\n"
            f"journal_nlm_ta: {scalar(_NONE if unknown else journal.abbreviation, 16)}\n"
            f"publisher_name: {scalar(_NONE if unknown else journal.publisher, 16)}\n"
            f"keywords: {_article_keywords(article.keywords)}\n"
            f"automl_pathway: {picture.score}\n"
            f"figid_alias: {article.pmcid}__{number}\n"
            f"figtype: {_FIGTYPES[picture.kind]}\n{later}"
            f"redirect_from: /figures/{article.pmcid}__{number}\n"
            f"ndex: {picture.ndex}\n"
            f"{_schema_block(picture, keywords)}---\n"
        )
        tables = {"genes": genes.rows, "chemicals": chemicals.rows, "diseases": diseases.rows}
        return Figure(
            figid,
            markdown,
            {kind: HEADERS[kind] + "".join(rows) for kind, rows in tables.items() if rows},
            len(genes.rows),
        )

    def _gene_table(self, organism: _Organism) -> tuple[list[str], _Parts]:
        """The rows of one organism or of two, each with the counts of its organism."""
        how_many = self._gene_count()
        organisms = {organism}
        if how_many > 3 and self._happens(0.3):
            organisms.add(self._pick(self._organisms))
        found = _Parts([], [])
        names = []
        for one in sorted(organisms, key=lambda one: one is not organism):
            part = self._mentioned(self._genes[one], how_many // len(organisms))
            if not part.rows:
                continue
            names.append(one.name)
            direct, synonym = self._rng.randint(1, 12), self._rng.randint(1, 8)
            kind = self._random()
            first = "NA" if kind < 0.2 else str(direct)
            second = "NA" if kind > 0.7 else str(synonym)
            before = f"{one.taxid}\t{one.name}\t{one.group}\t"
            after = f"\t{first}\t{second}\t{max(direct, synonym)}\n"
            found.keywords.extend(part.keywords)
            found.rows.extend(before + row + after for row in part.rows)
            if first == "NA" and self._happens(0.15):
                # The same rows once more, now with a count.
                after = f"\t1\t{second}\t{max(direct, synonym)}\n"
                found.rows.extend(before + row + after for row in part.rows)
        return names, found


def _weighted(items: Sequence[T], shares: Sequence[int]) -> list[T]:
    return [item for item, share in zip(items, shares, strict=True) for _ in range(share)]


def _vocabulary(seed: int) -> tuple[list[str], list[str], list[str]]:
    """Genes, chemicals and noun phrases for texts."""
    rng = Random(f"{seed} texts")
    stems = _stems(rng)
    genes = [f"{next(stems)}{rng.choice(('', '1', '2', '-α', 'β', '4'))}" for _ in range(5_000)]
    names = [m + a for m in _MIDDLE for a in _AFTER]
    phrases = []
    for _ in range(6_000):
        a, b = rng.sample(_ADJECTIVES, 2)
        n, m = rng.sample(_NOUNS, 2)
        gene = rng.choice(genes)
        shapes = (
            f"{a} {n}",
            f"{gene} {n}",
            f"{a} {n} and {b} {m}",
            f"{n} of {gene}-positive cells",
        )
        phrases.append(rng.choice(shapes))
    return genes, names, phrases


def _items(names: Sequence[str]) -> str:
    return "\n" + "".join(f"- {scalar(name, 2)}\n" for name in names)


def _rows(rows: list[str]) -> str:
    return "\n" + "".join(rows) if rows else " []\n"


def _article_keywords(text: str) -> str:
    if "\n" in text:
        return "|-\n  " + text.replace("\n", "\n  ")
    return scalar(text, 10)


def _schema_block(picture: _Picture, keywords: list[str]) -> str:
    lines = "\n" + "".join(dict.fromkeys(keywords)) if keywords else " []\n"
    return (
        "seo: CreativeWork\nschema-jsonld:\n"
        "  '@context': https://schema.org/\n"
        f"  '@id': https://pfocr.wikipathways.org/figures/{picture.figid}.html\n"
        "  '@type': Dataset\n"
        f"  description: {scalar(picture.caption, 15, 4)}\n"
        "  license: CC0\n  name: CreativeWork\n"
        "  creator:\n    '@type': Organization\n    name: WikiPathways\n"
        f"  keywords:{lines}"
    )


# --- Files -----------------------------------------------------------------------------------


class Written(NamedTuple):
    """What a corpus came to."""

    records: int
    tables: int
    gene_rows: int
    bytes: int


def write(folder: Path, records: int, seed: int, form: str = "mixed") -> Written:
    """Write a corpus to a folder.

    Raises:
        FileExistsError: The folder holds records already, which would mix with the new ones.
    """
    figures_folder, data_folder = folder / "_figures", folder / "_data"
    for part in (figures_folder, data_folder):
        part.mkdir(parents=True, exist_ok=True)
        if any(part.iterdir()):
            raise FileExistsError(f"{part} is not empty")
    tables = gene_rows = size = 0
    for figure in islice(Corpus(seed).figures(form), records):
        files = [(f"{figures_folder}/{figure.figid}.md", figure.markdown)]
        for kind, table in figure.tables.items():
            files.append((f"{data_folder}/{figure.figid}-{kind}.tsv", table))
        for name, text in files:
            data = text.encode()
            with open(name, "wb", buffering=0) as file:  # noqa: PTH123 - a Path each takes longer
                file.write(data)
            size += len(data)
        tables += len(figure.tables)
        gene_rows += figure.gene_rows
    return Written(records, tables, gene_rows, size)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic PFOCR corpus.")
    parser.add_argument("folder", type=Path, help="where _figures and _data are made")
    parser.add_argument("--records", type=int, default=103_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", choices=FORMS, default="mixed")
    options = parser.parse_args()
    start = time.perf_counter()
    try:
        done = write(options.folder, options.records, options.seed, options.form)
    except FileExistsError as error:
        parser.error(str(error))
    print(
        f"{done.records} records, {done.tables} tables, {done.bytes / 1e6:.1f} MB,"
        f" {done.gene_rows} gene rows, {time.perf_counter() - start:.1f} s"
    )


if __name__ == "__main__":
    main()
