import pytest

from benchmarks.bare import bares
from benchmarks.translate import MODELS, measure
from pages.kit import translators
from s2s import catalog
from s2s.checkpoints import load


def test_the_models_of_the_main_page_are_measured():
    assert set(MODELS) == set(translators.MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_each_is_held_to_the_bare_computation_of_the_same_words(name):
    measured = measure([name], rounds=1)  # ends with an error where the two say different words
    assert len(measured.traced) == len(measured.bare) > 0
    assert measured.cold > 0


@pytest.mark.parametrize("name", ["fr-en-none-gru", "fr-en-none-forward"])
def test_what_the_bare_computation_is_not_of_is_told(name):
    with pytest.raises(ValueError, match="one LSTM layer"):
        bares(load(catalog.locate(name)).model)
