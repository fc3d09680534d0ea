"""How far gradients travel between two words: of both families, against autograd and against each other."""

import numpy as np
import pytest
import torch

from s2s.config import TransformerConfig
from s2s.data.tokenizer import START_ID
from s2s.engine.questions import Follow, Request, TranslateUnplaced
from s2s.engine.wire import pack_answer, pack_request, unpack_answer, unpack_request
from s2s.errors import ConfigError
from s2s.gradients import travel as by_rows
from s2s.model.families import Model, build
from s2s.model.transformer.model import Transformer, without_positions
from s2s.paths import Travel
from s2s.translator import Translator
from s2s.travel import travel, unplaced
from tests.conftest import VOCAB, BuildTiny
from tests.transformers import small

SOURCE = [5, 9, 14, 22, 31, 40, 3]
TARGET = [7, 12, 33, 21, 3]
SHAPES = [
    ("none", "rnn", 1, "both"), ("none", "lstm", 2, "both"), ("general", "gru", 1, "both"),
    ("dot", "lstm", 2, "forward"), ("none", "lstm", 1, "backward"), ("concat", "rnn", 1, "both"),
]  # fmt: skip


def tiny(positions: str, seed: int = 3) -> Transformer:
    config = TransformerConfig(
        hidden=16, heads=4, layers=2, feedforward=24, positions=positions, longest=20, dropout=0.0,
        source_vocab=VOCAB, target_vocab=VOCAB,
    )  # fmt: skip
    return build(config, seed=seed).eval()


def by_torch(model: Model, steps: slice) -> torch.Tensor:
    """The gradient of some log-probabilities at the embeddings, by a hook on the model's own forward pass."""
    kept: list[torch.Tensor] = []
    hook = model.encoder.embedding.register_forward_hook(lambda module, given, found: kept.append(found))
    logits = model(torch.tensor([SOURCE]), torch.tensor([[START_ID, *TARGET[:-1]]])).logits
    hook.remove()
    log_probs = logits[0].log_softmax(dim=-1)[torch.arange(len(TARGET)), torch.tensor(TARGET)]
    return torch.autograd.grad(log_probs[steps].sum(), kept[0])[0][0]


def assert_is_autograd(model: Model) -> None:
    """Of one piece as of all, and what enters by each state adds up to the whole."""
    for step in range(len(TARGET)):
        found = by_rows(model, SOURCE, TARGET, step)
        torch.testing.assert_close(found.words, by_torch(model, slice(step, step + 1)), atol=1e-6, rtol=1e-4)
    whole = by_torch(model, slice(None))
    assert float(whole.abs().max()) > 1e-4
    torch.testing.assert_close(found.whole, whole, atol=1e-6, rtol=1e-4)
    torch.testing.assert_close(found.between.sum(dim=0), whole, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize(("attention", "cell", "layers", "direction"), SHAPES)
def test_what_enters_by_each_state_adds_up_in_every_recurrent_model(
    build_tiny: BuildTiny, attention, cell, layers, direction
):
    assert_is_autograd(build_tiny(attention, cell, layers, direction))


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "absent"])
def test_what_enters_by_each_state_adds_up_in_a_transformer(positions):
    assert_is_autograd(tiny(positions))


def test_without_attention_all_of_it_enters_by_the_last_state_of_each_direction(build_tiny: BuildTiny):
    norms = by_rows(build_tiny("none", "lstm", 1), SOURCE, TARGET, 2).between.norm(dim=-1)
    assert (norms[[0, -1]] > 0).all()
    assert not norms[1:-1].any()
    forward = by_rows(build_tiny("none", "lstm", 1, "forward"), SOURCE, TARGET, 2).between.norm(dim=-1)
    assert not forward[:-1].any()


def test_one_way_nothing_travels_to_a_word_that_was_not_read_yet(build_tiny: BuildTiny):
    norms = by_rows(build_tiny("dot", "gru", 1, "forward"), SOURCE, TARGET, 2).between.norm(dim=-1)
    assert not norms.triu(1).any()
    assert (norms.tril() > 0).sum() == len(SOURCE) * (len(SOURCE) + 1) // 2


def test_the_gradient_of_a_word_is_that_of_the_gradients_page():
    general = Translator.load("fr-en-general")
    found, split = travel(general, "Il fait froid.", step=2), general.gradients("Il fait froid.", step=2)
    np.testing.assert_allclose(found.words, split.norms(of="embeddings"), rtol=1e-4, atol=1e-7)
    assert found.log_prob == pytest.approx(split.log_prob, abs=1e-5)
    other = travel(small(), "Il fait froid.", found.target, step=2)
    assert (other.family, other.cell, other.target) == ("transformer", "", found.target)
    with pytest.raises(ConfigError):
        travel(general, "Il fait froid.", step=99)


def record(between: np.ndarray) -> Travel:
    return Travel(
        model="m", attention="none", family="recurrent", cell="rnn", source="", target="",
        source_pieces=(), target_pieces=(), step=0, log_prob=0.0, words=np.array([1.0, 3.0]),
        between=between,
    )  # fmt: skip


def test_distance_leaves_the_share_that_a_chain_leaves():
    places = np.arange(6)
    found = record(2.5 * 0.5 ** np.abs(places[:, None] - places))
    np.testing.assert_allclose(found.by_distance, 0.5**places, rtol=1e-6)
    assert found.slope is not None
    assert found.slope.factor == pytest.approx(0.5)
    np.testing.assert_allclose(found.shares, [0.25, 0.75])


def test_rows_that_nothing_enters_by_do_not_count_and_none_at_all_has_no_share():
    one_row = np.zeros((3, 3))
    one_row[2] = [0.25, 0.5, 1.0]
    np.testing.assert_allclose(record(one_row).by_distance, [1.0, 0.5, 0.25])
    nothing = record(np.zeros((3, 3)))
    assert np.isnan(nothing.by_distance).all()
    assert nothing.slope is None


# Without positions


def test_without_positions_the_order_of_pieces_is_nothing_to_a_transformer():
    for positions in ("sinusoidal", "learned"):
        placed = tiny(positions, 4)
        bare = without_positions(placed)
        source, read = torch.tensor([SOURCE]), torch.tensor([[START_ID, *TARGET[:-1]]])
        turned = source.flip(1)
        torch.testing.assert_close(bare(source, read).logits, bare(turned, read).logits, atol=1e-5, rtol=1e-5)
        assert (placed(source, read).logits - placed(turned, read).logits).abs().max() > 1e-3
        absent = tiny("absent", 4)
        for name, value in absent.state_dict().items():
            assert bare.state_dict()[name].data_ptr() == placed.state_dict()[name].data_ptr(), name
            assert value.shape == placed.state_dict()[name].shape


def test_a_translator_without_positions_is_another_and_a_recurrent_one_has_none():
    bare = unplaced(small())
    forth, back = (bare.translate(text).target for text in ("le chat noir", "noir le chat"))
    assert forth == back
    assert unplaced(small()) is bare
    with pytest.raises(ConfigError):
        unplaced(Translator.load("fr-en-general"))


@pytest.mark.parametrize(
    "question", [Follow("Il fait froid.", "It's cold.", 1), TranslateUnplaced("Il fait froid.")]
)
def test_both_are_asked_over_a_network_as_here(question):
    request = unpack_request(pack_request(Request("m", question)))
    here = request.question.of(small())
    there = unpack_answer(pack_answer(request, "w", here), request, "w")
    assert type(there) is type(here)
    arrays = ("words", "between") if isinstance(here, Travel) else ("weights", "cross_looks")
    for name in arrays:
        np.testing.assert_array_equal(getattr(there, name), getattr(here, name))
