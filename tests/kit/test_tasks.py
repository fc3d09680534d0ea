"""What the networks do: the switch, what follows it from page to page, and every page with every task."""

import json
from string import Formatter

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.bank import bank, meaning
from pages.kit.examples import pairs
from pages.kit.family import model_names, offered
from pages.kit.strings import LANGUAGES, load
from pages.kit.tasks import SPEECH, task_name
from pages.labs import LABS, pages
from s2s import catalog
from s2s.catalog import TASKS, Task
from s2s.languages import FIRST
from s2s.stems import stems
from s2s.text import normalise
from tests.apps import SAY, cards, linked, open_app, run, said

pytestmark = pytest.mark.usefixtures("loaded")
HERE = catalog.tasks()
OTHERS = TASKS[1:]
PURPOSES = tuple(task for task in TASKS if task.languages.purpose)


def field(app: AppTest) -> dict:
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return next(data for data in sent if data.get("parameter") == "text")


def named(task: Task) -> str:
    return task.name


def whole(app: AppTest) -> str:
    """Running text, paragraphs and tables."""
    tables = (one.value.to_string() for one in app.table)
    return "\n".join([said(app), *(one.value for one in app.markdown), *tables])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", HERE, ids=named)
@pytest.mark.parametrize("page", [page.name for page in pages()])
def test_every_page_takes_every_task_or_says_in_a_sentence_why_not(page: str, task: Task, language: str):
    app = open_app("" if page == "alignments" else page, task=task.name, lang=language)
    say = load(language).about([task.languages])
    here = [lab for lab in LABS if lab.page == page]
    for lab in here:
        if not lab.takes(task) and not lab.is_behind:  # the one that it stands behind says it
            assert say(f"{lab.name}.not_for", first=task_name(TASKS[0], say)) in said(app)
    first = here[0]
    if first.takes(task) and page not in ("applications", "lessons", "models", "speech"):
        shown = field(app)
        assert shown["text"] == next(iter(pairs(task.languages)))
        assert shown["language"] == task.languages.source
        assert shown["label"] == say("sentence.label")


@pytest.mark.parametrize("task", HERE, ids=named)
def test_the_main_page_shows_the_models_of_the_task_and_speaks_of_it(task: Task):
    app = open_app(task=task.name, lang="en")
    say = SAY["en"].about([task.languages])
    assert [card["name"] for card in cards(app)] == list(task.shown_first)
    assert say("alignments.claim") in said(app)
    assert {card["languages"]["source"] for card in cards(app)} == {task.languages.source}
    assert linked(app)["task"] == ([] if task is TASKS[0] else [task.name])


@pytest.mark.skipif(len(HERE) < 2, reason="there is one task here, and nothing to choose")
def test_what_is_chosen_is_kept_from_page_to_page_and_the_sentence_goes_with_it():
    one, two = HERE[:2]
    app = open_app(lang="en")
    assert app.segmented_control(key="task").value == one.name
    app.segmented_control(key="task").set_value(two.name)
    run(app)
    first = next(iter(pairs(two.languages)))
    assert (app.session_state["text"], field(app)["text"]) == (first, first)
    assert linked(app)["task"] == [two.name]
    app.switch_page("pages/forcing.py")
    run(app)
    assert app.segmented_control(key="model").value in two.main
    assert linked(app)["task"] == [two.name]
    app.session_state["text"] = "한국어 문장"
    app.segmented_control(key="task").set_value(one.name)
    run(app)
    assert app.session_state["text"] == next(iter(pairs(one.languages)))
    assert linked(app)["task"] == []


@pytest.mark.skipif(len(HERE) < 2, reason="there is one task here, and nothing to choose")
def test_what_listens_is_chosen_like_a_task_and_the_page_before_keeps_its_own():
    app = open_app(lang="ko", task=HERE[1].name)
    app.segmented_control(key="task").set_value(SPEECH)
    run(app)
    assert app.segmented_control(key="task").value == SPEECH
    assert SAY["ko"]("speech.claim") in said(app)
    assert linked(app)["task"] == [HERE[1].name]
    app.switch_page("pages/forcing.py")  # by the menu: what was chosen before
    run(app)
    assert app.segmented_control(key="task").value == HERE[1].name
    app.segmented_control(key="task").set_value(SPEECH)
    run(app)
    app.segmented_control(key="task").set_value(HERE[0].name)
    run(app)
    assert app.segmented_control(key="task").value == HERE[0].name
    assert linked(app)["task"] == []
    assert app.session_state["text"] == next(iter(pairs(HERE[0].languages)))


@pytest.mark.skipif(len(HERE) < 3, reason="needs two tasks that read one language")
def test_a_sentence_of_ones_own_stays_where_the_next_task_reads_its_language_too():
    app = open_app(lang="ko", task=HERE[1].name, text="톰은 오늘 집에 있어요")
    app.segmented_control(key="task").set_value(HERE[2].name)
    run(app)
    assert app.session_state["text"] == "톰은 오늘 집에 있어요"


@pytest.mark.skipif(len(HERE) < 2, reason="there is one task here, and nothing to choose")
def test_a_lesson_is_about_the_task_that_its_step_names_and_the_first_where_it_names_none():
    app = open_app(lang="en", task=HERE[1].name)
    assert field(app)["language"] == HERE[1].languages.source
    app.query_params["lesson"], app.query_params["at"] = "lecture", "10"
    del app.query_params["task"]
    run(app)
    assert app.segmented_control(key="task").value == TASKS[0].name
    assert field(app)["language"] == FIRST.source
    app.segmented_control(key="task").set_value(HERE[1].name)
    run(app)
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (strip,) = [data for data in sent if data.get("view") == "lesson"]
    assert strip["text"] == SAY["en"]("lesson.other_task", task=task_name(TASKS[0], SAY["en"]))
    assert strip["notice"] == ""
    quiz = strip["quiz"]
    assert quiz["reason"] == SAY["en"]("quiz.other_task", first=task_name(TASKS[0], SAY["en"]))
    assert quiz["key"]  # one without is loading, and what would give its answer away stays hidden


def test_a_link_may_name_a_task_that_is_not_there():
    app = open_app(task="xx-yy", lang="en")
    assert [card["name"] for card in cards(app)] == list(TASKS[0].shown_first)
    assert linked(app)["task"] == []


def test_outside_of_pages_the_first_task_is_meant():
    assert offered()[: len(TASKS[0].main)] == TASKS[0].main
    assert list(model_names(SAY["en"]))[:3] == list(TASKS[0].shown_first)


@pytest.mark.parametrize("task", PURPOSES, ids=named)
def test_a_task_has_a_dozen_sentences_all_in_its_bank_that_are_read_as_they_stand(task: Task):
    examples = pairs(task.languages)
    assert len(examples) >= 12
    found = {pair.source: pair.target for shown in bank(task.languages).values() for pair in shown}
    assert found == dict(examples)
    for text in examples:
        assert text == normalise(text).text
        english = meaning(text, task.languages, "en")
        assert english
        assert english.isascii()
        korean = meaning(text, task.languages, "ko")
        assert korean == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_a_task_stands_in_place_of_something_and_fills_in_the_same(language: str):
    say = load(language)
    tables = {task.languages.purpose or task.name.replace("-", "_"): task for task in OTHERS}
    parts = {"any", *tables}
    own = {key for key in say.keys if key.startswith("tasks.")}
    assert {key.split(".")[1] for key in own} == parts
    for key in own:
        _, purpose, place = key.split(".", 2)
        if place == "name":
            continue
        assert place in say.keys
        assert names_in(say(key)) <= names_in(say(place)), key
        if purpose != "any":
            about = say.about([tables[purpose].languages])
            assert about(place) == about(key)


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_of_models_that_do_several_things_what_is_said_of_all_is_said():
    say = SAY["en"]
    core = next(task for task in TASKS if task.languages.purpose)
    both = say.about([FIRST, core.languages])
    assert both("live.translation") == say("live.translation")
    assert say.about([core.languages])("live.translation") != say("live.translation")


def test_every_task_has_a_name_of_its_own():
    for say in SAY.values():
        names = [task_name(task, say) for task in TASKS]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_the_core_of_a_sentence_is_true_of_its_examples(language: str):
    """Most of a core stands in the sentence, particles and endings aside, and some of it does not: nobody
    only struck words out."""
    core = next(task.languages for task in TASKS if task.languages.purpose == "core")
    copied = total = 0
    for sentence, kept in pairs(core).items():
        here = {part.text for part in stems(sentence, core.source)}
        parts = [part.text for part in stems(kept, core.target)]
        copied, total = copied + sum(part in here for part in parts), total + len(parts)
    assert total / 2 < copied < total
    say = load(language).about([core])
    for key in ("alignments.claim", "applications.about_core_ko"):
        assert not any(word in say(key) for word in ("extract", "추출"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", [task for task in PURPOSES if task in HERE], ids=named)
def test_no_page_of_a_task_in_one_language_names_two_or_calls_its_output_a_translation(
    task: Task, language: str
):
    say = load(language).about([task.languages])
    (name,) = {say(f"languages.{code}.name") for code in task.languages.codes}
    for page in ("forcing", "models"):
        shown = whole(open_app(page, task=task.name, lang=language))
        shown = shown.replace(
            say("regimes.not_for", first=task_name(TASKS[0], say)), ""
        )  # names another task
        assert not any(word in shown for word in ("번역문", "a translation", "French"))
        assert shown.count(name) < 2
