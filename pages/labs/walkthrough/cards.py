"""The six stages of the walkthrough, in order: what each shows and says of one step of one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pages.kit.stages import Stage
from pages.labs.walkthrough.decoder import starting
from pages.labs.walkthrough.prediction import combining, predicting
from pages.labs.walkthrough.scores import scoring
from pages.labs.walkthrough.step import Step
from pages.labs.walkthrough.weights import mixing, weighting

STAGES: Final[Mapping[str, Callable[[Step], Stage]]] = {
    "start": starting,
    "score": scoring,
    "weigh": weighting,
    "mix": mixing,
    "combine": combining,
    "predict": predicting,
}
