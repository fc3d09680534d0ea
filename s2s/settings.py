"""What every group of settings is made of: fields with a default, a meaning and limits, each stated once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, cast

from s2s.errors import ConfigError


def setting(
    default: Any,
    meaning: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] | None = None,
) -> Any:
    """A field of a group of settings: what it is left at, what it means, and its lowest and highest value or
    its choices."""
    return field(default=default, metadata={"meaning": meaning, "low": low, "high": high, "choices": choices})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every group of settings can do: check itself, and go to JSON and back."""

    def __post_init__(self) -> None:
        for one in dataclasses.fields(self):
            value, limits = getattr(self, one.name), one.metadata
            kind = type(one.default)
            if kind is float and type(value) is int:
                object.__setattr__(self, one.name, value := float(value))
            if type(value) is not kind:
                raise ConfigError("setting_wrong_type", name=one.name, value=value, expected=kind.__name__)
            if limits["choices"] is not None and value not in limits["choices"]:
                choices = ", ".join(limits["choices"])
                raise ConfigError("setting_not_a_choice", name=one.name, value=value, choices=choices)
            if limits["low"] is not None and not limits["low"] <= value <= limits["high"]:
                raise ConfigError(
                    "setting_out_of_range",
                    name=one.name,
                    value=value,
                    low=limits["low"],
                    high=limits["high"],
                )

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Settings from plain values, missing ones at their defaults. Raises ConfigError."""
        if not isinstance(values, Mapping):
            raise ConfigError("setting_wrong_type", name=cls.__name__, value=values, expected="an object")
        known = {one.name for one in dataclasses.fields(cls)}
        for name in values:
            if name not in known:
                raise ConfigError("setting_unknown", name=name, known=", ".join(sorted(known)))
        return cls(**cast(dict[str, Any], dict(values)))
