"""Work in steps through AppTest: what is told, and that it can be stopped and gone on with."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import stoppable
from pages.kit.strings import load

EN = load("en")


def page() -> None:
    """Five steps. In the one called `press` somebody presses the button, as a click in the browser does."""
    import streamlit as st

    from pages.kit import stoppable
    from pages.kit.strings import load

    asked = st.session_state.setdefault("asked", "first")
    st.session_state["seen"] = []
    work, room = stoppable.Work("test", asked), st.empty()
    for task in stoppable.in_steps(range(5), work=work, room=room, told="bottleneck.judging", say=load("en")):
        st.session_state["seen"].append(task)
        if st.session_state.get("press") == task:
            del st.session_state["press"]
            stoppable._stop(stoppable.Work("test", st.session_state.get("pressed", asked)))
            st.rerun()
    room.text("over")


def opened(**state: object) -> AppTest:
    app = AppTest.from_function(page)
    for key, value in state.items():
        app.session_state[key] = value
    return app.run()


def test_every_step_is_done_and_the_room_is_the_callers_again():
    app = opened()
    assert app.session_state["seen"] == [0, 1, 2, 3, 4]
    assert [text.value for text in app.text] == ["over"]
    assert not app.button


@pytest.mark.parametrize("step", [1, 2, 4])
def test_what_was_stopped_has_the_steps_that_were_done_and_goes_on_when_asked(step):
    app = opened(press=step)
    assert app.session_state["seen"] == list(range(step))
    assert [text.value for text in app.text] == ["over", EN("steps.stopped", done=step, count=5)]
    app.run()
    assert app.session_state["seen"] == list(range(step)), "it stays stopped"
    app.button(key="test-go-on").click().run()
    assert app.session_state["seen"] == [0, 1, 2, 3, 4]
    assert not app.button


def test_another_question_in_the_same_place_is_not_stopped():
    app = opened(press=2)
    app.session_state["asked"] = "second"
    app.run()
    assert app.session_state["seen"] == [0, 1, 2, 3, 4]


def test_a_click_on_the_button_of_a_question_that_has_changed_stops_nothing():
    app = opened(press=2, pressed="an older one")
    assert app.session_state["seen"] == [0, 1, 2, 3, 4]


def test_a_bar_with_a_button_comes_when_it_takes_long(monkeypatch):
    told = []
    monkeypatch.setattr(stoppable, "_PATIENCE", -1.0)
    monkeypatch.setattr(stoppable.st, "button", lambda label, **how: told.append((label, how["key"])))
    app = opened()
    assert app.session_state["seen"] == [0, 1, 2, 3, 4]
    assert told == [(EN("steps.stop"), "test-stop")], "once"
