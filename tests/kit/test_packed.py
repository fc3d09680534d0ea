"""Files are sent compressed to those who can read that, and are the same files."""

import asyncio
import gzip
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pages.kit import packed
from pages.kit.packed import Packed

TEXT = b"export const one = 1;\n" * 400


class Files:
    """An app of one file, which counts how often it is asked."""

    def __init__(self, body: bytes = TEXT, **headers: str) -> None:
        self.body, self.headers, self.status = body, headers, 200

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Response(self.body, self.status, headers=self.headers)(scope, receive, send)


def ask(
    app: Packed, path: str = "/static/js/a.js", method: str = "GET", **headers: str
) -> tuple[int, Headers, bytes]:
    """Status, headers and body of an answer."""
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(dict(message))

    async def receive() -> Any:
        return {"type": "http.request"}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": raw, "query_string": b""}
    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in said[1:])
    return said[0]["status"], Headers(raw=said[0]["headers"]), body


def test_a_file_is_sent_compressed_and_is_the_same_file() -> None:
    status, headers, body = ask(Packed(Files(etag='"1"')), accept_encoding="gzip, br")
    assert (status, headers["content-encoding"], headers["content-length"]) == (200, "gzip", str(len(body)))
    assert gzip.decompress(body) == TEXT
    assert len(body) < len(TEXT) / 4
    assert headers["etag"] == 'W/"1"'
    assert "Accept-Encoding" in headers["vary"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/static/js/a.js", {}),
        ("/static/js/a.js", {"accept_encoding": "br"}),
        ("/static/js/a.js", {"accept_encoding": "gzip", "range": "bytes=0-9"}),
        ("/static/media/a.woff2", {"accept_encoding": "gzip"}),
        ("/", {"accept_encoding": "gzip"}),
    ],
)
def test_what_cannot_be_read_so_or_is_no_text_is_sent_as_it_is(path: str, asked: dict[str, str]) -> None:
    _, headers, body = ask(Packed(Files(etag='"1"')), path, **asked)
    assert body == TEXT
    assert "content-encoding" not in headers


def test_only_whole_files_that_are_worth_it_are_compressed() -> None:
    files = Files(body=b"short")
    assert ask(Packed(files), accept_encoding="gzip")[2] == b"short"
    files = Files(**{"content-encoding": "br"})
    assert ask(Packed(files), accept_encoding="gzip")[2] == TEXT
    files = Files(etag='"1"')
    files.status = 404
    assert ask(Packed(files), accept_encoding="gzip")[:1] == (404,)
    assert ask(Packed(files), accept_encoding="gzip")[2] == TEXT


def test_a_file_is_compressed_once_and_anew_when_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    compressed: list[bytes] = []
    compress = gzip.compress

    def counted(body: bytes, level: int, *, mtime: int) -> bytes:
        compressed.append(body)
        return compress(body, level, mtime=mtime)

    monkeypatch.setattr(packed.gzip, "compress", counted)

    async def thrice() -> list[bytes]:
        files = Files(etag='"1"')
        app, found = Packed(files), []
        for tag, body in (('"1"', TEXT), ('"1"', TEXT), ('"2"', TEXT + b"more")):
            files.headers["etag"], files.body = tag, body
            said: list[Any] = []

            async def send(message: Any, said: list[Any] = said) -> None:
                said.append(message)

            async def receive() -> Any:
                return {"type": "http.request"}

            scope = {
                "type": "http", "method": "GET", "path": "/a.js", "query_string": b"",
                "headers": [(b"accept-encoding", b"gzip")],
            }  # fmt: skip
            await app(scope, receive, send)
            found.append(said[1]["body"])
        return found

    found = asyncio.run(thrice())
    assert [gzip.decompress(body) for body in found] == [TEXT, TEXT, TEXT + b"more"]
    assert compressed == [TEXT, TEXT + b"more"]
