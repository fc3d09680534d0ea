"""The pictures of the walkthrough: each a pure function of a sentence's workings, a step, and how to look.

Names of rows are the letters of the formulas: s the decoder state, h an encoder state, y the embedding of the
piece that is fed, c the context. Words stand beside their strips and bars; a word of several pieces is one
row with a line for each, or, opened, a row for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from s2s.figures.bars import Bar, around, bars
from s2s.figures.canvas import Figure
from s2s.figures.heatmap import heatmap
from s2s.figures.labels import escape, share, shorten, shown_piece, signed
from s2s.figures.look import Look, Row, largest, merged_score, source_rows, state_limit
from s2s.figures.palette import Palette
from s2s.figures.strips import LABELS_WIDTH, Strip, strips
from s2s.figures.sums import sums
from s2s.traces import Alignment
from s2s.walkthrough.scorers import EXPLAINED
from s2s.walkthrough.stages import Combining, Contributions, Mixing, Scoring, Stepping, Weighting
from s2s.walkthrough.workings import Workings

_NAME: Final = 5.0  # em that a word may take beside its number


def _vectors(workings: Workings, values: NDArray[Any], limit: float, look: Look) -> list[Strip]:
    """A strip for each source row; values: (S, hidden)."""
    return [_source_strip(row, values, limit, look) for row in source_rows(workings.trace, look)]


def _source_strip(row: Row, values: NDArray[Any], limit: float, look: Look, number: str = "") -> Strip:
    name = escape(shorten(row.name, _NAME if number else LABELS_WIDTH - 1))
    return Strip(
        f"{name} <b>{number}</b>" if number else name,
        values[row.pieces.start : row.pieces.stop],
        look.palette.source,
        limit,
        row.pieces,
        row.name,
    )


def leading(workings: Workings, step: int, look: Look, most: int | None) -> list[Row]:
    """The rows of the source with most weight at a step, in their order; all of them for None."""
    rows, weights = source_rows(workings.trace, look), workings.trace.weights
    if most is None or weights is None:
        return list(rows)
    shares = np.array(_summed(weights[step], rows))
    return [rows[k] for k in sorted(np.argsort(-shares, kind="stable")[:most].tolist())]


def _draw(rows: Sequence[Strip], look: Look, **options: Any) -> Figure:
    return strips(rows, palette=look.palette, font_size=look.font_size, **options)


# Stage 1: the encoder


def passes(workings: Workings, look: Look) -> Figure:
    """What reading made of each source piece; of both directions, forward left, backward right."""
    rows = _vectors(workings, workings.passes, state_limit(workings), look)
    reads_both = workings.parameters.direction == "both"
    return _draw(rows, look, split=workings.parameters.hidden // 2 if reads_both else None)


def start(workings: Workings, step: int, look: Look) -> Figure:
    """In short: where the passes ended, the first decoder state, and the decoder state of a step."""
    limit, palette = state_limit(workings), look.palette
    ended = workings.last[:1, -1:]
    rows = _state("→h<sub>S</sub>, ←h<sub>1</sub>", ended, palette.source, limit)
    rows += _state("s<sub>0</sub>", workings.states[0, :1, -1:], palette.target, limit)
    rows += _state("s<sub>t</sub>", workings.states[step + 1, :1, -1:], palette.target, limit)
    return _draw([rows[0], rows[1]._replace(apart=True), rows[2]._replace(apart=True)], look)


def embeddings(workings: Workings, look: Look) -> Figure:
    """The embedding of each source piece."""
    rows = _vectors(workings, workings.embedded, state_limit(workings), look)
    return _draw(rows, look)


def encoder_states(workings: Workings, look: Look) -> Figure:
    """The encoder states: the sum of both."""
    rows = _vectors(workings, workings.trace.encoder_states, state_limit(workings), look)
    return _draw(rows, look)


def bridge(workings: Workings, look: Look) -> Figure:
    """Where the passes ended, and the state that the bridge makes of it for the decoder."""
    limit, palette = state_limit(workings), look.palette
    rows = _state("→h<sub>S</sub>, ←h<sub>1</sub>", workings.last, palette.source, limit)
    rows += _state("s<sub>0</sub>", workings.states[0], palette.target, limit)
    rows[len(rows) // 2] = rows[len(rows) // 2]._replace(apart=True)
    return _draw(rows, look)


def _state(letter: str, state: NDArray[Any], color: str, limit: float) -> list[Strip]:
    """A strip for each layer of each part of a recurrent state; the cell of an LSTM has its own scale."""
    parts, layers, _ = state.shape
    rows = []
    for part in range(parts):
        for layer in range(layers):
            name = letter if part == 0 else f"{letter}<i>, cell</i>"
            if layers > 1:
                name += f" <i>({layer + 1})</i>"
            own = limit if part == 0 else max(limit, largest(state[part]))
            rows.append(Strip(name, state[part, layer], color, own, spoken=_plain(name)))
    return rows


def _plain(name: str) -> str:
    for mark in ("<sub>", "<i>"):
        name = name.replace(mark, " " if mark == "<sub>" else "").replace(mark.replace("<", "</"), "")
    return name


# Stage 1: the decoder


def recurrence(workings: Workings, step: int, found: Stepping, look: Look) -> Figure:
    """What is fed, the state before, and the state that came out."""
    limit, palette = state_limit(workings), look.palette
    color = {"start": palette.muted, "free": palette.self_fed}.get(
        workings.trace.forcing[step], palette.teacher
    )
    fed = escape(shorten(shown_piece(workings.trace.fed[step].text), _NAME))
    rows = [Strip(f"y<sub>t−1</sub> {fed}", found.embedded, color, limit, spoken="y t−1")]
    rows += _state("s<sub>t−1</sub>", found.before, palette.target, limit)
    after = _state("s<sub>t</sub>", found.after, palette.target, limit)
    rows += [after[0]._replace(apart=True), *after[1:]]
    return _draw(rows, look)


def gates(found: Stepping, look: Look) -> Figure:
    """The gates of the highest layer, between 0 and 1, and the candidate, between −1 and 1."""
    rows = [
        Strip(escape(look.labels[name]), values, look.palette.text, 1.0, spoken=look.labels[name])
        for name, values in found.gates.items()
    ]
    return _draw(rows, look)


def one_state(workings: Workings, step: int, look: Look, name: str) -> Figure:
    """The decoder state of a step, alone."""
    state = workings.trace.decoder_states[step]
    return _draw([Strip(name, state, look.palette.target, state_limit(workings), spoken=_plain(name))], look)


# Stage 2


def sides(workings: Workings, step: int, found: Scoring, look: Look) -> Figure:
    """What the decoder asks with, and under it what each source word answers with, its score beside it."""
    attention, palette = workings.parameters.attention, look.palette
    own = state_limit(workings)
    limit = own if attention == "dot" else largest(found.answering)
    name = EXPLAINED[attention].asking
    asking = Strip(name, found.asking, palette.target, own, spoken=_plain(name))
    rows = [asking if attention != "concat" else asking._replace(limit=largest(found.asking))]
    rows += [
        _source_strip(row, found.answering, limit, look, signed(merged_score(found.scores, row.pieces), 3))
        for row in source_rows(workings.trace, look)
    ]
    if len(rows) > 1:
        rows[1] = rows[1]._replace(apart=True)
    return _draw(rows, look)


def one_score(workings: Workings, step: int, found: Scoring, place: int, look: Look) -> Figure:
    """The one score of the source piece at `place`, from its states to its products."""
    palette = look.palette
    trace, attention = workings.trace, workings.parameters.attention
    limit = state_limit(workings)
    rows = [
        Strip("s<sub>t</sub>", trace.decoder_states[step], palette.target, limit, spoken="s t"),
        Strip("h<sub>s</sub>", trace.encoder_states[place], palette.source, limit, spoken="h s"),
    ]
    if attention in _BETWEEN:
        rows += _BETWEEN[attention](workings, found, place, palette)
    products = found.products[place]
    name = EXPLAINED[attention].product
    rows.append(Strip(name, products, palette.text, largest(products), None, _plain(name), apart=True))
    return _draw(rows, look)


def _general(workings: Workings, found: Scoring, place: int, palette: Palette) -> list[Strip]:
    limit = largest(found.answering)
    return [
        Strip("W h<sub>s</sub>", found.answering[place], palette.source, limit, None, "W h s", apart=True)
    ]


def _concat(workings: Workings, found: Scoring, place: int, palette: Palette) -> list[Strip]:
    limit = largest(found.asking, found.answering)
    weigh = workings.parameters.weigh
    assert weigh is not None
    return [
        Strip("W<sub>1</sub>s<sub>t</sub>", found.asking, palette.target, limit, None, "W 1 s t", apart=True),
        Strip("W<sub>2</sub>h<sub>s</sub>", found.answering[place], palette.source, limit, None, "W 2 h s"),
        Strip("+", found.asking + found.answering[place], palette.text, limit, None, "+"),
        Strip("tanh", found.met[place], palette.text, 1.0, None, "tanh", apart=True),
        Strip("v", weigh, palette.text, largest(weigh), None, "v"),
    ]


# What stands between the two states and the products, of a scorer that does more than multiply them.
_BETWEEN: Final[Mapping[str, Callable[[Workings, Scoring, int, Palette], list[Strip]]]] = {
    "general": _general,
    "concat": _concat,
}


def build_up(products: NDArray[Any], ordered: Contributions, look: Look) -> Figure:
    """A score as the sum of its products, (hidden,), largest contributions first."""
    return sums(
        products[ordered.order],
        ordered.running,
        palette=look.palette,
        x_title=look.labels["added"],
        font_size=look.font_size,
    )


def matrix(values: NDArray[Any], name: str, look: Look) -> Figure:
    """A whole matrix, (hidden, hidden): what it is given across, what it gives down."""
    limit = round(float(np.quantile(np.abs(values), 0.999)), 3) or largest(values)
    return strips(
        [Strip(name, values, look.palette.text, limit, spoken=_plain(name))],
        palette=look.palette,
        font_size=look.font_size,
        part=0.1,
    )


def grid(alignment: Alignment, look: Look) -> Figure:
    """Weights of all steps over source words; target units are pieces."""
    return heatmap(alignment, palette=look.palette, labels=look.labels, font_size=look.font_size)


# Stage 3


def scores(workings: Workings, step: int, look: Look, *, most: int | None = None) -> Figure:
    """The score of every source row, or of those that are looked at `most`."""
    trace = workings.trace
    assert trace.scores is not None
    rows = leading(workings, step, look, most)
    values = [merged_score(trace.scores[step], row.pieces) for row in rows]
    return _bars(rows, values, [signed(value, 3) for value in values], look)


def powers(workings: Workings, found: Weighting, look: Look) -> Figure:
    """exp(score - highest) of every source row."""
    rows = source_rows(workings.trace, look)
    values = _summed(found.powers, rows)
    return _bars(rows, values, [share(value) for value in values], look)


def weights(
    workings: Workings,
    values: NDArray[Any],
    look: Look,
    *,
    what_if: bool = False,
    shown: Sequence[Row] | None = None,
) -> Figure:
    """The weight of every source row, or of those `shown`; values: (S,)."""
    rows = source_rows(workings.trace, look) if shown is None else shown
    summed = _summed(values, rows)
    color = look.palette.pinned if what_if else look.palette.weights[7]
    return _bars(
        rows,
        summed,
        [share(value) for value in summed],
        look,
        limits=(0, 1),
        color=color,
        outlined=what_if,
    )


def _summed(values: NDArray[Any], rows: Sequence[Row]) -> list[float]:
    return [float(values[row.pieces.start : row.pieces.stop].sum()) for row in rows]


def _bars(
    rows: Sequence[Row],
    values: Sequence[float],
    shown: Sequence[str],
    look: Look,
    *,
    limits: tuple[float, float] | None = None,
    color: str = "",
    outlined: bool = False,
) -> Figure:
    found = [
        Bar(row.name, value, text, row.pieces) for row, value, text in zip(rows, values, shown, strict=True)
    ]
    return numbers(found, look, limits=limits, color=color, outlined=outlined)


def numbers(
    rows: Sequence[Bar],
    look: Look,
    *,
    limits: tuple[float, float] | None = None,
    color: str = "",
    names_color: str = "",
    outlined: bool = False,
) -> Figure:
    """A number for each of what is looked at; where nothing else is said, in the colour of scores, names in
    that of the source."""
    return bars(
        rows,
        limits=limits or around(np.array([row.value for row in rows])),
        color=color or look.palette.scores[6],
        names_color=names_color or look.palette.source,
        palette=look.palette,
        outlined=outlined,
        font_size=look.font_size,
    )


# Stage 4


def mixture(workings: Workings, step: int, found: Mixing, look: Look, *, most: int | None = None) -> Figure:
    """Encoder states scaled by their weights, all or those with `most` weight; under them the sum of all."""
    trace, limit = workings.trace, state_limit(workings)
    assert trace.weights is not None
    shown = leading(workings, step, look, most)
    rows = [
        _source_strip(row, found.scaled, limit, look, share(weight))
        for row, weight in zip(shown, _summed(trace.weights[step], shown), strict=True)
    ]
    name = "c<sub>t</sub>"
    rows.append(Strip(name, found.context, look.palette.text, limit, None, _plain(name), apart=True))
    return _draw(rows, look)


# Stages 5 and 6


def combination(workings: Workings, step: int, found: Combining, look: Look, *, dropped: bool) -> Figure:
    """Context and decoder state, what W_c makes of each, and the tanh of their sum."""
    trace, palette, limit = workings.trace, look.palette, state_limit(workings)
    own = largest(found.from_context, found.from_state)
    rows = []
    if trace.contexts is not None:
        context = np.zeros_like(trace.contexts[step]) if dropped else trace.contexts[step]
        rows.append(Strip("c<sub>t</sub>", context, palette.text, limit, spoken="c t"))
    rows.append(Strip("s<sub>t</sub>", trace.decoder_states[step], palette.target, limit, spoken="s t"))
    made = []
    if trace.contexts is not None:
        made.append(
            Strip("W<sub>c</sub> · c<sub>t</sub>", found.from_context, palette.text, own, spoken="W c · c t")
        )
    made.append(
        Strip("W<sub>c</sub> · s<sub>t</sub>", found.from_state, palette.target, own, spoken="W c · s t")
    )
    rows += [made[0]._replace(apart=True), *made[1:]]
    rows.append(Strip("s̃<sub>t</sub>", found.attentional_state, palette.text, 1.0, None, "s̃ t", apart=True))
    return _draw(rows, look)


def output_vector(workings: Workings, step: int, look: Look) -> Figure:
    """In short: context and decoder state, and the output vector that is made of them."""
    trace, palette, limit = workings.trace, look.palette, state_limit(workings)
    rows = []
    if trace.contexts is not None:
        rows.append(Strip("c<sub>t</sub>", trace.contexts[step], palette.text, limit, spoken="c t"))
    rows.append(Strip("s<sub>t</sub>", trace.decoder_states[step], palette.target, limit, spoken="s t"))
    made = workings.attentional_states[step]
    return _draw([*rows, Strip("s̃<sub>t</sub>", made, palette.text, 1.0, None, "s̃ t", apart=True)], look)


def likely_words(words: Sequence[tuple[str, float]], look: Look, *, what_if: bool = False) -> Figure:
    """The likeliest words with their probabilities."""
    return bars(
        [Bar(word, probability, share(probability)) for word, probability in words],
        limits=(0, 1),
        color=look.palette.pinned if what_if else look.palette.target,
        names_color=look.palette.target,
        palette=look.palette,
        outlined=what_if,
        font_size=look.font_size,
    )
