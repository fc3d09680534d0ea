"""Curves over the steps of a decoder."""

import math
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest

from s2s.figures import steps as figures
from s2s.figures.palette import DARK, LIGHT
from s2s.figures.steps import Line, Plot
from tests.figures.drawn import drawn, valid

STEPS = ("the", "cat / dog", "$x$ <b>", "</s>")
FORCED = Line("forced", (0.9, 0.5, math.nan, 0.25), LIGHT.teacher, mark="square")
FREE = Line("free & own", (0.9, 0.125), LIGHT.self_fed, dash="dash")
PLOTS = (
    Plot("probability", (FORCED, FREE), top=1.0),
    Plot("KL (nats)", (Line("KL", (0.0, 2.5), LIGHT.text),)),
)


def step_curves(*arguments: Any, **options: Any) -> go.Figure:
    return drawn(figures.step_curves(*arguments, **options))


def test_each_line_has_its_numbers_and_a_gap_where_there_is_none():
    figure = step_curves(STEPS, PLOTS, palette=LIGHT)
    assert [trace.y for trace in figure.data] == [(0.9, 0.5, None, 0.25), (0.9, 0.125), (0.0, 2.5)]
    assert [trace.yaxis for trace in figure.data] == ["y", "y", "y2"]
    assert len({(trace.line.dash, trace.marker.symbol) for trace in figure.data[:2]}) == 2


def test_steps_are_named_below_and_nothing_is_markup():
    figure = step_curves(STEPS, PLOTS, palette=LIGHT)
    assert figure.layout.xaxis.ticktext == ("the", "cat / dog", "&#36;x&#36; &lt;b&gt;", "&lt;/s&gt;")
    assert figure.data[1].name == "free &amp; own"


def test_plots_stand_one_above_the_other_and_share_the_axis_of_steps():
    figure = step_curves(STEPS, PLOTS, palette=LIGHT)
    upper, lower = figure.layout.yaxis.domain, figure.layout.yaxis2.domain
    assert upper[1] == 1
    assert lower[0] == pytest.approx(0)
    assert upper[0] > lower[1]
    assert figure.layout.yaxis.range[1] == pytest.approx(1.06)
    assert figure.layout.yaxis2.range[1] > 2.5


def test_where_the_runs_part_a_line_stands_in_every_plot():
    marks = step_curves(STEPS, PLOTS, palette=LIGHT, first=1).layout.shapes
    assert [(mark.x0, mark.x1) for mark in marks] == [(1.5, 1.5)] * 2
    assert {mark.line.color for mark in marks} == {LIGHT.pinned}
    assert not step_curves(STEPS, PLOTS, palette=LIGHT).layout.shapes


@pytest.mark.parametrize("steps", [STEPS, STEPS * 20, ("one",), ()])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_any_number_of_steps_is_a_valid_figure_with_its_sizes(steps, palette):
    figure = step_curves(steps, PLOTS, palette=palette)
    valid(figure)  # Plotly's own validation
    meta = figure.layout.meta
    assert meta["min_width"] <= figure.layout.width <= meta["max_width"]
    assert meta["rows"] == len(steps)


def test_a_band_is_shaded_from_its_lowest_to_its_highest_values_behind_its_curve():
    banded = Line("a", (1.0, 2.0), LIGHT.text, band=((0.5, 1.5), (1.5, 3.0)))
    figure = step_curves(("x", "y"), (Plot("p", (banded, banded)),), palette=LIGHT)
    shade, _, curve, _ = figure.data
    assert (list(shade.x), list(shade.y)) == ([0, 1, 1, 0], [0.5, 1.5, 3.0, 1.5])
    assert shade.fill == "toself"
    assert not shade.showlegend
    assert list(curve.y) == [1.0, 2.0]
    low, high = figure.layout.yaxis.range
    assert low < 0.5
    assert high > 3.0
    valid(figure)  # Plotly's own validation


def test_a_band_that_reaches_below_zero_is_drawn_whole_and_goes_past_a_place_without_one():
    nan = float("nan")
    banded = Line("a", (0.5, nan, 1.0), LIGHT.text, band=((-0.75, nan, 0.5), (1.0, nan, 1.5)))
    figure = step_curves(("x", "y", "z"), (Plot("p", (banded,)),), palette=LIGHT)
    shade = figure.data[0]
    assert (list(shade.x), list(shade.y)) == ([0, 2, 2, 0], [-0.75, 0.5, 1.5, 1.0])
    assert figure.layout.yaxis.range[0] < -0.75
    valid(figure)


def test_a_point_between_two_steps_is_marked_in_every_plot():
    figure = step_curves(STEPS, PLOTS, palette=LIGHT, at=1.25)
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(1.25, 1.25)] * len(PLOTS)


def test_over_an_axis_of_their_own_names_stand_upright_and_the_axis_is_named():
    figure = step_curves(("8", "17"), PLOTS, palette=LIGHT, axis="words & signs")
    layout = figure.layout
    assert (layout.xaxis.tickangle, layout.xaxis.title.text) == (0, "words &amp; signs")
    assert layout.xaxis.tickfont.color == LIGHT.text
    assert step_curves(("8", "17"), PLOTS, palette=LIGHT).layout.xaxis.tickfont.color == LIGHT.target
    valid(figure)  # Plotly's own validation


def test_the_key_of_the_lines_has_room_for_its_rows_and_names_each_line_once():
    def plots(count: int) -> tuple[Plot, Plot]:
        lines = [Line(f"a model of some length {k}", (0.5, 0.5), LIGHT.text) for k in range(count)]
        return Plot("BLEU", lines), Plot("chrF", lines)

    tops = [
        step_curves(("8", "17"), plots(count), palette=LIGHT, axis="words").layout.margin.t
        for count in (1, 2, 4)
    ]
    assert tops == sorted(set(tops))
    figure = step_curves(("8", "17"), plots(2), palette=LIGHT, axis="words")
    assert [trace.showlegend for trace in figure.data] == [True, True, False, False]
    key = figure.layout.meta["key"]
    assert key["rows"] == len(key["names"]) == 2, "names this long stand below each other on a phone"
    assert tops[1] - tops[0] == key["row"] == (tops[2] - tops[1]) / 2
    assert "key" not in step_curves(("8", "17"), plots(1), palette=LIGHT, axis="words").layout.meta


def test_on_a_logarithmic_axis_equal_factors_are_equal_distances_and_zero_is_not_drawn():
    norms = Line("norms", (1.0, 1e-3, 0.0, 1e-6), LIGHT.text)
    figure = step_curves(STEPS, [Plot("norm", (norms,), is_log=True)], palette=LIGHT)
    assert figure.layout.yaxis.type == "log"
    assert figure.data[0].y == (1.0, 1e-3, None, 1e-6)
    low, high = figure.layout.yaxis.range
    assert low < -6 < 0 < high
    powers = [math.log10(value) for value in figure.layout.yaxis.tickvals]
    assert len(powers) > 2
    assert all(power == pytest.approx(round(power)) for power in powers)
    assert len({round(b - a) for a, b in pairwise(powers)}) == 1


def test_within_few_powers_of_ten_the_axis_has_numbers_between_them():
    norms = Line("norms", (0.2, 0.9), LIGHT.text)
    axis = step_curves(STEPS, [Plot("norm", (norms,), is_log=True)], palette=LIGHT).layout.yaxis
    low, high = axis.range
    named = [text for v, text in zip(axis.tickvals, axis.ticktext, strict=True) if low < math.log10(v) < high]
    assert named == ["0.2", "0.5", "1"]


@pytest.mark.parametrize("values", [(), (0.0,), (math.nan, 0.0), (1e-300, 1.0), (5.0,), (1.0, math.inf)])
def test_any_numbers_have_a_logarithmic_axis(values):
    plot = Plot("norm", (Line("norms", values, LIGHT.text),), is_log=True)
    figure = step_curves(STEPS, [plot], palette=LIGHT)
    valid(figure)
    low, high = figure.layout.yaxis.range
    assert low < high
    assert len(figure.layout.yaxis.tickvals) < 40


def test_bars_are_stacked_and_the_axis_holds_what_is_below_zero():
    parts = (
        Line("up", (0.5, 0.25), LIGHT.text, is_bar=True),
        Line("down", (-0.2, 0.0), LIGHT.muted, is_bar=True),
        Line("whole", (0.3, 0.25), LIGHT.text),
    )
    figure = step_curves(STEPS, [Plot("parts", parts), Plot("again", parts)], palette=LIGHT, axis="words")
    valid(figure)
    assert figure.layout.barmode == "relative"
    assert [trace.type for trace in figure.data[:3]] == ["bar", "bar", "scatter"]
    assert figure.layout.yaxis.range[0] < -0.2
    assert [trace.showlegend for trace in figure.data] == [True] * 3 + [False] * 3
    assert figure.layout.xaxis.title.text == "words"
