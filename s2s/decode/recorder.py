"""Where torch ends: a decoded sentence becomes a `Trace`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from s2s.config import AnyModelConfig, TransformerConfig
from s2s.data.tokenizer import END_ID, START, START_ID, Tokenizer
from s2s.decode.loop import Decoded, likeliest_text
from s2s.decode.prepared import Advanced
from s2s.decode.reader import Side
from s2s.model.decoder import Memory
from s2s.model.families import Model
from s2s.model.transformer.attention import Look
from s2s.model.transformer.model import Memory as TransformerMemory
from s2s.model.transformer.model import Transformer, read_map
from s2s.traces import Candidate, Piece, Trace, Translation


def record(
    decoded: Decoded,
    *,
    model: str,
    config: AnyModelConfig,
    source: Side,
    source_log_prob: float,
    target: Side,
    fetched: Tensor | None = None,
    posteriors: Tensor | None = None,
    candidates: tuple[tuple[Candidate, ...], ...] = (),
    with_vocabulary: bool = False,
) -> Trace:
    """The whole computation as arrays without a batch axis; what is made on demand is given, or asked for.
    `fetched` is what the function of that name gives."""
    return Trace(
        model=model,
        attention=config.attention,
        source=source.text,
        target=target.text,
        source_pieces=source.pieces,
        source_log_prob=source_log_prob,
        target_pieces=target.pieces,
        fed=(Piece(START, START_ID, 0, 0), *target.pieces[:-1]),
        forcing=tuple(decoded.forcing),
        log_probs=np.array(decoded.log_probs, dtype=np.float32),
        encoder_states=_array(decoded.memory.encoder_states[0]),
        posteriors=None if posteriors is None else _array(posteriors),
        candidates=candidates,
        vocabulary_log_probs=_array(decoded.predicted) if with_vocabulary else None,
        source_cut=source.cut,
        target_cut=decoded.cut,
        source_language=config.source_language,
        target_language=config.target_language,
        cross_fetched=None if fetched is None else _array(fetched[:, 0]),
        **_looked(decoded, config),
    )


def _looked(decoded: Decoded, config: AnyModelConfig) -> dict[str, Any]:
    """What is of one family alone."""
    advanced, memory = decoded.advanced, decoded.memory
    if isinstance(advanced, Advanced) and isinstance(memory, Memory):
        attended = advanced.looked.attended
        return {
            "decoder_states": _array(advanced.looked.decoder_states[0]),
            "attentional_states": _array(advanced.looked.attentional_states[0]),
            "scores": None if attended is None else _array(attended.scores[0]),
            "weights": None if attended is None else _array(attended.weights[0]),
            "contexts": None if attended is None else _array(attended.context[0]),
            "initial_state": _array(torch.cat([part[:, 0] for part in memory.initial_state])),
        }
    assert isinstance(config, TransformerConfig)
    assert not isinstance(advanced, Advanced)
    assert not isinstance(memory, Memory)
    read = read_map(config, advanced.looked)
    return {
        "decoder_states": _array(advanced.looked.states[0]),
        "attentional_states": None,
        "scores": _array(read.scores[0, 0]),
        "weights": _array(read.weights[0, 0]),
        "contexts": None,
        "encoder_looks": _all(memory.looks),
        "decoder_looks": _all(advanced.looked.among),
        "cross_looks": _all(advanced.looked.across),
    }


def _all(looks: Sequence[Look]) -> NDArray[Any]:
    """The weights of all layers, (layers, heads, rows, columns)."""
    return _array(torch.stack([look.weights[0] for look in looks]))


def translation(source: Side, said: list[int], *, tokenizer: Tokenizer, language: str) -> Translation:
    """What is left of a sentence where only what was said is kept; language is that of the source."""
    text, pieces = tokenizer.decode(said)
    return Translation(
        source=source.text,
        target=text,
        source_pieces=source.pieces,
        target_pieces=pieces,
        source_cut=source.cut,
        target_cut=said[-1] != END_ID,
        source_language=language,
    )


@torch.inference_mode()
def fetched(model: Model, decoded: Decoded) -> Tensor | None:
    """How long the vectors are that each head of a Transformer fetches (`Decoder.fetched`), or None."""
    if isinstance(model, Transformer) and isinstance(decoded.memory, TransformerMemory):
        return model.decoder.fetched(decoded.memory)
    return None


def candidates(decoded: Decoded, tokenizer: Tokenizer, *, count: int) -> tuple[tuple[Candidate, ...], ...]:
    """The `count` likeliest pieces at each step, the one first that greedy decoding says; none for 0."""
    if not count:
        return ()
    return tuple(
        tuple(
            Candidate(tokenizer.surface(id_), id_, float(predicted[id_]))
            for id_ in likeliest_text(predicted, count)
        )
        for predicted in decoded.predicted
    )


def _array(tensor: Tensor) -> NDArray[Any]:
    array: NDArray[Any] = tensor.numpy(force=True)
    return array
