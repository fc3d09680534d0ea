"""The one protocol between Python and the browser: a typed record for each message, and how it travels.

A message is a NamedTuple of others, down to texts and numbers: `Cards` in pages/kit/live.py, `Stages` in
pages/kit/stages.py, `Tracks` in pages/labs/forcing/tracks.py. `sent` makes of it what JSON
holds; `browser/wire.js` says of it what whoever writes for the browser needs to know.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s2s.figures.canvas import Figure


def figure_text(figure: Figure) -> str:
    """The figure as JSON text, which the browser compares with the last before it reads it."""
    return json.dumps(figure._asdict(), ensure_ascii=False, separators=(",", ":"), default=packed)


def packed(value: NDArray[Any] | np.generic) -> Any:
    """Numbers as Plotly.js reads them: base64 of little-endian floats, rows one after another. Whole numbers
    and arrays without any, of which Plotly reads no shape, are plain."""
    if isinstance(value, np.generic) or not value.size or value.dtype.kind != "f":
        return value.tolist()
    kind = f"f{min(8, max(4, value.itemsize))}"
    record = {"dtype": kind, "bdata": base64.b64encode(value.astype(f"<{kind}").tobytes()).decode("ascii")}
    return record if value.ndim == 1 else record | {"shape": ", ".join(map(str, value.shape))}


def sent(value: Any) -> Any:
    """A message as JSON holds it; figures as text."""
    if isinstance(value, Figure):
        return figure_text(value)
    if hasattr(value, "_asdict"):
        return {name: sent(part) for name, part in zip(value._fields, value, strict=True)}
    if isinstance(value, tuple | list):
        return [sent(part) for part in value]
    if isinstance(value, Mapping):
        return {name: sent(part) for name, part in value.items()}
    return packed(value) if isinstance(value, np.ndarray) else value
