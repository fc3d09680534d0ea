"""The lines of Python that make the pictures of a head again: those of the place first, then of a picture."""

from __future__ import annotations

from typing import Final

from pages.kit.export import Origin, loaded, quoted
from pages.labs.head.here import TOP, Here
from s2s.walkthrough.what_if_heads import Change

_PLACE: Final = """\
from s2s.figures import heads as draw
from s2s.figures.look import Look
from s2s.figures.palette import LIGHT
from s2s.figures.stages import likely_words
from s2s.translator import Translator
from s2s.walkthrough import heads, what_if, what_if_heads

workings = {model}.head_workings({text})
at = heads.At({kind}, layer={layer}, head={head}, step={step})  # all from 0
place = {place}  # of the piece that is looked at
look = Look(palette=LIGHT, labels={{"added": "added", "head": "head {{head}}"}})"""

_WORDS: Final = """\
found = what_if_heads.continued(workings{change})
said = what_if.likeliest(workings.parameters, found.log_probs[{step}], count={count})
words = [(workings.parameters.vocabulary[one.id], one.probability) for one in said]
figure = likely_words(words, look).plotly()"""


def line(name: str, *arguments: str) -> str:
    """The line of a picture of `s2s.figures.heads`."""
    return f"figure = draw.{name}({', '.join(('workings', 'at', *arguments, 'look'))}).plotly()"


def dropping(name: str, dropped: bool) -> str:
    """The same of one that may lack the head."""
    return f"figure = draw.{name}(workings, at, look, dropped={dropped}).plotly()"


def words(one: Here, change: Change | None) -> str:
    """The lines of the likeliest words, with a change or without."""
    told = "" if change is None else f", what_if_heads.{change!r}"
    return _WORDS.format(change=told, step=one.step, count=TOP)


def origin(one: Here) -> Origin:
    """Where the pictures come from."""
    trace, at = one.workings.trace, one.at
    code = _PLACE.format(
        model=loaded(trace.model),
        text=quoted(trace.source),
        kind=quoted(at.kind),
        layer=at.layer,
        head=at.head,
        step=at.step,
        place=one.place,
    )
    return Origin((trace.model,), trace.source, code)
