"""A lesson through AppTest: each step opens its laboratory as it wants it, and what the reader does stays."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import lesson as lessons
from pages.kit.examples import EXAMPLES
from pages.kit.lesson import Lesson, Question, Step, to_code
from pages.kit.lesson_strip import Strip, step_link
from pages.kit.strings import LANGUAGES
from pages.kit.translators import shelf
from s2s import catalog
from tests.apps import SAY, open_app, run, type_in, until

[LECTURE] = lessons.shipped().values()


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    shelf().load_in_background()
    until(lambda: shelf().has(catalog.shipped()))


def strip(app: AppTest) -> dict:
    [found] = [
        data
        for one in app.get("bidi_component")
        if (data := json.loads(one.proto.json)).get("view") == "lesson"
    ]
    assert found.keys() == set(Strip._fields)
    return found


def opened(at: int, page: str = "", **query: str) -> AppTest:
    """By the link that the step before leads to."""
    step = LECTURE.steps[at - 1]
    page = page or ("" if step.page == "alignments" else step.page)
    return open_app(page, **step_link("lecture", LECTURE, at), **query)


@pytest.mark.parametrize("at", range(1, len(LECTURE.steps) + 1))
def test_every_step_opens_without_a_fault_as_it_is_wanted(at: int):
    language = list(LANGUAGES)[at % 2]
    app = opened(at, lang=language)
    step, found = LECTURE.steps[at - 1], strip(app)
    assert (found["at"], found["is_here"], found["wanted"]) == (at, True, False)
    assert found["heading"] in (step.title[language], step.group.get(language))
    assert found["quiz"]["asks"]
    assert not found["quiz"]["reason"]
    assert len(found["outline"]) == len(LECTURE.steps)
    codes = {}
    for one in app.get("bidi_component"):
        codes |= json.loads(one.proto.json).get("codes", {})
    for name, wanted in step.view.items():
        assert codes.get(name) in (list(wanted), []), "as the step wants it, or as it is anyway"


@pytest.mark.parametrize("at", [9, 11])
def test_what_is_asked_of_a_walk_is_asked_of_the_step_that_it_shows(at: int):
    app = opened(at, lang="en")
    [walk] = [data for one in app.get("bidi_component")
              if (data := json.loads(one.proto.json)).get("view") == "stages"]  # fmt: skip
    [column] = walk["columns"]
    [word] = [one for one in column["words"] if column["step"] in [step for _, step in one["pieces"]]]
    written = "".join(text.strip("·") for text, _ in word["pieces"])
    assert walk["chosen"]["form"] == "short"
    assert f"“{written}”" in strip(app)["quiz"]["asks"]


def test_neighbours_of_a_group_stand_side_by_side():
    tabs = strip(opened(14, lang="en"))["tabs"]
    assert [tab["at"] for tab in tabs] == [13, 14, 15, 16]
    assert all(tab["text"] for tab in tabs)
    assert strip(opened(6))["tabs"] == []


def test_a_short_link_leads_to_the_page_of_its_step():
    app = open_app(lesson="lecture", at="6", lang="en")
    assert strip(app)["heading"] == LECTURE.steps[5].title["en"]
    assert strip(app)["is_here"]
    assert app.slider(key="sentences").value == 3


def test_the_reader_goes_on_and_back_and_the_sentence_goes_along():
    """Here to steps of the same page; a browser goes to others."""
    app = type_in(opened(16, lang="en"), "Il fait froid.")
    for at in (17, 16):
        app.session_state["lesson"] = {"go": at}
        run(app)
        assert strip(app)["at"] == at
        assert app.session_state["text"] == "Il fait froid."
        assert app.session_state["lesson.here"] == ("lecture", at)


def test_what_the_reader_changes_stays_until_the_next_step():
    app = opened(16, lang="en")
    app.segmented_control(key="picture").set_value("lines")
    run(app)
    assert strip(app)["at"] == 16
    assert app.segmented_control(key="picture").value == "lines"


def test_a_lesson_goes_along_by_the_menu_and_knows_the_way_back():
    app = opened(16, page="models", lang="en")
    # the first visit leads to the page of the step; who goes on by the menu stays where they went
    assert strip(app)["is_here"]
    app.switch_page("pages/walkthrough.py")
    run(app)
    found = strip(app)
    assert (found["at"], found["is_here"]) == (16, False)
    carried = [one.proto.query_string for one in app.get("page_link")]
    assert all("lesson=lecture" in query and "at=16" in query for query in carried)


def test_a_step_may_bring_its_own_sentence():
    one = Lesson({"": "x"}, (Step("alignments", sentence="Il neige."), Step("alignments")))
    app = open_app(lesson=to_code(one), text=EXAMPLES[1])
    assert app.session_state["text"] == "Il neige."
    assert strip(app)["title"] == "x"


def test_a_lesson_of_a_link_asks_its_question():
    one = Lesson({}, (Step("alignments", question=Question("looks", word=1)),))
    found = strip(open_app(lesson=to_code(one), lang="en"))
    assert "“The”" in found["quiz"]["asks"]
    assert found["questions"] == [1]


@pytest.mark.parametrize("name", ["nothing", ".AAAA", "../../etc/passwd", "lecture/../x"])
def test_a_lesson_that_is_not_there_leaves_the_page_as_it_is_and_says_so(name: str):
    app = open_app(lesson=name, lang="en")
    assert strip(app)["lesson"] == ""
    assert any("lesson" in text.value for text in app.text)


def test_without_a_lesson_there_is_no_strip_and_a_lesson_of_this_browser_is_asked_for():
    found = strip(open_app(lang="en"))
    assert (found["lesson"], found["quiz"], found["wanted"]) == ("", None, False)
    app = open_app(lesson="own", lang="en")
    assert strip(app)["wanted"]
    app.session_state["lesson"] = {"own": to_code(Lesson({"": "mine"}, (Step("alignments"),)))}
    assert strip(run(app))["title"] == "mine"


def test_the_ground_is_the_presenters():
    app = open_app(lang="en", theme="dark")
    assert strip(app)["ground"] == "dark"
    app.session_state["lesson"] = {"ground": "light"}
    run(app)
    assert strip(app)["ground"] == "light"
    assert SAY["en"]("lesson.present")
