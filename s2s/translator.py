"""The door: text in, `Trace` out. No tensor escapes.

translator = Translator.load("fr-en-general")
trace = translator.translate("Il fait froid.")        free running: each word follows from the last
trace = translator.align("Il fait froid.", "It is cold.")     forced to say a given translation
trace = translator.explain("Il fait froid.", "It is cold.")   the same, and where each word came from
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from s2s import catalog, checkpoints
from s2s.config import DecodeConfig
from s2s.data.tokenizer import END_ID
from s2s.decode.loop import Decoded, decode, forced, greedy
from s2s.decode.posteriors import posteriors
from s2s.decode.recorder import Side, record
from s2s.errors import DataError
from s2s.traces import END, Piece, Trace


class Translator:
    """A trained model with its tokenizers. Translating changes nothing in it: threads may share one."""

    def __init__(
        self, name: str, checkpoint: checkpoints.Checkpoint, limits: DecodeConfig | None = None
    ) -> None:
        self.name = name
        self.attention = checkpoint.model.config.attention
        self.limits = limits or DecodeConfig()
        self._checkpoint = checkpoint

    @classmethod
    def load(cls, name: str, *, limits: DecodeConfig | None = None) -> Translator:
        """A shipped model by its name, or the model in a folder by its path. Raises CheckpointError."""
        folder = catalog.locate(name)
        return cls(folder.name, checkpoints.load(folder), limits)

    @torch.inference_mode()
    def translate(self, source: str) -> Trace:
        """The model's own translation, greedily, with everything computed on the way.

        Any text is accepted. A source longer than the limit is read up to it (`source_cut`), at the last
        word that fits; a translation that does not end is stopped (`target_cut`).
        """
        read = self._read(source)
        limit = self.limits.target_limit(len(read.pieces))
        decoded = decode(self._checkpoint.model, _ids(read.pieces), choose=greedy, limit=limit)
        said = Side(*self._checkpoint.target.decode(decoded.said))
        return self._record(decoded, read, said, is_forced=False)

    @torch.inference_mode()
    def align(self, source: str, target: str) -> Trace:
        """The same record for a given translation: the decoder is fed its words (teacher forcing).

        Raises DataError when the target is longer than a free run could ever be.
        """
        decoded, read, said = self._forced(source, target)
        return self._record(decoded, read, said, is_forced=True)

    @torch.inference_mode()
    def explain(self, source: str, target: str) -> Trace:
        """What `align` gives, and with it the posteriors: which source piece explains each target piece.

        It costs a product with the vocabulary for each of them. Raises DataError as `align` does.
        """
        decoded, read, said = self._forced(source, target)
        explained = posteriors(self._checkpoint.model, decoded)
        return self._record(decoded, read, said, is_forced=True, posteriors=explained)

    def _forced(self, source: str, target: str) -> tuple[Decoded, Side, Side]:
        read = self._read(source)
        said = Side(target, self._checkpoint.target.encode(target))
        limit = self.limits.target_limit(self.limits.source_limit)
        if len(said.pieces) > limit:
            raise DataError("length_over_limit", found=len(said.pieces), limit=limit)
        choose = forced(_ids(said.pieces))
        decoded = decode(self._checkpoint.model, _ids(read.pieces), choose=choose, limit=len(said.pieces))
        return decoded, read, said

    def _record(
        self,
        decoded: Decoded,
        source: Side,
        target: Side,
        *,
        is_forced: bool,
        posteriors: torch.Tensor | None = None,
    ) -> Trace:
        return record(
            decoded,
            model=self.name,
            attention=self.attention,
            source=source,
            source_log_prob=self._checkpoint.source.log_prob(source.pieces),
            target=target,
            is_forced=is_forced,
            posteriors=posteriors,
        )

    def _read(self, source: str) -> Side:
        """At most `source_limit` pieces, the end token one of them, cut before a word where one begins."""
        pieces, limit = self._checkpoint.source.encode(source), self.limits.source_limit
        if len(pieces) <= limit:
            return Side(source, pieces)
        stop = limit - 1
        while stop > 1 and not pieces[stop].text.startswith("▁"):
            stop -= 1
        if not pieces[stop].text.startswith("▁"):  # one word longer than the limit
            stop = limit - 1
        end = pieces[stop - 1].end if stop else 0
        return Side(source, (*pieces[:stop], Piece(END, END_ID, end, end)), cut=True)


def _ids(pieces: Sequence[Piece]) -> list[int]:
    return [piece.id for piece in pieces]
