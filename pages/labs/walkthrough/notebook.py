"""The lines of Python that make the pictures of the stages again.

Those of a column come first: the model, the sentence, the step, and the piece whose score is built up. Those
of a picture follow, and end in `figure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pages.kit.export import Origin, loaded, quoted
from pages.labs.walkthrough.step import Step

_COLUMN: Final = """\
import numpy as np

from s2s.figures import stages as draw
from s2s.figures.look import Look
from s2s.figures.palette import LIGHT
from s2s.translator import Translator
from s2s.walkthrough import stages, what_if

workings = {model}.workings({text})
parameters, trace = workings.parameters, workings.trace
step, place = {step}, {place}  # from 0: which target piece, and which source piece
gates = ("input", "forget", "candidate", "output", "reset", "update")
look = Look(palette=LIGHT, labels={{name: name for name in ("added", *gates)}}{opened})"""

_LIKELY: Final = """\
said = what_if.likeliest(parameters, {log_probs}, count={count})
words = [(parameters.vocabulary[one.id], one.probability) for one in said]
figure = draw.likely_words(words, look).plotly()"""

# Of each picture, by its name.
LINES: Final[Mapping[str, str]] = {
    **{
        name: f"figure = draw.{name}(workings, look).plotly()"
        for name in ("passes", "embeddings", "encoder_states", "bridge")
    },
    "recurrence": "found = stages.stepping(workings, step)\n"
    "figure = draw.recurrence(workings, step, found, look).plotly()",
    "gates": "figure = draw.gates(stages.stepping(workings, step), look).plotly()",
    "one_state": 'figure = draw.one_state(workings, step, look, "s").plotly()',
    "sides": "found = stages.scoring(workings, step)\n"
    "figure = draw.sides(workings, step, found, look).plotly()",
    "one_score": "found = stages.scoring(workings, step)\n"
    "figure = draw.one_score(workings, step, found, place, look).plotly()",
    "build_up": "products = stages.scoring(workings, step).products[place]\n"
    "figure = draw.build_up(products, stages.contributions(products), look).plotly()",
    "with_tanh": 'alignment = trace.alignment("words", target_level="pieces")\n'
    "figure = draw.grid(alignment, look).plotly()",
    "without_tanh": "flat = what_if.aligned(trace, what_if.without_tanh(workings))\n"
    'alignment = flat.alignment("words", target_level="pieces")\n'
    "figure = draw.grid(alignment, look).plotly()",
    "W": 'figure = draw.matrix(parameters.between, "W", look).plotly()',
    "W<sub>1</sub>": 'figure = draw.matrix(parameters.from_decoder, "W1", look).plotly()',
    "W<sub>2</sub>": 'figure = draw.matrix(parameters.from_encoder, "W2", look).plotly()',
    "score": "figure = draw.scores(workings, step, look).plotly()",
    "power": "found = stages.weighting(workings, step)\nfigure = draw.powers(workings, found, look).plotly()",
    "weight": "figure = draw.weights(workings, trace.weights[step], look).plotly()",
    "start": "figure = draw.start(workings, step, look).plotly()",
    "scores_short": "figure = draw.scores(workings, step, look, most=4).plotly()",
    "weights_short": "rows = draw.leading(workings, step, look, 4)\n"
    "figure = draw.weights(workings, trace.weights[step], look, shown=rows).plotly()",
    "mixture_short": "found = stages.mixing(workings, step)\n"
    "figure = draw.mixture(workings, step, found, look, most=3).plotly()",
    "output_vector": "figure = draw.output_vector(workings, step, look).plotly()",
    "words_short": _LIKELY.format(log_probs="trace.vocabulary_log_probs[step]", count=4),
    "mixture": "found = stages.mixing(workings, step)\n"
    "figure = draw.mixture(workings, step, found, look).plotly()",
    "combination": "found = stages.combining(workings, step)\n"
    "figure = draw.combination(workings, step, found, look, dropped=False).plotly()",
    "dropped": "context, state, both = stages.combined(parameters, None, trace.decoder_states[step])\n"
    "found = stages.combining(workings, step)._replace(\n"
    "    from_context=context, from_state=state, attentional_state=both\n"
    ")\n"
    "figure = draw.combination(workings, step, found, look, dropped=True).plotly()",
    "words": _LIKELY.format(log_probs="trace.vocabulary_log_probs[step]", count=10),
    "bare": "without = what_if.with_context(workings, step, np.zeros(parameters.hidden))\n"
    + _LIKELY.format(log_probs="without", count=10),
}


def tempered(temperature: float, scaled: bool) -> str:
    """The lines of the weights at a temperature."""
    return (
        "tempered = what_if.tempered(\n"
        f"    trace.scores[step], temperature={temperature}, scaled={scaled}, width=parameters.hidden\n"
        ")\n"
        "figure = draw.weights(workings, tempered, look, what_if=True).plotly()"
    )


def origin(one: Step) -> Origin:
    """Where the pictures of a column come from."""
    trace = one.workings.trace
    words = sorted(one.look.opened)
    code = _COLUMN.format(
        model=loaded(trace.model),
        text=quoted(trace.source),
        step=one.step,
        place=one.place,
        opened=f", opened=frozenset({words})" if words else "",
    )
    return Origin((trace.model,), trace.source, code)
