import numpy as np

from s2s.evaluate.agreement import shared_words
from s2s.traces import Alignment, Unit


def alignment(target: str, looks: list[int], sources: int = 4) -> Alignment:
    """Words of `target`, each looking at the source unit of its number; the last unit is the end token."""
    units = [Unit(word, 0, 0, is_end=False) for word in target.split()]
    weights = np.full((len(looks), sources), 0.1, dtype=np.float32)
    weights[np.arange(len(looks)), looks] = 0.7
    if len(looks) > len(units):
        units.append(Unit("</s>", 0, 0, is_end=True))
    return Alignment(
        source_units=tuple(Unit(str(i), i, i + 1, is_end=i == sources - 1) for i in range(sources)),
        target_units=tuple(units),
        weights=weights,
        scores=np.log(weights),
        log_probs=np.zeros(len(looks), dtype=np.float32),
    )


def test_a_model_agrees_with_itself_on_every_word_but_the_end():
    one = alignment("the cat sleeps", [0, 1, 2, 3])
    shared = shared_words([one, one, one])
    assert [word.text for word in shared] == ["the", "cat", "sleeps"]
    assert all(word.agreed for word in shared)


def test_words_are_matched_in_order_whatever_their_case_and_where_they_differ_is_told():
    first = alignment("The cat sleeps", [0, 1, 2])
    second = alignment("the black cat sleeps", [0, 2, 1, 3])
    shared = shared_words([first, second])
    assert [(w.text, w.rows, w.columns, w.agreed) for w in shared] == [
        ("The", (0, 0), (0, 0), True),
        ("cat", (1, 2), (1, 1), True),
        ("sleeps", (2, 3), (2, 3), False),
    ]


def test_a_word_that_one_model_lacks_is_not_compared():
    models = [alignment(text, [0, 1]) for text in ("a dog", "a cat", "a dog")]
    assert [word.text for word in shared_words(models)] == ["a"]


def test_without_alignments_nothing_is_shared():
    assert shared_words([]) == ()
