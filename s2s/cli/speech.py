"""python -m s2s speech train, evaluate, listen: models that hear digits."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from s2s.catalog import SHIPPED
from s2s.cli.settings import SEEDS, Limits, add_number, add_settings
from s2s.cli.streams import say
from s2s.errors import DataError
from s2s.sound import corpus, hearing, shelf, synthesis, waves
from s2s.sound.config import SpeechConfig, SpeechTrainConfig

if TYPE_CHECKING:
    from s2s.speech.training import Progress

_PARTS: Final = tuple(corpus.PARTS)
_COUNT: Final = Limits(1, 100_000)
_FOLDER: Final = "recordings: PART.tsv and PART.s16.xz, or WAV files called DIGIT_SPEAKER_TAKE.wav"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `speech`."""
    meaning = "models that hear spoken digits: train, evaluate, listen"
    speech = commands.add_parser("speech", help=meaning, description=meaning)
    verbs = speech.add_subparsers(required=True, metavar="VERB")
    _add_train(verbs)
    _add_evaluate(verbs)
    voices = verbs.add_parser("voices", help="digits spoken by programs, eSpeak NG and Flite, to train on")
    voices.set_defaults(command=_voices)
    voices.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    add_number(voices, "--seed", SEEDS, default=1, meaning="seed of pitch and pace")
    excerpt = verbs.add_parser("excerpt", help="copy some takes of a packed part, unchanged")
    excerpt.set_defaults(command=_excerpt)
    excerpt.add_argument("--recordings", type=Path, required=True, metavar="FOLDER",
                         help="PART.tsv and PART.s16.xz")  # fmt: skip
    excerpt.add_argument("--part", choices=_PARTS, default="test", help="(default: %(default)s)")
    excerpt.add_argument("--takes", type=Limits(0, 9999), nargs="+", default=[0], metavar="N",
                         help="the numbers at the ends of the files' names (default: 0)")  # fmt: skip
    excerpt.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    listen = verbs.add_parser("listen", help="the digits of WAV files, one line each")
    listen.set_defaults(command=_listen)
    listen.add_argument("files", type=Path, nargs="+", metavar="FILE")
    _add_model(listen)


def _add_train(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    train = verbs.add_parser("train", help="train a model on recordings")
    train.set_defaults(command=_train)
    train.add_argument("--recordings", type=Path, required=True, metavar="FOLDER", help=_FOLDER)
    train.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the model's folder")
    train.add_argument("--voices", type=Path, metavar="FOLDER",
                       help="what `speech voices` made: speakers that are programs")  # fmt: skip
    train.add_argument("--without", default="", metavar="SPEAKER",
                       help="leave a speaker out, to hear how well a voice is understood that was never "
                       "heard")  # fmt: skip
    train.add_argument("--resume", action="store_true", help="go on with the interrupted run in the folder")
    train.add_argument("--threads", type=Limits(1, 1024), default=1, metavar="N", help="processor threads")
    train.add_argument("--data", default="", metavar="TEXT", help="their source and licence, for the card")
    for title, settings in (("model", SpeechConfig), ("training", SpeechTrainConfig)):
        add_settings(train.add_argument_group(title), settings)


def _add_evaluate(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = verbs.add_parser("evaluate", help="word errors, and where attention looks")
    evaluate.set_defaults(command=_evaluate)
    evaluate.add_argument("--recordings", type=Path, required=True, metavar="FOLDER", help=_FOLDER)
    evaluate.add_argument("--part", choices=_PARTS, default="dev", help="(default: %(default)s)")
    evaluate.add_argument("--speaker", default="", help="of this speaker alone")
    evaluate.add_argument("--write", metavar="NAME", default="",
                          help="keep the figures in the model's card, as measured on NAME")  # fmt: skip
    evaluate.add_argument("--card", type=Path, metavar="FOLDER",
                          help="the model whose card keeps them (default: --model)")  # fmt: skip
    add_number(evaluate, "--count", _COUNT, default=400, meaning="utterances of 1 to 8 digits")
    add_number(evaluate, "--seed", SEEDS, default=1, meaning="seed of the utterances")
    _add_model(evaluate)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, default=SHIPPED / shelf.MODEL, metavar="FOLDER",
                        help="a model's folder (default: the shipped one)")  # fmt: skip


def _train(options: argparse.Namespace) -> None:
    import torch
    from tqdm import tqdm

    from s2s.speech.training import Run, fit

    def settings(kind: type[SpeechConfig] | type[SpeechTrainConfig]) -> dict[str, Any]:
        return {setting.name: getattr(options, setting.name) for setting in dataclasses.fields(kind)}

    torch.set_num_threads(options.threads)
    recordings = corpus.read_recordings(options.recordings, "train")
    kept = [one for one in recordings if one.speaker != options.without]
    if options.without and len(kept) == len(recordings):
        known = ", ".join(sorted({one.speaker for one in recordings}))
        raise DataError("speaker_unknown", name=options.without, known=known)
    dev = corpus.read_recordings(options.recordings, "dev")
    model, train = SpeechConfig(**settings(SpeechConfig)), SpeechTrainConfig(**settings(SpeechTrainConfig))
    synthetic = corpus.read_recordings(options.voices, "train") if options.voices else ()
    run = Run(options.out, model, train, kept, dev, options.data, synthetic)
    with (
        tqdm(unit="update", dynamic_ncols=True, delay=1e-3) as bar,
        contextlib.closing(fit(run, resume=options.resume)) as updates,
    ):
        for progress in updates:
            if progress.looked:
                bar.write(_told(progress), file=sys.stderr)
            if bar.n == 0:
                bar.reset(total=progress.total)
                bar.n = bar.initial = progress.updates - 1
            bar.set_postfix_str(f"loss {progress.loss:.3f}, inside {progress.inside:.0%}", refresh=False)
            bar.update()


def _told(progress: Progress) -> str:
    looked = progress.looked or {}
    return (
        f"update {progress.updates}: dev loss {looked['dev_loss']:.3f} nats a digit, word error rate "
        f"{looked['wer']:.2%}, attention inside {looked['inside']:.0%}"
    )


def _evaluate(options: argparse.Namespace) -> None:
    import torch

    from s2s.speech import checkpoints
    from s2s.speech.evaluation import evaluate
    from s2s.speech.recogniser import Recogniser

    torch.set_num_threads(1)
    recogniser = Recogniser.load(options.model)
    recordings = corpus.read_recordings(options.recordings, options.part)
    if options.speaker:
        recordings = [one for one in recordings if one.speaker == options.speaker]
        if not recordings:
            raise DataError("recordings_none", path=options.recordings)
    heard = list(evaluate(recogniser, recordings, count=options.count, seed=options.seed))
    found = hearing.summary(heard)
    for name, value in found.items():
        say(f"{name}\t{value:.4f}" if isinstance(value, float) else f"{name}\t{value}")
    for length, rate in hearing.by_length(heard).items():
        say(f"wer of {length}\t{rate:.4f}")
    if options.write:
        kept = options.card or options.model
        config, card = shelf.read_card(kept)
        measured = {**card.measured, options.write: {name: float(value) for name, value in found.items()}}
        checkpoints.write_card(kept, config, dataclasses.replace(card, measured=measured))


def _voices(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    spoken = list(tqdm(synthesis.speak(options.seed), unit="word", dynamic_ncols=True, delay=1e-3))
    corpus.write_packed(spoken, options.out, "train")
    say(f"{len(spoken)} recordings")


def _excerpt(options: argparse.Namespace) -> None:
    count = corpus.excerpt(options.recordings, options.part, options.out, takes=options.takes)
    say(f"{count} recordings")


def _listen(options: argparse.Namespace) -> None:
    import torch

    from s2s.speech.recogniser import Recogniser

    torch.set_num_threads(1)
    recogniser = Recogniser.load(options.model)
    for path in options.files:
        try:
            samples = waves.listenable(path.read_bytes())
        except OSError as error:
            raise DataError("file_unreadable", path=path, reason=error.strerror) from error
        say("".join(map(str, recogniser.listen(samples).digits)))
