"""Claims about gradients: which way they come, how far, and what clipping does when they explode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from s2s.claims import Claim
from s2s.paths import Flow, Gradients, Slope, Update

_MOST: Final = 0.5  # share of the gradient above which a way carries most of it
_STEEP: Final = 0.1  # share of the gradient left at the far end, above which a sentence hides what is lost
_ALIKE: Final = 0.1  # factors that differ by less are alike


def shortcut_carries_most(found: Gradients) -> Claim:
    """With attention, most of a word's gradient comes by attention, not along the chain."""
    shares = {"attention": found.share("attention"), "chain": found.share("chain")}
    return Claim("gradients.shortcut_carries_most", shares["attention"] > _MOST, shares)


def attention_holds_up(without: Sequence[Slope], attending: Sequence[Slope]) -> Claim:
    """Without attention the gradient shrinks with distance in every model, and in each of them faster than in
    any with attention."""
    largest, least = max(s.factor for s in without), min(s.factor for s in attending)
    values = {"without": largest, "attending": least}
    return Claim("gradients.attention_holds_up", largest < min(1.0, least), values)


def sentence_hides_loss(slope: Slope, steps: int) -> Claim:
    """So short is the sentence that more than a tenth of the gradient is left over all its steps."""
    left = float(slope.factor**steps)
    return Claim("gradients.sentence_hides_loss", left > _STEEP, {"steps": steps, "left": left})


def gates_help(by_cell: Mapping[str, Slope]) -> Claim:
    """An LSTM keeps more of its gradient from step to step than an RNN, by a tenth at least."""
    factors = {cell: by_cell[cell].factor for cell in ("rnn", "lstm")}
    return Claim("gradients.gates_help", factors["lstm"] > factors["rnn"] + _ALIKE, factors)


def explodes(flow: Flow, slope: Slope) -> Claim:
    """The gradient grows with distance."""
    steps = len(flow.whole) - 1
    times = float(slope.factor**steps)
    return Claim("gradients.explodes", slope.factor > 1, {"factor": slope.factor, "times": times})


def clipping_helps(update: Update) -> Claim | None:
    """One update with the gradient clipped leaves a lower loss than without; None where nothing is
    clipped."""
    if update.norm <= update.clip:
        return None
    losses = {"free": update.loss_free, "clipped": update.loss_clipped}
    return Claim("gradients.clipping_helps", losses["free"] > losses["clipped"], losses)
