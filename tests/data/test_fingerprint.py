from s2s.data.fingerprint import fingerprint
from tests.sentences import PAIRS


def test_one_changed_letter_or_another_order_is_another_fingerprint():
    first, second = PAIRS[0], PAIRS[1]
    changed = [first, (second.source, second.target.replace("a", "e"))]
    assert changed[1][1] != second.target
    kinds = ([first, second], [second, first], changed, [first], [first, second, second], [])
    assert len({fingerprint(pairs) for pairs in kinds}) == len(kinds)


def test_what_moves_to_another_side_or_pair_changes_it():
    kinds = ([("a b", "c")], [("a", "b c")], [("a", "b"), ("", "c")], [("", "a b c")])
    assert len({fingerprint(pairs) for pairs in kinds}) == len(kinds)


def test_spellings_that_a_model_reads_alike_have_one_fingerprint():
    plain, spelled = [("l'été !", "summer!")], [("l\u2019e\u0301te\u0301\u202f!", " summer\u200b! ")]
    assert fingerprint(plain) == fingerprint(spelled)
