"""How long both regimes of a sentence take, beside one translation of it.

`python -m benchmarks.regimes ROUNDS` prints the times as JSON, from a process of its own with one thread.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from benchmarks.apart import answer
from benchmarks.report import Row
from benchmarks.sentences import SENTENCES

_MODEL: Final = "fr-en-general"
_TEACHER: Final = "fr-en-none"  # says what the other does not: the runs part
_WITHIN: Final = 5.0  # times one translation, for five runs


class Measured(NamedTuple):
    """Milliseconds for each sentence of each round."""

    translate: list[float]
    compare: list[float]  # forced and free
    inject: list[float]  # the same with a word fed in: both runs again


def rows(*, rounds: int) -> list[Row]:
    """Both regimes, and both again with a word that is fed by hand."""
    measured = Measured(**answer("benchmarks.regimes", str(rounds)))
    once, twice, again = (statistics.median(times) for times in measured)
    return [
        Row("regimes", "teacher forcing and free running", _told(twice, once), "", None),
        Row(
            "regimes", "both, without and with a word fed by hand", _told(again, once),
            f"under {_WITHIN:.0f} times one translation", again < _WITHIN * once,
        ),
    ]  # fmt: skip


def _told(milliseconds: float, once: float) -> str:
    return f"{milliseconds:.1f} ms warm, {milliseconds / once:.1f} times one translation ({once:.1f} ms)"


def measure(rounds: int) -> Measured:
    """In this process: the three in turns, after one round that is not timed."""
    import torch

    from s2s.evaluate.divergence import Injection
    from s2s.translator import Translator

    torch.set_num_threads(1)
    translator, teacher = Translator.load(_MODEL), Translator.load(_TEACHER)
    references = {sentence: teacher.translate(sentence).target for sentence in SENTENCES}
    asked: dict[str, Callable[[str], object]] = {
        "translate": translator.translate,
        "compare": lambda sentence: translator.compare(sentence, references[sentence]),
        "inject": lambda sentence: translator.compare(
            sentence, references[sentence], injection=Injection(4, "elephant")
        ),
    }
    times: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(rounds + 1):
        for sentence in SENTENCES:
            for name, ask in asked.items():
                started = time.perf_counter()
                ask(sentence)
                if turn:
                    times[name].append((time.perf_counter() - started) * 1000)
    return Measured(**times)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))._asdict()))
