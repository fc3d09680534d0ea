"""Where a side looks in itself: all heads from one word, or a whole head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from pages.kit.frame import Frame
from pages.kit.live import Panel, live_labels, live_view
from pages.kit.strings import Strings
from pages.labs.transformer.heads import (
    Section,
    coloured,
    plain_numbers,
    section,
    small_and_large,
    spoken_map,
)
from pages.labs.transformer.maps import weights_legend
from pages.labs.transformer.notebook import of_row
from pages.labs.transformer.view import View, side_switches
from s2s.evaluate.heads import Heads
from s2s.figures.heatmap import heatmap
from s2s.figures.labels import names
from s2s.traces import Trace


def self_attention(trace: Trace, view: View, record: Heads | None, frame: Frame) -> None:
    """The section about one side. Raises TraceError for a model without heads."""
    say = frame.say
    st.header(say("heads.side_title"), anchor=False)
    st.write(say("heads.side_claim"))
    part = section(trace, view.side, view)
    side_switches(view, say)
    small_and_large(part, view, record, frame, lambda: _from_word(part, view, frame))


def _from_word(part: Section, view: View, frame: Frame) -> None:
    """Where each head looks from the chosen word."""
    say, row = frame.say, part.chosen.row or 0
    from_row = part.looks.from_row(row, say("heads.name", layer="{layer}", head="{head}"))
    labels = _labels(say)
    palette = coloured(part.of, frame.palette)
    palette = replace(palette, target=palette.muted)  # its rows are heads
    title = say("heads.from_title", word=names(part.looks.rows, {})[row])
    live_view(
        [
            Panel(
                name="heads-from",
                title=title,
                numbers=plain_numbers(from_row, labels),
                figure=heatmap(from_row, palette=palette, labels=labels, font_size=frame.font_size),
                spoken=spoken_map(title, from_row, say),
                languages=part.trace.languages,
                origin=of_row(part.trace, part.of, view.split, row),
            )
        ],
        labels=labels,
        palette=palette,
        legends=[weights_legend(frame)],
        key="heads-from",
    )


def _labels(say: Strings) -> Mapping[str, str]:
    return live_labels(
        say,
        target_word=say("heads.head"),
        source_word=say("heads.column"),
        pinned_row=say("heads.pinned_row"),
        pinned_column=say("heads.pinned_column"),
        help_pin=say("heads.how_to_read_from"),
    )
