"""python -m s2s train: every setting of `config` is an option, with its default, meaning and limits.

`torchrun --nproc-per-node 4 -m s2s train ...` is the same run, shared by four processes.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

from s2s.cli.settings import add_settings
from s2s.config import ModelConfig, TrainConfig
from s2s.errors import DataError

if TYPE_CHECKING:
    from s2s.data.corpora import Pair
    from s2s.train.loop import Run
    from s2s.train.processes import Group


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `train`."""
    train = commands.add_parser(
        "train", help="train a model", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    train.set_defaults(command=_train)
    train.add_argument("--train", dest="pairs", type=Path, nargs="+", action=_OneOrTwo, required=True,
                       metavar="FILE", help="pairs to learn from, plain or .gz: source TAB target a line, or "
                       "two files whose lines n are translations of each other")  # fmt: skip
    train.add_argument("--dev", type=Path, nargs="+", action=_OneOrTwo, required=True, metavar="FILE",
                       help="pairs to look at the dev loss with, in either form")  # fmt: skip
    train.add_argument("--in-domain", type=Path, nargs="+", action=_OneOrTwo, metavar="FILE",
                       help="pairs of the kind of text that the model is for, where --train holds others "
                       "too, in either form: learned from more often")  # fmt: skip
    train.add_argument("--fragments", type=Path, metavar="FILE",
                       help="parts of pairs, as by `data fragments`: half a sentence gets half a "
                       "translation")  # fmt: skip
    train.add_argument("--out", type=Path, required=True, metavar="FOLDER",
                       help="the model's folder; its name becomes the model's name")  # fmt: skip
    train.add_argument("--resume", action="store_true",
                       help="go on with the interrupted run in the folder")  # fmt: skip
    given = train.add_mutually_exclusive_group()
    given.add_argument("--tokenizers", type=Path, metavar="FOLDER",
                       help="take the tokenizers of this model instead of training new ones")  # fmt: skip
    given.add_argument("--from", dest="start", type=Path, metavar="FOLDER",
                       help="go on from the weights of this model, with its tokenizers and in its shape, "
                       "instead of beginning with random ones")  # fmt: skip
    train.add_argument("--data", default="", metavar="TEXT",
                       help="where the pairs come from and their licence, for the model card")  # fmt: skip
    for title, settings in (("model", ModelConfig), ("training", TrainConfig)):
        group = train.add_argument_group(title)
        add_settings(group, settings)


class _OneOrTwo(argparse.Action):
    """Takes a file of pairs or two parallel ones."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        if len(values) > 2:
            raise argparse.ArgumentError(
                self, f"expected one file of pairs or two parallel ones, not {len(values)}"
            )
        setattr(namespace, self.dest, values)


def _train(options: argparse.Namespace) -> None:
    from s2s.train.processes import joined

    with joined() as group:
        _follow(_run(options, tell=_tell_skipped if group.is_main else _ignore), options.resume, group)


def _run(options: argparse.Namespace, *, tell: Callable[[DataError], None]) -> Run:
    """The run that the options ask for; `tell` is given each line that is left out."""
    from s2s import catalog
    from s2s.data.tokenizer import Tokenizer
    from s2s.train.loop import Run

    def settings(kind: type[ModelConfig] | type[TrainConfig]) -> dict[str, Any]:
        return {setting.name: getattr(options, setting.name) for setting in dataclasses.fields(kind)}

    model, training = ModelConfig(**settings(ModelConfig)), TrainConfig(**settings(TrainConfig))
    source = target = None
    if options.tokenizers:
        source = Tokenizer.load(options.tokenizers / catalog.SOURCE_TOKENIZER)
        target = Tokenizer.load(options.tokenizers / catalog.TARGET_TOKENIZER)
        model = dataclasses.replace(model, source_vocab=source.size, target_vocab=target.size)
    return Run(
        folder=options.out,
        model=model,
        train=training,
        pairs=_read(options.pairs, tell),
        dev_pairs=_read(options.dev, tell),
        source=source,
        target=target,
        data=options.data,
        fragments=_read([options.fragments], tell) if options.fragments else (),
        in_domain=_read(options.in_domain, tell) if options.in_domain else (),
        start=options.start,
    )


def _read(files: Sequence[Path], tell: Callable[[DataError], None]) -> list[Pair]:
    from s2s.data.corpora import read_pairs, read_parallel

    if len(files) == 1:
        return read_pairs(files[0], on_bad_line=tell)
    return read_parallel(files[0], files[1], on_bad_line=tell)


def _follow(run: Run, resume: bool, group: Group) -> None:
    """Train, show how it goes, and stop when one of the processes is asked to."""
    from tqdm import tqdm

    from s2s.train.loop import fit

    with (
        contextlib.closing(fit(run, resume=resume, group=group)) as steps,
        tqdm(unit="update", dynamic_ncols=True, disable=not group.is_main) as bar,
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
            bar.total = progress.total
            bar.set_postfix_str(
                f"loss {progress.loss:.3f}, dev {dev_loss}, {progress.tokens_per_second:,.0f} tokens/s",
                refresh=False,
            )
            bar.update()
            if group.any(stop.asked):
                if group.is_main:
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


def _ignore(error: DataError) -> None:
    """Another process tells it."""
