"""Alignment lines of a hand-made alignment, measured in the pixels of their plot area."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from numpy.typing import NDArray

from s2s.figures.heatmap import UNSURE
from s2s.figures.lines import lines
from s2s.figures.palette import DARK, LIGHT, Palette
from s2s.traces import Alignment, Unit
from tests.figures.drawn import drawn, valid
from tests.figures.labels import LABELS

WEIGHTS = np.array([[0.9, 0.1, 0.0], [0.001, 0.249, 0.75]], dtype=np.float32)


def alignment_of(weights: NDArray[np.float32], source: list[str], target: list[str]) -> Alignment:
    return Alignment(
        source_units=tuple(Unit(word, 0, len(word), is_end=False) for word in source),
        target_units=tuple(Unit(word, 0, len(word), is_end=False) for word in target),
        weights=weights,
        scores=weights * 4 - 2,
        log_probs=np.full(len(target), -0.1, dtype=np.float32),
    )


CAT = alignment_of(WEIGHTS, ["le", "chat", "dort"], ["cat", "sleeps"])


def draw(alignment: Alignment, palette: Palette = LIGHT, **options: Any) -> go.Figure:
    return drawn(lines(alignment, palette=palette, labels=LABELS, **options))


def ribbons(figure: go.Figure) -> list[NDArray[np.float64]]:
    """The corners (5, 2) of every ribbon: upper left, upper right, lower right, lower left, upper left."""
    found: list[NDArray[np.float64]] = []
    for trace in figure.data:
        if trace.fill == "toself":
            points = np.stack([trace.x, trace.y], axis=1).astype(np.float64).reshape(-1, 6, 2)
            assert np.isnan(points[:, 5]).all()
            found.extend(points[:, :5])
    return found


def measured(figure: go.Figure, alignment: Alignment) -> dict[tuple[int, int], float]:
    """The thickness of each ribbon across its direction, by (target, source), found from where it ends."""
    layout = figure.layout
    rows, columns = alignment.weights.shape
    span = layout.xaxis.range[1]
    thickness = {}
    for corners in ribbons(figure):
        top, bottom = corners[:2, 0].mean(), corners[2:4, 0].mean()
        height = corners[0, 1] - corners[2, 1]
        across = (corners[1, 0] - corners[0, 0]) * height / np.hypot(top - bottom, height)
        thickness[int(bottom / span * rows), int(top / span * columns)] = across
    return thickness


def test_thickness_across_a_ribbon_is_proportional_to_its_weight() -> None:
    figure = draw(CAT)
    full = figure.layout.meta["full"]
    for (row, column), thickness in measured(figure, CAT).items():
        assert thickness == pytest.approx(full * CAT.weights[row, column], abs=1e-4)


def test_every_weight_above_zero_is_drawn_and_zero_is_not() -> None:
    assert set(measured(draw(CAT), CAT)) == {(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)}


def test_a_long_sentence_loses_no_ribbon() -> None:
    weights = np.full((40, 30), 1 / 30, dtype=np.float32)
    many = alignment_of(weights, ["mot"] * 30, ["word"] * 40)
    assert len(ribbons(draw(many))) == 1200


def test_the_same_weight_has_the_same_thickness_in_every_picture() -> None:
    wide = alignment_of(np.eye(30, dtype=np.float32), ["mot"] * 30, ["word"] * 30)
    assert set(np.round(list(measured(draw(wide), wide).values()), 3)) == {draw(CAT).layout.meta["full"]}


def test_ribbons_run_from_the_middle_of_a_source_word_to_the_middle_of_a_target_word() -> None:
    figure = draw(CAT)
    span, height = figure.layout.xaxis.range[1], figure.layout.yaxis.range[1]
    corners = next(c for c in ribbons(figure) if c[0, 0] > span * 2 / 3)  # from the third source word
    assert corners[:2, 0].mean() == pytest.approx(span * 5 / 6, abs=0.01)
    assert corners[2:4, 0].mean() == pytest.approx(span * 3 / 4, abs=0.01)
    assert corners[:2, 1].tolist() == [height, height]
    assert corners[2:4, 1].tolist() == [0, 0]


def test_axes_count_pixels_so_that_slanted_ribbons_keep_their_thickness() -> None:
    layout = draw(CAT).layout
    assert layout.xaxis.range[1] == layout.width - layout.margin.l - layout.margin.r
    assert layout.yaxis.range[1] == layout.height - layout.margin.t - layout.margin.b
    assert layout.meta["min_width"] == layout.meta["max_width"] == layout.width


def test_source_words_stand_above_and_target_words_below() -> None:
    layout = draw(CAT).layout
    assert list(layout.xaxis2.ticktext) == ["le", "chat", "dort"]
    assert layout.xaxis2.side == "top"
    assert list(layout.xaxis.ticktext) == ["cat", "sleeps"]
    assert layout.xaxis.side == "bottom"


def test_the_strongest_ribbons_are_those_of_the_default_read_out() -> None:
    strongest = draw(CAT).data[1]
    corners = np.asarray(strongest.x, dtype=np.float64).reshape(-1, 6)
    span = draw(CAT).layout.xaxis.range[1]
    sources = (corners[:, :2].mean(axis=1) / span * 3).astype(int)
    assert [(int(source), row) for row, source in enumerate(sources)] == list(CAT.links)


def test_a_word_that_comes_twice_has_two_places() -> None:
    twice = alignment_of(WEIGHTS, ["la", "la", "la"], ["the", "the"])
    axis = draw(twice).layout.xaxis2
    assert list(axis.ticktext) == ["la", "la", "la"]
    assert len(set(axis.tickvals)) == 3


def test_what_looks_like_markup_reaches_plotly_escaped() -> None:
    figure = draw(alignment_of(WEIGHTS, ["<b>gras</b>", "&amp;", "$x$"], ["<script>", "ok"]))
    assert "<b>gras" not in figure.to_json()
    assert "<script>" not in figure.to_json()
    assert list(figure.layout.xaxis2.ticktext) == ["&lt;b&gt;gras&lt;/b&gt;", "&amp;amp;", "&#36;x&#36;"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_plotly_finds_nothing_to_correct(palette: Palette) -> None:
    valid(draw(CAT, palette))


def test_an_alignment_without_units_is_an_empty_picture() -> None:
    nothing = alignment_of(np.zeros((0, 0), dtype=np.float32), [], [])
    figure = draw(nothing)
    assert not ribbons(figure)
    assert figure.layout.height > figure.layout.margin.t + figure.layout.margin.b
    assert not figure.layout.xaxis.ticktext
    assert not figure.layout.xaxis2.ticktext


def test_links_that_a_person_drew_go_from_word_to_word_and_glosses_stand_above() -> None:
    links = [(range(1, 2), range(1), True), (range(2, 3), range(1, 2), False)]
    figure = valid(lines(CAT, links=links, glosses=["the", "cat", ""]))
    places = figure.layout.xaxis2.tickvals, figure.layout.xaxis.tickvals
    found = []
    for shape in figure.layout.shapes:
        corners = [float(corner.split(",")[0]) for corner in shape.path[1:-1].split("L")]
        found.append((sum(corners[:2]) / 2, sum(corners[2:]) / 2, shape.line.dash))
        assert corners[1] - corners[0] > figure.layout.meta["full"]
    wanted = [(places[0][1], places[1][0], None), (places[0][2], places[1][1], UNSURE)]
    assert [dash for *_, dash in found] == [dash for *_, dash in wanted]
    np.testing.assert_allclose([one[:2] for one in found], [one[:2] for one in wanted], atol=0.1)
    assert figure.layout.xaxis2.ticktext[0].startswith("le <span")
    assert figure.layout.xaxis.ticktext == ("cat", "sleeps")
