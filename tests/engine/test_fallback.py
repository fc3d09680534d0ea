"""Two engines: the one elsewhere while it answers, the one here while it does not."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from s2s.engine.fallback import Fallback
from s2s.engine.questions import Translate
from s2s.errors import DataError, EngineError
from tests.engine.engines import asking, assert_same, service_of, serving
from tests.translators import Named

TEXT = Translate("Il pleut.")
GONE = EngineError("engine_unreachable", address="ray://x:1", reason="gone")


class Scripted:
    """An engine that says who it is, or fails as it is told."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.error: Exception | None = None
        self.asked: list[tuple[str, object, str]] = []
        self.checks = 0
        self.checked = threading.Event()

    def ask(self, model: str, question, *, guess: str = ""):
        self.asked.append((model, question, guess))
        if self.error is not None:
            raise self.error
        return self.name

    def check(self) -> None:
        self.checks += 1
        self.checked.set()
        if self.error is not None:
            raise self.error


@pytest.fixture
def told() -> list:
    return []


@pytest.fixture
def changed() -> threading.Event:
    return threading.Event()


@pytest.fixture
def engines(told, changed):
    remote, local = Scripted("remote"), Scripted("local")

    def listen(failure: EngineError | None) -> None:
        told.append(failure)
        changed.set()

    fallback = Fallback(remote, local, every=0.01, listener=listen)
    yield remote, local, fallback
    fallback.close()


def test_the_one_elsewhere_answers_while_it_can(engines, told):
    remote, local, fallback = engines
    assert fallback.ask("m", TEXT, guess="g") == "remote"
    assert remote.asked == [("m", TEXT, "g")]
    assert (local.asked, told, fallback.failure) == ([], [], None)


def test_the_one_here_answers_the_very_question_that_failed_and_listeners_hear_of_it_once(engines, told):
    remote, local, fallback = engines
    remote.error = GONE
    assert [fallback.ask("m", TEXT, guess="g") for _ in range(5)] == ["local"] * 5
    assert local.asked == [("m", TEXT, "g")] * 5
    assert len(remote.asked) == 1
    assert (told, fallback.failure) == ([GONE], GONE)


def test_it_is_asked_again_once_it_is_back(engines, told, changed):
    remote, _, fallback = engines
    remote.error = GONE
    fallback.ask("m", TEXT)
    assert remote.checked.wait(10)
    assert fallback.ask("m", TEXT) == "local"
    changed.clear()
    remote.error = None
    assert changed.wait(10)
    assert fallback.ask("m", TEXT) == "remote"
    assert told == [GONE, None]


def test_it_can_go_and_come_back_many_times(engines, told, changed):
    remote, _, fallback = engines
    for _ in range(3):
        remote.error = GONE
        assert fallback.ask("m", TEXT) == "local"
        changed.clear()
        remote.error = None
        assert changed.wait(10)
        assert fallback.ask("m", TEXT) == "remote"
    assert told == [GONE, None] * 3


def test_what_a_question_deserves_is_no_failure(engines, told):
    remote, local, fallback = engines
    remote.error = DataError("length_over_limit", found=300, limit=200)
    with pytest.raises(DataError):
        fallback.ask("m", TEXT)
    assert (local.asked, told, fallback.failure) == ([], [], None)


@pytest.mark.parametrize(
    "error",
    [
        EngineError("engine_without_model", address="a", name="m", known="n"),
        EngineError("engine_other_weights", address="a", name="m", found="1", expected="2"),
    ],
)
def test_a_model_that_only_this_machine_has_is_asked_here_and_the_others_there(engines, told, error):
    remote, _, fallback = engines
    remote.error = error
    assert fallback.ask("m", TEXT) == "local"
    remote.error = None
    assert fallback.ask("n", TEXT) == "remote"
    assert (told, fallback.failure) == ([], None)


def test_many_threads_that_fail_at_once_are_one_failure(engines, told):
    remote, _, fallback = engines
    remote.error = GONE
    barrier = threading.Barrier(8)

    def ask(_: int) -> str:
        barrier.wait(10)
        return fallback.ask("m", TEXT)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == ["local"] * 8
    assert told == [GONE]


def test_closed_it_looks_no_more(engines):
    remote, _, fallback = engines
    remote.error = GONE
    fallback.ask("m", TEXT)
    assert remote.checked.wait(10)
    fallback.close()
    [looking] = [thread for thread in threading.enumerate() if thread.name == "look-for-engine"]
    looking.join(10)
    assert not looking.is_alive()
    assert fallback.ask("m", TEXT) == "local"


def test_a_server_that_goes_and_comes_back_changes_no_answer(untrained: Named, changed):
    translator, _ = untrained("general")

    class Here:
        def ask(self, model: str, question, *, guess: str = ""):
            return question.of(translator)

    expected = translator.translate(TEXT.text)
    with serving(service_of(translator)) as address, asking(address) as remote:
        fallback = Fallback(remote, Here(), every=0.01, listener=lambda _: changed.set())
        assert_same(fallback.ask(translator.name, TEXT), expected)
        assert fallback.failure is None
    assert_same(fallback.ask(translator.name, TEXT), expected)
    assert fallback.failure is not None
    fallback.close()
