"""A Transformer made ready to decode says what the model itself computes, in another way."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from s2s.config import POSITIONS, TransformerConfig
from s2s.data.tokenizer import END_ID, START_ID
from s2s.decode.loop import Batch, Decoded, Task, decode, forced, greedy
from s2s.decode.prepared_transformer import Advanced, PreparedTransformer
from s2s.model.families import build
from s2s.model.transformer.attention import Look
from s2s.model.transformer.model import Transformer

VOCAB = 50
SOURCES = [[7, 12, 30, 9, 12, END_ID], [8, END_ID], [END_ID], [9, 7, 7, 30, 41, 5, 12, 8, END_ID]]
TARGET = [20, 8, 45, 8, 20, END_ID]


def made(positions: str = "sinusoidal") -> Transformer:
    config = TransformerConfig(
        hidden=16, heads=4, layers=3, feedforward=24, positions=positions, longest=32, source_vocab=VOCAB,
        target_vocab=VOCAB,
    )  # fmt: skip
    with torch.inference_mode(mode=False):
        return build(config, seed=1).eval()


@pytest.fixture(scope="module")
def prepared() -> PreparedTransformer:
    return PreparedTransformer(made())


def _close(found: torch.Tensor, expected: torch.Tensor) -> None:
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def _alike(found: Look, expected: Look) -> None:
    """The same weights; the same scores where looking is allowed."""
    _close(found.weights, expected.weights)
    scores = found.scores.where(found.weights > 0, 0.0)
    _close(scores, expected.scores.where(found.weights > 0, 0.0))


@pytest.mark.parametrize("positions", POSITIONS)
@torch.inference_mode()
def test_it_reads_what_the_model_reads(positions: str) -> None:
    read = PreparedTransformer(made(positions)).encode(SOURCES)
    for source, found in zip(SOURCES, read, strict=True):
        expected = made(positions).encode(torch.tensor([source]))
        _close(found.encoder_states, expected.encoder_states)
        for one, other in zip(found.keys, expected.keys, strict=True):
            _close(one.keys, other.keys)
            _close(one.values, other.values)
        for look, wanted in zip(found.looks, expected.looks, strict=True):
            _alike(look, wanted)


@pytest.mark.parametrize("positions", POSITIONS)
@torch.inference_mode()
def test_pieces_fed_at_once_or_in_parts_give_what_the_model_gives(positions: str) -> None:
    model, fed = made(positions), [START_ID, *TARGET[:-1]]
    expected = model.looked(torch.tensor([fed]), model.encode(torch.tensor([SOURCES[0]])))
    prepared = PreparedTransformer(made(positions))
    (memory,) = prepared.encode(SOURCES[:1])
    for cuts in ((0, 6), (0, 1, 2, 3, 4, 5, 6), (0, 2, 5, 6)):
        state, parts = prepared.beginning(memory), []
        for start, end in pairwise(cuts):
            (part,) = prepared.advance([fed[start:end]], [state], [memory])
            state = part.after(end - start - 1)
            parts.append(part)
        found = Advanced.joined(parts)
        _close(found.looked.states, expected.states)
        _close(found.logits, model.decoder.logits(expected.states)[0])
        for look, wanted in zip(found.looked.among, expected.among, strict=True):
            _alike(look, wanted)
        for look, wanted in zip(found.looked.across, expected.across, strict=True):
            _alike(look, wanted)


@torch.inference_mode()
def test_the_model_is_as_it_was_though_its_memory_is_shared() -> None:
    model, untouched = made(), made()
    source, fed = torch.tensor([SOURCES[0]]), torch.tensor([[START_ID, *TARGET[:-1]]])
    PreparedTransformer(model)
    PreparedTransformer(model)
    for name, value in model.state_dict().items():
        assert torch.equal(value, untouched.state_dict()[name])
    _close(model(source, fed).logits, untouched(source, fed).logits)


def _same(one: Decoded, other: Decoded) -> None:
    """Two runs say the same, and their numbers are the same but for rounding."""
    assert (one.fed, one.said, one.forcing, one.cut) == (other.fed, other.said, other.forcing, other.cut)
    np.testing.assert_allclose(one.log_probs, other.log_probs, atol=1e-5)
    assert isinstance(one.advanced, Advanced)
    assert isinstance(other.advanced, Advanced)
    for looks, others in (
        (one.advanced.looked.among, other.advanced.looked.among),
        (one.advanced.looked.across, other.advanced.looked.across),
    ):
        for look, wanted in zip(looks, others, strict=True):
            _alike(look, wanted)


@settings(max_examples=30)
@given(st.lists(st.integers(0, VOCAB - 1), max_size=25), st.integers(1, 14), st.integers(0, 14))
def test_whatever_is_guessed_the_same_is_said(
    prepared: PreparedTransformer, guess: list[int], limit: int, right: int
) -> None:
    (alone,) = decode(prepared, [Task(SOURCES[0], greedy, limit)])
    for guessed in (guess, alone.said[:right] + guess, guess + alone.said, alone.said):
        _same(decode(prepared, [Task(SOURCES[0], greedy, limit, guessed)])[0], alone)


def test_sentences_decoded_together_are_decoded_as_if_alone(prepared: PreparedTransformer) -> None:
    """Of any lengths and limits, chosen by themselves or by a teacher, guessed or not, and joining late."""
    tasks = [Task(source, greedy, 3 + 2 * number) for number, source in enumerate(SOURCES)]
    tasks[1] = tasks[1]._replace(choose=forced(TARGET), limit=len(TARGET), guess=TARGET)
    tasks[3] = tasks[3]._replace(guess=decode(prepared, [tasks[3]])[0].said[:4])
    alone = [decode(prepared, [task])[0] for task in tasks]
    for wanted, together in zip(alone, decode(prepared, tasks), strict=True):
        _same(together, wanted)
    batch, found = Batch[int](prepared), {}
    for number, task in enumerate(tasks):
        batch.add({number: task})
        found |= batch.step()
    while len(batch):
        found |= batch.step()
    for number, wanted in enumerate(alone):
        _same(found[number], wanted)
