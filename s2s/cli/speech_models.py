"""The model that hears digits, as `models --tasks` makes it: voices that programs speak, the model, the same
without one of the speakers, and what is measured of both. What is finished stays, what was interrupted goes
on."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Final

from s2s.catalog import CARD, WEIGHTS
from s2s.cli import jobs
from s2s.errors import DataError, S2SError
from s2s.sound import corpus, shelf, synthesis

RECORDINGS: Final = "digits"  # in the folder of tasks, as `data fetch` makes it
UNHEARD: Final = "jackson"  # the only one with an American accent, so the hardest to do without
SETTINGS: Final[tuple[str, ...]] = ()  # of every training, beside the defaults
SHORTER: Final = ("--updates", "1800")  # of the one that leaves him out
_INDEX: Final = "train.tsv"
_CREDIT: Final = (
    "Free Spoken Digit Dataset by Zohar Jackson and others (https://zenodo.org/badge/latestdoi/61622039), "
    "train part of five of its six speakers, CC BY-SA 4.0"
)


def is_asked_for(options: argparse.Namespace) -> bool:
    """Whether there are recordings, and no other tasks alone are to be made."""
    return not options.task and (options.tasks / RECORDINGS / _INDEX).exists()


def check(options: argparse.Namespace) -> None:
    """Raise DataError before an hour of training for what is read after it."""
    if not is_asked_for(options):
        return
    for part in corpus.PARTS:
        speakers = {one.speaker for one in corpus.read_recordings(options.tasks / RECORDINGS, part)}
        if UNHEARD not in speakers:
            raise DataError("speaker_unknown", name=UNHEARD, known=", ".join(sorted(speakers)))


def make(options: argparse.Namespace) -> None:
    """Train what is missing, put the model where the app reads it, and measure it."""
    if not is_asked_for(options):
        return
    recordings, work = options.tasks / RECORDINGS, options.work / "tasks"
    work.mkdir(exist_ok=True)
    voices = _voices(work / "voices", work / "voices.log")
    model, other = work / shelf.MODEL, work / f"{shelf.MODEL}-without-{UNHEARD}"
    _train(model, recordings, voices)
    _train(other, recordings, voices, *SHORTER, "--without", UNHEARD)
    asked = {
        "dev": ["--part", "dev", "--model", model],
        "test": ["--part", "test", "--model", model],
        shelf.UNHEARD: ["--part", "test", "--speaker", UNHEARD, "--model", other],
    }
    for name, arguments in asked.items():
        if name not in shelf.read_card(model)[1].measured:
            kept = ["--recordings", recordings, "--card", model, "--write", name]
            jobs.run("speech", ["evaluate", *arguments, *kept], log=_log(model))
    (options.out / shelf.MODEL).mkdir(parents=True, exist_ok=True)
    for part in (shelf.CONFIG, WEIGHTS, CARD):
        shutil.copyfile(model / part, options.out / shelf.MODEL / part)


def _voices(folder: Path, log: Path) -> Path | None:
    """Where the recordings of programs are; None where there are none, and no program."""
    if (folder / _INDEX).exists():
        return folder
    if not any(shutil.which(program) for program in (synthesis.ESPEAK, synthesis.FLITE)):
        return None
    jobs.run("speech", ["voices", "--out", folder], log=log)
    return folder


def _train(folder: Path, recordings: Path, voices: Path | None, *more: str) -> None:
    try:
        _, card = shelf.read_card(folder)
    except S2SError:
        card = None
    if card is not None and card.updates >= int(card.train["updates"]):
        return
    own = ["--data", _CREDIT]
    if voices:
        count = len({one.speaker for one in corpus.read_recordings(voices, "train")})
        own = ["--voices", str(voices), "--data", f"{_CREDIT}, and {count} synthetic speakers"]
    resumed = ["--resume"] if card is not None else []
    arguments = ["train", "--recordings", recordings, "--out", folder, *own, *SETTINGS, *more, *resumed]
    jobs.run("speech", arguments, log=_log(folder))


def _log(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.log")
