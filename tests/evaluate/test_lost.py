import numpy as np
import pytest

from s2s.evaluate.lost import POSSIBLE, by_part, is_word, judge, lost_share
from s2s.traces import END, Alignment, Unit
from s2s.translator import Translator
from tests.sentences import PHRASES


def units(text: str) -> tuple[Unit, ...]:
    found, start = [], 0
    for word in text.split():
        found.append(Unit(word, start, start + len(word), is_end=False))
        start += len(word) + 1
    return (*found, Unit(END, len(text), len(text), is_end=True))


def explained(source: str, target: str, columns: list[int], probabilities: list[float]) -> Alignment:
    """Each target word explained by the source word of its column, and as likely as given."""
    above, beside = units(source), units(target)
    weights = np.zeros((len(beside), len(above)), dtype=np.float32)
    weights[range(len(columns)), columns] = 1.0
    log_probs = np.log(np.array(probabilities, dtype=np.float32))
    return Alignment(
        source_units=above, target_units=beside, weights=weights, scores=weights, log_probs=log_probs
    )


def test_a_word_that_explains_nothing_is_lost():
    found = judge(explained("le chat dort .", "the cat .", [0, 1, 3, 4], [0.9, 0.9, 0.9, 0.9]))
    assert [(word.unit.text, word.is_lost) for word in found] == [
        ("le", False), ("chat", False), ("dort", True)
    ]  # fmt: skip
    assert lost_share(found) == pytest.approx(1 / 3)


def test_a_word_that_the_judge_finds_impossible_translates_nothing():
    likely = judge(explained("le chat", "the dog", [0, 1, 2], [0.9, POSSIBLE * 1.1, 0.9]))
    wrong = judge(explained("le chat", "the dog", [0, 1, 2], [0.9, POSSIBLE / 2, 0.9]))
    assert [word.is_lost for word in likely] == [False, False]
    assert [word.is_lost for word in wrong] == [False, True]


def test_signs_and_the_end_neither_count_nor_explain():
    found = judge(explained("oui !", "!", [0, 2], [0.9, 0.9]))
    assert [(word.unit.text, word.is_lost) for word in found] == [("oui", True)]
    assert not is_word(units("a")[-1])


def test_parts_hold_every_word_once_and_the_start_comes_first():
    found = judge(explained("a b c d e f g", "x", [6, 7], [0.9, 0.9]))
    parts = by_part(found, 3)
    assert sum(whole for _, whole in parts) == len(found) == 7
    assert sum(lost for lost, _ in parts) == sum(word.is_lost for word in found) == 6
    assert [whole for _, whole in parts] == [3, 2, 2]
    assert parts[2] == (1, 2)


def test_nothing_has_lost_nothing():
    assert lost_share(()) == 0
    assert by_part((), 3) == ((0, 0),) * 3


def test_what_a_trained_model_says_itself_loses_less_than_saying_one_word(translator: Translator):
    for source, target in PHRASES[:3]:
        whole, short = (
            judge(translator.explain(source, said).alignment(row="explains"))
            for said in (target, target.split()[0])
        )
        assert lost_share(whole) <= lost_share(short)
        assert [word.unit for word in whole] == [word.unit for word in short]
