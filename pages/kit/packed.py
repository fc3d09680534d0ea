"""Scripts and styles, sent compressed: each is compressed when it is first asked for, and kept.

Streamlit leaves its own files as they are, since Starlette would compress them anew for everyone. They are
5 MB of text that becomes 1.5: for thirty people in one wireless network, the wait for the first picture.
"""

from __future__ import annotations

import asyncio
import gzip
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LEVEL: Final = 5  # behind it a little less to send takes much longer
_ENDS: Final = (".js", ".css")
_LEAST: Final = 1000  # bytes; a packet holds more


class Packed:
    """Middleware that compresses the files that an app serves, once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packed: dict[tuple[str, str], asyncio.Task[bytes]] = {}  # as many as there are files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, for ASGI."""
        if not _is_asked_for(scope):
            await self._app(scope, receive, send)
            return
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, collect)
        for message in await self._smaller(scope["path"], messages):
            await send(message)

    async def _smaller(self, path: str, messages: list[Message]) -> list[Message]:
        """The same answer with its body compressed, where it is a whole file that is worth it."""
        start, *parts = messages
        body = b"".join(part.get("body", b"") for part in parts)
        headers = MutableHeaders(raw=list(start["headers"]))
        if start["status"] != 200 or "content-encoding" in headers or len(body) < _LEAST:
            return messages
        tag = headers.get("etag", "")
        task = self._packed.get((path, tag)) if tag else None
        if task is None:
            task = asyncio.ensure_future(asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0))
            if tag:  # whatever is kept is found again only while the file is the same
                self._packed[path, tag] = task
        packed = await asyncio.shield(task)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(packed))
        headers.add_vary_header("Accept-Encoding")
        if tag and not tag.startswith("W/"):
            headers["ETag"] = f"W/{tag}"  # the same file in other bytes
        first: dict[str, Any] = {**start, "headers": headers.raw}
        return [first, {"type": "http.response.body", "body": packed}]


def _is_asked_for(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].endswith(_ENDS):
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and "range" not in headers
