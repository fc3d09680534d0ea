"""What the browser gets: figures and arrays of numbers, each in one encoding."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s2s.figures.canvas import Figure


def figure_text(figure: Figure) -> str:
    """The figure as JSON text, which the browser compares with the last before it reads it."""
    return json.dumps(figure, ensure_ascii=False, separators=(",", ":"), default=packed)


def packed(value: NDArray[Any] | np.generic) -> Any:
    """Numbers as Plotly.js reads them: base64 of little-endian floats, rows one after another. Whole numbers
    and arrays without any, of which Plotly reads no shape, are plain."""
    if isinstance(value, np.generic) or not value.size or value.dtype.kind != "f":
        return value.tolist()
    kind = f"f{min(8, max(4, value.itemsize))}"
    record = {"dtype": kind, "bdata": base64.b64encode(value.astype(f"<{kind}").tobytes()).decode("ascii")}
    return record if value.ndim == 1 else record | {"shape": ", ".join(map(str, value.shape))}
