"""Lessons as files and links have them: what is written is read again, and nothing else gets in."""

import json
import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.kit import lesson as lessons
from pages.kit.lesson import FORMAT, Lesson, Question, Step, from_code, from_toml, said, to_code, to_toml
from pages.kit.strings import LANGUAGES, load
from s2s.errors import DataError
from s2s.text import well_formed

WORDS = st.text(max_size=20).map(well_formed)
TEXTS = st.dictionaries(st.sampled_from(["", "en", "ko"]), WORDS.filter(bool), max_size=3)
NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,9}", fullmatch=True).filter(lambda one: one not in lessons.READERS)
QUESTIONS = st.builds(
    Question,
    kind=WORDS,
    model=WORDS,
    models=st.lists(WORDS, max_size=3).map(tuple),
    word=st.integers(0, 999),
    step=st.integers(1, 999),
    fed=WORDS,
    sentences=st.integers(1, 6),
    compare=WORDS,
    asks=TEXTS,
)
STEPS = st.builds(
    Step,
    page=NAMES,
    view=st.dictionaries(NAMES, st.lists(WORDS, max_size=3).map(tuple), max_size=3),
    sentence=WORDS,
    picture=st.integers(0, 99),
    title=TEXTS,
    text=TEXTS,
    notice=TEXTS,
    group=TEXTS,
    question=st.none() | QUESTIONS,
)
LESSONS = st.builds(Lesson, TEXTS, st.lists(STEPS, min_size=1, max_size=3).map(tuple))


@given(one=LESSONS)
def test_a_lesson_comes_back_from_its_file_and_from_its_link_as_it_was(one: Lesson):
    assert from_toml(to_toml(one), path="x") == one
    assert from_toml(to_toml(one).replace("\n", "\r\n").encode(), path="x") == one
    assert from_code(to_code(one)) == one


def test_a_text_is_said_in_the_readers_language_or_as_there_is_one():
    assert said({"en": "a", "ko": "b"}, "ko") == "b"
    assert said({"en": "a"}, "ko") == said({"": "a"}, "ko") == "a"
    assert said({}, "ko") == ""


STEP = '[[steps]]\npage = "alignments"\n'
HOSTILE = {
    "no text": b"\xff\xfe\x00",
    "no TOML": b"format = 1\n[[steps]\n",
    "another program's": b"[tool.ruff]\nline-length = 110\n",
    "no steps": b"format = 1\nsteps = []\n",
    "too many steps": ("format = 1\n" + STEP * (lessons.MOST + 1)).encode(),
    "a page elsewhere": b'format = 1\n[[steps]]\npage = "../../etc/passwd"\n',
    "a page that is not there": b'format = 1\n[[steps]]\npage = "nowhere"\n',
    "a parameter of the reader's": f"format = 1\n{STEP}view = {{ lang = 'ko' }}\n".encode(),
    "another lesson in its view": f"format = 1\n{STEP}view = {{ lesson = 'x' }}\n".encode(),
    "a parameter that is none": f"format = 1\n{STEP}view = {{ 'a&b' = 'c' }}\n".encode(),
    "numbers for texts": f"format = 1\n{STEP}title = 7\n".encode(),
    "an answer": f"format = 1\n{STEP}question = {{ kind = 'looks', right = 'chat' }}\n".encode(),
    "a number out of bounds": f"format = 1\n{STEP}question = {{ kind = 'lost', sentences = 900 }}\n".encode(),
    "nothing": b"",
    "deep nesting": b"format = 1\nsteps = " + b"[" * 5000 + b"]" * 5000,
    "a long text": f"format = 1\n{STEP}text = '{'x' * 3000}'\n".encode(),
    "too large": b"#" * (lessons.LARGEST + 1),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_is_no_lesson_gets_one_sentence(what: str):
    with pytest.raises(DataError) as raised:
        from_toml(HOSTILE[what], path="my lesson.toml", pages=("alignments", "forcing"))
    for language in LANGUAGES:
        told = load(language).error(raised.value)
        assert "my lesson.toml" in told
        assert "\n" not in told
        assert len(told) < 400


def test_a_file_of_a_newer_version_is_said_to_be_one():
    with pytest.raises(DataError) as raised:
        from_toml(f"format = {FORMAT + 1}\nnew = 'thing'\n", path="x.toml")
    assert raised.value.key == "lesson_newer"


def packed(record: object) -> str:
    data = zlib.compress(json.dumps(record).encode(), 9)
    return f".{urlsafe_b64encode(data).decode().rstrip('=')}"


@pytest.mark.parametrize(
    "code",
    [".", "..", ".%%%", ".AAAA", packed([]), packed({"format": 9, "steps": [{}]}), packed("x" * 300_000),
     packed({"format": 1, "steps": [{"page": "a"}]})[:-8]],
)  # fmt: skip
def test_a_link_that_holds_no_lesson_is_refused(code: str):
    with pytest.raises(DataError):
        from_code(code)


def test_the_shipped_lesson_says_everything_in_both_languages_and_no_answer():
    [lecture] = lessons.shipped().values()
    assert 14 <= len(lecture.steps) <= 18
    for step in lecture.steps:
        assert step.question is not None
        for text in (step.title, step.text, step.notice):
            assert text.keys() == set(LANGUAGES)
    [group] = {step.group["en"] for step in lecture.steps if step.group}
    assert sum(bool(step.group) for step in lecture.steps) == 4, group
