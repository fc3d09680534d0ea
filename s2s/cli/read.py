"""python -m s2s translate, align, trace: what a model makes of text, a line out for a line in."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from s2s.cli.lines import LIMIT, STANDARD_INPUT, Lines, sides, tell
from s2s.cli.streams import progress, say
from s2s.config import NO_ATTENTION
from s2s.engine.questions import Explain, Question, Translate
from s2s.engine.remote import ENGINE, Remote
from s2s.errors import DataError
from s2s.records import to_json
from s2s.traces import Array, Trace, Translation, Unit

if TYPE_CHECKING:
    from s2s.translator import Translator

Found = TypeVar("Found")
Speak = Callable[[list[str]], Iterable[Trace | Translation]]

_AT_ONCE: Final = 8  # lines that an engine is asked for together


class Ask(Protocol):
    """Whoever answers questions to one model."""

    def __call__(self, question: Question[Found], /) -> Found:
        """The answer. Raises S2SError."""
        ...


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `translate`, `align` and `trace`."""
    for name, command, meaning in (
        ("translate", _translate, "translate text: one line in, one line out"),
        ("align", _align, "align words: source, or source TAB target, in; one JSON object a line out"),
        ("trace", _trace, "everything computed for a sentence: one line in, one JSON object a line out"),
    ):
        reader = commands.add_parser(name, help=meaning, description=meaning)
        reader.set_defaults(command=command)
        reader.add_argument(
            "--model", required=True, metavar="NAME", help="a shipped model, or the path of a model folder"
        )
        reader.add_argument("--engine", metavar="ADDRESS",
                            help="who has the model, as ray://HOST:PORT, where `s2s serve` runs (default: "
                            f"{ENGINE} in the environment; without it, this process)")  # fmt: skip
        add_file(reader)


def add_file(parser: argparse.ArgumentParser) -> None:
    """Add what lines are read from."""
    parser.add_argument("file", nargs="?", default=STANDARD_INPUT, metavar="FILE",
                        help="the text, UTF-8 or with a byte order mark, plain or .gz; of a line at most "
                        f"{LIMIT:,} characters are read (default: standard input)")  # fmt: skip


def _translate(options: argparse.Namespace) -> None:
    lines = Lines(options.file)
    with _speaking(options) as speak, progress(lines.size) as reach:
        for window in lines.windows():
            found = iter(speak([line.text for line in window.lines if line.text.strip()]))
            for line in window.lines:
                for flaw in line.flaws:
                    tell(flaw)
                if not line.text.strip():
                    say("")
                    continue
                said = next(found)
                lines.tell_cuts(line.number, said)
                say(said.target)
            reach(window.position, window.lines[-1].number)


def _align(options: argparse.Namespace) -> None:
    lines = Lines(options.file)
    with _asking(options) as ask:
        anything = ask(Translate(""))
        if anything.attention == NO_ATTENTION:
            raise DataError("model_without_attention", name=anything.model)
        for number, line in lines:
            source, *rest = sides(line)
            try:
                if len(rest) > 1:
                    raise DataError("line_columns", path=lines.name, line=number, found=len(rest) + 1)
                said = None if rest else ask(Translate(source))
                trace = ask(Explain(source, rest[0] if said is None else said.target))
                lines.tell_cuts(number, said or trace)
                say(to_json(_alignment_record(trace, is_cut=said is not None and said.target_cut)))
            except DataError as error:  # one line in, one line out, also for a line that cannot be aligned
                say(to_json({"error": str(error)}))


def _alignment_record(trace: Trace, *, is_cut: bool) -> dict[str, Any]:
    """Links are those of the posteriors; where there are none, as of a Transformer, those of the one map that
    is read out."""
    alignment, explained = trace.alignment("words"), trace.alignment("words", row="explains")
    assert alignment is not None
    rows = [i for i, unit in enumerate(alignment.target_units) if not unit.is_end]
    return {
        "source": trace.source,
        "target": trace.target,
        "source_cut": trace.source_cut,
        "target_cut": is_cut,
        "source_words": [_word(unit) for unit in alignment.source_units if not unit.is_end],
        "target_words": [_word(alignment.target_units[i]) for i in rows],
        "weights": _rounded(alignment.weights, rows),
        "posteriors": None if explained is None else _rounded(explained.weights, rows),
        "links": [list(link) for link in (explained or alignment).links],
    }


def _rounded(weights: Array, rows: Sequence[int]) -> list[list[float]]:
    return [[round(float(weight), 6) for weight in weights[i]] for i in rows]


def _word(unit: Unit) -> dict[str, Any]:
    return {"text": unit.text, "start": unit.start, "end": unit.end}


def _trace(options: argparse.Namespace) -> None:
    lines = Lines(options.file)
    with _asking(options) as ask:
        for number, line in lines:
            trace = ask(Translate(line))
            lines.tell_cuts(number, trace)
            say(trace.to_json())


@contextmanager
def _asking(options: argparse.Namespace) -> Iterator[Ask]:
    """Who answers: the engine that is named, or a translator of this process."""
    address = _engine(options)
    if address is None:
        translator = load(options.model)
        yield lambda question: question.of(translator)
        return
    with closing(Remote(address)) as remote:
        yield lambda question: remote.ask(options.model, question)


@contextmanager
def _speaking(options: argparse.Namespace) -> Iterator[Speak]:
    """Who translates many lines: the same, some at a time."""
    address = _engine(options)
    if address is None:
        yield load(options.model).translate_plain
        return
    with closing(Remote(address)) as remote, ThreadPoolExecutor(_AT_ONCE) as pool:
        yield lambda texts: pool.map(lambda text: remote.ask(options.model, Translate(text)), texts)


def _engine(options: argparse.Namespace) -> str | None:
    """The address of the engine that is named."""
    return os.environ.get(ENGINE) or None if options.engine is None else options.engine


def load(name: str) -> Translator:
    """A translator, torch with it."""
    from s2s.translator import Translator

    return Translator.load(name)
