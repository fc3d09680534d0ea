"""Claims about the memory task (`s2s.train.memory`): who recalls the first token after how many others."""

from __future__ import annotations

from collections.abc import Collection

from s2s.catalog import DOT
from s2s.claims import Claim
from s2s.config import CELLS, NO_ATTENTION

Curve = tuple[str, bool, int]  # cell, with attention or without, tokens in between


def longest_lags(curves: Collection[Curve], learned: Collection[Curve]) -> dict[tuple[str, bool], int]:
    """The longest lag that was learned, by cell and attention; 0 where none was. Training says which were."""
    lags = dict.fromkeys((curve[:2] for curve in curves), 0)
    for cell, attention, fillers in learned:
        lags[cell, attention] = max(lags[cell, attention], fillers)
    return lags


def attention_helps(curves: Collection[Curve], learned: Collection[Curve]) -> Claim:
    """With attention every cell recalls over as long a lag as without, and one of them over a longer one."""
    lags = longest_lags(curves, learned)
    pairs = [(lags[c, False], lags[c, True]) for c in CELLS if {(c, False), (c, True)} <= lags.keys()]
    holds = all(without <= attending for without, attending in pairs) and any(
        without < attending for without, attending in pairs
    )
    values = {
        f"{cell}_{DOT.attention if looks else NO_ATTENTION}": lag for (cell, looks), lag in lags.items()
    }
    return Claim("memory.attention_helps", holds, values)
