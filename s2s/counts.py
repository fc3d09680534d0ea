"""What follows from the shape of a model alone, by counting: how many steps must follow each other, how many
lie between two words, and how many bytes attention compares words with.

>>> from s2s.config import ModelConfig, TransformerConfig
>>> [steps_to_read(config, 40) for config in (ModelConfig(), TransformerConfig(layers=2))]
[40, 2]
>>> [steps_between(config, 7) for config in (ModelConfig(), TransformerConfig())]
[7, 1]

A step is one pass through a cell, or through a layer of a Transformer: what cannot begin before another step
has ended. The second does more in each (Vaswani et al. 2017, table 1).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from s2s.config import AnyModelConfig, TransformerConfig

EQUAL: Final = ("parameters", "width")  # what encoders have in common that are compared
LENGTHS: Final = (5, 10, 20, 40, 80, 160, 320, 640)  # pieces of a sentence that they read
REPEATS: Final = 7  # of each, of which the fastest counts
_FLOAT: Final = 4  # bytes of a score


class ScoreBytes(NamedTuple):
    """Scores of all pairs that attention compares, each a float32, in bytes."""

    source: int  # of the source with itself: layers x heads x source_len x source_len
    target: int  # of the target with itself: layers x heads x target_len x target_len
    across: int  # of the target with the source: layers x heads x target_len x source_len


def steps_to_read(config: AnyModelConfig, length: int) -> int:
    """Steps that must follow each other until `length` pieces are read. Both directions of a recurrent
    encoder run side by side; of several layers one way, each follows a step behind the one below, but a layer
    that reads both ways waits for all of it."""
    if isinstance(config, TransformerConfig):
        return config.layers
    return config.layers * length if config.direction == "both" else config.layers + length - 1


def steps_to_write(config: AnyModelConfig, length: int) -> int:
    """Steps that must follow each other until `length` pieces are written: each piece is read before the next
    can be chosen, and goes through all layers."""
    return config.layers * length


def steps_between(config: AnyModelConfig, distance: int) -> int:
    """The fewest steps from a source word to the state of another that stands `distance` words away."""
    return min(distance, 1) if isinstance(config, TransformerConfig) else distance


def score_bytes(config: AnyModelConfig, source_len: int, target_len: int) -> ScoreBytes:
    """Of a sentence of `source_len` pieces and a translation of `target_len`."""
    if isinstance(config, TransformerConfig):
        each = _FLOAT * config.layers * config.heads
        return ScoreBytes(each * source_len**2, each * target_len**2, each * target_len * source_len)
    return ScoreBytes(0, 0, _FLOAT * target_len * source_len if config.attends else 0)
