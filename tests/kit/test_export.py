"""What leaves the app, on Python's side: colours of one theme as those of the other, and the file that a page
is put into."""

import asyncio
import base64
import dataclasses
import gzip
import json
import re

import numpy as np
import pytest
from starlette.requests import Request
from starlette.responses import Response

from pages.kit.components import FOLDER
from pages.kit.export import LABELS, loaded, offline, outside, quoted, route
from pages.kit.wire import figure_text
from s2s import __version__
from s2s.figures.bars import Bar, bars
from s2s.figures.canvas import Figure
from s2s.figures.heatmap import difference_heatmap, heatmap
from s2s.figures.lines import lines
from s2s.figures.palette import DARK, LIGHT, Palette, recolouring, translucent
from s2s.figures.steps import Line, Plot, step_curves
from s2s.figures.strips import Strip, strips
from s2s.figures.sums import sums
from s2s.traces import difference
from tests.apps import SAY
from tests.small_traces import trace_of


def test_every_colour_of_the_dark_theme_has_one_in_the_light_theme():
    table = recolouring(DARK, LIGHT)
    for field in dataclasses.fields(Palette):
        of, into = getattr(DARK, field.name), getattr(LIGHT, field.name)
        pairs = [(of, into)] if isinstance(of, str) else zip(of, into, strict=True)
        for one, other in pairs:
            assert table[one] == other


def drawn(palette: Palette) -> list[Figure]:
    """A picture of each kind that is drawn of a sentence."""
    one, other = (trace_of(seed).alignment("words") for seed in (0, 1))
    assert one is not None
    assert other is not None
    numbers = np.linspace(-1, 1, 12, dtype=np.float32)
    curve = Line("a", [1.0, 2.0], palette.teacher, band=([0.5, 1.0], [1.5, 2.5]))
    return [
        heatmap(one, palette=palette, glosses=["meaning"] * len(one.source_units)),
        heatmap(one, palette=palette, values="scores"),
        difference_heatmap(difference(one, other), palette=palette),
        lines(one, palette=palette),
        step_curves(["1", "2"], [Plot("p", [curve])], palette=palette, first=0),
        strips([Strip("s<sub>t</sub>", numbers, palette.target, 1.0)], palette=palette),
        sums(numbers, np.cumsum(numbers), palette=palette, x_title="x"),
        bars([Bar("chat", 0.5, "0.500")], limits=(0, 1), color=palette.weights[7], names_color=palette.source,
             palette=palette),
    ]  # fmt: skip


def test_a_picture_in_exchanged_colours_is_the_picture_of_the_other_theme():
    table = recolouring(DARK, LIGHT)

    def exchanged(found: re.Match[str]) -> str:
        if found[0].startswith("#"):
            return table[found[0]]
        *channels, alpha = found[0][5:-1].split(", ")
        color = "#" + "".join(f"{int(channel):02x}" for channel in channels)
        return translucent(table[color], float(alpha)) if color in table else found[0]

    for dark, light in zip(drawn(DARK), drawn(LIGHT), strict=True):
        text = re.sub(r"#[0-9a-f]{6}|rgba\([^)]*\)", exchanged, figure_text(dark))
        assert text == figure_text(light)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_page_is_told_in_the_language_of_its_reader(language: str):
    say = SAY[language]
    told = outside("A page", say, DARK)
    assert told.language == language
    assert __version__ in told.made
    assert set(told.labels) == set(LABELS)
    assert told.labels["print"] == say("export.print")
    assert told.light[DARK.source] == LIGHT.source
    assert outside("A page", say, LIGHT).light == {}
    assert told.paper["--st-background-color"] == LIGHT.background


@pytest.mark.parametrize("text", ['Le "chat"', "a\\b\n\t\x00", "한국어 '", "\u2028 é 😀"])
def test_any_text_is_a_line_of_python(text: str):
    assert eval(quoted(text)) == text
    assert "\n" not in quoted(text)
    assert loaded("fr-en-dot") == 'Translator.load("fr-en-dot")'


def test_the_file_of_a_page_has_all_that_it_runs_in_it_and_asks_for_nothing():
    text = offline()
    assert "default-src 'none'" in text
    assert '<script type="application/json" id="page">null</script>' in text
    assert not re.findall(r"<(?:link|img|iframe|script [^>]*src)", text.split("<script>")[0])
    [table] = re.findall(r'<script type="importmap">\n(.*?)\n</script>', text, re.S)
    modules = json.loads(table)["imports"]
    scripts = {
        path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js") if ".min." not in path.name
    }
    assert modules.keys() == {f"s2s/{name}" for name in scripts}
    for address in modules.values():
        source = base64.b64decode(address.removeprefix("data:text/javascript;base64,")).decode()
        assert set(re.findall(r'^(?:import|export) [^;]*?from "(.+?)"', source, re.M)) <= modules.keys()
    assert len(text) < 2.5e6


def test_it_is_served_compressed():
    def asked(accepted: str) -> Response:
        headers = [(b"accept-encoding", accepted.encode())]
        scope = {"type": "http", "method": "GET", "path": "/offline.html", "headers": headers}
        return asyncio.run(route().endpoint(Request(scope)))

    packed = asked("gzip, br")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body).decode() == asked("identity").body.decode() == offline()
    assert len(packed.body) < len(offline()) / 2
