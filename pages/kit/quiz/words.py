"""Questions about the words of one translation: where a model looks for them, and what it says next."""

from __future__ import annotations

from typing import Final

import numpy as np

from pages.kit.quiz.asked import Asked, Quiz, cannot, row_of
from pages.kit.translators import answer, compare, workings
from s2s.engine.questions import Compare
from s2s.evaluate.divergence import Injection
from s2s.evaluate.lost import is_word
from s2s.figures.labels import shown_piece
from s2s.traces import Alignment, Trace, word_pieces
from s2s.walkthrough import what_if

_OPTIONS: Final = 4  # words that may come next

# Where it looks


def _alignment(about: Asked, name: str) -> tuple[Trace, Alignment] | None:
    trace = answer(name, about.text).trace
    alignment = trace.alignment()
    return None if alignment is None else (trace, alignment)


def looks(about: Asked) -> Quiz:
    """Which source word a model attends to most when it writes a word."""
    found = _alignment(about, about.model)
    row = found and row_of(found[1].target_units, about.question.word)
    if found is None or row is None:
        return cannot(about)
    say, alignment = about.say, found[1]
    weights = alignment.weights[row]
    most = int(weights.argmax())
    names = tuple(unit.text for unit in alignment.source_units)
    values = {"model": about.named(about.model), "word": alignment.target_units[row].text}
    share = f"{100 * float(weights[most]):.0f}"
    return Quiz(
        asks=say("quiz.looks", **values),
        options=tuple(dict.fromkeys(names)),
        points=True,
        right=(names[most],),
        told=say("quiz.looks_told", **values, source=names[most], percent=share),
        hides="cells",
    )


def agree(about: Asked) -> Quiz:
    """Whether several models attend most to the same source word when they write a word that all write."""
    say = about.say
    found = {name: one[1] for name in about.models if (one := _alignment(about, name))}
    rows = [{unit.text.casefold(): row for row, unit in enumerate(a.target_units) if is_word(unit)}
            for a in found.values()]  # fmt: skip
    shared = set.intersection(*map(set, rows)) if rows else set()
    if not shared or len(rows) < 2:
        return cannot(about)
    word = max(sorted(shared), key=len)
    places = [int(a.weights[row[word]].argmax()) for a, row in zip(found.values(), rows, strict=True)]
    looks = ", ".join(
        say("quiz.agree_look", model=about.named(name), source=a.source_units[place].text)
        for (name, a), place in zip(found.items(), places, strict=True)
    )
    models = ", ".join(map(about.named, found))
    return Quiz(
        asks=say("quiz.agree", models=models, word=word),
        options=(say("quiz.yes"), say("quiz.no")),
        right=(say("quiz.yes" if len(set(places)) == 1 else "quiz.no"),),
        told=say("quiz.agree_told", word=word, looks=looks),
        hides="cells",
    )


def total(about: Asked) -> Quiz:
    """What the weights of a row add up to."""
    found = _alignment(about, about.model)
    row = found and row_of(found[1].target_units, about.question.word)
    if found is None or row is None:
        return cannot(about)
    say, alignment = about.say, found[1]
    weights = alignment.weights[row]
    word, sum_ = alignment.target_units[row].text, f"{float(weights.sum()):.3g}"
    parts = " + ".join(f"{float(weight):.2f}" for weight in weights)
    return Quiz(
        asks=say("quiz.total", word=word, model=about.named(about.model)),
        form="type",
        right=(sum_,),
        told=say("quiz.total_told", parts=parts, sum=sum_),
        hides="cells",
    )


# What it says


def comes_next(about: Asked) -> Quiz:
    """Which word comes next, of those that a model finds likeliest."""
    say, run = about.say, compare(about.model, Compare(about.text)).forced
    step = about.question.step - 1
    if not run.candidates or step >= len(run.candidates):
        return cannot(about)
    likeliest = run.candidates[step][:_OPTIONS]
    options = tuple(sorted({shown_piece(one.text) for one in likeliest}, key=str.casefold))
    before = " ".join(shown_piece(piece.text) for piece in run.fed[: step + 1])
    best = likeliest[0]
    percent = f"{100 * float(np.exp(best.log_prob)):.0f}"
    return Quiz(
        asks=say("quiz.next", before=before, model=about.named(about.model)),
        options=options,
        right=(shown_piece(best.text),),
        told=say("quiz.next_told", word=shown_piece(best.text), percent=percent),
    )


def feeds(about: Asked) -> Quiz:
    """Which word a model says after one that is fed by hand."""
    say, question = about.say, about.question
    injection = Injection(max(2, question.step), question.fed)
    both = compare(about.model, Compare(about.text, injection=injection))
    run, before = both.free, both.before
    fed = [row for row, by in enumerate(run.forcing) if by == "injected"]
    if not fed or before is None:
        return cannot(about)
    row = fed[-1]
    units = word_pieces(run.target, run.target_pieces, run.target_language)
    word = next((unit.text for unit, pieces in units if row in pieces), "")
    piece = shown_piece(run.target_pieces[row].text)
    wrote = shown_piece(before[1].target_pieces[fed[0] - 1].text)
    values = {"model": about.named(about.model), "fed": question.fed, "before": wrote}
    rest = run.target[run.target_pieces[row].start :].strip()
    return Quiz(
        asks=say("quiz.feeds", **values),
        form="type",
        right=tuple(dict.fromkeys((word, piece))),
        told=say("quiz.feeds_told", **values, word=word or piece, rest=rest),
    )


def parts(about: Asked) -> Quiz:
    """At which word of the reference a model that is fed by itself leaves it."""
    say = about.say
    both = compare(about.model, Compare(about.text, about.reference))
    if both.is_own:
        return Quiz(reason=say("quiz.no_reference"))
    run, first = both.forced, both.divergence.first
    units = word_pieces(run.target, run.target_pieces, run.target_language)
    names = [f"{number}. {unit.text}" for number, (unit, _) in enumerate(units, start=1)]
    never = say("quiz.never")
    right = never
    told = say("quiz.parts_never")
    if first is not None:
        right = next(name for name, (_, pieces) in zip(names, units, strict=True) if first in pieces)
        said_ = shown_piece(both.free.target_pieces[first].text)
        number, word = right.split(". ", 1)
        told = say("quiz.parts_told", number=number, word=word, said=said_, free=both.free.target)
    return Quiz(
        asks=say("quiz.parts", model=about.named(about.model), reference=both.reference),
        options=(*names, never),
        right=(right,),
        told=told,
    )


def bare(about: Asked) -> Quiz:
    """Whether a model would write a word without its context, too."""
    say, of = about.say, workings(about.model, about.text)
    trace = of.trace
    units = word_pieces(trace.target, trace.target_pieces, trace.target_language)
    row = row_of([unit for unit, _ in units], about.question.word)
    if row is None or trace.contexts is None:
        return cannot(about)
    unit, pieces = units[row]
    without = what_if.without_context(of)[pieces[0]]
    is_same = without.id == trace.target_pieces[pieces[0]].id
    said_ = shown_piece(of.parameters.vocabulary[without.id])
    return Quiz(
        asks=say("quiz.bare", model=about.named(about.model), word=unit.text),
        options=(say("quiz.yes"), say("quiz.no")),
        right=(say("quiz.yes" if is_same else "quiz.no"),),
        told=say("quiz.bare_told", said=said_, word=unit.text),
    )
