"""What a lesson asks, and the answer: computed from the models, of the sentence at hand, each time.

A kind of question is a function of KINDS; a lesson's file names it, with what it is about. Nobody writes an
answer down. What cannot be asked of a sentence says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final

from pages.kit.lesson import Question, said
from pages.kit.quiz import whole, words
from pages.kit.quiz.asked import Asked, Quiz
from pages.kit.strings import Strings
from s2s.errors import S2SError
from s2s.text import normalise


def quiz(question: Question, text: str, reference: str, say: Strings) -> Quiz:
    """The question about a sentence, with its answer; of one that cannot be asked, why not."""
    key = sha256(repr((question, normalise(text).text)).encode()).hexdigest()[:12]
    about = Asked(question, text, reference, say)
    try:
        if question.kind not in KINDS:
            return Quiz(key, reason=say("quiz.unknown", kind=question.kind[:40]))
        if not normalise(text).text:
            return Quiz(key, reason=say("quiz.no_sentence"))
        found = KINDS[question.kind](about)
    except S2SError as error:
        return Quiz(key, reason=say.error(error))
    asks = said(question.asks, say.language) or found.asks
    return found._replace(key=key, asks=asks)


# What each kind is about: fields of a Question.
NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "looks": ("model", "word"),
    "agree": ("models",),
    "total": ("model", "word"),
    "next": ("model", "step"),
    "feeds": ("model", "step", "fed"),
    "parts": ("model",),
    "bare": ("model", "word"),
    "lost": ("model", "sentences"),
    "loses_more": ("models", "sentences"),
    "handed": ("model",),
    "measured": ("compare",),
    "waits": ("models",),
    "way": ("model", "word"),
    "gradient": ("model", "word"),
    "learns_most": ("models",),
    "open": (),
}
KINDS: Final[Mapping[str, Callable[[Asked], Quiz]]] = {
    "looks": words.looks,
    "agree": words.agree,
    "total": words.total,
    "next": words.comes_next,
    "feeds": words.feeds,
    "parts": words.parts,
    "bare": words.bare,
    "lost": whole.lost,
    "loses_more": whole.loses_more,
    "handed": whole.handed,
    "measured": whole.measured,
    "waits": whole.waits,
    "way": whole.way,
    "gradient": whole.gradient,
    "learns_most": whole.learns_most,
    "open": whole.open_question,
}
