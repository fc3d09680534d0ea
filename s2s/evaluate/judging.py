"""How often the judge of lost words is right: asked about translations by people of which it is known what
they lack.

Pairs whose words a person has linked are said in five ways: whole; with words taken out, a third of those
whose translation is theirs alone; with as many replaced by words of other pairs; and as the middle one of
three, which is left out, or said as that of another pair. What was taken out or replaced is lost, all else is
not; words that stand in the other pair, too, are left out.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

from s2s.catalog import read_part
from s2s.errors import DataError
from s2s.evaluate.gold import GoldPair
from s2s.evaluate.lost import Judged, Verdict
from s2s.languages import Languages
from s2s.places import ASSETS
from s2s.records import check, parse_json
from s2s.text import Word, is_word, lower_words, words

FORMAT: Final = 1
FILE: Final = "judge.json"  # beside the table of senses
FORMS: Final = ("whole", "cut", "replaced", "missing", "other")
SEED: Final = 1
_PART: Final = 3  # one of so many words is taken out
_LONG: Final = 4  # letters of what is put in its place, at least
_STEPS: Final = (7, 31, 50)  # to the other pairs of a chain
_VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)

Judge = Callable[[str, str], Sequence[Judged]]  # of a source and what is said to it
Counts = Counter[tuple[str, bool, Verdict]]  # of words: the form, whether it is lost, what the judge says


class Trial(NamedTuple):
    """What the judge is asked, and what is known of it."""

    form: str
    source: str
    target: str
    lost: frozenset[int]  # source words, counted as `s2s.text.words` does
    left_out: frozenset[int] = frozenset()  # of which it is not known


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """How many words got which verdict."""

    kept: int
    lost: int
    unclear: int

    @property
    def words(self) -> int:
        """All of them."""
        return self.kept + self.lost + self.unclear


@dataclass(frozen=True, kw_only=True)
class FormScore:
    """The words of all trials of one form."""

    form: str
    lost: Verdicts  # of words that are lost
    kept: Verdicts  # of words that are not


@dataclass(frozen=True, kw_only=True)
class JudgeScore:
    """What became of the words of all trials."""

    model: str  # that judges
    weights: str  # SHA-256 of its weights
    senses: str  # and of the table
    gold: str  # name of the file with the pairs
    gold_fingerprint: str  # its SHA-256
    pairs: int
    forms: tuple[FormScore, ...]

    @property
    def precision(self) -> float:
        """Of the words that are called lost, the share that is."""
        right, wrong = sum(f.lost.lost for f in self.forms), sum(f.kept.lost for f in self.forms)
        return right / max(right + wrong, 1)

    @property
    def kept_precision(self) -> float:
        """Of the words that are called kept, the share that is not lost."""
        right, wrong = sum(f.kept.kept for f in self.forms), sum(f.lost.kept for f in self.forms)
        return right / max(right + wrong, 1)

    @property
    def recall(self) -> float:
        """Of the words that are lost, the share that is called so."""
        return sum(f.lost.lost for f in self.forms) / max(sum(f.lost.words for f in self.forms), 1)

    @property
    def missed(self) -> float:
        """Of the words that are lost, the share that is called kept."""
        return sum(f.lost.kept for f in self.forms) / max(sum(f.lost.words for f in self.forms), 1)

    @property
    def kept_recall(self) -> float:
        """Of the words that are not lost, the share that is called kept."""
        return sum(f.kept.kept for f in self.forms) / max(sum(f.kept.words for f in self.forms), 1)

    @property
    def alarms(self) -> float:
        """Of the words of whole translations by people, the share that is called lost."""
        whole = next(f for f in self.forms if f.form == "whole")
        return whole.kept.lost / max(whole.kept.words, 1)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"format": FORMAT} | dataclasses.asdict(self)


def measured(languages: Languages) -> JudgeScore | None:
    """What was measured of the judge of these languages; None where nothing was. Raises DataError."""
    path = ASSETS / "pairs" / languages.name / FILE
    return read_score(path) if path.is_file() else None


def read_score(path: Path) -> JudgeScore:
    """A score from its file. Raises DataError."""
    try:
        values: dict[str, Any] = dict(parse_json(read_part(path)))
        if (found := values.pop("format", "")) != FORMAT:
            raise DataError("format_foreign", path=path, found=found, expected=FORMAT)
        values["forms"] = tuple(
            FormScore(form=one["form"], lost=Verdicts(**one["lost"]), kept=Verdicts(**one["kept"]))
            for one in values["forms"]
        )
        score = JudgeScore(**values)
        check(score, JudgeScore)
        if [one.form for one in score.forms] != [*FORMS]:
            raise ValueError("other forms")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError("evaluation_damaged", path=path, reason=reason) from error
    return score


def trials(pairs: Sequence[GoldPair], languages: Languages) -> Iterator[Trial]:
    """All that the judge is asked about these pairs; drawn with `SEED`."""
    draw = random.Random(SEED)
    for k, pair in enumerate(pairs):
        others = [pairs[(k + step) % len(pairs)] for step in _STEPS]
        yield Trial("whole", pair.source, pair.target, frozenset())
        alone = _alone(pair, languages)
        chosen = draw.sample(sorted(alone), -(-len(alone) // _PART))
        places = {target: place for place, source in enumerate(chosen) for target in alone[source]}
        new = [word for one in others for word in _content(one.target, languages)]
        instead = [draw.choice(new).lower() if new else "" for _ in chosen]
        said = words(pair.target, languages.target)
        yield Trial("cut", pair.source, _without(pair.target, said, places, []), frozenset(chosen))
        if new:
            target = _without(pair.target, said, places, instead)
            yield Trial("replaced", pair.source, target, frozenset(chosen))
        yield from _chained(pair, others, languages)


def _alone(pair: GoldPair, languages: Languages) -> dict[int, list[int]]:
    """The source words whose translation is theirs alone, with the target words that it is."""
    found: dict[int, list[int]] = {}
    for i, word in enumerate(words(pair.source, languages.source)):
        sure = sorted(target for source, target in pair.sure if source == i)
        linked = {source for source, target in pair.possible if target in sure}
        if is_word(word.text) and sure and linked == {i}:
            found[i] = sure
    return found


def _without(target: str, said: Sequence[Word], places: Mapping[int, int], instead: Sequence[str]) -> str:
    """A translation without some of its words, or with another for all words of a place."""
    parts, position, put = [], 0, set()
    for j in sorted(places):
        parts.append(target[position : said[j].start])
        if instead and places[j] not in put:
            parts.append(instead[places[j]])
            put.add(places[j])
        position = said[j].end
    return " ".join("".join([*parts, target[position:]]).split())


def _chained(pair: GoldPair, others: Sequence[GoldPair], languages: Languages) -> Iterator[Trial]:
    before, behind, other = others
    source = " ".join(one.source for one in (before, pair, behind))
    start = len(words(before.source, languages.source))
    inside = words(pair.source, languages.source)
    lost = frozenset(start + i for i, word in enumerate(inside) if is_word(word.text))
    shared = set(lower_words(other.source, languages.source))
    both = frozenset(i for i in lost if inside[i - start].text.lower() in shared)
    yield Trial("missing", source, f"{before.target} {behind.target}", lost)
    target = f"{before.target} {other.target} {behind.target}"
    yield Trial("other", source, target, lost - both, both)


def _content(text: str, languages: Languages) -> list[str]:
    return [w.text for w in words(text, languages.target) if len(w.text) >= _LONG and w.text.isalpha()]


def counted(asked: Iterable[Trial], said_by: Judge, languages: Languages) -> Iterator[Counts]:
    """For each trial how many words, lost or not, got which verdict."""
    for trial in asked:
        place = {word.start: i for i, word in enumerate(words(trial.source, languages.source))}
        found: Counts = Counter()
        for word in said_by(trial.source, trial.target):
            i = place.get(word.unit.start)
            if i is not None and i not in trial.left_out:
                found[trial.form, i in trial.lost, word.verdict] += 1
        yield found


def scored(counts: Counts, forms: Collection[str] = FORMS) -> tuple[FormScore, ...]:
    """The counts of all trials together."""

    def verdicts(form: str, is_lost: bool) -> Verdicts:
        return Verdicts(**{verdict: counts[form, is_lost, verdict] for verdict in _VERDICTS})

    return tuple(FormScore(form=f, lost=verdicts(f, True), kept=verdicts(f, False)) for f in forms)
