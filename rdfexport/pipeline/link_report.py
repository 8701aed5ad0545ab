"""Reports on linking: shares, a table of mentions, mappings as SSSOM."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.errors import RecordError, SourceError, UnreadableError, without_trace
from rdfexport.link import contradicted
from rdfexport.mapping import Equivalence, View, equivalences
from rdfexport.model import Agreement, Kind, MatchType, ReferenceTables
from rdfexport.pipeline.arguments import source_names
from rdfexport.pipeline.executor.processes import StoppedError, run_tasks
from rdfexport.pipeline.options import SHARD_FIGURES, Linking, Observer
from rdfexport.pipeline.records import RecordReader, ReferenceDatabase
from rdfexport.pipeline.reports import RepeatedFindings
from rdfexport.pipeline.spill import DistinctItems
from rdfexport.references import References
from rdfexport.sources import Catalogue
from rdfexport.terms import Vocabulary, spaces_of
from rdfexport.write import OutputFile, SssomFile, tsv_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rdfexport.diagnostics import Finding
    from rdfexport.model import ConceptMention, FigureRecord, Gene, Mention
    from rdfexport.pipeline.arguments import Sources
    from rdfexport.sources import Entry

_HOW: Final = {
    MatchType.EXACT: "exact symbol",
    MatchType.ALIAS: "alias",
    MatchType.PREVIOUS: "previous symbol",
    MatchType.FAMILY: "family expansion",
    MatchType.BY_NAME: "by name only",
    None: "",
}


class Row(NamedTuple):
    """A line of the report: a mention, and one entity that it is linked to, if there is any.

    ``identifier`` is the record's own, ``linked`` what it was linked to besides; both are CURIEs,
    several with blanks between. ``row`` counts from 0.
    """

    figid: str
    kind: str
    row: str
    word: str
    matched: str
    source: str
    how: str
    identifier: str = ""
    linked: str = ""
    label: str = ""
    agreement: str = ""
    recorded_symbol: str = ""
    expansion: str = ""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """The reports to write.

    Args:
        report: A TSV file with a ``Row`` a line, if one is wanted.
        sssom: A file for the mappings used, if one is wanted.
        linking: How identifiers are resolved.
        jobs: How many processes.
    """

    report: Path | None = None
    sssom: Path | None = None
    linking: Linking = field(default_factory=Linking)
    jobs: int = 1


@dataclass(slots=True)
class LinkSummary:
    """How many mentions have which links, and the tables that say so."""

    tables: ReferenceTables
    counts: Counter[str] = field(default_factory=Counter)
    rejected: int = 0

    def lines(self) -> Iterator[str]:
        """The shares, to be read."""
        n, share = self.counts, self._share
        for table in self.tables.tables:
            yield f"{'table':15}{table.name} of {table.date}: {table.source}"
        yield f"{'records':15}{n['records']:,} linked, {self.rejected:,} rejected"
        yield (
            f"{'genes':15}{n['genes']:,} mentions, {share('genes with entrez', 'genes')} with an"
            f" NCBI Gene identifier, {share('genes with hgnc', 'genes')} with an HGNC identifier"
        )
        yield (
            f"{'human genes':15}{n['human']:,} mentions,"
            f" {share('genes with hgnc', 'human')} with an HGNC identifier"
        )
        yield (
            f"{'gene names':15}{n['genes']:,} mentions, {share('genes with name', 'genes')} with a"
            f" name, {share('genes with reference', 'genes')} with one of HGNC, MGI or the like,"
            f" {share('genes with ortholog', 'genes')} with an ortholog"
        )
        yield f"{'gene symbols':15}" + ", ".join(
            f"{n[f'symbol {agreement}']:,} {name}"
            for agreement, name in (
                (Agreement.SAME, "approved"),
                (Agreement.PREVIOUS, "previous"),
                (Agreement.ALIAS, "alias"),
                (Agreement.UNKNOWN, "unknown, or of an unknown number"),
            )
        )
        for kind in (Kind.CHEMICAL, Kind.DISEASE):
            line = (
                f"{kind:15}{n[kind]:,} mentions, {share(f'{kind} with iri', kind)} with any"
                f" identifier, {share(f'{kind} with label', kind)} with a label"
            )
            for space in spaces_of(kind):
                if space.name != "mesh":
                    line += f", {share(f'{kind} with {space.name}', kind)} with {space.label}"
            yield line
        yield f"{'replaced':15}{n['replaced']:,} MeSH identifiers that NLM has withdrawn"
        yield f"{'contradictions':15}{n['contradictions']:,}"

    def _share(self, part: str, whole: str) -> str:
        return f"{self.counts[part]:,} ({self.counts[part] / (self.counts[whole] or 1):.2%})"


def link_records(
    sources: Sources, options: LinkOptions, observer: Observer | None = None
) -> LinkSummary:
    """Link the records of some sources and tell of it; no graph is made.

    Args:
        sources: What ``export`` takes.
        options: What to tell.
        observer: Receives what happens meanwhile.

    Raises:
        DiskError: A source is not there, or a file cannot be written. None appears then.
        UnreadableError: A part of a source cannot be read, and a file was wanted. None appears.
    """
    observer = observer or Observer()
    with ExitStack() as stack:
        database = ReferenceDatabase.of(stack.enter_context(References.open()))
        catalogue = stack.enter_context(Catalogue(source_names(sources)))
        database = database.with_organisms(catalogue)
        summary = LinkSummary(database.tables)
        found = stack.enter_context(closing(DistinctItems()))
        report = None if options.report is None else OutputFile(options.report)
        if report is not None:
            stack.enter_context(report).write(tsv_line(Row._fields))
        observer.on_start(len(catalogue))
        unread = False
        repeated = RepeatedFindings()
        worker = partial(_LinkWorker, options, database)
        tasks = _chunks(catalogue.entries())
        with closing(run_tasks(tasks, worker, options.jobs)) as results:
            for result in results:
                if report is not None:
                    report.write(result.rows)
                found.add(result.equivalences)
                summary.counts += result.counts
                summary.rejected += len(result.rejected)
                for error in result.rejected:
                    observer.on_rejected(error)
                    unread = unread or isinstance(error, SourceError)
                for finding in repeated.others(result.findings):
                    observer.on_finding(finding)
                observer.on_progress(summary.counts["records"] + summary.rejected)
        for finding in (*repeated.counted(), *catalogue.findings):
            observer.on_finding(finding)
        if unread and (options.report or options.sssom):
            raise UnreadableError(
                "not all of the sources could be read, so no file was written of what could"
            )
        if options.sssom is not None:
            _write_sssom(options.sssom, found, database.tables)
    return summary


def _chunks(entries: Iterator[Entry | RecordError]) -> Iterator[list[Entry | RecordError]]:
    while chunk := list(islice(entries, SHARD_FIGURES)):
        yield chunk


def _write_sssom(path: Path, found: Iterable[tuple[str, ...]], tables: ReferenceTables) -> None:
    with SssomFile(path, Vocabulary(), tables) as file:
        # Records may call one entity by several names; one is enough.
        for _, same in groupby(map(Equivalence._make, found), key=lambda e: e.key):
            file.add(max(same, key=lambda e: bool(e.subject_label) + bool(e.object_label)))


@dataclass(slots=True)
class _Result:
    """The result of a task; ``rows`` is their text."""

    rows: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    equivalences: set[tuple[str, ...]] = field(default_factory=set)
    rejected: list[RecordError] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _LinkWorker:
    """Links the records of tasks."""

    def __init__(self, options: LinkOptions, database: ReferenceDatabase) -> None:
        self._vocabulary = Vocabulary()
        self._reader = RecordReader(self._vocabulary, options.linking, database)
        self._with_rows = options.report is not None
        self._with_equivalences = options.sssom is not None

    def run(self, task: list[Entry | RecordError], should_stop: Callable[[], bool]) -> _Result:
        """Link some records; faults are in the result."""
        result = _Result()
        rows: list[str] = []
        for entry in task:
            if should_stop():
                raise StoppedError
            try:
                if isinstance(entry, RecordError):
                    raise entry
                record = self._reader.read(entry)
            except RecordError as error:
                result.rejected.append(without_trace(error))
                continue
            result.findings += record.findings
            _count(record, result.counts)
            if self._with_rows:
                rows += map(tsv_line, _rows(record, self._vocabulary))
            if self._with_equivalences:
                result.equivalences.update(equivalences(View(record, self._vocabulary)))
        result.rows = "".join(rows)
        return result

    def close(self) -> None:
        self._reader.close()


def _count(record: FigureRecord, counts: Counter[str]) -> None:
    counts["records"] += 1
    for mention in record.genes:
        genes = mention.genes
        counts["genes"] += 1
        counts["genes with entrez"] += bool(genes)
        counts["genes with hgnc"] += any(gene.hgnc is not None for gene in genes)
        counts["genes with name"] += any(gene.name is not None for gene in genes)
        counts["genes with reference"] += any(g.hgnc or g.references for g in genes)
        counts["genes with ortholog"] += any(gene.orthologs for gene in genes)
        counts["human"] += any(g.taxon is not None and g.taxon.id == "9606" for g in genes)
        for gene in genes:
            counts["contradictions"] += gene.agreement is Agreement.CONTRADICTION
            if gene.agreement is not None:
                counts[f"symbol {gene.agreement}"] += 1
    for kind, concept_mention in _concept_mentions(record):
        concepts = concept_mention.concepts
        matches = concepts[0].matches if concepts else ()
        counts[kind] += 1
        counts[f"{kind} with iri"] += bool(concepts)
        counts[f"{kind} with label"] += bool(concepts) and concepts[0].label is not None
        for space in {c.space for c in concepts} | {m.space for m in matches}:
            counts[f"{kind} with {space}"] += 1
        counts["replaced"] += any(m.predicate == "dcterms:isReplacedBy" for m in matches)
        counts["contradictions"] += kind is Kind.CHEMICAL and bool(contradicted(concepts))


def _concept_mentions(record: FigureRecord) -> Iterator[tuple[Kind, ConceptMention]]:
    for chemical in record.chemicals:
        yield Kind.CHEMICAL, chemical
    for disease in record.diseases:
        yield Kind.DISEASE, disease


def _rows(record: FigureRecord, vocabulary: Vocabulary) -> Iterator[Row]:
    curie = vocabulary.curie
    for mention in record.genes:
        head = _head(record.figid, Kind.GENE, mention)
        if not mention.genes:
            yield Row(*head)
        for gene in mention.genes:
            yield Row(
                *head,
                curie("ncbigene", gene.entrez),
                " ".join(_linked(gene, vocabulary)),
                gene.symbol or "",
                gene.agreement or "",
                gene.recorded_symbol or "",
                mention.group or "",
            )
    for kind, concept_mention in _concept_mentions(record):
        concepts = concept_mention.concepts
        head = _head(record.figid, kind, concept_mention)
        if not concepts:
            yield Row(*head)
            continue
        own = [curie(concept.space, concept.id) for concept in concepts]
        matches = concepts[0].matches
        replaced = any(m.predicate == "dcterms:isReplacedBy" for m in matches)
        disagrees = kind is Kind.CHEMICAL and contradicted(concepts)
        linked = dict.fromkeys(curie(match.space, match.id) for match in matches)
        yield Row(
            *head,
            " ".join(own),
            " ".join(link for link in linked if link not in own),
            concepts[0].label or "",
            Agreement.CONTRADICTION if disagrees else "replaced" if replaced else "",
        )


def _linked(gene: Gene, vocabulary: Vocabulary) -> Iterator[str]:
    """The identifiers of a gene in other databases, by the tables."""
    if gene.hgnc is not None:
        yield vocabulary.curie("hgnc", gene.hgnc)
    for space, local in gene.references:
        yield vocabulary.curie(space, local)


def _head(figid: str, kind: Kind, mention: Mention) -> tuple[str, str, str, str, str, str, str]:
    return (
        figid,
        kind,
        str(mention.row),
        mention.word or "",
        mention.match or "",
        mention.source or "",
        _HOW[mention.match_type],
    )
