"""Memorising against generalising: one training after more and more updates, as curves and as answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import Final

import pandas as pd
import streamlit as st

from pages.kit.curves import curve_labels, curve_numbers, narrowest, strokes, written_series
from pages.kit.frame import Frame
from pages.kit.live import Panel, live_view
from pages.kit.report import memorising
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from pages.labs.models.notebook import of_losses, of_shares
from s2s.claims.memorising import chosen, dev_loss_misleads, lowest_loss
from s2s.evaluate.memorising import Memorising, Stage
from s2s.figures.steps import Line, Plot, step_curves

_FEW: Final = 8  # questions that are shown at once
_SHARES: Final = ("by_heart", "distinct", "from_train")


def learned_by_heart(frame: Frame) -> None:
    """What was measured of the chosen task's model at each stage, where it was."""
    found = memorising()
    if found is None or found.model not in chosen_task().models:
        return
    say = frame.say
    st.header(say("models.memorising"), anchor=False)
    st.write(
        say(
            "models.memorising_how",
            train=f"{found.train_inputs:,}",
            dev=f"{found.dev_inputs:,}",
            questions=len(found.questions),
            seen=sum(found.seen),
        )
    )
    live_view(
        [_shares(found, frame), _losses(found, frame)],
        labels=curve_labels(say, row=say("models.updates"), pinned=say("models.pinned")),
        palette=frame.palette,
        key="memorising",
        beside=2,
    )
    st.text(_finding(found, say))
    stages = _told(found)
    order = _shown_first(found)
    st.table(_answers(found, stages, order[:_FEW], say))
    with st.expander(say("models.all_answers", questions=len(order))):
        st.table(_answers(found, stages, order, say))
    st.caption(say("models.answers_how"))


def _finding(found: Memorising, say: Strings) -> str:
    """The stage with the lowest dev loss beside the one that is shipped, and what that says."""
    first, early, late = found.stages[0], lowest_loss(found), chosen(found)
    values = {
        f"{name}_{when}": f"{100 * getattr(one, name):.0f}"
        for when, one in (("early", early), ("late", late))
        for name in ("by_heart", "distinct")
    }
    told = say(
        "models.memorising_finding",
        updates=f"{early.updates:,}",
        chosen=f"{late.updates:,}",
        loss_early=_loss(early.dev_loss),
        loss_late=_loss(late.dev_loss),
        fitting_early=_count(early),
        fitting_late=_count(late),
        questions=len(found.questions),
        unseen=found.unseen,
        unseen_early=_written(found.fitting_unseen(early)),
        unseen_late=_written(found.fitting_unseen(late)),
        commonest=first.commonest,
        first=f"{first.updates:,}",
        share=f"{100 * first.commonest_share:.0f}",
        **values,
    )
    claim = dev_loss_misleads(found)
    verdict = {True: "misleads", False: "leads", None: "undecided"}[claim.holds]
    return f"{told} {say(f'models.dev_loss_{verdict}')}"


def _told(found: Memorising) -> list[Stage]:
    """The first stage, the one with the lowest dev loss and the one that is shipped, each once."""
    wanted = {one.updates: one for one in (found.stages[0], lowest_loss(found), chosen(found))}
    return [wanted[updates] for updates in sorted(wanted)]


def _shown_first(found: Memorising) -> list[int]:
    """The places of the questions: of those in train and those that are not, one of each in turns."""
    seen = [at for at, is_seen in enumerate(found.seen) if is_seen]
    unseen = [at for at, is_seen in enumerate(found.seen) if not is_seen]
    turns = [at for both in zip(seen, unseen, strict=False) for at in both]
    return [*turns, *(at for at in range(len(found.seen)) if at not in turns)]


def _answers(found: Memorising, stages: Sequence[Stage], places: Sequence[int], say: Strings) -> pd.DataFrame:
    """A row for each question, a column for each stage, and a mark behind each answer."""
    rows = [found.questions[at] + (say("models.in_train") if found.seen[at] else "") for at in places]
    columns = {
        say("models.after", updates=f"{one.updates:,}"): [_marked(one, at) for at in places] for one in stages
    }
    return pd.DataFrame(columns, index=pd.Index(rows, name=say("models.question")))


def _marked(one: Stage, at: int) -> str:
    mark = "" if one.fitting is None else " ✓" if one.fitting[at] else " ✗"
    return f"{one.answers[at]}{mark}"


def _shares(found: Memorising, frame: Frame) -> Panel:
    say = frame.say
    curves = {say(f"models.{name}"): [100 * getattr(one, name) for one in found.stages] for name in _SHARES}
    curves[say("models.fitting")] = [
        nan if one.fitting is None else 100 * sum(one.fitting) / len(one.fitting) for one in found.stages
    ]
    card = Panel(name="memorising-shares", title=say("models.shares"), origin=of_shares(found.model))
    return _drawn(card, found, curves, frame, digits=0, top=100)


def _losses(found: Memorising, frame: Frame) -> Panel:
    say = frame.say
    curves = {
        say("models.train_loss"): [nan if one.train_loss is None else one.train_loss for one in found.stages],
        say("models.dev_loss"): [nan if one.dev_loss is None else one.dev_loss for one in found.stages],
    }
    card = Panel(name="memorising-losses", title=say("models.losses"), origin=of_losses(found.model))
    return _drawn(card, found, curves, frame, digits=2, top=None)


def _drawn(
    card: Panel,
    found: Memorising,
    curves: Mapping[str, Sequence[float]],
    frame: Frame,
    *,
    digits: int,
    top: float | None,
) -> Panel:
    """A card with its curves over the stages."""
    steps, form = [f"{one.updates:,}" for one in found.stages], f"{{:.{digits}f}}".format
    looks = strokes(len(curves), frame.palette)
    lines = [
        Line(name, values, look.color, dash=look.dash, mark=look.mark)
        for (name, values), look in zip(curves.items(), looks, strict=True)
    ]
    ends = "; ".join(f"{line.name}: {form(line.values[0])} → {form(line.values[-1])}" for line in lines)
    return card._replace(
        numbers=curve_numbers(tuple(steps), [written_series(line.name, line.values, form) for line in lines]),
        figure=step_curves(
            steps, [Plot("", lines, top=top)], palette=frame.palette, axis=frame.say("models.updates"),
            narrowest=narrowest(len(steps)), font_size=frame.font_size,
        ),
        spoken=frame.say("models.memorising_spoken", first=steps[0], last=steps[-1], values=ends),
    )  # fmt: skip


def _loss(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _count(one: Stage) -> str:
    return _written(None if one.fitting is None else sum(one.fitting))


def _written(count: int | None) -> str:
    return "–" if count is None else str(count)
