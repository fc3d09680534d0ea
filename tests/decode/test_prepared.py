"""A model made ready to decode says what the model itself computes, in another way."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s2s.config import ATTENTIONS, CELLS, DIRECTIONS
from s2s.data.tokenizer import END_ID, START_ID
from s2s.decode.loop import Batch, Decoded, Task, decode, forced, greedy
from s2s.decode.prepared import Prepared, array_of
from tests.conftest import VOCAB, BuildTiny
from tests.decode.runs import decode_one, state_of, steps_of

SOURCE = [7, 12, 30, 9, 12, END_ID]
SOURCES = [SOURCE, [8, END_ID], [END_ID], [9, 7, 7, 30, 41, 5, 12, 8, END_ID], [20, 9, 12, 12, 7, END_ID]]
TARGET = [20, 8, 45, 8, 20, END_ID]
every_kind = pytest.mark.parametrize(
    ("attention", "cell", "layers", "direction"),
    [(a, c, n, d) for a in ATTENTIONS for c in CELLS for n in (1, 2) for d in DIRECTIONS],
)


def _close(found: torch.Tensor | None, expected: torch.Tensor | None) -> None:
    if found is None or expected is None:
        assert found is expected
    else:
        torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


@every_kind
@torch.inference_mode()
def test_it_reads_what_the_model_reads(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int, direction: str
) -> None:
    model = build_tiny(attention, cell, layers, direction)
    read = Prepared(model).encode(SOURCES)
    for source, found in zip(SOURCES, read, strict=True):
        expected = model.encode(torch.tensor([source]))
        _close(found.encoder_states, expected.encoder_states)
        _close(found.keys, expected.keys)
        assert len(found.initial_state) == len(expected.initial_state)
        for one, other in zip(found.initial_state, expected.initial_state, strict=True):
            _close(one, other)


@every_kind
@torch.inference_mode()
def test_pieces_fed_at_once_give_what_forward_and_single_steps_give(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int, direction: str
) -> None:
    model = build_tiny(attention, cell, layers, direction)
    prepared, fed = Prepared(model), [START_ID, *TARGET[:-1]]
    (memory,) = prepared.encode([SOURCE])
    state = memory.initial_state
    (advanced,) = prepared.advance([fed], [array_of(state)], [memory])
    expected = model(torch.tensor([SOURCE]), torch.tensor([fed]))
    _close(advanced.looked.logits, expected.logits)
    _close(advanced.looked.attended and advanced.looked.attended.weights, expected.weights)
    for piece, found in zip(fed, advanced.states, strict=True):
        state = model.step(torch.tensor([piece]), state, memory).state
        for one, other in zip(state_of(found), state, strict=True):
            _close(one, other)


def test_a_state_is_the_same_in_either_form(build_tiny: BuildTiny) -> None:
    state = build_tiny("dot", "lstm", 2).encode(torch.tensor([SOURCE])).initial_state
    with torch.inference_mode():
        back = state_of(array_of(tuple(part.detach() for part in state)))
    assert all(torch.equal(one, other) for one, other in zip(back, state, strict=True))


def test_far_from_zero_a_gate_is_shut_or_open_without_a_warning(build_tiny: BuildTiny) -> None:
    model = copy.deepcopy(build_tiny("general", "lstm"))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "rnn.bias_ih" in name:
                parameter.copy_(torch.linspace(-3000, 3000, len(parameter)))
    with torch.inference_mode():
        (found,), expected = Prepared(model).encode([SOURCE]), model.encode(torch.tensor([SOURCE]))
    _close(found.encoder_states, expected.encoder_states)


def _same(one: Decoded, other: Decoded) -> None:
    """Two runs say the same, and their numbers are the same but for rounding."""
    assert (one.fed, one.said, one.forcing, one.cut) == (other.fed, other.said, other.forcing, other.cut)
    np.testing.assert_allclose(one.log_probs, other.log_probs, atol=1e-5)
    for a, b in zip(steps_of(one), steps_of(other), strict=True):
        _close(a.logits, b.logits)
        _close(a.weights, b.weights)
        for x, y in zip(a.state, b.state, strict=True):
            _close(x, y)


@given(
    st.lists(st.integers(0, VOCAB - 1), max_size=25),
    st.sampled_from(ATTENTIONS),
    st.integers(1, 14),
    st.integers(0, 14),
)
def test_whatever_is_guessed_the_same_is_said(
    build_tiny: BuildTiny, guess: list[int], attention: str, limit: int, right: int
) -> None:
    """Also where the guess is right for some pieces, and where it repeats or leaves out some."""
    prepared = Prepared(build_tiny(attention))
    alone = decode_one(prepared, SOURCE, choose=greedy, limit=limit)
    for guessed in (guess, alone.said[:right] + guess, guess + alone.said, alone.said):
        _same(decode_one(prepared, SOURCE, choose=greedy, limit=limit, guess=guessed), alone)


@every_kind
def test_sentences_decoded_together_are_decoded_as_if_alone(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int, direction: str
) -> None:
    """Of any lengths and limits, chosen by themselves or by a teacher, guessed or not."""
    prepared = Prepared(build_tiny(attention, cell, layers, direction))
    tasks = [Task(source, greedy, 3 + 2 * number) for number, source in enumerate(SOURCES)]
    tasks[1] = tasks[1]._replace(choose=forced(TARGET), limit=len(TARGET), guess=TARGET)
    tasks[3] = tasks[3]._replace(guess=decode(prepared, [tasks[3]])[0].said[:4])
    for task, together in zip(tasks, decode(prepared, tasks), strict=True):
        (alone,) = decode(prepared, [task])
        _same(together, alone)
        _close(together.memory.encoder_states, alone.memory.encoder_states)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_a_sentence_may_join_others_on_their_way(build_tiny: BuildTiny, attention: str) -> None:
    prepared = Prepared(build_tiny(attention))
    tasks = [Task(source, greedy, 9) for source in SOURCES]
    batch, found = Batch[int](prepared), {}
    for number, task in enumerate(tasks):
        batch.add({number: task})
        found |= batch.step()
    batch.add({})
    while len(batch):
        found |= batch.step()
    for number, task in enumerate(tasks):
        _same(found[number], decode(prepared, [task])[0])


def test_no_sentences_are_decoded_to_none(build_tiny: BuildTiny) -> None:
    assert decode(Prepared(build_tiny("dot")), []) == []


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_what_is_forced_may_be_guessed(build_tiny: BuildTiny, attention: str) -> None:
    prepared = Prepared(build_tiny(attention))
    alone = decode_one(prepared, SOURCE, choose=forced(TARGET), limit=len(TARGET))
    _same(decode_one(prepared, SOURCE, choose=forced(TARGET), limit=len(TARGET), guess=TARGET), alone)


def test_a_right_guess_is_computed_at_once(build_tiny: BuildTiny, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = Prepared(build_tiny("dot"))
    alone = decode_one(prepared, SOURCE, choose=greedy, limit=12)
    fed_at_once: list[int] = []
    advance = Prepared.advance

    def counted(self: Prepared, fed: list[list[int]], *others: object) -> object:
        fed_at_once.extend(map(len, fed))
        return advance(self, fed, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(Prepared, "advance", counted)
    decode_one(prepared, SOURCE, choose=greedy, limit=12, guess=alone.said)
    assert fed_at_once == [12]
    fed_at_once.clear()
    decode_one(prepared, SOURCE, choose=greedy, limit=12)
    assert fed_at_once == [1] * 12


def test_models_share_nothing_but_what_they_read(build_tiny: BuildTiny) -> None:
    one, other = (Prepared(build_tiny("dot", seed=seed)) for seed in (3, 4))
    before = decode_one(one, SOURCE, choose=greedy, limit=6)
    decode_one(other, SOURCE[1:], choose=greedy, limit=6)
    _same(decode_one(one, SOURCE, choose=greedy, limit=6), before)
