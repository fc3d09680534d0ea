"""python -m s2s train: every setting of `config` is an option, with its default, meaning and limits.

`torchrun --nproc-per-node 4 -m s2s train ...` is the same run, shared by four processes.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Self

from s2s.cli.settings import add_model_settings, add_settings, model_config_of
from s2s.config import TrainConfig
from s2s.errors import ConfigError, DataError

if TYPE_CHECKING:
    from s2s.data.corpora import Pair
    from s2s.train.loop import Progress, Run
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
    train.add_argument("--out", required=True, metavar="FOLDER",
                       help="the model's folder; its name becomes the model's name")  # fmt: skip
    train.add_argument("--resume", action="store_true",
                       help="go on with the interrupted run in the folder")  # fmt: skip
    given = train.add_mutually_exclusive_group()
    given.add_argument("--tokenizers", type=Path, metavar="FOLDER",
                       help="take the tokenizers of this model instead of training new ones")  # fmt: skip
    given.add_argument("--from", dest="start", type=Path, metavar="FOLDER",
                       help="go on from the weights of this model, with its tokenizers and in its shape, "
                       "instead of beginning with random ones")  # fmt: skip
    given.add_argument("--parent", type=Path, metavar="FOLDER",
                       help="begin with the weights of this model that fit, though it reads another "
                       "language or has another attention, and with its target tokenizer")  # fmt: skip
    train.add_argument("--keep", type=int, nargs="+", default=(), metavar="N",
                       help="keep the model as it is after N updates, too, in FOLDER-N")  # fmt: skip
    train.add_argument("--data", default="", metavar="TEXT",
                       help="where the pairs come from and their licence, for the model card")  # fmt: skip
    train.add_argument("--guide", type=Path, metavar="FOLDER",
                       help="let this recurrent model teach one head of a Transformer where to look; needs "
                       "the same tokenizers")  # fmt: skip
    add_model_settings(train.add_argument_group("model"))
    add_settings(train.add_argument_group("training"), TrainConfig)


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

    with joined() as group, enough_memory():
        run = run_of(options, tell=_tell_skipped if group.is_main else _ignore)
        stopped = _follow(run, options.resume, group)
        if stopped:
            group.meet()  # the first to leave ends them all: not before the main one has saved
    if stopped:
        raise SystemExit(128 + stopped)


@contextlib.contextmanager
def enough_memory() -> Iterator[None]:
    """Raises ConfigError when there is not: torch tells it by the text of a RuntimeError alone."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        if isinstance(error, RuntimeError) and not re.search("allocate memory|out of memory", reason):
            raise
        raise ConfigError("memory_full", reason=reason) from error


def run_of(options: argparse.Namespace, *, tell: Callable[[DataError], None]) -> Run:
    """The run that the options ask for; `tell` is given each line that is left out."""
    from s2s import catalog
    from s2s.data.tokenizer import Tokenizer
    from s2s.train.loop import Run

    model = model_config_of(options)
    training = TrainConfig(
        **{setting.name: getattr(options, setting.name) for setting in dataclasses.fields(TrainConfig)}
    )
    source = target = None
    if options.tokenizers:
        source = Tokenizer.load(options.tokenizers / catalog.SOURCE_TOKENIZER)
        target = Tokenizer.load(options.tokenizers / catalog.TARGET_TOKENIZER)
        model = dataclasses.replace(model, source_vocab=source.size, target_vocab=target.size)
    return Run(
        folder=_named(options.out),
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
        parent=options.parent,
        guide=options.guide,
        keep=frozenset(options.keep),
    )


def _named(folder: str) -> Path:
    """The folder of a model, called as it will be. Raises DataError for one without a name."""
    path = Path(folder)
    if folder and path.name in ("", ".."):
        path = path.resolve()
    if not path.name:
        raise DataError("folder_unnamed", path=folder)
    return path


def _read(files: Sequence[Path], tell: Callable[[DataError], None]) -> list[Pair]:
    from s2s.data.corpora import read_pairs, read_parallel
    from s2s.data.examples import LONGEST, is_absurd

    if len(files) == 1:
        pairs = read_pairs(files[0], on_bad_line=tell)
    else:
        pairs = read_parallel(files[0], files[1], on_bad_line=tell)
    kept = [pair for pair in pairs if not is_absurd(pair)]
    if len(kept) < len(pairs):
        count = len(pairs) - len(kept)
        tell(DataError("pairs_absurd", path=files[0], count=count, limit=f"{LONGEST:,}"))
    return kept


def _follow(run: Run, resume: bool, group: Group) -> int:
    """Train, show how it goes, and stop when one of the processes is asked to: by which signal, 0 by none."""
    from tqdm import tqdm

    from s2s.train.loop import fit

    with (
        _StopRequest() as stop,
        # Not before the first update: nobody wants a bar above what is refused.
        tqdm(unit="update", dynamic_ncols=True, delay=1e-3, disable=not group.is_main) as bar,
    ):
        number = 0
        with contextlib.closing(fit(run, resume=resume, group=group)) as steps:
            dev_loss = "-"
            for progress in steps:
                stop.wait()
                if progress.dev_loss is not None:
                    dev_loss = f"{progress.dev_loss:.3f}"
                    told = f"update {progress.updates}: dev loss {dev_loss} nats a piece"
                    bar.write(told, file=sys.stderr)
                if bar.n == 0:  # count time from here, updates from where a resumed run stood
                    bar.reset()
                    bar.n = bar.initial = progress.updates - 1
                bar.total = progress.total
                bar.set_postfix_str(_told(progress, dev_loss), refresh=False)
                bar.update()
                asked = group.total(*(stop.number == signal_ for signal_ in _STOPS))
                number = next((s for s, count in zip(_STOPS, asked, strict=True) if count), 0)
                if number and progress.updates < progress.total:
                    break
            else:
                number = 0
        if number and group.is_main:
            bar.write(f"stopped and saved; go on with --resume --out {run.folder}", file=sys.stderr)
    return number


def _told(progress: Progress, dev_loss: str) -> str:
    """An update, behind the bar."""
    parts = [f"loss {progress.loss:.3f}", f"dev {dev_loss}"]
    if 0 < progress.teacher_share < 1:
        parts.append(f"fed the reference {progress.teacher_share:.0%}")
    if progress.accuracy is not None:
        parts.append(f"discriminator {progress.accuracy:.0%}")
    return ", ".join([*parts, f"{progress.tokens_per_second:,.0f} tokens/s"])


# Of these, Windows has no SIGHUP: the terminal is gone.
_STOPS: Final = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))


class _StopRequest:
    """Ctrl-C and its like let the update in hand finish and the run be saved; a second Ctrl-C ends at once.

    Until there is an update there is nothing to save, and they end the process as they would any other: also
    inside SentencePiece, where Python hears nothing. What a run under nohup ignores it goes on ignoring.
    """

    def __enter__(self) -> Self:
        self.number = 0
        self._is_waiting = False
        ignored = [number for number in _STOPS[2:] if signal.getsignal(number) is signal.SIG_IGN]
        heard = [number for number in _STOPS if number not in ignored]
        self._before = {number: signal.signal(number, signal.SIG_DFL) for number in heard}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self) -> None:
        """From now on, note what is asked."""
        if not self._is_waiting:
            self._is_waiting = True
            for number in self._before:
                signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.number = self.number or number
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _tell_skipped(error: DataError) -> None:
    print(f"skipped: {error}", file=sys.stderr)


def _ignore(error: DataError) -> None:
    """Another process tells it."""
