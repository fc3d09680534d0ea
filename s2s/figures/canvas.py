"""What the pictures of the cards stand on: the page's colour and font, exact sizes, and axes of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from s2s.figures.labels import GAP
from s2s.figures.palette import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

FONT_FAMILY: Final = '"Source Sans", "Noto Sans KR", "Noto Sans CJK KR", sans-serif'

Drawn = dict[str, Any]  # a part of a figure, as Plotly takes it


class Figure(NamedTuple):
    """A figure as Plotly takes it, not yet `go.Figure`: that copies and checks all of it, which takes longer
    than drawing it at each keystroke. Tests hold every kind of figure to Plotly's own validation."""

    data: list[Drawn]
    layout: Drawn

    def plotly(self) -> go.Figure:
        """As Plotly's own object, to be shown in a notebook, changed or saved."""
        import plotly.graph_objects as go  # takes longer to import than a page has

        return go.Figure(self._asdict())


def canvas(
    palette: Palette,
    font_family: str,
    font_size: int,
    *,
    width: int,
    height: int,
    margin: Mapping[str, float],
) -> Drawn:
    """The layout that a picture begins with. `width`, `height` and `margin` are in pixels, the font too."""
    return {
        "template": {},  # none: no look of its own, none set elsewhere
        "width": width,
        "height": max(10, height),  # Plotly draws none lower
        "margin": {**margin, "pad": 0, "autoexpand": False},
        "paper_bgcolor": palette.background,
        "plot_bgcolor": palette.background,
        "font": {"family": font_family, "size": font_size, "color": palette.text},
        "dragmode": False,
        "showlegend": False,
    }


def pointed_row(name: str, pieces: range | None, top: float, bottom: float) -> Drawn:
    """A row of words in `layout.meta`: what a pointer finds there, its source pieces, and where it begins and
    ends, in pixels from the top."""
    return {
        "name": name,
        "pieces": pieces and [pieces.start, pieces.stop],
        "top": top,
        "bottom": bottom,
    }


def named_axis(places: Sequence[float], names: Sequence[str], *, span: Sequence[float]) -> Drawn:
    """An axis with a name at each place and nothing else; it runs from the first of `span` to the second.

    `names` are as Plotly reads them: what people typed is escaped.
    """
    return {
        "range": list(span),
        "tickmode": "array",
        "tickvals": list(places),
        "ticktext": list(names),
        "ticks": "outside",  # unseen: they hold the names off the picture
        "ticklen": GAP // 2,
        "tickcolor": "rgba(0, 0, 0, 0)",
        "showgrid": False,
        "showline": False,
        "zeroline": False,
        "fixedrange": True,
        "ticklabeloverflow": "allow",  # else Plotly measures each label, which takes as long as drawing it
        "automargin": False,
    }
