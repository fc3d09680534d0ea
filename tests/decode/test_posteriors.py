import pytest
import torch

from s2s.data.tokenizer import END_ID, START_ID
from s2s.decode.loop import Decoded, forced, greedy
from s2s.decode.posteriors import posteriors
from s2s.decode.prepared import Prepared
from s2s.model.decoder import Memory
from s2s.model.seq2seq import Seq2Seq
from tests.conftest import BuildTiny
from tests.decode.runs import decode_one, steps_of

SOURCE = [7, 9, 12, 9, END_ID]
SAID = [5, 21, 8, END_ID]
ATTENDING = ["dot", "general", "concat"]


def _forced(model: Seq2Seq) -> Decoded:
    return decode_one(Prepared(model), SOURCE, choose=forced(SAID), limit=len(SAID))


def _only(memory: Memory, place: int) -> Memory:
    """A memory of one source piece."""
    assert memory.keys is not None
    one = slice(place, place + 1)
    return memory._replace(encoder_states=memory.encoder_states[:, one], keys=memory.keys[:, one])


@pytest.mark.parametrize("attention", ATTENDING)
@torch.inference_mode()
def test_posteriors_follow_from_weights_and_single_looks_by_bayes_rule(build_tiny: BuildTiny, attention: str):
    """The looks at one piece alone are made with a memory that holds nothing else."""
    model = build_tiny(attention)
    decoded = _forced(model)
    found = posteriors(model, decoded)
    assert found is not None
    states = [decoded.memory.initial_state, *(step.state for step in steps_of(decoded))]
    for t, said in enumerate(SAID):
        fed = torch.tensor([START_ID if t == 0 else SAID[t - 1]])
        likelihoods = []
        for place in range(len(SOURCE)):
            alone = model.step(fed, states[t], _only(decoded.memory, place))
            likelihoods.append(alone.logits[0].softmax(-1)[said])
        weights = steps_of(decoded)[t].weights
        assert weights is not None
        joint = weights[0] * torch.stack(likelihoods)
        torch.testing.assert_close(found[t], joint / joint.sum(), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("attention", ATTENDING)
def test_every_row_sums_to_one(build_tiny: BuildTiny, attention: str):
    model = build_tiny(attention)
    found = posteriors(model, decode_one(Prepared(model), SOURCE, choose=greedy, limit=9))
    assert found is not None
    torch.testing.assert_close(found.sum(dim=1), torch.ones(len(found)))


def test_a_single_source_piece_explains_everything(build_tiny: BuildTiny):
    model = build_tiny("general")
    found = posteriors(model, decode_one(Prepared(model), [END_ID], choose=forced(SAID), limit=len(SAID)))
    assert found is not None
    torch.testing.assert_close(found, torch.ones(len(SAID), 1))


def test_without_attention_there_are_none(build_tiny: BuildTiny):
    model = build_tiny("none")
    assert posteriors(model, _forced(model)) is None
