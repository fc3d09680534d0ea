"""python -m s2s train: every setting of `config` is an option, with its default, meaning and limits."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, Self

from s2s.config import ModelConfig, TrainConfig
from s2s.errors import DataError


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `train`."""
    train = commands.add_parser(
        "train", help="train a model", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    train.set_defaults(command=_train)
    train.add_argument("--train", dest="pairs", type=Path, required=True, metavar="FILE",
                       help="pairs to learn from: source TAB target a line, plain or .gz")  # fmt: skip
    train.add_argument("--dev", type=Path, required=True, metavar="FILE",
                       help="pairs to look at the dev loss with")  # fmt: skip
    train.add_argument("--out", type=Path, required=True, metavar="FOLDER",
                       help="the model's folder; its name becomes the model's name")  # fmt: skip
    train.add_argument("--resume", action="store_true",
                       help="go on with the interrupted run in the folder")  # fmt: skip
    train.add_argument("--tokenizers", type=Path, metavar="FOLDER",
                       help="take the tokenizers of this model instead of training new ones")  # fmt: skip
    train.add_argument("--data", default="", metavar="TEXT",
                       help="where the pairs come from and their licence, for the model card")  # fmt: skip
    for title, settings in (("model", ModelConfig), ("training", TrainConfig)):
        group = train.add_argument_group(title)
        for setting in dataclasses.fields(settings):
            limits = setting.metadata
            if limits["choices"] is not None:
                meaning = f"{limits['meaning']}: {', '.join(limits['choices'])}"
            else:
                meaning = f"{limits['meaning']}; {limits['low']} to {limits['high']}"
            group.add_argument(
                f"--{setting.name.replace('_', '-')}",
                type=type(setting.default),
                default=setting.default,
                metavar=setting.name.upper(),
                help=meaning,
            )


def _train(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from s2s import catalog
    from s2s.data.corpora import read_pairs
    from s2s.data.tokenizer import Tokenizer
    from s2s.train.loop import Run, fit

    def settings(kind: type[ModelConfig] | type[TrainConfig]) -> dict[str, Any]:
        return {setting.name: getattr(options, setting.name) for setting in dataclasses.fields(kind)}

    model, training = ModelConfig(**settings(ModelConfig)), TrainConfig(**settings(TrainConfig))
    source = target = None
    if options.tokenizers:
        source = Tokenizer.load(options.tokenizers / catalog.SOURCE_TOKENIZER)
        target = Tokenizer.load(options.tokenizers / catalog.TARGET_TOKENIZER)
        model = dataclasses.replace(model, source_vocab=source.size, target_vocab=target.size)
    run = Run(
        folder=options.out,
        model=model,
        train=training,
        pairs=read_pairs(options.pairs, on_bad_line=_tell_skipped),
        dev_pairs=read_pairs(options.dev, on_bad_line=_tell_skipped),
        source=source,
        target=target,
        data=options.data,
    )
    with (
        contextlib.closing(fit(run, resume=options.resume)) as steps,
        tqdm(total=training.updates, unit="update", dynamic_ncols=True) as bar,
        _StopRequest() as stop,
    ):
        dev_loss = "-"
        for progress in steps:
            if progress.dev_loss is not None:
                dev_loss = f"{progress.dev_loss:.3f}"
                bar.write(f"update {progress.updates}: dev loss {dev_loss} nats a piece", file=sys.stderr)
            if bar.n == 0:  # count time from here, updates from where a resumed run stood
                bar.reset()
                bar.n = bar.initial = progress.updates - 1
            bar.set_postfix_str(
                f"loss {progress.loss:.3f}, dev {dev_loss}, {progress.tokens_per_second:,.0f} tokens/s",
                refresh=False,
            )
            bar.update()
            if stop.asked:
                bar.write(f"stopped and saved; go on with --resume --out {run.folder}", file=sys.stderr)
                break


class _StopRequest:
    """Ctrl-C lets the update in hand finish, so that what is saved is whole; a second one ends at once."""

    def __enter__(self) -> Self:
        self.asked = False
        self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _tell_skipped(error: DataError) -> None:
    print(f"skipped: {error}", file=sys.stderr)
