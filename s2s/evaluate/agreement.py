"""How far several models agree on where to look, on the words that all of them say."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from s2s.text import is_word
from s2s.traces import Alignment


class SharedWord(NamedTuple):
    """A target word that every model says. Rows and columns are one per model, in the models' order."""

    text: str
    rows: tuple[int, ...]  # where it stands in each translation
    columns: tuple[int, ...]  # the source unit that had most weight when it was predicted

    @property
    def agreed(self) -> bool:
        """Whether all models looked most at the same source unit."""
        return len(set(self.columns)) == 1


def shared_words(alignments: Sequence[Alignment]) -> tuple[SharedWord, ...]:
    """The target words that all models say, matched in order; end tokens and marks are none.

    The source axis must be the same in all, as it is for one sentence at one level. Words match whatever
    their case; what one model alone says, or says elsewhere, is not compared.
    """
    if not alignments:
        return ()
    texts = [[u.text.casefold() for u in a.target_units if not u.is_end] for a in alignments]
    matched: dict[int, tuple[int, ...]] = {row: (row,) for row in range(len(texts[0]))}
    for other in texts[1:]:
        partner = {
            block.a + k: block.b + k
            for block in SequenceMatcher(a=texts[0], b=other, autojunk=False).get_matching_blocks()
            for k in range(block.size)
        }
        matched = {row: (*rows, partner[row]) for row, rows in matched.items() if row in partner}
    strongest = [alignment.weights.argmax(axis=1) for alignment in alignments]
    return tuple(
        SharedWord(
            text=alignments[0].target_units[row].text,
            rows=rows,
            columns=tuple(int(columns[r]) for columns, r in zip(strongest, rows, strict=True)),
        )
        for row, rows in matched.items()
        if is_word(alignments[0].target_units[row].text)
    )
