"""Training pairs as people type them: without the final mark, in lower case, without accents, with a slip.

Models that have seen carefully written sentences alone are lost as soon as one is typed. A modifier changes
a pair, on both sides where the translation changes with it; each has a share (`TypingConfig`), and all are
drawn from one generator, so that models trained with the same seed see the same examples. After the modifiers
of OpusTrainer (Bogoychev et al. 2023).

What `text.normalise` makes the same anyway (curly and straight apostrophes, guillemets, "..." and "…", all
kinds of space, full-width marks) and what `Tokenizer.read` does (capitals throughout) needs no modifier.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from s2s.config import TypingConfig
from s2s.data.corpora import Pair
from s2s.text import without_accents, without_final_mark

_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?] )\W*")
_ABBREVIATED: Final = re.compile(r"\b[ap]\.m\.$")  # its last point is no final mark alone
_SPACED_MARK: Final = re.compile(r" (?=[!?;:])")
_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae"})
_FEWEST: Final = 2  # times that a name stands on both sides before it counts as one
_LONGEST_NAME: Final = 9

# A made-up name is of one of these: syllables of ordinary letters, the same with accents that few texts have,
# or letters that few texts have. What is rare is spelt byte by byte: a model learns to copy what it has no
# piece for.
_SYLLABLES: Final = (
    "ba be bi bo da de do fa fi ga ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so "
    "ta te ti to va ve vi za zo dar kel mor nis rik san tor vin bel gar len mar ner ram sol ten wal zar"
).split()
_RARE_ACCENTS: Final = {
    "a": "āăąåãáǎ", "c": "ćčçċ", "d": "ďđ", "e": "ēęěėẽ", "g": "ğģġ", "i": "ıīįíĩ", "k": "ķ", "l": "łļľ",
    "n": "ńňñņ", "o": "őøōóõ", "r": "řŕ", "s": "śşšș", "t": "ťţț", "u": "ūůűųú", "y": "ýỳ", "z": "źżž",
}  # fmt: skip
_RARE_LETTERS: Final = (
    "āăąćčďđēęěğīįķļłńňőřśşšťũūůűųźżž",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдежзиклмнопрстуфхцчшэюя",
    "가나다라마바사아자차카타하김이박최정강조윤장임한오서신권황안송류홍민수지영현우준",
    "あいうえおかきくけこさしすせそたちつてとなにぬねの山川田中小林東京大阪",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "☀☂★♥✓→∞≠≤∑√π😀🙂🚀🎉👍🌍🐱",
)


class Modifiers:
    """Changes pairs as `config` says. What it knows of names and of their case it learns from `pairs`.

    Names in letters that few texts have are made up only where `has_bytes`: a tokenizer without bytes cannot
    spell them.
    """

    def __init__(self, pairs: Sequence[Pair], config: TypingConfig, *, has_bytes: bool = True) -> None:
        self.config = config
        self.has_bytes = has_bytes
        self._small = _small_words(pair.target for pair in pairs)
        self._names = tuple(name for name in _names(pairs) if name.lower() not in self._small)
        self._is_name = frozenset(self._names)

    def __call__(self, pair: Pair, random: np.random.Generator) -> Pair:
        """The pair as somebody might type it, most often as it is. A side may come out empty."""
        shares = self.config
        draws = random.random(9)
        is_typed, is_unaccented, has_slip = (
            draws[1] < shares.typed,
            draws[6] < shares.unaccented,
            draws[3] < shares.slip,
        )
        if draws[0] < shares.exchanged:
            is_copied = not (is_typed and (is_unaccented or has_slip))  # letter by letter
            pair = self.exchanged(pair, random, rare_letters=self.has_bytes and is_copied)
        if not is_typed:
            return pair
        source, target = pair
        if draws[2] < shares.spaceless:
            source = _SPACED_MARK.sub("", source)
        if has_slip:
            source = with_slip(source, random)
        if draws[5] < shares.ligature:
            source = source.translate(_LIGATURES)
        if is_unaccented:
            source = without_accents(source)
        if draws[7] < shares.unmarked and (unmarked := without_final_mark(source)) != source:
            source, target = unmarked, _unmarked(target)
        if draws[4] < shares.emphasis:
            return Pair(with_emphasis(source, random), target)
        if draws[4] < shares.emphasis + shares.title:
            return Pair(in_title_case(source), target)
        if draws[8] < shares.lower and (lower := source.lower()) != source:
            source, target = lower, self.with_small_starts(target)
        return Pair(source, target)

    def with_small_starts(self, text: str) -> str:
        """The text with its sentences begun by a small letter, as an answer to one that was typed so. Words
        that are written large inside sentences, such as names, and unknown ones stay as they are."""
        letters = list(text)
        for start in _SENTENCE_START.finditer(text):
            word = _WORD.match(text, start.end())
            if word is not None and word[0].lower() in self._small:
                letters[word.start()] = text[word.start()].lower()
        return "".join(letters)

    def exchanged(self, pair: Pair, random: np.random.Generator, *, rare_letters: bool) -> Pair:
        """The pair with other numbers, and another name, where both sides have the same: what is copied is
        learned as copied."""
        source, target = pair
        others: tuple[dict[str, str], dict[str, str]] = ({}, {})
        for number in dict.fromkeys(_NUMBER.findall(source)):
            there = number if _has(target, number) else number.replace(",", ".")
            if number not in ("0", "1") and _has(source, number) and _has(target, there):  # one is no plural
                other = "".join(_digit(number, at, random) for at in range(len(number)))
                others[0][number] = other
                others[1][there] = other if there == number else other.replace(",", ".")
        names = [word for word in dict.fromkeys(_WORD.findall(source)) if word in self._is_name]
        names = [name for name in names if _has_alone(source, name) and _has_alone(target, name)]
        if names:
            name = _one(names, random)
            others[0][name] = others[1][name] = self._other_name(random, rare_letters=rare_letters)
        return Pair(_put(source, others[0]), _put(target, others[1]))

    def _other_name(self, random: np.random.Generator, *, rare_letters: bool) -> str:
        kind = random.random()
        if kind < 0.4 and self._names:
            return _one(self._names, random)
        if kind < 0.85 or not rare_letters:
            name = "".join(_one(_SYLLABLES, random) for _ in range(int(random.integers(2, 4))))
            return (_with_rare_accents(name, random) if rare_letters and kind > 0.6 else name).capitalize()
        letters = _one(_RARE_LETTERS, random)
        return "".join(_one(letters, random) for _ in range(int(random.integers(1, 6)))).capitalize()


def with_slip(text: str, random: np.random.Generator) -> str:
    """The text with one slip of the finger inside a word of four letters or more: two letters in the wrong
    order, one left out, or one twice. Any other text as it is."""
    words = [word for word in _WORD.finditer(text) if word.end() - word.start() >= 4]
    if not words:
        return text
    word = words[int(random.integers(len(words)))]
    at = int(random.integers(word.start() + 1, word.end() - 1))
    first, second = text[at], text[at + 1]
    slip = (second + first, second, first + first + second)[int(random.integers(3))]
    return text[:at] + slip + text[at + 2 :]


def with_emphasis(text: str, random: np.random.Generator) -> str:
    """The text with one to three words next to each other in capitals."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    first = int(random.integers(len(words)))
    start = words[first].start()
    end = words[min(first + int(random.integers(3)), len(words) - 1)].end()
    return text[:start] + text[start:end].upper() + text[end:]


def in_title_case(text: str) -> str:
    """The text with every word begun by a capital."""
    return _WORD.sub(lambda word: word[0][:1].upper() + word[0][1:], text)


def _names(pairs: Iterable[Pair]) -> list[str]:
    """Words that begin with a capital inside a sentence and stand on both sides alike, the most frequent
    first."""
    counts: Counter[str] = Counter()
    for source, target in pairs:
        starts = {match.end() for match in _SENTENCE_START.finditer(target)}
        for word in _WORD.finditer(target):
            name = word[0]
            if 3 <= len(name) <= _LONGEST_NAME and name[0].isupper() and name[1:].islower():
                counts[name] += word.start() not in starts and _has(source, name)
    return [name for name, count in counts.most_common() if count >= _FEWEST]


def _small_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that inside sentences are written small at least as often as with a capital."""
    counts: Counter[str] = Counter()
    for text in texts:
        starts = {match.end() for match in _SENTENCE_START.finditer(text)}
        counts.update(word[0] for word in _WORD.finditer(text) if word.start() not in starts)
    return frozenset(
        word
        for word, count in counts.items()
        if word.islower() and count >= counts[word[:1].upper() + word[1:]]
    )


def _whole(parts: Iterable[str]) -> re.Pattern[str]:
    """Matches these where they are no part of a longer word or number."""
    return re.compile(rf"(?<![\w.,:'-])(?:{'|'.join(map(re.escape, parts))})(?![\w-]|[.,:]\d)")


def _has(text: str, part: str) -> bool:
    return part in text and _whole([part]).search(text) is not None


def _has_alone(text: str, name: str) -> bool:
    """Whether the name stands in the text, and nowhere as part of something else."""
    return 0 < text.count(name) == len(_whole([name]).findall(text))


def _put(text: str, others: dict[str, str]) -> str:
    return _whole(others).sub(lambda found: others[found[0]], text) if others else text


def _unmarked(target: str) -> str:
    """Without the final mark, but "p.m." whole."""
    return target if _ABBREVIATED.search(target) else without_final_mark(target)


def _with_rare_accents(name: str, random: np.random.Generator) -> str:
    """The name with one or two of its letters accented, as in "Dvořák"."""
    places = [at for at, letter in enumerate(name) if letter in _RARE_ACCENTS]
    letters = list(name)
    for at in random.permutation(places)[: int(random.integers(1, 3))]:
        letters[at] = _one(_RARE_ACCENTS[name[at]], random)
    return "".join(letters)


def _digit(number: str, at: int, random: np.random.Generator) -> str:
    """Another digit for the one there, no 0 or 1 at the start; what is no digit as it is."""
    return str(random.integers(0 if at else 2, 10)) if number[at].isdigit() else number[at]


def _one(choices: Sequence[str], random: np.random.Generator) -> str:
    return choices[int(random.integers(len(choices)))]
