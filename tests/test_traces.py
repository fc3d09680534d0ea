import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.errors import TraceError
from s2s.traces import END, Piece, Trace
from tests.small_traces import HIDDEN, trace_of, with_candidates, without_attention, words_of

ARRAYS = (
    "log_probs", "encoder_states", "decoder_states", "attentional_states", "scores", "weights", "contexts"
)  # fmt: skip


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_that_does_not_line_up_is_refused_by_name(name: str) -> None:
    whole = getattr(trace_of(), name)
    wrong_shapes = [whole[:-1], whole[..., None], np.concatenate([whole, whole[:1]])]
    if whole.ndim == 2:
        wrong_shapes += [whole[0], whole[:, :-1]] if name != "decoder_states" else [whole[:-1, :-1]]
    for wrong in wrong_shapes:
        with pytest.raises(TraceError) as caught:
            trace_of(**{name: wrong})
        assert caught.value.key == "trace_shape"


@pytest.mark.parametrize("name", ["fed", "forcing"])
def test_what_was_fed_lines_up_with_what_was_said(name: str) -> None:
    with pytest.raises(TraceError) as caught:
        trace_of(**{name: getattr(trace_of(), name)[:-1]})
    assert caught.value.key == "trace_shape"
    assert caught.value.values["name"] == name


@pytest.mark.parametrize("missing", [["scores"], ["weights"], ["contexts"], ["weights", "contexts"]])
def test_attention_is_given_whole_or_not_at_all(missing: list[str]) -> None:
    with pytest.raises(TraceError) as caught:
        trace_of(**dict.fromkeys(missing))
    assert caught.value.key == "trace_attention_partial"
    assert caught.value.values["missing"] == ", ".join(missing)


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_float32_copies_that_nobody_can_write_to(name: str) -> None:
    given_array = np.array(getattr(trace_of(), name), dtype=np.float64)
    trace = trace_of(**{name: given_array})
    kept = getattr(trace, name)
    given_array += 1
    assert kept.dtype == np.float32
    assert not np.array_equal(kept, given_array)
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 0


@pytest.mark.parametrize("name", ["weights", "scores", "log_probs", "entropy"])
def test_an_alignment_cannot_be_written_to(name: str) -> None:
    for alignment in (words_of(trace_of()), words_of(trace_of()).without_end()):
        with pytest.raises(ValueError, match="read-only"):
            getattr(alignment, name)[0] = 0


@pytest.mark.parametrize("make", [trace_of, without_attention])
def test_json_gives_back_every_bit(make: Any) -> None:
    trace = make()
    again = Trace.from_json(trace.to_json())
    for field in dataclasses.fields(Trace):
        a, b = getattr(trace, field.name), getattr(again, field.name)
        if isinstance(a, np.ndarray):
            assert a.tobytes() == b.tobytes()
            assert a.shape == b.shape
        else:
            assert a == b


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=6, max_size=6))
def test_json_gives_back_any_number(numbers: list[float]) -> None:
    trace = trace_of(log_probs=np.array(numbers, dtype=np.float32))
    assert Trace.from_json(trace.to_json()).log_probs.tobytes() == trace.log_probs.tobytes()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_gives_back_any_text(text: str) -> None:
    trace = trace_of(source=text, edits=(text,))
    again = Trace.from_json(trace.to_json())
    assert (again.source, again.edits) == (text, (text,))


def _changed(**changes: Any) -> str:
    return json.dumps(json.loads(trace_of().to_json()) | changes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        "{}",
        '"text"',
        "[" * 100_000,
        trace_of().to_json()[:-40],
        _changed(source_pieces=None),
        _changed(source_pieces=[["a", 1]]),
        _changed(fed=[7] * 6),
        _changed(decoder_states=None),
        _changed(encoder_states=None),
        _changed(decoder_states=1),
        _changed(log_probs="many"),
        _changed(weights=[[1, 2], [3]]),
        _changed(log_probs=[10**400] * 6),
        _changed(log_probs=[math.nan] * 6),
        _changed(weights=[[math.inf]]),
        _changed(edits=None),
    ],
)
def test_a_damaged_record_is_one_error_that_names_the_file(text: str) -> None:
    with pytest.raises(TraceError, match=r"stored\.json") as caught:
        Trace.from_json(text, path="stored.json")
    assert caught.value.key == "trace_json"


@pytest.mark.parametrize("name", ARRAYS)
def test_a_record_whose_axes_do_not_line_up_is_refused(name: str) -> None:
    record = json.loads(trace_of().to_json())
    with pytest.raises(TraceError):
        Trace.from_json(json.dumps(record | {name: record[name][:-1]}))


def test_what_is_made_on_demand_survives_json_and_may_be_missing_there():
    trace = with_candidates()
    again = Trace.from_json(trace.to_json())
    assert again.candidates == trace.candidates
    assert np.array_equal(again.vocabulary_log_probs, trace.vocabulary_log_probs)
    record = json.loads(trace_of().to_json())
    for name in ("candidates", "vocabulary_log_probs", "posteriors"):
        del record[name]
    assert Trace.from_json(json.dumps(record)).to_json() == trace_of().to_json()


def test_a_trace_says_its_languages_and_an_older_one_is_french_and_english():
    pieces = (Piece("▁l'", 5, 0, 2), Piece("eau", 6, 2, 5), Piece(END, 3, 5, 5))
    values = {"source": "l'eau", "source_pieces": pieces, "encoder_states": np.zeros((3, HIDDEN))}
    values |= dict.fromkeys(("scores", "weights", "contexts"))
    french = trace_of(**values)
    record = json.loads(french.to_json())
    assert (record.pop("source_language"), record.pop("target_language")) == ("fr", "en")
    assert Trace.from_json(json.dumps(record)).languages.codes == ("fr", "en")
    assert [unit.text for unit in french.read()] == ["l'", "eau", END]
    italian = Trace.from_json(json.dumps({**record, "source_language": "it"}))
    assert italian.languages.codes == ("it", "en")
    assert [unit.text for unit in italian.read()] == ["l'eau", END]
    assert Trace.from_json(italian.to_json()).languages.codes == ("it", "en")


@pytest.mark.parametrize("values", [{"candidates": ((),) * 5}, {"vocabulary_log_probs": np.zeros((5, 30))}])
def test_what_is_made_on_demand_lines_up_with_the_steps(values):
    with pytest.raises(TraceError):
        trace_of(**values)
