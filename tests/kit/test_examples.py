"""The example sentences and the stored answers to the first of them."""

import pytest

from pages.kit import examples
from pages.kit.examples import EXAMPLES, REFERENCES, STORED, STORED_MODELS, stored_trace
from pages.kit.sentence import read_differently
from s2s.catalog import MAIN, tasks
from s2s.errors import TraceError
from s2s.text import normalise


def test_every_example_is_read_as_it_stands_and_comes_with_a_reference_of_its_own():
    assert len(set(REFERENCES.values())) == len(EXAMPLES) > 1
    for source, reference in REFERENCES.items():
        assert read_differently(source) is None
        assert normalise(reference).text == reference.strip() != ""


@pytest.mark.parametrize("model", STORED_MODELS)
def test_a_stored_trace_is_that_of_the_first_example_by_its_model(model: str):
    trace = stored_trace(model)
    assert (trace.model, trace.source) == (model, STORED_MODELS[model])
    assert trace is stored_trace(model)


def test_they_are_of_the_main_page_of_every_task_that_has_models():
    assert list(STORED_MODELS) == [name for task in tasks() for name in task.main]
    assert {STORED_MODELS[name] for name in MAIN} == {EXAMPLES[0]}


def test_no_trace_is_stored_that_nobody_shows():
    assert {path.stem for path in STORED.glob("*")} == set(STORED_MODELS)


def test_a_model_without_a_stored_trace_is_told_by_its_file():
    with pytest.raises(TraceError, match=r"fr-en-none-rnn\.json") as told:
        stored_trace("fr-en-none-rnn")
    assert told.value.key == "file_missing"


def test_storing_them_again_writes_what_the_models_say(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(examples, "STORED", tmp_path / "traces")
    monkeypatch.setattr(examples, "STORED_MODELS", {"fr-en-dot": EXAMPLES[0]})
    examples.main()
    stored_trace.cache_clear()
    try:
        trace = stored_trace("fr-en-dot")
    finally:
        stored_trace.cache_clear()
    assert capsys.readouterr().out == f"fr-en-dot: {trace.target}\n"
    assert (trace.model, trace.source) == ("fr-en-dot", EXAMPLES[0])
    assert [path.name for path in (tmp_path / "traces").iterdir()] == ["fr-en-dot.json"]
