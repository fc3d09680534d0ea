"""The engine of one process: what it answers, what is computed once, and what not at all."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from s2s.engine.cache import MEGABYTE, Cache
from s2s.engine.local import GivenUpError, Local
from s2s.engine.questions import Compare, Explain, Question, Request, Translate, Work
from s2s.engine.threads import Threads
from s2s.errors import CheckpointError, DataError
from s2s.translator import Translator
from tests.apps import ROOT, until
from tests.sentences import PAIRS, PHRASES

TEXT = PHRASES[0].source


def engine(translator: object, *, most: int = 16, megabytes: int = 100) -> Local:
    return Local(Threads(lambda _: translator, most=most), cache=Cache(megabytes * MEGABYTE))


class Paper:
    """A translator that says what it is told, one step later, and waits for a sign before each step."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.added: list[str] = []
        self.steps: list[int] = []  # how many sentences shared each
        self._going: dict[object, str] = {}

    def batch(self) -> Paper:
        return self

    def __len__(self) -> int:
        return len(self._going)

    def add(self, sentences: Mapping[object, tuple[str, str]]) -> None:
        self.added += [text for text, _ in sentences.values()]
        if "bad" in self.added:
            raise RuntimeError("one of them is bad")
        self._going |= {key: text for key, (text, _) in sentences.items()}

    def step(self) -> dict[object, str]:
        assert self.go.acquire(timeout=30)
        self.steps.append(len(self._going))
        ended = {key: f"{text}!" for key, text in self._going.items() if not text.startswith("long")}
        self._going = {key: text[4:] for key, text in self._going.items() if key not in ended}
        return ended

    def forget(self) -> None:
        self._going.clear()

    def translate(self, text: str) -> str:
        if text == "bad":
            raise DataError("line_empty_side", path="x", line=1)
        return f"{text} alone!"


@pytest.fixture
def people() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(32)
    yield pool
    pool.shutdown(wait=False, cancel_futures=True)


def begun(people: ThreadPoolExecutor, asked: Local, paper: Paper, text: str) -> Future[str]:
    """A sentence that is on its way."""
    answer = people.submit(asked.ask, "any", Translate(text))
    until(lambda: paper.added)
    return answer


def test_each_question_is_answered_as_the_translator_answers_it(translator: Translator) -> None:
    asked = engine(translator)
    questions: list[Question[object]] = [
        Translate(TEXT), Explain(TEXT, "I speak"), Compare(TEXT, "I speak", 0.5, 3), Work(TEXT),
    ]  # fmt: skip
    found = [asked.ask("any", question) for question in questions]
    assert found[0].to_json() == translator.translate(TEXT).to_json()
    assert found[1].to_json() == translator.explain(TEXT, "I speak").to_json()
    expected = translator.compare(TEXT, "I speak", ratio=0.5, seed=3)
    assert found[2].free.to_json() == expected.free.to_json()
    assert np.array_equal(found[3].states, translator.workings(TEXT).states)
    for question, one in zip(questions, found, strict=True):
        assert asked.ask("any", question) is one, "the second time from memory"
    assert asked.figures().answers == asked.figures().from_cache == len(questions)


def test_records_that_are_equal_but_ask_something_else_are_told_apart(translator: Translator) -> None:
    asked = engine(translator)
    assert Translate(TEXT) == Work(TEXT)
    assert type(asked.ask("any", Translate(TEXT))) is not type(asked.ask("any", Work(TEXT)))


def test_many_who_ask_at_once_are_told_what_each_would_be_told_alone(
    translator: Translator, people: ThreadPoolExecutor
) -> None:
    asked = engine(translator, most=5)
    texts = [pair.source for pair in (*PHRASES, *PAIRS[::9])]
    found = list(people.map(lambda text: asked.ask("any", Translate(text)), texts))
    for text, trace in zip(texts, found, strict=True):
        alone = translator.translate(text)
        assert (trace.source, trace.target) == (text, alone.target)
        np.testing.assert_allclose(trace.log_probs, alone.log_probs, rtol=0, atol=1e-4)
    figures = asked.figures()
    assert figures.answers == len(texts)
    assert figures.waiting == 0
    assert 1 <= figures.sentences_a_step <= 5
    assert 0 < figures.p50 <= figures.p95
    assert figures.bytes_kept > 0


def test_who_comes_while_others_are_on_their_way_joins_them_and_the_short_do_not_wait_for_the_long(
    people: ThreadPoolExecutor,
) -> None:
    paper = Paper()
    asked = engine(paper)
    long = begun(people, asked, paper, "longlonglong")
    paper.go.release()
    until(lambda: len(paper.steps) == 1)
    short = people.submit(asked.ask, "any", Translate("short"))
    until(lambda: asked.figures().waiting == 2)
    paper.go.release()
    until(lambda: len(paper.steps) == 2)
    paper.go.release()
    assert short.result(30) == "short!"
    assert not long.done()
    paper.go.release()
    paper.go.release()
    assert long.result(30) == "!"
    assert paper.steps[:3] in ([1, 2, 1], [1, 1, 2])


def test_the_same_question_asked_at_once_is_computed_once(people: ThreadPoolExecutor) -> None:
    paper = Paper()
    asked = engine(paper)
    answers = [people.submit(asked.ask, "any", Translate("same")) for _ in range(20)]
    until(lambda: asked.figures().joined == 19)
    paper.go.release()
    assert [answer.result(30) for answer in answers] == ["same!"] * 20
    assert paper.added == ["same"]


def test_a_question_that_everybody_has_given_up_is_not_computed(people: ThreadPoolExecutor) -> None:
    paper = Paper()
    asked = engine(paper, most=1)
    first = begun(people, asked, paper, "first")
    nobody = people.submit(asked.ask_all, [Request("any", Translate("second"))], wanted=lambda: False)
    with pytest.raises(GivenUpError):
        nobody.result(30)
    assert asked.figures().given_up == 1
    third = people.submit(asked.ask, "any", Translate("third"))
    paper.go.release(2)
    assert (first.result(30), third.result(30)) == ("first!", "third!")
    assert paper.added == ["first", "third"]


def test_who_still_wants_an_answer_gets_it_though_another_has_given_up(people: ThreadPoolExecutor) -> None:
    paper = Paper()
    asked = engine(paper, most=1)
    first = begun(people, asked, paper, "first")
    patient = people.submit(asked.ask, "any", Translate("second"))
    until(lambda: asked.figures().waiting == 2)
    with pytest.raises(GivenUpError):
        asked.ask_all([Request("any", Translate("second"))], wanted=lambda: False)
    assert asked.figures().given_up == 0
    paper.go.release(2)
    assert (first.result(30), patient.result(30)) == ("first!", "second!")


def test_what_is_being_computed_is_told_also_to_who_no_longer_wants_it(people: ThreadPoolExecutor) -> None:
    paper = Paper()
    asked = engine(paper, most=1)
    asks = [Request("any", Translate("begun")), Request("any", Translate("and what belongs to it"))]
    answer = people.submit(asked.ask_all, asks, wanted=lambda: not paper.added)
    until(lambda: paper.added)
    paper.go.release(2)
    assert [told.get() for told in answer.result(30)] == ["begun!", "and what belongs to it!"]
    assert asked.figures().given_up == 0


def test_who_has_waited_longest_comes_next_whatever_they_ask_by_now(people: ThreadPoolExecutor) -> None:
    paper = Paper()
    asked = engine(paper, most=1)
    first = begun(people, asked, paper, "first")
    now = time.perf_counter()
    waiting = []
    for text, since in (("third", now - 1), ("fourth", now), ("second", now - 2)):
        waiting.append(people.submit(asked.ask_all, [Request("any", Translate(text))], since=since))
        until(lambda: asked.figures().waiting == 1 + len(waiting))
    paper.go.release(4)
    assert first.result(30) == "first!"
    assert all(answer.result(30)[0].seconds > 0 for answer in waiting)
    assert paper.added == ["first", "second", "third", "fourth"]


def test_an_error_stands_where_the_answer_would_and_leaves_the_others(translator: Translator) -> None:
    asked = engine(translator)
    one, other = asked.ask_all(
        [Request("any", Explain(TEXT, "word " * 2000)), Request("any", Translate(TEXT))]
    )
    assert isinstance(one.answer, DataError)
    assert other.get().target == translator.translate(TEXT).target
    with pytest.raises(DataError):
        one.get()


def test_what_fails_fails_alone(people: ThreadPoolExecutor) -> None:
    paper = Paper()
    asked = engine(paper, most=2)
    first = begun(people, asked, paper, "longlong")
    bad = people.submit(asked.ask, "any", Translate("bad"))
    until(lambda: asked.figures().waiting == 2)
    paper.go.release()
    with pytest.raises(DataError):
        bad.result(30)
    assert first.result(30) == "longlong alone!"
    paper.added.clear()
    paper.forget()
    paper.go.release()
    assert asked.ask("any", Translate("after")) == "after!"
    with pytest.raises(DataError):  # an error is not kept
        asked.ask("any", Translate("bad"))


def test_a_model_that_cannot_be_used_says_why_to_everybody(people: ThreadPoolExecutor) -> None:
    def missing(name: str) -> Translator:
        raise CheckpointError("part_missing", path=name)

    asked = Local(Threads(missing), cache=Cache(MEGABYTE))
    for question in (Translate(TEXT), Work(TEXT), Translate(TEXT)):
        with pytest.raises(CheckpointError, match="lost"):
            asked.ask("lost", question)
    assert asked.figures().waiting == 0


def test_what_is_kept_stays_below_the_bound(translator: Translator) -> None:
    asked = engine(translator, megabytes=1)
    for pair in PAIRS[:60]:
        asked.ask("any", Translate(pair.source))
        assert asked.figures().bytes_kept <= MEGABYTE
    assert asked.figures().answers == 60


class Slow(NamedTuple):
    """A question that is no translation, and takes as long as somebody wants."""

    go: threading.Event

    def of(self, translator: Translator) -> str:
        self.go.wait(30)
        return "slow"


def test_what_takes_long_holds_up_no_translation(translator: Translator, people: ThreadPoolExecutor) -> None:
    asked, go = engine(translator), threading.Event()
    slow = people.submit(asked.ask, "any", Slow(go))
    assert asked.ask("any", Translate(TEXT)).target == translator.translate(TEXT).target
    assert not slow.done()
    go.set()
    assert slow.result(30) == "slow"


# Python ends while a thread that nobody waits for computes.
ENDS = """
import sys, threading
from s2s.engine.cache import Cache
from s2s.engine.local import Local
from s2s.engine.questions import Request, Translate
from s2s.engine.threads import Loaded, Threads
engine, name, begun = Local(Threads(Loaded()), cache=Cache(1)), sys.argv[1], threading.Event()
def ask():
    for n in range(100_000):
        engine.ask_all([Request(name, Translate(f"{n} {m} " * 20)) for m in range(16)])
        begun.set()
threading.Thread(target=ask, daemon=True).start()
assert begun.wait(100)
"""


def test_python_may_end_in_the_middle_of_a_sentence(trained_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDS, str(trained_folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
