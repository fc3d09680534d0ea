import random

import pytest
import sacrebleu

from s2s.data.corpora import Pair
from s2s.evaluate import translation
from s2s.evaluate.translation import CHAINED, CHAINS, JOINED, LENGTHS, Sentence, sentences
from s2s.text import words
from tests.sentences import PAIRS

SENTENCES = sentences(PAIRS)
NEAR = [pair.target.replace("I", "We").replace("the", "a") for pair in PAIRS]  # some right, some not
RAGGED = [
    Sentence("un", ("a cat sleeps in the garden", "the cat sleeps in a garden", "one cat is asleep there")),
    Sentence("deux", ("my brother is waiting near the station",)),
    Sentence("trois", ("she sings every day of the week", "she sings each day of the week")),
]
SAID = ["the cat is asleep in a garden", "my brother waits near the station", "she sings every day of week"]


def test_lines_with_one_source_are_the_references_of_one_sentence_in_order_of_appearance():
    pairs = [Pair("b", "1"), Pair("a", "2"), Pair("b ", "3"), Pair("b", "1"), Pair("a", "4")]
    assert sentences(pairs) == [Sentence("b", ("1", "3")), Sentence("a", ("2", "4"))]


def test_bleu_and_chrf_of_one_reference_each_are_what_sacrebleu_says():
    targets = [[pair.target for pair in PAIRS]]
    assert translation.bleu(NEAR, SENTENCES).value == sacrebleu.corpus_bleu(NEAR, targets).score
    assert translation.chrf(NEAR, SENTENCES).value == sacrebleu.corpus_chrf(NEAR, targets).score
    assert 10 < translation.bleu(NEAR, SENTENCES).value < 90


@pytest.mark.parametrize("score", [translation.bleu, translation.chrf])
def test_a_sentence_with_fewer_references_counts_as_if_its_first_were_repeated(score):
    filled = [Sentence(s.source, (s.references + s.references[:1] * 2)[:3]) for s in RAGGED]
    assert score(SAID, RAGGED).value == pytest.approx(score(SAID, filled).value)
    assert "nrefs:var" in score(SAID, RAGGED).signature
    assert "nrefs:3" in score(SAID, filled).signature


@pytest.mark.parametrize("score", [translation.bleu, translation.chrf])
def test_saying_any_reference_is_faultless_and_the_signature_names_the_version(score):
    said = [sentence.references[-1] for sentence in RAGGED]
    assert score(said, RAGGED).value == pytest.approx(100)
    assert f"version:{sacrebleu.__version__}" in score(said, RAGGED).signature


def test_each_sentence_counts_in_the_bucket_of_its_length_alone():
    sources = ["mot " * n for n in (1, 5, 6, 10, 11, 15, 16, 40)]
    references = [Sentence(source, ("the same seven words for all .",)) for source in sources]
    right = references[0].references[0]
    for place, bucket in zip(range(0, 8, 2), range(4), strict=True):
        said = ["nothing of it is right"] * 8
        said[place] = said[place + 1] = right
        scores = translation.by_length(said, references)
        assert [(s.shortest, s.longest, s.sentences) for s in scores] == [(*length, 2) for length in LENGTHS]
        assert [s.bleu == pytest.approx(100) for s in scores] == [k == bucket for k in range(4)]


def test_lengths_are_counted_in_words_and_a_bucket_without_a_sentence_has_no_score():
    short = [s for s in SENTENCES if len(words(s.source, "fr")) <= 5]
    scores = translation.by_length([s.references[0] for s in short], short)
    assert scores[0].sentences == len(short) > 0
    assert [score.bleu for score in scores[1:]] == [None] * 3


def test_joined_inputs_are_two_sentences_with_all_combinations_of_their_references():
    (one, *none) = translation.joined(RAGGED[::2])
    assert none == []
    assert sorted(one.source.split()) == ["trois", "un"]
    swapped = one.source == "trois un"
    first, second = (RAGGED[2], RAGGED[0]) if swapped else (RAGGED[0], RAGGED[2])
    assert set(one.references) == {f"{a} {b}" for a in first.references for b in second.references}
    assert len(one.references) == 6


@pytest.mark.parametrize("count", [0, 1, 2, 3, 2 * JOINED - 1, 2 * JOINED, 2 * JOINED + 7])
def test_no_sentence_is_joined_twice_and_there_are_at_most_so_many(count):
    singles = [Sentence(str(i), (f"number {i}",)) for i in range(count)]
    joined = translation.joined(singles)
    used = [part for sentence in joined for part in sentence.source.split()]
    assert len(used) == len(set(used)) == 2 * len(joined)
    assert len(joined) == min(count // 2, JOINED)


def test_joining_is_the_same_every_time_whoever_else_draws():
    random.seed(5)
    first = translation.joined(SENTENCES)
    random.random()
    assert translation.joined(SENTENCES) == first
    in_order = [f"{a.source} {b.source}" for a, b in zip(SENTENCES[::2], SENTENCES[1::2], strict=True)]
    assert [sentence.source for sentence in first] != in_order


def test_joined_bleu_is_the_bleu_of_the_joined_inputs():
    joined = translation.joined(RAGGED)
    said = ["a cat sleeps near the station every day"] * len(joined)
    score = translation.joined_score(said, joined)
    assert (score.inputs, score.bleu) == (len(joined), translation.bleu(said, joined).value)
    assert translation.joined_score([], []).bleu is None


def test_exactly_a_reference_is_meant_whatever_way_it_is_spelled():
    references = [
        Sentence("a", ("It's fine.", "It is fine.")),
        Sentence("b", ("No!",)),
        Sentence("c", ("Yes.",)),
    ]
    assert translation.exact(["It\u2019s  fine.", "no!", "Yes"], references) == pytest.approx(1 / 3)
    assert translation.exact(["It is fine.", "No!\u200b", "Yes."], references) == 1


def test_the_value_of_a_band_is_the_score_of_the_corpus():
    for said, references in ((NEAR, SENTENCES), (SAID, RAGGED)):
        first, second = translation.bands(said, references)
        assert first.value == pytest.approx(translation.bleu(said, references).value)
        assert second.value == pytest.approx(translation.chrf(said, references).value)


def test_a_band_holds_its_value_and_is_the_same_every_time():
    for band in translation.bands(NEAR, SENTENCES):
        assert 0 < band.low < band.value < band.high < 100
    random.seed(7)
    assert translation.bands(NEAR, SENTENCES) == translation.bands(NEAR, SENTENCES)


def test_inputs_that_are_all_alike_leave_nothing_to_chance():
    for band in translation.bands(SAID[:1] * 9, RAGGED[:1] * 9):
        assert band.low == pytest.approx(band.value) == pytest.approx(band.high)


def test_more_inputs_make_a_narrower_band():
    (few, _), (many, _) = (translation.bands(NEAR[:10] * n, SENTENCES[:10] * n) for n in (1, 16))
    assert many.high - many.low < 0.5 * (few.high - few.low)


def test_every_length_of_chains_is_made_of_the_same_sentences_in_the_same_order():
    singles = [Sentence(str(i), (f"one {i}", f"other {i}")) for i in range(CHAINED + 5)]
    made = translation.chains(singles)
    flat = [[part for one in inputs for part in one.source.split()] for inputs in made]
    assert all(parts == flat[0] for parts in flat)
    assert len(flat[0]) == len(set(flat[0])) == CHAINED
    assert [len(inputs) for inputs in made] == [CHAINED // count for count in CHAINS]
    assert made[1][0].references == (" ".join(f"one {part}" for part in made[1][0].source.split()),)


def test_sentences_that_do_not_come_out_even_are_left_over():
    made = translation.chains([Sentence(str(i), (str(i),)) for i in range(7)])
    assert [len(inputs) for inputs in made] == [7 // count for count in CHAINS]
    assert translation.chain_scores([[s.references[0] for s in c] for c in made], made)[-1].sentences == 6


def test_chains_are_scored_with_the_words_they_have_on_average():
    made = translation.chains(RAGGED)
    said = [[one.references[0] for one in inputs] for inputs in made]
    scores = translation.chain_scores(said, made)
    assert [(score.sentences, score.inputs) for score in scores] == [(1, 3), (2, 1), (3, 1)]
    assert [score.words for score in scores] == [1, 2, 3]
    assert all(score.bleu.value == pytest.approx(100) for score in scores)
