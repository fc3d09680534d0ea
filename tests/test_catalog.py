import os
import subprocess
from pathlib import Path

import pytest

from s2s import catalog
from s2s.cli import main
from s2s.config import ATTENTIONS, CELLS, DIRECTIONS
from s2s.errors import CheckpointError
from s2s.languages import FIRST, LANGUAGES, Languages, elides
from s2s.model.attention import SCORERS
from s2s.places import APP, ASSETS
from s2s.recipes import REGIMES


def test_the_family_is_met_in_its_order_and_strangers_come_last():
    names = [f"fr-en-{kind.name}" for kind in catalog.FAMILY]
    assert catalog.ordered([*reversed(names), "my-model", "fr-en-transformer"]) == (
        *names, "fr-en-transformer", "my-model"
    )  # fmt: skip


def test_kinds_differ_and_the_first_four_in_attention_alone():
    assert len({kind[1:] for kind in catalog.FAMILY}) == len({kind.name for kind in catalog.FAMILY})
    assert len({kind[2:] for kind in catalog.SCORERS}) == 1
    assert (*catalog.SHAPES, *catalog.TRAINED) == catalog.RECURRENTS
    assert (*catalog.RECURRENTS, catalog.SUCCESSOR) == catalog.FAMILY
    alike = {tuple(kind.settings.items()) for kind in catalog.TRAINED}
    assert len(alike) == 1, "those that show a regime differ in nothing else"
    assert {kind.regime for kind in catalog.TRAINED} <= REGIMES.keys()
    assert {kind.attention for kind in catalog.SCORERS} == {"none", "dot", "general", "concat"}
    assert set(catalog.PROBED) <= {kind.name for kind in catalog.FAMILY}


def test_ways_to_score_are_rows_that_the_model_can_compute():
    assert tuple(SCORERS) == ATTENTIONS[1:]
    assert {kind.attention for kind in catalog.SCORERS} == set(ATTENTIONS)
    assert [name.rpartition("-")[2] for name in catalog.MAIN] == [*SCORERS, ATTENTIONS[0]]
    for kind in catalog.RECURRENTS:
        assert (kind.attention in ATTENTIONS, kind.cell in CELLS, kind.direction in DIRECTIONS) == (True,) * 3
        assert kind.attends == (kind.attention in SCORERS)


def test_a_comparison_is_about_two_of_the_kinds_that_stand_side_by_side():
    known = {kind.name for kind in catalog.FAMILY}
    for comparison in catalog.COMPARED.values():
        assert {comparison.weak, comparison.strong} <= set(comparison.kinds) <= known


def test_tasks_are_rows_with_models_of_the_family_and_sentences():
    assert catalog.TASKS[0].languages == FIRST
    assert (catalog.TASKS[0].main, catalog.TASKS[0].shown_first) == (catalog.MAIN, catalog.SHOWN_FIRST)
    assert len({task.name for task in catalog.TASKS}) == len(catalog.TASKS)
    for task in catalog.TASKS:
        assert set(task.languages.codes) <= LANGUAGES.keys()
        assert {*task.main, task.judge} <= {*task.models}
        assert task.shown_first == tuple(name for name in task.main if not name.endswith("-none"))
        assert task.judge in task.shown_first
        assert all(catalog.task_of(name) is task for name in task.models)
        assert (ASSETS / "pairs" / task.name / "examples.tsv").is_file()
    names = [name for task in catalog.TASKS for name in task.models]
    assert len(set(names)) == len(names)
    assert catalog.ordered([*reversed(names), "ko-en-gru"]) == (*names, "ko-en-gru")
    assert catalog.task_of("ko-en-gru") is None


def test_tasks_are_offered_that_have_a_model_and_the_first_in_any_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(catalog, "SHIPPED", tmp_path)
    first, *others = catalog.TASKS
    assert catalog.tasks() == (first,)
    folder(tmp_path / others[-1].judge, catalog.CONFIG)
    folder(tmp_path / "mine", catalog.CONFIG)
    assert catalog.tasks() == (first, others[-1])
    assert catalog.shipped_for(others[-1]) == (others[-1].judge,)
    assert catalog.shipped_for(first) == ()
    assert catalog.shipped() == (others[-1].judge, "mine")


def test_a_kind_is_told_by_the_longest_end_of_a_name():
    for kind in catalog.FAMILY:
        assert catalog.kind_of(kind.model()) == kind
        assert catalog.kind_of(kind.model(Languages("it", "de"))) == kind
    assert catalog.kind_of("my-model") is None


def test_languages_are_rows_that_say_what_is_cut_and_what_keys_are_offered():
    assert set(FIRST.codes) <= LANGUAGES.keys()
    assert [code for code in LANGUAGES if elides(code)] == ["fr"]
    assert not elides("xx")
    for row in LANGUAGES.values():
        cycled = {letter for cycle in row.cycles for letter in cycle.split()[1:]}
        assert set(row.keys) <= cycled, row.code


def folder(path: Path, *parts: str) -> Path:
    path.mkdir(parents=True)
    for part in parts:
        (path / part).write_text("{}", encoding="utf-8")
    return path


def test_models_outside_are_found_by_the_folders_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one = folder(tmp_path / "alone", catalog.CONFIG)
    first = folder(tmp_path / "some" / "b", catalog.CONFIG)
    second = folder(tmp_path / "some" / "a", catalog.WEIGHTS)  # an interrupted copy
    taken = folder(tmp_path / "some" / "fr-en-dot", catalog.CONFIG)
    code = folder(tmp_path / "some" / "all", catalog.CONFIG)
    folder(tmp_path / "some" / "notes", "README.md")
    places = [one, tmp_path / "some", one, tmp_path / "gone", tmp_path / "some" / "notes"]
    monkeypatch.setenv(catalog.OUTSIDE, os.pathsep.join(map(str, [*places, ""])))
    found = catalog.outside()
    assert found.folders == {
        "alone": one, "a": second, "some/all": code, "b": first, "some/fr-en-dot": taken
    }  # fmt: skip
    assert [error.key for error in found.errors] == ["models_missing", "models_none"]
    assert catalog.locate("b") == first
    assert catalog.locate("some/fr-en-dot") == taken
    assert catalog.locate("fr-en-dot").parent == catalog.SHIPPED
    with pytest.raises(CheckpointError, match="alone, a"):
        catalog.locate("unknown")


def test_without_a_word_in_the_environment_there_are_none_outside(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(catalog.OUTSIDE, raising=False)
    assert catalog.outside() == ({}, ())


def test_the_app_is_told_of_the_folders_from_where_the_command_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    runs = []

    def fake(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        runs.append(options)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(catalog.OUTSIDE, "old")
    monkeypatch.setattr(subprocess, "run", fake)
    with pytest.raises(SystemExit):
        main(["app", "--models", "mine", "--models", str(tmp_path / "more")])
    (options,) = runs
    assert options["cwd"] == APP.parent
    assert options["env"][catalog.OUTSIDE].split(os.pathsep) == [
        str(tmp_path / name) for name in ("mine", "more", "old")
    ]
