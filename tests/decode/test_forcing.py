from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s2s.config import ATTENTIONS
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID, UNKNOWN_ID
from s2s.decode.forcing import injected, mixed, teacher_turns
from s2s.decode.loop import Decoded, forced, greedy, likeliest_text
from s2s.decode.prepared import Prepared
from tests.conftest import VOCAB, BuildTiny
from tests.decode.runs import decode_one, steps_of

SOURCE = [7, 12, 30, 9, END_ID]
TARGET = [20, 8, 45, 8, 33, END_ID]
every_attention = pytest.mark.parametrize("attention", ATTENTIONS)


def assert_same_steps(a: Decoded, b: Decoded, steps: int) -> None:
    """The first `steps` steps of two runs are the same, number for number."""
    assert a.fed[:steps] == b.fed[:steps]
    for one, other in list(zip(steps_of(a), steps_of(b), strict=False))[:steps]:
        for name in ("decoder_state", "scores", "weights", "context", "attentional_state", "logits"):
            x, y = getattr(one, name), getattr(other, name)
            assert (x is None and y is None) or torch.equal(x, y)


@every_attention
def test_a_teacher_at_every_turn_is_forced_decoding(build_tiny: BuildTiny, attention: str):
    model = build_tiny(attention)
    always = mixed(TARGET, teacher_turns(len(TARGET), ratio=1, seed=5))
    one = decode_one(Prepared(model), SOURCE, choose=always, limit=30)
    other = decode_one(Prepared(model), SOURCE, choose=forced(TARGET), limit=30)
    assert (one.said, one.forcing, one.log_probs) == (other.said, other.forcing, other.log_probs)
    assert_same_steps(one, other, len(TARGET))


@every_attention
def test_a_teacher_at_no_turn_is_greedy_decoding(build_tiny: BuildTiny, attention: str):
    model = build_tiny(attention)
    never = mixed(TARGET, teacher_turns(len(TARGET), ratio=0, seed=5))
    one, other = (decode_one(Prepared(model), SOURCE, choose=choose, limit=12) for choose in (never, greedy))
    assert (one.said, one.forcing, one.log_probs) == (other.said, other.forcing, other.log_probs)
    assert_same_steps(one, other, 12)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 1000), st.integers(0, 40))
def test_turns_follow_from_ratio_and_seed_and_a_larger_ratio_keeps_those_of_a_smaller(a, b, seed, length):
    small, large = (teacher_turns(length, ratio=ratio, seed=seed) for ratio in sorted((a, b)))
    assert small == teacher_turns(length, ratio=min(a, b), seed=seed)
    assert len(small) == length
    assert all(later or not earlier for earlier, later in zip(small, large, strict=True))


def test_turns_are_as_frequent_as_the_ratio_says():
    turns = teacher_turns(20_000, ratio=0.3, seed=1)
    assert sum(turns) / len(turns) == pytest.approx(0.3, abs=0.02)
    assert turns != teacher_turns(20_000, ratio=0.3, seed=2)


def test_in_a_mixed_run_each_piece_is_the_teachers_or_the_likeliest(build_tiny: BuildTiny):
    turns = [True, False, True, False, False, True]
    run = decode_one(Prepared(build_tiny("general")), SOURCE, choose=mixed(TARGET, turns), limit=6)
    for t, said in enumerate(run.said):
        assert said == (TARGET[t] if turns[t] else greedy(t, run.predicted[t]).id)
    expected = ["start", *("forced" if turn else "free" for turn in turns)]
    assert run.forcing == expected[: len(run.fed)]


@every_attention
@pytest.mark.parametrize("step", [1, 3, 5])
def test_injecting_what_would_have_been_chosen_anyway_changes_nothing(
    build_tiny: BuildTiny, attention: str, step: int
):
    model = build_tiny(attention)
    for choose in (greedy, forced(TARGET)):
        plain = decode_one(Prepared(model), SOURCE, choose=choose, limit=9)
        same = injected(choose, [plain.said[step - 1]], step=step, replaced=1)
        again = decode_one(Prepared(model), SOURCE, choose=same, limit=9)
        assert (again.said, again.log_probs) == (plain.said, plain.log_probs)
        assert_same_steps(again, plain, 9)
        assert [by for by in again.forcing if by == "injected"] == ["injected"]
        assert again.forcing[step] == "injected"


@every_attention
@pytest.mark.parametrize("step", [1, 2, 4])
def test_steps_before_an_injection_are_untouched_and_the_teacher_goes_on_behind_it(
    build_tiny: BuildTiny, attention: str, step: int
):
    model, word = build_tiny(attention), [50, 51, 52]
    plain = decode_one(Prepared(model), SOURCE, choose=forced(TARGET), limit=20)
    choose = injected(forced(TARGET), word, step=step, replaced=2)
    run = decode_one(Prepared(model), SOURCE, choose=choose, limit=20)
    assert run.said == [*TARGET[: step - 1], *word, *TARGET[step + 1 :]]
    assert run.fed[step : step + 3] == word
    assert_same_steps(run, plain, step)
    assert not torch.equal(steps_of(run)[step].logits, steps_of(plain)[step].logits)


def test_the_likeliest_pieces_are_text_best_first_and_begin_with_the_greedy_one():
    log_probs = torch.randn(VOCAB, generator=torch.Generator().manual_seed(1)).log_softmax(0)
    log_probs[[PAD_ID, START_ID, UNKNOWN_ID]] = 0.0
    found = likeliest_text(log_probs, 7)
    assert found[0] == greedy(0, log_probs).id
    assert len(set(found)) == 7
    assert not {PAD_ID, START_ID, UNKNOWN_ID} & set(found)
    assert all(log_probs[a] >= log_probs[b] for a, b in pairwise(found))
    assert (
        log_probs[[i for i in range(VOCAB) if i not in (*found, PAD_ID, START_ID, UNKNOWN_ID)]].max()
        <= (log_probs[found[-1]])
    )
    assert len(likeliest_text(log_probs, VOCAB)) == VOCAB - 3
