"""What there is to say of each scorer of `s2s.model.attention`: its formula, its two sides, its products.

A record each. The walkthrough computes with them, figures and pages write with them; another scorer is
another record. s is the decoder state that asks, h the encoder state that answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from s2s.walkthrough.cells import Numbers
from s2s.walkthrough.workings import Parameters

# Parameters, what is asked (hidden,) and what is answered (S, hidden), to what is weighed and the products
# whose sums are the scores: both (S, hidden).
Products = Callable[[Parameters, Numbers, Numbers], tuple[Numbers, Numbers]]


class Scorer(NamedTuple):
    """How one scorer is explained."""

    formula: str  # of a score, as a line of text
    latex: str  # the same
    asking: str  # how a figure calls what the decoder brings
    factors: tuple[str, str]  # the two vectors whose products add up to the score
    product: str  # how a figure calls these products
    products: Products
    is_dot_product: bool  # a score is exactly the dot product of what is asked and what is answered


def _multiplied(parameters: Parameters, asking: Numbers, answering: Numbers) -> tuple[Numbers, Numbers]:
    return answering, asking * answering


def _weighed(parameters: Parameters, asking: Numbers, answering: Numbers) -> tuple[Numbers, Numbers]:
    met = np.tanh(asking + answering)
    return met, met if parameters.weigh is None else met * parameters.weigh


EXPLAINED: Final[Mapping[str, Scorer]] = {
    "dot": Scorer(
        formula="score(s_t, h_s) = s_t · h_s",
        latex=r"\text{score}(s_t, h_s) = s_t \cdot h_s",
        asking="s<sub>t</sub>",
        factors=("s_t", "h_s"),
        product="s<sub>t</sub> × h<sub>s</sub>",
        products=_multiplied,
        is_dot_product=True,
    ),
    "general": Scorer(
        formula="score(s_t, h_s) = s_t · (W h_s)",
        latex=r"\text{score}(s_t, h_s) = s_t \cdot (W\, h_s)",
        asking="s<sub>t</sub>",
        factors=("s_t", "W h_s"),
        product="s<sub>t</sub> × W h<sub>s</sub>",
        products=_multiplied,
        is_dot_product=True,
    ),
    "concat": Scorer(
        formula="score(s_t, h_s) = v · tanh(W [s_t ; h_s]) = v · tanh(W_1 s_t + W_2 h_s)",
        latex=r"\text{score}(s_t, h_s) = v \cdot \tanh(W_1 s_t + W_2 h_s)",
        asking="W<sub>1</sub>s<sub>t</sub>",
        factors=("v", "tanh(…)"),
        product="v × tanh",
        products=_weighed,
        is_dot_product=False,
    ),
}
