"""The lines of Python that make a picture of this page again."""

from __future__ import annotations

from pages.kit.export import Origin, loaded, quoted
from s2s.traces import Trace

_LINES = """\
from s2s.figures.heatmap import heatmap
from s2s.translator import Translator

trace = {model}.translate({text})
figure = heatmap(trace.alignment("words")).plotly()"""


def origin(model: str, trace: Trace) -> Origin:
    """Where the picture of an output comes from."""
    code = _LINES.format(model=loaded(model), text=quoted(trace.source))
    return Origin((model,), trace.source, code)
