"""`python -m s2s models --tasks`, on folders of pairs and models so small that all of it takes seconds."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from s2s import catalog, task_recipes
from s2s.catalog import Task
from s2s.cli import jobs, main, task_models
from s2s.data.corpora import Pair, pairs_as_tsv, read_pairs
from s2s.data.gathered import copied, exchanged, with_bare
from s2s.data.grammar.generate import generate
from s2s.errors import DataError
from s2s.evaluate import scores
from s2s.evaluate.memorising import read_memorising
from s2s.evaluate.report import read_report
from s2s.languages import Languages
from s2s.task_recipes import CASUAL, ENGLISH, PARENTS, POLITE, REQUESTS, TASKS, Recipe
from tests.sentences import PAIRS

SETTINGS = {
    "hidden": 16,
    "updates": 3,
    "batch_tokens": 64,
    "precision": "float32",
    "typed": 0.0,
    "exchanged": 0.0,
}
PIECES = {"source_vocab": 60, "target_vocab": 60}
FROM = {key: value for key, value in SETTINGS.items() if key != "hidden"}
RECIPES = {
    "core-ko": Recipe(folders=("short",), credit="Short ones, CC0", settings=FROM, begins_from="copying"),
    "polite-ko": Recipe(
        folders=("short",), credit="Turned", settings=FROM, is_exchanged=True,
        first=Recipe(
            folders=("short",), credit="Turned first", settings=FROM, begins_from="copying",
            is_exchanged=True, has_written=False,
        ),
        grammar=2, is_corpus_in_domain=True,
    ),
    "casual-ko": Recipe(
        folders=("talk",), credit="A child", settings={**FROM, "source_vocab": 85}, child_of="parent",
        grammar=3, times=2, requests=((POLITE, ENGLISH), (CASUAL, ENGLISH)),
    ),
    "chat-ko": Recipe(
        folders=("talk",), credit="Talk", settings={**SETTINGS, **PIECES}, is_bare=True, keep=(1, 2)
    ),
}  # fmt: skip
COPYING = Recipe(
    folders=("short", "talk"), credit="Copied", settings={**SETTINGS, **PIECES, "updates": 2},
    languages=Languages("ko", "ko"), copied={"short": ("source", "target"), "talk": ("source",)},
)  # fmt: skip
PARENT = Recipe(
    folders=("short",), credit="Read", languages=Languages("fr", "ko"),
    settings={**SETTINGS, "source_vocab": 70, "target_vocab": 70},
    pieces_of=("talk",),
)  # fmt: skip


ASKED = "Voulez-vous ?\tTu veux ?\tDo you want to?"


class Made(NamedTuple):
    """What `models --tasks` left behind, and the commands that it ran for it."""

    folder: Path
    commands: list[str]

    def again(self, *more: str) -> int:
        """The same command once more."""
        folders = ["--tasks", self.folder / "data", "--work", self.folder / "work", "--out", self.out]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(task_recipes, "TASKS", RECIPES)
            patch.setattr(task_models, "PARENTS", {"copying": COPYING, "parent": PARENT})
            patch.setattr(task_models, "ASSETS", self.folder / "assets")
            patch.setattr(scores, "tokenizers_of", lambda code: ("char",))
            patch.setattr(jobs, "run", self._run)
            return main(["models", *map(str, folders), *more])

    def _run(self, command: str, arguments: Sequence[object], *, log: Path) -> None:
        self.commands.append(f"{command} {log.stem}")
        assert main([command, *map(str, arguments)]) == 0

    @property
    def out(self) -> Path:
        return self.folder / "models"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = Made(tmp_path_factory.mktemp("tasks"), [])
    for folder in ("short", "talk"):
        (made.folder / "data" / folder).mkdir(parents=True)
        for part, chosen in (("train", PAIRS), ("dev", PAIRS[:4]), ("test", PAIRS[4:8])):
            (made.folder / "data" / folder / f"{part}.tsv.gz").write_bytes(pairs_as_tsv(chosen))
    for task in ("chat-ko", "casual-ko", "polite-ko"):
        assets = made.folder / "assets" / "pairs" / task
        assets.mkdir(parents=True)
        held = f"{PAIRS[0].source}\tHeld out.\n"  # it is in dev
        (assets / "written.tsv").write_text(f"Bien écrit ?\tWell written.\n{held}", encoding="utf-8")
    requests = made.folder / "assets" / "pairs" / REQUESTS
    requests.parent.mkdir()
    requests.write_text(f"{ASKED}\nAuch\tBah\t{PAIRS[4].target}\n", encoding="utf-8")
    assets = made.folder / "assets" / "pairs" / "chat-ko"
    (assets / "everyday.tsv").write_text("Bien écrit ?\n", encoding="utf-8")
    assert made.again() == 0
    return made


def there() -> list[Task]:
    return [task for task in catalog.TASKS if task.name in RECIPES]


def test_models_and_records_are_made_from_folders_of_pairs_alone(made: Made):
    names = [task.judge for task in there()]
    assert sorted(path.parent.name for path in made.out.glob(f"*/{catalog.CONFIG}")) == sorted(names)
    for task in there():
        config, card = catalog.read_config(made.out / task.judge)
        assert config.languages.codes == task.languages.codes
        assert card.data == f"{RECIPES[task.name].credit}. The weights are under {task.licence}"
    record = read_report(made.out / "tasks.json")
    assert [one.setup.model for one in record.shipped] == [one.model for one in record.scores] == names
    by_name = {one.model: one.data for one in record.scores}
    assert by_name["polite-ko-general"] == "test.tsv.gz, sides exchanged"
    assert by_name["core-ko-general"] == "test.tsv.gz"


def test_a_model_goes_on_from_what_it_was_with_other_settings(made: Made):
    before, _ = (f"train polite-ko-general{stage}" for stage in ("-first", ""))
    assert made.commands.index(before) + 1 == made.commands.index("train polite-ko-general")
    work = made.folder / "work" / "tasks"
    assert catalog.read_config(work / "polite-ko-general-first")[1].updates == 2 + 3
    assert catalog.read_config(made.out / "polite-ko-general")[1].updates == 2 + 3 + 3
    assert not (made.out / "polite-ko-general-first").exists()
    assert catalog.read_config(work / "polite-ko-general-first")[1].data.startswith("Turned first. ")
    first, then = (work / "learned" / f"polite-ko{stage}" for stage in ("-first", ""))
    corpus = [pair._replace(source=pair.target, target=pair.source) for pair in PAIRS]
    assert read_pairs(first / "train.tsv.gz") == corpus
    assert not (first / "in-domain.tsv.gz").exists()
    written = [Pair("Bien écrit ?", "Well written.")]
    assert read_pairs(then / "train.tsv.gz")[: len(PAIRS) + 1] == [*corpus, *written]
    assert len(read_pairs(then / "train.tsv.gz")) == len(PAIRS) + 1 + 2
    assert read_pairs(then / "in-domain.tsv.gz") == corpus


def test_what_others_begin_from_is_trained_once_and_not_shipped(made: Made):
    assert made.commands[:3] == ["train copying", "train core-ko-general", "scores core-ko"]
    assert [command for command in made.commands if command == "train copying"] == ["train copying"]
    config, parent = catalog.read_config(made.folder / "work" / "tasks" / "copying")
    assert parent.updates == 2
    child, card = catalog.read_config(made.out / "core-ko-general")
    assert card.updates == 2 + 3
    assert (child.hidden, child.source_vocab) == (config.hidden, config.source_vocab) == (16, 60)
    learned = read_pairs(made.folder / "work" / "tasks" / "learned" / "copying" / "train.tsv.gz")
    assert all(pair.source == pair.target for pair in learned)
    assert {pair.source for pair in learned} == {side for pair in PAIRS for side in pair}


def test_a_child_takes_what_fits_of_a_parent_whose_pieces_are_of_both(made: Made):
    work = made.folder / "work" / "tasks"
    parent, child = work / "parent", made.out / "casual-ko-general"
    assert made.commands.index("train parent") == made.commands.index("train casual-ko-general") - 1
    pieces = [
        (folder / catalog.TARGET_TOKENIZER).read_bytes()
        for folder in (work / "learned" / "parent", parent, child)
    ]
    assert pieces[0] == pieces[1] == pieces[2]
    config, _ = catalog.read_config(parent)
    assert config.languages.codes == ("fr", "ko")
    config, card = catalog.read_config(child)
    assert (config.languages.codes, config.source_vocab, config.hidden) == (("ko", "ko"), 85, 16)
    assert card.updates == 3, "those of a parent do not count"


def test_pairs_of_a_grammar_are_learned_beside_those_of_the_domain(made: Made):
    place = made.folder / "work" / "tasks" / "learned" / "casual-ko"
    learned, in_domain = (read_pairs(place / f"{name}.tsv.gz") for name in ("train", "in-domain"))
    own = Pair("Bien écrit ?", "Well written.")
    polite, casual, english = ASKED.split("\t")
    asked = [Pair(polite, english), Pair(casual, english)]
    assert in_domain == [*PAIRS, own, *asked, own], "what shares a sentence with dev or test is left out"
    assert learned[: len(in_domain)] == in_domain
    assert learned[len(in_domain) :] == list(generate(3, 1))


def test_sides_are_exchanged_where_a_recipe_says_so(made: Made):
    learned = read_pairs(made.folder / "work" / "tasks" / "learned" / "polite-ko-first" / "train.tsv.gz")
    assert set(learned) == set(exchanged(PAIRS))


def test_pairs_of_this_project_are_learned_too_and_questions_without_their_mark(made: Made):
    learned = read_pairs(made.folder / "work" / "tasks" / "learned" / "chat-ko" / "train.tsv.gz")
    for text in ("Bien écrit ?", "Bien écrit"):
        assert Pair(text, "Well written.") in learned
    assert not [pair for pair in learned if pair.target == "Held out."], "its source is in dev"
    found = read_memorising(made.out / "memorising.json")
    assert [one.updates for one in found.stages] == [1, 2, 3]
    assert (found.model, found.chosen) == ("chat-ko-general", 3)
    assert found.seen == (True,)


def test_what_is_done_is_not_done_again_and_what_is_missing_is(made: Made):
    before = (made.out / "tasks.json").read_bytes()
    made.commands.clear()
    assert made.again() == 0
    assert made.commands == []
    (made.out / "tasks.json").unlink()
    (made.out / "memorising.json").unlink()
    assert made.again("--task", "chat-ko") == 0
    assert made.commands == ["scores chat-ko", "memorising chat-ko"]
    assert made.again() == 0
    after = json.loads((made.out / "tasks.json").read_bytes())
    assert [one["model"] for one in after["scores"]] == [one["model"] for one in json.loads(before)["scores"]]


def test_what_is_needed_after_the_training_is_looked_at_before_it(
    tmp_path: Path, made: Made, monkeypatch, capsys
):
    here = made._replace(folder=tmp_path, commands=[])
    (tmp_path / "data" / "short").mkdir(parents=True)
    (tmp_path / "data" / "short" / "train.tsv.gz").write_bytes(pairs_as_tsv(PAIRS))
    assert here.again() == 1
    assert "dev.tsv.gz does not exist" in capsys.readouterr().err
    assert here.again("--task", "chat-ko") == 1
    assert "talk" in capsys.readouterr().err
    assert main(["models", "--out", str(tmp_path)]) == 1
    assert "--data or --tasks" in capsys.readouterr().err

    def missing(tokenize: str) -> None:
        raise RuntimeError("not installed")

    monkeypatch.setattr(scores, "BLEU", missing)
    assert here.again() == 1
    assert "s2s[korean]" in capsys.readouterr().err
    assert here.commands == []


def test_recipes_are_of_tasks_and_say_settings_that_there_are(tmp_path: Path, monkeypatch):
    ran = []
    monkeypatch.setattr(jobs, "run", lambda command, arguments, *, log: ran.append([*map(str, arguments)]))
    parser = task_models.argparse.ArgumentParser()
    from s2s.cli import train

    train.add(parser.add_subparsers())
    options = parser.parse_args(["train", "--train", "a", "--dev", "b", "--out", "c"])
    options.work, options.out, options.settings = tmp_path, tmp_path, []
    places = [
        task_models.Place(name, recipe, recipe.languages or Languages("ko", "ko"), "", tmp_path)
        for name, recipe in {**PARENTS, **TASKS}.items()
    ]
    by_stage = {place.name: place for place in places}
    monkeypatch.setattr(task_models, "_start", lambda name, kind, options: tmp_path / name)
    monkeypatch.setattr(
        task_models,
        "_gathered",
        lambda name, recipe, *_, stage: by_stage[name]._replace(recipe=recipe),
    )
    for place in places:
        ran.clear()
        task_models._run(tmp_path / place.name, catalog.ATTENDING, place, options)
        stages = [one for one in (place.recipe.first, place.recipe) if one is not None]
        assert len(ran) == len(stages)
        if place.recipe.first is not None:  # it begins from that and from nothing else
            others = place.recipe.begins_from, place.recipe.child_of, *place.recipe.pieces_of
            assert (place.recipe.first.first, *filter(None, others)) == (None,)
        for recipe, arguments in zip(stages, ran, strict=True):
            parsed = parser.parse_args(["train", *arguments])
            for setting, value in recipe.settings.items():
                assert getattr(parsed, setting) == value
            assert (parsed.start is None) == (not recipe.begins_from and recipe.first is None)
            assert (parsed.parent is None) == (not recipe.child_of)
            assert tuple(parsed.keep) == recipe.keep


def test_a_parent_says_what_it_reads(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(task_models, "PARENTS", {"x": dataclasses.replace(COPYING, languages=None)})
    options = task_models.argparse.Namespace(out=tmp_path, work=tmp_path)
    with pytest.raises(DataError, match="says no languages"):
        task_models._start("x", catalog.ATTENDING, options)


def test_pairs_are_gathered_as_recipes_say():
    pairs = [Pair("왜?", "그냥."), Pair("왜?", "글쎄."), Pair("응", "네."), Pair("?", "네.")]
    assert with_bare(pairs) == [*pairs, Pair("왜", "그냥."), Pair("왜", "글쎄.")]
    assert copied(pairs, ("source",)) == [Pair("왜?", "왜?"), Pair("응", "응"), Pair("?", "?")]
    assert exchanged(pairs)[0] == Pair("그냥.", "왜?")
