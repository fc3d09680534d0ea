from pathlib import Path
from typing import Any

import pytest

from s2s.config import ModelConfig, TrainConfig, TypingConfig
from s2s.data.tokenizer import Tokenizer
from s2s.train.loop import Run
from tests.conftest import HIDDEN, VOCAB
from tests.sentences import PHRASES
from tests.train.runs import MakeRun


@pytest.fixture
def make_run(tokenizers: tuple[Tokenizer, Tokenizer], tmp_path: Path) -> MakeRun:
    """A function from a folder's name and settings to a run of the short phrases, in full precision."""

    def make(name: str = "run", *, attention: str = "general", **settings: Any) -> Run:
        train = TypingConfig.off() | {
            "updates": 12, "batch_tokens": 64, "warmup": 4, "peak_rate": 1e-2, "precision": "float32",
            "dev_every": 100, "save_every": 100,
        } | settings  # fmt: skip
        return Run(
            folder=tmp_path / name,
            model=ModelConfig(
                attention=attention, hidden=HIDDEN, source_vocab=VOCAB, target_vocab=VOCAB, dropout=0.2
            ),
            train=TrainConfig(**train),
            pairs=PHRASES,
            dev_pairs=PHRASES[:5],
            source=tokenizers[0],
            target=tokenizers[1],
        )

    return make
