"""The stages of a head, in order: what each shows and says of one position."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pages.kit.stages import Stage
from pages.labs.head.going_in import multiplying, normalising, projecting
from pages.labs.head.going_on import adding, joining, leaving, predicting
from pages.labs.head.here import Here
from pages.labs.head.looking import dividing, masking, summing, weighting

STAGES: Final[Mapping[str, Callable[[Here], Stage]]] = {
    "norm": normalising,
    "project": projecting,
    "multiply": multiplying,
    "divide": dividing,
    "mask": masking,
    "weigh": weighting,
    "sum": summing,
    "join": joining,
    "leave": leaving,
    "add": adding,
    "predict": predicting,
}
