"""The first stage begins: what the encoder made of the sentence, and what it hands over."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from pages.kit.arithmetic import bracketed, digits, sum_of
from pages.kit.stages import (
    Beside,
    Block,
    Formula,
    Picture,
    Text,
)
from pages.kit.wire import figure_text
from pages.labs.walkthrough.notebook import LINES
from pages.labs.walkthrough.step import Step, counts
from s2s.figures import stages as draw
from s2s.figures.look import Look
from s2s.walkthrough import stages
from s2s.walkthrough.stages import Check
from s2s.walkthrough.workings import Workings

_DRAWN: Final = ("passes", "embeddings", "encoder_states")


class _Read(NamedTuple):
    """What is shown of a sentence: the same at every step."""

    check: Check
    pictures: tuple[str, str, str]  # both passes, embeddings, encoder states
    bridge: str


@lru_cache(maxsize=16)  # of the longest sentence half a megabyte each
def _read(workings: Workings, look: Look) -> _Read:
    passes, embedded, states = (figure_text(getattr(draw, name)(workings, look)) for name in _DRAWN)
    return _Read(
        stages.reading(workings).check, (passes, embedded, states), figure_text(draw.bridge(workings, look))
    )


def check_of(one: Step) -> Check:
    """Of what the encoder read."""
    return _read(one.workings, one.look).check


def reading(one: Step) -> tuple[Block, ...]:
    """Both passes, embeddings, encoder states, and the bridge to the decoder."""
    say, of = one.say, one.workings
    found = _read(of, one.look)
    i, place = one.number, one.place
    own, embedded = of.passes[place, i], of.embedded[place, i]
    bridge = of.parameters.bridges[0]
    arrow = "→" if i < of.parameters.hidden // 2 else "←"
    captions = [say(f"walkthrough.caption_{name}") for name in ("passes", "embedded", "encoder_states")]
    pictures = [
        Picture(picture, caption, say("walkthrough.spoken_rows", what=caption, **counts(one)), LINES[name])
        for picture, caption, name in zip(found.pictures, captions, _DRAWN, strict=True)
    ]
    handed = sum_of(
        (bridge.weights[i], of.last[0, -1]),
        extra=float(bridge.bias[i]),
        total=float(of.states[0, 0, -1, i]),
    )
    return (
        Formula(
            (
                "h_s = [→h_s ; ←h_s] + x_s",
                f"h_{{“{one.name}”}}[{i + 1}] = {arrow}h[{i + 1}] + x[{i + 1}] = "
                f"{digits(own)} + {bracketed(embedded)} = {digits(of.trace.encoder_states[place, i])}",
            )
        ),
        Beside(tuple(pictures)),
        Formula(("s_0 = W_b [→h_S ; ←h_1] + b", f"s_0[{i + 1}] = {handed}")),
        Picture(
            found.bridge,
            say("walkthrough.caption_bridge"),
            say("walkthrough.spoken_bridge", width=of.parameters.hidden),
            LINES["bridge"],
        ),
        Text(say("walkthrough.finding_bridge", **counts(one)), "finding"),
    )
