"""What pages share that show a sound."""

import json

import numpy as np
import pytest

from pages.kit.frame import Frame
from pages.kit.listening import (
    code_of,
    code_of_file,
    hear,
    judged,
    panel,
    recordings,
    span,
    utterance,
    voices,
)
from pages.kit.strings import load
from pages.kit.wire import sent
from s2s.engine.questions import Listen, Request
from s2s.engine.wire import pack_answer, pack_request, unpack_answer, unpack_request
from s2s.errors import CheckpointError
from s2s.figures.palette import LIGHT
from s2s.sound import shelf
from s2s.sound.waves import from_text, to_text, write_wav
from tests.speech.shipped import recogniser

FRAME = Frame(load("en"), LIGHT, False)
SAID = utterance("lucas", "3150")


def test_what_is_heard_on_a_page_is_what_the_model_hears():
    found = hear(SAID.samples)
    expected = recogniser().listen(from_text(to_text(SAID.samples)))
    assert found.said == expected.said
    np.testing.assert_allclose(found.weights, expected.weights, atol=1e-6)
    fed = hear(SAID.samples, by_hand=((1, 9),))
    assert fed.fed[1] == 9


def test_a_hearing_travels_between_processes_as_it_is():
    request = Request(shelf.MODEL, Listen(to_text(SAID.samples), ((1, 4), (2, 0)), 6), "")
    assert unpack_request(pack_request(request)) == request
    answer = request.question.of(recogniser())
    found = unpack_answer(pack_answer(request, "w", answer), request, "w")
    assert found.said == answer.said
    assert found.by_hand == answer.by_hand == (1, 2)
    for name in ("weights", "scores", "edges", "frames", "encoder_states", "probabilities"):
        np.testing.assert_array_equal(getattr(found, name), getattr(answer, name))


def test_a_card_shows_the_numbers_of_the_record():
    heard = hear(SAID.samples)
    card = panel(heard, SAID.spoken, FRAME, code=code_of("lucas", "3150"))
    assert [word.text for word in card.words] == [str(digit) for digit in heard.digits]
    for word in card.words:
        assert word.row is not None
        assert word.probability == pytest.approx(heard.probabilities[word.row, int(word.text)])
    assert card.numbers is not None
    assert len(card.numbers.source) == len(set(card.numbers.source_keys)) == len(heard.encoder_states)
    assert len(card.numbers.target) == len(set(card.numbers.target_keys)) == len(heard.said)
    assert card.numbers.source[0] == span(*heard.edges[:2].tolist())
    found = judged(heard, SAID.spoken)
    assert [fact.value for fact in card.facts][:3] == [
        f"{found.errors.total} of 4", f"{100 * found.looks.inside:.0f}%",
        f"{found.looks.peaks} of {found.looks.steps}",
    ]  # fmt: skip
    assert all(str(digit) in card.spoken for digit in heard.digits)
    assert json.loads(json.dumps(sent(card)))["name"] == "heard"


def test_a_sound_that_nobody_knows_has_no_facts_about_the_truth():
    card = panel(hear(SAID.samples), (), FRAME)
    assert [fact.label for fact in card.facts] == [FRAME.say("listening.sure")]


def test_the_lines_of_python_make_the_picture(tmp_path, monkeypatch: pytest.MonkeyPatch):
    card = panel(hear(SAID.samples), SAID.spoken, FRAME)
    names: dict[str, object] = {}
    exec(compile(code_of("lucas", "3150"), "notebook", "exec"), names)
    assert card.figure is not None
    np.testing.assert_allclose(names["figure"].data[0].z, card.figure.data[0]["z"], atol=2e-2)
    assert len(names["figure"].layout.shapes) == len(card.figure.layout["shapes"])
    (tmp_path / "recording.wav").write_bytes(write_wav(SAID.samples))
    monkeypatch.chdir(tmp_path)
    exec(compile(code_of_file(), "notebook", "exec"), names)
    np.testing.assert_allclose(names["figure"].data[0].z, card.figure.data[0]["z"], atol=5e-2)


def test_without_the_model_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setattr(shelf, "SHIPPED", tmp_path)
    with pytest.raises(CheckpointError):
        hear(SAID.samples)


def test_the_recordings_are_of_all_voices():
    assert {one.speaker for one in recordings()} == set(voices())
    assert utterance(voices()[0], "00").digits == (0, 0)
