"""Figures as Plotly's own objects, which tests read more easily than the records that pages send."""

from typing import Any

import plotly.graph_objects as go

from s2s.figures.canvas import Figure


def drawn(figure: Figure) -> go.Figure:
    """The figure, not validated."""
    return go.Figure(figure._asdict(), _validate=False)


def valid(figure: Any) -> go.Figure:
    """The figure, validated: raises where something is not as Plotly wants it."""
    return go.Figure(figure.to_dict() if isinstance(figure, go.Figure) else figure._asdict())
