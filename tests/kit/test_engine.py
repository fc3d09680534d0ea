"""Which engine answers; whether a run is still the last that its reader asked for, and how it gives way."""

from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests

from benchmarks.server import free_port
from pages.kit import engine
from pages.kit.engine import Engines, give_way, wanted
from pages.kit.translators import shelf
from s2s.engine.cache import MEGABYTE, Cache
from s2s.engine.local import Local
from s2s.engine.questions import Request, Translate, Work
from s2s.engine.threads import Threads
from s2s.errors import EngineError
from tests.apps import SAY, open_app, said
from tests.engine.engines import service_of, serving
from tests.sentences import PHRASES
from tests.translators import Named


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> ScriptRequests:
    """What is asked of the script of one reader, who has opened the page."""
    requests = ScriptRequests()
    requests.request_rerun(RerunData(fragment_id="field"))
    requests.on_scriptrunner_ready()
    context = SimpleNamespace(script_requests=requests, fragment_ids_this_run=["field"])
    monkeypatch.setattr(engine, "get_script_run_ctx", lambda **_: context)
    return requests


def test_a_run_is_wanted_until_another_is_asked_for_which_it_gives_way_to(requests: ScriptRequests):
    is_wanted = wanted()
    assert is_wanted is not None
    assert is_wanted()
    requests.request_rerun(RerunData(fragment_id="field", query_string="text=b"))
    assert not is_wanted()
    with pytest.raises(RerunException) as given:
        give_way()
    assert given.value.rerun_data.query_string == "text=b"
    assert given.value.rerun_data.fragment_id_queue == ["field"]
    assert is_wanted(), "the next is on its way"


def test_what_another_part_of_the_page_waits_for_leaves_a_run_wanted_and_the_whole_page_does_not(
    requests: ScriptRequests,
):
    is_wanted = wanted()
    assert is_wanted is not None
    requests.request_rerun(RerunData(fragment_id="line", is_auto_rerun=True))
    assert is_wanted()
    requests.request_rerun(RerunData(fragment_id="field", query_string="text=b"))
    assert not is_wanted()
    assert set(requests.on_scriptrunner_ready().rerun_data.fragment_id_queue) == {"line", "field"}
    requests.request_rerun(RerunData())
    assert not is_wanted()


def test_a_run_whose_reader_has_left_stops(requests: ScriptRequests):
    is_wanted = wanted()
    assert is_wanted is not None
    requests.request_stop()
    assert not is_wanted()
    with pytest.raises(StopException):
        give_way()


@pytest.mark.parametrize("fragments", [None, ["field", "another"]])
def test_a_run_that_draws_more_than_a_fragment_gives_way_to_no_letter(monkeypatch, fragments):
    context = SimpleNamespace(script_requests=ScriptRequests(), fragment_ids_this_run=fragments)
    monkeypatch.setattr(engine, "get_script_run_ctx", lambda **_: context)
    assert wanted() is None


def test_where_nobody_runs_a_script_nobody_can_lose_interest(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, "get_script_run_ctx", lambda **_: None)
    assert wanted() is None
    with pytest.raises(StopException):
        give_way()


TEXT = PHRASES[0].source


def engines(untrained: Named, address: str) -> closing[Engines]:
    """With a model here, until the block is left."""
    cache = Cache(100 * MEGABYTE)
    local = Local(Threads(lambda _: untrained("general")[0]), cache=cache)
    return closing(Engines(local, cache, address=address))


def told(asked: Engines, model: str, question: Translate | Work) -> Any:
    (answer,) = asked.ask_all([Request(model, question)])
    return answer.get()


def test_an_engine_elsewhere_answers_and_what_it_said_is_kept(untrained: Named):
    there = untrained("general")[0]
    with serving(service_of(there)) as address, engines(untrained, address) as asked:
        for question in (Translate(TEXT), Work(TEXT)):
            found = told(asked, there.name, question)
            assert told(asked, there.name, question) is found
        assert told(asked, there.name, Translate(TEXT)).to_json() == there.translate(TEXT).to_json()
        assert asked.failure is None
        assert asked.local.figures().answers == 0


def test_while_it_does_not_answer_the_models_here_do(untrained: Named):
    here = untrained("general")[0]
    with engines(untrained, f"ray://127.0.0.1:{free_port()}") as asked:
        assert asked.failure is None, "nobody has asked yet"
        assert told(asked, here.name, Translate(TEXT)).to_json() == here.translate(TEXT).to_json()
        assert asked.failure is not None
        assert asked.failure.key == "engine_unreachable"
        assert told(asked, here.name, Work(TEXT)).trace.target == here.translate(TEXT).target


def test_what_is_no_address_is_said_and_the_models_here_answer(untrained: Named):
    with engines(untrained, "nowhere") as asked:
        assert asked.failure is not None
        assert asked.failure.key == "engine_address"
        assert told(asked, "any", Translate(TEXT)).target == untrained("general")[0].translate(TEXT).target


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_says_why_the_models_here_answer(monkeypatch, language):
    failure = EngineError("engine_unreachable", address="ray://there:8700", reason="gone")
    say = SAY[language]
    told = say("engine.away", reason=say.error(failure))
    assert told not in said(open_app(lang=language))
    monkeypatch.setattr(Engines, "failure", failure)
    for page in ("", "walkthrough", "forcing"):
        assert told in said(open_app(page, lang=language))
    assert shelf().engines.failure is failure
