"""`python -m s2s models`, on a corpus and models so small that all of it takes seconds."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from s2s import catalog
from s2s.cli import jobs, main, models, sweep
from s2s.config import HEAD, TransformerConfig
from s2s.data.corpora import pairs_as_tsv
from s2s.engine.cluster import Place
from s2s.errors import DataError
from s2s.evaluate.regimes import read_regimes
from s2s.evaluate.report import read_report
from s2s.recipes import REGIMES, SUCCESSOR
from s2s.train.folder import held
from tests.sentences import PAIRS

GOLD = "le jardin\tthe garden\t0-0 1-1\tnone\n"
# Of what measures training regimes, where it would take minutes.
FEW = "--rounds 1 --batches 1 --discriminator-updates 2".split()
SETTINGS = "--hidden 16 --updates 3 --batch-tokens 64 --precision float32 --typed 0 --exchanged 0".split()


class OneByOne:
    """A pool of this one thread, the main one, where Ctrl-C can be heard."""

    map = staticmethod(map)


class Made(NamedTuple):
    """What `models` left behind, and the commands that it ran for it."""

    folder: Path
    commands: list[str]

    def again(self, *more: str) -> None:
        """The same command once more."""
        folders = ["--data", self.folder / "data", "--work", self.folder / "work", "--out", self.out]
        sizes = ["--gold", self.folder / "gold.tsv", "--pieces", "70", "--repetitions", "2"]
        sizes += ["--probe-inputs", "20", "--regime-pieces", "60", "--regime-repetition-updates", "2"]
        sizes += ["--general", self.folder / "general.tsv.gz"]
        arguments = [*folders, *sizes, "--repetition-updates", "2", *more, "--", *SETTINGS]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(models, "ThreadPoolExecutor", lambda jobs: contextlib.nullcontext(OneByOne()))
            patch.setattr(jobs, "run", self._run)
            assert main(["models", *map(str, arguments)]) == 0

    def _run(self, command: str, arguments: Sequence[object], *, log: Path) -> None:
        """In this process: one of its own for each command takes seconds to start."""
        self.commands.append(f"{command} {log.stem}")
        few = FEW if command == "regimes" else []
        assert main([command, *map(str, arguments), *few]) == 0

    @property
    def out(self) -> Path:
        return self.folder / "models"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = Made(tmp_path_factory.mktemp("family"), [])
    (made.folder / "data").mkdir()
    for part, chosen in (("train", PAIRS), ("dev", PAIRS[:4]), ("test", PAIRS[4:8])):
        (made.folder / "data" / f"{part}.tsv.gz").write_bytes(pairs_as_tsv(chosen))
    (made.folder / "gold.tsv").write_text(GOLD, encoding="utf-8")
    (made.folder / "general.tsv.gz").write_bytes(pairs_as_tsv(PAIRS[8:12]))

    made.again()
    return made


def test_models_report_and_table_are_made_from_the_data_alone(made: Made):
    report = read_report(made.out / "report.json")
    shipped = (*catalog.SHAPES, catalog.SUCCESSOR)
    assert [e.setup.model for e in report.shipped] == [f"fr-en-{kind.name}" for kind in shipped]
    assert [e.setup.attention for e in report.scorers] == ["none", "dot", "general", "concat"]
    for kind, evaluation in zip(shipped, report.shipped, strict=True):
        config, _ = catalog.read_config(made.out / evaluation.setup.model)
        assert {name: getattr(config, name) for name in kind.settings} == kind.settings
        told = {"attention": kind.attention, "cell": kind.cell, "direction": kind.direction}
        assert {name: getattr(evaluation.setup, name) for name in told} == told
        assert evaluation.sentences == 4
        assert evaluation.typed is not None
        assert evaluation.typed.word_by_word is not None
        assert evaluation.typed.word_by_word.lexicon == "train.tsv.gz"
    assert all(repetition.evaluation.typed is None for repetition in report.repetitions)
    assert sorted((r.evaluation.setup.attention, r.seed, r.updates) for r in report.repetitions) == sorted(
        (name, seed, 2) for name in ("dot", "general", "concat") for seed in (1, 2)
    )
    assert [score.model for score in report.probes] == [f"fr-en-{name}" for name in catalog.PROBED]
    for score in report.probes:
        probe = (made.out / score.model / catalog.PROBE).read_bytes()
        assert hashlib.sha256(probe).hexdigest() == score.probe
        assert [chain.sentences for chain in score.chains] == [1, 2, 3, 4]  # of four sentences
    page = (made.out / catalog.CARD).read_text(encoding="utf-8")
    assert all(evaluation.setup.model in page for evaluation in report.shipped)
    assert "no accents, lower case, no mark" in page
    assert "## Training regimes" in page


def test_the_one_without_recurrence_is_trained_by_its_recipe_behind_its_guide(made: Made):
    name, guide = catalog.SUCCESSOR.model(), catalog.ATTENDING.model()
    trained = [command for command in made.commands if command.startswith("train ")]
    assert trained[-1] == f"train {name}"
    assert f"train {guide}" in trained
    config, card = catalog.read_config(made.out / name)
    assert isinstance(config, TransformerConfig)
    assert (card.guide, config.reading) == (guide, HEAD)
    found = {**card.train, **config.to_dict()}
    given = {word.removeprefix("--").replace("-", "_") for word in SETTINGS if word.startswith("--")}
    left = {setting: value for setting, value in SUCCESSOR.items() if setting not in given}
    assert {setting: found[setting] for setting in left} == left
    assert {"heads", "feedforward", "peak_rate", "warmup"} <= left.keys()
    (gold,) = [e.gold for e in read_report(made.out / "report.json").shipped if e.setup.model == name]
    assert gold is not None
    assert gold.explains is None


@pytest.mark.parametrize("only", [None, ["transformer"]])
def test_made_alone_it_is_guided_by_the_model_that_is_there(tmp_path, monkeypatch, only):
    ran = []
    monkeypatch.setattr(jobs, "run", lambda command, arguments, *, log: ran.append(arguments))
    parser = argparse.ArgumentParser()
    models.add(parser.add_subparsers())
    options = parser.parse_args(["models", "--data", "data", "--work", str(tmp_path)])
    options.only = only
    job = jobs.Job(tmp_path / "fr-en-transformer", catalog.SUCCESSOR, 1, None)
    assert jobs.is_guided(job)
    jobs.train(job, options)
    [arguments] = ran
    guide = (catalog.SHIPPED if only else tmp_path) / "fr-en-general"
    assert arguments[arguments.index("--guide") + 1] == guide
    assert arguments[arguments.index("--family") + 1] == "transformer"


def test_training_regimes_are_trained_and_measured_with_settings_of_their_own(made: Made):
    found = read_regimes(made.out / "regimes.json")
    assert [(one.regime, one.model) for one in found.trained] == [
        (kind.regime, kind.model()) for kind in catalog.TRAINED
    ]
    assert (found.everyday.pairs, found.general.pairs) == (4, 4)
    assert [(one.regime, one.seed, one.updates) for one in found.repetitions] == [
        (regime, seed, 2) for regime in REGIMES for seed in (1, 2)
    ]
    cards = {}
    for one in found.trained:
        folder = made.out / one.model
        assert hashlib.sha256((folder / catalog.WEIGHTS).read_bytes()).hexdigest() == one.weights
        config, cards[one.regime] = catalog.read_config(folder)
        assert (config.source_vocab, config.target_vocab, config.hidden) == (60, 60, 16)
    for regime, settings in REGIMES.items():
        for card in [cards[regime]] if regime in cards else []:
            assert {name: card.train[name] for name in settings} == settings
    shown = {name for settings in REGIMES.values() for name in settings}
    rest = [{n: v for n, v in card.train.items() if n not in shown} for card in cards.values()]
    assert all(one == rest[0] for one in rest), "they differ in nothing else"


def test_speeds_in_the_report_are_of_all_shipped_models_in_turns(made: Made, monkeypatch):
    before = read_report(made.out / "report.json")
    for evaluation in before.shipped:
        (own,) = json.loads((made.folder / "work" / f"{evaluation.setup.model}.json").read_text())
        assert evaluation.speed.milliseconds != own["speed"]["milliseconds"]
        assert evaluation.speed.milliseconds > 0
    asked = []
    monkeypatch.setattr(models, "_speeds", lambda shipped, options: asked.append(shipped))
    made.again()
    assert not asked, "nothing is new"


def test_all_models_share_their_tokenizers_and_differ_in_kind_seed_and_the_rate_of_their_cell_alone(
    made: Made,
):
    regimes = {kind.model() for kind in (*catalog.TRAINED, catalog.SUCCESSOR)}
    everything = [path.parent for path in (made.folder / "work").glob(f"*/{catalog.CONFIG}")]
    folders = [folder for folder in everything if folder.name not in regimes]
    assert (len(everything), len(folders)) == (len(catalog.FAMILY) + 6, len(catalog.SHAPES) + 6)
    assert len({(folder / catalog.SOURCE_TOKENIZER).read_bytes() for folder in folders}) == 1
    cards = [catalog.read_config(folder) for folder in folders]
    alike = {"attention": "", "cell": "", "direction": ""}
    assert len({json.dumps({**config.to_dict(), **alike}) for config, _ in cards}) == 1
    assert (
        len({json.dumps({**card.train, "seed": 0, "updates": 0, "peak_rate": 0}) for _, card in cards}) == 1
    )
    rates = {(config.cell, card.train["peak_rate"]) for config, card in cards}
    assert rates == {("rnn", 1e-3), ("gru", 3e-3), ("lstm", 3e-3)}, "simple cells lose theirs at a higher one"


def test_what_is_done_is_not_done_again_and_what_is_missing_is(made: Made):
    first = (made.out / "report.json").read_bytes()
    made.commands.clear()
    made.again()
    assert made.commands == []
    assert (made.out / "report.json").read_bytes() == first
    (made.folder / "work" / "dot-1.json").unlink()
    shutil.rmtree(made.folder / "work" / "concat-2")
    made.again()
    # The same seed gave the same weights, so what was measured of them still holds.
    assert made.commands == ["train concat-2", "evaluate dot-1"]
    made.commands.clear()
    (made.folder / "work" / "fr-en-general" / catalog.PROBE).unlink()
    made.again()
    assert made.commands == ["probe fr-en-general"]
    made.commands.clear()
    shutil.rmtree(made.folder / "work" / "regimes" / "free-2")
    made.again()
    assert made.commands == ["train free-2"], "the same seed gave the same weights"
    (made.folder / "work" / "regimes.json").unlink()
    made.again()
    assert made.commands == ["train free-2", "regimes regimes"]


def test_a_cluster_trains_what_is_missing_from_what_one_machine_would(made: Made, monkeypatch):
    weights = {}
    for name in ("concat-2", "fr-en-dot"):
        weights[name] = (made.folder / "work" / name / catalog.WEIGHTS).read_bytes()
        shutil.rmtree(made.folder / "work" / name)
    told = []

    def train_here(trainings: Sequence[sweep.Training], cluster: object) -> None:
        told.append((sorted(training.folder.name for training in trainings), cluster))
        for training in trainings:
            files = [str(word) for one in training.inputs.items() for word in one]
            assert main(["train", *training.arguments, *files, "--out", str(training.folder)]) == 0

    monkeypatch.setattr(sweep, "check", lambda cluster, settings: told.append((settings, cluster)))
    monkeypatch.setattr(sweep, "run", train_here)
    made.commands.clear()
    made.again("--cluster", "example.org:6379")
    place = Place("example.org", 6379)
    assert told == [(SETTINGS, place), (["concat-2", "fr-en-dot"], place)]
    assert made.commands == [], "nothing is trained here, and what was measured still holds"
    for name, before in weights.items():
        assert (made.folder / "work" / name / catalog.WEIGHTS).read_bytes() == before


def test_a_shipped_model_that_was_not_typed_to_is_measured_again(made: Made):
    stored = made.folder / "work" / "fr-en-dot.json"
    (record,) = json.loads(stored.read_text(encoding="utf-8"))
    del record["typed"]
    stored.write_text(json.dumps([record]), encoding="utf-8")
    made.commands.clear()
    made.again()
    assert made.commands == ["evaluate fr-en-dot"]


def test_a_command_that_fails_is_told_with_its_log(tmp_path):
    log = tmp_path / "broken.log"
    with pytest.raises(DataError, match=r"broken\.log") as caught:
        jobs.run("translate", ["--model", "no-such-model"], log=log)
    assert caught.value.key == "command_failed"
    assert "no-such-model" in log.read_text(encoding="utf-8")


def test_a_part_of_the_family_is_put_into_the_report_that_is_there(made: Made):
    before = read_report(made.out / "report.json")
    for part in (made.folder / "work").glob("fr-en-none-gru*"):
        shutil.rmtree(part) if part.is_dir() else part.unlink()
    made.commands.clear()
    made.again("--only", "none-gru", "none")
    assert made.commands == ["train fr-en-none-gru", "evaluate fr-en-none-gru"]
    after = read_report(made.out / "report.json")
    assert [e.setup for e in after.shipped] == [e.setup for e in before.shipped]
    assert (after.repetitions, after.probes) == (before.repetitions, before.probes)


def test_other_pairs_are_not_learned_from_in_a_folder_with_runs_of_the_first(tmp_path, capfd):
    made = Made(tmp_path, [])
    (tmp_path / "data").mkdir()
    for part, chosen in (("train", PAIRS), ("dev", PAIRS[:4]), ("test", PAIRS[4:8])):
        (tmp_path / "data" / f"{part}.tsv.gz").write_bytes(pairs_as_tsv(chosen))
    (tmp_path / "gold.tsv").write_text(GOLD, encoding="utf-8")
    (tmp_path / "general.tsv.gz").write_bytes(pairs_as_tsv(PAIRS[8:12]))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "train.tsv.gz").write_bytes(pairs_as_tsv(PAIRS[:-1]))
    with pytest.raises(AssertionError):
        made.again()
    assert "train.tsv.gz already exists with different contents" in capfd.readouterr().err
    assert made.commands == []


@pytest.mark.parametrize("more", [None, Path("more")])
def test_with_more_pairs_those_of_the_data_are_the_in_domain_ones(tmp_path, monkeypatch, more):
    ran = []
    monkeypatch.setattr(jobs, "run", lambda command, arguments, *, log: ran.append(arguments))
    parser = argparse.ArgumentParser()
    models.add(parser.add_subparsers())
    options = parser.parse_args(["models", "--data", "data", "--work", str(tmp_path)])
    options.more = more
    jobs.train(jobs.Job(tmp_path / "fr-en-dot", catalog.SCORERS[1], 1, None), options)
    [arguments] = ran
    expected = ["--in-domain", Path("data") / "train.tsv.gz"] if more else []
    place = arguments.index("--in-domain") if "--in-domain" in arguments else len(arguments)
    assert arguments[place : place + 2] == expected


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--gold", "nowhere.tsv"], "nowhere.tsv does not exist"),
        (["--out", "file"], "file cannot be written"),
        (["--work", "file"], "file cannot be written"),
        (["--data", "nowhere"], "nowhere/dev.tsv.gz does not exist"),
        (["--only", "dot"], "report.json does not exist"),
        (["--general", "nowhere.tsv"], "nowhere.tsv does not exist"),
    ],
)
def test_what_is_needed_after_the_training_is_looked_at_before_it(tmp_path, monkeypatch, capsys, wrong, told):
    monkeypatch.chdir(tmp_path)
    Path("file").write_bytes(b"mine")
    Path("data").mkdir()
    for part in ("train", "dev", "test"):
        Path("data", f"{part}.tsv.gz").write_bytes(pairs_as_tsv(PAIRS))
    monkeypatch.setattr(jobs, "gather", None)
    options = {"--data": "data", "--out": "out", "--work": "work"} | dict([wrong])
    assert main(["models", *(word for option in options.items() for word in option)]) == 1
    assert told in capsys.readouterr().err
    assert Path("file").read_bytes() == b"mine"


def test_two_do_not_work_in_one_folder_at_a_time(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    for part in ("train", "dev", "test"):
        (tmp_path / "data" / f"{part}.tsv.gz").write_bytes(pairs_as_tsv(PAIRS))
    folders = ["--data", tmp_path / "data", "--work", tmp_path / "work", "--out", tmp_path / "out"]
    with held(tmp_path / "work"):
        assert main(["models", *map(str, folders)]) == 1
    assert "is in use by another training" in capsys.readouterr().err
