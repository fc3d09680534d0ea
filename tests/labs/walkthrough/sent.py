"""What the page of the walkthrough sends to the browser."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.apps import WIDTH


def story(app: AppTest) -> dict[str, Any]:
    """What the page sent to the stages."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (found,) = [data for data in sent if "heads" in data]
    return found


def blocks(app: AppTest, stage: int, kind: str, *, column: int = 0) -> list[dict[str, Any]]:
    """The blocks of one kind in a stage, counted from 1, those inside others included."""

    def inside(some: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for block in some:
            yield block
            yield from inside(block.get("blocks", []))

    found = inside(story(app)["columns"][column]["stages"][stage - 1]["blocks"])
    return [block for block in found if block["kind"] == kind]


def texts(app: AppTest, stage: int, *, column: int = 0) -> str:
    return "\n".join(block["text"] for block in blocks(app, stage, "text", column=column))


def lines(app: AppTest, stage: int) -> list[str]:
    return [line for block in blocks(app, stage, "formula") for line in block["lines"]]


def vectors(block: dict[str, Any]) -> np.ndarray:
    """All vectors of a picture of strips."""
    found = []
    for trace in json.loads(block["figure"])["data"]:
        rows = base64.b64decode(trace["z"]["bdata"])
        found += list(np.frombuffer(rows, dtype="<f4").reshape(-1, WIDTH))
    return np.array(found)


def bar_lengths(block: dict[str, Any]) -> np.ndarray:
    packed = json.loads(block["figure"])["data"][0]["x"]
    return np.frombuffer(base64.b64decode(packed["bdata"]), dtype="<f4")
