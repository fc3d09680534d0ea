"""One step of one model as the reader looks at it, and what all stages say of it."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pages.kit.arithmetic import digits, power
from pages.kit.frame import Frame
from pages.kit.stages import Mark
from pages.kit.strings import Strings
from pages.labs.walkthrough.view import View
from s2s.figures.labels import shown_piece
from s2s.figures.look import Look, merged_score, source_rows, state_limit
from s2s.text import is_word
from s2s.traces import END
from s2s.walkthrough import stages, what_if
from s2s.walkthrough.stages import Check, Scoring
from s2s.walkthrough.workings import Workings

_TOP: Final = 10  # words of a distribution


class Step(NamedTuple):
    """One step of one model as the reader looks at it."""

    workings: Workings
    step: int
    place: int  # of the source piece whose score is built up
    number: int  # the place in the vectors that is followed through all stages
    look: Look
    view: View
    say: Strings
    scores: Scoring | None
    said: tuple[what_if.Said, ...]  # the likeliest pieces
    bare: tuple[what_if.Said, ...]  # the same with a context of zeros

    @classmethod
    def of(cls, workings: Workings, view: View, frame: Frame) -> Step:
        """A step that is there, and a piece and a number that are, whatever the reader asks for."""
        trace, parameters = workings.trace, workings.parameters
        step = min(view.step, workings.steps - 1)
        look = Look(
            palette=frame.palette,
            labels=_labels(frame.say),
            opened=frozenset(view.opened),
            font_size=frame.font_size,
        )
        place = _place(workings, step, view, look)
        scores = stages.scoring(workings, step)
        followed = trace.decoder_states[step] if scores is None else scores.products[place]
        number = view.number
        if number is None or number >= parameters.hidden:
            number = int(np.abs(followed).argmax())
        assert trace.vocabulary_log_probs is not None
        said = bare = what_if.likeliest(parameters, trace.vocabulary_log_probs[step], count=_TOP)
        if trace.contexts is not None:
            without = what_if.with_context(workings, step, np.zeros(parameters.hidden))
            bare = what_if.likeliest(parameters, without, count=_TOP)
        return cls(workings, step, place, number, look, view, frame.say, scores, said, bare)

    @property
    def drops(self) -> bool:
        """Whether the reader takes the context away."""
        return self.workings.trace.contexts is not None and not self.view.context

    @property
    def name(self) -> str:
        """The source piece whose score is built up."""
        return shown_piece(self.workings.trace.source_pieces[self.place].text)

    @property
    def fed(self) -> str:
        """The piece that this step is fed."""
        return shown_piece(self.workings.trace.fed[self.step].text)

    @property
    def written(self) -> str:
        """The piece that this step says."""
        return shown_piece(self.workings.trace.target_pieces[self.step].text)

    def word(self, id_: int) -> str:
        """What a target piece is called."""
        return shown_piece(self.workings.parameters.vocabulary[id_])

    @property
    def looks(self) -> list[tuple[str, float]]:
        """Every source row with its weight; none without attention."""
        trace = self.workings.trace
        if trace.weights is None:
            return []
        return [
            (row.name, float(trace.weights[self.step, row.pieces.start : row.pieces.stop].sum()))
            for row in source_rows(trace, self.look)
        ]

    @property
    def most(self) -> tuple[str, float]:
        """The source row that is looked at most, and its weight; with attention only."""
        return max(self.looks, key=lambda row: row[1])


def _place(workings: Workings, step: int, view: View, look: Look) -> int:
    """The piece whose score is built up: of the row that the reader chose, else of the one with most weight,
    the piece with most weight."""
    weights = workings.trace.weights
    rows = [row.pieces for row in source_rows(workings.trace, look)]
    chosen = next((pieces for pieces in rows if view.word in pieces), None)
    if weights is None:
        return (chosen or rows[0])[0]
    looked = weights[step]
    pieces = chosen or max(rows, key=lambda pieces: float(looked[pieces.start : pieces.stop].sum()))
    return pieces[int(looked[pieces.start : pieces.stop].argmax())]


def _labels(say: Strings) -> dict[str, str]:
    """The words that the figures need."""
    names = ("added", "score", "weight", "source_word", "target_word")
    gates = ("input", "forget", "candidate", "output", "reset", "update")
    return {name: say(f"walkthrough.label_{name}") for name in (*names, *gates)} | {"end": END}


def told(one: Step) -> str:
    """The step in one sentence."""
    values = {"word": one.written, "probability": f"{one.said[0].probability:.2f}", "fed": one.fed}
    if not one.looks:
        return one.say("walkthrough.told_none", **values)
    name, weight = one.most
    bare = one.word(one.bare[0].id)
    return one.say("walkthrough.told", **values, source=name, weight=f"{weight:.2f}", bare=bare)


def listed_scores(one: Step) -> str:
    """The score of every source row; with attention only."""
    scores = one.workings.trace.scores
    assert scores is not None
    rows = source_rows(one.workings.trace, one.look)
    return ", ".join(f"{row.name} {digits(merged_score(scores[one.step], row.pieces))}" for row in rows)


def counts(one: Step) -> dict[str, object]:
    """How many words and states there are, how wide these are, and where their colours are full."""
    trace = one.workings.trace
    return {
        "words": sum(is_word(unit.text) for unit in trace.read() if not unit.is_end),
        "states": len(trace.source_pieces),
        "width": one.workings.parameters.hidden,
        "limit": state_scale(one),
    }


def state_scale(one: Step) -> str:
    """Where the colours of the states are full."""
    return f"{state_limit(one.workings):.1f}"


def mark(check: Check, say: Strings) -> Mark:
    """Whether what a stage shows follows from the stage before, and how far it is off."""
    key = "walkthrough.checked" if check.holds else "walkthrough.wrong"
    return Mark(check.holds, say(key, deviation=power(check.deviation)))
