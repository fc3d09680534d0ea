"""A small untrained Transformer, in which norms and biases do something."""

import torch

from s2s.checkpoints import Checkpoint
from s2s.config import TransformerConfig
from s2s.data.tokenizer import Tokenizer
from s2s.model.families import build
from s2s.translator import Translator
from tests.conftest import VOCAB

LAYERS, HEADS, HIDDEN = 2, 4, 16


def tiny_transformer(tokenizers: tuple[Tokenizer, Tokenizer]) -> Translator:
    """With `VOCAB` pieces on either side."""
    config = TransformerConfig(
        hidden=HIDDEN, heads=HEADS, layers=LAYERS, feedforward=24, source_vocab=VOCAB, target_vocab=VOCAB,
        dropout=0.0,
    )  # fmt: skip
    with torch.inference_mode(mode=False):
        model = build(config, seed=2)
        for name, weights in model.named_parameters():
            if name.endswith("bias") or "norm" in name:
                torch.nn.init.normal_(weights, mean=float("norm.weight" in name), std=0.3)
    return Translator("tiny-transformer", Checkpoint(model.eval(), *tokenizers))
