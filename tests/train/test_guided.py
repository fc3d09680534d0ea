"""What training asks of a Transformer, and of one whose head another model guides."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch

from s2s import catalog, checkpoints
from s2s.checkpoints import Checkpoint
from s2s.config import FREE, HEAD, MEAN, ConfigError, TransformerConfig
from s2s.data.tokenizer import Tokenizer
from s2s.model.transformer.model import Transformer
from s2s.train import start
from s2s.train.guided import GuidedObjective, read_guide
from s2s.train.loop import Run, fit
from s2s.train.losses import positions_asked, posteriors_at
from tests.conftest import VOCAB, BuildTiny
from tests.sentences import PAIRS
from tests.train.runs import assert_same_state, stop_after

SHAPE = TransformerConfig(
    hidden=16, heads=2, layers=2, feedforward=16, source_vocab=VOCAB, target_vocab=VOCAB, dropout=0.0
)


@pytest.fixture
def guide(tmp_path: Path, build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer]) -> Path:
    """The folder of a recurrent model with these pieces."""
    checkpoints.save(Checkpoint(build_tiny("general"), *tokenizers), tmp_path / "guide", card=catalog.Card())
    return tmp_path / "guide"


@pytest.fixture
def transformer_run(
    make_run: Callable[..., Run], tokenizers: tuple[Tokenizer, Tokenizer]
) -> Callable[..., Run]:
    """A function from settings to a run of a small Transformer."""

    def made(guide: Path | None = None, **settings: object) -> Run:
        run = make_run(**settings)
        return run._replace(model=SHAPE, source=tokenizers[0], target=tokenizers[1], guide=guide)

    return made


def test_a_transformer_learns_its_pairs(transformer_run: Callable[..., Run]) -> None:
    run = transformer_run(updates=150, peak_rate=5e-3, warmup=5, label_smoothing=0.0, dev_every=150)
    losses = [progress.loss for progress in fit(run)]
    assert sum(losses[-10:]) < 0.5 * sum(losses[:10])
    found = checkpoints.load(run.folder)
    assert isinstance(found.model, Transformer)
    assert found.model.config == replace(SHAPE, reading=MEAN)


def test_going_on_is_as_if_never_stopped(
    transformer_run: Callable[..., Run], guide: Path, tmp_path: Path
) -> None:
    whole = transformer_run(guide, updates=8)._replace(folder=tmp_path / "whole")
    parted = whole._replace(folder=tmp_path / "parted")
    stop_after(whole, 8)
    stop_after(parted, 3)
    stop_after(parted, 5, resume=True)
    assert_same_state(whole.folder, parted.folder)


def test_a_guided_head_comes_closer_to_the_guide_than_one_that_is_free(
    transformer_run: Callable[..., Run], guide: Path, tokenizers: tuple[Tokenizer, Tokenizer]
) -> None:
    cpu = torch.device("cpu")
    teacher = read_guide(guide, *tokenizers, cpu)
    source = torch.tensor([[piece.id for piece in tokenizers[0].encode(PAIRS[0].source)]])
    said = torch.tensor([[piece.id for piece in tokenizers[1].encode(PAIRS[0].target)]])
    read = torch.cat([torch.full((1, 1), 1), said[:, :-1]], dim=1)
    asked = (said >= 0).nonzero()
    with torch.inference_mode():
        memory = teacher.encode(source)
        wanted = posteriors_at(teacher, teacher.decoder.states(read, memory), memory, said, asked)

    def distance(folder: Path) -> float:
        model = checkpoints.load(folder).model
        assert isinstance(model, Transformer)
        with torch.inference_mode():
            looked = model.guided(model.looked(read, model.encode(source)))[0]
        return float((looked - wanted).abs().sum(dim=1).mean())

    settings = {"updates": 120, "peak_rate": 5e-3, "warmup": 5, "agreement": 2.0, "coverage": 0.0}
    free, guided = transformer_run(**settings), transformer_run(guide, **settings)
    guided = guided._replace(folder=free.folder.with_name("guided"))
    for run in (free, guided):
        list(fit(run))
    assert distance(guided.folder) < 0.6 * distance(free.folder)
    config, card = catalog.read_config(guided.folder)
    assert isinstance(config, TransformerConfig)
    assert (config.reading, card.guide) == (HEAD, "guide")
    assert "`guide`" in (guided.folder / catalog.CARD).read_text(encoding="utf-8")


def test_a_guide_costs_and_is_not_learned(transformer_run: Callable[..., Run], guide: Path) -> None:
    run, before = transformer_run(guide, updates=2, save_every=1), (guide / catalog.WEIGHTS).read_bytes()
    list(islice(fit(run), 1))
    names = checkpoints.load(run.folder).model.state_dict().keys()
    assert not any("guide" in name for name in names)
    assert before == (guide / catalog.WEIGHTS).read_bytes()
    objective = GuidedObjective(start.build(SHAPE, seed=1), run.train)
    pieces = torch.randint(4, VOCAB, (2, 5))
    assert objective(pieces, pieces, pieces).agreement is None
    teacher = checkpoints.load(guide).model
    assert not isinstance(teacher, Transformer)
    objective.learn_from(teacher)
    losses = objective(pieces, pieces, pieces)
    assert losses.agreement is not None
    assert losses.agreement > 0
    assert losses.coverage is not None
    assert len(positions_asked(pieces)) == 1


def test_what_cannot_be_guided_or_fed_is_refused(
    make_run: Callable[..., Run], transformer_run: Callable[..., Run], guide: Path, tmp_path: Path,
    build_tiny: BuildTiny, with_bytes: tuple[Tokenizer, Tokenizer],
) -> None:  # fmt: skip
    plain = tmp_path / "plain"
    checkpoints.save(Checkpoint(build_tiny("none"), *checkpoints.load(guide)[1:]), plain, card=catalog.Card())
    for run, key in (
        (make_run()._replace(guide=guide), "guide_of_recurrent"),
        (transformer_run(regime=FREE), "regime_of_recurrent"),
        (transformer_run(plain), "guide_unfit"),
    ):
        with pytest.raises(ConfigError) as told:
            list(fit(run))
        assert told.value.key == key
    with pytest.raises(ConfigError, match="pieces"):
        read_guide(guide, *with_bytes, torch.device("cpu"))
