"""All heads of an attention as small maps of one figure."""

import numpy as np
import pytest

from s2s.figures.mosaic import BETWEEN, mosaic
from s2s.figures.palette import DARK, LIGHT
from s2s.looks import ATTENTIONS, all_looks
from tests.figures.drawn import drawn, valid
from tests.small_traces import with_heads

TRACE = with_heads()
LOOKS = all_looks(TRACE)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("of", ATTENTIONS)
def test_it_is_a_figure_that_plotly_takes(of, palette):
    valid(mosaic(all_looks(TRACE, of, "pieces"), palette=palette, labels={"head": "$h {number}$ <b>"}))


def test_each_map_stands_at_its_layer_and_head_with_nothing_between_them():
    [cells] = drawn(mosaic(LOOKS)).data
    rows, columns = len(LOOKS.rows) + BETWEEN, len(LOOKS.columns) + BETWEEN
    whole = np.asarray(cells.z)
    assert whole.shape == (2 * rows - BETWEEN, 3 * columns - BETWEEN)
    for layer in range(2):
        for head in range(3):
            top, left = layer * rows, head * columns
            part = whole[top : top + len(LOOKS.rows), left : left + len(LOOKS.columns)]
            np.testing.assert_array_equal(part, LOOKS.head(layer, head).weights)
    assert np.isfinite(whole).sum() == LOOKS.weights.size
    assert (cells.zmin, cells.zmax) == (0, 1)


def test_layers_and_heads_are_named_from_1_at_the_middle_of_their_maps():
    layout = drawn(mosaic(LOOKS, labels={"layer": "{number}층"})).layout
    assert layout.yaxis.ticktext == ("1층", "2층")
    assert layout.xaxis.ticktext == ("head 1", "head 2", "head 3")
    frames = layout.shapes
    assert len(frames) == 6
    for layer in range(2):
        for head in range(3):
            frame = frames[3 * layer + head]
            assert layout.xaxis.tickvals[head] == (frame.x0 + frame.x1) / 2
            assert layout.yaxis.tickvals[layer] == (frame.y0 + frame.y1) / 2


def test_cells_are_square_and_a_map_of_a_long_sentence_takes_more_room():
    for looks in (LOOKS, all_looks(TRACE, "encoder", "pieces")):
        layout = drawn(mosaic(looks)).layout
        inside = layout.width - layout.margin.l - layout.margin.r
        cell = inside / (layout.xaxis.range[1] - layout.xaxis.range[0])
        high = (layout.height - layout.margin.t - layout.margin.b) / (
            layout.yaxis.range[0] - layout.yaxis.range[1]
        )
        assert cell == pytest.approx(high, abs=0.1)
        assert layout.meta["min_width"] <= layout.width <= layout.meta["max_width"]
    long = with_heads(source="a " * 90, source_pieces=TRACE.source_pieces[:5] * 18)
    wide = drawn(mosaic(all_looks(long, "cross", "pieces"))).layout.meta["min_width"]
    assert wide > drawn(mosaic(LOOKS)).layout.meta["min_width"]
