"""Links that a person drew between a sentence and its translation, on the axes of a model's picture.

A person links words of the reference. What a model said is held against it word by word, in order (the
longest runs that both have, whatever their case): a word that both have keeps its links, any other has none
to compare with. NumPy and the standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from s2s.evaluate.gold import GoldPair
from s2s.pieces import Unit
from s2s.text import Word, is_word, words
from s2s.traces import Trace


class DrawnLink(NamedTuple):
    """A link on the axes of a picture: the units of its two words, most often one each."""

    columns: range  # source units
    rows: range  # target units
    is_sure: bool


class Comparison(NamedTuple):
    """How far the strongest weights are links that a person drew."""

    words: int  # what the model said, without marks
    compared: int  # of these, those that the reference has, too, and that are linked
    agreed: int  # of these, those that attend most to a source word that a person linked them to


def drawn_links(
    pair: GoldPair, trace: Trace, source_units: Sequence[Unit], target_units: Sequence[Unit]
) -> tuple[DrawnLink, ...]:
    """The links of a pair on the axes of a picture of its sentence; those of words that the model did not
    say, or that the axes lack, are left out."""
    said = words(trace.target, trace.target_language)
    columns = [_units(word, source_units) for word in words(trace.source, trace.source_language)]
    found = []
    for target, k in _shared(pair, said, trace.target_language).items():
        rows = _units(said[k], target_units)
        for source, linked in sorted(pair.possible):
            if linked == target and source < len(columns) and columns[source] and rows:
                found.append(DrawnLink(columns[source], rows, (source, linked) in pair.sure))
    return tuple(found)


def compare(pair: GoldPair, trace: Trace) -> Comparison | None:
    """How far a model attended as a person linked, word by word; None for one without attention."""
    alignment = trace.alignment()
    if alignment is None:
        return None
    said = words(trace.target, trace.target_language)
    read = [_units(word, alignment.source_units) for word in words(trace.source, trace.source_language)]
    most = alignment.weights.argmax(axis=1)
    compared = agreed = 0
    for target, k in _shared(pair, said, trace.target_language).items():
        rows = _units(said[k], alignment.target_units)
        linked = [read[i] for i, j in pair.possible if j == target and i < len(read)]
        if not is_word(said[k].text) or not linked or not rows:
            continue
        compared += 1
        agreed += any(most[rows[0]] in columns for columns in linked)
    return Comparison(sum(is_word(word.text) for word in said), compared, agreed)


def _shared(pair: GoldPair, said: Sequence[Word], language: str) -> dict[int, int]:
    """Which word of the reference each word is that a model said, as far as they agree."""
    reference = [word.text.lower() for word in words(pair.target, language)]
    matcher = SequenceMatcher(None, reference, [word.text.lower() for word in said], autojunk=False)
    return {a + i: b + i for a, b, size in matcher.get_matching_blocks() for i in range(size)}


def _units(word: Word, units: Sequence[Unit]) -> range:
    """The units in which a word's characters stand."""
    found = [i for i, u in enumerate(units) if not u.is_end and u.start < word.end and word.start < u.end]
    return range(found[0], found[-1] + 1) if found else range(0)
