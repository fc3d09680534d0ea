from dataclasses import replace

import numpy as np
import pytest

from s2s import catalog
from s2s.data.senses import Sense
from s2s.errors import TraceError
from s2s.evaluate.lost import IDLE, OWED, Judged, by_part, is_word, judge, judge_trace, lost_share, told
from s2s.traces import END, Alignment, Unit
from s2s.translator import Translator


@pytest.fixture(scope="module")
def general() -> Translator:
    return Translator.load(catalog.ATTENDING.model())


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


TABLE = {
    "chat": Sense(frozenset({"cat", "cats"}), 0.98),
    "dort": Sense(frozenset({"sleeps", "sleeping", "asleep"}), 0.96),
    "noir": Sense(frozenset({"black"}), 0.97),
    "le": Sense(frozenset({"the", "him", "it"}), 0.75),
    "pas": Sense(frozenset({"not", "don't"}), 0.96),
    "ne": Sense(frozenset({"not", "don't"}), 0.95),
    "mange": Sense(frozenset({"eats", "eat"}), 0.97),
}


def verdicts(source: str, target: str, columns: list[int], probabilities: list[float]) -> list[str]:
    return [word.verdict for word in judge(explained(source, target, columns, probabilities), TABLE)]


def test_a_word_one_of_whose_senses_is_said_is_kept_however_likely_that_was():
    found = verdicts("le chat dort .", "the cat sleeps .", [0, 1, 2, 3, 4], [0.9, 1e-6, 1e-6, 0.9, 0.9])
    assert found == ["kept"] * 3


def test_a_word_that_nothing_explains_and_that_people_always_say_is_lost_and_any_other_is_open():
    odd = explained("le chat dort .", "a dog eats .", [0, 1, 2, 3, 4], [1e-3, 1e-4, 1e-3, 0.9, 0.9])
    found = judge(odd, TABLE)
    assert [word.verdict for word in found] == ["unclear", "lost", "lost"]
    assert [word.is_lost for word in found] == [False, True, True]
    assert told(found) == 2
    assert lost_share(found) == 1.0


def test_what_is_said_otherwise_is_kept_where_it_is_owed_to_the_word_and_open_between():
    for probability, verdict in ((2 * OWED, "kept"), (0.9 * OWED, "unclear"), (0.9 * IDLE, "lost")):
        assert verdicts("chat", "kitty", [0, 1], [min(probability, 1.0), 0.9]) == [verdict]


def test_two_words_that_are_said_as_one_are_both_kept():
    # "ne ... pas" is one word of English, and the posteriors give it to one of the two.
    said = verdicts("je ne mange pas", "I don't eat", [0, 1, 2, 4], [0.9, 0.9, 0.9, 0.9])
    assert said == ["kept", "kept", "kept", "unclear"]
    weights = np.zeros((4, 5), dtype=np.float32)
    weights[0, 0] = weights[2, 2] = weights[3, 4] = 1
    weights[1, [1, 3]] = 0.6, 0.4
    one = explained("je ne mange pas", "I don't eat", [0, 1, 2, 4], [0.9, 0.9, 0.9, 0.9])
    assert [word.verdict for word in judge(replace(one, weights=weights), TABLE)] == ["kept"] * 4


def test_a_word_that_stands_twice_and_is_said_once_is_kept_once():
    found = verdicts("chat noir chat", "black cat", [1, 2, 3], [0.9, 0.9, 0.9])
    assert found == ["unclear", "kept", "kept"]


def test_names_and_numbers_that_are_copied_are_kept_and_unknown_words_never_lost():
    assert verdicts("Zoé 42 zut", "zoé 42", [0, 1, 3], [1e-9, 1e-9, 0.9]) == ["kept", "kept", "unclear"]


def test_without_a_table_nothing_is_lost():
    one = explained("le chat dort", "a dog", [1, 2, 3], [0.9, 1e-9, 0.9])
    assert [word.verdict for word in judge(one, {})] == ["unclear", "kept", "unclear"]


def test_signs_and_the_end_neither_count_nor_explain():
    assert verdicts("chat !", "!", [0, 2], [0.9, 0.9]) == ["lost"]
    assert not is_word(units("a")[-1])


def test_parts_hold_every_word_once_and_the_start_comes_first():
    said = ["lost"] * 3 + ["unclear"] + ["lost"] * 2 + ["kept"]
    found = [Judged(unit, verdict) for unit, verdict in zip(units("a b c d e f g"), said, strict=False)]
    parts = by_part(found, 3)
    assert parts == ((3, 3), (1, 1), (1, 2))
    assert sum(whole for _, whole in parts) == told(found) == 6
    assert lost_share(found) == pytest.approx(5 / 6)


def test_nothing_has_lost_nothing():
    assert lost_share(()) == 0
    assert by_part((), 3) == ((0, 0),) * 3


@pytest.mark.parametrize(
    ("source", "target", "kept", "lost"),
    [
        ("Je ne comprends pas pourquoi elle est partie.", "I don't understand why she went away.",
         {"ne", "comprends", "pas", "pourquoi", "elle", "partie"}, set()),
        ("Je ne comprends pas.", "I don't understand.", {"Je", "ne", "comprends", "pas"}, set()),
        ("Ma sœur achète du pain chaque matin.", "My sister buys bread every morning.",
         {"Ma", "sœur", "achète", "pain", "chaque", "matin"}, set()),
        ("Ma sœur achète du pain chaque matin.", "My dog is a good cook.",
         {"Ma"}, {"sœur", "pain", "chaque", "matin"}),
        ("Le médecin travaille dans un grand hôpital.", "The doctor works in a hospital.",
         {"médecin", "travaille", "hôpital"}, set()),
        ("Il n'a jamais vu la mer.", "He has never seen the sea.", {"Il", "jamais", "vu", "mer"}, set()),
        ("Il y a une voiture dans la rue.", "There is a cat in the street.", {"rue"}, {"voiture"}),
    ],
)  # fmt: skip
def test_the_shipped_judge_on_sentences_whose_losses_a_reader_sees(
    general: Translator, source: str, target: str, kept: set[str], lost: set[str]
):
    found = judge_trace(general.explain(source, target))
    assert kept <= {word.unit.text for word in found if word.verdict == "kept"}
    assert {word.unit.text for word in found if word.is_lost} == lost


def test_a_trace_without_posteriors_tells_nothing(general: Translator):
    with pytest.raises(TraceError):
        judge_trace(general.translate("Il neige."))
