"""The fifth and sixth stages: context and state to the output vector, and from there to the next word."""

from __future__ import annotations

from pages.kit.arithmetic import bracketed, digits, sum_of
from pages.kit.stages import (
    Beside,
    Block,
    Fold,
    Formula,
    Go,
    Picture,
    Stage,
    Table,
    Text,
)
from pages.labs.walkthrough.notebook import LINES
from pages.labs.walkthrough.step import Step, mark
from s2s.figures import stages as draw
from s2s.figures.labels import shown_piece
from s2s.traces import END
from s2s.walkthrough import stages, what_if


def combining(one: Step) -> Stage:
    """Context and state, one behind the other, to the output vector."""
    say, of = one.say, one.workings
    found, shown = _combining(one)
    kind = "alone" if of.trace.contexts is None else "dropped" if one.drops else "combination"
    return Stage(
        (
            Formula(_combined(one, shown)),
            Picture(
                draw.combination(of, one.step, shown, one.look, dropped=one.drops),
                say(f"walkthrough.caption_{kind}"),
                say("walkthrough.spoken_combination", width=of.parameters.hidden),
                LINES["dropped" if one.drops else "combination"],
            ),
        ),
        mark(found.check, say),
    )


def predicting(one: Step) -> Stage:
    """The output vector to the likeliest words, and the same without the context."""
    say, look, of, step = one.say, one.look, one.workings, one.step
    trace = of.trace
    _, shown = _combining(one)
    words = Picture(
        draw.likely_words(named(one, one.said), look),
        say("walkthrough.caption_words"),
        _spoken_words(one, one.said),
        LINES["words"],
    )
    blocks: list[Block] = [Formula(_worded(one, shown, (one.bare if one.drops else one.said)[0]))]
    if one.drops:
        bare = Picture(
            draw.likely_words(named(one, one.bare), look, what_if=True),
            say("walkthrough.caption_bare"),
            _spoken_words(one, one.bare),
            LINES["bare"],
        )
        blocks += [Beside((words, bare)), *_bottleneck(one)]
    else:
        blocks.append(words)
    key = "walkthrough.finding_end" if trace.target_pieces[step].text == END else "walkthrough.finding_word"
    blocks.append(Text(say(key, word=one.written, probability=f"{one.said[0].probability:.3f}"), "finding"))
    if step + 1 < of.steps:
        blocks.append(Go(say("walkthrough.feed", word=one.written, step=step + 2), step + 1))
    return Stage(tuple(blocks), mark(stages.predicting(of, step).check, say))


def _combining(one: Step) -> tuple[stages.Combining, stages.Combining]:
    """The stage, and as it is shown: with a context of zeros where the reader drops it."""
    of = one.workings
    found = stages.combining(of, one.step)
    if not one.drops:
        return found, found
    parameters, state = of.parameters, of.trace.decoder_states[one.step]
    return found, stages.Combining(*stages.combined(parameters, None, state), found.check)


def _combined(one: Step, shown: stages.Combining) -> tuple[str, str]:
    """From context and state to the attentional state, in letters and at the number that is followed."""
    i, attends = one.number, one.workings.trace.contexts is not None
    context, state = shown.from_context[i], shown.from_state[i]
    parts = [digits(context), bracketed(state)] if attends else [digits(state)]
    inside = "W_c [c_t ; s_t]" if attends else "W_c s_t"
    value = digits(shown.attentional_state[i])
    return f"s̃_t = tanh({inside})", f"s̃_t[{i + 1}] = tanh({' + '.join(parts)}) = {value}"


def _worded(one: Step, shown: stages.Combining, said: what_if.Said) -> tuple[str, str, str]:
    """From the attentional state to the probability of a word."""
    parameters, word = one.workings.parameters, one.word(said.id)
    logits, log_probs = stages.worded(parameters, shown.attentional_state)
    logit = float(logits[said.id])
    total = logit - float(log_probs[said.id])
    bias = float(parameters.output_bias[said.id])
    terms = sum_of((parameters.embedding[said.id], shown.attentional_state), extra=bias, total=logit)
    return (
        "logits = E s̃_t + b , p = softmax(logits)",
        f"logit(“{word}”) = {terms}",
        f"p(“{word}”) = exp({digits(logit)} − {bracketed(total)}) = {said.probability:.3f}",
    )


def named(one: Step, said: tuple[what_if.Said, ...]) -> list[tuple[str, float]]:
    """Pieces as words with their probabilities."""
    return [(one.word(piece.id), piece.probability) for piece in said]


def _spoken_words(one: Step, said: tuple[what_if.Said, ...]) -> str:
    words = ", ".join(f"{word} {probability:.3f}" for word, probability in named(one, said))
    return one.say("walkthrough.spoken_words", words=words)


def _bottleneck(one: Step) -> list[Block]:
    """What every step would say without a context, fed as it was."""
    say, trace = one.say, one.workings.trace
    bare = what_if.without_context(one.workings)
    said = [shown_piece(piece.text) for piece in trace.target_pieces]
    then = [one.word(piece.id) for piece in bare]
    kept = sum(a == b for a, b in zip(said, then, strict=True))
    rows = tuple(
        (str(k + 1), a, b, f"{piece.probability:.3f}")
        for k, (a, b, piece) in enumerate(zip(said, then, bare, strict=True))
    )
    head = tuple(say(f"walkthrough.{name}") for name in ("step", "with_context", "without_context"))
    return [
        Text(say("walkthrough.finding_bare", then=" ".join(then), kept=kept, steps=len(said)), "finding"),
        Fold(say("walkthrough.bare_table"), (Table((*head, say("walkthrough.label_probability")), rows),)),
    ]
