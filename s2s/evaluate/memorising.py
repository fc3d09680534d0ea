"""Memorising against generalising: one training looked at after more and more updates.

A chatbot of a few thousand pairs can be stopped early, and then it says the same to everybody, or go on until
it knows its pairs by heart. Its dev loss tells neither apart, so each stage is measured by what it says: how
much of it differs, how much of the training pairs it says word for word, and how much fits, by hand.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, Self

from s2s.catalog import Card, read_part
from s2s.data.corpora import Pair, read_lines
from s2s.errors import CheckpointError, DataError
from s2s.evaluate import translation
from s2s.evaluate.translation import Sentence
from s2s.places import ASSETS
from s2s.records import build, parse_json, to_json
from s2s.text import normalise

FORMAT: Final = 1
RECORD: Final = ASSETS / "models" / "memorising.json"
_FITS: Final = {"1": True, "0": False}


class Answers(Protocol):
    """What can be measured; `s2s.translator.Translator` is one."""

    def translations(self, sources: Sequence[str]) -> list[str]:
        """The texts that the model writes for many."""


class Judged(NamedTuple):
    """Questions, and which answers to them fit, by hand."""

    questions: tuple[str, ...]
    fits: Mapping[Pair, bool]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A model after so many updates, and what it says. Shares lie between 0 and 1."""

    updates: int
    weights: str  # SHA-256 of the file with the model's weights
    train_loss: float | None  # mean of the updates since the last look, label-smoothed, nats a piece
    dev_loss: float | None  # nats a piece
    by_heart: float  # of sentences that it learned from, those that it answers word for word as there
    distinct: float  # different answers to the dev sentences, of all
    commonest: str  # the answer that it gives most often
    commonest_share: float  # of the dev sentences
    from_train: float  # answers to dev sentences that stand in train word for word
    answers: tuple[str, ...]  # to the judged questions
    fitting: tuple[bool, ...] | None  # which of these fit; None where some have not been judged


@dataclass(frozen=True, kw_only=True)
class Memorising:
    """All stages of one training."""

    model: str  # that is shipped
    chosen: int  # the updates of the stage that it is
    train: str  # name of the file
    train_fingerprint: str
    train_inputs: int  # sentences that were asked of it
    dev: str
    dev_fingerprint: str
    dev_inputs: int
    questions: tuple[str, ...]
    seen: tuple[bool, ...]  # whether a question stands in train
    stages: tuple[Stage, ...]  # the shortest first

    @property
    def unseen(self) -> int:
        """How many of the questions do not stand in train."""
        return len(self.seen) - sum(self.seen)

    def fitting_unseen(self, one: Stage) -> int | None:
        """How many of these a stage answers with what fits; None where some have not been judged."""
        if one.fitting is None:
            return None
        return sum(fits and not is_seen for fits, is_seen in zip(one.fitting, self.seen, strict=True))

    def to_json(self) -> str:
        """The record as JSON text; `read_memorising` gives it back."""
        return to_json({"format": FORMAT, **dataclasses.asdict(self)}, indent=1) + "\n"


def read_judged(path: Path) -> Judged:
    """The questions and judgements of a file of UTF-8 lines: question TAB answer TAB 1 where the answer fits
    and 0 where it does not. A line with a question alone adds it; empty lines and those that begin with `#`
    are passed over. Raises DataError."""
    questions: dict[str, None] = {}
    fits: dict[Pair, bool] = {}
    for number, line in enumerate(read_lines(path), start=1):
        if not line or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) not in (1, 3) or columns[2:] not in ([], ["0"], ["1"]):
            raise DataError("judged_line", path=path, line=number)
        question = normalise(columns[0]).text
        questions[question] = None
        if len(columns) == 3:
            fits[Pair(question, normalise(columns[1]).text)] = _FITS[columns[2]]
    if not questions:
        raise DataError("corpus_empty", path=path)
    return Judged(tuple(questions), fits)


class Material(NamedTuple):
    """What all stages are measured on."""

    learned: Sequence[Sentence]  # drawn from those that the model learned from, with all their answers
    known: frozenset[str]  # all answers that it learned from
    dev: Sequence[Sentence]
    judged: Judged
    seen: tuple[bool, ...]  # whether a judged question is among those that it learned from

    @classmethod
    def of(cls, train: Sequence[Pair], dev: Sequence[Pair], judged: Judged, *, inputs: int) -> Self:
        """All that is made of two files of pairs, `inputs` sentences of the first."""
        learned = translation.sentences(train)
        questions = {normalise(sentence.source).text for sentence in learned}
        return cls(
            learned=translation.shuffled(learned)[:inputs],
            known=frozenset(normalise(pair.target).text for pair in train),
            dev=translation.sentences(dev),
            judged=judged,
            seen=tuple(question in questions for question in judged.questions),
        )


def stage(model: Answers, card: Card, weights: str, material: Material) -> Stage:
    """What a model says after the updates of its card."""
    learned = model.translations([sentence.source for sentence in material.learned])
    answers = _said(model, [sentence.source for sentence in material.dev])
    everyday = _said(model, material.judged.questions)
    commonest, count = Counter(answers).most_common(1)[0]
    looks = [look for look in card.history if look["updates"] == card.updates]
    fits = [
        material.judged.fits.get(Pair(*pair))
        for pair in zip(material.judged.questions, everyday, strict=True)
    ]
    return Stage(
        updates=card.updates,
        weights=weights,
        train_loss=looks[-1].get("mean_loss") if looks else None,
        dev_loss=looks[-1]["dev_loss"] if looks else None,
        by_heart=translation.exact(learned, material.learned),
        distinct=len(set(answers)) / len(answers),
        commonest=commonest,
        commonest_share=count / len(answers),
        from_train=sum(answer in material.known for answer in answers) / len(answers),
        answers=tuple(everyday),
        fitting=None if None in fits else tuple(fit is True for fit in fits),
    )


def unjudged(stages: Iterable[Stage], judged: Judged) -> list[Pair]:
    """The answers that nobody has judged yet, each once."""
    said = (Pair(*pair) for one in stages for pair in zip(judged.questions, one.answers, strict=True))
    return [pair for pair in dict.fromkeys(said) if pair not in judged.fits]


def _said(model: Answers, sources: Sequence[str]) -> list[str]:
    return [normalise(text).text for text in model.translations(sources)]


def read_memorising(path: Path) -> Memorising:
    """The record in a file. Raises DataError."""
    try:
        record: dict[str, Any] = parse_json(read_part(path))
        if (found := record.pop("format", "unknown")) != FORMAT:
            raise DataError("format_foreign", path=path, found=found, expected=FORMAT)
        whole: Memorising = build(record, Memorising)
        if not whole.stages or any(len(one.answers) != len(whole.questions) for one in whole.stages):
            raise ValueError("it has no stage, or one without an answer to each question")
        if whole.chosen not in [one.updates for one in whole.stages]:
            raise ValueError("it has no stage that was chosen")
    except CheckpointError as error:
        if error.key == "part_missing":
            raise DataError("file_missing", path=path) from error
        raise DataError("file_unreadable", path=path, reason=error.values["reason"]) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DataError("evaluation_damaged", path=path, reason=f"{type(error).__name__}: {error}") from error
    return whole
