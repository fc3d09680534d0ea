"""What is drawn of a whole sentence: numbers of its states, as they are."""

import numpy as np
import pytest

from s2s.translator import Translator
from s2s.walkthrough.unrolled import CELLS, unrolled
from tests.walkthrough.conftest import Work


@pytest.mark.parametrize("direction", ["both", "forward", "backward"])
@pytest.mark.parametrize("attention", ["none", "general"])
def test_a_small_state_is_drawn_whole_and_the_passes_and_embeddings_make_the_encoder_states(
    work: Work, attention: str, direction: str
) -> None:
    workings = work(attention, direction=direction, layers=2)
    drawn, trace = unrolled(workings), workings.trace
    assert drawn.every == 1
    np.testing.assert_array_equal(drawn.encoder_states, trace.encoder_states)
    np.testing.assert_array_equal(drawn.decoder_states, trace.decoder_states)
    np.testing.assert_array_equal(drawn.handed, workings.states[0, 0, -1])
    assert drawn.handed_numbers == workings.states[0].size
    assert [one.is_backward for one in drawn.passes] == {
        "both": [False, True], "forward": [False], "backward": [True],
    }[direction]  # fmt: skip
    read = np.concatenate([one.states for one in drawn.passes], axis=1)
    np.testing.assert_allclose(read + workings.embedded, trace.encoder_states, atol=1e-6)
    assert (drawn.weights is None) == (drawn.contexts is None) == (attention == "none")


def test_of_a_wide_state_every_so_many_numbers_are_drawn_as_they_are() -> None:
    workings = Translator.load("fr-en-general").workings("Il neige.")
    drawn, trace = unrolled(workings), workings.trace
    chosen = np.arange(0, drawn.width, drawn.every)
    assert len(chosen) <= CELLS < 2 * len(chosen)
    np.testing.assert_array_equal(drawn.encoder_states, trace.encoder_states[:, chosen])
    np.testing.assert_array_equal(drawn.contexts, trace.contexts[:, chosen])
    np.testing.assert_array_equal(drawn.weights, trace.weights)
    both = np.concatenate([one.states for one in drawn.passes], axis=1)
    np.testing.assert_array_equal(both, workings.passes[:, chosen])  # both halves begin at a drawn number
