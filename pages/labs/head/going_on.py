"""The last stages: all heads side by side, the map behind them, the sum with what came in, and the words."""

from __future__ import annotations

from pages.kit.arithmetic import bracketed, digits, sum_of
from pages.kit.stages import Beside, Block, Fold, Formula, Picture, Stage, Table, Text
from pages.labs.head.here import Here, mark
from pages.labs.head.notebook import dropping, words
from s2s.figures import heads as draw
from s2s.figures.stages import likely_words
from s2s.walkthrough import heads, what_if_heads
from s2s.walkthrough.what_if_heads import Change


def joining(one: Here) -> Stage:
    """The contexts of all heads, one behind the other."""
    say, of, at = one.say, one.workings, one.at
    found, count = heads.joining(of, at), of.parameters.heads
    place = at.head * of.parameters.width + one.inside
    value = 0.0 if one.drops else found.joined[place]
    blocks: list[Block] = [
        Formula(
            (
                f"c_{{all}} = [c_1 ; c_2 ; … ; c_{{{count}}}]",
                f"c_{{all}}[{place + 1}] = c_{{{at.head + 1}}}[{place + 1}] = {digits(value)}",
            )
        ),
        Picture(
            draw.joined(of, at, one.look, dropped=one.drops),
            say("head.caption_joined", head=at.head + 1, count=count),
            say("head.spoken_joined", count=count, width=of.parameters.hidden, each=of.parameters.width),
            dropping("joined", one.drops),
        ),
    ]
    return Stage((*blocks, *_off(one)), mark(found.check, say))


def _off(one: Here) -> tuple[Block, ...]:
    """What a stage says while the head is switched off."""
    told = one.say("head.is_off", head=one.at.head + 1, layer=one.at.layer + 1)
    return (Text(told, "finding"),) if one.drops else ()


def leaving(one: Here) -> Stage:
    """The output projection, head by head."""
    say, of, at, i = one.say, one.workings, one.at, one.number
    found, out = heads.leaving(of, at), of.parameters.attention(at.kind, at.layer).out
    parts = found.parts[:, i].copy()
    if one.drops:
        parts[at.head] = 0.0
    bias = float(out.bias[i])
    sizes = (found.parts**2).sum(axis=1) ** 0.5
    terms = " + ".join(bracketed(part) for part in parts)
    total = digits(parts.sum() + bias)
    return Stage(
        (
            Formula(("o = W_o c_{all} + b_o", f"o[{i + 1}] = {terms} + {bracketed(bias)} = {total}")),
            Picture(
                draw.parts(of, at, one.look, dropped=one.drops),
                say("head.caption_parts"),
                say("head.spoken_parts", heads=of.parameters.heads),
                dropping("parts", one.drops),
            ),
            Text(
                say(
                    "head.finding_parts",
                    head=at.head + 1,
                    size=f"{sizes[at.head]:.2f}",
                    rank=int((sizes > sizes[at.head]).sum()) + 1,
                    heads=len(sizes),
                    largest=f"{sizes.max():.2f}",
                ),
                "finding",
            ),
            *_off(one),
        ),
        mark(found.check, say),
    )


def adding(one: Here) -> Stage:
    """What came in, with what the heads brought."""
    say, of, at, i = one.say, one.workings, one.at, one.number
    found, before = heads.adding(of, at), heads.normalising(of, at).before
    left = heads.leaving(of, at)
    output = left.output - left.parts[at.head] if one.drops else left.output
    sums = f"{digits(before[i])} + {bracketed(output[i])} = {digits(before[i] + output[i])}"
    return Stage(
        (
            Formula(("x_{next} = x + o", f"x_{{next}}[{i + 1}] = {sums}")),
            Picture(
                draw.added(of, at, one.look, dropped=one.drops),
                say("head.caption_added"),
                say("head.spoken_added", width=of.parameters.hidden),
                dropping("added", one.drops),
            ),
            Text(say("head.finding_added"), "finding"),
            *_off(one),
        ),
        mark(found.check, say),
    )


def predicting(one: Here) -> Stage:
    """Through the rest of the model to a word, as it is and with what the reader changed."""
    say, of = one.say, one.workings
    step, change = one.step, one.change
    pictures = [_words(one, None)]
    own, _ = one.said[step]
    blocks: list[Block] = [
        Formula((_logit(one),)),
    ]
    if change is not None:
        pictures.append(_words(one, change))
    blocks.append(Beside(tuple(pictures)))
    blocks.append(
        Text(
            say(
                "head.finding_word",
                step=step + 1,
                word=one.word(own.id),
                probability=f"{own.probability:.3f}",
            ),
            "finding",
        )
    )
    if change is not None:
        blocks += _changed(one)
    return Stage(tuple(blocks), mark(what_if_heads.agreement(of), say))


def _logit(one: Here) -> str:
    """The likeliest word's logit as a sum, from the state that the words follow from."""
    parameters, step = one.workings.parameters, one.step
    own, _ = one.said[step]
    state = what_if_heads.continued(one.workings).decoder_states[step]
    bias = float(parameters.output_bias[own.id])
    row = parameters.embedding[own.id]
    total = float(row.astype(float) @ state + bias)
    return f"logit(“{one.word(own.id)}”) = {sum_of((row, state), extra=bias, total=total)}"


def _words(one: Here, change: Change | None) -> Picture:
    found = one.likely(change)
    listed = ", ".join(f"{word} {probability:.3f}" for word, probability in found)
    kind = "own" if change is None else "changed"
    return Picture(
        likely_words(found, one.look, what_if=change is not None),
        one.say(f"head.caption_words_{kind}", step=one.step + 1),
        one.say("head.spoken_words", words=listed),
        words(one, change),
    )


def _changed(one: Here) -> list[Block]:
    """What every step would say with the change, fed as it was."""
    say, both = one.say, one.said
    kept = sum(own.id == then.id for own, then in both)
    rows = tuple(
        (str(k + 1), *(cell for said in pair for cell in (one.word(said.id), f"{said.probability:.3f}")))
        for k, pair in enumerate(both)
    )
    head = tuple(
        say(f"head.{name}") for name in ("step", "as_it_is", "probability", "changed", "probability")
    )
    kind = "both" if one.drops and not one.view.scaled else "off" if one.drops else "unscaled"
    what = say(f"head.change_{kind}", head=one.at.head + 1, layer=one.at.layer + 1)
    then = " ".join(one.word(said.id) for _, said in both)
    values = {"what": what, "then": then, "steps": len(both)}
    told = say("head.finding_kept_all", **values)
    if kept < len(both):
        told = say("head.finding_kept", **values, kept=kept)
    return [Text(told, "finding"), Fold(say("head.every_step"), (Table(head, rows),))]
