"""Models of every family, made from their settings alone."""

from __future__ import annotations

from typing import overload

import torch
from torch import nn

from s2s.config import AnyModelConfig, ModelConfig, TransformerConfig
from s2s.model.seq2seq import Seq2Seq
from s2s.model.transformer.model import Transformer

Model = Seq2Seq | Transformer


@overload
def build(config: ModelConfig, *, seed: int) -> Seq2Seq: ...
@overload
def build(config: TransformerConfig, *, seed: int) -> Transformer: ...
def build(config: AnyModelConfig, *, seed: int) -> Model:
    """A new model; the same seed gives the same weights, without touching torch's own generator."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return _of(config)


def shapes(config: AnyModelConfig) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor of a model's state, by name; nothing of their size is allocated, however large
    it is."""
    with torch.device("meta"):
        state = _of(config).state_dict()
    return {name: tuple(value.shape) for name, value in state.items()}


def parameter_count(model: nn.Module) -> int:
    """Numbers a model learns; the tied embedding counts once."""
    return sum(parameter.numel() for parameter in model.parameters())


def _of(config: AnyModelConfig) -> Model:
    return Seq2Seq(config) if isinstance(config, ModelConfig) else Transformer(config)
