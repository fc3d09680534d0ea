"""A Transformer made ready to decode, asked as `decode.prepared.Prepared` is. Its state is what it wrote so
far, as keys and values of each layer: the next position is computed alone, and looks back at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from s2s.model.transformer.attention import Look
from s2s.model.transformer.model import Looked, Memory, State, Transformer


class Advanced(NamedTuple):
    """What the decoder made of several pieces of one sentence, fed one after the other."""

    looked: Looked  # of a batch of one, a row for each piece
    logits: Tensor  # (pieces, target_vocab)
    state: State  # after all of them

    def after(self, row: int) -> State:
        """The state to go on from behind one of the pieces."""
        behind = len(self.logits) - 1 - row
        return tuple(keys.until(keys.keys.shape[2] - behind) for keys in self.state)

    def until(self, length: int) -> Advanced:
        """The first pieces."""
        behind = len(self.logits) - length
        if not behind:
            return self
        among = (
            Look(*(part[:, :, :length, : part.shape[3] - behind] for part in look))
            for look in self.looked.among
        )
        across = (Look(*(part[:, :, :length] for part in look)) for look in self.looked.across)
        looked = Looked(self.looked.states[:, :length], tuple(among), tuple(across))
        return Advanced(looked, self.logits[:length], self.after(length - 1))

    @staticmethod
    def joined(parts: Sequence[Advanced]) -> Advanced:
        """Pieces that follow each other, of one sentence. Earlier ones see nothing of what is written later:
        their weights there are 0, their scores minus infinity."""
        if len(parts) == 1:
            return parts[0]
        states, among, across = zip(*(part.looked for part in parts), strict=True)
        looked = Looked(
            torch.cat(states, dim=1),
            tuple(_behind_each_other(layer) for layer in zip(*among, strict=True)),
            tuple(
                Look(*(torch.cat(both, dim=2) for both in zip(*layer, strict=True)))
                for layer in zip(*across, strict=True)
            ),
        )
        return Advanced(looked, torch.cat([part.logits for part in parts]), parts[-1].state)


def _behind_each_other(looks: Sequence[Look]) -> Look:
    """The rows of all, as wide as the last."""
    written = looks[-1].weights.shape[3]

    def wide(part: Tensor, rest: float) -> Tensor:
        return torch.nn.functional.pad(part, (0, written - part.shape[3]), value=rest)

    return Look(
        torch.cat([wide(look.weights, 0.0) for look in looks], dim=2),
        torch.cat([wide(look.scores, -torch.inf) for look in looks], dim=2),
    )


class PreparedTransformer:
    """A model in evaluation mode, whose weights stay as they are. Threads may share one."""

    def __init__(self, model: Transformer) -> None:
        self.model = model

    def encode(self, sources: Sequence[Sequence[int]]) -> list[Memory]:
        """What `Transformer.encode` gives for each source; in inference mode only."""
        return [self.model.encode(torch.tensor([source])) for source in sources]

    def beginning(self, memory: Memory) -> State:
        """The state before the first piece of a sentence that was read."""
        return self.model.beginning(memory)

    def advance(
        self, fed: Sequence[Sequence[int]], states: Sequence[State], memories: Sequence[Memory]
    ) -> list[Advanced]:
        """Feed the decoder several pieces of each sentence, which is in a state before the first of them."""
        return list(map(self._advance, fed, states, memories))

    def _advance(self, fed: Sequence[int], state: State, memory: Memory) -> Advanced:
        decoder = self.model.decoder
        looked, after = decoder.go_on(torch.tensor([fed]), state, memory)
        return Advanced(looked, decoder.logits(looked.states)[0], after)
