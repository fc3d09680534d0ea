"""Whether a run is still the last that its reader asked for, and how it gives way to the next."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests

from pages.kit import engine
from pages.kit.engine import give_way, wanted


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> ScriptRequests:
    """What is asked of the script of one reader, who has opened the page."""
    requests = ScriptRequests()
    requests.request_rerun(RerunData(fragment_id="field"))
    requests.on_scriptrunner_ready()
    context = SimpleNamespace(script_requests=requests)
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


def test_a_run_whose_reader_has_left_stops(requests: ScriptRequests):
    is_wanted = wanted()
    assert is_wanted is not None
    requests.request_stop()
    assert not is_wanted()
    with pytest.raises(StopException):
        give_way()


def test_where_nobody_runs_a_script_nobody_can_lose_interest(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, "get_script_run_ctx", lambda **_: None)
    assert wanted() is None
    with pytest.raises(StopException):
        give_way()
