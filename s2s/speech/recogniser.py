"""The door to a model that listens: sound goes in, a frozen record of what was computed comes out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import numpy as np
import torch
from torch import Tensor

from s2s.data.tokenizer import END_ID, START_ID
from s2s.model.decoder import Memory, Step
from s2s.sound.hearing import Hearing
from s2s.sound.waves import RATE, Samples, levelled
from s2s.speech import checkpoints
from s2s.speech.batches import frames_of, state_seconds
from s2s.speech.model import FIRST_DIGIT, Listener, digit_of, piece_of

_SHORTEST: float = 0.12  # seconds of a digit: of more there is none to hear
_MORE: int = 3


class Recogniser:
    """A trained model. Raises CheckpointError where its folder is none."""

    def __init__(self, model: Listener, name: str) -> None:
        self.name = name
        self._model = model.eval()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model in a folder. Raises CheckpointError."""
        return cls(checkpoints.load(folder), folder.name)

    @torch.inference_mode()
    def listen(
        self, samples: Samples, *, by_hand: Mapping[int, int] | None = None, steps: int | None = None
    ) -> Hearing:
        """Greedy: the digits of a sound at 8 kHz, at any level. `by_hand` says which digit is fed at a step
        in place of the one said before (the first step is fed the start); `steps` makes it go on for so many,
        whatever it says."""
        config = self._model.config
        frames = frames_of(levelled(samples), config)
        memory = self._model.encode(frames.unsqueeze(0))
        limit = int(len(samples) / RATE / _SHORTEST) + _MORE if steps is None else steps
        fed, taken = self._decode(memory, by_hand or {}, limit, stop=steps is None)
        said = [int(step.logits[0, END_ID:].argmax()) + END_ID for step in taken]
        middles = state_seconds(len(frames), config)
        half = config.frames_a_state / 200
        logits = torch.cat([step.logits for step in taken])[
            :, [*range(FIRST_DIGIT, FIRST_DIGIT + 10), END_ID]
        ]
        return Hearing(
            model=self.name,
            seconds=len(samples) / RATE,
            frames=frames.numpy(),
            edges=np.append(middles - half, middles[-1] + half).clip(0).astype(np.float32),
            encoder_states=memory.encoder_states[0].numpy(),
            fed=tuple(map(digit_of, fed)),
            said=tuple(map(digit_of, said)),
            decoder_states=_rows([step.decoder_state for step in taken]),
            scores=_rows([step.scores for step in taken]),
            weights=_rows([step.weights for step in taken]),
            contexts=_rows([step.context for step in taken]),
            probabilities=torch.softmax(logits, dim=-1).numpy(),
            by_hand=tuple(sorted(step for step in by_hand or {} if 0 < step < len(taken))),
            cut=said[-1] != END_ID,
        )

    def _decode(
        self, memory: Memory, by_hand: Mapping[int, int], limit: int, *, stop: bool
    ) -> tuple[list[int], list[Step]]:
        """What was fed at each step, and what it computed."""
        piece, state = START_ID, memory.initial_state
        fed: list[int] = []
        taken: list[Step] = []
        for number in range(limit):
            if number and number in by_hand:
                piece = piece_of(by_hand[number])
            step = self._model.step(torch.tensor([piece]), state, memory)
            fed.append(piece)
            taken.append(step)
            piece, state = int(step.logits[0, END_ID:].argmax()) + END_ID, step.state
            if stop and piece == END_ID:
                break
        return fed, taken


def _rows(parts: list[Tensor] | list[Tensor | None]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Of several steps, each (1, width), one array (steps, width)."""
    rows = torch.cat([part for part in parts if part is not None])
    return rows.numpy().copy()
