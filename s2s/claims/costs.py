"""Claims about what recurrent cells cost (`s2s.costs`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from s2s.claims import Claim

_RATIOS: Final = ("recurrent", "reading", "writing")


def lstm_costs_more(costs: Sequence[Mapping[str, Any]]) -> Claim:
    """At the greatest length an LSTM takes longer than an RNN, to read and to write; how many times as long,
    and how many times as many parameters its recurrent layers have. `costs` are `Cost`s as dictionaries."""
    length = max(cost["length"] for cost in costs)
    rnn, lstm = (
        next(cost for cost in costs if (cost["cell"], cost["length"]) == (cell, length))
        for cell in ("rnn", "lstm")
    )
    ratios = {name: lstm[name] / rnn[name] for name in _RATIOS}
    holds = ratios["reading"] > 1 and ratios["writing"] > 1
    return Claim("costs.lstm_costs_more", holds, {"length": length, **ratios})
