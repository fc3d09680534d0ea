"""What is left of the shipped models' translations when people type: in other styles, and word by word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks.corpus import TRAIN, test_sentences, train_pairs
from benchmarks.report import Row
from s2s import catalog
from s2s.evaluate.keyboard import Judge, Typing, measure
from s2s.evaluate.styles import AS_IT_IS, STYLES
from s2s.evaluate.typed import OverSaid, Typed


def rows(folder: Path, *, sentences: int) -> list[Row]:
    """The models that differ in how they look back alone, on the first so many sentences of the test part."""
    judge = Judge.learn(TRAIN, train_pairs(folder))
    typing = Typing.of(test_sentences(folder, sentences), judge)
    kinds = {kind.name for kind in catalog.SCORERS}
    names = [name for name in catalog.shipped_for(catalog.TASKS[0]) if name.removeprefix("fr-en-") in kinds]
    return told({name: _measured(name, typing) for name in names})


def told(found: Mapping[str, Typed]) -> list[Row]:
    """A row for each style and each quantity that is measured word by word, with all models in it."""

    def row(what: str, value: Callable[[Typed], str], wanted: str = "") -> Row:
        return Row(
            "typed", what, ", ".join(f"{name} {value(typed)}" for name, typed in found.items()), wanted
        )

    return [
        row(f"chrF, {AS_IT_IS}", lambda typed: f"{typed.styles[0].chrf:.1f}"),
        *(
            row(f"chrF kept, {style}", partial(_kept, place), "higher")
            for place, style in enumerate(STYLES)
            if style != AS_IT_IS
        ),
        row("normalised erasure, word by word", _erasure, "lower"),
        row("words over-said before the last word / in whole sentences", _over_said, "lower"),
    ]


def _kept(place: int, typed: Typed) -> str:
    share = typed.kept(typed.styles[place])
    return "-" if share is None else f"{share:.0%}"


def _erasure(typed: Typed) -> str:
    return f"{typed.word_by_word.erasure:.2f}" if typed.word_by_word else "-"


def _over_said(typed: Typed) -> str:
    def much(score: OverSaid | None) -> str:
        return f"{score.much:.0%}" if score else "-"

    words = typed.word_by_word
    return f"{much(words.over_said)} / {much(words.over_said_whole)}" if words else "-"


def _measured(name: str, typing: Typing) -> Typed:
    import torch

    from s2s.translator import Translator

    torch.set_num_threads(1)
    running = measure(Translator.load(name).translations, typing)
    while True:
        try:
            next(running)
        except StopIteration as done:
            found: Typed = done.value
            return found
