"""A small grammar of Korean and English that makes sentence pairs from the lexicon.

Each template chooses words that make sense together and says the same in both languages. The same seed gives
the same pairs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from s2s.data.corpora import Pair, read_pairs
from s2s.data.grammar import amounts, joined, nominal, phrases, sentences, wants, weather, where
from s2s.data.grammar.clauses import Draw
from s2s.data.grammar.english import contracted
from s2s.data.grammar.forms import Said
from s2s.data.grammar.hangul import final
from s2s.data.grammar.lexicon import EXPRESSIONS, LEXICON, read_lexicon
from s2s.text import without_final_mark

Template = Callable[[Draw], Said]

TEMPLATES: Final[dict[Template, int]] = {
    sentences.statement: 20,
    sentences.frequent: 2,
    sentences.of_things: 5,
    sentences.of_animals: 1,
    sentences.question: 22,
    sentences.why_or_when: 10,
    sentences.what: 7,
    sentences.where_to: 2,
    sentences.who_did: 2,
    sentences.request: 46,
    sentences.permission: 10,
    joined.sequence: 2,
    joined.contrast: 1,
    joined.reason: 2,
    joined.condition: 2,
    joined.time_clause: 3,
    joined.purpose: 2,
    joined.relative_sentence: 4,
    joined.thought: 3,
    joined.feeling: 1,
    joined.easy_or_hard: 1,
    nominal.profession: 6,
    nominal.wish_to_be: 2,
    nominal.identity: 5,
    nominal.belonging: 2,
    nominal.trait: 8,
    nominal.comparison: 3,
    nominal.which: 2,
    where.existence: 4,
    where.location: 4,
    where.possession: 5,
    nominal.ache: 1,
    nominal.liking: 2,
    nominal.origin: 2,
    wants.need: 4,
    wants.giving: 4,
    wants.about: 4,
    wants.favourite: 3,
    wants.introduction: 2,
    wants.superlative: 2,
    wants.together: 3,
    wants.too: 3,
    nominal.who_is: 1,
    nominal.how_was: 2,
    amounts.span: 2,
    weather.weather: 2,
    weather.going: 2,
    amounts.counting: 3,
    amounts.how_many: 1,
    amounts.clock: 2,
    amounts.date: 2,
    amounts.age: 2,
    amounts.price: 2,
    phrases.single: 20,
    phrases.phrase: 13,
}

_MARKED: Final = 0.7  # of the sentences end in their mark, in both languages
_FIXED: Final = 0.03  # of the draws are fixed expressions
_LONGEST: Final = 14  # words on a side
_BARREN: Final = 500  # draws in a row without a new pair, after which there are none to be had
_ASKING: Final = re.compile(  # a question without its mark
    "(니|까|까요|래|래요)$|누구|누가|뭐|뭘|무엇|어디|언제|왜|어떻|어때|몇|얼마|어느|어떤|줄 수|주실|주시"
)
_GIVING: Final = re.compile(r"([^개대리레]) (?=(?:줘|주세요|주십시오|줄래|줄 수|주실래요|주시겠)\b)")


def generate(
    count: int, seed: int, *, path: Path = LEXICON, expressions: Path = EXPRESSIONS
) -> Iterator[Pair]:
    """So many different pairs, or fewer where the grammar has no more.

    Raises DataError where lexicon or expressions cannot be read.
    """
    draw = Draw(random.Random(seed), read_lexicon(path))
    fixed = read_pairs(expressions)
    seen: set[Pair] = set()
    barren = 0
    while len(seen) < count and barren < _BARREN:
        pair = _expression(draw, fixed) if draw.often(_FIXED) else one_pair(draw)
        if pair in seen or max(len(side.split()) for side in pair) > _LONGEST:
            barren += 1
            continue
        barren = 0
        seen.add(pair)
        yield pair


def one_pair(draw: Draw) -> Pair:
    """A pair of a template."""
    draw.renew()
    template = draw.chance.choices(list(TEMPLATES), list(TEMPLATES.values()))[0]
    return finished(draw, template(draw))


def _expression(draw: Draw, fixed: Sequence[Pair]) -> Pair:
    """A greeting or another fixed expression, sometimes without its mark."""
    pair = draw.one(fixed)
    return pair if draw.often(_MARKED) else Pair(*map(without_final_mark, pair))


def finished(draw: Draw, said: Said) -> Pair:
    """A pair as people write it: capital, mark or none, short forms, spaces that some leave out."""
    korean, english = _spaced(draw, said.korean), said.english
    if draw.often(0.9):
        english = contracted(english)
    if not said.mark:
        return Pair(korean, english)
    english = english[0].upper() + english[1:]
    is_clear = said.mark == "." or _ASKING.search(korean)
    if is_clear and not draw.often(_MARKED):
        return Pair(korean, english)
    return Pair(korean + said.mark, english + said.mark)


def _spaced(draw: Draw, korean: str) -> str:
    if draw.often(0.5):
        korean = _GIVING.sub(lambda found: found[1] if not final(found[1]) else found[0], korean)
    if draw.often(0.15):
        korean = re.sub(r"(?<= )(못|안) (?=\w)", r"\1", korean)
    if draw.often(0.06):
        korean = re.sub(r" (?=(?:수|것|거|때|적)\b)|(?<=\b수) (?=[있없])", "", korean)
    return korean
