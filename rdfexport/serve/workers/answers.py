"""Writes the answer to each kind of job."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.query.text import words
from rdfexport.serve.figures import json_text, listing, page_values, triples_of
from rdfexport.serve.framing import document
from rdfexport.serve.media import HTML, JSON_LD, ROWS, TRIPLES, serialize
from rdfexport.serve.rendering import Pages
from rdfexport.serve.workers.guard import RefusedError, check
from rdfexport.serve.workers.jobs import FigureList, FigurePage, Job, Query

if TYPE_CHECKING:
    from rdfexport.serve.workers.worker import Spool

_ROWS_SHOWN: Final = 1_000
_BYTES_SHOWN: Final = 1024**2
_LISTED: Final = 100


class Answers:
    """Answers jobs from a store.

    Args:
        store: The store.
        figure_base: What stands before ``{figid}.html`` in the figures' IRIs.
    """

    def __init__(self, store: ox.Store, figure_base: str) -> None:
        self._store = store
        self._base = figure_base
        self._pages = Pages()

    def write(self, job: Job, out: Spool) -> tuple[int, str]:
        """Write the answer to a job.

        Args:
            job: The job.
            out: Where the answer goes.

        Returns:
            Status and media type.

        Raises:
            RefusedError: The query is not evaluated.
        """
        if isinstance(job, FigurePage):
            return self._figure(job, out)
        if isinstance(job, FigureList):
            return self._figures(job, out)
        if job.page:
            return self._answer_page(job, out)
        check(job.text)
        results: Any = self._evaluate(job)
        if isinstance(results, ox.QueryTriples):
            media = job.triples
            if media is not None:
                serialize(results, out, media)
        else:
            media = job.rows
            if media is not None:
                results.serialize(out, ROWS[media])
        if media is None:
            raise RefusedError(406, "the answer comes as one of " + ", ".join((*ROWS, *TRIPLES)))
        return 200, media

    def _evaluate(self, query: Query) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """https://www.w3.org/TR/sparql11-protocol/, 2.1.4: the dataset of a request goes first."""
        if query.default is None and query.named is None:
            union = "FROM" not in words(query.text)
            return self._store.query(query.text, use_default_graph_as_union=union)
        return self._store.query(
            query.text,
            default_graph=[ox.NamedNode(iri) for iri in query.default or ()],
            named_graphs=[ox.NamedNode(iri) for iri in query.named or ()],
        )

    def _figure(self, job: FigurePage, out: Spool) -> tuple[int, str]:
        iri = f"{self._base}{job.figid}.html"
        triples = triples_of(self._store, iri, job.figid)
        if not triples:
            raise RefusedError(404, "there is no such figure")
        if job.media == HTML:
            values = page_values(triples, iri, job.figid)
            out.write(self._pages.html("figure.html", 1, **values).encode())
        elif job.media == JSON_LD:
            out.write(json_text(document(triples, iri)).encode())
        else:
            serialize(triples, out, job.media)
        return 200, job.media

    def _figures(self, job: FigureList, out: Spool) -> tuple[int, str]:
        figures = listing(self._store, self._base, job.after, _LISTED)
        after = figures[-1][0] if len(figures) == _LISTED else ""
        out.write(self._pages.html("figures.html", 1, figures=figures, after=after).encode())
        return 200, HTML

    def _answer_page(self, query: Query, out: Spool) -> tuple[int, str]:
        check(query.text)
        results: Any = self._evaluate(query)
        names, rows, number, text = [], [], 0, ""
        if isinstance(results, ox.QuerySolutions):
            names = [variable.value for variable in results.variables]
            for row in results:
                number += 1
                if number <= _ROWS_SHOWN:
                    rows.append([self._cell(term) for term in row])
        elif isinstance(results, ox.QueryBoolean):
            text = "true" if results else "false"
        else:
            shown: Any = _Shown()
            serialize(results, shown, next(iter(TRIPLES)))
            text = shown.getvalue().decode()
        values = {"query": query.text, "names": names, "rows": rows, "number": number, "text": text}
        out.write(self._pages.html("answer.html", 0, **values, wrong=False).encode())
        return 200, HTML

    def _cell(self, term: Any) -> tuple[str, str]:
        """A term's text, and where it leads to."""
        if term is None:
            return "", ""
        value = str(getattr(term, "value", term))
        if not isinstance(term, ox.NamedNode) or not value.startswith(("http://", "https://")):
            return value, ""
        here = value.removeprefix(self._base)
        return value, f"figures/{here}" if here != value else value


class _Shown(io.BytesIO):
    """Triples for a page, which is no place for many."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > _BYTES_SHOWN:
            raise RefusedError(
                413, f"more than {_BYTES_SHOWN:,} bytes of triples are not shown as a page"
            )
        return super().write(data)
