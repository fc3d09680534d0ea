"""One word's gradient: the ways it came back by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pages.kit.curves import curve_numbers, number, written_series
from pages.kit.frame import Frame
from pages.kit.live import Fact, Panel
from pages.kit.strings import Strings
from pages.kit.translators import shelf
from pages.labs.gradients.notebook import of_paths
from s2s.claims import gradients as claims
from s2s.config import NO_ATTENTION
from s2s.engine.questions import Differentiate
from s2s.figures.labels import shown_piece, signed
from s2s.figures.steps import Line, Plot, step_curves
from s2s.paths import PATHS, WAYS, Gradients, Way
from s2s.traces import Piece

_WAYS: Final[tuple[Way, ...]] = ("attention", "chain", "earlier")  # as they are stacked


def paths(model: str, text: str, step: int) -> Gradients:
    """The gradients of a piece of a model's own translation. Raises the S2SError that prevents it."""
    return shelf().ask(model, Differentiate(text, step))


def paths_finding(found: Gradients, say: Strings) -> str:
    """Which way most of the gradient came by, and what the shortcut is worth where most of it arrives."""
    norms, chain = found.norms(), found.norms("chain")
    most = int(norms.argmax())
    values = {
        "word": name_of_piece(found.target_pieces[found.step]),
        "source": name_of_piece(found.source_pieces[most]),
        "norm": number(norms[most]),
    }
    if found.attention == NO_ATTENTION:
        least = int(norms.argmin())
        return say(
            "gradients.finding_none",
            **values,
            least=name_of_piece(found.source_pieces[least]),
            times=number(norms[most] / max(norms[least], 1e-30)),
        )
    claim = claims.shortcut_carries_most(found)
    return say(
        "gradients.finding_held" if claim.holds else "gradients.finding_not_held",
        **values,
        attention=_percent(claim.values["attention"]),
        chain_share=_percent(claim.values["chain"]),
        chain=number(chain[most]),
    )


def paths_panel(found: Gradients, frame: Frame) -> Panel:
    """Stacked parts of each way at every encoder state, and at every source embedding."""
    say, palette = frame.say, frame.palette
    names = tuple(name_of_piece(piece) for piece in found.source_pieces)
    colors = (palette.weights[7], palette.scores[5], palette.text)
    plots = [
        Plot(
            say(f"gradients.plot_{of}"),
            (
                *(
                    Line(say(f"gradients.way_{way}"), found.parts(way, of=of).tolist(), color, is_bar=True)
                    for way, color in zip(_WAYS, colors, strict=True)
                ),
                Line(say("gradients.whole"), found.norms(of=of).tolist(), palette.text),
            ),
            height=8,
        )
        for of in ("states", "embeddings")
    ]
    series = [
        (f"{say(f'gradients.plot_{of}')}, {name}", values)
        for of in ("states", "embeddings")
        for name, values in (
            (say("gradients.whole"), found.norms(of=of)),
            *((say(f"gradients.way_{way}"), found.parts(way, of=of)) for way in _WAYS),
        )
    ]
    return Panel(
        name="paths",
        title=say("gradients.title_paths", word=name_of_piece(found.target_pieces[found.step])),
        numbers=curve_numbers(
            names,
            [written_series(name, values, lambda value: signed(value, 4)) for name, values in series],
        ),
        figure=step_curves(names, plots, palette=palette, color=palette.source, font_size=frame.font_size),
        facts=tuple(_path_facts(found, say)),
        spoken=paths_finding(found, say),
        is_wide=True,
        origin=of_paths(found),
    )


def _path_facts(found: Gradients, say: Strings) -> Iterable[Fact]:
    value = say("gradients.log_prob_value", value=signed(found.log_prob, 2))
    yield Fact(say("live.log_prob"), value, say("gradients.log_prob_help"))
    shares = {path: _percent(found.share(path)) for path in PATHS}
    for way in _WAYS:
        yield Fact(
            say(f"gradients.way_{way}"),
            f"{_percent(found.share(way))}%",
            say(f"gradients.way_{way}_help", **{path: shares[path] for path in WAYS[way]}),
        )
    yield Fact(say("gradients.gap"), number(found.gap), say("gradients.gap_help"))


def name_of_piece(piece: Piece) -> str:
    """What a piece is called on this page."""
    return shown_piece(piece.text)


def _percent(share: float) -> str:
    return signed(100 * share, 0 if abs(share) >= 0.1 or share == 0 else 1)
