"""One sentence under two regimes: fed by a teacher, and by itself. Where the runs part, by how much, and
whether a wrong word that is fed to both is got over.

Rows are steps of the decoder, so pieces and not words. Runs are compared as they were fed: with the same
pieces they are the same, number for number, up to the step at which one is fed another piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.errors import TraceError
from s2s.traces import Array, Piece, Trace

TOGETHER: Final = 0.1  # nats; distributions no further apart than this count as the same


class Injection(NamedTuple):
    """A word that is fed to the decoder at a step, whatever it would have been fed there.

    Steps are counted from 1, as people do; the first is fed the start token, so this is 2 at least. A text
    that begins with "·" goes on with the word before it, as its pieces do on screen.
    """

    step: int
    word: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Divergence:
    """How far apart two runs are at each step that both have."""

    first: int | None  # the first step at which they go on with different pieces; None where they never do
    kl: Array  # (steps,) Kullback-Leibler divergence of the second's distribution from the first's, in nats
    distance: Array  # (steps,) Euclidean distance of the two decoder states


@dataclass(frozen=True, kw_only=True, eq=False)
class Effect:
    """What a word that was fed did to a run, beside the same run without it.

    A step with the word stands beside the step without it that is as far from the end: there the same is left
    to be said, however many pieces the word has and whatever the model put in after it.
    """

    read: int  # the step of the run with the word that is the first to have read all of it
    start: int  # the first step from there on that has a partner, row 0 of what follows
    kl: Array  # (rows,) divergence of the distribution with the word from the one without, in nats
    changed: tuple[bool, ...]  # (rows,) whether the model would go on with another piece
    kept_place: tuple[bool, ...] | None  # (rows,) whether it looks most at the same source word

    @property
    def recovered(self) -> int | None:
        """After how many steps the distributions have come together for good; None if they do not."""
        apart = np.flatnonzero(self.kl > TOGETHER)
        after = int(apart[-1]) + 1 if apart.size else 0
        return self.start - self.read + after if after < len(self.kl) else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Regimes:
    """A sentence decoded twice: fed by the teacher (`forced`), and by itself (`free`) but for the steps that
    `ratio` leaves to the teacher. `Translator.compare` makes it."""

    reference: str  # what the teacher says
    is_own: bool  # it is what the model says itself
    ratio: float  # of the steps of `free` that the teacher feeds; 0 is a free run
    seed: int
    injection: Injection | None
    forced: Trace
    free: Trace
    wanted: tuple[Piece | None, ...]  # (forced steps,) the reference piece that each should say
    reference_log_probs: tuple[Array, Array]  # of these, forced and free, in nats; NaN where there is none
    divergence: Divergence
    before: tuple[Trace, Trace] | None  # forced and free without the injection
    effects: tuple[Effect | None, Effect | None]  # on forced and free; None where nothing was injected

    @property
    def steps(self) -> int:
        """How many steps both runs have."""
        return len(self.divergence.kl)


def regimes(
    *,
    reference: str,
    is_own: bool,
    ratio: float,
    seed: int,
    injection: Injection | None,
    pieces: int,
    before: tuple[Trace, Trace],
    after: tuple[Trace, Trace],
) -> Regimes:
    """Two pairs of runs, forced and free, without the injection and with it, as one record.

    `pieces` is how many the injected word has. Runs that the injection did not reach are the same object in
    both pairs. The distributions over the vocabulary, megabytes, are used up here and left out of the traces.
    Raises TraceError for traces without them.
    """
    forced, free = after
    wanted: tuple[Piece | None, ...] = before[0].target_pieces
    effects: list[Effect | None] = [None, None]
    if injection is not None:
        step = injection.step - 1
        for k, (plain, led) in enumerate(zip(before, after, strict=True)):
            if plain is not led:
                effects[k] = effect(plain, led, step=step, pieces=pieces)
        if forced is not before[0]:  # what is wanted moves with the word; inside it nothing is
            resumed = len(wanted) - (len(forced.fed) - (step + pieces - 1))
            wanted = (*wanted[:step], *[None] * (pieces - 1), *wanted[resumed:])
    return Regimes(
        reference=reference,
        is_own=is_own,
        ratio=ratio,
        seed=seed,
        injection=injection,
        forced=_light(forced),
        free=_light(free),
        wanted=wanted,
        reference_log_probs=(wanted_log_probs(forced, wanted), wanted_log_probs(free, wanted)),
        divergence=divergence(forced, free),
        before=None if injection is None else (_light(before[0]), _light(before[1])),
        effects=(effects[0], effects[1]),
    )


def _light(trace: Trace) -> Trace:
    return replace(trace, vocabulary_log_probs=None)


def divergence(first: Trace, second: Trace) -> Divergence:
    """How far `second` is from `first`, two runs of one model over one source. Raises TraceError."""
    steps = min(len(first.fed), len(second.fed))
    said = zip(first.target_pieces, second.target_pieces, strict=False)
    parted = [step for step, (one, other) in enumerate(said) if one.id != other.id]
    far = first.decoder_states[:steps].astype(np.float64) - second.decoder_states[:steps]
    return Divergence(
        first=parted[0] if parted else None,
        kl=_kl(_vocabulary(first)[:steps], _vocabulary(second)[:steps]),
        distance=np.linalg.norm(far, axis=1).astype(np.float32),
    )


def effect(before: Trace, after: Trace, *, step: int, pieces: int) -> Effect:
    """What a word of `pieces` pieces, fed from `step` on, did to a run.

    Raises TraceError for traces without the distributions over the vocabulary.
    """
    read, steps = step + pieces - 1, len(after.fed)
    later = len(before.fed) - steps  # from a step with the word to its partner
    start = min(max(read, step - later), steps)
    with_word, without = slice(start, steps), slice(start + later, steps + later)
    said, would_say = ([step[0].id for step in run.candidates] for run in (before, after))
    places, places_now = _places(before), _places(after)
    return Effect(
        read=read,
        start=start,
        kl=_kl(_vocabulary(before)[without], _vocabulary(after)[with_word]),
        changed=tuple(a != b for a, b in zip(said[without], would_say[with_word], strict=True)),
        kept_place=None
        if places is None or places_now is None
        else tuple((places[without] == places_now[with_word]).tolist()),
    )


def wanted_log_probs(trace: Trace, wanted: Sequence[Piece | None]) -> Array:
    """How likely a run finds the piece that is wanted at each step that both have: (steps,), in nats; NaN
    where none is wanted. Raises TraceError."""
    rows = zip(_vocabulary(trace), wanted, strict=False)
    found = [np.nan if piece is None else float(row[piece.id]) for row, piece in rows]
    return np.array(found, dtype=np.float32)


def _vocabulary(trace: Trace) -> NDArray[np.float64]:
    if trace.vocabulary_log_probs is None or not trace.candidates:
        raise TraceError("trace_without_vocabulary", model=trace.model)
    return trace.vocabulary_log_probs.astype(np.float64)


def _kl(log_p: NDArray[np.float64], log_q: NDArray[np.float64]) -> Array:
    """Kullback-Leibler divergence of q from p, row by row, in nats: never negative, 0 for the same."""
    summed: NDArray[np.float64] = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    return np.maximum(summed, 0).astype(np.float32)


def _places(trace: Trace) -> NDArray[np.intp] | None:
    """The source word that each step looks most at: (T,)."""
    alignment = trace.alignment("words", target_level="pieces")
    return None if alignment is None else alignment.weights.argmax(axis=1)
