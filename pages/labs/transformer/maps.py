"""One map of a recurrent model beside one of the Transformer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pages.kit.export import Origin, loaded, quoted
from pages.kit.family import name_of
from pages.kit.frame import Frame
from pages.kit.live import Legend, Panel, alignment_numbers, focus_fact, live_labels, live_view, spoken, words
from pages.kit.strings import Strings
from pages.kit.translators import Answer
from pages.labs.transformer.view import View
from s2s.errors import S2SError
from s2s.figures.heatmap import heatmap
from s2s.traces import END, Trace

_LINES = """\
from s2s.figures.heatmap import heatmap
from s2s.translator import Translator

trace = {model}.translate({text})
figure = heatmap(trace.alignment({level})).plotly()"""


def labels(say: Strings) -> dict[str, str]:
    """The words of cards and figures."""
    read = [say("alignments.how_to_read_weights"), say("alignments.how_to_read_words", end=END)]
    return live_labels(say, help_pin=" ".join([*read, say("live.help_pin")]))


def side_by_side(
    models: Sequence[str], found: Mapping[str, Answer | S2SError], view: View, frame: Frame
) -> None:
    """Draw them, in place where they were drawn before."""
    live_view(
        [_panel(model, found.get(model), view, frame) for model in models],
        labels=labels(frame.say),
        palette=frame.palette,
        legends=[Legend(frame.say("live.weight"), "0", "1", frame.palette.weights)],
        key="transformer",
    )


def _panel(model: str, answer: Answer | S2SError | None, view: View, frame: Frame) -> Panel:
    say = frame.say
    title = name_of(model, say)
    if not isinstance(answer, Answer):
        return Panel(name=model, title=title, notice="" if answer is None else say.error(answer))
    trace = answer.trace
    alignment, written = trace.alignment(view.split), trace.written(view.split)
    assert alignment is not None  # both attend
    of = labels(say)
    return Panel(
        name=model,
        title=title,
        numbers=alignment_numbers(alignment, of),
        figure=heatmap(alignment, palette=frame.palette, labels=of, font_size=frame.font_size),
        words=words(written.units, written.log_probs.tolist()),
        facts=(focus_fact(alignment, say),),
        spoken=spoken(title, trace.target, alignment, say),
        languages=trace.languages,
        origin=_origin(trace, view),
    )


def _origin(trace: Trace, view: View) -> Origin:
    code = _LINES.format(model=loaded(trace.model), text=quoted(trace.source), level=quoted(view.split))
    return Origin((trace.model,), trace.source, code)
