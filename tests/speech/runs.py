"""A run of the training loop, small enough for a test."""

from pathlib import Path
from typing import Any

from s2s.sound.config import SpeechConfig, SpeechTrainConfig
from s2s.speech.training import Run
from tests.sound.recordings import recordings

TINY = SpeechConfig(hidden=16, dropout=0.1)


def run_in(folder: Path, **settings: Any) -> Run:
    """Three updates, of recordings that no one spoke."""
    given = {
        "updates": 3,
        "batch": 2,
        "warmup": 1,
        "dev_every": 100,
        "save_every": 100,
        "average": 0.5,
    } | settings
    return Run(folder, TINY, SpeechTrainConfig(**given), recordings(), recordings((5,)), "tones of the tests")
