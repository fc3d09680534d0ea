"""What was measured of a model: a record that goes to JSON and comes back.

Shares and rates lie between 0 and 1, BLEU and chrF between 0 and 100, logarithms are natural.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from s2s.errors import DataError
from s2s.evaluate.alignment_error import AlignmentScore
from s2s.evaluate.gap import Gap
from s2s.evaluate.typed import Typed

FORMAT: Final = 1


@dataclass(frozen=True, kw_only=True)
class Setup:
    """Which model was measured, on what and with what: enough to do it again."""

    model: str
    attention: str  # none, dot, general or concat
    cell: str = "lstm"  # rnn, gru or lstm
    direction: str = "both"  # the encoder reads: both, forward or backward
    parameters: int
    weights: str  # SHA-256 of the file with the model's weights
    data: str  # name of the file with the sentence pairs
    data_fingerprint: str  # of its pairs: `s2s.data.fingerprint`
    gold: str | None  # name of the file with the gold alignments
    gold_fingerprint: str | None  # SHA-256 of that file
    threads: int  # of the processor
    versions: Mapping[str, str]  # of Python and the libraries that the numbers depend on


@dataclass(frozen=True, kw_only=True)
class Score:
    """BLEU or chrF with sacreBLEU's own account of how it was counted (Post 2018)."""

    value: float
    signature: str


@dataclass(frozen=True, kw_only=True)
class Band:
    """A score, and the range that 95 of 100 resamples of the same inputs stay within (Koehn 2004)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class LengthScore:
    """BLEU of the sentences whose source has `shortest` to `longest` words, punctuation marks counted."""

    shortest: int
    longest: int | None  # None: no limit
    sentences: int
    bleu: float | None  # None where there is no sentence
    words: float | None = None  # of a source, on average; this and the bands: None in older records
    bleu_band: Band | None = None
    chrf_band: Band | None = None


@dataclass(frozen=True, kw_only=True)
class ChainScore:
    """BLEU and chrF of inputs that are a chain of sentences, one after the other. Chains of any length are
    made of the same sentences: their scores differ in the length of the input alone."""

    sentences: int  # in an input
    inputs: int
    words: float  # of a source, on average, punctuation marks left out
    bleu: Band
    chrf: Band


@dataclass(frozen=True, kw_only=True)
class JoinedScore:
    """BLEU of inputs that are two sentences of the data, one after the other."""

    inputs: int
    seed: int
    bleu: float | None  # None where there is no input


@dataclass(frozen=True, kw_only=True)
class Perplexity:
    """exp of the mean negative log-probability of a target piece, the end token counted, under teacher
    forcing. It compares among models with the same target tokenizer only."""

    value: float | None  # None where there is no pair
    pairs: int  # all but those whose target is longer than a translation could be
    pieces: int


@dataclass(frozen=True, kw_only=True)
class PhenomenonScore:
    """Alignment error rates over the gold pairs that show one phenomenon."""

    name: str
    pairs: int
    explains: float | None  # None of a Transformer, here and below
    predicts: float
    reads: float


@dataclass(frozen=True, kw_only=True)
class GoldScore:
    """Links against gold: by what explains a word (posteriors, the default read-out where there are some), by
    the weights of the row that predicts it, and by those of the row that reads it."""

    pairs: int
    explains: AlignmentScore | None
    predicts: AlignmentScore
    reads: AlignmentScore
    phenomena: tuple[PhenomenonScore, ...]


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Wall-clock speed of greedy translation, one sentence at a time, the trace recorded."""

    pieces_per_second: float  # target pieces
    milliseconds: float  # a sentence


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """All that `s2s.evaluate.measure` finds out about one model."""

    setup: Setup
    pairs: int  # of the data
    sentences: int  # distinct sources
    references: int  # distinct translations of them
    bleu: Score
    chrf: Score
    by_length: tuple[LengthScore, ...]
    joined: JoinedScore
    chains: tuple[ChainScore, ...] = ()  # the shortest first; none in older records
    exact: float  # share of sentences whose translation is one of the references
    unfinished: int  # translations that reached their limit before the end token
    perplexity: Perplexity
    entropy: float | None  # mean over target words, in nats; None without attention
    usual_surprisal: float  # nats a character that the sources of 99 of 100 sentences do not exceed
    gold: GoldScore | None  # None without attention, or without gold
    speed: Speed
    gap: Gap | None = None  # None where no pair can be compared, and in records that are older than it
    typed: Typed | None = None  # None where it was not asked for

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"format": FORMAT} | dataclasses.asdict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any], *, path: str = "the record") -> Evaluation:
        """An evaluation stored by `to_dict`; `path` names it in errors. Raises DataError."""
        try:
            parts = dict(values)
            if (found := parts.pop("format", "none")) != FORMAT:
                raise DataError("format_foreign", path=path, found=found, expected=FORMAT)
            for name, kind in _PARTS.items():
                parts[name] = kind(**parts[name])
            parts["by_length"] = tuple(_length_score(score) for score in parts["by_length"])
            parts["chains"] = tuple(_chain_score(score) for score in parts.get("chains", ()))
            parts["gold"] = None if parts["gold"] is None else _gold_score(parts["gold"])
            if (gap := parts.get("gap")) is not None:
                parts["gap"] = Gap.from_dict(gap, path=path)
            if (typed := parts.get("typed")) is not None:
                parts["typed"] = Typed.from_dict(typed, path=path)
            return Evaluation(**parts)
        except (TypeError, ValueError, LookupError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise DataError("evaluation_damaged", path=path, reason=reason) from error


_PARTS: Final[dict[str, Any]] = {
    "setup": Setup,
    "bleu": Score,
    "chrf": Score,
    "joined": JoinedScore,
    "perplexity": Perplexity,
    "speed": Speed,
}


def _length_score(values: Mapping[str, Any]) -> LengthScore:
    score = LengthScore(**values)
    bleu, chrf = (
        None if values is None else Band(**values)
        for values in (cast(Any, score.bleu_band), cast(Any, score.chrf_band))
    )
    return dataclasses.replace(score, bleu_band=bleu, chrf_band=chrf)


def _chain_score(values: Mapping[str, Any]) -> ChainScore:
    return ChainScore(**{**values, "bleu": Band(**values["bleu"]), "chrf": Band(**values["chrf"])})


def _gold_score(values: Mapping[str, Any]) -> GoldScore:
    return GoldScore(
        pairs=values["pairs"],
        explains=None if values["explains"] is None else AlignmentScore(**values["explains"]),
        predicts=AlignmentScore(**values["predicts"]),
        reads=AlignmentScore(**values["reads"]),
        phenomena=tuple(PhenomenonScore(**score) for score in values["phenomena"]),
    )
