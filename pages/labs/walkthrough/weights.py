"""The third and fourth stages: scores to weights, and the context that these mix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pages.kit.arithmetic import bracketed, digits, sum_of
from pages.kit.stages import (
    Beside,
    Block,
    Formula,
    Picture,
    Stage,
    Text,
)
from pages.labs.walkthrough.notebook import LINES, tempered
from pages.labs.walkthrough.step import Step, listed_scores, mark, state_scale
from s2s.figures import stages as draw
from s2s.figures.labels import shown_piece
from s2s.figures.look import source_rows
from s2s.walkthrough import stages, what_if


def weighting(one: Step) -> Stage:
    """The softmax, move by move, and what a temperature would make of it."""
    say, look, of, step = one.say, one.look, one.workings, one.step
    found = stages.weighting(of, step)
    trace = of.trace
    if found is None or trace.scores is None or trace.weights is None:
        return Stage(())
    score, weight = float(trace.scores[step, one.place]), float(trace.weights[step, one.place])
    piece = shown_piece(trace.source_pieces[one.place].text)
    changed = one.view.temperature != 1 or one.view.scaled
    weights = what_if.tempered(
        trace.scores[step],
        temperature=one.view.temperature,
        scaled=one.view.scaled,
        width=of.parameters.hidden,
    )
    listed = say(
        "walkthrough.spoken_weights", weights=", ".join(f"{name} {part:.3f}" for name, part in one.looks)
    )
    moves = [
        Picture(figure, say(f"walkthrough.caption_{name}"), spoken, LINES[name])
        for figure, name, spoken in (
            (
                draw.scores(of, step, look),
                "score",
                say("walkthrough.spoken_scores", scores=listed_scores(one)),
            ),
            (draw.powers(of, found, look), "power", say("walkthrough.caption_power")),
            (draw.weights(of, trace.weights[step], look), "weight", listed),
        )
    ]
    if changed:
        caption = say("walkthrough.caption_tempered")
        lines = tempered(one.view.temperature, one.view.scaled)
        moves.append(Picture(draw.weights(of, weights, look, what_if=True), caption, caption, lines))
    blocks: list[Block] = [
        Formula(
            (
                "α_s = exp(score_s − max) / Σ_{s′} exp(score_{s′} − max)",
                f"α_{{“{piece}”}} = exp({digits(score)} − {bracketed(found.highest)}) "
                f"/ {digits(found.total)} = {digits(weight)}",
            )
        ),
        Beside(tuple(moves)),
        Text(say("walkthrough.finding_sum", total=f"{float(trace.weights[step].sum()):.6f}"), "finding"),
    ]
    if changed:
        blocks += [Formula(_divided(one, weights)), Text(_tempered(one, weights), "finding")]
    return Stage(tuple(blocks), mark(found.check, say))


def _divided(one: Step, weights: NDArray[np.float64]) -> tuple[str, str]:
    """The softmax of scores that are divided first, in letters and for the chosen piece."""
    view, of = one.view, one.workings
    trace, width = of.trace, of.parameters.hidden
    assert trace.scores is not None
    by = [(f"{view.temperature:g}", "τ")] if view.temperature != 1 else []
    by += [(f"√{width}", "√d")] if view.scaled else []
    numbers, letters = (" ".join(names) for names in zip(*by, strict=True))
    letters, numbers = (f"({name})" if len(by) > 1 else name for name in (letters, numbers))
    divisor = view.temperature * (width**0.5 if view.scaled else 1.0)
    scores = trace.scores[one.step].astype(np.float64)
    total = np.exp((scores - scores.max()) / divisor).sum()
    piece = shown_piece(trace.source_pieces[one.place].text)
    above = f"exp(({digits(scores[one.place])} − {bracketed(scores.max())}) / {numbers})"
    return (
        f"α_s = exp((score_s − max) / {letters}) / Σ_{{s′}} exp((score_{{s′}} − max) / {letters})",
        f"α_{{“{piece}”}} = {above} / {digits(total)} = {digits(weights[one.place])}",
    )


def _tempered(one: Step, weights: NDArray[np.float64]) -> str:
    """What other weights would have made of the step."""
    say, of = one.say, one.workings
    context = weights @ of.trace.encoder_states.astype(np.float64)
    then = what_if.likeliest(of.parameters, what_if.with_context(of, one.step, context), count=1)[0]
    rows = [row.pieces for row in source_rows(of.trace, one.look)]
    own = one.said[0]
    key = "walkthrough.tempered_same" if then.id == own.id else "walkthrough.tempered_other"
    return say(
        key,
        own=f"{one.most[1]:.3f}",
        most=f"{max(float(weights[pieces.start : pieces.stop].sum()) for pieces in rows):.3f}",
        word=one.word(then.id),
        probability=f"{then.probability:.2f}",
        written=one.word(own.id),
        was=f"{own.probability:.2f}",
    )


def mixing(one: Step) -> Stage:
    """The encoder states scaled by their weights, and their sum, the context."""
    say, look, of, step = one.say, one.look, one.workings, one.step
    found = stages.mixing(of, step)
    trace = of.trace
    if found is None or trace.weights is None or trace.contexts is None:
        return Stage(())
    i = one.number
    total = sum_of((trace.weights[step], trace.encoder_states[:, i]), total=float(trace.contexts[step, i]))
    name, weight = one.most
    return Stage(
        (
            Formula(
                (
                    "c_t = Σ_s α_s h_s",
                    f"c_t[{i + 1}] = {total}",
                )
            ),
            Picture(
                draw.mixture(of, step, found, look),
                say("walkthrough.caption_mixture", limit=state_scale(one)),
                say("walkthrough.spoken_mixture", source=name, weight=f"{weight:.3f}"),
                LINES["mixture"],
            ),
            Text(say("walkthrough.finding_mixture", source=name, weight=f"{100 * weight:.0f}"), "finding"),
        ),
        mark(found.check, say),
    )
