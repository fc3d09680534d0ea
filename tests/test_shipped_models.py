"""The models in the repository: what they say, that they are matched, and the stored first answers."""

import hashlib
import math

import numpy as np
import pytest

from pages.kit.examples import STORED_MODELS, stored_trace
from s2s import catalog
from s2s.claims.heads import names
from s2s.claims.regimes import FEWEST_SEEDS
from s2s.config import HEAD, TransformerConfig
from s2s.data.corpora import Pair
from s2s.evaluate import probe as probes
from s2s.evaluate.alignment_error import Linked, alignment_score, word_links
from s2s.evaluate.exposure import measure_gap
from s2s.evaluate.gold import GOLD, read_gold
from s2s.evaluate.heads import RECORD as HEADS
from s2s.evaluate.heads import Reading, read_heads
from s2s.evaluate.page import page_of
from s2s.evaluate.probe import read_words
from s2s.evaluate.regimes import RECORD, read_regimes
from s2s.evaluate.report import REPORT, read_report
from s2s.evaluate.translation import CHAINS
from s2s.model.transformer.model import GUIDED_HEAD
from s2s.recipes import PIECES, REGIMES, SIZES, UPDATES
from s2s.translator import Translator
from tests.matched import assert_alike, assert_same_tokenizers

NAMES = ("fr-en-none", "fr-en-dot", "fr-en-general", "fr-en-concat")
ATTENDING = NAMES[1:]
SHIPPED = catalog.shipped_for(catalog.TASKS[0])
OTHERS = catalog.tasks()[1:]
PAIRS = [task for task in OTHERS if not task.languages.purpose]
KINDS = {f"fr-en-{kind.name}": kind for kind in catalog.FAMILY}
SHAPES = tuple(kind.model() for kind in catalog.SHAPES)
TRANSFORMER = catalog.SUCCESSOR.model()
TRAINED = tuple(kind.model() for kind in catalog.TRAINED)


@pytest.fixture(scope="module")
def translators() -> dict[str, Translator]:
    return {name: Translator.load(name) for name in STORED_MODELS}


def test_all_that_is_shipped_is_of_the_family_in_the_order_people_meet_it():
    assert SHIPPED[:4] == NAMES
    assert list(SHIPPED) == list(KINDS)


def test_each_is_what_its_name_says_and_all_were_trained_alike_but_for_that():
    assert_alike(SHAPES)


def test_those_that_show_a_regime_were_trained_alike_but_for_that():
    cards = {name: catalog.read_config(catalog.locate(name)) for name in TRAINED}
    shown = {name for settings in REGIMES.values() for name in settings}
    (config, first), *others = cards.values()
    assert all(other == config for other, _ in others)
    assert (config.hidden, config.source_vocab) == (SIZES["hidden"], PIECES)
    assert first.updates == UPDATES
    for name, (_, card) in cards.items():
        settings = REGIMES[KINDS[name].regime]
        assert {part: card.train[part] for part in settings} == settings
        assert (card.updates, card.tokens, card.fingerprint) == (
            first.updates,
            first.tokens,
            first.fingerprint,
        )
        for one in (card, first):
            assert len(one.history) == len(first.history)
        rest = ({n: v for n, v in one.train.items() if n not in shown} for one in (card, first))
        assert next(rest) == next(rest)
    assert_same_tokenizers(TRAINED)


def test_each_names_the_source_and_licence_of_its_data():
    for name in SHIPPED:
        card = (catalog.locate(name) / catalog.CARD).read_text(encoding="utf-8")
        for wanted in ("tatoeba.org", "www.manythings.org/anki", "CC BY 2.0", "CC BY-SA 4.0"):
            assert wanted in card


def test_all_models_together_stay_small():
    size = sum(file.stat().st_size for file in catalog.SHIPPED.rglob("*") if file.is_file())
    assert size < 160e6


@pytest.mark.parametrize("name", ATTENDING)
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("J'ai faim.", "I'm hungry."),
        ("Je ne sais pas.", "I don't know."),
        ("Où est l'hôpital ?", "Where is the hospital?"),
        ("Elle parle anglais.", "She speaks English."),
    ],
)
def test_simple_sentences_are_translated(translators, name, source, expected):
    assert translators[name].translate(source).target.replace("Where's", "Where is") == expected


@pytest.mark.parametrize("name", ATTENDING)
@pytest.mark.parametrize(
    ("source", "target", "links"),
    [
        ("Le chat est noir.", "The cat is black.", [(1, 1), (3, 3)]),
        ("Ma sœur aime la musique.", "My sister likes music.", [(1, 1), (2, 2), (4, 3)]),
        ("Tom a acheté une voiture rouge.", "Tom bought a red car.", [(2, 1), (5, 3), (4, 4)]),
    ],
)
def test_content_words_are_predicted_from_their_own_translation(translators, name, source, target, links):
    """(source word, target word); the third sentence turns noun and adjective around."""
    alignment = translators[name].align(source, target).alignment()
    assert alignment is not None
    assert set(links) <= set(alignment.links)


@pytest.mark.parametrize("name", STORED_MODELS)
def test_the_stored_answer_to_the_first_example_is_what_the_model_computes(translators, name):
    stored, computed = stored_trace(name), translators[name].translate(STORED_MODELS[name])
    assert (stored.model, stored.source, stored.target) == (name, STORED_MODELS[name], computed.target)
    assert stored.target_pieces == computed.target_pieces
    for field in ("log_probs", "encoder_states", "decoder_states", "attentional_states", "scores", "weights"):
        one, other = getattr(stored, field), getattr(computed, field)
        assert (one is None) == (other is None)
        if one is not None:  # another processor rounds differently
            np.testing.assert_allclose(one, other, atol=2e-4)


@pytest.mark.parametrize("name", ATTENDING)
def test_the_displayed_weights_reproduce_the_context(translators, name):
    trace = translators[name].translate("Nous n'avons pas encore mangé.")
    assert trace.weights is not None
    assert trace.contexts is not None
    np.testing.assert_allclose(trace.weights @ trace.encoder_states, trace.contexts, atol=1e-5)


def test_the_report_is_of_these_weights_and_the_page_beside_it_is_of_the_report():
    report = read_report(REPORT)
    assert tuple(evaluation.setup.model for evaluation in report.shipped) == (*SHAPES, TRANSFORMER)
    for evaluation in report.shipped:
        weights = (catalog.locate(evaluation.setup.model) / catalog.WEIGHTS).read_bytes()
        assert evaluation.setup.weights == hashlib.sha256(weights).hexdigest()
        assert evaluation.setup.gold_fingerprint == hashlib.sha256(GOLD.read_bytes()).hexdigest()
    assert (catalog.SHIPPED / catalog.CARD).read_text(encoding="utf-8") == page_of(catalog.SHIPPED)


def test_the_successor_has_the_pieces_of_its_guide_and_its_heads_were_measured():
    config, card = catalog.read_config(catalog.locate(TRANSFORMER))
    assert isinstance(config, TransformerConfig)
    assert (config.reading, card.guide) == (HEAD, catalog.ATTENDING.model())
    assert_same_tokenizers((TRANSFORMER, card.guide))
    found = read_heads(HEADS)
    weights = (catalog.locate(TRANSFORMER) / catalog.WEIGHTS).read_bytes()
    assert (found.model, found.weights) == (TRANSFORMER, hashlib.sha256(weights).hexdigest())
    assert (found.layers, found.heads) == (config.layers, config.heads)
    assert found.gold_fingerprint == hashlib.sha256(GOLD.read_bytes()).hexdigest()
    guided = Reading("vectors", config.read_layer, GUIDED_HEAD, "predicts")
    assert found.best.reading == guided, "the guided head has the lowest error of all ways to read"
    by_weights = found.score(Reading("read", None, None, "predicts"))
    assert found.best.chosen_on < min(by_weights.chosen_on, found.beside.chosen_on)
    assert found.best.told_on < 0.15
    assert names(found, "encoder", 1, 2)[0].test == "previous"


def test_the_record_of_regimes_is_of_these_weights_and_true_to_itself():
    found = read_regimes(RECORD)
    assert tuple(one.model for one in found.trained) == TRAINED
    for one in found.trained:
        folder = catalog.locate(one.model)
        assert one.weights == hashlib.sha256((folder / catalog.WEIGHTS).read_bytes()).hexdigest()
        card = catalog.read_config(folder)[1]
        assert (one.updates, one.seconds, list(one.history)) == (
            card.updates,
            card.seconds,
            list(card.history),
        )
        for on, text in ((one.everyday, found.everyday), (one.general, found.general)):
            assert on.gap.pairs == text.compared
            assert sum(length.pairs for length in on.by_length) == text.compared
            for both in (on.accuracy, on.loss, on.bleu):
                for band in (both.forced, both.free, both.gap):
                    assert band.low <= band.value <= band.high
            assert on.accuracy.free.value == pytest.approx(on.gap.overall.free.accuracy)
    assert {one.regime for one in found.repetitions} == set(REGIMES)
    for regime in REGIMES:
        assert len({one.seed for one in found.repetitions if one.regime == regime}) >= FEWEST_SEEDS
    assert len({one.updates for one in found.repetitions}) == 1
    assert [cost.regime for cost in found.costs] == list(REGIMES)


@pytest.mark.parametrize("name", TRAINED)
def test_the_recorded_gap_is_of_the_size_that_the_model_shows_on_other_sentences(name):
    """The aligned sentences stand in for the test part, which is not in the repository; they are longer."""
    (told,) = (one.everyday.gap.overall for one in read_regimes(RECORD).trained if one.model == name)
    pairs = [Pair(pair.source, pair.target) for pair in read_gold(GOLD)[::2]]
    *_, found = measure_gap(Translator.load(name), pairs)
    for regime in ("forced", "free"):
        assert getattr(found.overall, regime).accuracy == pytest.approx(
            getattr(told, regime).accuracy, abs=0.2
        )


@pytest.mark.parametrize("name", ATTENDING)
def test_the_reported_alignment_error_is_what_the_models_make(translators, name):
    (reported,) = [e.gold for e in read_report(REPORT).shipped if e.setup.model == name]
    linked = []
    for pair in read_gold(GOLD):
        alignment = translators[name].explain(pair.source, pair.target).alignment(row="explains")
        linked.append(Linked(pair, word_links(alignment, pair.source, pair.target)))
    # Another processor rounds differently: a link or two may turn.
    assert alignment_score(linked).aer == pytest.approx(reported.explains.aer, abs=0.005)


def test_every_shipped_model_has_a_gap_that_is_true_to_itself_and_to_the_rest_of_the_report():
    for evaluation in read_report(REPORT).shipped:
        gap = evaluation.gap
        assert gap is not None
        assert gap.pairs == evaluation.perplexity.pairs
        assert gap.pairs + gap.skipped == evaluation.pairs
        assert sum(at.steps for at in gap.positions) == gap.overall.steps <= evaluation.perplexity.pieces
        first = gap.positions[0]
        assert (first.first, first.steps) == (1, gap.pairs)
        assert first.forced == first.free  # both runs are fed the start token there
        assert gap.forced.exact == gap.free.exact == pytest.approx(1 - gap.diverged)
        # One reference a pair here, all of a sentence there: more can be met, and more is.
        assert gap.free.exact <= evaluation.exact
        assert gap.free.bleu <= evaluation.bleu.value
        # The same losses but for the last steps of references whose free run ended early.
        assert gap.overall.forced.loss == pytest.approx(math.log(evaluation.perplexity.value), abs=0.1)
        for regime in ("forced", "free"):
            shares = [(getattr(at, regime).accuracy, at.steps) for at in (*gap.positions, gap.overall)]
            *parts, whole = (accuracy * steps for accuracy, steps in shares)
            assert sum(parts) == pytest.approx(whole)


@pytest.mark.parametrize("name", NAMES)
def test_the_reported_gap_is_of_the_size_that_the_models_show_on_other_sentences(translators, name):
    """The aligned sentences stand in for the test part, which is not in the repository; they are longer."""
    (reported,) = [e.gap for e in read_report(REPORT).shipped if e.setup.model == name]
    pairs = [Pair(pair.source, pair.target) for pair in read_gold(GOLD)[::2]]
    *_, found = measure_gap(translators[name], pairs)
    for regime in ("forced", "free"):
        told, here = getattr(reported.overall, regime), getattr(found.overall, regime)
        assert here.accuracy == pytest.approx(told.accuracy, abs=0.15)
        assert (here.entropy is None) == (told.entropy is None)
    assert found.overall.free.accuracy < found.overall.forced.accuracy
    assert found.overall.free.loss > found.overall.forced.loss


def test_every_model_was_measured_on_the_same_chains_of_which_the_bands_hold_the_values():
    shipped = read_report(REPORT).shipped
    lengths = [(score.sentences, score.inputs, score.words) for score in shipped[0].chains]
    assert [sentences for sentences, _, _ in lengths] == list(CHAINS)
    for evaluation in shipped:
        assert [(s.sentences, s.inputs, s.words) for s in evaluation.chains] == lengths
        for score in evaluation.chains:
            for band in (score.bleu, score.chrf):
                assert band.low <= band.value <= band.high
        for score in evaluation.by_length:
            assert score.bleu_band.low <= score.bleu_band.value <= score.bleu_band.high
            assert score.bleu_band.value == score.bleu


def test_every_probe_is_the_one_that_was_measured_and_reads_more_than_frequency_alone():
    scores = {score.model: score for score in read_report(REPORT).probes}
    probed = [name for name in SHIPPED if KINDS[name].name in catalog.PROBED]
    assert list(scores) == probed
    for name, score in scores.items():
        data = (catalog.locate(name) / catalog.PROBE).read_bytes()
        assert score.probe == hashlib.sha256(data).hexdigest()
        assert len(data) < 5e6
        for chain in score.chains:
            assert chain.whole.read.low > chain.whole.common


@pytest.mark.parametrize("name", ["fr-en-none", "fr-en-general"])
def test_the_reported_share_is_of_the_size_that_the_probe_reads_on_other_sentences(translators, name):
    """The aligned sentences stand in for the test part, which is not in the repository."""
    (score,) = [score for score in read_report(REPORT).probes if score.model == name]
    probe = probes.load(catalog.locate(name))
    words = [read_words(probe, translators[name].translate(pair.source)) for pair in read_gold(GOLD)[::2]]
    found = probes.probed_chain(words, sentences=1).whole
    assert found.read.value == pytest.approx(score.chains[0].whole.read.value, abs=0.15)
    assert found.read.value > found.common


def test_every_model_was_repeated_with_three_seeds_or_more_at_equal_updates():
    repetitions = read_report(REPORT).repetitions
    seeds = {name: set() for name in ("dot", "general", "concat")}
    for repetition in repetitions:
        seeds[repetition.evaluation.setup.attention].add(repetition.seed)
    assert all(len(found) >= 3 for found in seeds.values())
    assert len(set(map(frozenset, seeds.values()))) == 1
    assert len({repetition.updates for repetition in repetitions}) == 1


def test_each_card_says_how_the_model_can_be_made_again():
    for name in SHIPPED:
        _, card = catalog.read_config(catalog.locate(name))
        text = (catalog.locate(name) / catalog.CARD).read_text(encoding="utf-8")
        assert len(card.fingerprint) == 64
        assert set(card.versions) >= {"python", "torch", "sentencepiece"}
        for wanted in (card.fingerprint[:12], f"seed {card.train['seed']}", card.versions["torch"]):
            assert wanted in text
