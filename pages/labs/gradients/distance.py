"""How gradient falls with distance, for every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pages.kit.curves import Stroke, cell_stroke, curve_numbers, narrowest, number, strokes, written_series
from pages.kit.family import name_of
from pages.kit.frame import Frame
from pages.kit.live import Fact, Panel
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from pages.kit.translators import shelf
from pages.labs.gradients.notebook import of_flows
from pages.labs.gradients.starts import COMPARED, Start, variant_of
from s2s import catalog
from s2s.claims import gradients as claims
from s2s.config import CELLS, NO_ATTENTION
from s2s.engine.questions import Reach
from s2s.figures.canvas import Figure
from s2s.figures.palette import Palette
from s2s.figures.steps import Line, Plot, step_curves
from s2s.paths import Flow, Slope

_KINDS: Final = ("trained", "untrained")


def flow(start: Start, text: str, target: str, factor: float) -> Flow:
    """How far the gradient of a translation comes in a model whose recurrent matrices are scaled by `factor`.
    Raises the S2SError that prevents it."""
    return shelf().ask(start.model, Reach(text, target, variant_of(start, factor)))


def distance_finding(flows: Mapping[Start, Flow], say: Strings) -> str:
    """Whether attention held the gradient up, and whether the sentence is long enough to see it."""
    without, attending = (
        [slope for kind in _KINDS for slope in _slopes(flows, attention, kind).values()]
        for attention in COMPARED
    )
    if not without or not attending:
        return say("distance.too_short")
    claim = claims.attention_holds_up(without, attending)
    told = [say("distance.held" if claim.holds else "distance.not_held")]
    lstm = _slopes(flows, NO_ATTENTION, "trained").get("lstm")
    if lstm is not None and lstm.factor < 1:
        hidden = claims.sentence_hides_loss(lstm, len(next(iter(flows.values())).whole) - 1)
        values = {"steps": hidden.values["steps"], "left": number(100 * hidden.values["left"])}
        told.append(say("distance.hidden" if hidden.holds else "distance.seen", **values))
    return " ".join(told)


def distance_details(flows: Mapping[Start, Flow], say: Strings) -> str:
    """The factor of every cell, and whether gates helped."""
    told = [
        say(
            f"distance.{kind}",
            without=_factors(flows, NO_ATTENTION, kind),
            attending=_factors(flows, catalog.ATTENDING.attention, kind),
        )
        for kind in _KINDS
        if _slopes(flows, NO_ATTENTION, kind) and _slopes(flows, catalog.ATTENDING.attention, kind)
    ]
    return " ".join([*told, *_gates(flows, say)])


def _gates(flows: Mapping[Start, Flow], say: Strings) -> list[str]:
    """Whether an LSTM keeps more of its gradient than an RNN, where both are there."""
    kinds = {
        kind: slopes
        for kind in ("trained", "untrained")
        if {"rnn", "lstm"} <= (slopes := _slopes(flows, NO_ATTENTION, kind)).keys()
    }
    more = {kind: claims.gates_help(slopes).holds for kind, slopes in kinds.items()}
    told = []
    if "trained" in more:
        told.append(say("distance.gates_help" if more["trained"] else "distance.gates_do_not_help"))
    if not more.get("untrained", True):
        told.append(say("distance.gates_untrained"))
    return told


def _slopes(flows: Mapping[Start, Flow], attention: str, kind: str) -> dict[str, Slope]:
    """By cell, of the trained or the untrained with this attention."""
    return {
        start.cell: slope
        for start, one in sorted(flows.items(), key=lambda item: CELLS.index(item[0].cell))
        if start.attention == attention
        and not start.is_own
        and start.is_trained == (kind == "trained")
        and (slope := one.slope) is not None
    }


def _factors(flows: Mapping[Start, Flow], attention: str, kind: str) -> str:
    return ", ".join(f"{cell.upper()} ×{s.factor:.2f}" for cell, s in _slopes(flows, attention, kind).items())


def distance_panels(flows: Mapping[Start, Flow], frame: Frame) -> list[Panel]:
    """A card for the shipped models where the sentence is in their languages, for a reader's own where there
    are some, and for the untrained."""
    kinds: dict[str, dict[Start, Flow]] = {"trained": {}, "own": {}, "untrained": {}}
    for start, one in flows.items():
        kinds["own" if start.is_own else "trained" if start.is_trained else "untrained"][start] = one
    if frame.say.languages[0] != chosen_task().languages:
        del kinds["trained"]
    return [distance_panel(kind, found, frame) for kind, found in kinds.items() if found or kind != "own"]


def distance_panel(kind: str, flows: Mapping[Start, Flow], frame: Frame) -> Panel:
    """Norms by distance on a logarithmic axis, a line for each cell with attention and without, or for each
    of a reader's own models."""
    say, palette = frame.say, frame.palette
    title = say(f"distance.title_{kind}")
    if not flows:
        return Panel(name=kind, title=title, notice=say(f"distance.none_{kind}"))
    ordered = sorted(flows.items(), key=lambda one: _order(one[0]))
    lines = [
        _flow_line(start, one, stroke, say, palette)
        for (start, one), stroke in zip(ordered, strokes(len(ordered), palette), strict=True)
    ]
    length = max(len(line.values) for line in lines)  # tokenizers of a reader's own may cut differently
    names = distances(length)
    factors = [(line.name, written_factor(one.slope)) for line, (_, one) in zip(lines, ordered, strict=True)]
    return Panel(
        name=kind,
        title=title,
        numbers=curve_numbers(
            tuple(str(k) for k in range(length)),
            [written_series(line.name, line.values, number, length) for line in lines],
        ),
        figure=distance_figure(names, lines, frame),
        facts=tuple(
            Fact(name, factor, say("distance.factor_help", largest=f"{one.largest:.2f}"))
            for (name, factor), (_, one) in zip(factors, ordered, strict=True)
        ),
        spoken=f"{title}. {', '.join(map(' '.join, factors))}",
        origin=of_flows([(start, one, 1.0) for start, one in ordered]),
    )


def distance_figure(names: Sequence[str], lines: Sequence[Line], frame: Frame) -> Figure:
    """Norms on a logarithmic axis over distances."""
    say, palette = frame.say, frame.palette
    plot = Plot(say("distance.plot"), lines, is_log=True, height=14)
    return step_curves(
        names, [plot], palette=palette, axis=say("distance.axis"), narrowest=narrowest(len(names)),
        font_size=frame.font_size,
    )  # fmt: skip


def _order(start: Start) -> tuple[int, int]:
    """By cell, each without attention first; a reader's own as they come."""
    return (0, 0) if start.is_own else (CELLS.index(start.cell), COMPARED.index(start.attention))


def _flow_line(start: Start, one: Flow, stroke: Stroke, say: Strings, palette: Palette) -> Line:
    """A line of its cell's look, or of `stroke` for a reader's own model."""
    name, look = cell_stroke(start.cell, start.attention != NO_ATTENTION, say, palette)
    if start.is_own:
        name, look = name_of(start.model, say), stroke
    return Line(name, one.whole.tolist(), look.color, dash=look.dash, mark=look.mark)


def distances(length: int) -> list[str]:
    """What is written on the axis: every distance, or as many as have room."""
    every = 1 if length <= 16 else 5 if length <= 60 else 10
    return [str(k) if k % every == 0 else " " for k in range(length)]


def written_factor(slope: Slope | None) -> str:
    """What is left of the gradient after one more step; a dash where it was not fitted."""
    return "–" if slope is None else f"×{slope.factor:.3f}"
