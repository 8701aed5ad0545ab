"""Replies of workers → responses."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from rdfexport.serve.workers.jobs import Reply

_CHUNK: Final = 64 * 1024
_RETRY_SECONDS: Final = "30"


def response(
    reply: Reply,
    headers: Mapping[str, str],
    keep: Callable[[int], Callable[[], None]] = lambda _: lambda: None,
) -> Response:
    """The response for a reply.

    Args:
        reply: A worker's reply.
        headers: Headers of the response.
        keep: Called with the size of an answer in a file before that is sent; it returns a
            function that is called afterwards.
    """
    if reply.status in {429, 503}:
        headers = {**headers, "Retry-After": _RETRY_SECONDS}
    if reply.file is None:
        return Response(reply.body, reply.status, headers, media_type=reply.media)
    return _FileResponse(reply, headers, keep)


class _FileResponse(Response):
    """An answer in a file, read only as fast as the client reads."""

    def __init__(
        self,
        reply: Reply,
        headers: Mapping[str, str],
        keep: Callable[[int], Callable[[], None]],
    ) -> None:
        assert reply.file is not None
        self._file = reply.file
        self._size = os.fstat(self._file.fileno()).st_size
        try:
            self._forget = keep(self._size)
        except BaseException:
            self._file.close()
            raise
        length = {"Content-Length": str(self._size)}
        super().__init__(None, reply.status, {**headers, **length}, media_type=reply.media)

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        try:
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            self._file.seek(0)
            left = self._size if scope["method"] != "HEAD" else 0
            while left:
                data = self._file.read(min(left, _CHUNK))
                left -= len(data)
                # This waits until the client has read most of what was sent before.
                await send({"type": "http.response.body", "body": data, "more_body": True})
                await asyncio.sleep(0)  # if the client is gone, nothing waits
            await send({"type": "http.response.body"})
        finally:
            self._file.close()
            self._forget()
