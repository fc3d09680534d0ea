"""Strips, bars and sums of hand-made numbers, read back from the figures."""

from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from s2s.figures.bars import Bar, around, bars
from s2s.figures.palette import DARK, LIGHT, Palette, colorscale
from s2s.figures.strips import Strip, strips
from s2s.figures.sums import sums
from s2s.walkthrough.stages import contributions
from tests.figures.drawn import drawn, valid

WIDTH = 6
ONE, TWO = np.linspace(-1, 1, WIDTH), np.array([np.arange(WIDTH), -np.arange(WIDTH)]) / 4
ROWS = (
    Strip("s<sub>t</sub>", ONE, "#bf5300", 1.0, spoken="s t"),
    Strip("chat &lt;", TWO, "#0072b2", 1.0, range(2, 4), "chat <", apart=True),
    Strip("×", ONE * 3, "#000000", 3.0, spoken="×"),
)


def draw(rows: tuple[Strip, ...] = ROWS, palette: Palette = LIGHT, **options: Any) -> go.Figure:
    return drawn(strips(rows, palette=palette, **options))


def cells(figure: go.Figure) -> list[tuple[float, float, np.ndarray]]:
    """Where each vector of a figure begins and ends, and its numbers."""
    found = []
    for trace in figure.data:
        assert len(trace.y) == len(trace.z) + 1
        found += [(trace.y[i], trace.y[i + 1], np.array(z)) for i, z in enumerate(trace.z)]
    return found


def test_every_number_of_every_vector_is_there_in_order() -> None:
    vectors = [vector for row in ROWS for vector in np.atleast_2d(row.values)]
    for (_, _, found), expected in zip(cells(draw()), vectors, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_zero_is_the_colour_of_the_page_and_both_sides_have_the_same_limit() -> None:
    for palette in (LIGHT, DARK):
        for trace in draw(palette=palette).data:
            assert trace.zmin == -trace.zmax
            middle = trace.colorscale[len(trace.colorscale) // 2]
            assert middle == (0.5, palette.background)
            assert [list(stop) for stop in trace.colorscale] == colorscale(palette.differences)
    assert [trace.zmax for trace in draw().data] == [1.0, 3.0]


def test_the_meta_says_where_each_row_is_and_what_it_stands_for() -> None:
    figure = draw()
    rows = figure.layout.meta["rows"]
    assert [row["name"] for row in rows] == ["s t", "chat <", "×"]
    assert [row["pieces"] for row in rows] == [None, [2, 4], None]
    height = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    assert rows[-1]["bottom"] == height == figure.layout.yaxis.range[0]
    for above, below in pairwise(rows):
        assert above["bottom"] < below["top"]
    for top, bottom, _ in cells(figure):
        assert any(row["top"] <= top < row["bottom"] for row in rows)
        assert bottom > top


def test_a_word_of_several_pieces_has_a_line_for_each_in_one_row() -> None:
    row = draw().layout.meta["rows"][1]
    inside = [top for top, _, _ in cells(draw()) if row["top"] <= top < row["bottom"]]
    assert len(inside) == 2
    many = Strip("long", np.zeros((40, WIDTH)), "#000000", 1.0)
    (only,) = draw((many,)).layout.meta["rows"]
    assert only["bottom"] - only["top"] >= 40 * 4


def test_what_lies_between_two_rows_is_covered_by_the_page() -> None:
    figure = draw()
    cover = next(shape for shape in figure.layout.shapes if shape.fillcolor)
    assert cover.fillcolor == LIGHT.background
    rows = figure.layout.meta["rows"]
    assert cover.path.count("M") == len(rows) - 1
    assert f"M0.5,{rows[0]['bottom']}" in cover.path


def test_names_stand_beside_their_rows_in_their_colours() -> None:
    axis = draw().layout.yaxis
    assert axis.ticktext == tuple(f'<span style="color:{row.color}">{row.name}</span>' for row in ROWS)
    for value, row in zip(axis.tickvals, draw().layout.meta["rows"], strict=True):
        assert value == (row["top"] + row["bottom"]) / 2


def test_the_numbers_of_one_place_stand_in_line_whatever_the_names() -> None:
    longer = tuple(row._replace(name=row.name * 9) for row in ROWS)
    assert draw().layout.margin.l == draw(longer).layout.margin.l
    assert draw(font_size=18).layout.margin.l > draw().layout.margin.l


def test_no_rows_are_an_empty_picture() -> None:
    figure = draw(())
    valid(figure)
    assert not figure.data
    assert figure.layout.meta["rows"] == []
    assert not figure.layout.yaxis.ticktext
    assert {shape.path for shape in figure.layout.shapes} == {"M0,0Z"}  # one that draws nothing


BARS = (Bar("chat", 0.75, "0.750", range(1, 2)), Bar("a<b>$", 0.0004, "<0.001"))


def drawn_bars(rows: tuple[Bar, ...] = BARS, **options: Any) -> go.Figure:
    look: dict[str, Any] = {"limits": (0.0, 1.0), "color": "#123456", "names_color": "#654321"} | options
    return drawn(bars(rows, palette=LIGHT, **look))


def test_bars_are_as_long_as_their_numbers_which_stand_beside_them() -> None:
    figure = drawn_bars()
    np.testing.assert_allclose(figure.data[0].x, [0.75, 0.0004])
    assert figure.data[0].text == ("0.750", "&lt;0.001")
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.xaxis.range[1] > 1  # room for the number of a full bar
    assert figure.layout.yaxis.ticktext == ("chat", "a&lt;b&gt;&#36;")
    assert [row["pieces"] for row in figure.layout.meta["rows"]] == [[1, 2], None]


def test_what_would_be_is_an_outline_and_what_is_a_bar() -> None:
    would, does = drawn_bars(outlined=True).data[0].marker, drawn_bars().data[0].marker
    assert (does.color, does.line.width) == ("#123456", 0)
    assert (would.color, would.line.color, would.line.width) == ("rgba(0, 0, 0, 0)", "#123456", 2)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1.0, 3.0], (0, 3)), ([-2.0, 1.0], (-2, 1)), ([-2.0, -1.0], (-2, 0)), ([], (0, 0))],
)
def test_the_limits_of_bars_hold_zero(values: list[float], expected: tuple[float, float]) -> None:
    assert around(np.array(values)) == expected
    low, high = drawn_bars(tuple(Bar("x", value, "") for value in values), limits=expected).layout.xaxis.range
    assert low <= min(expected)
    assert high >= max(expected)


def test_a_sum_ends_at_its_score() -> None:
    products = np.array([0.25, -2.0, 1.0, 0.5])
    ordered = contributions(products)
    figure = drawn(sums(products[ordered.order], ordered.running, palette=LIGHT, x_title="added"))
    bar, line = figure.data
    np.testing.assert_allclose(bar.y, [-2, 1, 0.5, 0.25])
    np.testing.assert_allclose(line.y, [-2, -1, -0.5, -0.25])
    (written,) = figure.layout.annotations
    assert written.text == "<b>−0.250</b>"
    assert (written.x, written.y) == (4, -0.25)
    below, above = bar.marker.color[0], bar.marker.color[1]
    assert below in LIGHT.differences[:10]
    assert above in LIGHT.differences[11:]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_plotly_finds_nothing_to_correct(palette: Palette) -> None:
    ordered = contributions(ONE)
    figures = (
        draw(palette=palette, split=3),
        drawn_bars(),
        drawn(sums(ONE[ordered.order], ordered.running, palette=palette, x_title="x")),
    )
    for figure in figures:
        valid(figure)  # validates, and raises where something is not as Plotly wants it
        assert figure.layout.template.layout.to_plotly_json() == {}


def test_a_part_of_a_vector_counts_its_numbers_in_the_whole() -> None:
    figure = draw(offset=12, whole=24)
    assert tuple(figure.layout.xaxis.range) == (12.5, 12.5 + WIDTH)
    assert {trace.x0 for trace in figure.data} == {13}
    assert [figure.layout.meta[name] for name in ("offset", "width", "whole")] == [12, WIDTH, 24]
    assert all("M12.5," in shape.path and "L18.5," in shape.path for shape in figure.layout.shapes)
    assert [draw().layout.meta[name] for name in ("offset", "whole")] == [0, WIDTH]
