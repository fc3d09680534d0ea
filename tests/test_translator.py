from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from s2s.checkpoints import Checkpoint
from s2s.config import ATTENTIONS, CELLS, DecodeConfig, ModelConfig
from s2s.data.tokenizer import END_ID, PAD_ID, START, START_ID, UNKNOWN_ID, Tokenizer
from s2s.decode.loop import decode, forced
from s2s.decode.prepared import Prepared
from s2s.errors import ConfigError, DataError
from s2s.evaluate.divergence import Injection
from s2s.model.seq2seq import build
from s2s.text import words
from s2s.traces import END, Trace, rest_of_word, word_pieces
from s2s.translator import Translator
from tests.conftest import VOCAB_WITH_BYTES, BuildTiny
from tests.sentences import PAIRS, PHRASES

SENTENCE = "L'enfant dort chez moi, n'est-ce pas ?"
ROUNDING = 1e-5  # of what is computed for several pieces at once, where it was for one
Named = Callable[..., tuple[Translator, Checkpoint]]

any_text = st.text(
    st.one_of(
        st.sampled_from("je parle à l'hôpital\n\t\u202f😀한국\u1112\u1161e\u0301\ud800<b>$_"), st.characters()
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def untrained(build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer]) -> Named:
    """A function from attention and cell to an untrained translator and what is in it."""

    def make(attention: str, cell: str = "lstm", layers: int = 1) -> tuple[Translator, Checkpoint]:
        checkpoint = Checkpoint(build_tiny(attention, cell, layers), *tokenizers)
        return Translator(f"tiny-{attention}", checkpoint), checkpoint

    return make


def _assert_whole(trace: Trace) -> None:
    """What holds for every trace that a translator makes."""
    assert [(p.text, p.id) for p in trace.source_pieces][-1] == (END, END_ID)
    assert (trace.target_pieces[-1].id == END_ID) != trace.target_cut
    assert (trace.fed[0].text, trace.fed[0].id) == (START, START_ID)
    assert trace.fed[1:] == trace.target_pieces[:-1]
    assert trace.forcing[0] == "start"
    for text, pieces in ((trace.source, trace.source_pieces), (trace.target, trace.target_pieces)):
        assert all(0 <= p.start <= p.end <= len(text) for p in pieces)
        assert all(a.start <= b.start for a, b in pairwise(pieces))
    assert (trace.log_probs <= 0).all()
    if trace.weights is not None:
        np.testing.assert_allclose(trace.weights.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_trace_can_be_computed_again_from_its_own_numbers(
    untrained: Named, attention: str, cell: str
) -> None:
    translator, checkpoint = untrained(attention, cell)
    decoder = checkpoint.model.decoder
    for trace in (translator.translate(SENTENCE), translator.align(SENTENCE, "The child sleeps at home.")):
        _assert_whole(trace)
        seen = trace.decoder_states
        if attention != "none":
            assert trace.scores is not None
            assert trace.weights is not None
            assert trace.contexts is not None
            powers = np.exp(trace.scores - trace.scores.max(axis=1, keepdims=True))
            np.testing.assert_allclose(trace.weights, powers / powers.sum(axis=1, keepdims=True), atol=1e-6)
            np.testing.assert_allclose(trace.contexts, trace.weights @ trace.encoder_states, atol=1e-6)
            seen = np.concatenate([trace.contexts, seen], axis=1)
        combine = decoder.combine.weight.detach().numpy()
        np.testing.assert_allclose(trace.attentional_states, np.tanh(seen @ combine.T), atol=1e-6)
        matrix = decoder.embedding.weight.detach().numpy().astype(np.float64)
        logits = trace.attentional_states @ matrix.T + decoder.output_bias.detach().numpy()
        log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        said = [piece.id for piece in trace.target_pieces]
        np.testing.assert_allclose(trace.log_probs, log_probs[range(len(said)), said], atol=1e-5)


@pytest.mark.parametrize("attention", ["dot", "general"])
def test_scores_can_be_computed_again_from_the_states(untrained: Named, attention: str) -> None:
    translator, checkpoint = untrained(attention)
    trace = translator.translate(SENTENCE)
    keys = trace.encoder_states
    if attention == "general":
        keys = keys @ checkpoint.model.decoder.scorer.between.weight.detach().numpy().T
    assert trace.scores is not None
    np.testing.assert_allclose(trace.scores, trace.decoder_states @ keys.T, atol=1e-6)


def test_a_trained_model_says_what_it_learned(translator: Translator) -> None:
    for pair in PHRASES:
        trace = translator.translate(pair.source)
        assert trace.target == pair.target
        assert not trace.target_cut
        _assert_whole(trace)


def test_forcing_the_pieces_a_translator_said_gives_the_same_numbers(
    translator: Translator, checkpoint: Checkpoint
) -> None:
    trace = translator.translate(SENTENCE)
    said = [piece.id for piece in trace.target_pieces]
    source = [piece.id for piece in trace.source_pieces]
    again = decode(Prepared(checkpoint.model), source, choose=forced(said), limit=len(said))
    assert np.array_equal(trace.log_probs, np.array(again.log_probs, dtype=np.float32))
    for t, step in enumerate(again.steps):
        assert step.weights is not None
        assert np.array_equal(trace.weights[t], step.weights[0])  # type: ignore[index]
        assert np.array_equal(trace.decoder_states[t], step.decoder_state[0])


def test_aligning_with_what_it_said_is_the_same_trace_where_the_pieces_are_the_same(
    translator: Translator,
) -> None:
    compared = 0
    for pair in [*PHRASES, *PAIRS[::30]]:
        free = translator.translate(pair.source)
        forced_trace = translator.align(pair.source, free.target)
        if forced_trace.target_pieces != free.target_pieces:
            continue  # it spelled a word in other pieces than the tokenizer would
        compared += 1
        _assert_same(forced_trace, free, within=ROUNDING)
        assert forced_trace.forcing == ("start", *["forced"] * (len(free.fed) - 1))
        assert free.forcing == ("start", *["free"] * (len(free.fed) - 1))
    assert compared >= len(PHRASES)


@settings(max_examples=40)
@given(any_text)
@example("")
@example("\u200b")
@example("<script>alert(1)</script>")
@example("한국어 문장입니다.")
@example("mot " * 300)
@example("m" * 1000)
def test_any_text_gives_a_trace(translator: Translator, text: str) -> None:
    trace = translator.translate(text)
    _assert_whole(trace)
    assert trace.source == text
    assert trace.attention == "general"
    assert not {PAD_ID, START_ID, UNKNOWN_ID} & {piece.id for piece in trace.target_pieces}
    alignment = trace.alignment("words")
    assert alignment is not None
    np.testing.assert_allclose(alignment.weights.sum(axis=1), 1, atol=1e-5)
    assert Trace.from_json(trace.to_json()).to_json() == trace.to_json()


@settings(max_examples=40)
@given(any_text, any_text)
@example("", "")
def test_any_pair_of_texts_is_aligned(translator: Translator, source: str, target: str) -> None:
    trace = translator.align(source, target)
    _assert_whole(trace)
    assert (trace.source, trace.target, trace.target_cut) == (source, target, False)
    alignment = trace.alignment("words")
    assert alignment is not None
    units = [unit for unit in alignment.target_units if not unit.is_end]
    assert all(unit.text == target[unit.start : unit.end] for unit in units)


def test_nothing_to_read_is_still_an_end_token(translator: Translator) -> None:
    trace = translator.translate("")
    assert [piece.text for piece in trace.source_pieces] == [END]
    assert not trace.source_cut
    assert trace.weights is not None
    assert (trace.weights == 1).all()


@pytest.mark.parametrize("limit", range(6, 30, 3))
def test_a_source_over_the_limit_is_read_up_to_the_last_word_that_fits(
    checkpoint: Checkpoint, limit: int
) -> None:
    translator = Translator("tiny", checkpoint, DecodeConfig(source_limit=limit))
    text = "je dort à je dort le moi " * 5
    trace = translator.translate(text)
    assert trace.source_cut
    assert len(trace.source_pieces) <= limit
    *read, end = trace.source_pieces
    assert (end.start, end.end) == (read[-1].end,) * 2
    boundaries = [word.end for word in words(text, "fr")]
    assert end.start in boundaries
    following = boundaries[boundaries.index(end.start) + 1]
    assert len(checkpoint.source.encode(text[:following])) > limit
    _assert_whole(trace)


def test_reading_a_cut_source_is_reading_the_part_that_fits(checkpoint: Checkpoint) -> None:
    cut = Translator("tiny", checkpoint, DecodeConfig(source_limit=12)).translate("je dort à " * 9)
    part = Translator("tiny", checkpoint).translate(cut.source[: cut.source_pieces[-1].end])
    assert cut.source_pieces == part.source_pieces
    assert (cut.source_cut, part.source_cut) == (True, False)
    assert np.array_equal(cut.encoder_states, part.encoder_states)


@pytest.fixture(scope="module")
def spelling(with_bytes: tuple[Tokenizer, Tokenizer]) -> Translator:
    """An untrained translator whose vocabularies have bytes."""
    config = ModelConfig(
        attention="dot", hidden=16, source_vocab=VOCAB_WITH_BYTES, target_vocab=VOCAB_WITH_BYTES, dropout=0.0
    )
    return Translator("tiny-bytes", Checkpoint(build(config, seed=3).eval(), *with_bytes))


@given(any_text, any_text)
@example("😀 한국 le 👍🏽", "the 학교 \u200b😀")
def test_a_character_read_or_said_in_bytes_is_in_one_word(
    spelling: Translator, source: str, target: str
) -> None:
    for trace in (spelling.translate(source), spelling.align(source, target[:20])):
        _assert_whole(trace)
        for text, pieces, language in (
            (trace.source, trace.source_pieces, trace.source_language),
            (trace.target, trace.target_pieces, trace.target_language),
        ):
            owners = [place for place, (_, of) in enumerate(word_pieces(text, pieces, language)) for _ in of]
            for place, piece in enumerate(pieces[1:], start=1):
                if piece.byte is not None and piece[2:] == pieces[place - 1][2:]:
                    assert owners[place] == owners[place - 1]
        assert trace.alignment() is not None


def test_words_read_in_bytes_are_the_words_typed(spelling: Translator) -> None:
    trace = spelling.translate("le 학교 😀 !")
    assert [unit.text for unit in trace.read()] == ["le", "학교", "😀", "!", END]
    assert trace.source_surprisal == pytest.approx(-trace.source_log_prob / len("▁le▁학교▁😀▁!"))


@pytest.mark.parametrize("limit", range(3, 12))
def test_a_source_is_not_cut_inside_the_bytes_of_a_character(spelling: Translator, limit: int) -> None:
    cut = Translator("tiny", spelling._checkpoint, DecodeConfig(source_limit=limit))
    trace = cut.translate("학교😀학교😀")
    assert trace.source_cut
    end = trace.source_pieces[-1].end
    whole = spelling.translate("학교😀학교😀"[:end] or "x").source_pieces
    assert not end or trace.source_pieces == whole


def test_a_source_in_capitals_is_read_in_lower_case_and_shown_as_typed(translator: Translator) -> None:
    lower, typed = (translator.translate(text) for text in ("je parle", "JE PARLE"))
    assert typed.source == "JE PARLE"
    assert [unit.text for unit in typed.read()] == ["JE", "PARLE", END]
    assert typed.source_pieces == lower.source_pieces
    assert typed.target == lower.target
    assert np.array_equal(typed.encoder_states, lower.encoder_states)


def test_one_word_over_the_limit_is_cut_inside(checkpoint: Checkpoint) -> None:
    trace = Translator("tiny", checkpoint, DecodeConfig(source_limit=6)).translate("abcdefghij" * 9)
    assert trace.source_cut
    assert len(trace.source_pieces) == 6
    _assert_whole(trace)


def test_a_source_of_exactly_the_limit_is_not_cut(checkpoint: Checkpoint) -> None:
    pieces = len(checkpoint.source.encode(SENTENCE))
    for limit, cut in ((pieces, False), (pieces - 1, True)):
        translator = Translator("tiny", checkpoint, DecodeConfig(source_limit=limit))
        assert translator.translate(SENTENCE).source_cut is cut


def test_a_translation_that_does_not_end_is_cut_at_its_limit(checkpoint: Checkpoint) -> None:
    limits = DecodeConfig(length_factor=0.1, length_extra=1)
    trace = Translator("tiny", checkpoint, limits).translate(SENTENCE)
    assert trace.target_cut
    assert len(trace.target_pieces) == limits.target_limit(len(trace.source_pieces))
    _assert_whole(trace)


def test_a_target_longer_than_a_free_run_could_be_is_refused(checkpoint: Checkpoint) -> None:
    limits = DecodeConfig(source_limit=4, length_factor=1.0, length_extra=6)
    translator = Translator("tiny", checkpoint, limits)
    with pytest.raises(DataError) as caught:
        translator.align("je", "a " * 30)
    assert caught.value.key == "length_over_limit"
    assert caught.value.values["limit"] == 10


def test_a_trace_names_its_model(translator: Translator, trained_folder: Path) -> None:
    trace = translator.translate("Je parle.")
    assert trace.model == translator.name == trained_folder.name
    assert trace.attention == translator.attention == "general"


def test_without_attention_a_trace_has_none(untrained: Named) -> None:
    trace = untrained("none")[0].translate(SENTENCE)
    assert (trace.scores, trace.weights, trace.contexts) == (None, None, None)
    assert trace.alignment() is None


def test_threads_may_share_a_translator(translator: Translator) -> None:
    sources = [pair.source for pair in PAIRS[:24]]
    alone = [translator.translate(source).to_json() for source in sources]
    with ThreadPoolExecutor(4) as pool:
        together = [trace.to_json() for trace in pool.map(translator.translate, sources)]
    assert together == alone


def test_the_source_is_as_surprising_as_the_tokenizer_finds_it(translator, tokenizers):
    trace = translator.translate("le jardin 학교")
    pieces = tokenizers[0].encode("le jardin 학교")
    assert trace.source_log_prob == tokenizers[0].log_prob(pieces)
    characters = len("▁le▁jardin▁학교")
    assert trace.source_surprisal == pytest.approx(-trace.source_log_prob / characters)
    assert translator.translate("le jardin").source_surprisal < trace.source_surprisal
    assert translator.translate("").source_surprisal == 0


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
        _assert_whole(trace)
        assert Trace.from_json(trace.to_json()).to_json() == trace.to_json()
    assert len(both.wanted) == len(both.forced.fed)
    assert (both.divergence.kl >= 0).all()


@pytest.mark.parametrize("cell", CELLS)
def test_a_trace_keeps_all_that_was_handed_over(
    build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer], cell: str
) -> None:
    model = build_tiny("general", cell, 2)
    trace = Translator("tiny", Checkpoint(model, *tokenizers)).translate("le jardin")
    memory = model.encode(torch.tensor([[piece.id for piece in trace.source_pieces]]))
    handed = torch.cat([part[:, 0] for part in memory.initial_state])
    np.testing.assert_allclose(trace.initial_state, handed.detach().numpy(), atol=1e-6)
    assert Trace.from_json(trace.to_json()).initial_state.tolist() == trace.initial_state.tolist()


def test_many_translations_at_once_are_those_of_one_at_a_time(translator: Translator):
    sources = ["", "le jardin", "le jardin est grand", "un chat dort", "le jardin", "é" * 300, "chat"]
    texts = translator.translations(sources)
    assert texts == [translator.translate(source).target for source in sources]
    assert translator.translations([]) == []
