"""python -m s2s: train, translate, align, trace.

Every setting of `config` is an option of `train`, with its default, meaning and limits in the help.
Text goes in through standard input and out through standard output; what is said to a person goes to
standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

from s2s.config import ModelConfig, TrainConfig
from s2s.errors import DataError, S2SError
from s2s.traces import Trace, Unit

if TYPE_CHECKING:  # what loads torch is imported where it is used: --help answers at once
    from s2s.translator import Translator


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 after an error (one sentence on standard error)."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except S2SError as error:
        print(f"s2s: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m s2s", description="Sequence to sequence with attention.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

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

    for name, command, meaning in (
        ("translate", _translate, "translate standard input: one line in, one line out"),
        ("align", _align, "align words: source, or source TAB target, in; one JSON object a line out"),
        ("trace", _trace, "everything computed for a sentence: one line in, one JSON object a line out"),
    ):
        reader = commands.add_parser(name, help=meaning, description=meaning)
        reader.set_defaults(command=command)
        reader.add_argument(
            "--model", required=True, metavar="NAME", help="a shipped model, or the path of a model folder"
        )
    return parser


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


def _translate(options: argparse.Namespace) -> None:
    translator = _load(options.model)
    for line in _lines():
        _say(translator.translate(line).target if line.strip() else "")


def _align(options: argparse.Namespace) -> None:
    translator = _load(options.model)
    if translator.attention == "none":
        raise DataError("model_without_attention", name=translator.name)
    for number, line in enumerate(_lines(), start=1):
        source, *rest = line.split("\t")
        try:
            if len(rest) > 1:
                raise DataError("line_columns", path="standard input", line=number, found=len(rest) + 1)
            trace = translator.align(source, rest[0]) if rest else translator.translate(source)
            _say(json.dumps(_alignment_record(trace), ensure_ascii=False))
        except DataError as error:  # one line in, one line out, also for a line that cannot be aligned
            _say(json.dumps({"error": str(error)}, ensure_ascii=False))


def _alignment_record(trace: Trace) -> dict[str, Any]:
    alignment = trace.alignment("words")
    assert alignment is not None
    rows = [i for i, unit in enumerate(alignment.target_units) if not unit.is_end]
    return {
        "source": trace.source,
        "target": trace.target,
        "source_words": [_word(unit) for unit in alignment.source_units if not unit.is_end],
        "target_words": [_word(alignment.target_units[i]) for i in rows],
        "weights": [[round(float(weight), 6) for weight in alignment.weights[i]] for i in rows],
        "links": [list(link) for link in alignment.links],
    }


def _word(unit: Unit) -> dict[str, Any]:
    return {"text": unit.text, "start": unit.start, "end": unit.end}


def _trace(options: argparse.Namespace) -> None:
    translator = _load(options.model)
    for line in _lines():
        _say(translator.translate(line).to_json())


def _load(name: str) -> Translator:
    from s2s.translator import Translator

    return Translator.load(name)


def _lines() -> Iterator[str]:
    """The lines of standard input. Only a line feed ends one; bytes that are not UTF-8 become U+FFFD."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").removesuffix("\n").removesuffix("\r")


def _say(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", errors="replace") + b"\n")
    sys.stdout.buffer.flush()
