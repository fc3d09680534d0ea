"""What a handed-over state still knows: for each source word, whether it can be read from that state alone.

A probe is a linear classifier (Alain & Bengio 2017; for sentence vectors Conneau et al. 2018): a logistic
regression for each source piece says how likely the piece is in the sentence, given the state the decoder
starts from. It names as many pieces as the sentence has distinct ones, the likeliest; a word is read where
all its pieces are among them. There is no threshold to choose, and every wrong name costs a right one.

Its baseline knows nothing of the sentence but its length: it names as many of the most frequent pieces.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from s2s.catalog import PROBE, read_part, write_whole
from s2s.errors import CheckpointError
from s2s.evaluate.evaluation import Band
from s2s.evaluate.lost import is_word
from s2s.traces import Trace, Unit, word_pieces

PARTS: Final = 8  # of an input, the first at its start
RESAMPLES: Final = 1000
_SEED: Final = 1  # of the resamples
RANK: Final = 256  # of the weights, at most: a probe is then not much larger for a wider state
_MOST: Final = 1 << 27  # numbers that the weights are multiplied out to

Array = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Probe:
    """A logistic regression for each source piece, over a state as one vector."""

    weights: Array  # (source_vocab, width), of a rank up to RANK
    bias: Array  # (source_vocab,)
    frequency: Array  # (source_vocab,) log-odds of a piece being in an input, of those it learned from

    def logits(self, state: Array) -> Array:
        """How likely each piece is in the sentence, as log-odds (source_vocab,); `state` is (width,)."""
        found: Array = self.weights @ state + self.bias
        return found


class ReadWord(NamedTuple):
    """A source word, and whether it can be read."""

    unit: Unit
    is_read: bool  # from the state
    is_common: bool  # by the baseline, which knows the frequency of pieces alone
    is_repeated: bool  # a piece of it also stands elsewhere in the sentence, and may be what is read


@dataclass(frozen=True, kw_only=True)
class PositionScore:
    """The words of one part of all inputs, those that are repeated left out."""

    words: int
    read: Band  # share of them that can be read from the state, from 0 to 1
    common: float  # and by the baseline


@dataclass(frozen=True, kw_only=True)
class ProbedChain:
    """Inputs of several sentences: how many of their words can be read, by `PARTS`, the start first."""

    sentences: int
    inputs: int
    whole: PositionScore
    parts: tuple[PositionScore, ...]


@dataclass(frozen=True, kw_only=True)
class ProbeScore:
    """What a probe reads from one model's states, on held-out sentences."""

    model: str
    probe: str  # SHA-256 of its file
    inputs: int  # that it learned from
    chains: tuple[ProbedChain, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> ProbeScore:
        """A score stored by `to_dict`. Raises what reading a wrong record raises."""
        chains = tuple(
            ProbedChain(
                **{
                    **chain,
                    "whole": _position(chain["whole"]),
                    "parts": tuple(_position(part) for part in chain["parts"]),
                }
            )
            for chain in values["chains"]
        )
        return ProbeScore(**{**values, "chains": chains})


def _position(values: Mapping[str, Any]) -> PositionScore:
    return PositionScore(**{**values, "read": Band(**values["read"])})


def save(probe: Probe, folder: Path) -> None:
    """Write a probe beside its model, in float16, its weights as a product."""
    left, sizes, right = np.linalg.svd(probe.weights, full_matrices=False)
    halves = np.sqrt(sizes[:RANK])
    arrays = {
        "outer": left[:, :RANK] * halves,  # (source_vocab, rank)
        "inner": halves[:, None] * right[:RANK],  # (rank, width)
        "bias": probe.bias,
        "frequency": probe.frequency,
    }
    write_whole(
        folder / PROBE, save_arrays({name: array.astype(np.float16) for name, array in arrays.items()})
    )


def load(folder: Path) -> Probe:
    """The probe in a model folder. Raises CheckpointError."""
    path = folder / PROBE
    try:
        arrays = {name: array.astype(np.float32) for name, array in load_arrays(read_part(path)).items()}
        bias, frequency = arrays["bias"], arrays["frequency"]
        factors = [arrays["weights"]] if "weights" in arrays else [arrays["outer"], arrays["inner"]]
        (pieces, *_), (*_, width) = factors[0].shape, factors[-1].shape
        if not bias.shape == frequency.shape == (pieces,) or pieces * width > _MOST:
            found = [factor.shape for factor in factors]
            raise ValueError(f"shapes {found}, {bias.shape}, {frequency.shape}")
        if not all(np.isfinite(array).all() for array in arrays.values()):
            raise ValueError("NaN or infinity")
        weights = factors[0] if len(factors) == 1 else factors[0] @ factors[1]
        if weights.ndim != 2:
            raise ValueError(f"weights of shape {weights.shape}")
    except (SafetensorError, KeyError, ValueError) as error:
        raise CheckpointError("part_damaged", path=path, reason=str(error)) from error
    return Probe(weights=weights, bias=bias, frequency=frequency)


def read_words(probe: Probe, trace: Trace) -> tuple[ReadWord, ...]:
    """For each word of the source that was read, whether the probe can read it from the state that was handed
    over. Signs that are no words are left out. Raises CheckpointError when they are of different models."""
    state = trace.initial_state
    if state is None or state.size != probe.weights.shape[1]:
        found = "absent" if state is None else state.size
        reason = f"the state has {found} numbers, the probe reads {probe.weights.shape[1]}"
        raise CheckpointError("weights_mismatch", path=f"{trace.model}/{PROBE}", reason=reason)
    ids = [piece.id for piece in trace.source_pieces[:-1]]
    counts = Counter(ids)
    named, common = (
        set(_most(scores, len(counts))) for scores in (probe.logits(state.ravel()), probe.frequency)
    )
    words = []
    for unit, places in word_pieces(trace.source, trace.source_pieces, trace.source_language):
        if unit.is_end or not is_word(unit):
            continue
        own = [ids[place] for place in places]
        words.append(
            ReadWord(
                unit,
                is_read=named.issuperset(own),
                is_common=common.issuperset(own),
                is_repeated=any(counts[id_] > own.count(id_) for id_ in own),
            )
        )
    return tuple(words)


def _most(scores: Array, count: int) -> list[int]:
    most: list[int] = np.argsort(-scores, kind="stable")[:count].tolist()
    return most


def probed_chain(inputs: Sequence[Sequence[ReadWord]], *, sentences: int) -> ProbedChain:
    """How many words of some inputs can be read; a word is in the part where its middle stands."""
    shape = (len(inputs), PARTS)
    words, read, common = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for row, found in enumerate(inputs):
        for place, word in enumerate(found):
            if not word.is_repeated:
                part = int(PARTS * (place + 0.5) / len(found))
                words[row, part] += 1
                read[row, part] += word.is_read
                common[row, part] += word.is_common
    return ProbedChain(
        sentences=sentences,
        inputs=len(inputs),
        whole=_score(words.sum(axis=1), read.sum(axis=1), common.sum(axis=1)),
        parts=tuple(_score(words[:, k], read[:, k], common[:, k]) for k in range(PARTS)),
    )


def _score(words: NDArray[np.int64], read: NDArray[np.int64], common: NDArray[np.int64]) -> PositionScore:
    """Each argument has a number for each input; the band is over inputs drawn again, with replacement."""
    count = len(words)
    drawn = np.random.RandomState(_SEED).multinomial(count, [1 / count] * count, size=RESAMPLES)
    total = max(int(words.sum()), 1)
    low, high = np.percentile((drawn @ read) / np.maximum(drawn @ words, 1), (2.5, 97.5))
    return PositionScore(
        words=int(words.sum()),
        read=Band(value=int(read.sum()) / total, low=float(low), high=float(high)),
        common=int(common.sum()) / total,
    )
