"""Colours measured as the Web Content Accessibility Guidelines measure them."""

import itertools
import math

import pytest

from s2s.figures.palette import DARK, LIGHT, Palette, Scale, colorscale, translucent

THEMES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lightness(color: str) -> float:
    """CIE L*."""
    y = luminance(color)
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else 24389 / 27 * y


def strictly_monotone(values: list[float]) -> bool:
    steps = [after - before for before, after in itertools.pairwise(values)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


@THEMES
@pytest.mark.parametrize("name", ["text", "muted", "source", "target", "teacher"])
def test_words_reach_the_contrast_of_text(palette: Palette, name: str) -> None:
    assert contrast(getattr(palette, name), palette.background) >= 4.5


@THEMES
@pytest.mark.parametrize("name", ["self_fed", "pinned"])
def test_marks_reach_the_contrast_of_graphics(palette: Palette, name: str) -> None:
    assert contrast(getattr(palette, name), palette.background) >= 3


@THEMES
@pytest.mark.parametrize("name", ["weights", "scores"])
def test_a_scale_begins_at_the_background_and_grows_in_even_steps_of_luminance(
    palette: Palette, name: str
) -> None:
    scale: Scale = getattr(palette, name)
    assert scale[0] == palette.background
    assert strictly_monotone([luminance(color) for color in scale])
    steps = [abs(after - before) for before, after in itertools.pairwise(map(lightness, scale))]
    assert max(steps) < 2 * min(steps)


@THEMES
def test_the_full_end_of_a_scale_stands_out_from_its_empty_end(palette: Palette) -> None:
    for scale in (palette.weights, palette.scores):
        assert contrast(scale[0], scale[-1]) >= 7


@THEMES
def test_differences_grow_from_the_background_both_ways_alike(palette: Palette) -> None:
    middle = len(palette.differences) // 2
    below, above = palette.differences[middle::-1], palette.differences[middle:]
    assert below[0] == above[0] == palette.background
    assert len(below) == len(above)
    for side in (below, above):
        assert strictly_monotone([luminance(color) for color in side])
        steps = [abs(after - before) for before, after in itertools.pairwise(map(lightness, side))]
        assert max(steps) < 2 * min(steps)
        assert contrast(side[0], side[-1]) >= 7
    for one, other in zip(below, above, strict=True):
        assert abs(lightness(one) - lightness(other)) < 2


@THEMES
def test_the_two_signs_differ_in_blue_and_yellow_which_nearly_everybody_can_tell_apart(
    palette: Palette,
) -> None:
    def blueness(color: str) -> int:
        red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
        return blue - (red + green) // 2

    middle = len(palette.differences) // 2
    for steps in range(3, middle + 1):
        assert blueness(palette.differences[middle - steps]) > 20
        assert blueness(palette.differences[middle + steps]) < -20


@THEMES
def test_scores_have_no_hue_and_weights_have_one(palette: Palette) -> None:
    def spread(color: str) -> int:
        channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
        return max(channels) - min(channels)

    assert all(spread(color) <= 12 for color in palette.scores)
    assert max(spread(color) for color in palette.weights) > 100


@THEMES
def test_no_two_meanings_share_a_colour(palette: Palette) -> None:
    meanings = [palette.source, palette.target, palette.teacher, palette.self_fed, palette.pinned]
    assert len(set(meanings)) == len(meanings)


# How colours look to those who lack a kind of cone, in linear light (Machado, Oliveira & Fernandes 2009), and
# to those who lack none.
VISION = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.0520)),
    "no green": ((0.3673, 0.8606, -0.2280), (0.2801, 0.6725, 0.0474), (-0.0118, 0.0429, 0.9689)),
    "no blue": ((1.2555, -0.0767, -0.1788), (-0.0784, 0.9308, 0.1476), (0.0047, 0.6914, 0.3039)),
}


def lab(color: str, vision: str) -> tuple[float, float, float]:
    """CIE Lab of a colour as it is seen."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    red, green, blue = (
        min(1, max(0, sum(map(math.prod, zip(row, linear, strict=True))))) for row in VISION[vision]
    )
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    x, y, z = (
        t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x / 0.9505, y, z / 1.089)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@THEMES
@pytest.mark.parametrize("vision", VISION)
def test_curves_are_told_apart_by_everybody_and_seen_by_all(palette: Palette, vision: str) -> None:
    for one, other in itertools.combinations(palette.curves, 2):
        assert math.dist(lab(one, vision), lab(other, vision)) > 30
    for color in palette.curves:
        assert contrast(color, palette.background) >= 3


def test_a_colorscale_has_evenly_spaced_stops_from_zero_to_one() -> None:
    assert colorscale(("#000000", "#808080", "#ffffff")) == [
        [0.0, "#000000"],
        [0.5, "#808080"],
        [1.0, "#ffffff"],
    ]


def test_translucent_keeps_the_colour_and_adds_its_opacity() -> None:
    assert translucent("#0072b2", 0.45) == "rgba(0, 114, 178, 0.45)"


@THEMES
def test_the_scale_of_two_regimes_leads_from_the_background_to_either_in_even_steps(palette: Palette) -> None:
    middle = len(palette.regimes) // 2
    assert palette.regimes[middle] == palette.background
    for half in (palette.regimes[middle::-1], palette.regimes[middle:]):
        assert strictly_monotone([luminance(color) for color in half])
        steps = [abs(after - before) for before, after in itertools.pairwise(map(lightness, half))]
        assert max(steps) < 2 * min(steps)
    free, teacher = palette.regimes[0], palette.regimes[-1]
    assert contrast(free, palette.background) >= 7
    assert contrast(teacher, palette.background) >= 7
