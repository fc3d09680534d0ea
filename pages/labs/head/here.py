"""One head at one position as the reader looks at it, and what all stages say of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from pages.kit.arithmetic import power
from pages.kit.frame import Frame
from pages.kit.stages import Mark
from pages.kit.strings import Strings
from pages.labs.head.view import Head, View
from s2s.figures import heads as draw
from s2s.figures.labels import shown_piece
from s2s.figures.look import Look
from s2s.walkthrough import heads, what_if, what_if_heads
from s2s.walkthrough.heads import At
from s2s.walkthrough.stages import Check
from s2s.walkthrough.transformer import DECODER, ENCODER, HeadWorkings
from s2s.walkthrough.what_if_heads import Change

TOP: Final = 8  # words of a distribution


class Here(NamedTuple):
    """One head at one position."""

    workings: HeadWorkings
    at: At
    place: int  # of the piece that is looked at whose product is followed
    number: int  # the place in the vectors of all heads that is followed
    inside: int  # the place in those of this head
    look: Look
    view: View
    say: Strings

    @classmethod
    def of(cls, workings: HeadWorkings, head: Head, view: View, frame: Frame) -> Here:
        """A position that is there, and a piece and a number that are, whatever the reader asks for."""
        at = At(*head, min(view.step, len(workings.asking(head.kind)) - 1))
        look = Look(
            palette=frame.palette,
            labels={name: frame.say(f"head.label_{name}") for name in ("added", "head")},
            font_size=frame.font_size,
        )
        weights = workings.looked(at.kind, at.layer).weights[at.head, at.step]
        there = view.word is not None and view.word < len(weights)
        place = view.word if view.word is not None and there else int(weights.argmax())
        products = heads.multiplying(workings, at).products[place]
        width = workings.parameters.width
        first = at.head * width
        inside, number = int(np.abs(products).argmax()), view.number
        if number is not None and first <= number < first + width:
            inside = number - first
        elif number is None or number >= workings.parameters.hidden:
            number = first + inside
        return cls(workings, at, place, number, inside, look, view, frame.say)

    @property
    def drops(self) -> bool:
        """Whether the reader switches the head off."""
        return not self.view.context

    @property
    def change(self) -> Change | None:
        """What the reader changed of the head; None for nothing."""
        if self.view.context and self.view.scaled:
            return None
        at = self.at
        return Change(at.kind, at.layer, at.head, drops=self.drops, scaled=self.view.scaled)

    @property
    def asking(self) -> str:
        """The piece that asks."""
        return shown_piece(self.workings.asking(self.at.kind)[self.at.step].text)

    @property
    def name(self) -> str:
        """The piece that is looked at whose product is followed."""
        return draw.asked_name(self.workings, self.at, self.place)

    @property
    def most(self) -> tuple[str, float]:
        """The piece that is looked at most, and its weight."""
        weights = self.workings.looked(self.at.kind, self.at.layer).weights[self.at.head, self.at.step]
        place = int(weights.argmax())
        return draw.asked_name(self.workings, self.at, place), float(weights[place])

    @property
    def is_masked(self) -> bool:
        """Whether there is something that must not be seen."""
        return self.at.kind == DECODER

    @property
    def step(self) -> int:
        """The step of the translation whose word the last stage shows: of the source itself, the first that a
        change makes another, else the first."""
        if self.at.kind != ENCODER:
            return self.at.step
        changed = [step for step, (own, then) in enumerate(self.said) if own.id != then.id]
        return changed[0] if changed else 0

    @property
    def said(self) -> tuple[tuple[what_if.Said, what_if.Said], ...]:
        """What each step says, and what it would say with what the reader changed."""
        own, then = (_said(self.workings, change) for change in (None, self.change))
        return tuple(zip(own, then, strict=True))

    def likely(self, change: Change | None) -> list[tuple[str, float]]:
        """The likeliest pieces of the step that is shown, with their probabilities."""
        row = what_if_heads.continued(self.workings, change).log_probs[self.step]
        found = what_if.likeliest(self.workings.parameters, row, count=TOP)
        return [(self.word(one.id), one.probability) for one in found]

    def word(self, id_: int) -> str:
        """What a target piece is called."""
        return shown_piece(self.workings.parameters.vocabulary[id_])


@lru_cache(maxsize=16)
def _said(workings: HeadWorkings, change: Change | None) -> tuple[what_if.Said, ...]:
    """What each step says with a change."""
    log_probs = what_if_heads.continued(workings, change).log_probs
    return tuple(what_if.likeliest(workings.parameters, row, count=1)[0] for row in log_probs)


def told(one: Here) -> str:
    """The head at this position in one sentence."""
    name, weight = one.most
    values = {"head": one.at.head + 1, "layer": one.at.layer + 1, "asking": one.asking, "most": name}
    return one.say(f"head.told_{one.at.kind}", **values, weight=f"{weight:.2f}")


def mark(check: Check, say: Strings) -> Mark:
    """Whether what a stage shows follows from the stage before, and how far it is off."""
    key = "head.checked" if check.holds else "head.wrong"
    return Mark(check.holds, say(key, deviation=power(check.deviation)))
