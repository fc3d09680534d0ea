"""Programs that try to break s2s, and a table of what held: `python -m benchmarks.faults [PART ...]`.

Each part is a generator of cases: it tries one thing after the other, bounded in number and time, on this
machine alone. Whatever is not an answer or one clear sentence is said with what it takes to see it again.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple

from s2s.errors import S2SError

SHOWN: Final = 300  # characters of what was tried


class Case(NamedTuple):
    """One thing that was tried."""

    what: str  # enough to try it again
    broke: str = ""  # what happened, where it should not have; empty for what held


def tried(what: str, check: Callable[[], str]) -> Case:
    """A case whose check says what is wrong, "" if nothing is. An S2SError is an answer; any other exception
    is a break."""
    try:
        broke = check()
    except S2SError:
        broke = ""
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        broke = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
    return Case(what[:SHOWN], broke)


_PLANES: Final = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x5FF), (0x600, 0x6FF), (0x1100, 0x11FF),
    (0x2000, 0x206F), (0x20A0, 0x2BFF), (0x3000, 0x30FF), (0xAC00, 0xD7A3), (0xD800, 0xDFFF),
    (0xE000, 0xE0FF), (0xFB00, 0xFB4F), (0xFE00, 0xFE0F), (0xFF00, 0xFFEF), (0x1F300, 0x1FAFF),
    (0xE0000, 0xE007F),
)  # fmt: skip
_FRAGMENTS: Final = (
    "Le chat noir dort", "n'est-ce pas", "L'été", "aujourd’hui", "« Où ? »", "14h35", "12,50 €", "</s>",
    "<s>", "▁", "⁇", "<unk>", "<0xE2>", "·", "\t", "\n", "\r\n", "\x00", "\ufeff", "\u200d", "\u202e",
    "{name}",
    "%s", "<b>gras</b>", "<script>alert(1)</script>", "![x](http://example.org/x.png)", "$\\frac{1}{2}$",
    "|||",
    "&apos;", "@-@", ":material/home:", "../..", "한국어", "e\u0301", "\ud83d", "\udc00", "😀", "👩‍👩‍👧",
)  # fmt: skip


def odd_text(draw: Random) -> str:
    """Text that somebody, or something, might send: of all planes, of what is used as markup, or French with
    a flaw; mostly short, now and then far too long."""
    kind = draw.random()
    if kind < 0.05:
        return draw.choice(_FRAGMENTS) * draw.randint(1, 400)
    length = draw.choice((0, 1, 2, 5, 12, 40, 120))
    if kind < 0.5:
        return "".join(chr(draw.randint(*draw.choice(_PLANES))) for _ in range(length))
    return draw.choice(("", " ", "  ")).join(
        draw.choice(_FRAGMENTS) if draw.random() < 0.8 else chr(draw.randint(*draw.choice(_PLANES)))
        for _ in range(length // 4 + 1)
    )
