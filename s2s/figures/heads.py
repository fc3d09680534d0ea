"""The pictures of one head of a Transformer: each a pure function of a sentence's workings, a place in the
model, and how to look.

Numbers of a head stand where they stand among those of all heads: head 2 of 8, 32 wide, has 33 to 64. Rows
are pieces: those that ask in the colour of their side, those that are looked at in the colour of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from s2s.figures import stages
from s2s.figures.bars import Bar, around
from s2s.figures.canvas import Figure
from s2s.figures.labels import escape, share, shorten, shown_piece, signed
from s2s.figures.look import Look, largest
from s2s.figures.strips import LABELS_WIDTH, Strip, strips
from s2s.walkthrough import heads
from s2s.walkthrough.heads import At
from s2s.walkthrough.stages import contributions
from s2s.walkthrough.transformer import DECODER, ENCODER, HeadWorkings

MOST: Final = 24  # pieces that have a row
_NAME: Final = 5.0  # em that a piece may take beside its number


def shown(workings: HeadWorkings, at: At) -> list[int]:
    """The pieces that have a row, by place: all, or those with most weight, in their order."""
    weights = workings.looked(at.kind, at.layer).weights[at.head, at.step]
    return sorted(np.argsort(-weights, kind="stable")[:MOST].tolist())


def asked_name(workings: HeadWorkings, at: At, place: int) -> str:
    """What a piece that is looked at is called."""
    return shown_piece(workings.asked(at.kind)[place].text)


def _color(look: Look, is_source: bool) -> str:
    return look.palette.source if is_source else look.palette.target


def _asking_color(at: At, look: Look) -> str:
    return _color(look, at.kind == ENCODER)


def _asked_color(at: At, look: Look) -> str:
    return _color(look, at.kind != DECODER)


def _rows(
    workings: HeadWorkings,
    at: At,
    values: NDArray[Any],
    limit: float,
    look: Look,
    numbers: Sequence[str] = (),
) -> list[Strip]:
    """A strip for each piece that is looked at; values: (m, numbers); `numbers`, (m,), stand beside them."""
    rows = []
    for place in shown(workings, at):
        name = asked_name(workings, at, place)
        short = escape(shorten(name, _NAME if numbers else LABELS_WIDTH - 1))
        written = f"{short} <b>{numbers[place]}</b>" if numbers else short
        rows.append(
            Strip(written, values[place], _asked_color(at, look), limit, range(place, place + 1), name)
        )
    if rows:
        rows[0] = rows[0]._replace(apart=True)
    return rows


def _whole(rows: Sequence[Strip], look: Look, **options: Any) -> Figure:
    return strips(rows, palette=look.palette, font_size=look.font_size, **options)


def _of_head(workings: HeadWorkings, at: At, rows: Sequence[Strip], look: Look) -> Figure:
    parameters = workings.parameters
    return _whole(rows, look, offset=at.head * parameters.width, whole=parameters.hidden)


# What goes in


def normalised(workings: HeadWorkings, at: At, look: Look) -> Figure:
    """The state that asks, as it comes and normalised."""
    found, color = heads.normalising(workings, at), _asking_color(at, look)
    return _whole(
        [
            Strip("x", found.before, color, largest(found.before), None, "x"),
            Strip("LayerNorm(x)", found.asking, color, largest(found.asking), None, "LayerNorm(x)", True),
        ],
        look,
    )


def looked_at(workings: HeadWorkings, at: At, look: Look) -> Figure:
    """What keys and values are made of."""
    found = heads.normalising(workings, at).looked_at
    return _whole(_rows(workings, at, found, largest(found), look), look)


def query_and_keys(workings: HeadWorkings, at: At, look: Look) -> Figure:
    """The query of the head, and under it every key."""
    found = heads.projecting(workings, at)
    limit = largest(found.query, found.keys)
    query = Strip("q", found.query, _asking_color(at, look), limit, None, "q")
    return _of_head(workings, at, [query, *_rows(workings, at, found.keys, limit, look)], look)


def values(workings: HeadWorkings, at: At, look: Look) -> Figure:
    """Every value of the head."""
    found = heads.projecting(workings, at).values
    return _of_head(workings, at, _rows(workings, at, found, largest(found), look), look)


# From there to the weights


def one_product(workings: HeadWorkings, at: At, place: int, look: Look) -> Figure:
    """Query, key, and their products, of the piece that is looked at at `place`."""
    made = heads.projecting(workings, at)
    products = heads.multiplying(workings, at).products[place]
    limit = largest(made.query, made.keys)
    rows = [
        Strip("q", made.query, _asking_color(at, look), limit, None, "q"),
        Strip("k<sub>s</sub>", made.keys[place], _asked_color(at, look), limit, None, "k s"),
        Strip("q × k<sub>s</sub>", products, look.palette.text, largest(products), None, "q × k s", True),
    ]
    return _of_head(workings, at, rows, look)


def build_up(workings: HeadWorkings, at: At, place: int, look: Look) -> Figure:
    """The dot product of that piece as the sum of its products, largest contributions first."""
    products = heads.multiplying(workings, at).products[place]
    return stages.build_up(products, contributions(products), look)


def dots(workings: HeadWorkings, at: At, look: Look) -> Figure:
    """The dot product of every piece."""
    found = heads.multiplying(workings, at).dots
    return _bars(workings, at, found, [signed(one, 3) for one in found], look)


def scores(workings: HeadWorkings, at: At, look: Look) -> Figure:
    """The same divided by the root of the width, on the scale of `dots`."""
    found, before = heads.dividing(workings, at).scores, heads.multiplying(workings, at).dots
    return _bars(workings, at, found, [signed(one, 3) for one in found], look, limits=around(before))


def masked(workings: HeadWorkings, at: At, look: Look) -> Figure:
    """The scores, those that must not be seen minus infinity: no bar."""
    found = heads.masking(workings, at)
    told = [signed(one, 3) if may else "−∞" for one, may in zip(found.scores, found.allowed, strict=True)]
    return _bars(workings, at, np.where(found.allowed, found.scores, 0.0), told, look)


def powers(workings: HeadWorkings, at: At, look: Look) -> Figure:
    """exp(score - highest) of every piece."""
    found = heads.weighting(workings, at).powers
    return _bars(workings, at, found, [share(one) for one in found], look)


def weights(
    workings: HeadWorkings, at: At, values: NDArray[Any], look: Look, *, what_if: bool = False
) -> Figure:
    """The weight of every piece; values: (m,)."""
    color = look.palette.pinned if what_if else look.palette.weights[7]
    told = [share(one) for one in values]
    return _bars(workings, at, values, told, look, limits=(0, 1), color=color, outlined=what_if)


def _bars(
    workings: HeadWorkings,
    at: At,
    values: NDArray[Any],
    told: Sequence[str],
    look: Look,
    *,
    limits: tuple[float, float] | None = None,
    color: str = "",
    outlined: bool = False,
) -> Figure:
    rows = [
        Bar(asked_name(workings, at, place), float(values[place]), told[place], range(place, place + 1))
        for place in shown(workings, at)
    ]
    return stages.numbers(
        rows, look, limits=limits or around(values), color=color, names_color=_asked_color(at, look),
        outlined=outlined,
    )  # fmt: skip


# What comes out


def summed(workings: HeadWorkings, at: At, look: Look) -> Figure:
    """Values times their weights, and under them their sum."""
    found = heads.summing(workings, at)
    told = [share(one) for one in workings.looked(at.kind, at.layer).weights[at.head, at.step]]
    limit = largest(found.scaled, found.context)
    rows = _rows(workings, at, found.scaled, limit, look, told)
    rows.append(Strip("context", found.context, look.palette.text, limit, None, "context", apart=True))
    return _of_head(workings, at, rows, look)


def joined(workings: HeadWorkings, at: At, look: Look, *, dropped: bool = False) -> Figure:
    """The context of the head where it stands among those of all, and all of them; `dropped`, it is zero."""
    found, width = heads.joining(workings, at), workings.parameters.width
    alone, every = np.zeros_like(found.joined), found.joined.copy()
    own = slice(at.head * width, (at.head + 1) * width)
    if dropped:
        every[own] = 0.0
    else:
        alone[own] = found.joined[own]
    limit = largest(found.joined)
    name = _head(at.head, look)
    return _whole(
        [
            Strip(escape(name), alone, look.palette.text, limit, None, name),
            Strip("[1; 2; …]", every, look.palette.text, limit, None, "[1; 2; …]", apart=True),
        ],
        look,
    )


def parts(workings: HeadWorkings, at: At, look: Look, *, dropped: bool = False) -> Figure:
    """What each head brings, and what comes out: their sum with the bias; `dropped`, that of the head is
    zero."""
    found = heads.leaving(workings, at)
    brought, output = found.parts.copy(), found.output
    if dropped:
        output = output - brought[at.head]
        brought[at.head] = 0.0
    limit = largest(found.parts)
    rows = []
    for head, part in enumerate(brought):
        name = _head(head, look)
        written = f"<b>{escape(name)}</b>" if head == at.head else escape(name)
        rows.append(Strip(written, part, look.palette.text, limit, None, name))
    rows.append(Strip("o", output, look.palette.text, largest(found.output), None, "o", apart=True))
    return _whole(rows, look)


def added(workings: HeadWorkings, at: At, look: Look, *, dropped: bool = False) -> Figure:
    """What came in, what the heads brought, and their sum."""
    before, left = heads.normalising(workings, at).before, heads.leaving(workings, at)
    output = left.output - left.parts[at.head] if dropped else left.output
    limit, color = largest(before, left.output), _asking_color(at, look)
    return _whole(
        [
            Strip("x", before, color, limit, None, "x"),
            Strip("+ o", output, look.palette.text, limit, None, "+ o"),
            Strip("= x + o", before + output, color, limit, None, "= x + o", apart=True),
        ],
        look,
    )


def _head(head: int, look: Look) -> str:
    return look.labels["head"].replace("{head}", str(head + 1))
