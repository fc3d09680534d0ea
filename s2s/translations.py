"""Sentences that one translator translates together: the weights are read once for all of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import torch

from s2s.decode.loop import Batch
from s2s.decode.reader import Side
from s2s.traces import Trace

if TYPE_CHECKING:
    from s2s.translator import Translator


class Translations:
    """Sentences that one translator translates together, step by step: see `s2s.decode.loop.Batch`."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._batch = Batch[Hashable](translator._prepared)
        self._read: dict[Hashable, Side] = {}

    def __len__(self) -> int:
        return len(self._batch)

    def add(self, sentences: Mapping[Hashable, tuple[str, str]]) -> None:
        """Read sentences, each with a guess of its translation, "" for none; each is called by a key."""
        asked = {key: self._translator._task(source, guess) for key, (source, guess) in sentences.items()}
        self._batch.add({key: task for key, (_, task) in asked.items()})
        self._read |= {key: side for key, (side, _) in asked.items()}

    @torch.inference_mode()
    def step(self) -> dict[Any, Trace]:
        """One step of each; the traces of those that have ended, which leave."""
        own = self._translator
        return {
            key: own._record(decoded, self._read.pop(key), Side(*own._checkpoint.target.decode(decoded.said)))
            for key, decoded in self._batch.step().items()
        }
