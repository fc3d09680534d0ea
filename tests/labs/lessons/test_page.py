"""The page of lessons: which there are, sheets to print, and what becomes of one that is being made."""

import json
import re
from html.parser import HTMLParser

import pytest

from pages.kit import lesson as lessons
from pages.kit.examples import EXAMPLES, REFERENCES
from pages.kit.lesson import Lesson, Question, Step, from_code, to_record
from pages.kit.lesson_quiz import NEEDS, quiz
from pages.kit.quiz.asked import Quiz
from pages.kit.translators import shelf
from pages.labs import LABS
from pages.labs.lessons.lab import _sheet
from pages.labs.lessons.maker import Maker, made
from pages.labs.lessons.sheet import sheet
from s2s import catalog
from tests.apps import SAY, open_app, run, until

[LECTURE] = lessons.shipped().values()
PAGES = {lab.page: "" for lab in LABS}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    shelf().load_in_background()
    until(lambda: shelf().has(catalog.shipped()))


class Reader(HTMLParser):
    """Texts of a page, its tags, and what it would ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.asked: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.asked += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


@pytest.mark.parametrize("language", SAY)
def test_a_sheet_has_every_question_and_says_the_answers_only_where_it_is_to(language: str):
    say, text = SAY[language], EXAMPLES[0]
    plain, answered = (
        _sheet(LECTURE, text, say, has_answers=has_answers).decode() for has_answers in (False, True)
    )
    bare, full = Reader(plain), Reader(answered)
    for step in LECTURE.steps:
        found = quiz(step.question, text, REFERENCES[text], say)
        assert found.asks in bare.texts
        assert found.asks in full.texts
        if found.told:
            assert found.told in full.texts
            assert found.told not in bare.texts
        assert set(found.options) <= set(bare.texts)
    assert "class='right'" not in plain
    assert answered.count("class='right'") == sum(
        bool(quiz(step.question, text, REFERENCES[text], say).options) for step in LECTURE.steps
    )
    for page in (bare, full):
        assert page.tags.count("section") == len(LECTURE.steps)
        assert page.asked == []
        assert text in page.texts


def test_what_a_teacher_wrote_is_text_on_a_sheet():
    evil = "<script>alert(1)</script>"
    one = Lesson(
        {"": evil}, (Step("alignments", title={"": evil}, text={"": evil}, question=Question("open")),)
    )
    ask = Quiz("k", asks=evil, options=(evil, "b"), right=(evil,), told=evil)
    page = Reader(sheet(one, evil, lambda _: ask, SAY["en"], has_answers=True))
    assert "script" not in page.tags
    assert page.texts.count(evil) >= 6


def sent(app) -> dict:
    [found] = [
        data
        for one in app.get("bidi_component")
        if (data := json.loads(one.proto.json)).get("view") == "maker"
    ]
    assert found.keys() == set(Maker._fields)
    return found


def test_the_page_offers_the_lecture_and_makes_a_link_of_what_is_made():
    app = open_app("lessons", lang="en")
    links = [one.proto for one in app.get("page_link") if "lesson=lecture" in one.proto.query_string]
    assert [link.label for link in links] == [SAY["en"]("lessons.start"), SAY["en"]("lessons.start_present")]
    assert "present=1" in links[1].query_string
    assert sent(app)["kinds"].keys() == NEEDS.keys()
    assert not sent(app)["link"]
    one = Lesson({"": "Mine"}, (Step("forcing", title={"": "One"}, question=Question("parts")),))
    app.session_state["lesson_maker"] = {"draft": json.dumps(to_record(one))}
    run(app)
    assert from_code(sent(app)["link"]) == one
    app.session_state["lesson_maker"] = {"draft": json.dumps(to_record(LECTURE))}
    run(app)
    assert (sent(app)["link"], sent(app)["is_whole"]) == ("", True), "too long for a link"
    app.session_state["lesson_maker"] = {"draft": '{"format": 1, "steps": [{"page": "nowhere"}]}'}
    run(app)
    assert any("nowhere" in text.value for text in app.text)


@pytest.mark.parametrize(
    "draft", ["", "{", "[]", "7", '{"format": 7, "steps": [{}]}', "[" * 5000, '{"steps": 1}']
)
def test_what_a_browser_says_is_made_is_checked(draft: str):
    found = made(draft, PAGES, SAY["en"])
    assert isinstance(found, str)
    assert re.fullmatch(r"[^\n]+", found)


def test_nothing_is_made_yet():
    assert made('{"format": 1, "title": "", "steps": []}', PAGES, SAY["en"]) is None
