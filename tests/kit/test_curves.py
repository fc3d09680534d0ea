"""How numbers beside curves are written, and what cards with curves share."""

import math

import numpy as np
import pytest

from pages.kit.curves import (
    cell_stroke,
    curve_labels,
    curve_numbers,
    narrowest,
    number,
    strokes,
    written_series,
)
from pages.kit.live import LABELS
from s2s.config import CELLS
from s2s.figures.palette import DARK, LIGHT
from s2s.traces import END
from tests.apps import SAY


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0.000"),
        (0.0123, "0.012"),
        (-0.5, "−0.500"),
        (1.234, "1.23"),
        (12.34, "12.3"),
        (123.4, "123"),
        (999.4, "999"),
        (1000, "1.0·10³"),
        (-12345, "−1.2·10⁴"),
        (0.00999, "1.0·10⁻²"),
        (4.2e-12, "4.2·10⁻¹²"),
    ],
)
def test_a_number_has_two_or_three_digits_and_a_power_of_ten_where_it_is_far_from_one(value, written):
    assert number(value) == written


def test_rows_are_the_same_in_every_card_where_they_are_as_far_along():
    short, long = (
        curve_numbers(names, [written_series("loss", [1] * len(names), "{:.0f}".format)])
        for names in (("a", "b"), ("a", "b", "b"))
    )
    assert short.target_keys == long.target_keys[:2]
    assert len(set(long.target_keys)) == 3
    assert long.series[0].values == ("1", "1", "1")
    assert short.source == ()
    assert not short.cells


def test_a_series_has_its_numbers_as_they_are_and_a_dash_for_what_is_not_there():
    series = written_series("loss", [0.12345, float("nan")], "{:.2f}".format, 3)
    assert series.values == ("0.12", "–", "–")
    np.testing.assert_array_equal(series.exact, [0.12345, np.nan, np.nan])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_words_of_a_card_with_curves_are_those_of_all_cards_but_for_its_rows(language):
    say = SAY[language]
    labels = curve_labels(say, row="step", pinned="step {word}", reading="Read me.")
    assert set(labels) == set(LABELS)
    assert (labels["target_word"], labels["pinned_row"], labels["end"]) == ("step", "step {word}", END)
    assert labels["help_pin"] == f"Read me. {say('live.help_pin')}"
    assert labels["weight"] == say("live.weight")


@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_as_many_lines_have_strokes_and_four_are_told_apart_by_colour_by_dash_and_by_mark(count):
    found = strokes(count, LIGHT)
    assert len(found) == count
    for looks in zip(*found, strict=True):
        assert len(set(looks)) == min(count, 4)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_has_left_the_numbers_is_written_as_it_is(value):
    assert number(np.float32(value)) == str(value)


@pytest.mark.parametrize(("places", "em"), [(0, 1.6), (5, 1.6), (17, 1.0), (34, 0.5), (1000, 0.2)])
def test_any_number_of_places_goes_into_a_phone(places, em):
    assert narrowest(places) == pytest.approx(em)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_cells_are_told_apart_by_colour_and_by_mark_and_attention_by_its_line(palette):
    say = SAY["en"]
    plain, attending = (
        dict(cell_stroke(cell, attention, say, palette) for cell in CELLS) for attention in (False, True)
    )
    for found, dash in ((plain, "dash"), (attending, "solid")):
        assert {stroke.dash for stroke in found.values()} == {dash}
        assert len({stroke.color for stroke in found.values()}) == len(CELLS)
        assert len({stroke.mark for stroke in found.values()}) == len(CELLS)
    assert next(iter(attending)) == say("kinds.with_attention", cell="RNN")
