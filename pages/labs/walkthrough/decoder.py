"""The first stage: from what the encoder hands over to a state of the decoder, and the two jobs of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pages.kit.arithmetic import bracketed, digits
from pages.kit.stages import (
    Beside,
    Block,
    Fold,
    Formula,
    Group,
    Picture,
    Stage,
    Text,
)
from pages.labs.walkthrough.encoder import check_of, reading
from pages.labs.walkthrough.notebook import LINES
from pages.labs.walkthrough.step import Step, mark
from s2s.figures import stages as draw
from s2s.walkthrough import stages
from s2s.walkthrough.stages import Stepping

# The formula of a cell, and the lines with this step's numbers, from the gates at one place.
_CELLS: Final[Mapping[str, tuple[str, ...]]] = {
    "lstm": (
        "cell_t = f ⊙ cell_{t−1} + i ⊙ g , s_t = o ⊙ tanh(cell_t)",
        "cell_t[{at}] = {forget} · {cell} + {input} · {candidate} = {cell_after}",
        "s_t[{at}] = {output} · tanh({cell_after}) = {after}",
    ),
    "gru": (
        "s_t = (1 − z) ⊙ n + z ⊙ s_{t−1}",
        "s_t[{at}] = (1 − {update}) · {candidate} + {update} · {before} = {after}",
    ),
    "rnn": ("s_t = tanh(W_y y_{t−1} + W_s s_{t−1} + b)", "s_t[{at}] = {after}"),
}


def starting(one: Step) -> Stage:
    """What the encoder read and hands over, and the decoder's step from there."""
    found = stages.stepping(one.workings, one.step)
    is_whole = stages.both(check_of(one), found.check)
    return Stage((*reading(one), *_stepping(one, found)), mark(is_whole, one.say))


def _stepping(one: Step, found: Stepping) -> list[Block]:
    """What the step is fed, what its cell makes of it, and what the new state is for."""
    say, look, of, step = one.say, one.look, one.workings, one.step
    i = one.number
    values = {name: bracketed(gate[i]) for name, gate in found.gates.items()} | {
        "at": i + 1,
        "before": bracketed(found.before[0, -1, i]),
        "after": digits(of.trace.decoder_states[step, i]),
        "cell": bracketed(found.before[-1, -1, i]),
        "cell_after": digits(of.states[step + 1, -1, -1, i]),
    }
    head, *lines = _CELLS[of.parameters.cell]
    blocks: list[Block] = [
        Text(say("walkthrough.fed_start" if step == 0 else "walkthrough.fed_free", word=one.fed), "finding"),
        Formula((head, *(line.format(**values) for line in lines))),
        Picture(
            draw.recurrence(of, step, found, look),
            say("walkthrough.caption_recurrence"),
            say("walkthrough.spoken_recurrence", word=one.fed, width=of.parameters.hidden),
            LINES["recurrence"],
        ),
    ]
    if found.gates:
        gates = draw.gates(found, look)
        caption = say("walkthrough.caption_gates")
        blocks.append(Fold(caption, (Picture(gates, caption, caption, LINES["gates"]),)))
    blocks.append(_two_jobs(one))
    return blocks


def _two_jobs(one: Step) -> Beside:
    """The same state, asking and carrying."""
    say, of = one.say, one.workings
    state = draw.one_state(of, one.step, one.look, "s<sub>t</sub>")
    spoken = say("walkthrough.spoken_state", width=of.parameters.hidden)
    rows = one.looks
    carries = say(
        "walkthrough.carries", word=one.word(one.bare[0].id), probability=f"{one.bare[0].probability:.2f}"
    )
    if not rows:
        return Beside(
            (
                Picture(state, say("walkthrough.job_carries"), spoken, LINES["one_state"]),
                Text(say("walkthrough.carries_all")),
            )
        )
    name, weight = one.most
    shown = Picture(state, "", spoken, LINES["one_state"])
    asks = say("walkthrough.asks", source=name, weight=f"{weight:.2f}")
    return Beside(
        (
            Group(say("walkthrough.job_asks"), (shown, Text(asks))),
            Group(say("walkthrough.job_carries"), (shown, Text(carries))),
        )
    )
