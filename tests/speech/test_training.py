"""Training: it learns where to look, saves itself, and goes on bit for bit."""

import contextlib
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from s2s.errors import CheckpointError, DataError
from s2s.sound.config import SpeechTrainConfig
from s2s.sound.shelf import read_card
from s2s.sound.utterances import spelt
from s2s.speech import checkpoints
from s2s.speech.batches import Batch, as_example, batch_of
from s2s.speech.model import build
from s2s.speech.training import fit, guidance_loss, inside_shares, learning_rate
from s2s.train.state import RUN
from tests.sound.recordings import recordings
from tests.speech.runs import TINY, run_in


@pytest.fixture(autouse=True)
def _nobody_else_draws_from_torchs_generator() -> None:
    """Models that another test asked for may still be loading."""
    for thread in threading.enumerate():
        if thread.name == "load-translators":
            thread.join()


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return checkpoints.load(folder).state_dict()


def test_a_run_that_was_stopped_goes_on_bit_for_bit(tmp_path: Path):
    whole, parted = run_in(tmp_path / "whole", updates=4), run_in(tmp_path / "parted", updates=4)
    assert [progress.updates for progress in fit(whole)] == [1, 2, 3, 4]
    with contextlib.closing(fit(parted)) as updates:
        next(updates)
        next(updates)
    assert [progress.updates for progress in fit(parted, resume=True)] == [3, 4]
    for name, value in weights(whole.folder).items():
        assert torch.equal(value, weights(parted.folder)[name]), name


def test_a_run_begins_in_an_empty_folder_and_ends_once(tmp_path: Path):
    run = run_in(tmp_path / "run", updates=2)
    with pytest.raises(CheckpointError) as error:
        next(fit(run, resume=True))
    assert error.value.key == "nothing_to_resume"
    with contextlib.closing(fit(run)) as updates:
        next(updates)
    for changed, resume, key in (
        (run, False, "folder_not_empty"),
        (
            run._replace(train=SpeechTrainConfig(**run.train.to_dict() | {"batch": 3})),
            True,
            "resume_mismatch",
        ),
        (run._replace(recordings=run.recordings[1:]), True, "resume_other_pairs"),
    ):
        with pytest.raises(CheckpointError) as error:
            next(fit(changed, resume=resume))
        assert error.value.key == key
    for _ in fit(run, resume=True):
        pass
    with pytest.raises(CheckpointError) as error:
        next(fit(run, resume=True))
    assert error.value.key == "run_finished"
    (run.folder / RUN).unlink()
    with pytest.raises(CheckpointError) as error:
        next(fit(run))
    assert error.value.key == "folder_holds_model"
    with pytest.raises(DataError):
        next(fit(run._replace(folder=tmp_path / "none", recordings=())))


def test_dev_is_looked_at_and_the_card_tells_of_it(tmp_path: Path):
    run = run_in(tmp_path / "run", updates=2, dev_every=1)
    run = run._replace(dev=run.dev[:10])
    looked = [progress.looked for progress in fit(run)]
    assert all(one is not None and np.isfinite(one["dev_loss"]) for one in looked)
    config, card = read_card(run.folder)
    assert config == TINY
    assert [point["updates"] for point in card.history] == [1, 2]
    assert card.utterances == 2 * run.train.batch
    assert card.train == run.train.to_dict()
    assert "Attention was taught" in (run.folder / "README.md").read_text(encoding="utf-8")


def test_guidance_costs_what_lies_elsewhere_and_leaves_the_end_free():
    inside = torch.tensor([[[1.0, 1, 0], [0, 0, 1], [0, 0, 0]]])
    batch = Batch(torch.zeros(1, 24, 40), torch.zeros(1, 3), torch.zeros(1, 3), inside)
    looked = torch.tensor([[[0.5, 0.25, 0.25], [0.5, 0.0, 0.5], [1.0, 0, 0]]])
    shares = inside_shares(looked, batch)
    torch.testing.assert_close(shares, torch.tensor([0.75, 0.5]))
    assert float(guidance_loss(shares)) == pytest.approx(-(np.log(0.75) + np.log(0.5)) / 2)
    assert float(guidance_loss(shares[:0])) == 0


def test_guidance_can_be_followed_by_the_encoder_and_attention():
    utterances = [spelt(recordings(), "ada", "41"), spelt(recordings(), "ada", "14")]
    batch = batch_of([example._replace(frames=example.frames[:96]) for example in
                      (as_example(one, TINY) for one in utterances)], TINY)  # fmt: skip
    model = build(TINY, seed=1)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-2)
    found = []
    for _ in range(50):
        shares = inside_shares(model(batch.frames, batch.fed)[1], batch)
        found.append(float(shares.detach().mean()))
        optimizer.zero_grad()
        guidance_loss(shares).backward()
        optimizer.step()
    assert found[-1] > 0.8 > found[0]


def test_the_rate_rises_and_falls():
    train = SpeechTrainConfig(updates=100, warmup=10, peak_rate=1.0, final_share=0.1)
    rates = [learning_rate(update, train) for update in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0, rel=1e-3)
    assert rates.index(max(rates)) in (9, 10)
    assert rates[100] == pytest.approx(0.1)
    assert all(one >= other for one, other in pairwise(rates[10:]))
