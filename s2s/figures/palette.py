"""Colours that mean something, the same on every page, in light and in dark.

The hues are Okabe and Ito's (2008), which readers with any kind of colour vision can tell apart. Where
one of them is too faint on a background its lightness is moved and its hue kept: source and target words
are text, so they reach a contrast of 4.5 to 1; marks and outlines reach 3 to 1 (WCAG 2.2, 1.4.3, 1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

Scale = tuple[str, ...]  # evenly spaced colours, lowest value first, "#rrggbb"


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one theme, each "#rrggbb"."""

    background: str  # of the page, and of an empty cell
    surface: str  # of fields, menus and other raised parts of the page
    text: str
    muted: str  # secondary text
    grid: str  # lines between cells, outlines of cards
    source: str  # source words
    target: str  # target words
    teacher: str  # what a teacher fed the decoder
    self_fed: str  # what the model fed itself
    pinned: str  # the thing pinned or changed, always as an outline
    curves: Scale  # lines side by side that mean nothing else, told apart with any kind of colour vision
    weights: Scale  # 0 to 1, one hue, equal steps of CIE Lab distance, zero is the background
    scores: Scale  # before the softmax: no hue at all, so that nobody takes it for weights
    regimes: Scale  # -1 to 1: more where the model fed itself, zero is the background, more under the teacher
    differences: Scale  # what has a sign: violet below zero, gold above, zero is the background; equal limits


LIGHT: Final = Palette(
    background="#ffffff",
    surface="#f4f6f8",
    text="#1b2026",
    muted="#5b6570",
    grid="#e4e8ec",
    source="#0072b2",
    target="#bf5300",
    teacher="#007a57",
    self_fed="#a94f82",
    pinned="#c97b00",
    curves=("#1b2026", "#3095a8", "#e2401f", "#9a2fe0"),
    weights=(
        "#ffffff",
        "#e0edf7",
        "#c0daee",
        "#9fc7e5",
        "#7cb4db",
        "#5d9fcf",
        "#388ac3",
        "#2072ad",
        "#0b5a93",
        "#094576",
        "#06305a",
    ),
    scores=(
        "#ffffff",
        "#e6e7e8",
        "#ced0d1",
        "#b7b9bb",
        "#a0a2a5",
        "#898c90",
        "#73777b",
        "#5e6267",
        "#4a4e54",
        "#373b41",
        "#24292f",
    ),
    regimes=(
        "#7a2258",
        "#965077",
        "#b17a97",
        "#cca5b9",
        "#e6d1db",
        "#ffffff",
        "#cedcd5",
        "#9ebbad",
        "#709987",
        "#417962",
        "#005a40",
    ),
    differences=(
        "#5432ac",
        "#6742be",
        "#7b53d2",
        "#8e66de",
        "#a07be3",
        "#b290e8",
        "#c2a6ed",
        "#d2bcf2",
        "#e1d2f7",
        "#f0e8fb",
        "#ffffff",
        "#f3ebda",
        "#e5d7b5",
        "#d7c491",
        "#c7b16e",
        "#b79f4a",
        "#a58d22",
        "#937c00",
        "#7f6b00",
        "#6c5a00",
        "#594b00",
    ),
)

DARK: Final = Palette(
    background="#0f1419",
    surface="#1a2129",
    text="#e8ecf0",
    muted="#9aa6b2",
    grid="#2a323b",
    source="#56b4e9",
    target="#ff9a5c",
    teacher="#2bb68c",
    self_fed="#d994b8",
    pinned="#e69f00",
    curves=("#e8ecf0", "#2f9fb8", "#ff6a4d", "#b06cff"),
    weights=(
        "#0f1419",
        "#142535",
        "#133753",
        "#184c74",
        "#1f6596",
        "#2f81b7",
        "#409fd8",
        "#6db8e7",
        "#93d2f5",
        "#bce3fa",
        "#e2f4ff",
    ),
    scores=(
        "#0f1419",
        "#22262b",
        "#363a3e",
        "#4a4e53",
        "#606468",
        "#777a7e",
        "#8e9195",
        "#a6a9ac",
        "#bfc1c4",
        "#d8dadd",
        "#f2f4f6",
    ),
    regimes=(
        "#f3bcd9",
        "#c097ae",
        "#8f7385",
        "#61515e",
        "#36313a",
        "#0f1419",
        "#243736",
        "#395e56",
        "#508878",
        "#67b49c",
        "#7fe3c1",
    ),
    differences=(
        "#e1cfff",
        "#cdb5ff",
        "#b89bff",
        "#a088de",
        "#8976be",
        "#7364a0",
        "#5d5382",
        "#484265",
        "#34324a",
        "#222331",
        "#0f1419",
        "#24241e",
        "#393523",
        "#4e4727",
        "#635a2a",
        "#7a6d2d",
        "#908130",
        "#a89632",
        "#c0ab33",
        "#d8c148",
        "#f0d75d",
    ),
)


def colorscale(scale: Scale) -> list[list[float | str]]:
    """The stops of a scale as Plotly wants them: `[[0.0, "#ffffff"], ..., [1.0, "#06305a"]]`."""
    return [[i / (len(scale) - 1), color] for i, color in enumerate(scale)]


def recolouring(palette: Palette, other: Palette) -> dict[str, str]:
    """Each colour of a palette with that of the same meaning in another one: a picture made with the one,
    each colour replaced, is the picture made with the other."""
    found: dict[str, str] = {}
    for field in fields(Palette):
        of, into = getattr(palette, field.name), getattr(other, field.name)
        found |= {of: into} if isinstance(of, str) else dict(zip(of, into, strict=True))
    return found


def translucent(color: str, alpha: float) -> str:
    """`color` ("#rrggbb") at an opacity from 0 to 1, as a CSS colour."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {alpha:g})"
