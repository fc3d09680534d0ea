"""The pictures of a head, read back: they show the numbers of its stages."""

import re

import numpy as np
import plotly.graph_objects as go
import pytest

from s2s.data.tokenizer import Tokenizer
from s2s.figures import heads as draw
from s2s.figures.look import Look
from s2s.figures.palette import LIGHT
from s2s.walkthrough import heads
from s2s.walkthrough.heads import At
from s2s.walkthrough.transformer import CROSS, DECODER, KINDS, HeadWorkings
from tests.figures.drawn import drawn
from tests.tiny_transformer import HEADS, HIDDEN, tiny_transformer

LOOK = Look(palette=LIGHT, labels={"added": "added", "head": "head <{head}>"})
WIDTH = HIDDEN // HEADS


@pytest.fixture(scope="module")
def workings(tokenizers: tuple[Tokenizer, Tokenizer]) -> HeadWorkings:
    return tiny_transformer(tokenizers).head_workings("L'enfant dort chez moi.")


def vectors(figure: go.Figure) -> np.ndarray:
    return np.array([row for trace in figure.data for row in trace.z])


@pytest.mark.parametrize("kind", KINDS)
def test_strips_of_a_head_stand_at_its_place_in_the_whole(workings: HeadWorkings, kind: str):
    at = At(kind, 1, 2, 1)
    made = heads.projecting(workings, at)
    figure = drawn(draw.query_and_keys(workings, at, LOOK))
    shown = draw.shown(workings, at)
    np.testing.assert_allclose(vectors(figure), [made.query, *made.keys[shown]], rtol=1e-5)
    assert [figure.layout.meta[name] for name in ("offset", "width", "whole")] == [2 * WIDTH, WIDTH, HIDDEN]
    names = [row["name"] for row in figure.layout.meta["rows"]]
    assert names == ["q", *(draw.asked_name(workings, at, place) for place in shown)]
    summed = heads.summing(workings, at)
    found = vectors(drawn(draw.summed(workings, at, LOOK)))
    np.testing.assert_allclose(found[-1], summed.context, rtol=1e-5)
    np.testing.assert_allclose(found[:-1].sum(axis=0), summed.context, atol=1e-5)


def test_scores_are_drawn_on_the_scale_of_the_dot_products(workings: HeadWorkings):
    at = At(CROSS, 0, 1, 2)
    dots, scores = (drawn(make(workings, at, LOOK)) for make in (draw.dots, draw.scores))
    assert dots.layout.xaxis.range == scores.layout.xaxis.range
    np.testing.assert_allclose(np.array(dots.data[0].x) / 2, scores.data[0].x, rtol=1e-5)


def test_what_is_masked_has_no_bar(workings: HeadWorkings):
    at = At(DECODER, 0, 1, 2)
    figure = drawn(draw.masked(workings, at, LOOK))
    told = list(figure.data[0].text)
    assert [text == "−∞" for text in told] == [place > 2 for place in draw.shown(workings, at)]
    assert all(x == 0 for x, text in zip(figure.data[0].x, told, strict=True) if text == "−∞")


def test_a_head_that_is_switched_off_brings_nothing(workings: HeadWorkings):
    at = At(CROSS, 1, 2, 1)
    own = slice(2 * WIDTH, 3 * WIDTH)
    alone, every = vectors(drawn(draw.joined(workings, at, LOOK)))
    assert np.abs(alone[own]).max() > 0
    assert np.abs(np.delete(alone, range(own.start, own.stop))).max() == 0
    np.testing.assert_allclose(alone[own], every[own])
    alone, off = vectors(drawn(draw.joined(workings, at, LOOK, dropped=True)))
    assert np.abs(alone).max() == np.abs(off[own]).max() == 0
    left = heads.leaving(workings, at)
    parts = vectors(drawn(draw.parts(workings, at, LOOK, dropped=True)))
    assert np.abs(parts[2]).max() == 0
    np.testing.assert_allclose(parts[-1], left.output - left.parts[2], rtol=1e-5, atol=1e-6)
    before, output, after = vectors(drawn(draw.added(workings, at, LOOK, dropped=True)))
    np.testing.assert_allclose(before + output, after, atol=1e-5)
    np.testing.assert_allclose(output, parts[-1])


def test_names_of_heads_and_pieces_are_no_markup(workings: HeadWorkings):
    figure = drawn(draw.parts(workings, At(CROSS, 1, 2, 1), LOOK))
    ticks = list(figure.layout.yaxis.ticktext)
    assert len(ticks) == HEADS + 1
    assert all("head &lt;" in tick for tick in ticks[:-1])
    assert not re.search(r"<\d", "".join(ticks))


def test_of_many_pieces_those_with_most_weight_have_rows(tokenizers: tuple[Tokenizer, Tokenizer]):
    of = tiny_transformer(tokenizers).head_workings("le chat dort " * 30)
    at = At(CROSS, 0, 0, 0)
    shown, weights = draw.shown(of, at), of.cross[0].weights[0, 0]
    assert len(shown) == draw.MOST < len(weights)
    assert shown == sorted(shown)
    assert weights[shown].min() >= np.delete(weights, shown).max()
    assert len(drawn(draw.dots(of, at, LOOK)).data[0].x) == draw.MOST
