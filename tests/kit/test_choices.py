"""Switches through AppTest: where they start, what the link says of them, and what stays of them."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.choices import link_of

OPTIONS = {"a": "Ah", "b": "Bee", "c": "Sea"}


def page() -> None:
    """One switch of each sort, and the link; what they return goes to the session."""
    import streamlit as st

    from pages.kit import choices

    options = {"a": "Ah", "b": "Bee", "c": "Sea"}
    state = st.session_state
    if state.get("forget"):
        choices.forget("one")
    if state.get("there", True):
        numbers = {"low": 0.0, "high": 1.0, "step": 0.05, "words": "%.2f", "help_text": ""}
        state["found"] = {
            "one": choices.choose("one", "One", options),
            "own": choices.choose("own", "Own", options, start=state.get("start", "b")),
            "some": choices.choose_some("some", "Some", options, ["a", "b"]),
            "on": choices.switch("on", "On", default=False, help_text=""),
            "share": choices.slide("share", "Share", default=0.5, **numbers),
            "seed": choices.count("seed", "Seed", default=1, high=9, help_text="", disabled=False),
        }
    state["link"] = choices.link_of(("one", "own", "some", "on", "share", "seed"))
    choices.write_link("test", ("one", "on"))


DEFAULTS = {"one": "a", "own": "b", "some": ["a", "b"], "on": False, "share": 0.5, "seed": 1}


def opened(state: dict | None = None, **query: str | list[str]) -> AppTest:
    app = AppTest.from_function(page)
    for key, value in query.items():
        app.query_params[key] = value
    for key, value in (state or {}).items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def test_nothing_chosen_is_the_default_which_only_a_start_of_its_own_writes_into_the_link():
    app = opened()
    assert app.session_state["found"] == DEFAULTS
    assert app.session_state["link"] == {"own": ["b"]}


def test_the_link_says_where_every_switch_starts():
    app = opened(one="c", own="a", some=["c", "a"], on="1", share="0.25", seed="7")
    expected = {"one": "c", "own": "a", "some": ["a", "c"], "on": True, "share": 0.25, "seed": 7}
    assert app.session_state["found"] == expected
    assert app.session_state["link"] == {
        "one": ["c"], "own": ["a"], "some": ["a", "c"], "on": ["1"], "share": ["0.25"], "seed": ["7"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        {"one": "z", "own": "z", "share": "2", "seed": "99"},
        {"one": "", "own": "", "share": "nan", "seed": "-1"},
        {"one": "A", "own": "B", "share": "much", "seed": "one"},
    ],
)
def test_what_a_link_cannot_mean_is_the_default(query: dict[str, str]):
    assert opened(**query).session_state["found"] == DEFAULTS


def test_a_choice_is_what_the_switch_returns_and_what_the_link_says_until_it_is_the_default_again():
    app = opened()
    app.segmented_control(key="one").set_value("b").run()
    assert app.session_state["found"]["one"] == "b"
    assert app.session_state["link"]["one"] == ["b"]
    [sent] = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    assert sent == {"codes": {"one": ["b"], "on": []}}
    app.segmented_control(key="one").set_value("a").run()
    assert "one" not in app.session_state["link"]


def test_what_was_chosen_is_still_chosen_when_the_switch_comes_back_and_the_link_keeps_it_meanwhile():
    app = opened()
    app.toggle(key="on").set_value(True).run()
    for there in (False, True):
        app.session_state["there"] = there
        app.run()
        assert app.session_state["link"]["on"] == ["1"]
    assert app.session_state["found"]["on"] is True


def test_a_forgotten_switch_stands_where_the_link_says_again():
    app = opened(one="c")
    app.segmented_control(key="one").set_value("b").run()
    app.session_state["forget"] = True
    app.run()
    assert app.session_state["found"]["one"] == "c"


def test_outside_a_page_nothing_is_linked():
    assert link_of(("one",)) == {}
