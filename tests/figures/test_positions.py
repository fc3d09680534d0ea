import plotly.graph_objects as go
import pytest

from s2s.figures.palette import DARK, LIGHT, Palette
from s2s.figures.positions import bars, by_position
from s2s.figures.steps import Line

POSITIONS = ["1", "2", "3+"]
TITLES = {"x_title": "step", "y_title": "share <of> pieces, %"}


def curves(palette: Palette = LIGHT, font_size: int = 14) -> go.Figure:
    lines = (
        Line("teacher", [90, 80, 70], palette.teacher, mark="square"),
        Line("itself", [90, float("nan"), 20], palette.self_fed, dash="dash"),
    )
    return by_position(POSITIONS, lines, palette=palette, top=100, font_size=font_size, **TITLES)


def columns(palette: Palette = LIGHT, font_size: int = 14) -> go.Figure:
    return bars(POSITIONS, [12.5, 25, 0], palette=palette, top=30, font_size=font_size, **TITLES)


def test_every_number_is_drawn_at_its_position_and_none_where_there_is_none():
    one, other = curves().data
    assert list(one.x) == list(other.x) == [0, 1, 2]
    assert list(one.y) == [90, 80, 70]
    assert list(other.y) == [90, None, 20]
    (bar,) = columns().data
    assert list(bar.y) == [12.5, 25, 0]
    for figure in (curves(), columns()):
        assert list(figure.layout.xaxis.ticktext) == POSITIONS
        assert list(figure.layout.xaxis.tickvals) == [0, 1, 2]


def test_lines_are_told_apart_by_more_than_colour():
    one, other = curves().data
    assert one.line.color != other.line.color
    assert one.line.dash != other.line.dash
    assert one.marker.symbol != other.marker.symbol


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_regimes_have_the_colours_they_have_everywhere(palette: Palette):
    one, other = curves(palette).data
    assert (one.line.color, other.line.color) == (palette.teacher, palette.self_fed)
    assert curves(palette).layout.paper_bgcolor == palette.background


def test_pictures_with_the_same_top_have_the_same_scale_and_show_marks_at_zero_whole():
    figures = curves(), by_position(["1"], [], palette=LIGHT, top=100, **TITLES)
    assert figures[0].layout.yaxis.range == figures[1].layout.yaxis.range
    low, high = figures[0].layout.yaxis.range
    assert low < 0 < high == 100


def test_titles_are_text_and_never_markup():
    for figure in (curves(), columns()):
        assert figure.layout.title.text == "share &lt;of&gt; pieces, %"


@pytest.mark.parametrize("draw", [curves, columns])
def test_large_text_is_larger_and_gets_the_room(draw):
    usual, large = draw(), draw(font_size=20)
    assert large.layout.font.size == large.layout.xaxis.title.font.size == 20
    assert large.layout.height > usual.layout.height
    assert large.layout.margin.l > usual.layout.margin.l
