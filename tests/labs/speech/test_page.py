"""The page of spoken digits through AppTest. What a person does with it is in test_browser.py."""

import json
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.listening import hear, utterance, voices
from pages.labs.speech import measured
from pages.labs.speech.view import SOUNDS, View
from s2s.claims.hearing import digit_by_hand
from s2s.errors import DataError
from s2s.sound.shelf import located, read_card
from s2s.sound.waves import RATE, from_text, listenable, write_wav
from tests.apps import SAY, keep, linked, open_app, panels, run, said

EN = SAY["en"]
open_page = partial(open_app, "speech")


def sent(app: AppTest, view: str) -> dict:
    messages = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    [found] = [message for message in messages if message.get("view") == view]
    return found


def bold(app: AppTest) -> str:
    return "\n".join(part.value for part in app.markdown)


@pytest.mark.parametrize("language", SAY)
def test_it_shows_what_was_heard_of_the_digits_that_a_link_names(language: str):
    say, app = SAY[language], open_page(lang=language, voice="nicolas", digits="815")
    spoken = utterance("nicolas", "815")
    heard = hear(spoken.samples)
    card = panels(app)["heard"]
    assert [word["text"] for word in card["words"]] == [str(digit) for digit in heard.digits]
    drawn = json.loads(card["figure"])
    assert drawn["layout"]["meta"]["rows"] == len(heard.said)
    assert [one["text"] for one in drawn["layout"]["annotations"]] == list("815")
    listed = " ".join(map(str, heard.digits))
    assert any(
        say(f"speech.finding_{how}", heard=listed, truth="8 1 5", wrong=wrong, count=3) in bold(app)
        for how in ("right", "wrong")
        for wrong in range(4)
    )
    assert not any("{" in text for text in (bold(app), *(part.value for part in app.text), card["spoken"]))
    query = {name: codes for name, codes in linked(app).items() if codes}
    assert query["voice"] == ["nicolas"]
    assert query["digits"] == ["815"]


def test_the_sound_that_is_played_is_the_one_that_was_heard_with_a_part_for_each_digit():
    app, spoken = open_page(voice="george", digits="42"), utterance("george", "42")
    sound = sent(app, "sound")
    np.testing.assert_allclose(from_text(sound["samples"]), spoken.samples, atol=1e-4)
    assert sound["rate"] == RATE
    assert [part["name"] for part in sound["parts"]] == ["4", "2"]
    for part, one in zip(sound["parts"], spoken.spoken, strict=True):
        assert (part["start"], part["end"]) == one.seconds
    heard = hear(spoken.samples)
    [rows] = sound["rows"].values()
    assert [(row["start"], row["end"]) for row in rows] == [
        heard.looked_at(k) for k in range(len(heard.said))
    ]
    assert len(sound["states"]) == len(heard.encoder_states)


@pytest.mark.parametrize("digits", ["", "abc", "💥", "00000000000000000000", "1-2", "<b>7</b>"])
def test_any_text_gets_digits(digits: str):
    app = open_page(digits=digits)
    shown = app.text_input(key="digits").value
    assert shown == (
        "40728" if not any(sign.isdigit() for sign in digits) else "".join(filter(str.isdigit, digits))[:8]
    )
    assert "heard" in panels(app)


def test_nonsense_in_a_link_is_the_first_utterance():
    app = open_page(voice="nobody", sound="radio", **{"fed-step": "99", "fed-digit": "-1"})
    assert not any(linked(app)[name] for name in ("voice", "sound", "fed-step", "fed-digit"))


def test_shuffle_chooses_another_utterance():
    app = open_page()
    app.button(key="speech-shuffle").click()
    run(app)
    assert app.text_input(key="digits").value != "40728" or app.selectbox(key="voice").value != voices()[0]
    assert 3 <= len(app.text_input(key="digits").value) <= 8


def test_a_digit_fed_by_hand_is_shown_with_what_comes_of_it():
    app = open_page(digits="40728", **{"fed-step": "2", "fed-digit": "5"})
    spoken = utterance(voices()[0], "40728")
    fed, before = hear(spoken.samples, by_hand=((2, 5),)), hear(spoken.samples)
    card = panels(app)["speech-fed"]
    assert [word["text"] for word in card["words"]] == [str(digit) for digit in fed.digits]
    assert set(sent(app, "sound")["rows"]) == {"pin-speech", "pin-speech-fed"}
    found = digit_by_hand(before, fed, 2)
    outcome = "changed" if found.holds else "same"
    numbers = {name: f"{value:.0f}" for name, value in found.values.items()}
    assert EN(f"speech.by_hand_{outcome}", digit=5, was=before.digits[1], **numbers) in bold(app)
    same = keep(app, View, fed_digit=before.digits[1])
    assert "speech-fed" not in panels(same)
    assert EN("speech.by_hand_own", digit=before.digits[1]) in said(same)


def test_one_s_own_sound_is_heard_and_has_no_truth_and_no_link():
    app = open_page(sound="microphone")
    assert "heard" not in panels(app)
    assert any(EN("speech.own_how", seconds=20) in caption.value for caption in app.caption)
    samples = utterance("jackson", "306").samples
    app.audio_input(key="speech-microphone").set_value(("me.wav", write_wav(0.1 * samples), "audio/wav"))
    card = panels(run(app))["heard"]
    assert "".join(word["text"] for word in card["words"]) == "306"
    assert not json.loads(card["figure"])["layout"]["annotations"]
    assert sent(app, "sound")["parts"] == []
    assert not linked(app)["digits"]


def upload(app: AppTest, data: bytes, name: str = "said.wav") -> AppTest:
    app.file_uploader(key="speech-file").set_value((name, data, "audio/wav"))
    return run(app)


REFUSED = {
    "sound_empty": b"",
    "sound_not_wav": b"x" * 100,
    "sound_silent": write_wav(np.zeros(RATE, np.float32)),
    "sound_too_short": write_wav(np.ones(10, np.float32)),
    "sound_too_long": write_wav(np.resize(np.float32([0.5, -0.5]), 21 * RATE)),
}


@pytest.mark.parametrize("key", REFUSED)
@pytest.mark.parametrize("language", SAY)
def test_a_file_that_cannot_be_heard_gets_one_sentence(language: str, key: str):
    with pytest.raises(DataError) as error:
        listenable(REFUSED[key])
    assert error.value.key == key
    app = upload(open_page(lang=language, sound="file"), REFUSED[key])
    assert SAY[language].error(error.value) in said(app)
    assert "heard" not in panels(app)


def test_a_file_is_heard():
    app = upload(open_page(sound="file"), write_wav(utterance("george", "77").samples))
    assert panels(app)["heard"]["origin"]["sentence"] == "77"


def test_a_voice_that_is_unlike_the_five_is_told_so(monkeypatch: pytest.MonkeyPatch):
    told = EN("speech.unlike", found="", limit="").split(":")[0]
    assert told not in said(open_page())
    monkeypatch.setattr("pages.labs.speech.lab.sureness_limit", lambda: 1.01)
    assert told in said(open_page())


def test_the_table_has_the_figures_of_the_card():
    folder = located()
    assert folder is not None
    card = read_card(folder)[1]
    (table,) = open_page(lang="en").table
    for where in card.measured:
        column = table.value[EN(f"speech.on_{where}")]
        assert column[EN("speech.measured_wer")] == f"{100 * card.measured[where]['wer']:.1f}%"
    assert measured.sureness_limit() == card.measured["dev"]["sure"]


def test_every_source_of_sound_and_every_voice_has_a_name():
    for say in SAY.values():
        for name in SOUNDS:
            assert say(f"speech.from_{name}")
        for name in voices():
            assert say(f"speech.voice_{name}")
