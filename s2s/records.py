"""Records as files give them: JSON without numbers that it does not have, and values of the declared types.

>>> parse_json(b'{"loss": NaN}')
Traceback (most recent call last):
ValueError: NaN is not a JSON number
>>> from s2s.text import Span
>>> check(Span(0, "five"), Span)
Traceback (most recent call last):
TypeError: end is 'five', expected int
>>> to_json({"loss": float("inf")})
'{"loss": null}'
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import NoneType
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

from s2s.text import well_formed

_LARGEST: Final = sys.float_info.max
_SHOWN: Final = 40  # characters of a wrong value in an error


def parse_json(data: bytes | str) -> Any:
    """The value of JSON, in UTF-8 if it is bytes. Raises ValueError, also for NaN, infinity and floats that
    overflow to it, and RecursionError for nesting without end."""
    text = data.decode("utf-8") if isinstance(data, bytes) else data
    return json.loads(text, parse_constant=_refuse, parse_float=_finite)


def _refuse(text: str) -> float:
    raise ValueError(f"{text} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text[:_SHOWN])


def to_json(value: Any, *, indent: int | None = None) -> str:
    """Valid JSON for plain values: NaN and infinity become null, and an unpaired surrogate, as in the names
    of some files, becomes U+FFFD."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    except ValueError:
        text = json.dumps(_without_nan(value), ensure_ascii=False, allow_nan=False, indent=indent)
    return well_formed(text)


def _without_nan(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nan(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def check(value: object, declared: Any, name: str = "") -> None:
    """Raise TypeError, with the name of the field, unless `value` has its declared type: a dataclass or
    NamedTuple with fields of theirs, a plain class, `tuple[...]` (lists pass), `Mapping[...]`, or one of
    these or None. A float may be given as an int and is finite."""
    if NoneType in get_args(declared):
        if value is None:
            return
        declared = next(one for one in get_args(declared) if one is not NoneType)
    if not _has_type(value, get_origin(declared) or declared):
        expected = getattr(declared, "__name__", declared)
        raise TypeError(f"{name or 'the record'} is {repr(value)[:_SHOWN]}, expected {expected}")
    for part, found, its_type in _parts(value, declared):
        check(found, its_type, f"{name}.{part}" if name else part)


def build(value: Any, declared: Any) -> Any:
    """A value of its declared type from what JSON holds of it: objects become the dataclasses and lists the
    tuples that are declared. Raises TypeError where that fails."""
    found = _built(value, declared)
    check(found, declared)
    return found


def _built(value: Any, declared: Any) -> Any:
    """The same unchecked."""
    if NoneType in get_args(declared):
        declared = next(one for one in get_args(declared) if one is not NoneType)
    if dataclasses.is_dataclass(declared) and isinstance(value, Mapping):
        types = _fields(cast(Any, declared))
        parts = {name: _built(part, types.get(name, Any)) for name, part in value.items()}
        return cast(Any, declared)(**parts)
    if get_origin(declared) is tuple and isinstance(value, list):
        within = get_args(declared)
        kinds = within[:1] * len(value) if within[-1] is ... else within
        return tuple(map(_built, value, kinds)) if len(kinds) == len(value) else tuple(value)
    return value


def _has_type(value: object, kind: Any) -> bool:
    if kind is Any:
        return True
    if kind is float:
        return type(value) in (int, float) and -_LARGEST <= value <= _LARGEST  # type: ignore[operator]
    if kind in (bool, int, str):
        return type(value) is kind
    return isinstance(value, (tuple, list) if kind is tuple else kind)


def _parts(value: Any, declared: Any) -> Iterator[tuple[str, object, Any]]:
    """What a value consists of: name, value and declared type of each."""
    within = get_args(declared)
    if get_origin(declared) is tuple:
        if within[-1] is not ... and len(value) != len(within):
            raise TypeError(f"{repr(value)[:_SHOWN]} has {len(value)} parts, expected {len(within)}")
        for number, part in enumerate(value):
            yield str(number), part, within[0] if within[-1] is ... else within[number]
    elif within and isinstance(value, Mapping):
        for key, part in value.items():
            yield f"the key {key!r}", key, within[0]
            yield str(key), part, within[1]
    elif dataclasses.is_dataclass(declared) or hasattr(declared, "_fields"):
        for field, its_type in _fields(declared).items():
            yield field, getattr(value, field), its_type


@lru_cache(maxsize=128)
def _fields(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    names = getattr(kind, "_fields", None) or [field.name for field in dataclasses.fields(kind)]
    return {name: hints[name] for name in names}
