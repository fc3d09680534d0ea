"""A small Transformer that has learned nothing, with the pieces of the shipped models."""

from functools import cache

from s2s.checkpoints import Checkpoint
from s2s.config import TransformerConfig
from s2s.model.families import build
from s2s.translator import Translator


@cache
def small(positions: str = "sinusoidal") -> Translator:
    """One that translates, into nonsense."""
    model, *tokenizers = Translator.load("fr-en-general")._checkpoint
    config = TransformerConfig(
        hidden=32, heads=4, layers=2, feedforward=48, positions=positions, dropout=0.0,
        source_vocab=model.config.source_vocab, target_vocab=model.config.target_vocab,
    )  # fmt: skip
    return Translator("small", Checkpoint(build(config, seed=3).eval(), *tokenizers))
