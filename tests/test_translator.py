from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings

from s2s.checkpoints import Checkpoint
from s2s.config import ATTENTIONS, CELLS, DecodeConfig, ModelConfig
from s2s.data.tokenizer import PAD_ID, START_ID, UNKNOWN_ID, Tokenizer
from s2s.decode.loop import forced
from s2s.decode.prepared import Advanced, Prepared
from s2s.errors import DataError
from s2s.model.families import build
from s2s.model.seq2seq import Seq2Seq
from s2s.text import words
from s2s.traces import END, Trace, word_pieces
from s2s.translator import Translator
from tests.conftest import VOCAB_WITH_BYTES, BuildTiny
from tests.decode.runs import decode_one
from tests.sentences import PAIRS, PHRASES
from tests.translators import ROUNDING, SENTENCE, Named, any_text, assert_whole


@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_trace_can_be_computed_again_from_its_own_numbers(
    untrained: Named, attention: str, cell: str
) -> None:
    translator, checkpoint = untrained(attention, cell)
    decoder = checkpoint.model.decoder
    for trace in (translator.translate(SENTENCE), translator.align(SENTENCE, "The child sleeps at home.")):
        assert_whole(trace)
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


def test_sentences_translated_together_have_the_traces_they_have_alone(translator: Translator) -> None:
    sources = [SENTENCE, "", *(pair.source for pair in PHRASES), "mot " * 90, "한국어", PAIRS[7].source]
    guesses = [
        translator.translate(source).target if place % 2 else "" for place, source in enumerate(sources)
    ]
    for together in (translator.translate_all(sources), translator.translate_all(sources, guesses=guesses)):
        for source, found in zip(sources, together, strict=True):
            alone = translator.translate(source)
            assert (found.source, found.target) == (source, alone.target)
            assert found.target_pieces == alone.target_pieces
            assert (found.source_cut, found.target_cut) == (alone.source_cut, alone.target_cut)
            np.testing.assert_allclose(found.log_probs, alone.log_probs, rtol=0, atol=ROUNDING)
            np.testing.assert_allclose(found.weights, alone.weights, rtol=0, atol=ROUNDING)
            np.testing.assert_allclose(found.encoder_states, alone.encoder_states, rtol=0, atol=ROUNDING)
    assert translator.translate_all([]) == []


def test_a_trained_model_says_what_it_learned(translator: Translator) -> None:
    for pair in PHRASES:
        trace = translator.translate(pair.source)
        assert trace.target == pair.target
        assert not trace.target_cut
        assert_whole(trace)


def test_forcing_the_pieces_a_translator_said_gives_the_same_numbers(
    translator: Translator, checkpoint: Checkpoint
) -> None:
    trace = translator.translate(SENTENCE)
    said = [piece.id for piece in trace.target_pieces]
    source = [piece.id for piece in trace.source_pieces]
    model = checkpoint.model
    assert isinstance(model, Seq2Seq)
    again = decode_one(Prepared(model), source, choose=forced(said), limit=len(said))
    assert isinstance(again.advanced, Advanced)
    looked = again.advanced.looked
    assert np.array_equal(trace.log_probs, np.array(again.log_probs, dtype=np.float32))
    assert looked.attended is not None
    assert trace.weights is not None
    assert np.array_equal(trace.weights, looked.attended.weights[0])
    assert np.array_equal(trace.decoder_states, looked.decoder_states[0])


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
        np.testing.assert_allclose(forced_trace.log_probs, free.log_probs, rtol=0, atol=ROUNDING)
        assert forced_trace.weights is not None
        assert free.weights is not None
        np.testing.assert_allclose(forced_trace.weights, free.weights, rtol=0, atol=ROUNDING)
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
    assert_whole(trace)
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
    assert_whole(trace)
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
    assert_whole(trace)


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
        assert_whole(trace)
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
    assert_whole(trace)


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
    assert_whole(trace)


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
