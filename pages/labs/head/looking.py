"""From the dot products to the head's context: the division, the mask, the softmax, and the weighted sum."""

from __future__ import annotations

from pages.kit.arithmetic import bracketed, digits, sum_of
from pages.kit.stages import Beside, Block, Formula, Picture, Stage, Text
from pages.labs.head.going_in import listed
from pages.labs.head.here import Here, mark
from pages.labs.head.notebook import line
from s2s.figures import heads as draw
from s2s.walkthrough import heads, what_if_heads


def dividing(one: Here) -> Stage:
    """The dot products, divided by the root of the head's width."""
    say, of, at = one.say, one.workings, one.at
    found, dots = heads.dividing(of, at), heads.multiplying(of, at).dots
    width, place = of.parameters.width, one.place
    return Stage(
        (
            Formula(
                (
                    f"score_s = q · k_s / √d , √d = √{width} = {digits(found.root)}",
                    f"score_{{“{one.name}”}} = {digits(dots[place])} / {digits(found.root)} "
                    f"= {digits(found.scores[place])}",
                )
            ),
            Picture(
                draw.scores(of, at, one.look),
                say("head.caption_scores"),
                say("head.spoken_numbers", what=say("head.scores"), numbers=listed(one, found.scores)),
                line("scores"),
            ),
            Text(
                say(
                    "head.finding_divided",
                    low=digits(dots.min()),
                    high=digits(dots.max()),
                    low_then=digits(found.scores.min()),
                    high_then=digits(found.scores.max()),
                ),
                "finding",
            ),
        ),
        mark(found.check, say),
    )


def masking(one: Here) -> Stage:
    """What must not be seen."""
    say, of, at = one.say, one.workings, one.at
    found = heads.masking(of, at)
    if not one.is_masked:
        return Stage((Text(say(f"head.unmasked_{at.kind}"), "finding"),), mark(found.check, say))
    hidden = int((~found.allowed).sum())
    told = say("head.finding_masked", hidden=hidden, seen=int(found.allowed.sum()), asking=one.asking)
    return Stage(
        (
            Formula(("score_s = −∞ , s > t",)),
            Picture(draw.masked(of, at, one.look), say("head.caption_masked"), told, line("masked")),
            Text(told, "finding"),
        ),
        mark(found.check, say),
    )


def weighting(one: Here) -> Stage:
    """The softmax, move by move; beside it what it would make of scores that are not divided."""
    say, of, at, place = one.say, one.workings, one.at, one.place
    found, scores = heads.weighting(of, at), heads.masking(of, at).scores
    seen = bool(heads.allowed(of, at)[place])
    score = digits(scores[place]) if seen else "−∞"
    moves = [
        Picture(
            draw.powers(of, at, one.look),
            say("head.caption_powers"),
            say("head.spoken_numbers", what=say("head.powers"), numbers=listed(one, found.powers)),
            line("powers"),
        ),
        Picture(
            draw.weights(of, at, found.weights, one.look),
            say("head.caption_weights"),
            say("head.spoken_numbers", what=say("head.weights"), numbers=listed(one, found.weights)),
            line("weights", "heads.weighting(workings, at).weights"),
        ),
    ]
    blocks: list[Block] = [
        Formula(
            (
                "α_s = exp(score_s − max) / Σ_{s′} exp(score_{s′} − max)",
                f"α_{{“{one.name}”}} = exp({score} − {bracketed(found.highest)}) / {digits(found.total)} "
                f"= {digits(found.weights[place])}",
            )
        ),
        Beside(tuple(moves)),
        Text(say("head.finding_sum", total=f"{found.weights.sum():.6f}"), "finding"),
    ]
    if not one.view.scaled:
        bare = what_if_heads.unscaled(of, at)
        picture = Picture(
            draw.weights(of, at, bare, one.look, what_if=True),
            say("head.caption_unscaled"),
            say("head.spoken_numbers", what=say("head.caption_unscaled"), numbers=listed(one, bare)),
            "figure = draw.weights(\n"
            "    workings, at, what_if_heads.unscaled(workings, at), look, what_if=True\n).plotly()",
        )
        values = {
            "own": f"{found.weights.max():.3f}",
            "then": f"{bare.max():.3f}",
            "entropy": f"{what_if_heads.entropy(found.weights):.2f}",
            "entropy_then": f"{what_if_heads.entropy(bare):.2f}",
        }
        blocks[1] = Beside((*moves, picture))
        blocks.append(Text(say("head.finding_unscaled", root=digits(heads.root(of)), **values), "finding"))
    return Stage(tuple(blocks), mark(found.check, say))


def summing(one: Here) -> Stage:
    """The values, weighted, and their sum: the head's context."""
    say, of, at, i = one.say, one.workings, one.at, one.inside
    found, looked = heads.summing(of, at), of.looked(at.kind, at.layer)
    pair = (looked.weights[at.head, at.step], looked.values[at.head, :, i])
    name, weight = one.most
    return Stage(
        (
            Formula(
                (
                    "c = Σ_s α_s v_s",
                    f"c[{at.head * of.parameters.width + i + 1}] = {sum_of(pair, total=found.context[i])}",
                )
            ),
            Picture(
                draw.summed(of, at, one.look),
                say("head.caption_summed"),
                say("head.spoken_summed", name=name, weight=f"{weight:.3f}"),
                line("summed"),
            ),
            Text(say("head.finding_summed", name=name, weight=f"{100 * weight:.0f}"), "finding"),
        ),
        mark(found.check, say),
    )
