"""The part of a page that answers while one types, through AppTest."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.examples import EXAMPLES
from pages.kit.translators import Shelf
from tests.apps import type_in


def page() -> None:
    """Says what it is given; outside the fragment it counts how often the whole page ran."""
    import streamlit as st

    from pages.kit.strings import load
    from pages.kit.while_typing import while_typing

    def answer(text: str, is_ready: bool) -> None:
        st.text(f"{text}|{is_ready}")

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    while_typing(answer, load("en"), models=("a", "b"))


def opened() -> AppTest:
    return AppTest.from_function(page).run()


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The models that are loaded."""
    names: set[str] = set()
    monkeypatch.setattr(Shelf, "has", lambda self, wanted: set(wanted) <= names)
    return names


def test_the_answer_gets_the_sentence_and_whether_its_models_are_there(there):
    assert opened().text[-1].value == f"{EXAMPLES[0]}|False"
    there |= {"a"}
    assert opened().text[-1].value.endswith("|False"), "one is missing"
    there |= {"b"}
    app = opened()
    assert app.text[-1].value == f"{EXAMPLES[0]}|True"
    assert type_in(app, "Il pleut.").text[-1].value == "Il pleut.|True"


def test_an_answer_that_fails_is_said(there):
    def broken() -> None:
        from pages.kit.strings import load
        from pages.kit.while_typing import while_typing

        while_typing(lambda text, is_ready: 1 / 0, load("en"), models=())

    app = AppTest.from_function(broken).run()
    assert not app.exception
    assert len(app.error) == 1


def test_when_the_models_have_come_the_whole_page_runs_once_more(monkeypatch):
    asked = iter([False, True, True, True])  # they come between the frame and the fragment
    monkeypatch.setattr(Shelf, "has", lambda self, wanted: next(asked))
    app = opened()
    assert app.session_state["runs"] == 2
    assert app.text[-1].value == f"{EXAMPLES[0]}|True"


def test_what_stands_behind_an_answer_answers_to_the_same_sentence_whatever_fails_before_it(there):
    def several() -> None:
        import streamlit as st

        from pages.kit.sentence import typed
        from pages.kit.strings import load
        from pages.kit.while_typing import while_typing

        def fails() -> None:
            raise ZeroDivisionError

        behind = (fails, lambda: st.text(f"behind: {typed()}"))
        while_typing(lambda text, _: st.text(text), load("en"), models=(), behind=behind)

    app = AppTest.from_function(several).run()
    assert [text.value for text in app.text] == [EXAMPLES[0], f"behind: {EXAMPLES[0]}"]
    assert len(app.error) == 1
    app.session_state["text"] = "Il pleut."
    assert [text.value for text in app.run().text] == ["Il pleut.", "behind: Il pleut."]
