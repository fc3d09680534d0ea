"""What `pages/kit/browser/wire.js` says of the records that Python sends: JSDoc, made from their types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from s2s.figures.canvas import Figure


def typedefs(messages: Iterable[type]) -> str:
    """JSDoc of the records of `messages` and of all that they are made of."""
    found: dict[str, type] = {}
    for message in messages:
        _collect(message, found)
    lines = [
        "// The records that Python sends, described by tests/kit/typedefs.py: see tests/kit/test_wire.py.",
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
