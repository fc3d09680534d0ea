"""The one protocol between Python and the browser: a typed record for each message, and how it travels.

A message is a NamedTuple of others, down to texts and numbers: `Cards` in pages/kit/live.py, `Stages` in
pages/labs/walkthrough/stages.py, `Tracks` in pages/labs/forcing/tracks.py. `sent` makes of it what JSON
holds, and `typedefs` what `browser/wire.js` says of it to whoever writes for the browser.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from s2s.figures.canvas import Figure

TYPEDEFS: Final = Path(__file__).parent / "browser" / "wire.js"


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


def typedefs(messages: Iterable[type]) -> str:
    """JSDoc of the records of `messages` and of all that they are made of."""
    found: dict[str, type] = {}
    for message in messages:
        _collect(message, found)
    lines = [
        "// The records that Python sends, as pages/kit/wire.py writes them: see tests/kit/test_wire.py.",
        "",
        '/** @import { Packed } from "./numbers.js" */',
        "",
    ]
    for name, record in sorted(found.items()):
        fields = "; ".join(f"{field}: {_name(hint)}" for field, hint in get_type_hints(record).items())
        lines += [f"/** @typedef {{{{ {fields} }}}} {name} */"]
    return "\n".join([*lines, "", "export {};", ""])


def _collect(hint: Any, found: dict[str, type]) -> None:
    """The records in a type, by name. One name is one record."""
    if hint is Figure:
        return
    if hasattr(hint, "_fields"):
        if found.setdefault(hint.__name__, hint) is not hint:
            raise TypeError(f"two records are called {hint.__name__}; name one of them otherwise")
        for inner in get_type_hints(hint).values():
            if getattr(inner, "__name__", "") not in found:
                _collect(inner, found)
        return
    for inner in get_args(hint):
        if getattr(inner, "__name__", "") not in found:
            _collect(inner, found)


_NAMES: Final[Mapping[Any, str]] = {
    str: "string",
    Figure: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    NoneType: "null",
    Any: "any",
}


def _name(hint: Any) -> str:
    """A type as JSDoc has it."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(json.dumps(part) for part in parts)
    if origin in (Union, UnionType):
        return " | ".join(dict.fromkeys(_name(part) for part in parts))
    if origin is tuple and parts[-1] is not Ellipsis:
        return f"[{', '.join(map(_name, parts))}]"
    if origin is tuple:
        inner = _name(parts[0])
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"Record<string, {_name(parts[1])}>"
    if origin is np.ndarray:
        return "Packed"
    return _NAMES[hint] if hint in _NAMES else str(hint.__name__)
