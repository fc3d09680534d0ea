"""The first three stages of a head: the state that asks, the three maps, the products of query and keys."""

from __future__ import annotations

from typing import Final

from pages.kit.arithmetic import bracketed, digits, sum_of
from pages.kit.stages import Beside, Block, Formula, Picture, Stage, Table, Text
from pages.labs.head.here import Here, mark
from pages.labs.head.notebook import line
from s2s.figures import heads as draw
from s2s.walkthrough import heads
from s2s.walkthrough.stages import contributions
from s2s.walkthrough.transformer import CROSS, Norm
from s2s.walkthrough.workings import Linear

_TERMS: Final = 8  # products in the table


def normalising(one: Here) -> Stage:
    """The state that asks, normalised; beside it what is looked at."""
    say, at, i = one.say, one.at, one.number
    found = heads.normalising(one.workings, at)
    norm: Norm = one.workings.parameters.attention(at.kind, at.layer).norm
    shown = (
        f"x′[{i + 1}] = ({digits(found.before[i])} − {bracketed(found.mean)}) / {digits(found.spread)} "
        f"· {bracketed(norm.gain[i])} + {bracketed(norm.shift[i])} = {digits(found.asking[i])}"
    )
    own = say("head.caption_seen_states" if at.kind == CROSS else "head.caption_seen_own")
    pictures = (
        Picture(
            draw.normalised(one.workings, at, one.look),
            say("head.caption_normalised", asking=one.asking),
            say("head.spoken_normalised", asking=one.asking, width=one.workings.parameters.hidden),
            line("normalised"),
        ),
        Picture(
            draw.looked_at(one.workings, at, one.look),
            own,
            say("head.spoken_rows", what=own, pieces=len(found.looked_at)),
            line("looked_at"),
        ),
    )
    formula = Formula(("x′ = LayerNorm(x) = (x − mean) / σ · g + b", shown))
    return Stage((formula, Beside(pictures)), mark(found.check, say))


def projecting(one: Here) -> Stage:
    """The query of the position that asks, keys and values of those that are looked at."""
    say, at, of, i = one.say, one.at, one.workings, one.inside
    found, first = heads.projecting(of, at), at.head * of.parameters.width
    attention = of.parameters.attention(at.kind, at.layer)
    seen = of.trace.encoder_states if at.kind == CROSS else of.looked(at.kind, at.layer).asking
    asking = of.looked(at.kind, at.layer).asking[at.step]

    def row(linear: Linear, state: object, total: float) -> str:
        return sum_of((linear.weights[first + i], state), total=total, extra=float(linear.bias[first + i]))  # type: ignore[arg-type]

    name = one.name
    blocks: tuple[Block, ...] = (
        Text(say("head.cut", head=at.head + 1, first=first + 1, last=first + of.parameters.width)),
        Formula(
            (
                "q = W_q x′ + b_q , k_s = W_k y_s + b_k , v_s = W_v y_s + b_v",
                f"q[{first + i + 1}] = {row(attention.query, asking, found.query[i])}",
                f"k_{{“{name}”}}[{first + i + 1}] = "
                f"{row(attention.key, seen[one.place], found.keys[one.place, i])}",
                f"v_{{“{name}”}}[{first + i + 1}] = "
                f"{row(attention.value, seen[one.place], found.values[one.place, i])}",
            )
        ),
        Beside(
            (
                Picture(
                    draw.query_and_keys(of, at, one.look),
                    say("head.caption_keys", asking=one.asking),
                    say("head.spoken_rows", what=say("head.keys"), pieces=len(found.keys)),
                    line("query_and_keys"),
                ),
                Picture(
                    draw.values(of, at, one.look),
                    say("head.caption_values"),
                    say("head.spoken_rows", what=say("head.values"), pieces=len(found.values)),
                    line("values"),
                ),
            )
        ),
    )
    return Stage(blocks, mark(found.check, say))


def multiplying(one: Here) -> Stage:
    """The query times every key; one of the products number by number."""
    say, of, at, place = one.say, one.workings, one.at, one.place
    found, made = heads.multiplying(of, at), heads.projecting(of, at)
    pair = (made.query, made.keys[place])
    dot, width = float(found.dots[place]), of.parameters.width
    ordered, first = contributions(found.products[place]), at.head * width
    rows = tuple(
        (
            str(first + i + 1),
            digits(pair[0][i]),
            digits(pair[1][i]),
            digits(found.products[place, i]),
            digits(ordered.running[k]),
        )
        for k, i in enumerate(ordered.order[:_TERMS].tolist())
    )
    head = (say("head.place"), "q", "k_s", say("head.product"), say("head.so_far"))
    built = Picture(
        draw.build_up(of, at, place, one.look),
        say("head.caption_built", name=one.name),
        say("head.spoken_built", name=one.name, width=width, dot=digits(dot)),
        line("build_up", "place"),
    )
    count = min(_TERMS, width)
    part = digits(ordered.running[count - 1])
    blocks: tuple[Block, ...] = (
        Formula(("q · k_s = Σ_i q_i k_{s,i}", f"q · k_{{“{one.name}”}} = {sum_of(pair, total=dot)}")),
        Picture(
            draw.one_product(of, at, place, one.look),
            say("head.caption_product", name=one.name),
            say("head.spoken_product", name=one.name, width=width, dot=digits(dot)),
            line("one_product", "place"),
        ),
        Beside((built, Table(head, rows))),
        Text(say("head.finding_built", count=count, width=width, part=part, dot=digits(dot)), "finding"),
        Picture(
            draw.dots(of, at, one.look),
            say("head.caption_dots"),
            say("head.spoken_numbers", what=say("head.dots"), numbers=listed(one, found.dots)),
            line("dots"),
        ),
    )
    return Stage(blocks, mark(found.check, say))


def listed(one: Here, numbers: object) -> str:
    """A number for each piece that is looked at."""
    of: list[float] = list(numbers)  # type: ignore[call-overload]
    return ", ".join(
        f"{draw.asked_name(one.workings, one.at, place)} {digits(of[place])}"
        for place in draw.shown(one.workings, one.at)
    )
