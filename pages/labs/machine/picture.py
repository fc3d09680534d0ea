"""The machine as one picture: a box for each state, a line for each weight.

`pages/kit/browser/machine.js` lays it out and draws it in place; it builds the picture up, steps through the
words, and links each box to the stage of the walkthrough that computes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.kit.components import show
from pages.kit.export import Origin, Sheet
from pages.kit.family import kind_of
from pages.kit.frame import Frame
from pages.kit.glosses import glosses
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from pages.labs.machine.notebook import origin
from pages.labs.machine.view import PARTS, Built, View, build, called
from s2s.figures.labels import shown_piece
from s2s.figures.look import state_limit
from s2s.languages import Languages
from s2s.text import is_word
from s2s.traces import Trace, word_pieces
from s2s.walkthrough.unrolled import Unrolled, unrolled
from s2s.walkthrough.workings import Workings

_KEY: Final = "machine"
_COLORS: Final = ("background", "source", "target", "pinned", "grid", "muted", "self_fed")
_LABELS: Final = (
    "parts", "back", "next", "play", "pause", "encoder", "forward", "backward", "states", "decoder",
    "bridge", "context", "fed", "says", "probability", "weight", "chosen", "open", "stages",
    "read", "help", "table", "scale",
)  # fmt: skip


class MachinePart(NamedTuple):
    """One of the parts that the picture is built up of."""

    title: str
    text: str


class MachinePass(NamedTuple):
    """A reading of the source in one direction."""

    is_backward: bool
    states: NDArray[np.float32]  # (S, cells)


class MachineSource(NamedTuple):
    """A source piece."""

    text: str
    meaning: str  # of its word


class MachineStep(NamedTuple):
    """A step of the decoder."""

    fed: str
    says: str
    probability: str
    told: str  # it in one sentence
    plain: str  # the same, as long as nobody looks back


class MachineStage(NamedTuple):
    """A stage of the walkthrough."""

    number: int
    title: str


class Machine(NamedTuple):
    """All that is drawn. Of a state every so many numbers are given; weights are whole."""

    source: tuple[MachineSource, ...]  # (S,)
    steps: tuple[MachineStep, ...]  # (T,)
    passes: tuple[MachinePass, ...]
    encoder_states: NDArray[np.float32]  # (S, cells)
    handed: NDArray[np.float32]  # (cells,)
    decoder_states: NDArray[np.float32]  # (T, cells)
    contexts: NDArray[np.float32] | None  # (T, cells)
    weights: NDArray[np.float32] | None  # (T, S)
    cells: int
    limit: float  # full colour from here on, on both sides of zero
    cell: str  # of the recurrent networks
    parts: tuple[MachinePart, ...]
    stages: tuple[MachineStage, ...]
    scorer: str  # how the walkthrough calls the model
    reduced: str  # what of a state is drawn, in words
    built: Built
    overview: Sheet  # the picture in rows, for those who cannot see it
    spoken: str
    title: str
    result: str
    languages: Languages
    labels: Mapping[str, str]
    colors: Mapping[str, str]
    ramp: tuple[str, ...]  # names of colours, from the lowest numbers to the highest
    sheet: Sheet
    origin: Origin
    view: Literal["machine"] = "machine"


def machine(of: Workings, view: View, frame: Frame) -> None:
    """Draw the machine, in place where it was drawn before."""
    show(message(of, view, frame), key=_KEY, on_built_change=_built)


def _built() -> None:
    build(st.session_state[_KEY].get("built"))


def message(of: Workings, view: View, frame: Frame) -> Machine:
    """What is sent of a sentence."""
    say, trace, drawn = frame.say, of.trace, unrolled(of)
    limit = state_limit(of)
    steps = tuple(_steps(trace, say))
    shades = {f"shade-{k}": color for k, color in enumerate(frame.palette.differences)}
    return Machine(
        source=_source(trace, say),
        steps=steps,
        passes=tuple(MachinePass(*one) for one in drawn.passes),
        encoder_states=drawn.encoder_states,
        handed=drawn.handed,
        decoder_states=drawn.decoder_states,
        contexts=drawn.contexts,
        weights=drawn.weights,
        cells=len(drawn.handed),
        limit=limit,
        cell=of.parameters.cell.upper(),
        parts=tuple(_parts(of, drawn, say)),
        stages=tuple(MachineStage(number, say(f"machine.stage_{number}")) for number in range(1, 7)),
        scorer=kind_of(view.model) if view.model in chosen_task().main else view.model,
        reduced=say(
            "machine.reduced",
            count=len(drawn.handed),
            every=drawn.every,
            width=drawn.width,
            limit=f"{limit:.1f}",
        ),
        built=Built(view.part, min(view.step, len(steps) - 1), view.read),
        overview=_overview(trace, steps, say),
        spoken=say(
            f"machine.spoken_{of.parameters.direction}",
            pieces=len(trace.source_pieces),
            width=drawn.width,
            steps=len(steps),
            target=trace.target,
        ),
        title=say("machine.title", model=called(view.model, say)),
        result=trace.target,
        languages=trace.languages,
        labels={name: say(f"machine.{name}") for name in _LABELS},
        colors={name: getattr(frame.palette, name) for name in _COLORS} | shades,
        ramp=tuple(shades),
        sheet=_sheet(trace, drawn, say),
        origin=origin(trace),
    )


def _parts(of: Workings, drawn: Unrolled, say: Strings) -> Iterator[MachinePart]:
    """What each part is, and what there is to see of it here."""
    values: dict[str, Any] = {
        "cell": of.parameters.cell.upper(),
        "pieces": len(of.trace.source_pieces),
        "words": sum(is_word(unit.text) for unit in of.trace.read() if not unit.is_end),
        "steps": of.steps,
        "width": drawn.width,
        "numbers": drawn.handed_numbers,
    }
    is_cell_more = drawn.handed_numbers > drawn.width
    keys = {
        "encoder": f"encoder_{of.parameters.direction}",
        "vector": "vector_more" if is_cell_more else "vector_one",
        "look": "look_none" if drawn.weights is None else "look_with",
    }
    for name in PARTS:
        yield MachinePart(say(f"machine.part_{name}"), say(f"machine.text_{keys.get(name, name)}", **values))


def _source(trace: Trace, say: Strings) -> tuple[MachineSource, ...]:
    known = glosses(trace.read(), trace.source, trace.languages, say)
    words = word_pieces(trace.source, trace.source_pieces, trace.source_language)
    return tuple(
        MachineSource(shown_piece(trace.source_pieces[place].text), known[number].told if known else "")
        for number, (_, pieces) in enumerate(words)
        for place in pieces
    )


def _steps(trace: Trace, say: Strings) -> Iterator[MachineStep]:
    source = [shown_piece(piece.text) for piece in trace.source_pieces]
    for step, (fed, said) in enumerate(zip(trace.fed, trace.target_pieces, strict=True)):
        values = {
            "step": str(step + 1),
            "fed": shown_piece(fed.text),
            "says": shown_piece(said.text),
            "probability": f"{float(np.exp(trace.log_probs[step])):.2f}",
        }
        told = plain = say("machine.told_none", **values)
        if trace.weights is not None:
            most = int(trace.weights[step].argmax())
            weight = f"{float(trace.weights[step, most]):.2f}"
            told = say("machine.told_with", **values, source=source[most], weight=weight)
        yield MachineStep(values["fed"], values["says"], values["probability"], told, plain)


def _overview(trace: Trace, steps: tuple[MachineStep, ...], say: Strings) -> Sheet:
    """Each step in a row: what went in, what came out, and where it looked most."""
    source = [shown_piece(piece.text) for piece in trace.source_pieces]
    head = tuple(say(f"machine.{name}") for name in ("step", "fed", "says", "probability"))
    rows = [(str(k), step.fed, step.says, step.probability) for k, step in enumerate(steps, 1)]
    if trace.weights is None:
        return Sheet(head, tuple(rows))
    most = [(source[row.argmax()], f"{float(row.max()):.2f}") for row in trace.weights]
    looked = (say("machine.looked"), say("machine.weight"))
    return Sheet((*head, *looked), tuple((*row, *look) for row, look in zip(rows, most, strict=True)))


def _sheet(trace: Trace, drawn: Unrolled, say: Strings) -> Sheet:
    """Every number that is drawn: a row for each box, and behind a context the weights that made it."""
    source = [shown_piece(piece.text) for piece in trace.source_pieces]
    fed, said = ([shown_piece(piece.text) for piece in pieces] for pieces in (trace.fed, trace.target_pieces))
    boxes: list[tuple[str, list[str], NDArray[Any]]] = [
        ("←" if one.is_backward else "→", source, one.states) for one in drawn.passes
    ]
    boxes += [("h", source, drawn.encoder_states), ("s0", [""], drawn.handed[None])]
    boxes.append(("s", fed, drawn.decoder_states))
    if drawn.contexts is not None:
        boxes.append(("c", said, drawn.contexts))
    count = len(drawn.handed)
    looks = [f"{say('machine.weight')} {name}" for name in source] if drawn.weights is not None else []
    head = (say("machine.box"), say("machine.piece"), *(str(1 + k * drawn.every) for k in range(count)))
    rows: list[tuple[str | float | None, ...]] = []
    for name, pieces, states in boxes:
        for k, (piece, state) in enumerate(zip(pieces, states.tolist(), strict=True)):
            weights: list[float | None] = [None] * len(looks)
            if name == "c" and drawn.weights is not None:
                weights = drawn.weights[k].tolist()
            rows.append((name, piece, *state, *[None] * (count - len(state)), *weights))
    return Sheet((*head, *looks), tuple(rows))
