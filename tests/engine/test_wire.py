"""Questions and answers as bytes: they come back as they were, and nothing else comes back."""

import dataclasses
import json
import struct
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from s2s.data.tokenizer import Tokenizer
from s2s.engine.questions import Compare, Explain, Request, Translate, Work, WorkHeads
from s2s.engine.wire import (
    ANSWERS,
    GetHeadParameters,
    GetParameters,
    Refusal,
    learned_of,
    pack,
    pack_answer,
    pack_request,
    unpack,
    unpack_answer,
    unpack_request,
)
from s2s.errors import CheckpointError, ConfigError, DataError, S2SError
from s2s.evaluate.divergence import Injection, Regimes
from s2s.traces import Candidate, Piece, Trace
from s2s.translator import Translator
from tests.engine.engines import QUESTIONS, WEIGHTS, assert_same
from tests.sentences import PAIRS
from tests.tiny_transformer import tiny_transformer
from tests.translators import Named, any_text

TEXT = Translate("Il pleut.")


@pytest.mark.parametrize("question", [*QUESTIONS, GetParameters()])
@pytest.mark.parametrize("attention", ["none", "concat"])
def test_every_question_and_its_answer_come_back_bit_for_bit(untrained: Named, attention, question):
    translator, _ = untrained(attention)
    request = Request(translator.name, question, "")
    assert_same(unpack_request(pack_request(request)), request)
    answer = question.of(translator)
    data = pack_answer(request, WEIGHTS, answer)
    given_parameters = translator.parameters if isinstance(question, Work) else None
    assert_same(unpack_answer(data, request, WEIGHTS, given_parameters), answer)


def test_parameters_do_not_travel_with_every_answer(untrained: Named):
    translator, _ = untrained("general")
    request = Request(translator.name, Work("Il pleut."), "")
    data = pack_answer(request, WEIGHTS, request.question.of(translator))
    assert unpack_answer(data, request, WEIGHTS, translator.parameters).parameters is translator.parameters
    with pytest.raises(ValueError, match="Parameters"):
        unpack_answer(data, request, WEIGHTS)


def test_what_a_transformer_computed_travels_without_what_it_learned(
    tokenizers: tuple[Tokenizer, Tokenizer],
):
    translator = tiny_transformer(tokenizers)
    request = Request(translator.name, WorkHeads("Il pleut."), "")
    assert_same(unpack_request(pack_request(request)), request)
    answer = request.question.of(translator)
    data = pack_answer(request, WEIGHTS, answer)
    assert_same(unpack_answer(data, request, WEIGHTS, translator.head_parameters), answer)
    with pytest.raises(ValueError, match="HeadParameters"):
        unpack_answer(data, request, WEIGHTS)
    learned = request._replace(question=learned_of(request.question))
    assert learned.question == GetHeadParameters()
    data = pack_answer(learned, WEIGHTS, translator.head_parameters)
    assert_same(unpack_answer(data, learned, WEIGHTS), translator.head_parameters)


@given(text=any_text, guess=any_text, target=any_text)
def test_any_text_can_be_asked(text, guess, target):
    request = Request("some/model", Explain(text, target), guess)
    assert unpack_request(pack_request(request)) == request


@given(data=st.binary(max_size=200))
def test_bytes_that_are_no_message_are_refused(data):
    for read in (unpack_request, lambda given: unpack(given, Trace)):
        with pytest.raises(ValueError):  # noqa: PT011  it says what was wrong in many ways
            read(data)


@settings(max_examples=300)
@given(place=st.integers(0, 10**9), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_message_is_refused_or_is_of_the_same_type(translator: Translator, place, byte, cut):
    whole = pack(translator.translate("Il pleut."))
    place %= len(whole)
    damaged = whole[:place] if cut else whole[:place] + bytes([byte]) + whole[place + 1 :]
    try:
        found = unpack(damaged, Trace)
    except ValueError:
        return
    assert type(found) is Trace
    assert all(type(piece) is Piece for piece in found.source_pieces)


@pytest.mark.parametrize(
    ("value", "declared"),
    [
        (7, str), ("7", int), (True, int), (1, bool), (None, str), ([1], tuple[int, int]),
        ([1, "2"], tuple[int, ...]),
        (["a", 1, 2], Piece), (["a", 1, 2.0, 3], Piece), (["a", 1, "x"], Candidate), ({}, Trace),
        ({"model": "m"}, Trace), (5, Regimes), ("free", Trace), (3, dict), ("x", bytes),
    ],
)  # fmt: skip
def test_a_value_of_another_type_than_the_declared_one_is_refused(value, declared):
    with pytest.raises(ValueError, match=r"is no|has \d parts|does not have the fields"):
        unpack(pack(tuple(value) if isinstance(value, list) else value), declared)


def changed(data: bytes, change: Callable[[dict], None]) -> bytes:
    arrays = load(data)
    change(arrays)
    return save(arrays)


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: arrays.pop("0"),
        lambda arrays: arrays.update(more=np.zeros(3, np.float32)),
        lambda arrays: arrays.update({"0": arrays["0"].astype(np.float64)}),
        lambda arrays: arrays.update({"0": arrays["0"][:-1]}),
        lambda arrays: arrays.update({"1": np.zeros((), np.float32)}),
        lambda arrays: arrays.pop("record"),
        lambda arrays: arrays.update(record=arrays["record"].astype(np.float32)),
        lambda arrays: arrays.update(record=np.frombuffer(b"[" * 100_000, np.uint8)),
        lambda arrays: arrays.update(record=np.frombuffer(b"NaN", np.uint8)),
    ],
)
def test_arrays_that_are_not_those_of_the_record_are_refused(translator: Translator, change):
    data = pack(translator.translate("Il pleut."))
    assert unpack(changed(data, lambda _: None), Trace).source == "Il pleut."
    with pytest.raises(ValueError):  # noqa: PT011
        unpack(changed(data, change), Trace)


def test_what_is_unpacked_cannot_be_written_to_and_keeps_nothing_else(translator: Translator):
    regimes = translator.compare("Il pleut.")
    found = unpack(pack(regimes), Regimes)
    for array in (found.divergence.kl, found.free.decoder_states):
        assert not array.flags.writeable
        assert array.base is None or array.base.nbytes == array.nbytes


@pytest.mark.parametrize(
    "error",
    [
        DataError("length_over_limit", found=300, limit=200),
        ConfigError("setting_out_of_range", name="ratio", value=1.5, low=0, high=1),
        CheckpointError("part_missing", path="x/y"),
        S2SError("unforeseen", number=123456),
    ],
)
def test_an_error_comes_back_as_the_error_it_was(error):
    request = Request("m", TEXT, "")
    with pytest.raises(type(error)) as caught:
        unpack_answer(pack_answer(request, WEIGHTS, error), request, WEIGHTS)
    assert (type(caught.value), str(caught.value)) == (type(error), str(error))
    assert caught.value.values == error.values


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal("KeyboardInterrupt", "unforeseen", (("number", 1),)),
        Refusal("DataError", "no such key", ()),
        Refusal("DataError", "length_over_limit", ()),
        Refusal("DataError", "length_over_limit", (("key", 1), ("found", 1), ("limit", 1))),
    ],
)
def test_an_error_that_there_is_none_of_is_refused(refusal):
    with pytest.raises(ValueError, match="is no error"):
        refusal.error()


def test_an_answer_to_another_question_is_refused(translator: Translator):
    request = Request(translator.name, TEXT, "")
    answer = translator.translate(TEXT.text)
    for other in (
        request._replace(question=Translate("Il neige.")),
        request._replace(question=Work(TEXT.text)),
        request._replace(model="other"),
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            unpack_answer(pack_answer(other, WEIGHTS, answer), request, WEIGHTS)
    with pytest.raises(ValueError, match="other weights"):
        unpack_answer(pack_answer(request, "1" * 64, answer), request, WEIGHTS)
    with pytest.raises(ValueError, match="no answer"):
        unpack_answer(pack_answer(request, WEIGHTS, None), request, WEIGHTS)
    swapped = dataclasses.replace(answer, source="Il neige.")
    with pytest.raises(ValueError, match="another text"):
        unpack_answer(pack_answer(request, WEIGHTS, swapped), request, WEIGHTS)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: {"divergence": dataclasses.replace(r.divergence, kl=r.divergence.kl[1:])},
        lambda r: {"divergence": dataclasses.replace(r.divergence, distance=r.divergence.distance[:, None])},
        lambda r: {"reference_log_probs": (r.reference_log_probs[0], r.reference_log_probs[1][1:])},
        lambda r: {"effects": (dataclasses.replace(r.effects[0], start=r.effects[0].start - 1), None)},
        lambda r: {"effects": (dataclasses.replace(r.effects[0], changed=()), r.effects[1])},
        lambda r: {"wanted": r.wanted[:1]},
        lambda r: {"free": dataclasses.replace(r.free, source="Il neige.")},
    ],
)
def test_a_comparison_whose_parts_do_not_belong_together_is_refused(translator: Translator, change):
    question = Compare(PAIRS[2].source, PAIRS[3].target, 0.0, 1, Injection(2, "dog"))
    request = Request(translator.name, question, "")
    answer = question.of(translator)
    assert answer.effects[0] is not None
    assert_same(unpack_answer(pack_answer(request, WEIGHTS, answer), request, WEIGHTS), answer)
    data = pack_answer(request, WEIGHTS, dataclasses.replace(answer, **change(answer)))
    with pytest.raises(ValueError, match="another"):
        unpack_answer(data, request, WEIGHTS)


def test_a_question_that_there_is_none_of_is_refused():
    for kind in ("Question", "of", "__class__"):
        with pytest.raises(ValueError, match="there is no question"):
            unpack_request(json.dumps(["m", kind, ["x"], ""]).encode())
    with pytest.raises(ValueError, match="nested"):
        unpack_request(b"[" * 100_000)


def test_a_header_that_says_more_than_there_is_asks_for_no_memory():
    header = json.dumps(
        {"record": {"dtype": "U8", "shape": [1 << 50], "data_offsets": [0, 1 << 50]}}
    ).encode()
    with pytest.raises(ValueError, match="Safetensor"):
        unpack(struct.pack("<Q", len(header)) + header, Trace)


def test_every_question_that_can_be_asked_says_its_name():
    assert {name: kind.__name__ for name, (kind, _) in ANSWERS.items()} == {name: name for name in ANSWERS}
