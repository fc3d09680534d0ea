"""python -m s2s translate, align, trace: what a model makes of standard input, a line out for a line in."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from s2s.config import NO_ATTENTION
from s2s.errors import DataError
from s2s.traces import Trace, Unit

if TYPE_CHECKING:
    from s2s.translator import Translator


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `translate`, `align` and `trace`."""
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


def _translate(options: argparse.Namespace) -> None:
    translator = load(options.model)
    for line in lines():
        say(translator.translate(line).target if line.strip() else "")


def _align(options: argparse.Namespace) -> None:
    translator = load(options.model)
    if translator.attention == NO_ATTENTION:
        raise DataError("model_without_attention", name=translator.name)
    for number, line in enumerate(lines(), start=1):
        source, *rest = line.split("\t")
        try:
            if len(rest) > 1:
                raise DataError("line_columns", path="standard input", line=number, found=len(rest) + 1)
            trace = translator.explain(source, rest[0] if rest else translator.translate(source).target)
            say(json.dumps(_alignment_record(trace), ensure_ascii=False))
        except DataError as error:  # one line in, one line out, also for a line that cannot be aligned
            say(json.dumps({"error": str(error)}, ensure_ascii=False))


def _alignment_record(trace: Trace) -> dict[str, Any]:
    alignment, explained = trace.alignment("words"), trace.alignment("words", row="explains")
    assert alignment is not None
    assert explained is not None
    rows = [i for i, unit in enumerate(alignment.target_units) if not unit.is_end]
    return {
        "source": trace.source,
        "target": trace.target,
        "source_words": [_word(unit) for unit in alignment.source_units if not unit.is_end],
        "target_words": [_word(alignment.target_units[i]) for i in rows],
        "weights": [[round(float(weight), 6) for weight in alignment.weights[i]] for i in rows],
        "posteriors": [[round(float(share), 6) for share in explained.weights[i]] for i in rows],
        "links": [list(link) for link in explained.links],
    }


def _word(unit: Unit) -> dict[str, Any]:
    return {"text": unit.text, "start": unit.start, "end": unit.end}


def _trace(options: argparse.Namespace) -> None:
    translator = load(options.model)
    for line in lines():
        say(translator.translate(line).to_json())


def load(name: str) -> Translator:
    """A translator, torch with it."""
    from s2s.translator import Translator

    return Translator.load(name)


def lines() -> Iterator[str]:
    """The lines of standard input. Only a line feed ends one; bytes that are not UTF-8 become U+FFFD."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").removesuffix("\n").removesuffix("\r")


def say(text: str) -> None:
    """A line of standard output."""
    sys.stdout.buffer.write(text.encode("utf-8", errors="replace") + b"\n")
    sys.stdout.buffer.flush()
