"""The parts of the teacher-forcing page: what is asked of a model, what the pictures say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from pages.kit.curves import curve_numbers, number, written_series
from pages.kit.frame import Frame
from pages.kit.glosses import Gloss, glosses
from pages.kit.live import (
    Cells,
    Fact,
    Legend,
    Numbers,
    Panel,
    alignment_numbers,
    cut_notice,
    focus_fact,
    live_labels,
    spoken,
    unit_keys,
    words,
)
from pages.kit.strings import Strings
from pages.kit.translators import compare
from pages.labs.forcing.notebook import Part, origin
from pages.labs.forcing.tracks import track_title
from s2s.engine.questions import Compare
from s2s.errors import S2SError
from s2s.evaluate.divergence import TOGETHER, Effect, Regimes
from s2s.evaluate.reading import broken_words
from s2s.figures.heatmap import difference_heatmap, heatmap
from s2s.figures.labels import names, shown_piece
from s2s.figures.steps import Line, Plot, step_curves
from s2s.text import GLUE, normalise
from s2s.traces import Alignment, Trace, difference


class Comparison(NamedTuple):
    """What came of asking: both runs, or none, and what there is to say of it."""

    both: Regimes | None
    notices: tuple[str, ...]


def ask(model: str, question: Compare, say: Strings) -> Comparison:
    """Both runs of the sentence. A word to feed or a reference that cannot be used is left out, and why is
    said."""
    reasons: list[str] = []
    for left_out, attempt in (
        ("nothing", question),
        ("word", question._replace(injection=None)),
        ("reference", question._replace(reference="")),
        ("both", question._replace(reference="", injection=None)),
    ):
        try:
            both = compare(model, attempt)
        except S2SError as error:
            reasons.append(say.error(error))
            continue
        notices = [say(f"forcing.left_out_{left_out}", reason=reasons[0])] if reasons else []
        return Comparison(both, (*notices, *_notices(both, question.reference, say)))
    return Comparison(None, (reasons[0],))


def _notices(both: Regimes, reference: str, say: Strings) -> Iterator[str]:
    """What the reference is, and what the model cannot read of it."""
    if both.is_own:
        yield say("forcing.own" if not normalise(reference).text else "forcing.equal")
    unknown = [word.word.text for word in broken_words(both.forced, "target") if word.is_unknown]
    if unknown:
        yield say("forcing.unknown", words=", ".join(unknown))
    if notice := cut_notice([both.free], say):
        yield notice
    if both.free.target_cut:
        yield say("live.cut_target", limit=len(both.free.target_pieces))


def pieces_key(both: Regimes, say: Strings) -> str:
    """What the sign of pieces that go on with a word means; "" where none is shown."""
    said = [piece.text for run in (both.forced, both.free) for piece in run.target_pieces]
    is_shown = any(shown_piece(text).startswith(GLUE) for text in said)
    return say("live.pieces_sign", sign=GLUE) if is_shown else ""


def finding(both: Regimes, say: Strings) -> str:
    """Where the two runs part and how far they come, in one sentence or two."""
    parted = both.divergence
    if parted.first is None:
        return say("forcing.never_parted", steps=both.steps)
    first = parted.first
    found = say(
        "forcing.parted",
        step=first + 1,
        teacher=shown_piece(both.forced.target_pieces[first].text),
        model=shown_piece(both.free.target_pieces[first].text),
    )
    if first + 1 < both.steps:
        most = int(parted.kl.argmax())
        found += " " + say("forcing.furthest", step=most + 1, kl=_divergence(float(parted.kl[most])))
    return found


def _divergence(kl: float) -> str:
    """A divergence in nats, with two decimals; a smaller one by its first digits, not as 0.00."""
    return f"{kl:.2f}" if kl >= 0.01 else number(kl)


def injection_finding(both: Regimes, say: Strings) -> list[str]:
    """What the word that was fed by hand did to each run."""
    if both.injection is None:
        return []
    values = {"step": both.injection.step, "word": both.injection.word}
    reached = next((run for run in (both.forced, both.free) if "injected" in run.forcing), None)
    if reached is None:
        return [say("forcing.not_reached", **values)]
    fed = [
        shown_piece(piece.text)
        for piece, by in zip(reached.fed, reached.forcing, strict=True)
        if by == "injected"
    ]
    told = say("forcing.fed", **values)
    if len(fed) > 1:
        told = say("forcing.fed_pieces", **values, count=len(fed), pieces=" ".join(fed))
    return [told, *(_effect(both, k, effect, say) for k, effect in enumerate(both.effects))]


def _effect(both: Regimes, k: int, effect: Effect | None, say: Strings) -> str:
    track = track_title(both, k, say)
    if effect is None:
        return say("forcing.effect_not_reached", track=track)
    rows = len(effect.kl)
    if not rows:
        return say("forcing.effect_nothing_left", track=track)
    recovered = effect.recovered
    if recovered is None:
        together = say("forcing.not_recovered", limit=TOGETHER)
    else:
        together = say("forcing.recovered", steps=recovered, limit=TOGETHER)
    changed = sum(effect.changed)
    parts = [say("forcing.effect", track=track, changed=changed, rows=rows), together]
    if effect.kept_place is not None:
        lost = rows - sum(effect.kept_place)
        place = "kept" if not lost else "found" if effect.kept_place[-1] else "lost"
        parts.append(say(f"forcing.place_{place}", lost=lost, rows=rows))
    return " ".join(parts)


def legends(both: Regimes, frame: Frame) -> list[Legend]:
    """The scale of both heatmaps, and that of their difference; without attention there are none."""
    say, palette = frame.say, frame.palette
    if both.forced.weights is None:
        return []
    return [
        Legend(say("live.weight"), "0", "1", palette.weights),
        Legend(say("forcing.scale_difference"), "−1", "+1", palette.regimes),
    ]


def labels(both: Regimes, say: Strings) -> dict[str, str]:
    """The words that the cards need; how to read the pictures stands above them."""
    reading = "" if both.forced.weights is None else say("forcing.how_to_read")
    return live_labels(say, help_pin=f"{reading} {say('live.help_pin')}".strip())


def panels(both: Regimes, label: Mapping[str, str], frame: Frame) -> list[Panel]:
    """Where each run looked, the difference, and the curves; without attention the curves alone.

    `label` holds what `labels` gives.
    """
    one, other = _in_steps(both.forced), _in_steps(both.free)
    if one is None or other is None:
        return [_curves(both, frame)]
    known = glosses(one.source_units, both.forced.source, both.forced.languages, frame.say)
    return [
        _picture(both, 0, one, known, label, frame),
        _picture(both, 1, other, known, label, frame),
        _difference(both, one, other, known, label, frame),
        _curves(both, frame),
    ]


def _in_steps(trace: Trace) -> Alignment | None:
    """A row for each step over source words, its piece as people see it."""
    return trace.alignment("words", target_level="pieces")


def _step_keys(count_: int, say: Strings) -> tuple[str, ...]:
    """Across cards a row is the same where it is the same step."""
    return tuple(f"{say('tracks.at_step', step=step + 1)} 1" for step in range(count_))


def _picture(
    both: Regimes,
    k: int,
    alignment: Alignment,
    known: Sequence[Gloss],
    label: Mapping[str, str],
    frame: Frame,
) -> Panel:
    say, trace = frame.say, (both.forced, both.free)[k]
    title, written = track_title(both, k, say), trace.written("pieces")
    name: Part = "free" if k else "forced"
    numbers = alignment_numbers(alignment, label, known)
    spelt = [unit._replace(text=trace.target[unit.start : unit.end]) for unit in written.units]
    return Panel(
        name=name,
        title=title,
        numbers=numbers._replace(target_keys=_step_keys(len(numbers.target), say)),
        figure=heatmap(alignment, palette=frame.palette, labels=label, font_size=frame.font_size),
        words=words(spelt, written.log_probs.tolist()),
        facts=tuple(_facts(both, k, alignment, say)),
        spoken=spoken(title, trace.target, alignment, say),
        languages=trace.languages,
        origin=origin(both, name),
    )


def _facts(both: Regimes, k: int, alignment: Alignment, say: Strings) -> Iterator[Fact]:
    wanted = both.reference_log_probs[k]
    wanted = wanted[~np.isnan(wanted)]
    if wanted.size:
        value = say("facts.nats", value=f"{-float(wanted.mean()):.2f}")
        yield Fact(say("forcing.loss"), value, say("forcing.loss_help", steps=len(wanted)))
    yield focus_fact(alignment, say)


def _difference(
    both: Regimes,
    one: Alignment,
    other: Alignment,
    known: Sequence[Gloss],
    label: Mapping[str, str],
    frame: Frame,
) -> Panel:
    say, apart = frame.say, difference(one, other)
    target, source = names(apart.target_units, label), names(apart.source_units, label)
    moved = float(np.abs(apart.weights).sum(axis=1).mean() / 2) if len(apart.weights) else 0.0
    return Panel(
        name="difference",
        title=say("forcing.difference_title"),
        numbers=Numbers(
            source=source,
            target=target,
            source_keys=unit_keys(one.source_units),
            target_keys=_step_keys(len(target), say),
            cells=(Cells(say("forcing.difference"), apart.weights, 3),),
            meanings=tuple(gloss.told for gloss in known),
        ),
        figure=difference_heatmap(apart, palette=frame.palette, labels=label, font_size=frame.font_size),
        facts=(
            Fact(say("forcing.moved"), f"{100 * moved:.0f}%", say("forcing.moved_help", steps=len(target))),
        ),
        spoken=say("forcing.spoken_difference", moved=f"{100 * moved:.0f}", steps=len(target)),
        origin=origin(both, "difference"),
    )


def _curves(both: Regimes, frame: Frame) -> Panel:
    say, palette, parted = frame.say, frame.palette, both.divergence
    steps = _step_names(both)
    forced, free = (np.exp(log_probs.astype(np.float64)) for log_probs in both.reference_log_probs)
    title = track_title(both, 1, say)
    plots = (
        Plot(
            say("forcing.plot_reference"),
            (
                Line(say("regimes.forced"), forced.tolist(), palette.teacher, mark="square"),
                Line(title, free.tolist(), palette.self_fed, dash="dash"),
            ),
            top=1.0,
        ),
        Plot(say("forcing.plot_kl"), (Line("KL", parted.kl.tolist(), palette.text),)),
        Plot(
            say("forcing.plot_distance"), (Line("d", parted.distance.tolist(), palette.text, mark="diamond"),)
        ),
    )
    series = (
        (f"{say('forcing.series_reference')}, {say('regimes.forced')}", forced),
        (f"{say('forcing.series_reference')}, {title}", free),
        (say("forcing.plot_kl"), parted.kl),
        (say("forcing.plot_distance"), parted.distance),
    )
    return Panel(
        name="curves",
        title=say("forcing.curves"),
        numbers=curve_numbers(
            steps,
            [written_series(name, values, "{:.3f}".format, len(steps)) for name, values in series],
            _step_keys(len(steps), say),
        ),
        figure=step_curves(steps, plots, palette=palette, first=parted.first, font_size=frame.font_size),
        spoken=f"{say('forcing.curves')}: {finding(both, say)}",
        is_wide=True,
        origin=origin(both, "curves"),
    )


def _step_names(both: Regimes) -> tuple[str, ...]:
    """What each step says: the teacher's piece and the model's where they differ."""
    pair = [[shown_piece(p.text) for p in run.target_pieces] for run in (both.forced, both.free)]
    most = max(map(len, pair))
    one, other = ([*said, *[""] * (most - len(said))] for said in pair)
    return tuple(a if a == b else " / ".join(filter(None, (a, b))) for a, b in zip(one, other, strict=True))
