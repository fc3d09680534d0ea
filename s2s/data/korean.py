"""How public Korean corpora are read: a chatbot's questions, cores of utterances, two registers, Tatoeba."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from s2s.data.corpora import OnBadLine, Pair, lines_of, read_tatoeba
from s2s.errors import DataError
from s2s.registers import is_casual, is_polite

_HALF: Final = 5  # StyleKQC: sentences of an intention in either register, the polite ones first
_OVERLAP: Final = 0.45  # least Dice coefficient of two sentences that are a pair


class Read(NamedTuple):
    """What a corpus holds."""

    groups: Sequence[Sequence[Pair]]  # pairs that belong together: none is parted between train and test
    lines: int  # of its files, a head left out
    others: Mapping[str, bytes]  # files to keep beside the pairs, by name


def read_chat(files: Mapping[str, bytes], on_bad_line: OnBadLine) -> Read:
    """Chatbot_data: a table with commas and a head, question, answer and a number for the topic."""
    found, count = [], 0
    for path, text in _texts(files):
        for number, row in enumerate(csv.reader(io.StringIO("\n".join(text))), start=1):
            if number == 1 and row[-1:] == ["label"]:
                continue
            count += 1
            pair = _pair(row, path, number, columns=3, on_bad_line=on_bad_line)
            if pair is not None and pair.source != pair.target:
                found.append([pair])
    return Read(found, count, {})


def read_core(files: Mapping[str, bytes], on_bad_line: OnBadLine) -> Read:
    """sae4k: an utterance, its core and a number for the kind, a tab between them; stray `;` are no part."""
    found, count = [], 0
    for path, text in _texts(files):
        for number, line in enumerate(text, start=1):
            if not line:
                continue
            count += 1
            row = line.replace(";", "").split("\t")
            pair = _pair(row, path, number, columns=3, on_bad_line=on_bad_line)
            if pair is not None and pair.source != pair.target:
                found.append([pair])
    return Read(found, count, {})


def read_styles(files: Mapping[str, bytes], on_bad_line: OnBadLine) -> Read:
    """StyleKQC: a number for the topic and a sentence, ten after ten of one intention, five polite and the
    same five casual. Those at the same place are a pair where they share enough syllables and each is in its
    register."""
    groups, count = [], 0
    for path, text in _texts(files):
        said = [line.split("\t") for line in text if line]
        if wrong := next((i for i, row in enumerate(said, start=1) if len(row) != 2), None):
            raise DataError("line_columns", path=path, line=wrong, found=len(said[wrong - 1]))
        sentences = [sentence.strip() for _, sentence in said]
        count += len(sentences)
        if len(sentences) % (2 * _HALF):
            raise DataError("corpus_other", path=path, found=len(sentences), expected="a multiple of 10")
        for start in range(0, len(sentences), 2 * _HALF):
            ten = sentences[start : start + 2 * _HALF]
            pairs = map(Pair, ten[:_HALF], ten[_HALF:])
            groups.append([pair for pair in pairs if _is_one_intention(pair)])
    return Read([group for group in groups if group], count, {})


def read_tatoeba_with_names(files: Mapping[str, bytes], on_bad_line: OnBadLine) -> Read:
    """Tatoeba as ManyThings packs it, and who wrote each sentence: their licence asks for the names."""
    found, names, count = [], [], 0
    for path, text in _texts(files):
        count += sum(bool(line) for line in text)
        pairs = read_tatoeba(path, data="\n".join(text).encode(), on_bad_line=on_bad_line)
        found += [[pair] for pair in pairs]
        rows = (line.split("\t") for line in text if line.count("\t") == 2)
        names += [f"{other}\t{english}\t{name}\n" for english, other, name in rows]
    return Read(found, count, {"attribution.tsv.gz": gzip.compress("".join(names).encode(), mtime=0)})


def _texts(files: Mapping[str, bytes]) -> Iterator[tuple[Path, list[str]]]:
    return ((Path(name), lines_of(data, Path(name))) for name, data in files.items())


def _pair(
    row: Sequence[str], path: Path, number: int, *, columns: int, on_bad_line: OnBadLine
) -> Pair | None:
    """The first two columns of a row that has as many as it should, and text in both."""
    if len(row) != columns:
        on_bad_line(DataError("line_columns_other", path=path, line=number, found=len(row), expected=columns))
    elif not (row[0].strip() and row[1].strip()):
        on_bad_line(DataError("line_empty_side", path=path, line=number))
    else:
        return Pair(row[0].strip(), row[1].strip())
    return None


def _is_one_intention(pair: Pair) -> bool:
    return is_polite(pair.source) and is_casual(pair.target) and overlap(*pair) >= _OVERLAP


def overlap(one: str, other: str) -> float:
    """The Dice coefficient of the runs of two and three syllables inside the words of two sentences."""
    first, second = _runs(one), _runs(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def _runs(text: str) -> Counter[str]:
    return Counter(
        word[start : start + length]
        for word in text.split()
        for length in (2, 3)
        for start in range(len(word) - length + 1)
    )
