"""What a laboratory concludes from what it measured, each conclusion with its threshold, once.

Pages put a claim into words, the command line prints it; neither judges again. NumPy and records only.

>>> from s2s.claims.memory import attention_helps
>>> runs = [(cell, attention, 20) for cell in ("rnn", "lstm") for attention in (False, True)]
>>> print(attention_helps(runs, learned=[("lstm", False, 20), ("lstm", True, 20), ("rnn", True, 20)]))
memory.attention_helps: holds (rnn_none 0, rnn_dot 20, lstm_none 20, lstm_dot 20)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

Verdict = Literal["holds", "partly", "undecided", "not"]


class Claim(NamedTuple):
    """A statement about what was measured, and whether it holds."""

    key: str  # what is claimed: "memory.attention_helps"
    holds: bool | None  # None where the numbers say neither that it does nor the opposite
    values: Mapping[str, float]  # the numbers that decide it

    def __str__(self) -> str:
        verdict = {True: "holds", False: "does not hold", None: "undecided"}[self.holds]
        numbers = ", ".join(f"{name} {value:.4g}" for name, value in self.values.items())
        return f"{self.key}: {verdict}" + (f" ({numbers})" if numbers else "")


def together(claims: Iterable[Claim]) -> Verdict:
    """What one statement comes to that stands for all of these, one at least: it holds where all do, does not
    where none does, is undecided where the numbers decide none of them, and holds in part in between.

    >>> [together(Claim("", holds, {}) for holds in all_) for all_ in ([True, None], [None], [False, None])]
    ['partly', 'undecided', 'not']
    """
    found = {claim.holds for claim in claims}
    if found == {None}:
        return "undecided"
    if True not in found:
        return "not"
    return "holds" if found == {True} else "partly"
