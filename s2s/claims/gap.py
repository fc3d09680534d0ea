"""Claims about the gap between a model that is fed by a teacher and one that is fed by itself."""

from __future__ import annotations

from s2s.claims import Claim
from s2s.evaluate.gap import Gap


def runs_part(gap: Gap) -> Claim:
    """Fed by itself, the model leaves the reference in at least one of the pairs.

    With the shares of pieces that are the reference's, forced and free, the share of pairs whose runs part,
    and, where some do, the step by which half of these have parted.
    """
    values = {
        "forced": gap.overall.forced.accuracy,
        "free": gap.overall.free.accuracy,
        "diverged": gap.diverged,
    }
    median = gap.median_first
    if median is not None:
        values["median"] = median
    return Claim("gap.runs_part", median is not None, values)
