"""Gradients on their way back to the source: the record of one word's, split by path, and how far they come.

    Gradients   of the log-probability of one target piece, by path, at every encoder state and embedding
    Flow        how much gradient reaches the encoder's state k steps before its last
    Update      what one step of learning would do, with its gradient clipped and without
    Travel      of a word's gradient, what arrives at each source word, and how far it goes on from there

NumPy only: `s2s.gradients` makes them, pages and figures read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from s2s.traces import Array, Piece

Path = Literal["values", "keys", "earlier", "query", "direct"]
PATHS: Final[tuple[Path, ...]] = ("values", "keys", "earlier", "query", "direct")

# The two ways that are usually told of and one that this decoder lacks, by where gradient enters the encoder.
Way = Literal["attention", "earlier", "chain"]
WAYS: Final[dict[Way, tuple[Path, ...]]] = {
    "attention": ("values", "keys"),
    "earlier": ("earlier",),
    "chain": ("query", "direct"),
}
_OF_ITSELF: Final[Mapping[str, tuple[Path, ...]]] = {path: (path,) for path in PATHS}
_LEAST: Final = 1e-30  # smaller norms are zero to the fit: float32 has lost them


class _Frozen:
    """Arrays of a record are float32 copies that nobody can write to."""

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                frozen = np.array(value, dtype=np.float32)
                frozen.setflags(write=False)
                object.__setattr__(self, field.name, frozen)


@dataclass(frozen=True, kw_only=True, eq=False)
class Gradients(_Frozen):
    """Gradients of the log-probability of one target piece, split by path. S source pieces.

    The five paths are cuts through the same computation, and what they carry adds up to the whole:

        values    weights x encoder states -> context, in the attention of this step
        keys      encoder states -> scores -> weights -> context, in the attention of this step
        earlier   encoder states -> the attention of the steps before
        query     last state -> bridge -> decoder states -> scores -> weights -> context
        direct    last state -> bridge -> decoder states -> the word

    Each then goes on through the encoder: from the states it entered by, along the recurrent steps, to every
    state and embedding before them. `states` are what a recurrent step of the top layer handed on: its hidden
    state, which attention looks at too, and beside it, for an LSTM, the cell. `embeddings` are the source
    embeddings, which attention sees once more where they are added to the states.
    """

    model: str
    attention: str
    cell: str
    source: str
    target: str
    source_pieces: tuple[Piece, ...]  # (S,) the end token is the last
    target_pieces: tuple[Piece, ...]  # the end token is the last, unless the model's own has none
    step: int  # of the target piece, from 0
    log_prob: float  # of it, in nats
    states: Array  # (5, S, width) by PATHS
    embeddings: Array  # (5, S, hidden) by PATHS
    whole_states: Array  # (S, width) by autograd, through the graph in one piece
    whole_embeddings: Array  # (S, hidden)
    source_cut: bool = False  # the source was longer than the model's limit; the rest was not read

    @property
    def gap(self) -> float:
        """The largest difference, in any number, between the sum of the paths and the whole."""
        return max(
            float(np.abs(parts.sum(axis=0, dtype=np.float64) - whole).max(initial=0.0))
            for parts, whole in (
                (self.states, self.whole_states),
                (self.embeddings, self.whole_embeddings),
            )
        )

    def norms(
        self, way: Way | Path | None = None, *, of: Literal["states", "embeddings"] = "states"
    ) -> Array:
        """(S,) the length of the gradient at each position, by one way or path or, with None, as a whole."""
        return _read_only(np.linalg.norm(self._by(way, of), axis=-1))

    def parts(self, way: Way | Path, *, of: Literal["states", "embeddings"] = "states") -> Array:
        """(S,) what a way adds to the length of the whole at each position: its projection on the whole. The
        ways' parts add up to `norms()`; a way that pulls the other way round has a negative part."""
        whole = self._by(None, of)
        length = np.linalg.norm(whole, axis=-1)
        along = (self._by(way, of) * whole).sum(axis=-1)
        return _read_only(np.divide(along, length, out=np.zeros_like(along), where=length > 0))

    def share(self, way: Way | Path, *, of: Literal["states", "embeddings"] = "states") -> float:
        """What a way adds to the squared length of the whole gradient, as a share; the ways' add up to one.
        0 where there is no gradient at all."""
        whole = self._by(None, of)
        square = float((whole * whole).sum())
        return float((self._by(way, of) * whole).sum()) / square if square else 0.0

    def _by(self, way: Way | Path | None, of: Literal["states", "embeddings"]) -> NDArray[np.float64]:
        everything: Array = getattr(self, of)
        kept = PATHS if way is None else _OF_ITSELF.get(way) or WAYS[cast(Way, way)]
        chosen = everything[[PATHS.index(path) for path in kept]]
        summed: NDArray[np.float64] = chosen.sum(axis=0, dtype=np.float64)
        return summed


class Slope(NamedTuple):
    """A straight line through the logarithms of norms."""

    factor: float  # what is left of the gradient after one more recurrent step
    start: float  # the norm that the line has at distance 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow(_Frozen):
    """How much gradient reaches the encoder's states, by their distance from the last. S source pieces.

    The state at distance k stands k recurrent steps before the last one of its direction; of an encoder that
    reads both ways, both directions' are taken together. Norms are root mean squares over target pieces.
    """

    model: str
    attention: str
    cell: str
    source: str
    target: str
    steps: int  # target pieces that the norms are means of
    largest: float  # singular value of the encoder's recurrent matrices
    whole: Array  # (S,) by all ways
    chain: Array  # (S,) by the last state alone
    source_cut: bool = False  # the source was longer than the model's limit; the rest was not read

    @property
    def slope(self) -> Slope | None:
        """Fitted to `whole`; None for fewer than two distances with a gradient."""
        return fitted(self.whole)


@dataclass(frozen=True, kw_only=True, eq=False)
class Travel(_Frozen):
    """How far gradients travel between two words, of any family of models. S source pieces.

    `words` are norms of the gradient of one target piece's log-probability at each source embedding. Inside
    the encoder, what the log-probability of the whole target asks of the state at one piece (a row) goes on
    to the embedding of another (a column): `between` has its norms. Without attention all of it enters by the
    last state of each direction.
    """

    model: str
    attention: str
    family: str  # of `config.FAMILIES`
    cell: str  # "" of a Transformer
    source: str
    target: str
    source_pieces: tuple[Piece, ...]  # (S,) the end token is the last
    target_pieces: tuple[Piece, ...]
    step: int  # of the target piece, from 0
    log_prob: float  # of it, in nats
    words: Array  # (S,)
    between: Array  # (S, S) entering by rows, arriving by columns
    source_cut: bool = False  # the source was longer than the model's limit; the rest was not read

    @property
    def shares(self) -> Array:
        """(S,) `words` as shares of their sum, which compare across models; zeros without a gradient."""
        words = self.words.astype(np.float64)
        return _read_only(words / max(words.sum(), _LEAST))

    @property
    def by_distance(self) -> Array:
        """(S,) what arrives k pieces away from where it entered, as a share of what arrives at the piece
        itself: root mean squares over all pieces that have another so far away; NaN where nothing enters."""
        squares = self.between.astype(np.float64) ** 2
        count = len(squares)
        own, places = squares.diagonal(), np.arange(count)
        shares = np.full(count, np.nan)
        for distance in range(count):
            before, behind = places - distance >= 0, places + distance < count
            total = np.zeros(count)
            total[before] += squares[places[before], places[before] - distance]
            total[behind] += squares[places[behind], places[behind] + distance]
            reached = before.astype(int) + behind
            has = reached > 0
            if (entered := own[has].sum()) > 0:
                shares[distance] = np.sqrt((total[has] / reached[has]).sum() / entered)
        return _read_only(shares)

    @property
    def slope(self) -> Slope | None:
        """What each further word leaves of the gradient, from the next word on; None where fewer than two
        distances have one."""
        return fitted(self.by_distance[1:])


def fitted(norms: Array) -> Slope | None:
    """The line of least squares through log norms by distance: exact where each step keeps the same share.
    Norms that float32 has lost, or that have overflowed, are left out."""
    distances = np.flatnonzero((norms > _LEAST) & np.isfinite(norms))
    if len(distances) < 2:
        return None
    slope, start = np.polyfit(distances, np.log(norms[distances].astype(np.float64)), 1)
    return Slope(float(np.exp(slope)), float(np.exp(start)))


@dataclass(frozen=True, kw_only=True)
class Update:
    """One step of gradient descent on one sentence, with its gradient clipped and without.

    The loss is the mean negative log-probability of the target's pieces, in nats.
    """

    rate: float  # the step is the gradient times this
    clip: float  # the longest gradient that is let through (Pascanu et al. 2013)
    norm: float  # of the gradient with respect to all parameters
    clipped: float  # of the gradient after clipping
    loss: float  # before the step
    loss_free: float  # after a step along the whole gradient
    loss_clipped: float  # after a step along the clipped one


def _read_only(array: NDArray[np.float64]) -> Array:
    kept = array.astype(np.float32)
    kept.setflags(write=False)
    return kept
