"""The ASGI application: its addresses. Work that grows with a request is done by workers."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from rdfexport.errors import LocalError, UsageError
from rdfexport.pages.templates import json_script
from rdfexport.query import Parameter, Query, bundled, bundled_names
from rdfexport.query.text import words
from rdfexport.serve.description import COUNTS, counting, description
from rdfexport.serve.media import HTML, ROWS, TRIPLES
from rdfexport.serve.negotiate import best
from rdfexport.serve.protocol import RequestError, asked, pairs
from rdfexport.serve.rendering import FOLDER, Pages
from rdfexport.serve.responses import response
from rdfexport.serve.workers import jobs
from rdfexport.serve.workers.pool import Lane, Pool
from rdfexport.serve.workers.turns import BusyError
from rdfexport.terms import FIGID, FIGURE_BASE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The look that these pages and those of a static site have in common.
_SHARED: Final = ("rdfexport", "pages/assets")
_QUERY_SHOWN: Final = 20_000
# Most requests are answered by then; it is not worth while to see whether their clients are there.
_UNWATCHED_SECONDS: Final = 0.2
# The client has gone: https://www.rfc-editor.org/rfc/rfc9110#section-15.5 leaves room for such.
_GONE: Final = 499
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
    """Options of the service.

    Args:
        store: Its folder.
        figure_base: What stands before ``{figid}.html`` in the figures' IRIs.
        public_url: Where clients find the server, if not where it listens; ends in a slash.
        cors: Let pages of other sites ask.
        workers: The number of queries that run at once.
        limits: The limits of each query.
    """

    store: Path
    figure_base: str = FIGURE_BASE
    public_url: str | None = None
    cors: bool = False
    workers: int = 2
    limits: jobs.Limits = jobs.Limits()


def application(options: Options, warn: Callable[[str], None]) -> Starlette:
    """The ASGI application.

    Args:
        options: The store, and the options of the service.
        warn: Receives messages for the operator once the workers have started.
    """
    site = _Site(options, warn)
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
            Mount("/static", StaticFiles(directory=FOLDER / "static", packages=[_SHARED])),
        ],
        middleware=middleware,
        lifespan=site.lifespan,
        exception_handlers={
            RequestError: _refused,
            BusyError: _refused,
            ClientDisconnect: _nobody,
            404: site.not_found,
        },
    )


class _SafeHeaders:
    """Adds security headers to each response, and responds while the server stops."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def with_headers(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                pairs = [(name.lower().encode(), text.encode()) for name, text in _HEADERS.items()]
                message["headers"] = [*message["headers"], *pairs]
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except asyncio.CancelledError:
            # uvicorn cancels what is not answered soon after a signal; raised again, it would be
            # logged with a traceback.
            if scope["type"] != "http":
                raise
            if not has_begun:
                stopping = response(jobs.message(503, "the server is stopping"), {})
                await stopping(scope, receive, with_headers)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError | BusyError)
    return response(jobs.message(error.status, str(error)), {})


async def _nobody(_: Request, __: Exception) -> Response:
    """The client left before it had sent its request; nobody receives this."""
    return Response(status_code=_GONE)


class _Site:
    """The handler of each address."""

    def __init__(self, options: Options, warn: Callable[[str], None]) -> None:
        self._options = options
        self._warn = warn
        setup = jobs.Setup(options.store, options.figure_base, options.limits)
        self._pool = Pool(setup, options.workers)
        self._pages = Pages()
        queries = map(bundled, bundled_names())
        self._examples = [one for one in queries if "SERVICE" not in words(one.text)]
        self._counts: dict[str, int] | None = None

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with self._pool:
            if not self._pool.network_is_closed:
                self._warn(
                    "note: this system cannot keep a process from opening connections: only the"
                    " check of queries keeps SERVICE out"
                )
            yield

    async def health(self, request: Request) -> Response:
        """Health check: 200 if queries are answered."""
        reply = await self._ask(jobs.Query("ASK {}", next(iter(ROWS)), None), request, "quick")
        return PlainTextResponse("ok\n" if reply.status == 200 else reply.body, reply.status)

    async def query_page(self, request: Request) -> Response:
        """The query page, with the query that its address names or holds."""
        given = [(name, value) for name, value in pairs(request.url.query) if value]
        text = next((value for name, value in given if name == "query"), None)
        note, problem, shown = "", "", None
        if text is None:
            name = request.query_params.get("example", "figures-of-gene")
            given = [pair for pair in given if pair[0] != "example"]
            if name not in bundled_names():
                return await self.not_found(request)
            shown = bundled(name)
            text, note, problem = await run_in_threadpool(_example, shown, given)
        return self._page(
            "query.html",
            text=text,
            shown=shown,
            note=note,
            problem=problem,
            examples=self._examples,
            media=[*ROWS, *TRIPLES],
            fields=_fields(shown, given) if shown else [],
            settings=json_script(json.dumps({"figures": self._options.figure_base})),
        )

    async def sparql(self, request: Request) -> Response:
        """The endpoint; without a query its description."""
        query = await asked(request)
        if query is None:
            return await self._description(request)
        reply = await self._ask(query, request)
        if query.page and reply.status != 200:
            return self._problem_page(query, reply)
        return self._response(reply, request, {"Vary": "Accept"})

    async def figures(self, request: Request) -> Response:
        """The figures by their figid, a page of them at a time."""
        job = jobs.FigureList(request.query_params.get("after", ""))
        return self._response(await self._ask(job, request), request, {})

    async def figure(self, request: Request) -> Response:
        """A figure, in the format of its address or the one that the client prefers."""
        name = request.path_params["name"]
        extension = next((one for one in _EXTENSIONS if name.endswith(one)), "")
        figid = name.removesuffix(extension)
        if not FIGID.fullmatch(figid):
            return await self.not_found(request)
        media = _EXTENSIONS.get(extension) or best(
            request.headers.get("accept", ""), (HTML, *TRIPLES)
        )
        reply = await self._ask(jobs.FigurePage(figid, media or HTML), request, "quick")
        if reply.status == 404:
            return await self.not_found(request)
        if media is None:
            raise RequestError(406, "accept " + ", ".join((HTML, *TRIPLES)))
        links = ", ".join(
            f'<{figid}{other}>; rel="alternate"; type="{kind}"' for kind, other in _LINKED.items()
        )
        headers = {"Vary": "Accept", "Link": links} if reply.status == 200 else {}
        return self._response(reply, request, headers)

    async def not_found(self, request: Request, _: Exception | None = None) -> Response:
        """There is nothing at this address."""
        depth = request.scope["path"].count("/") - 1
        return self._page("missing.html", status=404, depth=depth)

    async def _ask(self, job: jobs.Job, request: Request, lane: Lane = "query") -> jobs.Reply:
        """Run a job until it ends or its client leaves."""
        asking = asyncio.ensure_future(self._pool.ask(job, _client(request), lane))
        try:
            await asyncio.wait({asking}, timeout=_UNWATCHED_SECONDS)
            if asking.done():
                return asking.result()
            return await self._ask_watching(asking, request)
        finally:
            asking.cancel()

    async def _ask_watching(
        self, asking: asyncio.Future[jobs.Reply], request: Request
    ) -> jobs.Reply:
        gone = asyncio.ensure_future(_gone(request))
        try:
            either: set[asyncio.Future[Any]] = {asking, gone}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                return jobs.message(_GONE, "the client has gone")
            return asking.result()
        finally:
            gone.cancel()

    def _response(self, reply: jobs.Reply, request: Request, headers: dict[str, str]) -> Response:
        return response(reply, headers, partial(self._pool.keep, _client(request)))

    async def _description(self, request: Request) -> Response:
        media = best(request.headers.get("accept", ""), (*TRIPLES, HTML))
        if media == HTML:
            return RedirectResponse("./", 303)
        if media is None:
            raise RequestError(406, "accept " + ", ".join(TRIPLES))
        if self._counts is None:
            self._counts = await self._counted(request)
        page = self._options.public_url or str(request.base_url)
        example = await self._any_figure(request)
        body = description(f"{page}sparql", page, example, self._counts or {}, media)
        return Response(body, media_type=media, headers={"Vary": "Accept"})

    async def _counted(self, request: Request) -> dict[str, int] | None:
        """Counts of the data; None if counting takes too long now."""
        counts = {}
        for name, query in COUNTS.items():
            reply = await self._ask(counting(query), request)
            if reply.status != 200:
                return None
            counts[name] = int(reply.body.split()[1])
        return counts

    async def _any_figure(self, request: Request) -> str | None:
        query = "SELECT ?figure { ?figure a <http://schema.org/Dataset> } LIMIT 1"
        reply = await self._ask(counting(query), request)
        rows = reply.body.decode().split()
        return rows[1] if reply.status == 200 and len(rows) > 1 else None

    def _problem_page(self, query: jobs.Query, reply: jobs.Reply) -> Response:
        """The page that says why there is no answer."""
        text = query.text if len(query.text) <= _QUERY_SHOWN else ""
        values: dict[str, Any] = {"query": text, "names": [], "rows": [], "number": 0}
        return self._page(
            "answer.html",
            status=reply.status,
            **values,
            text=reply.body.decode(),
            wrong=True,
        )

    def _page(self, template: str, *, status: int = 200, depth: int = 0, **values: Any) -> Response:
        return Response(self._pages.html(template, depth, **values), status, media_type=HTML)


def _client(request: Request) -> str:
    """The client's address, or for IPv6 the network of one subscriber."""
    return _network(request.client.host if request.client else "")


@lru_cache(maxsize=1024)
def _network(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((int(address), 64), strict=False))
    return host


async def _gone(request: Request) -> None:
    """Wait until the client closes its connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _fields(query: Query, given: list[tuple[str, str]]) -> list[tuple[Parameter, list[str]]]:
    """The fields of the form for a query's parameters; lists have an empty field at the end."""
    fields = []
    for parameter in query.parameters:
        values = [text for name, text in given if name == parameter.name]
        more = [""] if len(parameter.examples) > 1 else []
        fields.append((parameter, (values or list(parameter.examples)) + more))
    return fields


def _example(query: Query, given: list[tuple[str, str]]) -> tuple[str, str, str]:
    """A bundled query with the values given, a note on them, and what is wrong with them.

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
