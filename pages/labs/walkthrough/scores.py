"""The second stage: the decoder state scored against every encoder state."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pages.kit.arithmetic import digits, power, sum_of
from pages.kit.stages import (
    Beside,
    Block,
    Fold,
    Formula,
    Picture,
    Stage,
    Table,
    Text,
)
from pages.labs.walkthrough.notebook import LINES
from pages.labs.walkthrough.step import Step, counts, listed_scores, mark
from s2s.figures import stages as draw
from s2s.figures.labels import shown_piece
from s2s.walkthrough import stages, what_if
from s2s.walkthrough.scorers import EXPLAINED
from s2s.walkthrough.stages import Scoring

_TERMS: Final = 8  # contributions in the table


def scoring(one: Step) -> Stage:
    """All scores, how one of them is built up, and what is behind the scorer; without attention, the one
    vector."""
    found = one.scores
    if found is None:
        return _one_vector(one)
    say, look, of, step = one.say, one.look, one.workings, one.step
    attention, width = of.parameters.attention, of.parameters.hidden
    ordered = stages.contributions(found.products[one.place])
    score = float(of.trace.scores[step, one.place]) if of.trace.scores is not None else 0.0
    pair = _multiplied(one, found)
    blocks: list[Block] = [
        Text(say(f"walkthrough.explained_{attention}")),
        Formula((EXPLAINED[attention].formula,)),
        Picture(
            draw.sides(of, step, found, look),
            say(f"walkthrough.caption_sides_{attention}"),
            say("walkthrough.spoken_scores", scores=listed_scores(one)),
            LINES["sides"],
        ),
        Text(say("walkthrough.choose_word", word=one.name)),
        Formula((f"score(“{one.name}”) = {sum_of(pair, total=score)}",)),
        Picture(
            draw.one_score(of, step, found, one.place, look),
            say(f"walkthrough.caption_one_{attention}", word=one.name),
            say("walkthrough.spoken_one", word=one.name, score=digits(score), width=width),
            LINES["one_score"],
        ),
        Beside((_built(one, found, ordered, score), _terms(one, found, ordered))),
        Text(
            say(
                "walkthrough.finding_built",
                count=_TERMS,
                width=width,
                part=digits(ordered.running[_TERMS - 1] if width >= _TERMS else ordered.running[-1]),
                score=digits(score),
            ),
            "finding",
        ),
    ]
    blocks += _cosines(one, found) if EXPLAINED[attention].is_dot_product else _without_tanh(one)
    blocks += _matrices(one)
    return Stage(tuple(blocks), mark(found.check, say))


def _built(one: Step, found: Scoring, ordered: stages.Contributions, score: float) -> Picture:
    say, width = one.say, one.workings.parameters.hidden
    return Picture(
        draw.build_up(found.products[one.place], ordered, one.look),
        say("walkthrough.caption_built", word=one.name),
        say("walkthrough.spoken_built", word=one.name, score=digits(score), width=width),
        LINES["build_up"],
    )


def _multiplied(one: Step, found: Scoring) -> tuple[NDArray[Any], NDArray[Any]]:
    """The two rows whose products add up to the score of the chosen piece."""
    weigh = one.workings.parameters.weigh
    return (found.asking if weigh is None else weigh), found.met[one.place]


def _terms(one: Step, found: Scoring, ordered: stages.Contributions) -> Table:
    say, attention = one.say, one.workings.parameters.attention
    left, right = _multiplied(one, found)
    names = EXPLAINED[attention].factors
    rows = [
        (
            str(i + 1),
            digits(left[i]),
            digits(right[i]),
            digits(found.products[one.place, i]),
            digits(ordered.running[k]),
        )
        for k, i in enumerate(ordered.order[:_TERMS].tolist())
    ]
    head = (say("walkthrough.place"), *names, say("walkthrough.product"), say("walkthrough.so_far"))
    return Table(head, tuple(rows))


def _cosines(one: Step, found: Scoring) -> list[Block]:
    """The dot products as lengths and cosines, piece by piece."""
    say, trace = one.say, one.workings.trace
    measured = stages.lengths(found)
    pieces = [shown_piece(piece.text) for piece in trace.source_pieces]
    k = one.place
    _, side = EXPLAINED[one.workings.parameters.attention].factors
    by_score, by_cosine = int(found.scores.argmax()), int(measured.cosines.argmax())
    key = "walkthrough.cosine_agrees" if by_score == by_cosine else "walkthrough.cosine_differs"
    rows = tuple(
        (name, digits(found.scores[j]), digits(measured.answering[j]), digits(measured.cosines[j]))
        for j, name in enumerate(pieces)
    )
    return [
        Formula(
            (
                f"s_t · {side} = |s_t| |{side}| cos(s_t, {side})",
                f"{digits(found.scores[k])} = {digits(measured.asking)} · {digits(measured.answering[k])} "
                f"· {digits(measured.cosines[k])}",
            )
        ),
        Text(say(key, score=pieces[by_score], cosine=pieces[by_cosine]), "finding"),
        Fold(
            say("walkthrough.cosine_table"),
            (Table((say("walkthrough.source"), say("walkthrough.dot"), f"|{side}|", "cos"), rows),),
        ),
    ]


def _without_tanh(one: Step) -> list[Block]:
    """The weights of all steps, with tanh and without."""
    if one.view.tanh or one.workings.parameters.weigh is None:
        return []
    say, trace = one.say, one.workings.trace
    without = what_if.without_tanh(one.workings)
    own = trace.alignment("words", target_level="pieces")
    flat = what_if.aligned(trace, without).alignment("words", target_level="pieces")
    assert own is not None
    assert flat is not None
    apart = [float(np.ptp(alignment.weights, axis=0).max(initial=0)) for alignment in (own, flat)]
    return [
        Beside(
            tuple(
                Picture(
                    draw.grid(alignment, one.look), say(f"walkthrough.caption_{name}"), spoken, LINES[name]
                )
                for alignment, name, spoken in (
                    (own, "with_tanh", say("walkthrough.spoken_with_tanh")),
                    (flat, "without_tanh", say("walkthrough.spoken_without_tanh")),
                )
            )
        ),
        Formula(("v · (W_1 s_t + W_2 h_s) = v · W_1 s_t + v · W_2 h_s",)),
        Text(say("walkthrough.finding_tanh", own=f"{apart[0]:.3f}", flat=power(apart[1])), "finding"),
    ]


def _matrices(one: Step) -> list[Block]:
    parameters, say = one.workings.parameters, one.say
    named = {
        "W": parameters.between,
        "W<sub>1</sub>": parameters.from_decoder,
        "W<sub>2</sub>": parameters.from_encoder,
    }
    there = {name: values for name, values in named.items() if values is not None}
    if not there:
        return []
    width = parameters.hidden
    blocks: tuple[Block, ...] = ()
    if one.view.matrix:
        spoken = say("walkthrough.spoken_matrix", width=width)
        blocks = tuple(
            Picture(draw.matrix(values, name, one.look), "", spoken, LINES[name])
            for name, values in there.items()
        )
    return [Fold(say("walkthrough.matrix", width=width), blocks, "matrix")]


def _one_vector(one: Step) -> Stage:
    """Without attention: the one vector through which everything must pass."""
    say, of = one.say, one.workings
    return Stage(
        (
            Picture(
                draw.bridge(of, one.look),
                say("walkthrough.caption_one_vector"),
                say("walkthrough.spoken_bridge", width=of.parameters.hidden),
                LINES["bridge"],
            ),
            Text(say("walkthrough.finding_one_vector", **counts(one)), "finding"),
        )
    )
