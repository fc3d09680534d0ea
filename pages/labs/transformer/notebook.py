"""The lines of Python that make the pictures of this page again."""

from __future__ import annotations

from typing import Final

from pages.kit.export import Origin, loaded, quoted
from s2s.evaluate.heads import Reading
from s2s.looks import Attention
from s2s.traces import Level, Trace

_LINES: Final = """\
{imports}
from s2s.translator import Translator

trace = {model}.translate({text})
figure = {figure}.plotly()"""


def of_map(trace: Trace, level: Level, reading: Reading) -> Origin:
    """Where the one map of a model comes from."""
    if reading.way == "read":
        row = "" if reading.row == "predicts" else f", row={quoted(reading.row)}"
        return _origin(trace, "heatmap", f"heatmap(trace.alignment({quoted(level)}{row}))")
    row = "" if reading.row == "predicts" else f", row={quoted(reading.row)}"
    if reading.by != "weights":
        row += f", by={quoted(reading.by)}"
    looks = f'all_looks(trace, "cross", {quoted(level)}{row})'
    if reading.head is not None:
        return _origin(
            trace, "heatmap", f"heatmap({looks}.head({reading.layer}, {reading.head}))", looks=True
        )
    layer = "" if reading.layer is None else str(reading.layer)
    return _origin(trace, "heatmap", f"heatmap({looks}.mean({layer}))", looks=True)


def of_heads(trace: Trace, of: Attention, level: Level) -> Origin:
    """All heads of an attention, small."""
    return _origin(trace, "mosaic", f"mosaic(all_looks(trace, {quoted(of)}, {quoted(level)}))", looks=True)


def of_head(trace: Trace, of: Attention, level: Level, layer: int, head: int) -> Origin:
    """One head, large."""
    looks = f"all_looks(trace, {quoted(of)}, {quoted(level)})"
    return _origin(trace, "heatmap", f"heatmap({looks}.head({layer}, {head}))", looks=True)


def of_row(trace: Trace, of: Attention, level: Level, row: int) -> Origin:
    """Where each head looks from one word."""
    looks = f"all_looks(trace, {quoted(of)}, {quoted(level)})"
    return _origin(trace, "heatmap", f"heatmap({looks}.from_row({row}))", looks=True)


def _origin(trace: Trace, kind: str, figure: str, *, looks: bool = False) -> Origin:
    imports = f"from s2s.figures.{kind} import {kind}"
    if looks:
        imports += "\nfrom s2s.looks import all_looks"
    code = _LINES.format(imports=imports, model=loaded(trace.model), text=quoted(trace.source), figure=figure)
    return Origin((trace.model,), trace.source, code)
