"""Questions about whole texts and models: what is lost, what was measured, how gradients come back."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pages.kit.examples import lengthened
from pages.kit.family import COMPARED, card_of, config_of, model, name_of, not_recurrent
from pages.kit.quiz.asked import Asked, Quiz, cannot, row_of
from pages.kit.report import shipped_report
from pages.kit.translators import answer, judged, shelf
from s2s import catalog
from s2s.claims import bottleneck as bottleneck_claims
from s2s.counts import steps_to_read
from s2s.engine.questions import Differentiate
from s2s.evaluate.lost import told
from s2s.figures.labels import shown_piece, signed
from s2s.languages import FIRST
from s2s.paths import WAYS, Way
from s2s.traces import word_pieces

_NEAR: Final = 1  # by how much a number that was counted may be missed
_WAYS: Final[tuple[Way, ...]] = ("attention", "chain", "earlier")

# What is lost


def _whole(about: Asked) -> str:
    return lengthened(about.text, about.question.sentences, FIRST)


class _Counted(NamedTuple):
    """Words of a text: those that a translation has lost, those of which that can be told, all of them."""

    lost: int
    told: int
    words: int


def _counted(about: Asked, name: str) -> _Counted:
    found = judged(catalog.ATTENDING.model(), name, _whole(about))
    return _Counted(sum(word.is_lost for word in found), told(found), len(found))


def lost(about: Asked) -> Quiz:
    """How many words a translation loses."""
    found = _counted(about, about.model)
    values = {"model": about.named(about.model), "words": found.words, "near": _NEAR}
    return Quiz(
        asks=about.say("quiz.lost", **values),
        form="type",
        right=(str(found.lost),),
        near=_NEAR,
        told=about.say("quiz.lost_told", lost=found.lost, told=found.told),
    )


def loses_more(about: Asked) -> Quiz:
    """Which of two models loses more of the words."""
    names = about.models[:2]
    if len(names) < 2:
        return cannot(about)
    say, counts = about.say, [_counted(about, name) for name in names]
    options = (*map(about.named, names), say("quiz.the_same"))
    losses = [one.lost for one in counts]
    right = 2 if losses[0] == losses[1] else losses.index(max(losses))
    items = " · ".join(
        say("quiz.loses_item", model=option, lost=one.lost, told=one.told)
        for option, one in zip(options, counts, strict=False)
    )
    return Quiz(
        asks=say("quiz.loses_more", words=counts[0].words),
        options=options,
        right=(options[right],),
        told=say("quiz.loses_told", items=items),
    )


def handed(about: Asked) -> Quiz:
    """What becomes of the state that is handed over when the sentence grows."""
    say, sizes = about.say, []
    for text in (about.text, lengthened(about.text, 2, FIRST)):
        state = answer(about.model, text).trace.initial_state
        if state is None:
            return Quiz(reason=say.error(not_recurrent(about.model)))
        sizes.append(int(state.size))
    options = (say("quiz.grows"), say("quiz.stays"), say("quiz.shrinks"))
    right = 1 - (sizes[1] > sizes[0]) + (sizes[1] < sizes[0])
    return Quiz(
        asks=say("quiz.handed"),
        options=options,
        right=(options[right],),
        told=say("quiz.handed_told", short=sizes[0], long=sizes[1]),
    )


def measured(about: Asked) -> Quiz:
    """Whose translations of long inputs were measured to be better."""
    say, name = about.say, about.question.compare
    if name not in COMPARED:
        return cannot(about)
    reported = {one.setup.model: one for one in shipped_report().shipped if one.chains}
    kinds = catalog.COMPARED[name]
    names = [model(kind) for kind in (kinds.weak, kinds.strong)]
    if any(one not in reported for one in names):
        return cannot(about)
    chains = [bottleneck_claims.compared_lengths(reported[one].chains)[1] for one in names]
    options = tuple(name_of(one, say, among=name) for one in names)
    bleus = [chain.bleu.value for chain in chains]
    values = {"words": f"{chains[0].words:.0f}"}
    items = " · ".join(f"{option} {bleu:.1f}" for option, bleu in zip(options, bleus, strict=True))
    return Quiz(
        asks=say("quiz.measured", **values),
        options=options,
        right=(options[int(np.argmax(bleus))],),
        told=say("quiz.measured_told", **values, items=items),
    )


def waits(about: Asked) -> Quiz:
    """How many steps must follow each other until two encoders have read the sentence."""
    names = about.models[:2]
    if len(names) < 2:
        return cannot(about)
    say, lengths = about.say, [len(answer(name, about.text).trace.source_pieces) for name in names]
    steps = [steps_to_read(config_of(name), length) for name, length in zip(names, lengths, strict=True)]
    most, fewest = max(steps), min(steps)
    if most == fewest:
        fewest = config_of(names[0]).layers
    if most == fewest:  # so few pieces that no answer can be wrong
        return cannot(about)
    called = list(map(about.named, names))

    def option(*numbers: int) -> str:
        return " · ".join(f"{name} {number}" for name, number in zip(called, numbers, strict=True))

    options = tuple(option(one, other) for one in (fewest, most) for other in (fewest, most))
    return Quiz(
        asks=say("quiz.waits", pieces=lengths[0]),
        options=options,
        right=(option(*steps),),
        told=say("quiz.waits_told", items=option(*steps)),
    )


# What comes back, and what is learned


def _followed(about: Asked) -> tuple[str, int] | None:
    """A piece of the translation and its step: the longest, or the first of a word."""
    trace = answer(about.model, about.text).trace
    pieces = trace.target_pieces
    if about.question.word:
        units = word_pieces(trace.target, pieces, trace.target_language)
        row = row_of([unit for unit, _ in units], about.question.word)
        step = None if row is None else units[row][1][0]
    else:
        step = max(range(len(pieces)), key=lambda one: (pieces[one].end > pieces[one].start,
                                                        pieces[one].characters))  # fmt: skip
    return None if step is None else (shown_piece(pieces[step].text), step)


def way(about: Asked) -> Quiz:
    """Which way most of a word's gradient comes back by."""
    found = _followed(about)
    if found is None or not config_of(about.model).attends:
        return cannot(about)
    say, (word, step) = about.say, found
    gradients = shelf().ask(about.model, Differentiate(about.text, step))
    shares = {way: gradients.share(way) for way in _WAYS if way in WAYS}
    options = {way: say(f"quiz.way_{way}") for way in _WAYS}
    items = " · ".join(f"{options[way]} {signed(100 * share, 0)}%" for way, share in shares.items())
    return Quiz(
        asks=say("quiz.way", word=word),
        options=tuple(options.values()),
        right=(options[max(_WAYS, key=shares.__getitem__)],),
        told=say("quiz.way_told", word=word, items=items),
    )


def gradient(about: Asked) -> Quiz:
    """Which source word the gradient of a word arrives at most."""
    found = _followed(about)
    if found is None:
        return cannot(about)
    say, (word, step) = about.say, found
    gradients = shelf().ask(about.model, Differentiate(about.text, step))
    norms = gradients.norms()
    units = word_pieces(gradients.source, gradients.source_pieces, FIRST.source)
    most = int(norms.argmax())
    names = tuple(unit.text for unit, _ in units)
    right = next(unit.text for unit, pieces in units if most in pieces)
    return Quiz(
        asks=say("quiz.gradient", word=word, model=about.named(about.model)),
        options=tuple(dict.fromkeys(names)),
        right=(right,),
        told=say("quiz.gradient_told", word=word, source=right),
    )


def learns_most(about: Asked) -> Quiz:
    """Which of several models has most to learn."""
    say = about.say
    sizes = {name: card_of(name).parameters for name in about.models}
    if len(sizes) < 2:
        return cannot(about)
    most = max(sizes, key=sizes.__getitem__)
    items = " · ".join(f"{about.named(name)} {size:,}" for name, size in sizes.items())
    return Quiz(
        asks=say("quiz.learns_most"),
        options=tuple(map(about.named, sizes)),
        right=(about.named(most),),
        told=say("quiz.learns_told", items=items),
        hides="cells",
    )


def open_question(about: Asked) -> Quiz:
    """What a class talks about: nobody computes what is right."""
    return Quiz(asks=about.say("quiz.open"), form="open")
