"""How well word aligners, which do nothing else, and the shipped models link the words of the gold pairs.

Aligners read words in lower case, as `s2s.text.words` counts them; so do the gold links.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import apart
from benchmarks.corpus import train_pairs
from benchmarks.environments import python_with
from benchmarks.report import Row
from s2s import catalog
from s2s.data import aligner
from s2s.data.aligner import Lexicon, Links, grow_diag_final_and
from s2s.data.corpora import Pair
from s2s.evaluate.alignment_error import Linked, alignment_score, word_links
from s2s.evaluate.gold import GOLD, GoldPair, read_gold
from s2s.languages import FIRST
from s2s.text import lower_words
from s2s.traces import Row as ReadOut

_ITERATIONS: Final = 5  # of expectation maximisation for IBM Model 1, as the Moses training script has it
_READ_OUTS: Final[dict[ReadOut, str]] = {"explains": "posteriors", "predicts": "weights alone"}


class Text(NamedTuple):
    """Sentence pairs as words."""

    sources: list[list[str]]
    targets: list[list[str]]


class BothWays(NamedTuple):
    """The links of each pair, (source word, target word) in either direction."""

    forward: list[Links]  # each target word has at most one source word, as in a model's read-out
    backward: list[Links]  # each source word has at most one target word


def rows(folder: Path) -> list[Row]:
    """Alignment error rates: IBM Model 1 by itself, eflomal, and where the shipped models look."""
    gold = read_gold(GOLD)
    learned, asked = _text(train_pairs(folder)), _text(Pair(pair.source, pair.target) for pair in gold)
    aligners = {
        "IBM Model 1": _model1(learned, asked),
        "IBM Model 1 and the diagonal": _diagonal(learned, asked),
        "eflomal 2.0.0": _eflomal(learned, asked),
    }
    return [
        *(
            _row(f"{name}, {direction}", gold, drawn)
            for name, both in aligners.items()
            for direction, drawn in _directions(both)
        ),
        *(_row(name, gold, drawn) for name, drawn in _models(gold)),
    ]


def _row(name: str, gold: Sequence[GoldPair], drawn: Sequence[Links]) -> Row:
    score = alignment_score(Linked(pair, links) for pair, links in zip(gold, drawn, strict=True))
    measured = f"AER {score.aer:.1%}, precision {score.precision:.1%}, recall {score.recall:.1%}"
    return Row("aligners", name, measured)


def _directions(both: BothWays) -> Iterator[tuple[str, list[Links]]]:
    pairs = list(zip(*both, strict=True))
    yield "a French word for each English one", both.forward
    yield "an English word for each French one", both.backward
    yield "both agree", [forward & backward for forward, backward in pairs]
    yield "grow-diag-final-and", [grow_diag_final_and(forward, backward) for forward, backward in pairs]


def _text(pairs: Iterable[Pair]) -> Text:
    text = Text([], [])
    for pair in pairs:
        for side, sentence, language in zip(text, pair, FIRST.codes, strict=True):
            side.append(lower_words(sentence, language))
    return text


def _model1(learned: Text, asked: Text) -> BothWays:
    """Two lexicons, one for each direction, learned without the gold pairs."""

    def lexicon(sources: list[list[str]], targets: list[list[str]]) -> Lexicon:
        givers = [[aligner.NULL, *sentence] for sentence in sources]
        return aligner.learn(givers, targets, iterations=_ITERATIONS)

    return _linked(
        asked, lexicon(learned.sources, learned.targets), lexicon(learned.targets, learned.sources)
    )


def _diagonal(learned: Text, asked: Text) -> BothWays:
    """What cuts the fragments that models learn from, with its defaults, learned without the gold pairs."""
    own = aligner.Aligner.learned(learned.sources, learned.targets)
    return _linked(asked, own.forward, own.backward)


def _linked(asked: Text, forward: Lexicon, backward: Lexicon) -> BothWays:
    pairs = list(zip(*asked, strict=True))
    turned = [aligner.links(backward, target, source) for source, target in pairs]
    return BothWays(
        [aligner.links(forward, source, target) for source, target in pairs],
        [frozenset((source, target) for target, source in links) for links in turned],
    )


def _eflomal(learned: Text, asked: Text) -> BothWays:
    """Östling & Tiedemann (2016), as it comes. It links what it learns from, so the gold pairs are in it."""
    python = python_with("eflomal")
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        for name, known, more in zip(("source", "target"), learned, asked, strict=True):
            lines = (" ".join(sentence) + "\n" for sentence in [*known, *more])
            (work / name).write_text("".join(lines), encoding="utf-8")
        align = (python, python.with_name("eflomal-align"), "-s", "source", "-t", "target")
        subprocess.run(
            [*align, "--model", "3", "-f", "forward", "-r", "backward"],
            cwd=work,
            env=apart.environment(),
            check=True,
        )
        count = len(asked.sources)
        return BothWays(*(_read_links(work / name)[-count:] for name in ("forward", "backward")))


def _read_links(path: Path) -> list[Links]:
    """Lines such as "0-0 1-2"."""
    return [
        frozenset((int(source), int(target)) for source, target in (link.split("-") for link in line.split()))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _models(gold: Sequence[GoldPair]) -> Iterator[tuple[str, list[Links]]]:
    """The shipped models with attention, forced to say the target: by what explains a word, the default
    read-out, and by the weights alone."""
    from s2s.translator import Translator

    for name in catalog.shipped_for(catalog.TASKS[0]):
        translator = Translator.load(name)
        traces = [translator.explain(pair.source, pair.target) for pair in gold]
        for row, told in _READ_OUTS.items():
            alignments = [trace.alignment("words", row=row) for trace in traces]
            drawn = [
                word_links(alignment, pair.source, pair.target)
                for alignment, pair in zip(alignments, gold, strict=True)
                if alignment is not None
            ]
            if drawn:
                yield f"{name}, {told}", drawn
