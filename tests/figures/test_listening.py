"""A spectrogram above the weights, on one axis of time."""

import numpy as np
import plotly.graph_objects as go
import pytest

from s2s.figures import listening as figures
from s2s.figures.palette import DARK, LIGHT
from s2s.sound.hearing import Hearing
from s2s.sound.utterances import Spoken
from tests.figures.drawn import drawn, valid
from tests.sound.test_hearing import at, hearing

HEARD = hearing([[0.5, 0.25, 0.25, 0], [0, 0.6, 0.1, 0.3], [0, 0, 0, 1]], (3, 7, None))
SPOKEN = (at(3, 0.0, 0.2), at(7, 0.2, 0.4))


def listening(found: Hearing = HEARD, **options: object) -> go.Figure:
    return drawn(figures.listening(found, **options))  # type: ignore[arg-type]


def test_weights_are_the_cells_and_their_colours_run_from_nothing_to_all():
    weights, spectrogram = listening().data
    np.testing.assert_array_equal(weights.z, HEARD.weights)
    np.testing.assert_array_equal(weights.x, HEARD.edges)
    assert (weights.zmin, weights.zmax) == (0, 1)
    assert listening().layout.yaxis.ticktext == ("3", "7", "&lt;/s&gt;")
    assert np.shape(spectrogram.z) == (40, 20)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_it_is_a_figure_that_plotly_takes(palette):
    valid(figures.listening(HEARD, spoken=SPOKEN, rows=[(0, 0), (1, 1)], palette=palette))


def test_the_spectrogram_is_of_the_sound_alone_and_stands_above_the_rows():
    figure = listening()
    upper, lower = figure.layout.yaxis2.domain, figure.layout.yaxis.domain
    assert upper[1] == 1
    assert lower[0] == 0
    assert upper[0] > lower[1]
    meta, margin = figure.layout.meta, figure.layout.margin
    inside = figure.layout.height - margin.t - margin.b
    assert inside == meta["sound"] + meta["between"] + meta["rows"] * meta["row"]
    assert upper[0] == pytest.approx(1 - meta["sound"] / inside)
    assert lower[1] == pytest.approx(meta["rows"] * meta["row"] / inside)
    spectrogram = figure.data[1]
    assert spectrogram.x0 + spectrogram.dx * 19.5 <= HEARD.seconds + 0.02


def test_a_spectrogram_is_the_frames_that_were_read():
    random = np.random.default_rng(1)
    frames = random.standard_normal(HEARD.frames.shape).astype(np.float32)
    found = Hearing(**{**vars(HEARD), "frames": frames})
    np.testing.assert_allclose(listening(found).data[1].z[5][3], frames[6:8, 5].mean(), rtol=1e-6)


def test_where_digits_are_is_drawn_to_the_sample():
    figure = listening(spoken=SPOKEN, rows=[(0, 0), (1, 1)])
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    assert sorted(line.x0 for line in lines) == pytest.approx([0, 0.2, 0.2, 0.4])
    framed = [shape for shape in figure.layout.shapes if shape.yref == "y"]
    assert [(one.x0, one.x1, one.y0, one.y1) for one in framed] == [
        (0.0, 0.2, -0.5, 0.5), (0.2, 0.4, 0.5, 1.5),
    ]  # fmt: skip
    assert [one.text for one in figure.layout.annotations] == ["3", "7"]
    assert [one.x for one in figure.layout.annotations] == pytest.approx([0.1, 0.3])


def test_names_that_are_given_are_no_markup_and_nothing_is_drawn_of_digits_that_nobody_knows():
    figure = listening(names=["<b>", "$x$", "end"])
    assert figure.layout.yaxis.ticktext == ("&lt;b&gt;", "&#36;x&#36;", "end")
    assert len(figure.layout.shapes) == 1
    assert not figure.layout.annotations


def test_a_long_sound_has_few_seconds_on_its_axis():
    weights = np.full((1, 250), 1 / 250)
    long = hearing(weights.tolist(), (None,))
    assert len(listening(long).layout.xaxis.tickvals) <= 11
    assert listening(long).layout.width == listening().layout.width
    assert Spoken(1, 0, 8000).seconds == (0, 1)
