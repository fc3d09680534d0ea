"""The lines of Python that make a picture of this page again."""

from __future__ import annotations

from pages.kit.export import Origin, loaded, quoted
from pages.labs.alignments.view import View
from s2s.traces import Trace

_LINES = """\
from s2s.figures.{kind} import {kind}
from s2s.translator import Translator

trace = {model}.translate({text})
alignment = trace.alignment({level}){end}
figure = {kind}(alignment{values}).plotly()"""


def origin(model: str, trace: Trace, view: View) -> Origin:
    """Where the picture of a translation comes from."""
    is_scores = view.picture == "heatmap" and view.values == "scores"
    code = _LINES.format(
        kind="lines" if view.picture == "lines" else "heatmap",
        model=loaded(model),
        text=quoted(trace.source),
        level=quoted(view.level),
        end="" if view.end else ".without_end()",
        values=', values="scores"' if is_scores else "",
    )
    return Origin((model,), trace.source, code if trace.weights is not None else "")
