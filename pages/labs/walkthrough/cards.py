"""What each of the six stages of the walkthrough shows and says of one step of one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pages.kit.frame import Frame
from pages.kit.strings import Strings
from pages.kit.wire import figure_text
from pages.labs.walkthrough.stages import (
    Beside,
    Block,
    Fold,
    Formula,
    Go,
    Group,
    Mark,
    Picture,
    Stage,
    Table,
    Text,
)
from pages.labs.walkthrough.view import View
from s2s.figures import stages as draw
from s2s.figures.labels import shown_piece, signed
from s2s.figures.stages import Look, merged_score, source_rows
from s2s.traces import END
from s2s.walkthrough import stages, what_if
from s2s.walkthrough.scorers import EXPLAINED
from s2s.walkthrough.stages import Check, Scoring
from s2s.walkthrough.workings import Workings

_FONT: Final = 14  # pixels
_FONT_LARGE: Final = 18
_TOP: Final = 10  # words of a distribution
_TERMS: Final = 8  # contributions in the table


class Step(NamedTuple):
    """One step of one model as the reader looks at it."""

    workings: Workings
    step: int
    place: int  # of the source piece whose score is built up
    number: int  # the place in the vectors that is followed through all stages
    look: Look
    view: View
    say: Strings
    scores: Scoring | None
    said: tuple[what_if.Said, ...]  # the likeliest pieces
    bare: tuple[what_if.Said, ...]  # the same with a context of zeros

    @classmethod
    def of(cls, workings: Workings, view: View, frame: Frame) -> Step:
        """A step that is there, and a piece and a number that are, whatever the reader asks for."""
        trace, parameters = workings.trace, workings.parameters
        step = min(view.step, workings.steps - 1)
        look = Look(
            palette=frame.palette,
            labels=_labels(frame.say),
            opened=frozenset(view.opened),
            font_size=_FONT_LARGE if frame.large else _FONT,
        )
        place = _place(workings, step, view, look)
        scores = stages.scoring(workings, step)
        followed = trace.decoder_states[step] if scores is None else scores.products[place]
        number = view.number
        if number is None or number >= parameters.hidden:
            number = int(np.abs(followed).argmax())
        assert trace.vocabulary_log_probs is not None
        said = bare = what_if.likeliest(parameters, trace.vocabulary_log_probs[step], count=_TOP)
        if trace.contexts is not None:
            without = what_if.with_context(workings, step, np.zeros(parameters.hidden))
            bare = what_if.likeliest(parameters, without, count=_TOP)
        return cls(workings, step, place, number, look, view, frame.say, scores, said, bare)

    @property
    def name(self) -> str:
        """The source piece whose score is built up."""
        return shown_piece(self.workings.trace.source_pieces[self.place].text)

    @property
    def fed(self) -> str:
        """The piece that this step is fed."""
        return shown_piece(self.workings.trace.fed[self.step].text)

    @property
    def written(self) -> str:
        """The piece that this step says."""
        return shown_piece(self.workings.trace.target_pieces[self.step].text)

    def word(self, id_: int) -> str:
        """What a target piece is called."""
        return shown_piece(self.workings.parameters.vocabulary[id_])

    @property
    def looks(self) -> list[tuple[str, float]]:
        """Every source row with its weight; none without attention."""
        trace = self.workings.trace
        if trace.weights is None:
            return []
        return [
            (row.name, float(trace.weights[self.step, row.pieces.start : row.pieces.stop].sum()))
            for row in source_rows(trace, self.look)
        ]

    @property
    def most(self) -> tuple[str, float]:
        """The source row that is looked at most, and its weight; with attention only."""
        return max(self.looks, key=lambda row: row[1])


def _place(workings: Workings, step: int, view: View, look: Look) -> int:
    """The piece whose score is built up: of the row that the reader chose, else of the one with most weight,
    the piece with most weight."""
    weights = workings.trace.weights
    rows = [row.pieces for row in source_rows(workings.trace, look)]
    chosen = next((pieces for pieces in rows if view.word in pieces), None)
    if weights is None:
        return (chosen or rows[0])[0]
    looked = weights[step]
    pieces = chosen or max(rows, key=lambda pieces: float(looked[pieces.start : pieces.stop].sum()))
    return pieces[int(looked[pieces.start : pieces.stop].argmax())]


def _labels(say: Strings) -> dict[str, str]:
    """The words that the figures need."""
    names = ("added", "score", "weight", "source_word", "target_word")
    gates = ("input", "forget", "candidate", "output", "reset", "update")
    return {name: say(f"walkthrough.label_{name}") for name in (*names, *gates)} | {"end": END}


def told(one: Step) -> str:
    """The step in one sentence."""
    values = {"word": one.written, "probability": f"{one.said[0].probability:.2f}", "fed": one.fed}
    if not one.looks:
        return one.say("walkthrough.told_none", **values)
    name, weight = one.most
    bare = one.word(one.bare[0].id)
    return one.say("walkthrough.told", **values, source=name, weight=f"{weight:.2f}", bare=bare)


def _mark(check: Check, say: Strings) -> Mark:
    key = "walkthrough.checked" if check.holds else "walkthrough.wrong"
    return Mark(check.holds, say(key, deviation=_power(check.deviation)))


def _power(number: float) -> str:
    """One digit and its power of ten: 4e-7; 0 for nothing."""
    if number == 0:
        return "0"
    mantissa, _, exponent = f"{number:.0e}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def _limits(one: Step) -> str:
    return f"{draw.state_limit(one.workings):.1f}"


class _Read(NamedTuple):
    """What the first stage shows of a sentence: the same at every step."""

    check: Check
    pictures: tuple[str, str, str]  # both passes, embeddings, encoder states
    bridge: str


@lru_cache(maxsize=16)  # of the longest sentence half a megabyte each
def _read(workings: Workings, look: Look) -> _Read:
    passes, embedded, states = (
        figure_text(make(workings, look)) for make in (draw.passes, draw.embeddings, draw.encoder_states)
    )
    return _Read(
        stages.reading(workings).check, (passes, embedded, states), figure_text(draw.bridge(workings, look))
    )


def _reading(one: Step) -> Stage:
    say, of = one.say, one.workings
    found = _read(of, one.look)
    i, place = one.number, one.place
    own, embedded = of.passes[place, i], of.embedded[place, i]
    bridge = of.parameters.bridges[0]
    arrow = "→" if i < of.parameters.hidden // 2 else "←"
    captions = [say(f"walkthrough.caption_{name}") for name in ("passes", "embedded", "encoder_states")]
    pictures = [
        Picture(picture, caption, say("walkthrough.spoken_rows", what=caption, **_counts(one)))
        for picture, caption in zip(found.pictures, captions, strict=True)
    ]
    handed = _sum(
        (bridge.weights[i], of.last[0, -1]),
        extra=float(bridge.bias[i]),
        total=float(of.states[0, 0, -1, i]),
    )
    return Stage(
        (
            Formula(
                (
                    "h_s = [→h_s ; ←h_s] + x_s",
                    f"h_{{“{one.name}”}}[{i + 1}] = {arrow}h[{i + 1}] + x[{i + 1}] = "
                    f"{_n(own)} + {_bracket(embedded)} = {_n(of.trace.encoder_states[place, i])}",
                )
            ),
            Beside(tuple(pictures)),
            Formula(("s_0 = W_b [→h_S ; ←h_1] + b", f"s_0[{i + 1}] = {handed}")),
            Picture(
                found.bridge,
                say("walkthrough.caption_bridge"),
                say("walkthrough.spoken_bridge", width=of.parameters.hidden),
            ),
            Text(say("walkthrough.finding_bridge", **_counts(one)), "finding"),
        ),
        _mark(found.check, say),
    )


def _counts(one: Step) -> dict[str, object]:
    trace = one.workings.trace
    return {
        "words": len(trace.read()) - 1,
        "states": len(trace.source_pieces),
        "width": one.workings.parameters.hidden,
        "limit": _limits(one),
    }


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


def _stepping(one: Step) -> Stage:
    say, look, of, step = one.say, one.look, one.workings, one.step
    found = stages.stepping(of, step)
    i = one.number
    values = {name: _bracket(gate[i]) for name, gate in found.gates.items()} | {
        "at": i + 1,
        "before": _bracket(found.before[0, -1, i]),
        "after": _n(of.trace.decoder_states[step, i]),
        "cell": _bracket(found.before[-1, -1, i]),
        "cell_after": _n(of.states[step + 1, -1, -1, i]),
    }
    head, *lines = _CELLS[of.parameters.cell]
    blocks: list[Block] = [
        Text(say("walkthrough.fed_start" if step == 0 else "walkthrough.fed_free", word=one.fed), "finding"),
        Formula((head, *(line.format(**values) for line in lines))),
        Picture(
            draw.recurrence(of, step, found, look),
            say("walkthrough.caption_recurrence"),
            say("walkthrough.spoken_recurrence", word=one.fed, width=of.parameters.hidden),
        ),
    ]
    if found.gates:
        gates = draw.gates(found, look)
        caption = say("walkthrough.caption_gates")
        blocks.append(Fold(caption, (Picture(gates, caption, caption),)))
    blocks.append(_two_jobs(one))
    return Stage(tuple(blocks), _mark(found.check, say))


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
            (Picture(state, say("walkthrough.job_carries"), spoken), Text(say("walkthrough.carries_all")))
        )
    name, weight = one.most
    asks = say("walkthrough.asks", source=name, weight=f"{weight:.2f}")
    return Beside(
        (
            Group(say("walkthrough.job_asks"), (Picture(state, "", spoken), Text(asks))),
            Group(say("walkthrough.job_carries"), (Picture(state, "", spoken), Text(carries))),
        )
    )


def _scoring(one: Step) -> Stage:
    found = one.scores
    if found is None:
        return _one_vector(one)
    say, look, of, step = one.say, one.look, one.workings, one.step
    attention, width = of.parameters.attention, of.parameters.hidden
    ordered = stages.contributions(found.products[one.place])
    score = float(of.trace.scores[step, one.place]) if of.trace.scores is not None else 0.0
    pair = _multiplied(one, found)
    blocks: list[Block] = [
        Formula((EXPLAINED[attention].formula,)),
        Picture(
            draw.sides(of, step, found, look),
            say(f"walkthrough.caption_sides_{attention}"),
            say("walkthrough.spoken_scores", scores=_listed_scores(one)),
        ),
        Text(say("walkthrough.choose_word", word=one.name)),
        Formula((f"score(“{one.name}”) = {_sum(pair, total=score)}",)),
        Picture(
            draw.one_score(of, step, found, one.place, look),
            say(f"walkthrough.caption_one_{attention}", word=one.name),
            say("walkthrough.spoken_one", word=one.name, score=_n(score), width=width),
        ),
        Beside(
            (
                Picture(
                    draw.build_up(found.products[one.place], ordered, look),
                    say("walkthrough.caption_built", word=one.name),
                    say("walkthrough.spoken_built", word=one.name, score=_n(score), width=width),
                ),
                _terms(one, found, ordered),
            )
        ),
        Text(
            say(
                "walkthrough.finding_built",
                count=_TERMS,
                width=width,
                part=_n(ordered.running[_TERMS - 1] if width >= _TERMS else ordered.running[-1]),
                score=_n(score),
            ),
            "finding",
        ),
    ]
    blocks += _cosines(one, found) if EXPLAINED[attention].is_dot_product else _without_tanh(one)
    blocks += _matrices(one)
    return Stage(tuple(blocks), _mark(found.check, say))


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
            _n(left[i]),
            _n(right[i]),
            _n(found.products[one.place, i]),
            _n(ordered.running[k]),
        )
        for k, i in enumerate(ordered.order[:_TERMS].tolist())
    ]
    head = (say("walkthrough.place"), *names, say("walkthrough.product"), say("walkthrough.so_far"))
    return Table(head, tuple(rows))


def _listed_scores(one: Step) -> str:
    scores = one.workings.trace.scores
    assert scores is not None
    rows = source_rows(one.workings.trace, one.look)
    return ", ".join(f"{row.name} {_n(merged_score(scores[one.step], row.pieces))}" for row in rows)


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
        (name, _n(found.scores[j]), _n(measured.answering[j]), _n(measured.cosines[j]))
        for j, name in enumerate(pieces)
    )
    return [
        Formula(
            (
                f"s_t · {side} = |s_t| |{side}| cos(s_t, {side})",
                f"{_n(found.scores[k])} = {_n(measured.asking)} · {_n(measured.answering[k])} "
                f"· {_n(measured.cosines[k])}",
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
                Picture(draw.grid(alignment, one.look), say(f"walkthrough.caption_{name}"), spoken)
                for alignment, name, spoken in (
                    (own, "with_tanh", say("walkthrough.spoken_with_tanh")),
                    (flat, "without_tanh", say("walkthrough.spoken_without_tanh")),
                )
            )
        ),
        Formula(("v · (W_1 s_t + W_2 h_s) = v · W_1 s_t + v · W_2 h_s",)),
        Text(say("walkthrough.finding_tanh", own=f"{apart[0]:.3f}", flat=_power(apart[1])), "finding"),
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
            Picture(draw.matrix(values, name, one.look), "", spoken) for name, values in there.items()
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
            ),
            Text(say("walkthrough.finding_one_vector", **_counts(one)), "finding"),
        )
    )


def _weighting(one: Step) -> Stage:
    say, look, of, step = one.say, one.look, one.workings, one.step
    found = stages.weighting(of, step)
    trace = of.trace
    if found is None or trace.scores is None or trace.weights is None:
        return Stage(())
    score, weight = float(trace.scores[step, one.place]), float(trace.weights[step, one.place])
    piece = shown_piece(trace.source_pieces[one.place].text)
    changed = one.view.temperature != 1 or one.view.scaled
    tempered = what_if.tempered(
        trace.scores[step],
        temperature=one.view.temperature,
        scaled=one.view.scaled,
        width=of.parameters.hidden,
    )
    listed = say(
        "walkthrough.spoken_weights", weights=", ".join(f"{name} {part:.3f}" for name, part in one.looks)
    )
    moves = [
        Picture(figure, say(f"walkthrough.caption_{name}"), spoken)
        for figure, name, spoken in (
            (
                draw.scores(of, step, look),
                "score",
                say("walkthrough.spoken_scores", scores=_listed_scores(one)),
            ),
            (draw.powers(of, found, look), "power", say("walkthrough.caption_power")),
            (draw.weights(of, trace.weights[step], look), "weight", listed),
        )
    ]
    if changed:
        caption = say("walkthrough.caption_tempered")
        moves.append(Picture(draw.weights(of, tempered, look, what_if=True), caption, caption))
    blocks: list[Block] = [
        Formula(
            (
                "α_s = exp(score_s − max) / Σ_{s′} exp(score_{s′} − max)",
                f"α_{{“{piece}”}} = exp({_n(score)} − {_bracket(found.highest)}) / {_n(found.total)} "
                f"= {_n(weight)}",
            )
        ),
        Beside(tuple(moves)),
        Text(say("walkthrough.finding_sum", total=f"{float(trace.weights[step].sum()):.6f}"), "finding"),
    ]
    if changed:
        blocks.append(Text(_tempered(one, tempered), "finding"))
    return Stage(tuple(blocks), _mark(found.check, say))


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


def _mixing(one: Step) -> Stage:
    say, look, of, step = one.say, one.look, one.workings, one.step
    found = stages.mixing(of, step)
    trace = of.trace
    if found is None or trace.weights is None or trace.contexts is None:
        return Stage(())
    i = one.number
    total = float(trace.contexts[step, i])
    name, weight = one.most
    return Stage(
        (
            Formula(
                (
                    "c_t = Σ_s α_s h_s",
                    f"c_t[{i + 1}] = {_sum((trace.weights[step], trace.encoder_states[:, i]), total=total)}",
                )
            ),
            Picture(
                draw.mixture(of, step, found, look),
                say("walkthrough.caption_mixture", limit=_limits(one)),
                say("walkthrough.spoken_mixture", source=name, weight=f"{weight:.3f}"),
            ),
            Text(say("walkthrough.finding_mixture", source=name, weight=f"{100 * weight:.0f}"), "finding"),
        ),
        _mark(found.check, say),
    )


def _predicting(one: Step) -> Stage:
    say, look, of, step = one.say, one.look, one.workings, one.step
    trace = of.trace
    found = stages.predicting(of, step)
    dropped = trace.contexts is not None and not one.view.context
    shown = _dropped(one, found) if dropped else found
    kind = "alone" if trace.contexts is None else "dropped" if dropped else "combination"
    words = Picture(
        draw.likely_words(_named(one, one.said), look),
        say("walkthrough.caption_words"),
        _spoken_words(one, one.said),
    )
    blocks: list[Block] = [
        Formula(_combined(one, shown)),
        Picture(
            draw.combination(of, step, shown, look, dropped=dropped),
            say(f"walkthrough.caption_{kind}"),
            say("walkthrough.spoken_combination", width=of.parameters.hidden),
        ),
        Formula(_worded(one, shown, (one.bare if dropped else one.said)[0])),
    ]
    if dropped:
        bare = Picture(
            draw.likely_words(_named(one, one.bare), look, what_if=True),
            say("walkthrough.caption_bare"),
            _spoken_words(one, one.bare),
        )
        blocks += [Beside((words, bare)), *_bottleneck(one)]
    else:
        blocks.append(words)
    key = "walkthrough.finding_end" if trace.target_pieces[step].text == END else "walkthrough.finding_word"
    blocks.append(Text(say(key, word=one.written, probability=f"{one.said[0].probability:.3f}"), "finding"))
    if step + 1 < of.steps:
        blocks.append(Go(say("walkthrough.feed", word=one.written, step=step + 2), step + 1))
    return Stage(tuple(blocks), _mark(found.check, say))


def _dropped(one: Step, found: stages.Predicting) -> stages.Predicting:
    """The stage with a context of zeros; the check stays that of the model's own."""
    parameters, state = one.workings.parameters, one.workings.trace.decoder_states[one.step]
    from_context, from_state, attentional = stages.combined(parameters, np.zeros(parameters.hidden), state)
    logits, log_probs = stages.worded(parameters, attentional)
    return stages.Predicting(from_context, from_state, attentional, logits, log_probs, found.check)


def _combined(one: Step, shown: stages.Predicting) -> tuple[str, str]:
    """From context and state to the attentional state, in letters and at the number that is followed."""
    i, attends = one.number, one.workings.trace.contexts is not None
    parts = (
        [_n(shown.from_context[i]), _bracket(shown.from_state[i])] if attends else [_n(shown.from_state[i])]
    )
    inside = "W_c [c_t ; s_t]" if attends else "W_c s_t"
    value = _n(shown.attentional_state[i])
    return f"s̃_t = tanh({inside})", f"s̃_t[{i + 1}] = tanh({' + '.join(parts)}) = {value}"


def _worded(one: Step, shown: stages.Predicting, said: what_if.Said) -> tuple[str, str, str]:
    """From the attentional state to the probability of a word."""
    parameters, word = one.workings.parameters, one.word(said.id)
    logit = float(shown.logits[said.id])
    total = logit - float(shown.log_probs[said.id])
    bias = float(parameters.output_bias[said.id])
    terms = _sum((parameters.embedding[said.id], shown.attentional_state), extra=bias, total=logit)
    return (
        "logits = E s̃_t + b , p = softmax(logits)",
        f"logit(“{word}”) = {terms}",
        f"p(“{word}”) = exp({_n(logit)} − {_bracket(total)}) = {said.probability:.3f}",
    )


def _named(one: Step, said: tuple[what_if.Said, ...]) -> list[tuple[str, float]]:
    return [(one.word(piece.id), piece.probability) for piece in said]


def _spoken_words(one: Step, said: tuple[what_if.Said, ...]) -> str:
    words = ", ".join(f"{word} {probability:.3f}" for word, probability in _named(one, said))
    return one.say("walkthrough.spoken_words", words=words)


def _bottleneck(one: Step) -> list[Block]:
    """What every step would say without a context, fed as it was."""
    say, trace = one.say, one.workings.trace
    bare = what_if.without_context(one.workings)
    said = [shown_piece(piece.text) for piece in trace.target_pieces]
    then = [one.word(piece.id) for piece in bare]
    kept = sum(a == b for a, b in zip(said, then, strict=True))
    rows = tuple(
        (str(k + 1), a, b, f"{piece.probability:.3f}")
        for k, (a, b, piece) in enumerate(zip(said, then, bare, strict=True))
    )
    head = tuple(say(f"walkthrough.{name}") for name in ("step", "with_context", "without_context"))
    return [
        Text(say("walkthrough.finding_bare", then=" ".join(then), kept=kept, steps=len(said)), "finding"),
        Fold(say("walkthrough.bare_table"), (Table((*head, say("walkthrough.label_probability")), rows),)),
    ]


STAGES: Final[Mapping[str, Callable[[Step], Stage]]] = {
    "read": _reading,
    "step": _stepping,
    "score": _scoring,
    "weigh": _weighting,
    "mix": _mixing,
    "predict": _predicting,
}


# Numbers


def _n(number: float | np.floating[Any]) -> str:
    """Three digits behind the point; a minus as wide as the digits."""
    return signed(float(number), 3)


def _sum(pair: tuple[NDArray[Any], NDArray[Any]], *, total: float, extra: float | None = None) -> str:
    """A sum of products with its two largest written out, what is added to it, and what it comes to."""
    left, right = (side.astype(np.float64) for side in pair)
    order = np.argsort(-np.abs(left * right), kind="stable")
    terms = [f"{_bracket(left[k])} · {_bracket(right[k])}" for k in order[:2].tolist()]
    if len(left) > 2:
        terms.append("…")
    if extra is not None:
        terms.append(_bracket(extra))
    return f"{' + '.join(terms)} = {_n(total)}"


def _bracket(number: float | np.floating[Any]) -> str:
    return f"({_n(number)})" if _n(number).startswith("−") else _n(number)
