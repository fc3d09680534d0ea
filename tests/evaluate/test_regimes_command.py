"""`python -m s2s regimes`, on models that have learned for a second."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from s2s import catalog
from s2s.claims.regimes import claims
from s2s.cli import main
from s2s.cli.regime_record import drawn, halves
from s2s.config import ModelConfig, TrainConfig, TypingConfig
from s2s.data.corpora import Pair
from s2s.data.splits import groups
from s2s.data.tokenizer import Tokenizer
from s2s.evaluate.regime_table import regimes_section, step_table
from s2s.evaluate.regimes import read_regimes
from s2s.evaluate.report import Report, read_report
from s2s.recipes import REGIMES, TWO_PASSES, UPDATES, regime_of
from s2s.recipes import settings as settings_of
from s2s.train.loop import Run, fit
from s2s.train.regimes import teacher_share
from tests.conftest import HIDDEN, VOCAB
from tests.evaluate.evaluations import EVALUATION
from tests.sentences import PAIRS, PHRASES

FEW = "--rounds 2 --batches 1 --discriminator-updates 3 --pairs 8 --repetition-pairs 3".split()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, tokenizers: tuple[Tokenizer, Tokenizer]) -> Path:
    """A folder of models, and one of three seeds of each regime."""
    place = tmp_path_factory.mktemp("regimes")
    for regime, settings in REGIMES.items():
        for seed in (1, 2, 3):
            train = {"updates": 6, "batch_tokens": 64, "precision": "float32", "dev_every": 2, "seed": seed}
            for _ in fit(
                Run(
                    folder=place / "repetitions" / f"{regime}-{seed}",
                    model=ModelConfig(hidden=HIDDEN, source_vocab=VOCAB, target_vocab=VOCAB),
                    train=TrainConfig(**TypingConfig.off(), **train, **settings),
                    pairs=PHRASES,
                    dev_pairs=PHRASES[:5],
                    source=tokenizers[0],
                    target=tokenizers[1],
                )
            ):
                pass
    for kind in catalog.TRAINED:
        shutil.copytree(place / "repetitions" / f"{kind.regime}-1", place / "models" / kind.model())
    (place / "test.tsv").write_bytes(_plain(PAIRS[::20]))
    (place / "general.tsv").write_bytes(_plain(PHRASES))
    return place


def _plain(pairs: list[Pair]) -> bytes:
    return "".join(f"{pair.source}\t{pair.target}\n" for pair in pairs).encode()


def measure(place: Path, *more: object, models: tuple[str, ...] = ()) -> int:
    names = [place / "models" / name for name in models or [kind.model() for kind in catalog.TRAINED]]
    files = ["--data", place / "test.tsv", "--general", place / "general.tsv", "--models", *names]
    return main(["regimes", *map(str, files), *FEW, *map(str, more)])


def test_what_is_printed_and_written_is_one_record(trained: Path, tmp_path: Path, capsys):
    record = tmp_path / "record.json"
    more = ["--repetitions", trained / "repetitions", "--json", record, "--steps"]
    assert measure(trained, *more) == 0
    out = capsys.readouterr().out
    found = read_regimes(record)
    assert [one.regime for one in found.trained] == [kind.regime for kind in catalog.TRAINED]
    assert [(one.regime, one.seed) for one in found.repetitions] == [
        (regime, seed) for regime in REGIMES for seed in (1, 2, 3)
    ]
    assert [cost.regime for cost in found.costs] == list(REGIMES)
    assert all(len(cost.milliseconds) == 2 for cost in found.costs)
    assert found.costs[0].times.low == found.costs[0].times.high == 1
    assert (found.everyday.measured, found.everyday.compared) == (8, 8)
    assert all(one.pairs == 3 for one in found.repetitions)
    for part in (*regimes_section(found), *map(str, claims(found)), step_table(found.teacher.everyday)):
        assert part in out
    for one in found.trained:
        assert one.telling.learned + one.telling.held_out == 8
        assert one.everyday.gap.pairs == 8
        assert list(one.history) == list(catalog.read_config(trained / "models" / one.model)[1].history)
    assert torch.get_num_threads() == 1


def test_a_record_on_standard_output_is_all_that_is_there(trained: Path, tmp_path: Path, capsys):
    assert measure(trained, "--json", "-", models=("fr-en-general-free", "fr-en-general-teacher")) == 0
    path = tmp_path / "record.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    found = read_regimes(path)
    assert [one.regime for one in found.trained] == ["teacher", "free"]
    assert (found.repetitions, found.levels) == ((), ())


def test_a_record_that_is_kept_stands_beside_the_models_and_in_their_page(
    trained: Path, tmp_path: Path, monkeypatch
):
    shipped = tmp_path / "shipped"
    shutil.copytree(trained / "models", shipped)
    report = Report(shipped=(EVALUATION,), repetitions=())
    (shipped / "report.json").write_text(report.to_json(), encoding="utf-8")
    monkeypatch.setattr(catalog, "SHIPPED", shipped)
    monkeypatch.setattr("s2s.evaluate.regimes.RECORD", shipped / "regimes.json")
    files = ["--data", trained / "test.tsv", "--general", trained / "general.tsv"]
    assert main(["regimes", *map(str, files), *FEW, "--write"]) == 0
    found = read_regimes(shipped / "regimes.json")
    page = (shipped / catalog.CARD).read_text(encoding="utf-8")
    assert all(part in page for part in regimes_section(found))
    assert read_report(shipped / "report.json") == report


@pytest.mark.parametrize(
    ("models", "more", "told"),
    [
        (("fr-en-general-free",), [], "None of fr-en-general-free was trained by teacher forcing"),
        (("fr-en-general-free",) * 2, [], "were trained by the same regime, free"),
        (("gone",), [], "gone is not a folder"),
        ((), ["--repetitions", "gone"], "no folder gone"),
        ((), ["--repetitions", "."], "has no model"),
        ((), ["--data", "gone.tsv"], "gone.tsv does not exist"),
        ((), ["--general", "gone.tsv"], "gone.tsv does not exist"),
        ((), ["--json", "gone/record.json"], "cannot be written"),
        ((), ["--write"], "is no shipped model"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(
    trained: Path, tmp_path, monkeypatch, capsys, models, more, told
):
    monkeypatch.chdir(tmp_path)
    assert measure(trained, *more, models=models) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line


def test_models_of_another_shape_are_not_held_against_each_other(trained: Path, capsys):
    other = trained / "models" / "fr-en-general-teacher"
    files = ["--data", trained / "test.tsv", "--general", trained / "general.tsv"]
    free = trained / "models" / "fr-en-general-free"
    config = (free / catalog.CONFIG).read_text(encoding="utf-8").replace('"dropout": 0.1', '"dropout": 0.3')
    changed = trained / "changed"
    shutil.copytree(free, changed, dirs_exist_ok=True)
    (changed / catalog.CONFIG).write_text(config, encoding="utf-8")
    assert main(["regimes", *map(str, files), "--models", str(other), str(changed)]) == 1
    assert "changed and fr-en-general-teacher differ in dropout (0.3 and 0.1)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option",
    [["--pairs", "3"], ["--rounds", "0"], ["--batches", "1.5"], ["--discriminator-updates", "-1"]],
)
def test_numbers_have_limits(trained: Path, capsys, option):
    with pytest.raises(SystemExit):
        measure(trained, *option)
    assert "is not a whole number from" in capsys.readouterr().err


def test_halves_share_no_sentence_and_hold_every_pair():
    pairs = [*PAIRS[:40], *(Pair(pair.source, pair.target + " more") for pair in PAIRS[:7])]
    one, other = halves(pairs)
    assert sorted(one + other) == sorted(pairs)
    assert abs(len(one) - len(other)) <= max(map(len, groups(pairs)))
    assert not {pair.source for pair in one} & {pair.source for pair in other}


def test_fewer_pairs_are_drawn_the_same_way_every_time():
    assert drawn(PAIRS, len(PAIRS)) == list(PAIRS)
    some = drawn(PAIRS, 9)
    assert some == drawn(PAIRS, 9) != PAIRS[:9]
    assert len(set(some)) == 9


def test_a_shorter_training_has_a_shorter_schedule_and_is_as_it_was_otherwise():
    for name, whole in REGIMES.items():
        assert settings_of(name, UPDATES) == whole
        short = settings_of(name, UPDATES // 5)
        assert {**short, "sigmoid_k": 0} == {**whole, "sigmoid_k": 0} or short == whole
        assert TrainConfig(**settings_of(name, 1))  # within the limits
    half = [TrainConfig(**settings_of("scheduled", updates)) for updates in (1000, 5000)]
    assert [round(teacher_share(at, train), 1) for at, train in zip((570, 3850), half, strict=True)] == [
        0.5,
        0.5,
    ]


def test_a_training_is_told_by_its_settings():
    assert [regime_of(settings) for settings in REGIMES.values()] == list(REGIMES)
    assert regime_of({}) == "teacher"
    assert regime_of({"regime": "scheduled"}) == TWO_PASSES, "the default of training"
