import numpy as np
import pytest

from s2s.config import ATTENTIONS
from tests.translators import Named


@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize("text", ["", "L'enfant dort chez moi.", "je " * 200])
def test_the_trace_in_workings_is_the_translation(untrained: Named, attention: str, text: str) -> None:
    translator, _ = untrained(attention)
    plain, trace = translator.translate(text), translator.workings(text).trace
    for name in ("source_pieces", "target_pieces", "fed", "forcing", "source_cut", "target_cut", "target"):
        assert getattr(trace, name) == getattr(plain, name)
    for name in ("log_probs", "encoder_states", "decoder_states", "scores", "weights", "contexts"):
        np.testing.assert_array_equal(getattr(trace, name), getattr(plain, name))


def test_the_decoder_state_of_a_trace_is_one_of_the_states(untrained: Named) -> None:
    workings = untrained("concat")[0].workings("mon frère attend")
    np.testing.assert_array_equal(workings.states[1:, 0, -1], workings.trace.decoder_states)


def test_parameters_are_the_models_own_numbers_and_cannot_be_changed(untrained: Named) -> None:
    translator, checkpoint = untrained("concat")
    parameters = translator.parameters
    assert parameters is translator.parameters
    decoder = checkpoint.model.decoder
    assert np.shares_memory(parameters.embedding, decoder.embedding.weight.detach().numpy())
    assert np.shares_memory(parameters.combine, decoder.combine.weight.detach().numpy())
    with pytest.raises(ValueError, match="read-only"):
        parameters.combine[0, 0] = 1.0
    assert decoder.combine.weight.requires_grad
    assert parameters.vocabulary == tuple(checkpoint.target.surface(i) for i in range(60))


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_only_the_matrices_of_the_scorer_are_there(untrained: Named, attention: str) -> None:
    parameters = untrained(attention)[0].parameters
    assert (parameters.between is not None) == (attention == "general")
    for name in ("from_decoder", "from_encoder", "weigh"):
        assert (getattr(parameters, name) is not None) == (attention == "concat")
