from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from s2s.checkpoints import Checkpoint
from s2s.config import ATTENTIONS, CELLS, DecodeConfig
from s2s.data.tokenizer import END_ID, PAD_ID, START, START_ID, UNKNOWN_ID, Tokenizer
from s2s.decode.loop import decode, forced
from s2s.errors import DataError
from s2s.text import words
from s2s.traces import END, Trace
from s2s.translator import Translator
from tests.conftest import BuildTiny
from tests.sentences import PAIRS, PHRASES

SENTENCE = "L'enfant dort chez moi, n'est-ce pas ?"
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
    again = decode(
        checkpoint.model, [p.id for p in trace.source_pieces], choose=forced(said), limit=len(said)
    )
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
        assert np.array_equal(forced_trace.log_probs, free.log_probs)
        assert forced_trace.weights is not None
        assert free.weights is not None
        assert np.array_equal(forced_trace.weights, free.weights)
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
    boundaries = [word.end for word in words(text)]
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
