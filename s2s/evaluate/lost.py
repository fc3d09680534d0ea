"""Which source words a translation has lost, which it has kept, and of which that cannot be told.

Two witnesses are heard. One is a model with attention that is made to say the translation: each word said
has its posteriors (Shankar & Sarawagi 2019), and so much of its probability is owed to a source word. The
other is a table of what words are in translations by people (`s2s.data.senses`), which owes nothing to any
model.

- *Kept*: one of the word's senses is said, or it itself, where the model looked for it or where no other word
  explains what is said; or something said is most probably owed to it.
- *Lost*: a word one of whose senses stands in nearly every translation by a person, none of them is said, and
  next to nothing that is said is owed to it.
- *Unclear*: all others. Words that the other language says otherwise, or does without, are among them.
  Without a table nothing is called lost, for a model puts wrong words down to some source word, too.

One judge for all translations, whoever made them. How often it is right: `s2s.evaluate.judging`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np

from s2s import text
from s2s.data.senses import Senses, senses
from s2s.errors import TraceError
from s2s.traces import Alignment, Trace, Unit

Verdict = Literal["kept", "lost", "unclear"]

# Chosen on dev pairs, their translations whole, with words taken out or replaced, and in chains of three of
# which one is said as another or not at all: with these, nine of ten words called lost in the chains are, and
# fewer than one of a hundred in whole translations by people is called so.
SURE: Final = 0.925  # of the translations by people have a sense of a word whose absence says something
OWED: Final = 0.5  # probability of a word said that is owed to a source word: more, and that is kept
IDLE: Final = 0.05  # less, and nothing said is owed to it
_LOOKED: Final = 0.02  # of the posteriors of a sense: it was looked for there
_TAKEN: Final = 0.5  # of the posteriors of a sense: another word, whose sense it also is, explains it


class Judged(NamedTuple):
    """A source word, and what became of it."""

    unit: Unit
    verdict: Verdict

    @property
    def is_lost(self) -> bool:
        """Whether the translation has lost it, as far as can be told."""
        return self.verdict == "lost"


def is_word(unit: Unit) -> bool:
    """Whether a unit has a letter or a digit in it: neither the end token nor a sign."""
    return not unit.is_end and text.is_word(unit.text)


def judge(explained: Alignment, table: Senses) -> tuple[Judged, ...]:
    """The words of the source in order, signs left out; `explained` is the judge's alignment by
    posteriors, `table` the senses of its words."""
    columns = [column for column, unit in enumerate(explained.source_units) if is_word(unit)]
    rows = [row for row, unit in enumerate(explained.target_units) if is_word(unit)]
    read = {column: _form(explained.source_units[column]) for column in columns}
    said = {row: _form(explained.target_units[row]) for row in rows}
    posteriors = explained.weights
    owed = posteriors * np.exp(explained.log_probs)[:, None]  # (target_units, source_units)
    translated = {
        (row, column)
        for column in columns
        for row in rows
        if said[row] == read[column] or (read[column] in table and said[row] in table[read[column]].said)
    }
    own = _matched(translated, posteriors, read)

    def verdict(column: int) -> Verdict:
        most = max((float(owed[row, column]) for row in rows), default=0.0)
        if column in own:
            row = own[column]
            rivals = [posteriors[row, other] for r, other in translated if r == row and other != column]
            if posteriors[row, column] >= _LOOKED or max(rivals, default=0.0) < _TAKEN:
                return "kept"
        if most >= OWED:
            return "kept"
        is_said = any(other == column for _, other in translated)
        sense = table.get(read[column])
        is_lost = not is_said and sense is not None and sense.share >= SURE and most < IDLE
        return "lost" if is_lost else "unclear"

    return tuple(Judged(explained.source_units[column], verdict(column)) for column in columns)


def judge_trace(trace: Trace) -> tuple[Judged, ...]:
    """The same of what a model explained (`Translator.explain`), by the table of its languages. Raises
    TraceError where it has no posteriors."""
    explained = trace.alignment(row="explains")
    if explained is None:
        raise TraceError("model_without_attention", name=trace.model)
    return judge(explained, senses(trace.languages))


def _form(unit: Unit) -> str:
    return text.normalise(unit.text).text.lower()


def _matched(
    translated: set[tuple[int, int]], posteriors: np.ndarray, read: dict[int, str]
) -> dict[int, int]:
    """By source word, the sense of it that is said and most its own. What is said once is not the sense of
    a word twice, where that word stands twice in the source."""
    found: dict[int, int] = {}
    taken: set[tuple[int, str]] = set()
    for row, column in sorted(translated, key=lambda cell: (-posteriors[cell], cell)):
        if column not in found and (row, read[column]) not in taken:
            found[column] = row
            taken.add((row, read[column]))
    return found


def told(words: Sequence[Judged]) -> int:
    """Of how many words it can be told."""
    return sum(word.verdict != "unclear" for word in words)


def lost_share(words: Sequence[Judged]) -> float:
    """The share of words that are lost, of those of which it can be told; 0 of none."""
    return sum(word.is_lost for word in words) / max(told(words), 1)


def by_part(words: Sequence[Judged], parts: int) -> tuple[tuple[int, int], ...]:
    """Lost words, and all of which it can be told, of each of `parts` parts of a source, the start first."""
    counts = [[0, 0] for _ in range(parts)]
    for place, word in enumerate(words):
        part = counts[parts * place // len(words)]
        part[0] += word.is_lost
        part[1] += word.verdict != "unclear"
    return tuple((lost, all_) for lost, all_ in counts)
