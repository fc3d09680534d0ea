"""Who may come in, and what every answer of the server carries: middleware in front of Streamlit.

Streamlit looks at `server.allowedHosts` when a page opens its socket, and at nothing else; here each request
is looked at before Streamlit sees it. A page elsewhere can neither drive the app, by its address or by a
name that it gives to this machine (DNS rebinding), nor show it in a frame. Whoever is refused is told why,
in a language of theirs.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.server_util import allowlisted_origins
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from pages.kit.seats import Seats
from pages.kit.strings import LANGUAGES, load

_LONGEST: Final = 255  # bytes of a name in a path; no file system has longer ones
_AGAIN: Final = 20  # seconds after which a browser that found the app full asks again
_PLAIN_HOST: Final = re.compile(r"[\w.:\[\]-]+")
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # a link holds what was typed
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Refusal(NamedTuple):
    """Why a request is not answered."""

    status: int
    key: str  # of what is said: door.<key>


class Door:
    """Middleware that lets requests in, or refuses them."""

    def __init__(self, app: ASGIApp, seats: Seats) -> None:
        self._app = app
        self._seats = seats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, for ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(refusal, scope, headers, receive, send)
        elif scope["type"] == "websocket":
            with self._seats.taken():
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, _guarded(send, headers.get("host", "")))

    def _refusal(self, scope: Scope, headers: Headers) -> Refusal | None:
        host, origin = headers.get("host"), headers.get("origin")
        if not is_host_allowed(host):
            return Refusal(403, "host")
        if origin is not None and not _is_own(origin, host):
            return Refusal(403, "origin")
        if any(len(name.encode()) > _LONGEST for name in scope["path"].split("/")):
            return Refusal(404, "path")
        visits = scope["type"] == "websocket" or "text/html" in headers.get("accept", "")
        if visits and self._seats.are_taken():
            return Refusal(503, "full")
        return None


def _is_own(origin: str, host: str | None) -> bool:
    """Whether a page of this origin is the app's own, or one that `server.corsAllowedOrigins` names."""
    try:
        netloc = urlsplit(origin).netloc
    except ValueError:
        return False
    return (bool(netloc) and netloc == host) or origin in allowlisted_origins()


async def _refuse(refusal: Refusal, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before it is accepted: the server answers 403
        return
    say = load(_language(scope, headers))
    again = {"Refresh": str(_AGAIN), "Retry-After": str(_AGAIN)} if refusal.key == "full" else {}
    response = PlainTextResponse(say(f"door.{refusal.key}"), refusal.status, headers=HEADERS | again)
    await response(scope, receive, send)


def _language(scope: Scope, headers: Headers) -> str:
    """The language of the link, else the first of the browser's that there is."""
    wanted = QueryParams(scope.get("query_string", b"")).getlist("lang")[-1:]
    wanted += headers.get("accept-language", "").split(",")
    codes = (one.strip().lower()[:2] for one in wanted)
    return next((code for code in codes if code in LANGUAGES), next(iter(LANGUAGES)))


def _guarded(send: Send, host: str) -> Send:
    """What sends an answer, with the headers that it lacks."""

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in {**HEADERS, "Content-Security-Policy": policy(host)}.items():
                headers.setdefault(name, value)
            message["headers"] = headers.raw
        await send(message)

    return send_guarded


@cache
def _scripts() -> str:
    """The hashes of the scripts that stand in Streamlit's own page."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    found = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(script.encode("utf-8")).digest() for script in found)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)


def policy(host: str) -> str:
    """What a page may load and ask: this server only. Streamlit and Plotly write styles into the page and
    draw pictures as data; some browsers count a socket as another server unless it is named."""
    sockets = f" ws://{host} wss://{host}" if _PLAIN_HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {_scripts()}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{sockets}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
