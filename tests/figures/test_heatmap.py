"""Heatmaps of a hand-made alignment."""

import subprocess
import sys
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from s2s.errors import TraceError
from s2s.figures.heatmap import UNSURE, difference_heatmap, heatmap, score_limits
from s2s.figures.labels import escape, names, shorten, shown_piece, signed, visible, width
from s2s.figures.lines import lines
from s2s.figures.palette import DARK, LIGHT, Palette, colorscale
from s2s.places import ASSETS
from s2s.traces import Alignment, Trace, Unit, difference
from tests.figures.drawn import drawn, valid
from tests.figures.labels import LABELS


def units(*words: str) -> tuple[Unit, ...]:
    """Words one space apart, and the end token."""
    found, position = [], 0
    for word in words:
        found.append(Unit(word, position, position + len(word), is_end=False))
        position += len(word) + 1
    return (*found, Unit("</s>", position, position, is_end=True))


def alignment_of(source: tuple[Unit, ...], target: tuple[Unit, ...]) -> Alignment:
    """Any scores, and their softmax."""
    scores = np.random.default_rng(0).normal(0, 2, (len(target), len(source)))
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return Alignment(
        source_units=source,
        target_units=target,
        weights=weights.astype(np.float32),
        scores=scores.astype(np.float32),
        log_probs=np.full(len(target), -0.1, dtype=np.float32),
    )


def draw(alignment: Alignment, palette: Palette = LIGHT, **options: Any) -> go.Figure:
    return drawn(heatmap(alignment, palette=palette, labels=LABELS, **options))


CAT = alignment_of(units("le", "chat", "dort"), units("the", "cat", "sleeps"))


def test_the_cells_are_exactly_the_weights() -> None:
    np.testing.assert_array_equal(draw(CAT).data[0].z, CAT.weights)


def test_the_cells_are_exactly_the_scores_where_scores_are_asked_for() -> None:
    np.testing.assert_array_equal(draw(CAT, values="scores").data[0].z, CAT.scores)


def test_weights_are_coloured_from_zero_to_one_whatever_the_numbers() -> None:
    trace = draw(CAT).data[0]
    assert (trace.zmin, trace.zmax) == (0, 1)
    assert trace.to_plotly_json()["colorscale"] == colorscale(LIGHT.weights)


def test_scores_are_coloured_between_the_given_limits_which_are_written_on_the_scale() -> None:
    trace = draw(CAT, values="scores", score_limits=(-7.5, 3.25)).data[0]
    assert (trace.zmin, trace.zmax) == (-7.5, 3.25)
    assert list(trace.colorbar.tickvals) == [-7.5, 3.25]
    assert list(trace.colorbar.ticktext) == ["−7.5", "3.2"]
    assert trace.to_plotly_json()["colorscale"] == colorscale(LIGHT.scores)


def test_shared_limits_enclose_the_scores_of_every_alignment() -> None:
    other = alignment_of(units("un", "chien"), units("a", "dog"))
    low, high = score_limits([CAT, other])
    assert low == min(CAT.scores.min(), other.scores.min())
    assert high == max(CAT.scores.max(), other.scores.max())


def test_limits_leave_room_even_where_there_is_one_score_or_none() -> None:
    one = alignment_of(units()[:1], units()[:1])
    low, high = score_limits([one])
    assert low < one.scores.item() < high
    assert score_limits([]) == (0.0, 1.0)


def test_target_words_go_down_and_source_words_across_the_top() -> None:
    layout = draw(CAT).layout
    assert list(layout.yaxis.ticktext) == ["the", "cat", "sleeps", "END"]
    assert list(layout.xaxis.ticktext) == ["le", "chat", "dort", "END"]
    assert layout.xaxis.side == "top"
    assert layout.yaxis.range[0] > layout.yaxis.range[1]
    assert layout.xaxis.range[0] < layout.xaxis.range[1]


def test_a_word_that_comes_twice_has_two_columns() -> None:
    twice = alignment_of(units("la", "fille", "de", "la", "reine"), units("the", "daughter"))
    axis = draw(twice).layout.xaxis
    assert list(axis.ticktext) == ["la", "fille", "de", "la", "reine", "END"]
    assert list(axis.tickvals) == [0, 1, 2, 3, 4, 5]
    assert axis.type == "linear"


@pytest.mark.parametrize("text", ["<b>gras</b>", "&amp;", "<script>alert(1)</script>", "<br>", "%{z}"])
def test_what_looks_like_markup_reaches_plotly_escaped(text: str) -> None:
    figure = draw(alignment_of(units(text), units(text)))
    everything = figure.to_json()
    assert "<b>gras" not in everything
    assert "<script" not in everything
    assert figure.layout.xaxis.ticktext[0] == escape(shorten(text))


def test_dollar_signs_do_not_reach_plotly_as_formulas() -> None:
    axis = draw(alignment_of(units("$x^2$"), units("a"))).layout.xaxis
    assert axis.ticktext[0] == "&#36;x^2&#36;"


def test_a_label_that_is_too_long_is_the_beginning_of_its_word() -> None:
    long = "anticonstitutionnellement"
    figure = draw(alignment_of(units(long), units("unconstitutionally")))
    label = figure.layout.xaxis.ticktext[0]
    assert label.endswith("…")
    assert long.startswith(label[:-1])


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u200b", "\n", "\u202e", "\t\t"])
def test_a_label_that_cannot_be_seen_is_made_visible(text: str) -> None:
    assert all(character.isprintable() and not character.isspace() for character in visible(text))
    assert visible(text)


@pytest.mark.parametrize("text", ["hôpital", "병원", "👩‍🔬", "e\u0301", "▁le", "l'", "a b"])
def test_a_label_that_can_be_seen_is_left_alone(text: str) -> None:
    assert visible(text) == text


def test_a_shortened_label_fits() -> None:
    for text in ("anticonstitutionnellement", "의사는병원에서일합니다아주많이", "MMMMMMMMMMMM"):
        assert width(shorten(text, 5.0)) <= 5.0
    assert shorten("chat", 5.0) == "chat"


def test_the_end_token_is_named_by_the_caller() -> None:
    assert names(units("a"), LABELS) == ("a", "END")


def test_a_pinned_row_and_column_are_outlined() -> None:
    row, column = draw(CAT, pinned=(1, 2)).layout.shapes
    assert (row.y0, row.y1, row.x0, row.x1) == (0.5, 1.5, -0.5, 3.5)
    assert (column.x0, column.x1, column.y0, column.y1) == (1.5, 2.5, -0.5, 3.5)
    assert row.line.color == LIGHT.pinned
    assert not draw(CAT, pinned=(None, None)).layout.shapes


def test_every_row_keeps_its_height_however_long_the_sentence() -> None:
    def row_height(count: int) -> float:
        layout = draw(alignment_of(units("a"), units(*["word"] * (count - 1)))).layout
        return float((layout.height - layout.margin.t - layout.margin.b) / count)

    assert row_height(180) == row_height(3)


def test_the_narrowest_picture_leaves_every_column_its_room() -> None:
    layout = draw(alignment_of(units(*["mot"] * 119), units("a"))).layout
    room = layout.meta["min_width"] - layout.margin.l - layout.margin.r
    assert room / 120 >= layout.font.size


def test_the_picture_does_not_move_while_a_word_grows_by_a_letter() -> None:
    before, after = (draw(alignment_of(units(word), units("the"))).layout for word in ("méd", "méde"))
    assert before.margin == after.margin
    assert before.height == after.height


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("values", ["weights", "scores"])
def test_plotly_finds_nothing_to_correct(palette: Palette, values: str) -> None:
    figure = draw(CAT, palette, values=values, pinned=(0, 1))
    valid(figure)  # validates, and raises where something is not as Plotly wants it
    assert figure.layout.template.layout.to_plotly_json() == {}


def test_the_same_alignment_gives_the_same_figure() -> None:
    assert draw(CAT).to_json() == draw(CAT).to_json()


def test_an_alignment_without_units_is_an_empty_picture() -> None:
    nothing = Alignment(
        source_units=(),
        target_units=(),
        weights=np.zeros((0, 0), dtype=np.float32),
        scores=np.zeros((0, 0), dtype=np.float32),
        log_probs=np.zeros(0, dtype=np.float32),
    )
    assert draw(nothing).layout.height > 0
    assert draw(nothing, values="scores").data[0].zmax == 1


def test_figures_do_not_load_torch_or_streamlit() -> None:
    code = (
        "import sys, s2s.figures, s2s.figures.heatmap, s2s.figures.lines;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'streamlit')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


LEFT = alignment_of(units("le", "chat", "dort"), units("the", "cats", "sleep", "now"))


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_a_difference_is_coloured_from_minus_one_to_one_with_zero_in_the_background(palette: Palette) -> None:
    apart = difference(CAT, LEFT)
    figure = drawn(difference_heatmap(apart, palette=palette, labels=LABELS))
    (trace,) = figure.data
    np.testing.assert_array_equal(trace.z, apart.weights)
    assert (trace.zmin, trace.zmax) == (-1, 1)
    assert trace.colorscale[len(trace.colorscale) // 2] == (0.5, palette.background)
    assert figure.layout.meta["rows"] == 4
    valid(figure)  # Plotly's own validation


def test_a_difference_names_both_words_where_the_runs_differ() -> None:
    apart = difference(CAT, LEFT)
    figure = drawn(difference_heatmap(apart, palette=LIGHT, labels=LABELS))
    assert figure.layout.yaxis.ticktext == ("the", "cat / cats", "sleeps / sleep", "&lt;/s&gt; / now")


def test_people_see_a_piece_without_its_sign_for_a_space_and_with_a_dot_where_it_goes_on() -> None:
    shown = {"▁the": "the", "s": "·s", "<s>": "<s>", "</s>": "</s>", "▁": "␣", ".": "·."}
    assert {piece: shown_piece(piece) for piece in shown} == shown


def test_numbers_have_a_minus_as_wide_as_digits_and_none_before_nothing():
    assert signed(-1.23456, 3) == "−1.235"
    assert signed(12.5, 1) == "12.5"
    assert signed(0.0, 3) == signed(-0.0004, 3) == "0.000"


@pytest.mark.parametrize("draw_it", [heatmap, lines])
def test_a_trace_is_drawn_on_its_words_with_nothing_else_said(draw_it) -> None:
    trace = stored("fr-en-dot")
    alone = drawn(draw_it(trace))
    assert alone == drawn(draw_it(trace.alignment(), palette=LIGHT, labels={"end": "</s>"}))
    assert alone == drawn(draw_it(trace.alignment(), labels={}))


@pytest.mark.parametrize("draw_it", [heatmap, lines])
def test_a_trace_without_attention_is_refused_in_a_sentence(draw_it) -> None:
    with pytest.raises(TraceError, match="fr-en-none has no attention"):
        draw_it(stored("fr-en-none"))


def stored(name: str) -> Trace:
    return Trace.from_json((ASSETS / "traces" / f"{name}.json").read_text(encoding="utf-8"))


def test_glosses_stand_behind_their_words_escaped_and_shortened_and_the_picture_makes_room() -> None:
    plain, figure = draw(CAT), draw(CAT, glosses=["the", "<b>a very long gloss</b>", "", ""])
    ticks = figure.layout.xaxis.ticktext
    assert [tick.split(" <span")[0] for tick in ticks] == list(plain.layout.xaxis.ticktext)
    assert f"color:{LIGHT.muted}'>the</span>" in ticks[0]
    assert "&lt;b&gt;a very" in ticks[1]
    assert "…</span>" in ticks[1]
    assert "<span" not in ticks[2]
    assert figure.layout.margin.t > plain.layout.margin.t
    assert figure.layout.height - figure.layout.margin.t == plain.layout.height - plain.layout.margin.t
    assert draw(CAT, glosses=["", "", "", ""]) == draw(CAT, glosses=()) == plain


def test_links_that_a_person_drew_are_outlined_around_their_cells_and_told_apart() -> None:
    links = [(range(2), range(1, 2), True), (range(2, 3), range(2, 3), False)]
    figure = valid(heatmap(CAT, links=links))
    boxes = {(s.x0, s.x1, s.y0, s.y1): s.line.dash for s in figure.layout.shapes}
    assert boxes == {(-0.5, 1.5, 0.5, 1.5): None, (1.5, 2.5, 1.5, 2.5): UNSURE}
    assert {shape.line.color for shape in figure.layout.shapes} == {LIGHT.teacher}
