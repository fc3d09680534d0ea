"""Any Unicode text as an axis label: visible, short enough for its axis, never taken for markup.

Plotly reads labels and hover text as pseudo-HTML, entities included, and as LaTeX between dollar signs
where MathJax is present. What people type passes through `escape` before it reaches a figure.
"""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from s2s.pieces import spelt
from s2s.text import GLUE
from s2s.traces import END, Unit

LONGEST: Final = 7.0  # em; longer labels end in an ellipsis
GAP: Final = 8  # pixels between a label and what it names
TURN: Final = 60  # degrees by which labels across are turned, reading upwards
_SMALL: Final = 0.8  # size of a gloss, in em of the word it stands under
_LONGEST_GLOSS: Final = 8.5  # em of its own; longer ones end in an ellipsis
_COS: Final = math.cos(math.radians(TURN))
_SIN: Final = math.sin(math.radians(TURN))

_EMPTY: Final = "∅"
_SPACE: Final = "␣"
_NARROW: Final = frozenset("iljtfr.,:;'’!|()[]{} ·-I")
_WIDE: Final = frozenset("mwMW@%—…")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})
_TURNING: Final = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
)


def visible(text: str) -> str:
    """`text` with what the eye cannot see made visible: a lone space, a control character, nothing at all.

    Marks that only turn the direction of writing would rearrange their neighbours, so they are spelt out.
    """
    if not text:
        return _EMPTY
    if text.isspace():
        return "".join(_SPACE if c == " " else f"⟨{ord(c):04X}⟩" for c in text)
    if all(unicodedata.category(c) in _UNSEEN for c in text):
        return "".join(f"⟨{ord(c):04X}⟩" for c in text)
    return "".join(f"⟨{ord(c):04X}⟩" if c in _TURNING or unicodedata.category(c) == "Cc" else c for c in text)


def escape(text: str) -> str:
    """`text` so that Plotly shows exactly its characters, in tick labels and hover text alike."""
    return html.escape(text, quote=False).replace("$", "&#36;")


def share(number: float) -> str:
    """A number from 0 to 1; what is not nothing does not look like it."""
    return "<0.001" if 0 < number < 0.0005 else f"{number:.3f}"


def signed(number: float, digits: int) -> str:
    """A number with a minus as wide as its digits, and none where it rounds to nothing."""
    text = f"{number:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


@lru_cache(maxsize=4096)
def width(text: str) -> float:
    """How wide `text` is in a sans-serif face, in em: an estimate on the generous side."""
    return sum(_advance(c) for c in text)


def shorten(text: str, longest: float = LONGEST) -> str:
    """`text`, or its beginning and an ellipsis where it is wider than `longest` em."""
    if width(text) <= longest:
        return text
    room = longest - _advance("…")
    for i, character in enumerate(text):
        room -= _advance(character)
        if room < 0:
            return text[:i] + "…"
    return text


def names(units: Sequence[Unit], labels: Mapping[str, str]) -> tuple[str, ...]:
    """What each unit is called on screen: its text made visible, or `labels["end"]` for the end token."""
    return tuple(labels.get("end", END) if unit.is_end else visible(unit.text) for unit in units)


class Glossed(NamedTuple):
    """Names across, each with its gloss behind it in the same turned line: two lines would touch the next."""

    ticks: list[str]  # as Plotly reads them
    short: list[str]  # what is measured for them


def glossed(short: Sequence[str], glosses: Sequence[str], font_size: int, color: str) -> Glossed:
    """Short names with a gloss each, "" for none; without glosses the names alone."""
    if not any(glosses):
        return Glossed([escape(name) for name in short], list(short))
    found = Glossed([], [])
    style = f"font-size:{round(_SMALL * font_size)}px;color:{color}"
    for name, gloss in zip(short, glosses, strict=True):
        small = shorten(gloss, _LONGEST_GLOSS)
        span = f" <span style='{style}'>{escape(small)}</span>"
        found.ticks.append(escape(name) + (span if small else ""))
        found.short.append(f"{name} {small}".rstrip())
    return found


def shown_piece(text: str) -> str:
    """How people see a piece: "▁word" as word, "part" as ·part; start and end tokens as they are."""
    part = spelt(text)
    return GLUE + visible(part[1:]) if part.startswith(GLUE) and not text.startswith("▁") else visible(part)


def turned_height(short: Sequence[str], font_size: int) -> int:
    """How far turned labels reach away from their axis, in pixels, stepwise.

    In steps of two em, so that the picture stays where it is while a word grows by a letter.
    """
    longest = max((width(text) for text in short), default=0.0)
    reach = longest * _SIN + _COS  # em
    step = 2.0
    return round(max(2 * step, step * math.ceil(reach / step)) * font_size) + GAP


def turned_overhang(short: Sequence[str], slot: float, font_size: int) -> int:
    """How far turned labels reach beyond the end of their axis, in pixels, for slots `slot` pixels wide."""
    beyond = (
        width(text) * _COS * font_size - (k + 0.5) * slot + font_size * 0.6
        for k, text in enumerate(reversed(short))
    )
    return round(max(beyond, default=0.0))


def straight_width(short: Sequence[str], font_size: int) -> int:
    """How wide labels beside a picture are, in pixels, in steps of one em."""
    longest = max((width(text) for text in short), default=0.0)
    return math.ceil(max(2.0, longest)) * font_size + GAP


@lru_cache(maxsize=4096)
def _advance(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.9
    return 0.68 if character.isupper() else 0.55
