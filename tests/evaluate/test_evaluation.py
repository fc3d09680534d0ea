import dataclasses
import json
from typing import Any

import pytest

from s2s.errors import DataError
from s2s.evaluate.evaluation import FORMAT, Evaluation
from tests.evaluate.evaluations import EVALUATION, WITHOUT_ATTENTION, WITHOUT_GAP, WITHOUT_TYPED


@pytest.mark.parametrize("evaluation", [EVALUATION, WITHOUT_ATTENTION, WITHOUT_GAP, WITHOUT_TYPED])
def test_json_gives_an_evaluation_back_as_it_was(evaluation: Evaluation):
    assert Evaluation.from_dict(json.loads(json.dumps(evaluation.to_dict()))) == evaluation


def test_the_record_says_its_format_and_has_every_field():
    record = EVALUATION.to_dict()
    assert record.pop("format") == FORMAT
    assert set(record) == {field.name for field in dataclasses.fields(Evaluation)}


def test_a_record_from_before_gaps_were_measured_is_read():
    record = EVALUATION.to_dict()
    del record["gap"]
    assert Evaluation.from_dict(record) == WITHOUT_GAP


def test_a_record_from_before_anything_was_typed_is_read():
    record = EVALUATION.to_dict()
    del record["typed"]
    assert Evaluation.from_dict(record) == WITHOUT_TYPED


def test_a_record_without_a_lexicon_or_without_sentences_to_type_comes_back():
    assert EVALUATION.typed is not None
    words = EVALUATION.typed.word_by_word
    assert words is not None
    over_said = dict.fromkeys(("over_said", "over_said_whole", "over_said_references"))
    without = dataclasses.replace(words, lexicon=None, lexicon_fingerprint=None, **over_said)
    for found in (without, None):
        typed = dataclasses.replace(EVALUATION.typed, word_by_word=found)
        evaluation = dataclasses.replace(EVALUATION, typed=typed)
        assert Evaluation.from_dict(json.loads(json.dumps(evaluation.to_dict()))) == evaluation


def test_a_record_from_before_lengths_had_bands_is_read():
    record = json.loads(json.dumps(EVALUATION.to_dict()))
    del record["chains"]
    for name in ("cell", "direction"):
        del record["setup"][name]
    for score in record["by_length"]:
        for name in ("words", "bleu_band", "chrf_band"):
            del score[name]
    found = Evaluation.from_dict(record)
    assert (found.chains, found.setup.cell, found.setup.direction) == ((), "lstm", "both")
    assert [score.bleu for score in found.by_length] == [score.bleu for score in EVALUATION.by_length]
    assert all(score.bleu_band is None for score in found.by_length)
    assert Evaluation.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@pytest.mark.parametrize(
    "field",
    [field.name for field in dataclasses.fields(Evaluation) if field.name not in ("gap", "chains", "typed")],
)
def test_a_record_that_lacks_something_is_refused_with_its_name(field: str):
    record = EVALUATION.to_dict()
    del record[field]
    with pytest.raises(DataError, match=r"stored\.json") as caught:
        Evaluation.from_dict(record, path="stored.json")
    assert caught.value.key == "evaluation_damaged"


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"setup": None},
        {"bleu": 27.4},
        {"chrf": {"value": 27.4}},
        {"by_length": 5},
        {"by_length": [5]},
        {"gold": []},
        {"gold": {"pairs": 1}},
        {"speed": {"words_per_second": 1}},
        {"gap": {"pairs": 1}},
        {"typed": {"styles": 5, "word_by_word": None}},
        {"typed": {"styles": [], "word_by_word": {"erasure": 1.0}}},
    ],
)
def test_a_record_of_another_shape_is_refused(change: dict[str, Any]):
    with pytest.raises(DataError) as caught:
        Evaluation.from_dict(EVALUATION.to_dict() | change)
    assert caught.value.key == "evaluation_damaged"


@pytest.mark.parametrize("record", [None, 7, [], "text", [1, 2]])
def test_what_is_no_record_at_all_is_refused(record: Any):
    with pytest.raises(DataError):
        Evaluation.from_dict(record)


def test_a_record_of_another_format_is_refused_by_its_format():
    for record, found in ((EVALUATION.to_dict() | {"format": FORMAT + 1}, FORMAT + 1), ({}, "none")):
        with pytest.raises(DataError) as caught:
            Evaluation.from_dict(record, path="old.json")
        assert caught.value.key == "format_foreign"
        assert caught.value.values == {"path": "old.json", "found": found, "expected": FORMAT}
