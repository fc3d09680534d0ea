"""Two runs of one sentence: fed by a teacher and by itself, mixed, and with a word injected."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from s2s.config import ATTENTIONS
from s2s.data.tokenizer import PAD_ID, START_ID, UNKNOWN_ID
from s2s.errors import ConfigError, DataError
from s2s.evaluate.divergence import Injection
from s2s.traces import Trace, rest_of_word
from s2s.translator import Translator
from tests.sentences import PHRASES
from tests.translators import ROUNDING, SENTENCE, Named, any_text, assert_whole


def _assert_same(a: Trace, b: Trace, steps: int | None = None, *, within: float = 0.0) -> None:
    """Two runs computed the same numbers, at all steps or the first ones: to the bit, or within a bound."""
    names = ("log_probs", "decoder_states", "attentional_states", "scores", "weights", "contexts")
    assert [p.id for p in a.fed[:steps]] == [p.id for p in b.fed[:steps]]
    for name in names:
        one, other = getattr(a, name), getattr(b, name)
        if one is None:
            assert other is None
            continue
        # The last log-probability may be of another piece.
        stop = steps - 1 if name == "log_probs" and steps is not None else steps
        np.testing.assert_allclose(one[:stop], other[:stop], rtol=0, atol=within)
    for x, y in zip(a.candidates[:steps], b.candidates[:steps], strict=bool(a.candidates and b.candidates)):
        assert x == y


every_attention = pytest.mark.parametrize("attention", ATTENTIONS)
REFERENCE = "The child sleeps at home, don't you think?"


@every_attention
def test_comparing_is_forcing_beside_a_free_run(untrained: Named, attention: str) -> None:
    translator = untrained(attention)[0]
    both = translator.compare(SENTENCE, REFERENCE)
    _assert_same(both.forced, translator.align(SENTENCE, REFERENCE), within=ROUNDING)
    _assert_same(both.free, translator.translate(SENTENCE))
    assert both.forced.target == both.reference == REFERENCE
    assert both.forced.target_pieces == translator.align(SENTENCE, REFERENCE).target_pieces
    assert both.free.target_pieces == translator.translate(SENTENCE).target_pieces
    assert (both.is_own, both.injection, both.before) == (False, None, None)
    assert both.wanted == both.forced.target_pieces


@every_attention
def test_the_two_runs_are_one_up_to_their_first_divergence(untrained: Named, attention: str) -> None:
    both = untrained(attention)[0].compare(SENTENCE, REFERENCE)
    first = both.divergence.first
    assert first is not None
    _assert_same(both.forced, both.free, first + 1)
    assert not both.divergence.kl[: first + 1].any()
    assert not both.divergence.distance[: first + 1].any()
    assert (both.divergence.distance[first + 1 :] > 0).all()
    assert both.forced.target_pieces[first].id != both.free.target_pieces[first].id


@every_attention
@pytest.mark.parametrize("reference", ["", "  ", None])
def test_forcing_a_model_with_its_own_output_is_its_free_run_weights_included(
    untrained: Named, attention: str, reference: str | None
) -> None:
    translator = untrained(attention)[0]
    own = translator.translate(SENTENCE)
    both = translator.compare(SENTENCE, own.target if reference is None else reference)
    assert both.is_own
    _assert_same(both.forced, own)
    _assert_same(both.free, own)
    assert both.divergence.first is None
    assert set(both.forced.forcing[1:]) == {"forced"}
    assert set(both.free.forcing[1:]) == {"free"}


@every_attention
def test_a_ratio_of_one_is_teacher_forcing_and_of_zero_a_free_run(untrained: Named, attention: str) -> None:
    translator = untrained(attention)[0]
    all_of_it = translator.compare(SENTENCE, REFERENCE, ratio=1)
    _assert_same(all_of_it.forced, all_of_it.free)
    assert all_of_it.forced.forcing == all_of_it.free.forcing
    _assert_same(translator.compare(SENTENCE, REFERENCE, ratio=0).free, translator.translate(SENTENCE))


def test_the_same_seed_gives_the_same_mixed_run(translator: Translator) -> None:
    runs = [translator.compare(SENTENCE, REFERENCE, ratio=0.5, seed=s).free for s in (4, 4, 5, 6, 7)]
    assert runs[0].to_json() == runs[1].to_json()
    assert len({run.forcing for run in runs}) > 1
    for run in runs:
        for step in range(1, len(run.fed)):
            if run.forcing[step] == "free":
                assert run.fed[step].id == run.candidates[step - 1][0].id


@every_attention
def test_candidates_and_wanted_pieces_are_those_of_the_models_distribution(
    untrained: Named, attention: str
) -> None:
    translator, checkpoint = untrained(attention)
    both = translator.compare(SENTENCE, REFERENCE)
    decoder = checkpoint.model.decoder
    matrix, bias = (
        x.detach().numpy().astype(np.float64) for x in (decoder.embedding.weight, decoder.output_bias)
    )
    for trace, wanted in zip((both.forced, both.free), both.reference_log_probs, strict=True):
        logits = trace.attentional_states @ matrix.T + bias
        log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        for t, step in enumerate(trace.candidates):
            assert [c.log_prob for c in step] == pytest.approx([log_probs[t, c.id] for c in step], abs=1e-5)
            text = [i for i in range(len(bias)) if i not in (PAD_ID, START_ID, UNKNOWN_ID)]
            assert step[0].id == max(text, key=lambda i: log_probs[t, i])
            assert step[0].text == checkpoint.target.surface(step[0].id)
        pieces = both.forced.target_pieces
        expected = [log_probs[t, pieces[t].id] for t in range(len(wanted))]
        np.testing.assert_allclose(wanted, expected, atol=1e-5)
    assert len(both.reference_log_probs[0]) == len(both.forced.fed)
    assert len(both.reference_log_probs[1]) == both.steps == min(len(both.forced.fed), len(both.free.fed))


@every_attention
def test_steps_before_an_injected_word_are_untouched(untrained: Named, attention: str) -> None:
    translator = untrained(attention)[0]
    plain = translator.compare(SENTENCE, REFERENCE)
    for step in (1, 3, 6):
        both = translator.compare(SENTENCE, REFERENCE, injection=Injection(step + 1, "garden"))
        assert both.before is not None
        pieces = both.forced.forcing.count("injected")
        for run, before, same in zip(
            (both.forced, both.free), both.before, (plain.forced, plain.free), strict=True
        ):
            _assert_same(before, same)
            _assert_same(run, before, step)
            assert run.forcing[step : step + pieces] == ("injected",) * pieces
            assert "".join(p.text for p in run.fed[step : step + pieces]) == "▁garden"


def test_the_teacher_goes_on_behind_an_injected_word_and_the_word_it_replaces_is_left_out(
    translator: Translator,
) -> None:
    words_before = translator.compare(SENTENCE, REFERENCE).forced.alignment("words")
    assert words_before is not None
    assert [u.text for u in words_before.target_units][:3] == ["The", "child", "sleeps"]
    child = translator._checkpoint.target.encode_word("The")
    both = translator.compare(SENTENCE, REFERENCE, injection=Injection(len(child) + 2, "neighbour"))
    assert both.forced.target == REFERENCE.replace("child", "neighbour")
    effect = both.effects[0]
    assert effect is not None
    assert both.before is not None
    for step, piece in enumerate(both.wanted):
        if step >= effect.start:
            assert piece == both.before[0].target_pieces[step - len(both.forced.fed)]


@pytest.mark.parametrize("own", [True, False])
def test_injecting_what_would_have_been_fed_anyway_changes_nothing(translator: Translator, own: bool) -> None:
    for pair in PHRASES:
        reference = "" if own else pair.target
        plain = translator.compare(pair.source, reference)
        for step, fed in enumerate(plain.forced.fed[1:], start=1):
            same = "".join(
                p.text for p in plain.forced.target_pieces[step - 1 :][: _rest(plain.forced, step - 1)]
            )
            word = same.removeprefix("▁") if same.startswith("▁") else f"·{same}"
            both = translator.compare(pair.source, reference, injection=Injection(step + 1, word))
            if [p.id for p in both.forced.target_pieces] != [p.id for p in plain.forced.target_pieces]:
                continue  # a whole word may have other pieces than the model spelt it with
            assert fed.id == both.forced.fed[step].id
            _assert_same(both.forced, plain.forced)
            effect = both.effects[0]
            assert effect is not None
            assert not effect.kl.any()
            assert not any(effect.changed)
            assert effect.recovered == 0
            assert effect.kept_place is not None
            assert all(effect.kept_place)


def _rest(trace: Trace, position: int) -> int:
    return rest_of_word(trace.target, trace.target_pieces, position, trace.target_language)


def test_a_word_that_no_run_reaches_leaves_both_as_they_are(translator: Translator) -> None:
    plain = translator.compare("je parle", "I speak")
    both = translator.compare("je parle", "I speak", injection=Injection(100, "garden"))
    assert both.effects == (None, None)
    _assert_same(both.forced, plain.forced)
    _assert_same(both.free, plain.free)


def test_an_empty_word_is_no_injection(translator: Translator) -> None:
    assert translator.compare("je parle", "I speak", injection=Injection(2, " ")).injection is None


@pytest.mark.parametrize(
    ("name", "values"), [("ratio", {"ratio": 1.1}), ("step", {"injection": Injection(1, "a")})]
)
def test_a_ratio_or_step_outside_its_limits_is_refused(
    translator: Translator, name: str, values: Any
) -> None:
    with pytest.raises(ConfigError) as caught:
        translator.compare("je parle", "I speak", **values)
    assert caught.value.values["name"] == name


def test_a_reference_or_word_that_is_too_long_is_refused(translator: Translator) -> None:
    for values in ({"reference": "a " * 400}, {"injection": Injection(2, "speak" * 400)}):
        with pytest.raises(DataError) as caught:
            translator.compare("je parle", **values)
        assert caught.value.key == "length_over_limit"


@settings(max_examples=40)
@given(any_text, any_text, any_text, st.integers(2, 30), st.floats(0, 1))
@example("", "", "", 2, 0.0)
@example("je parle", "한국어 문장 😀", "학교", 2, 0.5)
def test_any_texts_can_be_compared(
    translator: Translator, source: str, reference: str, word: str, step: int, ratio: float
) -> None:
    both = translator.compare(source, reference, ratio=ratio, injection=Injection(step, word))
    for trace in (both.forced, both.free):
        assert_whole(trace)
        assert Trace.from_json(trace.to_json()).to_json() == trace.to_json()
    assert len(both.wanted) == len(both.forced.fed)
    assert (both.divergence.kl >= 0).all()
