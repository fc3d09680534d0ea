"""Who chooses the next token: the teacher, the model, a coin between them, or somebody who interferes."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from torch import Tensor

from s2s.decode.loop import Choose, Chosen, greedy


def teacher_turns(length: int, *, ratio: float, seed: int) -> list[bool]:
    """For each of `length` positions, whether the teacher chooses there: with probability `ratio`.

    The same seed throws the same coins, so that a larger ratio leaves the teacher every position that a
    smaller one gave it; 1 is always, 0 is never.
    """
    draw = Random(seed).random  # the only draw that Python promises to keep as it is
    return [draw() < ratio for _ in range(length)]


def mixed(target_ids: Sequence[int], teacher: Sequence[bool]) -> Choose:
    """The given piece where it is the teacher's turn, elsewhere and beyond its end the model's own likeliest.

    One coin a token, as in scheduled sampling (Bengio et al. 2015), whose model's own token may also be drawn
    from its distribution; here it is always the likeliest, so that without a teacher this is `greedy`.
    """

    def choose(position: int, log_probs: Tensor) -> Chosen:
        if position < len(target_ids) and teacher[position]:
            return Chosen(target_ids[position], "forced")
        return greedy(position, log_probs)

    return choose


def injected(choose: Choose, ids: Sequence[int], *, step: int, replaced: int) -> Choose:
    """As `choose`, but the decoder is fed `ids` from `step` on, in place of `replaced` pieces.

    What is fed at a step was said at the one before, so `step` is 1 at least. Behind the injected pieces
    `choose` goes on where it would have been had it chosen those that they replace.
    """
    first = step - 1
    longer = len(ids) - replaced

    def choose_or_inject(position: int, log_probs: Tensor) -> Chosen:
        if position < first:
            return choose(position, log_probs)
        if position < first + len(ids):
            return Chosen(ids[position - first], "injected")
        return choose(position - longer, log_probs)

    return choose_or_inject
