"""What training asks of a Transformer.

Its heads look where it helps, which need not be at the word that is said next: several layers look, and what
one has seen the next knows. A single head can be taught where a word comes from without harm to the rest
(Garg et al. 2019, *Jointly Learning to Align and Translate with Transformer Models*). Theirs learns from a
statistical aligner; here the teacher is a recurrent model of the same pieces, whose posteriors (Shankar &
Sarawagi 2019) say which source piece explains the one that was said.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from s2s import checkpoints
from s2s.config import TrainConfig
from s2s.data.tokenizer import Tokenizer
from s2s.errors import ConfigError
from s2s.model.seq2seq import Seq2Seq
from s2s.model.transformer.model import Transformer
from s2s.train.losses import Losses, coverage_loss, distance, positions_asked, posteriors_at, smoothed_loss


class GuidedObjective(nn.Module):
    """The model and what training asks of it, as one module; without a guide, the translation alone."""

    def __init__(self, model: Transformer, train: TrainConfig) -> None:
        super().__init__()
        self.model = model
        self.train_config = train
        self._guides: list[Seq2Seq] = []  # in a list, for it is no part of what is learned

    @property
    def guide(self) -> Seq2Seq | None:
        """The model that teaches where to look, if there is one."""
        return self._guides[0] if self._guides else None

    def learn_from(self, guide: Seq2Seq) -> None:
        """Let a model teach where to look."""
        self._guides = [guide]

    def forward(
        self, source: Tensor, target_read: Tensor, target_said: Tensor, own: Tensor | None = None
    ) -> Losses:
        """As that of `losses.Objective`; a Transformer is fed the reference alone."""
        train, decoder = self.train_config, self.model.decoder
        looked = self.model.looked(target_read, self.model.encode(source))
        translation = smoothed_loss(
            looked.states.flatten(0, 1),
            decoder.embedding.weight,
            decoder.output_bias,
            target_said.flatten(),
            smoothing=train.label_smoothing,
        )
        coverage = agreement = None
        if self.guide is not None:
            weights = self.model.guided(looked)
            if train.coverage:
                coverage = coverage_loss(weights, target_said)
            if train.agreement:
                agreement = _taught(self.guide, weights, source, target_read, target_said)
        return Losses(translation, coverage, agreement)


def _taught(
    guide: Seq2Seq, weights: Tensor, source: Tensor, target_read: Tensor, target_said: Tensor
) -> Tensor:
    """How far weights are from the guide's posteriors at some positions."""
    asked = positions_asked(target_said)
    if not len(asked):
        return weights.sum() * 0
    with torch.no_grad():
        memory = guide.encode(source)
        states = guide.decoder.states(target_read, memory)
    return distance(weights, asked, posteriors_at(guide, states, memory, target_said, asked))


def read_guide(folder: Path, source: Tokenizer, target: Tokenizer, device: torch.device) -> Seq2Seq:
    """The model in a folder, to guide one with these tokenizers. Raises CheckpointError, ConfigError."""
    found = checkpoints.load(folder)
    if not isinstance(found.model, Seq2Seq) or not found.model.config.attends:
        raise ConfigError("guide_unfit", path=folder, reason="it is no recurrent model that attends")
    if (found.source.serialized, found.target.serialized) != (source.serialized, target.serialized):
        raise ConfigError("guide_unfit", path=folder, reason="its pieces are others")
    return found.model.requires_grad_(False).to(device)
