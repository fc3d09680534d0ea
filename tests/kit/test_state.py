"""Views through AppTest and by themselves: where fields start, what the link says of them, and what stays."""

import json
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from pages.kit import family, frame
from pages.kit.state import Number, OneOf, SomeOf, Switch, chosen, fields_of, from_link, to_link
from pages.labs import LABS
from pages.labs.forcing.view import Trained, Word
from pages.labs.parallel.view import Words
from pages.labs.speech.view import Digits
from pages.labs.walkthrough.view import Places
from s2s.sound.utterances import LONGEST


def page() -> None:
    """A widget of each sort, and the link; what they say goes to the session."""
    from dataclasses import dataclass

    import streamlit as st

    from pages.kit import state

    session = st.session_state
    words = {code: code.upper() for code in session.get("offered", "abc")}

    @dataclass(frozen=True)
    class View:
        one: str = state.chosen(state.OneOf(lambda: words))
        listed: str = state.chosen(state.OneOf("abc"))
        own: str = state.chosen(state.OneOf(("b", "a"), is_always_linked=True))
        some: tuple[str, ...] = state.chosen(state.SomeOf(lambda: words, ("a", "b")))
        on: bool = state.chosen(state.Switch(False))
        share: float = state.chosen(state.Number(0.5, 0.0, 1.0, step=0.05))
        seed: int = state.chosen(state.Number(1, 0, 9), link="number")
        place: int | None = state.chosen(state.Number(None, 0, 9))

    View.__module__ = "page"  # of "__main__", as it is here, no component can be called
    if "kept" in session:
        state.keep(View, **session.pop("kept"))
    view = state.read(View)
    session["found"], session["link"] = vars(view), state.to_link(view)
    state.write_link(view)
    if session.get("there", True):
        state.choose(view, "one", "One", words)
        state.choose(view, "own", "Own", {"a": "Ah", "b": "Bee"})
        state.choose_some(view, "some", "Some", words)
        state.switch(view, "on", "On", help_text="")
        state.slide(view, "share", "Share", words="%.2f", help_text="")
        state.count(view, "seed", "Seed", help_text="")
        session["taken"] = state.choose_from_list(view, "listed", "Listed", words)
        session["placed"] = state.choose(view, "place", "Place", {2: "two", 3: "three"}, start=3)


DEFAULTS = {
    "one": "a", "listed": "a", "own": "b", "some": ("a", "b"), "on": False, "share": 0.5, "seed": 1,
    "place": None,
}  # fmt: skip
NOTHING = {name: [] for name in ("one", "listed", "some", "on", "share", "number", "place")} | {"own": ["b"]}


def opened(state: dict | None = None, **query: str | list[str]) -> AppTest:
    app = AppTest.from_function(page)
    for key, value in query.items():
        app.query_params[key] = value
    return run(app, **(state or {}))


def run(app: AppTest, **state: object) -> AppTest:
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def test_nothing_chosen_is_the_default_of_which_the_link_says_only_what_may_differ_elsewhere():
    app = opened()
    assert app.session_state["found"] == DEFAULTS
    assert app.session_state["link"] == NOTHING


def test_the_link_says_where_every_widget_starts():
    query = {
        "one": "c",
        "listed": "b",
        "own": "a",
        "some": ["c", "a"],
        "on": "1",
        "share": "0.25",
        "number": "7",
        "place": "2",
    }
    app = opened(**query)
    assert app.session_state["found"] == {
        "one": "c", "listed": "b", "own": "a", "some": ("a", "c"), "on": True, "share": 0.25,
        "seed": 7, "place": 2,
    }  # fmt: skip
    assert app.session_state["link"] == {
        name: sorted(codes) if name == "some" else [codes] for name, codes in query.items()
    }
    assert [app.segmented_control(key=key).value for key in ("one", "own", "place")] == ["c", "a", 2]
    assert app.selectbox(key="listed").value == app.session_state["taken"] == "b"
    assert app.pills(key="some").value == ["a", "c"]
    assert app.toggle(key="on").value is True
    assert (app.slider(key="share").value, app.number_input(key="number").value) == (0.25, 7)


def test_a_choice_is_what_the_view_and_the_link_say_until_it_is_the_default_again():
    app = opened()
    app.segmented_control(key="one").set_value("b")
    run(app)
    assert app.session_state["found"]["one"] == "b"
    [sent] = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    assert sent == {"codes": NOTHING | {"one": ["b"]}}
    app.segmented_control(key="one").set_value("a")
    run(app)
    assert app.session_state["link"] == NOTHING


def test_every_widget_keeps_what_is_chosen_with_it():
    app = opened()
    app.selectbox(key="listed").set_value("c")
    app.pills(key="some").set_value(["c"])
    app.toggle(key="on").set_value(True)
    app.slider(key="share").set_value(0.75)
    app.number_input(key="number").set_value(8)
    app.segmented_control(key="place").set_value(2)
    run(app)
    found = {"listed": "c", "some": ("c",), "on": True, "share": 0.75, "seed": 8, "place": 2}
    assert app.session_state["found"] == DEFAULTS | found
    assert app.session_state["placed"] == 2


def test_what_was_chosen_is_still_chosen_when_the_widget_comes_back_and_the_link_keeps_it_meanwhile():
    app = opened()
    app.toggle(key="on").set_value(True)
    run(app)
    for there in (False, True):
        run(app, there=there)
        assert app.session_state["link"]["on"] == ["1"]
    assert app.toggle(key="on").value is True


def test_what_is_offered_no_more_is_chosen_no_more_until_it_comes_back():
    app = opened(one="c", some=["b", "c"])
    run(app, offered="ab")
    assert app.session_state["found"] == DEFAULTS | {"some": ("b",)}
    assert (app.segmented_control(key="one").value, app.pills(key="some").value) == ("a", ["b"])
    run(app, offered="abc")
    assert (app.segmented_control(key="one").value, app.pills(key="some").value) == ("c", ["b", "c"])


def test_of_a_list_that_lacks_what_is_chosen_the_first_is_taken_until_it_comes_back():
    app = opened(listed="c")
    run(app, offered="ba")
    assert app.selectbox(key="listed").value == app.session_state["taken"] == "b"
    run(app, offered="abc")
    assert app.selectbox(key="listed").value == app.session_state["taken"] == "c"


def test_a_place_that_is_not_there_gives_way_to_where_it_starts():
    app = opened(place="7")
    assert app.session_state["placed"] == app.segmented_control(key="place").value == 3
    assert app.session_state["link"]["place"] == ["7"], "it is there again in another sentence"


def test_what_a_browser_says_is_checked_and_shown_by_the_widget():
    app = run(opened(), kept={"one": "b", "share": 0.1, "seed": 10**9, "on": "yes"})
    assert app.session_state["found"] == DEFAULTS | {"one": "b", "share": 0.1}
    assert (app.segmented_control(key="one").value, app.slider(key="share").value) == ("b", 0.1)
    assert app.number_input(key="number").value == 1


# The Views of the app


def of(lab: str) -> list[type]:
    """The Views of a laboratory."""
    if not Path(import_module(f"pages.labs.{lab}").__path__[0], "view.py").is_file():
        return []
    return [import_module(f"pages.labs.{lab}.view").View]


VIEWS = [frame.View, family.OneModel, *(view for lab in LABS for view in of(lab.name))]


def values(choice: object) -> st.SearchStrategy[Any]:
    """What may be chosen, as the choice's own fields say."""
    if isinstance(choice, OneOf):
        return st.sampled_from(offered(choice))
    if isinstance(choice, SomeOf):
        codes = offered(choice)
        return st.sets(st.sampled_from(codes)).map(lambda some: tuple(c for c in codes if c in some))
    if isinstance(choice, Switch):
        return st.booleans()
    if isinstance(choice, Number):
        kind = st.integers if isinstance(choice.low, int) else st.floats
        numbers = kind(choice.low, choice.high)
        return numbers if choice.default is not None else numbers | st.none()
    if isinstance(choice, Word):
        return st.text().map(str.strip)
    if isinstance(choice, Trained):
        some = st.permutations(list(family.trained()))
        return some.flatmap(lambda codes: st.integers(0, 2).map(lambda count: tuple(codes[:count])))
    if isinstance(choice, Digits):
        return st.text("0123456789", min_size=1, max_size=LONGEST)
    if isinstance(choice, Words):
        return st.lists(st.text("abcé", min_size=1)).map(" ".join)
    assert isinstance(choice, Places)
    return st.sets(st.integers(0, 9999)).map(lambda places: tuple(sorted(places)))


def offered(choice: OneOf | SomeOf) -> list[str]:
    return list(choice.offered() if callable(choice.offered) else choice.offered)


def views(view: type) -> st.SearchStrategy[Any]:
    return st.builds(view, **{name: values(one.choice) for name, one in fields_of(view).items()})


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__module__)
@given(data=st.data())
def test_a_link_of_a_view_leads_to_the_same_view(view: type, data: st.DataObject):
    found = data.draw(views(view))
    assert from_link(view, to_link(found)) == found


NUMBERS = st.floats().map(str) | st.integers().map(str)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__module__)
@given(data=st.data())
def test_any_link_leads_to_a_view_that_a_reader_can_choose(view: type, data: st.DataObject):
    some = [
        code
        for one in fields_of(view).values()
        if hasattr(one.choice, "offered")
        for code in offered(one.choice)
    ]
    code = st.text() | NUMBERS | st.sampled_from([*some, "", "0", "1", "1.x..9", "²", "9" * 5000])
    links = [one.link for one in fields_of(view).values()]
    found = from_link(view, data.draw(st.dictionaries(st.sampled_from(links), st.lists(code))))
    for name, (choice, _, _) in fields_of(view).items():
        assert may_be_chosen(choice, getattr(found, name)), name


def may_be_chosen(choice: object, value: Any) -> bool:
    if isinstance(choice, OneOf):
        return value in offered(choice)
    if isinstance(choice, SomeOf):
        return value == tuple(code for code in offered(choice) if code in value)
    if isinstance(choice, Switch):
        return type(value) is bool
    if isinstance(choice, Number):
        is_within = type(value) is type(choice.low) and choice.low <= value <= choice.high
        return is_within or value is choice.default
    if isinstance(choice, Word):
        return value == value.strip()
    if isinstance(choice, Trained):
        return len(set(value)) == len(value) <= 2 and set(value) <= family.trained().keys()
    if isinstance(choice, Digits):
        return 1 <= len(value) <= LONGEST and value.isdecimal() and value.isascii()
    if isinstance(choice, Words):
        return value == " ".join(value.split())
    assert isinstance(choice, Places)
    return list(value) == sorted(set(value)) and all(0 <= place <= 9999 for place in value)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__module__)
def test_a_view_without_a_link_is_its_default(view: type):
    assert is_dataclass(view)
    assert from_link(view, {}) == view()


def test_laboratories_share_what_they_inherit_and_nothing_else():
    kept: dict[str, type] = {}
    for view in VIEWS:
        for name, one in fields_of(view).items():
            owner = kept.setdefault(one.kept, view)
            assert owner is view or issubclass(view, owner), name
    assert fields_of(of("forcing")[0])["model"] == fields_of(family.OneModel)["model"]


def test_a_view_cannot_be_changed():
    @dataclass(frozen=True)
    class Small:
        on: bool = chosen(Switch(True))

    assert [one.name for one in fields(Small)] == ["on"]
    with pytest.raises(AttributeError):
        Small().on = False  # type: ignore[misc]
