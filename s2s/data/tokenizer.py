"""Subwords: a SentencePiece unigram model (Kudo 2018) over normalised text, with character positions."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import sentencepiece

from s2s.errors import CheckpointError, DataError
from s2s.text import GLUE, normalise
from s2s.traces import END, Piece

PAD_ID: Final = 0
UNKNOWN_ID: Final = 1
START_ID: Final = 2
END_ID: Final = 3
START: Final = "<s>"
_SPACE: Final = "▁"
_UNKNOWN_PENALTY: Final = 10.0  # SentencePiece's kUnkPenalty


class Tokenizer:
    """Text to pieces and back, for one language. Any Unicode string has pieces."""

    def __init__(self, serialized: bytes, *, path: Path | None = None) -> None:
        """From the bytes of a SentencePiece model; `path` names it in errors. Raises CheckpointError."""
        self.serialized = serialized
        self._processor = sentencepiece.SentencePieceProcessor()
        named = path or "the tokenizer"
        try:
            self._processor.LoadFromSerializedProto(serialized)
            size = self._processor.get_piece_size()
            self._surfaces: tuple[str, ...] = tuple(self._processor.id_to_piece(id_) for id_ in range(size))
            self._log_probs: list[float] = [self._processor.get_score(id_) for id_ in range(size)]
        except Exception as error:  # the library raises its own RuntimeError and others
            raise CheckpointError("part_damaged", path=named, reason="not a SentencePiece model") from error
        special = (
            self._processor.pad_id(),
            self._processor.unk_id(),
            self._processor.bos_id(),
            self._processor.eos_id(),
        )
        if special != (PAD_ID, UNKNOWN_ID, START_ID, END_ID):
            raise CheckpointError(
                "part_damaged", path=named, reason="its special pieces have other numbers than ours"
            )

    @classmethod
    def load(cls, path: Path) -> Tokenizer:
        """The tokenizer in a file. Raises CheckpointError."""
        try:
            return cls(path.read_bytes(), path=path)
        except FileNotFoundError as error:
            raise CheckpointError("part_missing", path=path) from error
        except OSError as error:
            raise CheckpointError("part_damaged", path=path, reason=error.strerror) from error

    @classmethod
    def train(cls, texts: Iterable[str], *, size: int) -> Tokenizer:
        """A tokenizer of exactly `size` pieces, special ones included. Raises DataError.

        Every character of `texts` becomes a piece (coverage 1.0): what training saw is never unknown.
        """
        model = io.BytesIO()
        try:
            sentencepiece.SentencePieceTrainer.Train(
                sentence_iterator=iter([normalise(text).text for text in texts]),
                model_writer=model,
                model_type="unigram",
                vocab_size=size,
                character_coverage=1.0,
                normalization_rule_name="identity",
                pad_id=PAD_ID,
                unk_id=UNKNOWN_ID,
                bos_id=START_ID,
                eos_id=END_ID,
                max_sentence_length=1 << 20,
                minloglevel=2,
            )
        except RuntimeError as error:
            reason = str(error).rpartition("]")[2].strip().rstrip(".")  # without the library's source line
            raise DataError(
                "tokenizer_untrainable", size=size, reason=reason or "there is no text in it"
            ) from error
        return cls(model.getvalue())

    @property
    def size(self) -> int:
        """Pieces in the vocabulary, special ones included."""
        return len(self._surfaces)

    def encode(self, text: str) -> tuple[Piece, ...]:
        """The pieces of a text with their positions in it, the end token last."""
        normalised = normalise(text)
        pieces: list[Piece] = []
        position = -1  # in the normalised text, behind the space that SentencePiece puts before it
        for surface in self._processor.encode(normalised.text, out_type=str):
            stop = position + len(surface)
            start = position + 1 if surface.startswith(_SPACE) else position
            span = normalised.original(start, stop)
            id_ = self._processor.piece_to_id(surface)
            if id_ <= END_ID:  # no text is a special piece, not even one that spells "</s>"
                id_ = UNKNOWN_ID
            pieces.append(Piece(surface, id_, span.start, span.end))
            position = stop
        pieces.append(Piece(END, END_ID, len(text), len(text)))
        return tuple(pieces)

    def encode_word(self, text: str) -> tuple[Piece, ...]:
        """The pieces of one word as it would stand inside a sentence, without an end token; for an empty text
        none. A text that begins with "·", or has neither letter nor digit, goes on with the word before it.

        What is a piece of the vocabulary stays whole.
        """
        glued = text.startswith(GLUE)
        word = normalise(text.removeprefix(GLUE)).text
        if not word:
            return ()
        if glued or not any(character.isalnum() for character in word):
            whole = self._processor.piece_to_id(word)
            if whole > END_ID:
                return (Piece(word, whole, 0, 0),)
            if glued:
                return tuple(self._named(character) for character in word)
        whole = self._processor.piece_to_id(_SPACE + word)
        return (Piece(_SPACE + word, whole, 0, 0),) if whole > END_ID else self.encode(word)[:-1]

    def _named(self, surface: str) -> Piece:
        return Piece(surface, max(UNKNOWN_ID, self._processor.piece_to_id(surface)), 0, 0)

    def decode(self, ids: Sequence[int]) -> tuple[str, tuple[Piece, ...]]:
        """The text that piece numbers spell, and the pieces with their positions in it.

        Special pieces spell nothing; an unknown one is shown as "⁇".
        """
        return spell([Piece(self.surface(id_), id_, 0, 0) for id_ in ids])

    def log_prob(self, pieces: Sequence[Piece]) -> float:
        """How likely the unigram model finds these pieces (Kudo 2018), in nats, special pieces left out.

        A piece it does not know counts as in SentencePiece's own search: 10 nats below the rarest it knows.
        """
        unknown = min(self._log_probs) - _UNKNOWN_PENALTY
        known = (self._log_probs[piece.id] if piece.id > END_ID else 0.0 for piece in pieces)
        return sum(known) + unknown * sum(piece.id == UNKNOWN_ID for piece in pieces)

    def surface(self, id_: int) -> str:
        """How a piece is written: "▁" for the space before a word, "⁇" for the unknown piece."""
        return "⁇" if id_ == UNKNOWN_ID else self._surfaces[id_]


def spell(pieces: Iterable[Piece]) -> tuple[str, tuple[Piece, ...]]:
    """The text that pieces spell one after the other, and the same pieces with their positions in it.

    What the pieces say counts, not where they stood. Special pieces but the unknown one spell nothing.
    """
    text = ""
    placed: list[Piece] = []
    for piece in pieces:
        if piece.id in (PAD_ID, START_ID, END_ID):
            placed.append(piece._replace(start=-1, end=-1))
            continue
        surface = piece.text if text else piece.text.lstrip(_SPACE)
        shown = surface.replace(_SPACE, " ")
        stop = len(text) + len(shown)
        start = stop - len(shown.lstrip(" "))
        text += shown
        placed.append(piece._replace(start=start, end=stop))
    text = text.rstrip(" ")
    length = len(text)
    return text, tuple(
        piece._replace(start=length, end=length)
        if piece.start < 0
        else piece._replace(start=min(piece.start, length), end=min(piece.end, length))
        for piece in placed
    )
