"""A folder of a model that listens: written, read, and refused where it is none."""

import json
from pathlib import Path

import pytest
import torch

from s2s import catalog
from s2s.errors import CheckpointError
from s2s.sound.shelf import CONFIG, SpeechCard, read_card
from s2s.speech import checkpoints
from s2s.speech.model import build
from tests.speech.runs import TINY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    card = SpeechCard(
        data="tones", train={"batch": 2, "seed": 1}, measured={"dev": {"wer": 0.25, "utterances": 4}}
    )
    checkpoints.save(build(TINY, seed=3), tmp_path / "tiny", card=card)
    return tmp_path / "tiny"


def test_a_model_is_read_as_it_was_written_in_half_precision(folder: Path):
    given, found = build(TINY, seed=3).state_dict(), checkpoints.load(folder).state_dict()
    for name, value in given.items():
        assert torch.equal(found[name], value.half().float())
    config, card = read_card(folder)
    assert config == TINY
    assert card.measured["dev"]["wer"] == 0.25
    told = (folder / "README.md").read_text(encoding="utf-8")
    assert "On 4 utterances of dev: word error rate 25.0 %" in told
    assert "CC BY-SA 4.0" in told
    assert "not taught" in told


def test_it_is_no_model_that_reads_text_and_is_not_taken_for_one(folder: Path):
    with pytest.raises(CheckpointError) as error:
        catalog.read_config(folder)
    assert error.value.key == "part_missing"


@pytest.mark.parametrize(
    ("part", "content", "key"),
    [
        (CONFIG, b"{", "part_damaged"),
        (CONFIG, b"[]", "part_damaged"),
        (CONFIG, b'{"format": 99}', "format_foreign"),
        (CONFIG, b'{"format": 1, "model": {}, "card": {"parameters": "many"}}', "part_damaged"),
        (CONFIG, b'{"format": 1, "model": {"hidden": 1000000}, "card": {}}', "part_damaged"),
        ("weights.safetensors", b"x", "part_damaged"),
    ],
)
def test_a_damaged_part_gets_one_sentence(folder: Path, part: str, content: bytes, key: str):
    (folder / part).write_bytes(content)
    with pytest.raises(CheckpointError) as error:
        checkpoints.load(folder)
    assert error.value.key == key


def test_weights_of_another_shape_are_refused_before_anything_is_allocated(folder: Path):
    record = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    record["model"]["hidden"] = 1024
    (folder / CONFIG).write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(CheckpointError) as error:
        checkpoints.load(folder)
    assert error.value.key == "weights_mismatch"
