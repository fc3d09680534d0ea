"""What leaves the app: any picture as PNG, SVG, CSV, JSON or lines of Python, a page as one HTML file or on
paper.

Python says, once for each page, what a picture needs outside of it (`Outside`), and with each picture where
its numbers come from (`Origin`). The browser makes the files of what is drawn (`browser/save.js`): no number
is computed there. `offline` is the HTML file that a page is put into: it has all scripts and styles in it,
asks for nothing, and opens from a disk.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from posixpath import dirname, join, normpath
from typing import Final, Literal, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.kit.components import FOLDER, show
from pages.kit.strings import LANGUAGES, Strings, load
from s2s import __version__
from s2s.figures.palette import DARK, LIGHT, Palette, recolouring

# The words of the menu, and of what it makes.
LABELS: Final = (
    "open",  # names the button
    "png",
    "svg",
    "csv",
    "json",
    "copy_picture",
    "copy_table",
    "copy_code",
    "page",  # heads what is about the whole page
    "copy_link",
    "keep",  # for a lesson
    "present",
    "html",
    "print",
    "copied",
    "kept",
    "saved",
    "refused",  # the browser takes no picture for the clipboard
    "refused_text",  # nor text
    "failed",
    "sentence",
    "model",
    "models",
    "offline",  # says what the HTML file is
)
# What Streamlit says of its own accord.
_STREAMLIT: Final = (
    "skip_main help drop drop_old drop_files browse upload limit limit_long running stop rerun wait "
    "increase decrease file connecting connecting_server lost full full_close apply not_found "
    "record record_stop record_play record_pause record_reset record_clear record_wav record_allow "
    "record_learn record_failed"
).split()
# The colours of a light page, as Streamlit and the views call them.
_PAPER: Final = {
    "--st-background-color": LIGHT.background,
    "--st-secondary-background-color": LIGHT.surface,
    "--st-text-color": LIGHT.text,
    "--st-border-color": LIGHT.grid,
    "--st-primary-color": LIGHT.source,
    "--s2s-muted": LIGHT.muted,
    "--s2s-grid": LIGHT.grid,
}
_ADDRESS: Final = "/offline.html"


class Origin(NamedTuple):
    """Where the numbers of a picture come from, for whoever takes it along."""

    models: tuple[str, ...] = ()  # by the names that the library knows
    sentence: str = ""  # "" where the picture is not about one
    code: str = ""  # lines of Python that make it again, as `figure` or as `table`


class Sheet(NamedTuple):
    """Numbers of a picture that is not drawn of a figure, in rows; the head names the columns."""

    head: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]


class Outside(NamedTuple):
    """What every picture of a page needs outside of it."""

    title: str  # of the page
    language: str
    made: str  # by what, and which version of it
    labels: Mapping[str, str]
    light: Mapping[str, str]  # the colours of the page's theme, each with that of the light one
    paper: Mapping[str, str]  # the colours of a light page
    shell: str  # where the file is that a page is put into
    skip: str  # names the link past the menu to the first picture
    words: Mapping[str, str]  # those of Streamlit by what it says, where the reader's language has others
    view: Literal["outside"] = "outside"


def outside(title: str, say: Strings, palette: Palette) -> Outside:
    """What is sent of a page of this title."""
    return Outside(
        title=title,
        language=say.language,
        made=say("export.made", version=__version__),
        labels={name: say(f"export.{name}", version=__version__) for name in LABELS},
        light={} if palette is LIGHT else recolouring(DARK, LIGHT),
        paper=_PAPER,
        shell=_ADDRESS.removeprefix("/"),
        skip=say("frame.skip"),
        words=streamlit_words(say),
    )


def streamlit_words(say: Strings) -> dict[str, str]:
    """What Streamlit says in English of its own accord, each with the same in the reader's language: the
    strings `streamlit.<name>`, whose English is Streamlit's, with {what} for what it fills in."""

    def said(say: Strings) -> list[str]:
        return [say(f"streamlit.{name}") for name in _STREAMLIT]

    pairs = zip(said(load(next(iter(LANGUAGES)))), said(say), strict=True)
    return {english: text for english, text in pairs if english != text}


def offer(title: str, say: Strings, palette: Palette) -> None:
    """Let the pictures of a page leave it."""
    show(outside(title, say, palette), key="outside")


def quoted(text: str) -> str:
    """A text as a line of Python has it."""
    return json.dumps(text, ensure_ascii=False)


def loaded(model: str) -> str:
    """A model as a line of Python has it."""
    return f"Translator.load({quoted(model)})"


# The file that a page is put into

_IMPORT: Final = re.compile(r'(?<=from )"(\.[\w./-]+)"')
_STYLE: Final = re.compile(r'@import "([\w.-]+)";')
_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
_SHELL: Final = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="generator" content="s2s {version}">
<style>
{styles}
</style>
<script type="importmap">
{modules}
</script>
<script>
{plotly}
</script>
</head>
<body>
<script type="application/json" id="page">null</script>
<script type="module">import "s2s/offline.js";</script>
</body>
</html>
"""


@cache
def offline() -> str:
    """An HTML page with every script and style of the views in it, and room for what they show: the text of
    the element "page", JSON without "<"."""
    scripts = {path.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob("*.js"))}
    [plotly] = [path for name, path in scripts.items() if name.endswith(".min.js")]
    modules = {
        f"s2s/{name}": _module(path.read_text(encoding="utf-8"), dirname(name))
        for name, path in scripts.items()
        if path is not plotly
    }
    return _SHELL.format(
        policy=_POLICY,
        version=__version__,
        styles=_style("view.css") + _style("offline.css"),
        modules=json.dumps({"imports": modules}),
        plotly=plotly.read_text(encoding="utf-8").replace("</script", "<\\/script"),
    )


def _module(text: str, folder: str) -> str:
    """A script as the address of itself. What it imports is found by name: such an address has no folder."""
    named = _IMPORT.sub(lambda found: f'"{normpath(join("s2s", folder, found[1]))}"', text)
    return f"data:text/javascript;base64,{base64.b64encode(named.encode()).decode('ascii')}"


def _style(name: str) -> str:
    """A style sheet with those that it imports."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return _STYLE.sub(lambda found: _style(found[1]), text)


def route() -> Route:
    """Where the file is asked for, which most readers never do: it is compressed once, and kept."""

    @cache
    def packed() -> tuple[bytes, str]:
        text = offline().encode()
        return gzip.compress(text, 6, mtime=0), hashlib.sha256(text).hexdigest()[:16]

    async def answer(request: Request) -> Response:
        body, tag = packed()
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(offline(), media_type="text/html; charset=utf-8")
        headers = {"Content-Encoding": "gzip", "ETag": f'"{tag}"', "Vary": "Accept-Encoding"}
        return Response(body, media_type="text/html; charset=utf-8", headers=headers)

    return Route(_ADDRESS, answer)
