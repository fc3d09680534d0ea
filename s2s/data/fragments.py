"""Fragments of sentence pairs: part of a sentence and the part of its translation that belongs to it.

A model that has learned from whole sentences alone makes a whole one of anything it is given. Fragments teach
it that half a sentence has half a translation. They are the phrase pairs that are consistent with the word
alignment (Koehn, Och & Marcu 2003): no word inside is linked to a word outside. Whoever types is most often
inside a word: beginnings of sentences come with the first letters of the next word too, which say nothing
yet.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import numpy as np

from s2s.config import FragmentConfig
from s2s.data.aligner import Alignment, Floats, Integers, Link, Links
from s2s.data.corpora import Pair
from s2s.text import Word, is_word, lower_words, words

Kind = Literal["prefix", "half a word", "single word", "inner"]
KINDS: Final[tuple[Kind, ...]] = ("prefix", "half a word", "single word", "inner")

_AHEAD: Final = 2  # at most so many unlinked words are taken in to reach the start of a sentence
_USUAL: Final = 5  # times a word is met before its letters are that word, and no half of another
_SHORTEST_HALVED: Final = 3  # letters
_SEEN: Final = 3  # single words that were translated in one way less often than this are doubted


class Phrase(NamedTuple):
    """Words `source_start` to `source_end` (excluded) of a sentence, and words of its translation."""

    source_start: int
    source_end: int
    target_start: int
    target_end: int


class Fragment(NamedTuple):
    """A phrase in the very characters of the sentences it is from."""

    source: str
    target: str
    kind: Kind
    words: int  # of the source


@dataclass(frozen=True)
class Found:
    """How often each fragment was met, and how many phrases were left out, by reason."""

    counts: Counter[Fragment] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


class Chosen(NamedTuple):
    """The fragments to learn from, and how many others were left out, by reason."""

    fragments: list[Fragment]
    left_out: Counter[str]


def is_consistent(phrase: Phrase, links: Iterable[Link]) -> bool:
    """Whether a link is inside the phrase and none has one end inside (Koehn et al. 2003, section 4.5)."""
    a, b, c, d = phrase
    ends = [(a <= i < b, c <= j < d) for i, j in links]
    return any(source and target for source, target in ends) and all(s == t for s, t in ends)


def phrases(links: Links, source_len: int, *, longest: int) -> Iterator[Phrase]:
    """The consistent phrases of up to so many source words whose first and last words all have a link.

    For each source part there is at most one, the target words from the first that is linked to the last.
    """
    of_source: list[list[int]] = [[] for _ in range(source_len)]
    of_target: defaultdict[int, list[int]] = defaultdict(list)
    for i, j in links:
        of_source[i].append(j)
        of_target[j].append(i)
    for start in range(source_len):
        if not of_source[start]:
            continue
        first = low = min(of_source[start])  # the target part is low..high; first..last of it has been seen
        last, high, reach = first - 1, first - 1, start
        for end in range(start, min(start + longest, source_len)):
            if not of_source[end]:
                continue
            low, high = min(low, *of_source[end]), max(high, *of_source[end])
            giving = [
                i for j in (*range(low, first), *range(last + 1, high + 1)) for i in of_target.get(j, ())
            ]
            first, last, reach = low, high, max(reach, *giving, reach)
            if giving and min(giving) < start:
                break  # a word before the phrase is linked into it, however far it goes
            if reach <= end:
                yield Phrase(start, end + 1, low, high + 1)


def from_the_start(phrase: Phrase, links: Links) -> Phrase:
    """The phrase with the unlinked words before it, if it then begins both sentences; else as it is.

    English "Do" and "Did" have often no link, nor the first words of "est-ce que".
    """
    before = phrase.source_start, phrase.target_start
    if max(before) > _AHEAD or any(i < before[0] or j < before[1] for i, j in links):
        return phrase
    return Phrase(0, phrase.source_end, 0, phrase.target_end)


def leaks(alignment: Alignment, found: Sequence[Phrase]) -> Floats:
    """Of each phrase, the most that a word's probability crosses its border, 0 to 1: (phrases,).

    Links are the strongest of these probabilities alone. A word that almost as likely belongs to one on the
    other side makes a phrase doubtful, although no link says so.
    """
    a, b, c, d = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return np.maximum(_leaks(alignment.forward, a, b, c, d), _leaks(alignment.backward, c, d, a, b))


def _leaks(given: Floats, a: Integers, b: Integers, c: Integers, d: Integers) -> Floats:
    """`given` is (words, givers); the phrases are the givers a to b and the words c to d."""
    total = np.pad(np.cumsum(given, axis=1), ((0, 0), (1, 0)))
    inside = total[:, b] - total[:, a]  # (words, phrases)
    word = np.arange(len(given))[:, None]
    crossing: Floats = np.where((word >= c) & (word < d), total[:, -1:] - inside, inside)
    return np.asarray(crossing.max(axis=0))


def candidates(
    pair: Pair, links: Links, config: FragmentConfig, *, left_out: Counter[str]
) -> Iterator[tuple[Phrase, Fragment]]:
    """The consistent phrases of a pair that read like parts of sentences; counts those that do not."""
    source, target = words(pair.source, config.source_language), words(pair.target, config.target_language)
    longest = config.longest
    linked = {j for _, j in links}
    for tight in phrases(links, len(source), longest=longest):
        phrase = from_the_start(tight, links)
        kind = _kind(phrase)
        reason = _fault(source, target, phrase, kind)
        if not reason and not {phrase.target_start - 1, phrase.target_end} <= linked | {-1, len(target)}:
            reason = "beside a word of the translation without a link"
        if reason or phrase.source_end - phrase.source_start > longest or kind is None:
            left_out[reason or "too long from the start"] += 1
        else:
            yield phrase, _cut(pair, source, target, phrase, kind)


def _kind(phrase: Phrase) -> Kind | None:
    """None if it begins one of the sentences alone: its capital letter would be learned, or lost."""
    starts = phrase.source_start, phrase.target_start
    if not all(starts):
        return None if any(starts) else "prefix"
    return "single word" if phrase.source_end - phrase.source_start == 1 else "inner"


def _fault(source: Sequence[Word], target: Sequence[Word], phrase: Phrase, kind: Kind | None) -> str:
    """Why a phrase is not one to learn from, or nothing."""
    if kind is None:
        return "begins one of the two sentences only"
    sides = [
        [word.text for word in source[phrase.source_start : phrase.source_end]],
        [word.text for word in target[phrase.target_start : phrase.target_end]],
    ]
    few, many = sorted(map(len, sides))
    if many > 2 * few + 2:
        return "lengths too different"
    if not all(side[0][0].isalnum() for side in sides):
        return "begins with a mark"
    if not all(is_word(side[-1]) for side in sides) and not (
        kind == "prefix" and all(side[-1] == "," for side in sides)  # so one writes on
    ):
        return "ends with a mark"
    if any("".join(side).count('"') % 2 or side.count("(") != side.count(")") for side in sides):
        return "an open quote or bracket"
    if kind != "prefix" and any(word[0] in ".?!" for side in sides for word in side):
        return "parts of two sentences"
    return ""


def _cut(pair: Pair, source: Sequence[Word], target: Sequence[Word], phrase: Phrase, kind: Kind) -> Fragment:
    a, b, c, d = phrase
    return Fragment(
        source=pair.source[source[a].start : source[b - 1].end],
        target=pair.target[target[c].start : target[d - 1].end],
        kind=kind,
        words=b - a,
    )


def sound(
    pair: Pair, alignment: Alignment, config: FragmentConfig, left_out: Counter[str]
) -> list[tuple[Phrase, Fragment]]:
    """The candidates of a pair that no word's probability leaves by more than `config.leak`."""
    found = list(candidates(pair, alignment.links, config, left_out=left_out))
    if not found:
        return []
    doubtful = leaks(alignment, [phrase for phrase, _ in found]) > config.leak
    left_out["alignment in doubt"] += int(doubtful.sum())
    return [one for one, leaves in zip(found, doubtful.tolist(), strict=True) if not leaves]


def usual_words(texts: Iterable[str], language: str) -> frozenset[str]:
    """Words, in lower case, that are met often enough to be themselves and not half of another."""
    counts = Counter(word for text in texts for word in lower_words(text, language))
    return frozenset(word for word, count in counts.items() if count >= _USUAL)


def with_half_words(
    pair: Pair,
    found: Sequence[tuple[Phrase, Fragment]],
    usual: Collection[str],
    drawing: random.Random,
    *,
    language: str,
) -> Iterator[Fragment]:
    """The prefixes of a pair with the first letters of the word behind each, as many as are drawn, if there
    are any that are no word by themselves. The translation is that of the prefix: the rest is not known."""
    source = words(pair.source, language)
    for phrase, fragment in found:
        if fragment.kind != "prefix" or phrase.source_end == len(source):
            continue
        word = source[phrase.source_end]
        halves = [n for n in range(1, len(word.text)) if word.text[:n].lower() not in usual]
        if word.text.isalpha() and len(word.text) >= _SHORTEST_HALVED and halves:
            end = word.start + drawing.choice(halves)
            yield Fragment(pair.source[source[0].start : end], fragment.target, "half a word", fragment.words)


def collect(pairs: Sequence[Pair], alignments: Iterable[Alignment], config: FragmentConfig) -> Found:
    """The fragments of all pairs: all that begin a sentence, those with half a word more, all single words,
    and of the others at most `config.per_pair` of a pair, drawn by `config.seed`."""
    found, drawing = Found(), random.Random(config.seed)
    usual = usual_words((pair.source for pair in pairs), config.source_language)
    for alignment in alignments:
        pair = pairs[alignment.pair]
        kept = sound(pair, alignment, config, found.left_out)
        fragments = [fragment for _, fragment in kept]
        fragments += with_half_words(pair, kept, usual, drawing, language=config.source_language)
        inner = [fragment for fragment in fragments if fragment.kind == "inner"]
        found.counts.update(fragment for fragment in fragments if fragment.kind != "inner")
        if len(inner) > config.per_pair:
            found.left_out["more than were drawn from a pair"] += len(inner) - config.per_pair
            inner = drawing.sample(inner, config.per_pair)
        found.counts.update(inner)
    return found


def choose(counts: Counter[Fragment], config: FragmentConfig) -> Chosen:
    """The fragments to learn from, each once: prefixes, those with half a word, single words, then inner ones
    by length.

    Of what a source was translated as, that is kept which was met often enough beside the most frequent: a
    word that stands alone is to get its best translations, and chance is to teach nothing. Inner fragments
    beyond `config.inner` of a length, and half words beyond `config.half_words`, are drawn by `config.seed`,
    first of those that were met more than once.
    """
    best: Counter[tuple[Kind, str]] = Counter()
    best_of_target: Counter[tuple[Kind, str]] = Counter()
    for (source, target, kind, _), count in counts.items():
        best[kind, source] = max(best[kind, source], count)
        best_of_target[kind, target] = max(best_of_target[kind, target], count)
    left_out: Counter[str] = Counter()
    kept: defaultdict[tuple[Kind, int], list[Fragment]] = defaultdict(list)
    for fragment, count in counts.items():
        source, target, kind, length = fragment
        share = config.inner_share if kind in ("single word", "inner") else config.prefix_share
        if count < share * best[kind, source]:
            left_out["rarer than another translation"] += 1
        elif kind == "single word" and count < min(_SEEN, best_of_target[kind, target] * config.word_share):
            left_out["a rare word for a frequent one"] += 1
        else:
            kept[kind, length if kind == "inner" else 0].append(fragment)
    drawing = random.Random(config.seed)
    said: set[tuple[str, str]] = set()  # by fragments of another kind before
    chosen: list[Fragment] = []
    for kind, length in sorted(kept, key=lambda key: (KINDS.index(key[0]), key[1])):
        fragments = [one for one in kept[kind, length] if (one.source, one.target) not in said]
        left_out["kept as another kind"] += len(kept[kind, length]) - len(fragments)
        if (most := {"inner": config.inner, "half a word": config.half_words}.get(kind)) is not None:
            drawing.shuffle(fragments)
            fragments.sort(key=lambda fragment: counts[fragment] == 1)
            left_out["more than were drawn"] += max(0, len(fragments) - most)
            del fragments[most:]
        said.update((one.source, one.target) for one in fragments)
        chosen += fragments
    return Chosen(chosen, left_out)
