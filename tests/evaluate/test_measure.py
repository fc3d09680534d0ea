import math

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from s2s.checkpoints import Checkpoint
from s2s.config import DecodeConfig
from s2s.data.corpora import Pair
from s2s.data.tokenizer import START_ID, Tokenizer
from s2s.evaluate import translation
from s2s.evaluate.alignment_error import Linked, alignment_score, word_links
from s2s.evaluate.evaluation import Evaluation
from s2s.evaluate.exposure import measure_gap
from s2s.evaluate.gold import GoldPair
from s2s.evaluate.measure import Material, Translates, evaluate, speeds
from s2s.traces import Row, Trace
from s2s.translator import Translator
from tests.conftest import BuildTiny
from tests.evaluate.evaluations import EVALUATION
from tests.sentences import PAIRS, PHRASES

SETUP = EVALUATION.setup
DATA = [*PHRASES, Pair(PHRASES[0].source, "I am speaking"), *PAIRS[::50]]
PHENOMENA = [("verb",), ("verb", "tu"), ("verb",), (), *[("noun",)] * 4]
GOLD = [
    GoldPair(
        source=pair.source,
        target=pair.target,
        sure=frozenset({(0, 0)}),
        possible=frozenset({(0, 0), (1, 1)}),
        phenomena=phenomena,
    )
    for pair, phenomena in zip(PHRASES, PHENOMENA, strict=True)
]
MATERIAL = Material.of(DATA, GOLD)


def measured(translator: Translates, material: Material = MATERIAL) -> Evaluation:
    *steps, evaluation = evaluate(translator, material, SETUP)
    assert steps == [None] * material.steps
    assert evaluation is not None
    return evaluation


@pytest.fixture(scope="module")
def evaluation(translator: Translator) -> Evaluation:
    return measured(translator)


@pytest.fixture(scope="module")
def said(translator: Translator) -> list[str]:
    return [translator.translate(sentence.source).target for sentence in MATERIAL.sentences]


def test_what_is_counted(evaluation: Evaluation):
    assert evaluation.setup == SETUP
    assert evaluation.pairs == evaluation.perplexity.pairs == len(DATA)
    assert (evaluation.sentences, evaluation.references) == (len(DATA) - 1, len(DATA))
    assert sum(score.sentences for score in evaluation.by_length) == evaluation.sentences
    assert evaluation.joined.inputs == evaluation.sentences // 2


def test_scores_are_those_of_the_models_own_translations(evaluation: Evaluation, said: list[str]):
    assert evaluation.bleu == translation.bleu(said, MATERIAL.sentences)
    assert evaluation.chrf == translation.chrf(said, MATERIAL.sentences)
    assert evaluation.by_length == translation.by_length(said, MATERIAL.sentences)
    assert evaluation.exact == translation.exact(said, MATERIAL.sentences)
    assert 0 < evaluation.exact < 1


def test_joined_input_is_translated_as_one(evaluation: Evaluation, translator: Translator):
    said = [translator.translate(sentence.source).target for sentence in MATERIAL.joined]
    assert evaluation.joined == translation.joined_score(said, MATERIAL.joined)


def test_chains_are_translated_as_one_input_each(evaluation: Evaluation, translator: Translator):
    said = [[translator.translate(one.source).target for one in inputs] for inputs in MATERIAL.chains]
    assert evaluation.chains == translation.chain_scores(said, MATERIAL.chains)
    assert [score.sentences for score in evaluation.chains][:3] == [1, 2, 3]


def test_speeds_are_measured_in_turns_and_count_the_pieces_that_were_said(translator: Translator):
    order: list[str] = []

    class Asked:
        def __init__(self, name: str) -> None:
            self.name = name

        def translate(self, source: str) -> Trace:
            order.append(f"{self.name} {source}")
            return translator.translate(source)

    first, second = speeds([Asked("first"), Asked("second")], MATERIAL.sentences)
    timed = translation.shuffled(MATERIAL.sentences)
    assert order == [f"{name} {s.source}" for s in timed for name in ("first", "second")]
    said = [translator.translate(sentence.source) for sentence in MATERIAL.sentences]
    pieces = sum(len(trace.target_pieces) for trace in said)
    for speed in (first, second):
        seconds = speed.milliseconds * len(said) / 1000
        assert speed.pieces_per_second * seconds == pytest.approx(pieces)


def test_perplexity_is_that_of_the_fast_path_under_teacher_forcing(
    evaluation: Evaluation, checkpoint: Checkpoint
):
    def ids(tokenizer: Tokenizer, text: str) -> list[int]:
        return [piece.id for piece in tokenizer.encode(text)]

    loss, pieces = 0.0, 0
    for pair in DATA:
        source, target = ids(checkpoint.source, pair.source), ids(checkpoint.target, pair.target)
        with torch.inference_mode():
            forced = checkpoint.model(torch.tensor([source]), torch.tensor([[START_ID, *target[:-1]]]))
        loss += float(cross_entropy(forced.logits[0], torch.tensor(target), reduction="sum"))
        pieces += len(target)
    assert evaluation.perplexity.pieces == pieces
    assert evaluation.perplexity.value == pytest.approx(math.exp(loss / pieces), rel=1e-4)


def test_entropy_is_the_mean_over_all_words_that_were_written(evaluation: Evaluation, translator: Translator):
    entropies: list[float] = []
    for sentence in MATERIAL.sentences:
        alignment = translator.translate(sentence.source).alignment("words")
        assert alignment is not None
        ends = [unit.is_end for unit in alignment.target_units]
        entropies += alignment.entropy[~np.array(ends)].tolist()
    assert evaluation.entropy == pytest.approx(np.mean(entropies), rel=1e-6)


def test_all_read_outs_are_measured_on_gold_and_on_each_phenomenon(
    evaluation: Evaluation, translator: Translator
):
    def linked(row: Row, name: str = "") -> list[Linked]:
        found = []
        for pair in GOLD:
            alignment = translator.explain(pair.source, pair.target).alignment("words", row=row)
            assert alignment is not None
            if not name or name in pair.phenomena:
                found.append(Linked(pair, word_links(alignment, pair.source, pair.target)))
        return found

    gold = evaluation.gold
    assert gold is not None
    assert gold.pairs == len(GOLD)
    assert gold.explains == alignment_score(linked("explains"))
    assert gold.predicts == alignment_score(linked("predicts"))
    assert gold.reads == alignment_score(linked("reads"))
    assert gold.predicts != gold.reads
    assert [(score.name, score.pairs) for score in gold.phenomena] == [("verb", 3), ("tu", 1), ("noun", 4)]
    for score in gold.phenomena:
        assert score.explains == alignment_score(linked("explains", score.name)).aer
        assert score.predicts == alignment_score(linked("predicts", score.name)).aer
        assert score.reads == alignment_score(linked("reads", score.name)).aer


def test_the_gap_is_that_of_the_pairs(evaluation: Evaluation, translator: Translator):
    assert evaluation.gap == list(measure_gap(translator, DATA))[-1]


def test_the_gap_can_be_left_out_and_all_else_stays(evaluation: Evaluation, translator: Translator):
    without = measured(translator, Material.of(DATA, GOLD, has_gap=False))
    assert without.gap is None
    assert without.bleu == evaluation.bleu
    # The gap's forced run computes one step at a time, the other all that are given: they round differently.
    one, other = without.perplexity, evaluation.perplexity
    assert (one.pairs, one.pieces) == (other.pairs, other.pieces)
    assert one.value == pytest.approx(other.value, rel=1e-6)


def test_speeds_belong_to_each_other(evaluation: Evaluation, translator: Translator):
    pieces = [len(translator.translate(sentence.source).target_pieces) for sentence in MATERIAL.sentences]
    a_sentence = evaluation.speed.milliseconds / 1000
    assert evaluation.speed.pieces_per_second * a_sentence == pytest.approx(np.mean(pieces))


def test_at_most_one_source_in_a_hundred_is_more_surprising_than_usual(
    evaluation: Evaluation, translator: Translator
):
    found = [translator.translate(sentence.source).source_surprisal for sentence in MATERIAL.sentences]
    above = sum(surprisal > evaluation.usual_surprisal for surprisal in found)
    assert above <= len(found) / 100
    assert evaluation.usual_surprisal in found


def test_without_attention_there_is_no_entropy_and_nothing_to_hold_against_gold(
    build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer]
):
    evaluation = measured(Translator("none", Checkpoint(build_tiny("none"), *tokenizers)))
    assert (evaluation.entropy, evaluation.gold) == (None, None)


def test_without_gold_there_is_no_alignment_score(translator: Translator):
    assert measured(translator, Material.of(PHRASES[:2])).gold is None


def test_one_pair_is_enough(translator: Translator):
    evaluation = measured(translator, Material.of(PHRASES[:1]))
    assert (evaluation.sentences, evaluation.joined.inputs, evaluation.joined.bleu) == (1, 0, None)


def test_translations_that_do_not_end_are_counted(checkpoint: Checkpoint, tokenizers):
    short = Translator("short", checkpoint, DecodeConfig(length_factor=0.1, length_extra=1))
    expected = sum(short.translate(sentence.source).target_cut for sentence in MATERIAL.sentences)
    assert measured(short, Material.of(DATA)).unfinished == expected > 0


def test_a_target_longer_than_any_translation_is_left_out_of_the_perplexity(checkpoint: Checkpoint):
    small = Translator("small", checkpoint, DecodeConfig(source_limit=20, length_factor=1.0, length_extra=1))
    usual = Material.of(PHRASES)
    longer = Material.of([*PHRASES, Pair("je parle", "I speak " * 20)])
    assert measured(small, longer).pairs == len(PHRASES) + 1
    assert measured(small, longer).perplexity == measured(small, usual).perplexity
    alone = measured(small, Material.of([Pair("je parle", "I speak " * 20)]))
    assert (alone.perplexity.value, alone.perplexity.pairs, alone.perplexity.pieces) == (None, 0, 0)
    assert alone.gap is None
