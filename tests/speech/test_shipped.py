"""The model in the repository, on the recordings beside it."""

import time
from itertools import islice

import numpy as np
import pytest

from s2s import catalog
from s2s.sound.hearing import summary
from s2s.sound.shelf import EXAMPLES, LICENCE, MODEL, read_card
from s2s.sound.utterances import draw, spelt
from s2s.sound.waves import RATE
from s2s.speech.evaluation import judged
from tests.speech.shipped import examples, folder, recogniser

FILES = {"README.md", "speech.json", "weights.safetensors"}


def test_it_is_small_whole_and_no_model_of_the_family():
    assert {path.name for path in folder().iterdir()} == FILES
    assert (folder() / catalog.WEIGHTS).stat().st_size <= 1.7e6
    assert MODEL not in catalog.shipped()
    assert sum(path.stat().st_size for path in EXAMPLES.iterdir()) < 400_000


def test_its_card_names_data_licence_and_what_was_measured_and_that_attention_was_taught():
    _, card = read_card(folder())
    told = (folder() / catalog.CARD).read_text(encoding="utf-8")
    assert "Free Spoken Digit Dataset" in told
    assert LICENCE in told
    assert "Attention was taught" in told
    for where in ("dev", "test"):
        found = card.measured[where]
        assert found["utterances"] >= 400
        assert f"of {where}: word error rate {100 * found['wer']:.1f} %" in told
    assert card.updates == card.train["updates"]
    assert LICENCE in (EXAMPLES / "README.md").read_text(encoding="utf-8")


def test_each_voice_says_each_digit_in_the_examples():
    assert len({(one.speaker, one.digit) for one in examples()}) == len(examples()) == 50


def test_it_hears_the_examples_as_well_as_its_card_says_and_looks_where_they_are():
    _, card = read_card(folder())
    found = summary([judged(recogniser(), one) for one in islice(draw(examples(), seed=3), 64)])
    assert found["wer"] <= card.measured["test"]["wer"] + 0.02
    assert found["peak_inside"] >= 0.9
    assert found["monotone"] >= 0.95


@pytest.mark.parametrize("speaker", sorted({one.speaker for one in examples()}))
def test_it_hears_a_quiet_sound_and_one_that_begins_and_ends_in_true_silence(speaker: str):
    utterance = spelt(examples(), speaker, "1357")
    for samples in (0.02 * utterance.samples, np.pad(utterance.samples, RATE // 2)):
        heard = recogniser().listen(samples).digits
        assert sum(one == other for one, other in zip(heard, utterance.digits, strict=False)) >= 3


def test_noise_gets_an_answer_and_four_seconds_of_sound_in_much_less_than_a_second():
    random = np.random.default_rng(1)
    assert len(recogniser().listen(random.standard_normal(2 * RATE).astype(np.float32)).said) >= 1
    sound = np.resize(spelt(examples(), "george", "40728").samples, 4 * RATE)
    recogniser().listen(sound)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        recogniser().listen(sound)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.3
