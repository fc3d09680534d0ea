"""Processes that answer: as threads here would, whatever ends them, and never longer than who asks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from s2s.engine import processes
from s2s.engine.cache import MEGABYTE, Cache
from s2s.engine.local import GivenUpError, Local
from s2s.engine.processes import Processes
from s2s.engine.questions import Explain, Request, Translate, Work
from s2s.errors import CheckpointError, DataError, EngineError, S2SError
from s2s.translator import Translator
from tests.apps import until
from tests.engine.engines import QUESTIONS, assert_same
from tests.sentences import PAIRS, PHRASES

TEXT = PHRASES[0].source


@contextmanager
def asking(*, count: int = 1, program: Sequence[str] | None = None) -> Iterator[tuple[Local, Processes]]:
    with closing(Processes(count, **({} if program is None else {"program": program}))) as workers:
        yield Local(workers, cache=Cache(100 * MEGABYTE)), workers


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Local, Processes]]:
    with asking(count=2) as found:
        yield found


@pytest.fixture
def people() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(32)
    yield pool
    pool.shutdown(wait=False, cancel_futures=True)


def test_they_answer_as_the_translator_does(shared, trained_folder: Path, translator: Translator) -> None:
    asked, _ = shared
    for question in QUESTIONS:
        found = asked.ask(str(trained_folder), question)
        assert_same(found, question.of(translator), within=1e-5)
        assert asked.ask(str(trained_folder), question) is found


def test_who_asks_at_once_is_answered_together_and_models_are_shared_out(
    shared, people: ThreadPoolExecutor, trained_folder: Path, translator: Translator
) -> None:
    asked, workers = shared
    texts = [pair.source for pair in PAIRS[:60]]
    before = asked.figures()
    found = list(people.map(lambda text: asked.ask(str(trained_folder), Translate(text)), texts))
    assert [trace.target for trace in found] == [translator.translate(text).target for text in texts]
    assert asked.figures().sentences_a_step > max(1.0, before.sentences_a_step)
    assert asked.ask("fr-en-dot", Translate("Il pleut.")).model == "fr-en-dot"
    assert len(set(workers.processes)) == 2, "another model is in another process"


def test_an_error_arrives_as_what_it_is(shared, trained_folder: Path) -> None:
    asked, _ = shared
    with pytest.raises(CheckpointError, match="lost"):
        asked.ask("lost", Translate(TEXT))
    with pytest.raises(DataError):
        asked.ask(str(trained_folder), Explain(TEXT, "word " * 2000))
    assert asked.figures().waiting == 0


def test_what_was_not_answered_is_asked_again_where_one_was_killed(
    people: ThreadPoolExecutor, trained_folder: Path, translator: Translator
) -> None:
    with asking() as (asked, workers):
        assert asked.ask(str(trained_folder), Translate(TEXT)).target == translator.translate(TEXT).target
        [first] = workers.processes
        os.kill(first, signal.SIGSTOP)
        long = [people.submit(asked.ask, str(trained_folder), Work(pair.source)) for pair in PAIRS[:3]]
        short = [people.submit(asked.ask, str(trained_folder), Translate(pair.source)) for pair in PAIRS[:29]]
        until(lambda: asked.figures().waiting == 32)
        os.kill(first, signal.SIGKILL)
        for pair, answer in zip(PAIRS[:29], short, strict=True):
            assert answer.result(120).target == translator.translate(pair.source).target
        for pair, answer in zip(PAIRS[:3], long, strict=True):
            assert answer.result(120).trace.source == pair.source
        assert workers.processes != [first]


ENDS = (sys.executable, "-c", "import sys; sys.stdin.buffer.read(20)")
BABBLES = (sys.executable, "-c", "import sys; r=sys.stdin.buffer; h=r.read(20); w=sys.stdout.buffer; "
           "w.write(h[:16] + bytes([0, 0, 0, 5]) + b'hello'); w.flush(); r.read()")  # fmt: skip
SAYS_NOTHING = (sys.executable, "-c", "import sys; sys.stdin.buffer.read()")


@pytest.mark.parametrize(("program", "kind"), [(ENDS, EngineError), (BABBLES, S2SError)])
def test_what_ends_every_process_or_makes_it_babble_fails_with_a_sentence(program, kind) -> None:
    with asking(program=program) as (asked, _):
        with pytest.raises(kind) as told:
            asked.ask("any", Translate(TEXT))
        assert told.value.key == ("engine_died" if kind is EngineError else "unforeseen")
        assert asked.figures().waiting == 0


def test_what_waits_behind_others_can_be_given_up_and_the_end_leaves_nobody_waiting(
    people: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "MOST", 1)
    with asking(program=SAYS_NOTHING) as (asked, workers):
        first = people.submit(asked.ask, "any", Translate("first"))
        until(lambda: workers.processes)
        with pytest.raises(GivenUpError):
            asked.ask_all([Request("any", Translate("second"))], wanted=lambda: False)
        third = people.submit(asked.ask, "any", Translate("third"))
        until(lambda: asked.figures().waiting == 2)
    for answer in (first, third, people.submit(asked.ask, "any", Translate("too late"))):
        with pytest.raises(EngineError):
            answer.result(30)


def test_it_ends_with_who_started_it_however_that_ends() -> None:
    code = """
import sys, threading, time
from s2s.engine.line import Asked
from s2s.engine.processes import Processes
from s2s.engine.questions import Request, Translate
workers = Processes(1)
workers.start(None)
workers.send(Asked(1, Request("fr-en-dot", Translate("Il pleut."))))
print(*workers.processes, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()
    until(lambda: not is_there(child))


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
