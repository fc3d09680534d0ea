import copy

import numpy as np
import pytest
import torch

from s2s.config import ATTENTIONS, CELLS
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID, UNKNOWN_ID
from s2s.decode.loop import Decoded, forced, greedy
from s2s.decode.prepared import Prepared
from s2s.model.seq2seq import Seq2Seq
from tests.conftest import VOCAB, BuildTiny
from tests.decode.runs import decode_one, steps_of

SOURCE = [7, 12, 30, 9, END_ID]
every_model = pytest.mark.parametrize(
    ("attention", "cell", "layers"), [(a, c, n) for a in ATTENTIONS for c in CELLS for n in (1, 2)]
)


def _leaning(model: Seq2Seq, towards: dict[int, float]) -> Seq2Seq:
    """A copy that finds some pieces likelier."""
    leaning = copy.deepcopy(model)
    with torch.no_grad():
        for piece, more in towards.items():
            leaning.decoder.output_bias[piece] += more
    return leaning


def _assert_same(a: Decoded, b: Decoded) -> None:
    assert (a.fed, a.said, a.log_probs, a.cut) == (b.fed, b.said, b.log_probs, b.cut)
    for one, other in zip(steps_of(a), steps_of(b), strict=True):
        for name in ("decoder_state", "scores", "weights", "context", "attentional_state", "logits"):
            x, y = getattr(one, name), getattr(other, name)
            assert (x is None and y is None) or torch.equal(x, y)
        assert all(torch.equal(x, y) for x, y in zip(one.state, other.state, strict=True))


@every_model
def test_forcing_a_model_to_say_what_it_said_changes_nothing(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int
) -> None:
    model = build_tiny(attention, cell, layers)
    free = decode_one(Prepared(model), SOURCE, choose=greedy, limit=12)
    _assert_same(free, decode_one(Prepared(model), SOURCE, choose=forced(free.said), limit=12))


@every_model
@torch.inference_mode()
def test_decoding_computes_what_forward_computes_for_the_same_pieces(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int
) -> None:
    model = build_tiny(attention, cell, layers)
    target = [20, 8, 45, 8, END_ID]
    decoded = decode_one(Prepared(model), SOURCE, choose=forced(target), limit=len(target))
    logits = model(torch.tensor([SOURCE]), torch.tensor([[START_ID, *target[:-1]]])).logits[0]
    expected = logits.log_softmax(-1)[range(len(target)), target]
    np.testing.assert_allclose(decoded.log_probs, expected, atol=1e-5)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_what_is_fed_is_what_was_said_one_step_before(build_tiny: BuildTiny, attention: str) -> None:
    decoded = decode_one(Prepared(build_tiny(attention)), SOURCE, choose=greedy, limit=9)
    assert decoded.fed == [START_ID, *decoded.said[:-1]]
    assert len(steps_of(decoded)) == len(decoded.said) == len(decoded.log_probs)


def test_each_greedy_piece_is_the_likeliest_text(build_tiny: BuildTiny) -> None:
    decoded = decode_one(Prepared(build_tiny("concat")), SOURCE, choose=greedy, limit=9)
    for step, said in zip(steps_of(decoded), decoded.said, strict=True):
        logits = step.logits[0].tolist()
        assert said == max((i for i in range(VOCAB) if i not in (0, 1, 2)), key=lambda i: logits[i])


def test_greedy_never_says_padding_start_or_unknown(build_tiny: BuildTiny) -> None:
    model = _leaning(build_tiny("dot"), {PAD_ID: 100, START_ID: 100, UNKNOWN_ID: 100})
    decoded = decode_one(Prepared(model), SOURCE, choose=greedy, limit=9)
    assert not {PAD_ID, START_ID, UNKNOWN_ID} & set(decoded.said)
    assert max(decoded.log_probs) < -90  # the probabilities shown are still the model's own


def test_choosing_leaves_the_log_probabilities_as_they_are() -> None:
    log_probs = torch.tensor([5.0, 4.0, 3.0, 1.0, 2.0])
    assert greedy(0, log_probs).id == 4
    assert log_probs.tolist() == [5.0, 4.0, 3.0, 1.0, 2.0]


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_a_run_that_does_not_end_is_cut_at_the_limit(build_tiny: BuildTiny, limit: int) -> None:
    decoded = decode_one(
        Prepared(_leaning(build_tiny("dot"), {END_ID: -100})), SOURCE, choose=greedy, limit=limit
    )
    assert decoded.cut
    assert len(decoded.said) == limit
    assert END_ID not in decoded.said


@pytest.mark.parametrize("limit", [1, 7])
def test_a_run_that_says_the_end_token_ends_there_and_is_not_cut(build_tiny: BuildTiny, limit: int) -> None:
    decoded = decode_one(
        Prepared(_leaning(build_tiny("dot"), {END_ID: 100})), SOURCE, choose=greedy, limit=limit
    )
    assert not decoded.cut
    assert decoded.said == [END_ID]


@every_model
def test_log_probabilities_are_those_of_a_distribution(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int
) -> None:
    decoded = decode_one(Prepared(build_tiny(attention, cell, layers)), SOURCE, choose=greedy, limit=5)
    for step, said, log_prob in zip(steps_of(decoded), decoded.said, decoded.log_probs, strict=True):
        powers = np.exp(step.logits[0].numpy().astype(np.float64))
        assert np.log(powers[said] / powers.sum()) == pytest.approx(log_prob, abs=1e-5)


def test_decoding_leaves_the_model_as_it_was(build_tiny: BuildTiny) -> None:
    model = build_tiny("general")
    first = decode_one(Prepared(model), SOURCE, choose=greedy, limit=8)
    decode_one(Prepared(model), [5, 6, END_ID], choose=greedy, limit=8)
    _assert_same(first, decode_one(Prepared(model), SOURCE, choose=greedy, limit=8))
    assert all(p.grad is None for p in model.parameters())
