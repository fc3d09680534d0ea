"""Each claim on numbers made up to lie on either side of its threshold."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from s2s.claims import Claim, Verdict, bottleneck, costs, exposure, gap, gradients, memory, together
from s2s.config import CELLS
from s2s.evaluate.evaluation import Band, ChainScore
from s2s.evaluate.lost import Judged
from s2s.evaluate.probe import PositionScore, ProbedChain
from s2s.evaluate.regime_curves import Point
from s2s.paths import Flow, Slope, Update
from s2s.traces import Unit
from tests.evaluate.gaps import GAP

CURVES = [(cell, attention, n) for n in (5, 10) for cell in CELLS for attention in (False, True)]


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        (True, "a.b: holds (n 3, share 0.25)"),
        (False, "a.b: does not hold (n 3, share 0.25)"),
        (None, "a.b: undecided (n 3, share 0.25)"),
    ],
)
def test_a_claim_says_whether_it_holds_and_by_which_numbers(holds: bool | None, expected: str) -> None:
    assert str(Claim("a.b", holds, {"n": 3, "share": 0.25})) == expected


# Memory and costs


def test_the_longest_lag_is_that_of_the_runs_that_learned() -> None:
    learned = [("gru", True, 5), ("gru", True, 10), ("rnn", False, 5)]
    lags = memory.longest_lags(CURVES, learned)
    assert lags == {
        **{(cell, attention): 0 for cell in CELLS for attention in (False, True)},
        ("gru", True): 10,
        ("rnn", False): 5,
    }


@pytest.mark.parametrize(
    ("learned", "holds"),
    [
        ([], False),  # nobody learned anything
        ([("lstm", True, 5)], True),
        ([("lstm", True, 5), ("lstm", False, 5)], False),  # no further with attention
        ([("lstm", True, 5), ("rnn", False, 5)], False),  # one got less far with it
        ([("lstm", True, 10), ("lstm", False, 5), ("rnn", False, 5), ("rnn", True, 5)], True),
    ],
)
def test_attention_helps_where_it_lengthens_a_lag_and_shortens_none(learned: Any, holds: bool) -> None:
    assert memory.attention_helps(CURVES, learned).holds is holds


@pytest.mark.parametrize(("reading", "writing", "holds"), [(2, 3, True), (2, 0.9, False), (0.9, 2, False)])
def test_an_lstm_costs_more_where_it_reads_and_writes_longer(
    reading: float, writing: float, holds: bool
) -> None:
    found = [
        {"cell": cell, "length": length, "recurrent": 100 * k, "reading": 1.0, "writing": 1.0}
        for length in (10, 20)
        for k, cell in ((1, "rnn"), (4, "lstm"))
    ]
    found[-1] |= {"reading": reading, "writing": writing}
    claim = costs.lstm_costs_more(found)
    assert claim.holds is holds
    assert claim.values == {"length": 20, "recurrent": 4, "reading": reading, "writing": writing}


# The bottleneck


def _judged(lost: int, unclear: int = 0, words: int = 10) -> list[Judged]:
    """The first words lost, the last ones unclear."""
    said = ["lost"] * lost + ["kept"] * (words - lost - unclear) + ["unclear"] * unclear
    return [Judged(Unit(str(k), 2 * k, 2 * k + 1, False), said[k]) for k in range(words)]


@pytest.mark.parametrize(
    ("without", "attending", "holds"),
    [(5, 0, True), (4, 0, None), (1, 0, None), (3, 3, None), (9, 4, True), (0, 1, None), (0, 5, False)],
)
def test_as_many_words_as_chance_seldom_makes_are_a_difference(
    without: int, attending: int, holds: bool | None
) -> None:
    claim = bottleneck.vector_loses_more(_judged(without), _judged(attending))
    assert claim.holds is holds
    assert claim.values["more"] == max(without - attending, 0)
    assert claim.values["fewer"] == max(attending - without, 0)


def test_words_of_which_it_cannot_be_told_decide_nothing() -> None:
    claim = bottleneck.vector_loses_more(_judged(6), _judged(0, unclear=10))
    assert claim.holds is None
    assert claim.values == {"more": 0, "fewer": 0, "chance": 1.0}


def test_words_lost_on_either_side_weigh_against_each_other() -> None:
    lost, kept = (_judged(12, words=12), _judged(0, words=12))
    mixed = [*lost[:9], *kept[9:]], [*kept[:9], *lost[9:]]  # nine against three: 79 + 220 of 4096
    claim = bottleneck.vector_loses_more(*mixed)
    assert claim.holds is None
    assert claim.values["chance"] == pytest.approx((1 + 12 + 66 + 220) / 4096)


def _band(value: float) -> Band:
    return Band(value=value, low=value - 1, high=value + 1)


def _chains(*values: float) -> tuple[ChainScore, ...]:
    return tuple(
        ChainScore(sentences=n, inputs=9, words=7.0 * n, bleu=_band(value), chrf=_band(value))
        for n, value in zip((1, 2, 3, 4), values, strict=True)
    )


@pytest.mark.parametrize(
    ("kinds", "key"),
    [
        (("none", "general"), "bottleneck.attention"),
        (("none-rnn", "none"), "bottleneck.cells"),
        (("general-rnn", "general"), "bottleneck.cells_general"),
        (("none-forward", "none-backward"), "bottleneck.direction"),
    ],
)
def test_models_are_compared_in_the_shortest_and_the_longest_inputs_that_training_has(
    kinds: tuple[str, str], key: str
) -> None:
    [claim] = bottleneck.length_claims(
        {kinds[0]: _chains(30, 0, 20, 99), kinds[1]: _chains(35, 0, 40, 0), "other": _chains(1, 2, 3, 4)}
    )
    assert claim == Claim(key, True, {"short": 5, "long": 20})


@pytest.mark.parametrize(
    ("weak", "strong", "attention", "cells"),
    [
        ((30, 20), (35, 40), True, True),
        ((30, 20), (31, 40), True, None),  # the bands of short inputs overlap
        ((20, 20), (35, 30), False, True),  # the difference shrinks
        ((30, 20), (35, 21), False, None),
        ((30, 20), (31, 21), False, False),
    ],
)
def test_bands_that_overlap_decide_nothing(
    weak: tuple[int, int], strong: tuple[int, int], attention: bool, cells: bool | None
) -> None:
    chains = [_chains(short, 0, long, 0) for short, long in (weak, strong)]
    for kinds, holds in ((("none", "general"), attention), (("none-rnn", "none"), cells)):
        [claim] = bottleneck.length_claims(dict(zip(kinds, chains, strict=True)))
        assert claim.holds is holds, kinds


def test_models_that_nothing_is_claimed_of_have_no_claim() -> None:
    assert not bottleneck.length_claims({"dot": _chains(1, 2, 3, 4), "general": _chains(1, 2, 3, 4)})


def test_every_comparison_of_which_both_models_were_measured_has_its_claim() -> None:
    kinds = ("none-rnn", "none-forward", "none-backward", "none", "general")
    found = bottleneck.length_claims({kind: _chains(1, 2, 3, 4) for kind in kinds})
    assert [claim.key for claim in found] == [
        "bottleneck.attention",
        "bottleneck.cells",
        "bottleneck.direction",
    ]


@pytest.mark.parametrize(
    ("first", "last", "holds"), [(20, 30, True), (30, 20, False), (30, 31, None), (30, 30, None)]
)
def test_the_start_is_lost_where_the_end_is_read_better(
    first: float, last: float, holds: bool | None
) -> None:
    parts = [PositionScore(words=9, read=_band(value), common=1.0) for value in (first, 50, last)]
    chain = ProbedChain(sentences=2, inputs=9, whole=parts[1], parts=tuple(parts))
    assert bottleneck.start_is_lost(chain) == Claim(
        "bottleneck.start_is_lost", holds, {"first": first, "last": last}
    )


# The gap


def test_runs_part_where_one_of_them_leaves_its_reference() -> None:
    assert gap.runs_part(GAP) == Claim(
        "gap.runs_part", True, {"forced": 0.75, "free": 0.5, "diverged": 5 / 8, "median": 3}
    )
    one_of_eight = gap.runs_part(replace(GAP, firsts=(0, 1)))
    assert one_of_eight.holds
    assert one_of_eight.values["median"] == 2
    together = replace(GAP, firsts=())
    assert gap.runs_part(together).holds is False
    assert "median" not in gap.runs_part(together).values


# Gradients


def _slopes(*factors: float) -> list[Slope]:
    return [Slope(factor, 1.0) for factor in factors]


@pytest.mark.parametrize(
    ("without", "attending", "holds"),
    [
        ((0.5, 0.7), (0.8, 0.9), True),
        ((0.5, 0.85), (0.8, 0.9), False),  # one without is flatter than one with
        ((1.1,), (1.2,), False),  # it does not shrink
    ],
)
def test_attention_holds_the_gradient_up_where_all_others_shrink_faster(
    without: tuple[float, ...], attending: tuple[float, ...], holds: bool
) -> None:
    assert gradients.attention_holds_up(_slopes(*without), _slopes(*attending)).holds is holds


def test_a_short_sentence_hides_what_a_long_one_shows() -> None:
    [slope] = _slopes(0.8)
    assert gradients.sentence_hides_loss(slope, 10).holds  # 0.8 ** 10 is 0.107
    assert not gradients.sentence_hides_loss(slope, 11).holds


@pytest.mark.parametrize(("lstm", "holds"), [(0.95, True), (0.85, False), (0.5, False)])
def test_gates_help_by_a_tenth_or_not_at_all(lstm: float, holds: bool) -> None:
    by_cell = dict(zip(("rnn", "lstm"), _slopes(0.8, lstm), strict=True))
    assert gradients.gates_help(by_cell).holds is holds


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_what_grows_with_distance_explodes(factor: float) -> None:
    whole = np.array([factor**k for k in range(5)])
    flow = Flow(
        model="m", attention="none", cell="rnn", source="s", target="t", steps=1, largest=1.0, whole=whole,
        chain=whole,
    )  # fmt: skip
    assert flow.slope is not None
    claim = gradients.explodes(flow, flow.slope)
    assert claim.holds is (factor > 1)
    assert claim.values["times"] == pytest.approx(factor**4)


def test_clipping_is_judged_by_the_loss_after_it_and_only_where_something_is_clipped() -> None:
    update = Update(rate=0.1, clip=1.0, norm=9.0, clipped=1.0, loss=2.0, loss_free=5.0, loss_clipped=1.9)
    helped = gradients.clipping_helps(update)
    assert helped == Claim("gradients.clipping_helps", True, {"free": 5.0, "clipped": 1.9})
    hurt = gradients.clipping_helps(replace(update, loss_free=1.0))
    assert hurt is not None
    assert hurt.holds is False
    assert gradients.clipping_helps(replace(update, norm=0.5)) is None


# Exposure


def point(forced: float, free: float, *, gap_error: float = 0.0, free_error: float = 0.0) -> Point:
    return Point("teacher", 600, 1.0, forced, free, free_error, gap_error, 1.0, 1.0)


@pytest.mark.parametrize(
    ("forced", "free", "holds"), [(0.5, 0.39, True), (0.5, 0.4, None), (0.4, 0.5, None), (0.39, 0.5, False)]
)
def test_a_gap_is_open_beyond_twice_its_standard_error(forced: float, free: float, holds: Any) -> None:
    claim = exposure.gap_open(point(forced, free, gap_error=0.052))
    assert (claim.holds, claim.values) == (holds, {"forced": forced, "free": free})


@pytest.mark.parametrize(("second", "holds"), [(0.39, True), (0.41, None), (0.59, None), (0.61, False)])
def test_one_gap_is_wider_than_another_beyond_the_errors_of_both(second: float, holds: Any) -> None:
    """Errors of 3 and 4 hundredths make 5 together."""
    one, other = point(0.75, 0.25, gap_error=0.03), point(0.75, 0.75 - second, gap_error=0.04)
    claim = exposure.wider_gap(one, other)
    assert claim.holds is holds
    assert claim.values == pytest.approx({"first": 0.5, "second": second})


@pytest.mark.parametrize(("second", "holds"), [(0.39, True), (0.41, None), (0.59, None), (0.61, False)])
def test_one_is_better_alone_than_another_beyond_the_errors_of_both(second: float, holds: Any) -> None:
    one, other = point(1.0, 0.5, free_error=0.04), point(0.5, second, free_error=0.03)
    claim = exposure.better_alone(one, other)
    assert (claim.holds, claim.values) == (holds, {"first": 0.5, "second": second})


def test_what_is_all_right_in_both_cannot_be_told_apart() -> None:
    same = point(1.0, 1.0)
    claims = exposure.gap_open(same), exposure.wider_gap(same, same), exposure.better_alone(same, same)
    assert [claim.holds for claim in claims] == [None, None, None]


# Several claims


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        ([True, True], "holds"),
        ([True, False], "partly"),
        ([True, None], "partly"),
        ([False, None], "not"),
        ([False], "not"),
        ([None, None], "undecided"),
    ],
)
def test_several_claims_come_to_one_verdict_that_overstates_none(held: list[bool | None], verdict: Verdict):
    assert together([Claim("a.b", holds, {}) for holds in held]) == verdict
