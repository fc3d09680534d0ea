"""Traces of one sentence, small enough to be checked by hand."""

from typing import Any

import numpy as np

from s2s.traces import END, Alignment, Candidate, Piece, Trace

HIDDEN = 3
SOURCE, TARGET = "L'enfant dort.", "He sleeps."

SOURCE_PIECES = (
    Piece("▁L", 10, 0, 1), Piece("'", 11, 1, 2), Piece("en", 12, 2, 4), Piece("fant", 13, 4, 8),
    Piece("▁dort", 14, 9, 13), Piece(".", 15, 13, 14), Piece(END, 3, 14, 14),
)  # fmt: skip

TARGET_PIECES = (
    Piece("▁He", 20, 0, 2), Piece("▁sl", 21, 3, 5), Piece("ee", 22, 5, 7), Piece("ps", 23, 7, 9),
    Piece(".", 24, 9, 10), Piece(END, 3, 10, 10),
)  # fmt: skip
# Which pieces make which word, by hand.
SOURCE_WORDS = (("L'", (0, 1)), ("enfant", (2, 3)), ("dort", (4,)), (".", (5,)), (END, (6,)))
TARGET_WORDS = (("He", (0,)), ("sleeps", (1, 2, 3)), (".", (4,)), (END, (5,)))


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def trace_of(seed: int = 0, **changes: Any) -> Trace:
    """A trace of the two sentences above with random numbers that fit each other."""
    values: dict[str, Any] = {
        "model": "tiny", "attention": "dot", "source": SOURCE, "target": TARGET,
        "source_pieces": SOURCE_PIECES, "target_pieces": TARGET_PIECES,
    } | changes  # fmt: skip
    random = np.random.default_rng(seed)
    steps, positions = len(values["target_pieces"]), len(values["source_pieces"])
    scores = random.normal(0, 3, (steps, positions)).astype(np.float32)
    encoder_states = random.normal(size=(positions, HIDDEN)).astype(np.float32)
    made = {
        "fed": (Piece("<s>", 2, 0, 0), *values["target_pieces"][:-1]),
        "forcing": ("start", *["free"] * (steps - 1)),
        "log_probs": np.log(random.uniform(0.01, 1, steps)).astype(np.float32),
        "source_log_prob": -40.0,
        "encoder_states": encoder_states,
        "decoder_states": random.normal(size=(steps, HIDDEN)).astype(np.float32),
        "attentional_states": random.normal(size=(steps, HIDDEN)).astype(np.float32),
        "scores": scores,
        "weights": softmax(scores),
        "contexts": softmax(scores) @ encoder_states,
    }
    return Trace(**(made | values))


def without_attention() -> Trace:
    return trace_of(attention="none", scores=None, weights=None, contexts=None)


def words_of(trace: Trace) -> Alignment:
    alignment = trace.alignment("words")
    assert alignment is not None
    return alignment


def with_candidates() -> Trace:
    step = (Candidate("▁He", 20, -0.25), Candidate("s", 22, -1.5))
    return trace_of(candidates=(step,) * 6, vocabulary_log_probs=np.full((6, 30), -2.5))


def with_heads(seed: int = 0, layers: int = 2, heads: int = 3, **changes: Any) -> Trace:
    """The same of a Transformer, whose map is the mean of its first layer; `changes` may have looks."""
    random = np.random.default_rng(seed)
    pieces = {"source_pieces": SOURCE_PIECES, "target_pieces": TARGET_PIECES} | changes
    steps, positions = len(pieces["target_pieces"]), len(pieces["source_pieces"])
    later = np.triu(np.full((steps, steps), -np.inf), 1)
    looks = {
        "encoder_looks": softmax(random.normal(0, 3, (layers, heads, positions, positions))),
        "decoder_looks": softmax(random.normal(0, 3, (layers, heads, steps, steps)) + later),
        "cross_looks": softmax(random.normal(0, 3, (layers, heads, steps, positions))),
    } | changes
    layers, heads = looks["cross_looks"].shape[:2]
    looks.setdefault("cross_fetched", random.uniform(0.5, 2, (layers, heads, positions)))
    mean = looks["cross_looks"][0].mean(axis=0)
    recurrent = {"attentional_states": None, "contexts": None}
    scores = np.log(np.maximum(mean, np.finfo(np.float32).tiny))
    return trace_of(
        seed, **{"attention": "scaled-dot", "scores": scores, "weights": mean} | recurrent | looks
    )
