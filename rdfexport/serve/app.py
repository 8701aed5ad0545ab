"""The application: which address gives what."""

from __future__ import annotations

import asyncio
import io
import json
import re
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import jinja2
import markupsafe
import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from rdfexport.errors import LocalError, UsageError
from rdfexport.query import Parameter, Query, bundled, bundled_names
from rdfexport.query.text import words
from rdfexport.serve.description import COUNTS, counting, description
from rdfexport.serve.figures import Graph, document, figure, listing, script_text, tasks
from rdfexport.serve.negotiate import best
from rdfexport.serve.protocol import HTML, Asked, RequestError, asked
from rdfexport.serve.workers import ROWS, TRIPLES, Limits, Pool, Reply, Task, serialize
from rdfexport.terms import FIGID, FIGURE_BASE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOLDER: Final = Path(__file__).parent
# The look that these pages and those of a static site have in common.
_SHARED: Final = ("rdfexport", "data/pages")
_ROWS_SHOWN: Final = 1_000
_LISTED: Final = 100
_EXTENSIONS: Final = {
    ".html": None,  # by what the client accepts, as this is the figure's IRI
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
}
_LINKED: Final = {"text/turtle": ".ttl", "application/ld+json": ".jsonld"}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'"
    " 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Options(NamedTuple):
    """How a store is served.

    Args:
        store: Its folder.
        figure_base: What stands before ``{figid}.html`` in the figures' IRIs.
        public_url: Where clients find the server, if not where it listens; ends in a slash.
        cors: Let pages of other sites ask.
        workers: How many queries run at once.
        limits: What each may take.
    """

    store: Path
    figure_base: str = FIGURE_BASE
    public_url: str | None = None
    cors: bool = False
    workers: int = 2
    limits: Limits = Limits()


def application(options: Options) -> Starlette:
    """The ASGI application."""
    site = _Site(options)
    middleware = [Middleware(_SafeHeaders)]
    if options.cors:
        middleware.append(
            Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST", "HEAD"])
        )
    return Starlette(
        routes=[
            Route("/", site.query_page),
            Route("/sparql", site.sparql, methods=["GET", "POST"]),
            Route("/figures/", site.figures),
            Route("/figures/{name}", site.figure),
            Route("/health", site.health),
            Mount("/static", StaticFiles(directory=_FOLDER / "static", packages=[_SHARED])),
        ],
        middleware=middleware,
        lifespan=site.lifespan,
        exception_handlers={RequestError: _refused, 404: site.not_found},
    )


class _SafeHeaders:
    """Adds to each answer what browsers may do with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                pairs = [(name.lower().encode(), text.encode()) for name, text in _HEADERS.items()]
                message["headers"] = [*message["headers"], *pairs]
            await send(message)

        await self._app(scope, receive, with_headers)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    return PlainTextResponse(f"{error}\n", error.status)


class _Site:
    """What is behind each address."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._pool = Pool(options.store, options.workers, options.limits)
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["code"] = _code
        self._counts: dict[str, int] | None = None

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with self._pool:
            yield

    async def health(self, _: Request) -> Response:
        """Whether queries are answered."""
        reply = await self._pool.ask(Task("ASK {}", next(iter(ROWS)), None))
        return PlainTextResponse("ok\n" if reply.status == 200 else reply.body, reply.status)

    async def query_page(self, request: Request) -> Response:
        """The query page, with the query that its address names or holds."""
        given = [(name, value) for name, value in request.query_params.multi_items() if value]
        text, note, problem = request.query_params.get("query"), "", ""
        shown = None
        if text is None:
            name = request.query_params.get("example", "figures-of-gene")
            given = [pair for pair in given if pair[0] != "example"]
            if name not in bundled_names():
                return await self.not_found(request)
            shown = bundled(name)
            text, note, problem = await run_in_threadpool(_example, shown, given)
        queries = map(bundled, bundled_names())
        examples = [one for one in queries if "SERVICE" not in words(one.text)]
        return self._page(
            request,
            "query.html",
            text=text,
            shown=shown,
            note=note,
            problem=problem,
            examples=examples,
            media=[*ROWS, *TRIPLES],
            fields=_fields(shown, given) if shown else [],
            settings=script_text({"figures": self._options.figure_base}),
        )

    async def sparql(self, request: Request) -> Response:
        """The endpoint; without a query its description."""
        what = await asked(request)
        if what is None:
            return await self._description(request)
        reply = await self._pool.ask(what.task)
        if what.as_page:
            return self._answer_page(request, what, reply)
        return _response(reply, {"Vary": "Accept"})

    async def figures(self, request: Request) -> Response:
        """The figures by their figid, a page of them at a time."""
        reply = await self._pool.ask(listing(request.query_params.get("after", ""), _LISTED))
        if reply.status != 200:
            return _response(reply, {})
        rows = json.loads(reply.body)["results"]["bindings"]
        titles = {row["figid"]["value"]: row["title"]["value"] for row in rows}
        figures = [pair for pair in titles.items() if FIGID.fullmatch(pair[0])]
        after = rows[-1]["figid"]["value"] if len(rows) == _LISTED else ""
        return self._page(request, "figures.html", figures=figures, after=after)

    async def figure(self, request: Request) -> Response:
        """A figure, in the form of its address or the one that the client likes best."""
        name = request.path_params["name"]
        extension = next((one for one in _EXTENSIONS if name.endswith(one)), "")
        figid = name.removesuffix(extension)
        if not FIGID.fullmatch(figid):
            return await self.not_found(request)
        iri = f"{self._options.figure_base}{figid}.html"
        reply = await self._figure_triples(iri, figid)
        if reply is None:
            return await self.not_found(request)
        if reply.status != 200:
            return _response(reply, {})
        media = _EXTENSIONS.get(extension) or best(
            request.headers.get("accept", ""), (HTML, *TRIPLES)
        )
        if media is None:
            raise RequestError(406, "accept " + ", ".join((HTML, *TRIPLES)))
        links = ", ".join(
            f'<{figid}{other}>; rel="alternate"; type="{kind}"' for kind, other in _LINKED.items()
        )
        headers = {"Vary": "Accept", "Link": links}
        graph = Graph(reply.body)
        if media == HTML:
            response = self._page(request, "figure.html", figure=figure(graph, iri, figid))
        elif media == "application/ld+json":
            text = json.dumps(document(graph, iri), ensure_ascii=False, indent=1)
            response = Response(text, media_type=media)
        else:
            response = Response(_converted(reply.body, media), media_type=media)
        response.headers.update(headers)
        return response

    async def not_found(self, request: Request, _: Exception | None = None) -> Response:
        """There is nothing at this address."""
        return self._page(request, "missing.html", status=404)

    async def _figure_triples(self, iri: str, figid: str) -> Reply | None:
        for task in tasks(iri, figid):
            reply = await self._pool.ask(task)
            if reply.status != 200 or reply.body:
                return reply
        return None

    async def _description(self, request: Request) -> Response:
        media = best(request.headers.get("accept", ""), (*TRIPLES, HTML))
        if media == HTML:
            return RedirectResponse("./", 303)
        if media is None:
            raise RequestError(406, "accept " + ", ".join(TRIPLES))
        if self._counts is None:
            self._counts = await self._counted()
        page = self._options.public_url or str(request.base_url)
        example = await self._any_figure()
        body = description(f"{page}sparql", page, example, self._counts, media)
        return Response(body, media_type=media, headers={"Vary": "Accept"})

    async def _counted(self) -> dict[str, int]:
        replies = await asyncio.gather(*(self._pool.ask(counting(one)) for one in COUNTS.values()))
        return {
            name: int(reply.body.split()[1])
            for name, reply in zip(COUNTS, replies, strict=True)
            if reply.status == 200
        }

    async def _any_figure(self) -> str | None:
        query = "SELECT ?figure { ?figure a <http://schema.org/Dataset> } LIMIT 1"
        reply = await self._pool.ask(counting(query))
        rows = reply.body.decode().split()
        return rows[1] if reply.status == 200 and len(rows) > 1 else None

    def _answer_page(self, request: Request, what: Asked, reply: Reply) -> Response:
        rows, names, text, number = [], [], "", 0
        if reply.media in ROWS:
            answer = json.loads(reply.body)
            if "boolean" in answer:
                text = "true" if answer["boolean"] else "false"
            else:
                names = answer["head"]["vars"]
                bindings = answer["results"]["bindings"]
                number = len(bindings)
                rows = [
                    [self._cell(row.get(name)) for name in names] for row in bindings[:_ROWS_SHOWN]
                ]
        else:
            text = reply.body.decode()
        return self._page(
            request,
            "answer.html",
            status=reply.status,
            query=what.task.text,
            names=names,
            rows=rows,
            number=number,
            text=text,
            wrong=reply.status != 200,
        )

    def _cell(self, term: dict[str, str] | None) -> tuple[str, str]:
        """A term's text, and where it leads to."""
        if term is None:
            return "", ""
        value = term["value"]
        if term["type"] != "uri" or not value.startswith(("http://", "https://")):
            return value, ""
        return value, self._here(value)

    def _here(self, iri: str) -> str:
        base = self._options.figure_base
        return f"figures/{iri.removeprefix(base)}" if iri.startswith(base) else iri

    def _page(
        self, request: Request, template: str, *, status: int = 200, **values: Any
    ) -> Response:
        # Relative addresses hold wherever a proxy has put the whole.
        root = "../" * (request.scope["path"].count("/") - 1)
        text = self._templates.get_template(template).render(root=root, **values)
        return Response(text, status, media_type=HTML)


def _code(text: str) -> markupsafe.Markup:
    """Text with what is between backquotes as code."""
    safe = re.sub("`(.*?)`", r"<code>\1</code>", str(markupsafe.escape(text)))
    return markupsafe.Markup(safe)  # noqa: S704 - escaped above


def _fields(query: Query, given: list[tuple[str, str]]) -> list[tuple[Parameter, list[str]]]:
    """What the form for a query's parameters holds; one of several values has room for more."""
    fields = []
    for parameter in query.parameters:
        values = [text for name, text in given if name == parameter.name]
        more = [""] if len(parameter.examples) > 1 else []
        fields.append((parameter, (values or list(parameter.examples)) + more))
    return fields


def _example(query: Query, given: list[tuple[str, str]]) -> tuple[str, str, str]:
    """A bundled query with the values given, what is to be said of them, and what is wrong.

    Its header goes, as the page shows what that says.
    """
    text, note, problem = query.text, "", ""
    if given:
        try:
            text, notes = query.bound(given)
            note = "; ".join(notes)
        except (UsageError, LocalError) as error:
            problem = str(error)
    return f"# {query.title}\n" + re.sub(r"\A(#.*\n)+", "", text), note, problem


def _converted(ntriples: bytes, media: str) -> bytes:
    triples = (quad.triple for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
    out = io.BytesIO()
    serialize(triples, out, media)
    return out.getvalue()


def _response(reply: Reply, headers: dict[str, str]) -> Response:
    if reply.status == 503:
        headers = {**headers, "Retry-After": "30"}
    return Response(reply.body, reply.status, headers, media_type=reply.media)
