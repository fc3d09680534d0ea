"""Subwords: a SentencePiece unigram model (Kudo 2018) over normalised text, with character positions."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

import sentencepiece

from s2s.catalog import read_part
from s2s.errors import CheckpointError, DataError
from s2s.text import GLUE, Normalised, is_word, lower_capitals, normalise
from s2s.traces import END, Piece, byte_of
from s2s.traces import UNKNOWN_ID as UNKNOWN_ID

PAD_ID: Final = 0
START_ID: Final = 2
END_ID: Final = 3
START: Final = "<s>"
_SPACE: Final = "▁"
_UNKNOWN_PENALTY: Final = 10.0  # SentencePiece's kUnkPenalty
_SPECIAL: Final = 5  # pieces that are no text, and the one for a space
_BYTES_FROM: Final = 1024  # pieces: in a smaller vocabulary the 256 bytes would take more than a quarter


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
            self._ids_of_bytes = {
                byte: id_
                for id_ in range(size)
                if self._processor.is_byte(id_) and (byte := byte_of(self._surfaces[id_])) is not None
            }
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
        return cls(read_part(path), path=path)

    @classmethod
    def train(
        cls,
        texts: Iterable[str],
        *,
        size: int,
        character_coverage: float = 1.0,
        byte_fallback: bool | None = None,
    ) -> Tokenizer:
        """A tokenizer of exactly `size` pieces, special ones included. Raises DataError.

        The most frequent characters of `texts` become pieces, as many as make up `character_coverage` of
        it; with 1.0 what training saw is never unknown. A digit is a piece of its own. With `byte_fallback`
        256 of the pieces are bytes, which spell any character that is none; by default where `size` is at
        least 1,024 and has room for them beside the characters.
        """
        normalised = [normalise(text).text for text in texts]
        if byte_fallback is None:
            characters = len(set().union(*normalised))
            byte_fallback = size >= max(_BYTES_FROM, 256 + characters + _SPECIAL)
        model = io.BytesIO()
        try:
            sentencepiece.SentencePieceTrainer.Train(
                sentence_iterator=iter(normalised),
                model_writer=model,
                model_type="unigram",
                vocab_size=size,
                character_coverage=character_coverage,
                split_digits=True,
                byte_fallback=byte_fallback,
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

    @property
    def has_bytes(self) -> bool:
        """Whether it spells characters that are no pieces, byte by byte."""
        return bool(self._ids_of_bytes)

    def encode(self, text: str) -> tuple[Piece, ...]:
        """The pieces of a text with their positions in it, the end token last. Where bytes spell a character
        that is no piece, each of them stands where it does."""
        return self._placed(normalise(text), len(text))

    def read(self, text: str) -> tuple[Piece, ...]:
        """The pieces of a source: what `encode` gives, but a text written in capitals throughout is read in
        lower case, which is what a model has learned from. Positions are those in the text as typed."""
        normalised = normalise(text)
        return self._placed(replace(normalised, text=lower_capitals(normalised.text)), len(text))

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The piece numbers that `encode` gives for each text, many times faster: for whole corpora."""
        return self._ids([normalise(text).text for text in texts])

    def read_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The piece numbers that `read` gives for each text, as fast as `ids`."""
        return self._ids([lower_capitals(normalise(text).text) for text in texts])

    def _ids(self, normalised: list[str]) -> list[list[int]]:
        found: list[list[int]] = self._processor.encode(normalised, out_type=int, num_threads=1)
        for ids in found:
            ids.append(END_ID)
        return found

    def _placed(self, normalised: Normalised, length: int) -> tuple[Piece, ...]:
        """The pieces of a normalised text where they stand in the given one, `length` characters long."""
        spaced = _SPACE + normalised.text.replace(" ", _SPACE)
        pieces: list[Piece] = []
        position = -1  # in the normalised text, behind the space that SentencePiece puts before it
        inside = 0  # how many bytes of the character at `position` were pieces already
        for surface in self._processor.encode(normalised.text, out_type=str):
            id_ = self._processor.piece_to_id(surface)
            if id_ <= END_ID:  # no text is a special piece, not even one that spells "</s>"
                id_ = UNKNOWN_ID
            is_byte = self._processor.is_byte(id_)
            shown = spaced[position + 1] if is_byte else surface
            start = position + shown.startswith(_SPACE)
            span = normalised.original(start, position + len(shown))
            pieces.append(Piece(surface, id_, span.start, span.end))
            inside = (inside + 1) % len(shown.encode()) if is_byte else 0
            position += len(shown) if not inside else 0
        pieces.append(Piece(END, END_ID, length, length))
        return tuple(pieces)

    def encode_word(self, text: str) -> tuple[Piece, ...]:
        """The pieces of one word as it would stand inside a sentence, without an end token; for an empty text
        none. A text that begins with "·", or has neither letter nor digit, goes on with the word before it;
        any other "·" is a middle dot of the word (étudiant·e·s).

        What is a piece of the vocabulary stays whole.
        """
        glued = text.startswith(GLUE)
        word = normalise(text.removeprefix(GLUE)).text
        if not word:
            return ()
        if glued or not is_word(word):
            whole = self._processor.piece_to_id(word)
            if whole > END_ID and not self._processor.is_byte(whole):
                return (Piece(word, whole, 0, 0),)
            if glued:
                return tuple(piece for c in word.replace(" ", _SPACE) for piece in self._named(c))
        whole = self._processor.piece_to_id(_SPACE + word)
        return (Piece(_SPACE + word, whole, 0, 0),) if whole > END_ID else self.encode(word)[:-1]

    def _named(self, character: str) -> list[Piece]:
        """A character as the piece that it is, else its bytes, where these are pieces."""
        id_ = max(UNKNOWN_ID, self._processor.piece_to_id(character))
        if id_ > UNKNOWN_ID or not self._ids_of_bytes:
            return [Piece(character, id_, 0, 0)]
        ids = [self._ids_of_bytes[byte] for byte in character.encode()]
        return [Piece(self._surfaces[id_], id_, 0, 0) for id_ in ids]

    def decode(self, ids: Sequence[int]) -> tuple[str, tuple[Piece, ...]]:
        """The text that piece numbers spell, and the pieces with their positions in it.

        Special pieces spell nothing; an unknown one is shown as "⁇". Bytes spell characters, see `spell`.
        """
        return spell([Piece(self.surface(id_), id_, 0, 0) for id_ in ids])

    def log_prob(self, pieces: Sequence[Piece]) -> float:
        """How likely the unigram model finds these pieces (Kudo 2018), in nats, special pieces left out.

        A piece it does not know, and a character spelt in bytes, counts as in SentencePiece's own search: 10
        nats below the rarest it knows.
        """
        unknown = min(self._log_probs) - _UNKNOWN_PENALTY
        known = (self._log_probs[piece.id] if piece.id > END_ID else 0.0 for piece in pieces)  # 0 for a byte
        strange = (
            piece.id == UNKNOWN_ID or (piece.byte is not None and piece.characters) for piece in pieces
        )
        return sum(known) + unknown * sum(strange)

    def surface(self, id_: int) -> str:
        """How a piece is written: "▁" for the space before a word, "⁇" for the unknown piece."""
        return "⁇" if id_ == UNKNOWN_ID else self._surfaces[id_]


def spell(pieces: Iterable[Piece]) -> tuple[str, tuple[Piece, ...]]:
    """The text that pieces spell one after the other, and the same pieces with their positions in it.

    What the pieces say counts, not where they stood. Special pieces but the unknown one spell nothing. Bytes
    in a row spell characters, and all of one character stand where it does; those that make up none, or one
    that cannot be seen, are shown as U+FFFD.
    """
    text = ""
    placed: list[Piece] = []
    pieces = tuple(pieces)
    for piece, spelt in zip(pieces, _spelt_by_bytes(pieces), strict=True):
        if spelt is not None:
            text += spelt
            placed.append(piece._replace(start=len(text) - 1, end=len(text)))
            continue
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


def _spelt_by_bytes(pieces: Iterable[Piece]) -> Iterator[str | None]:
    """For each piece that is a byte the character that begins with it, "" where none does; else None."""
    for is_byte, run in groupby((piece.byte for piece in pieces), key=lambda byte: byte is not None):
        if is_byte:
            yield from _characters(bytes(byte for byte in run if byte is not None))
        else:
            yield from (None for _ in run)


def _characters(run: bytes) -> Iterator[str]:
    """A character for the first byte of each, "" for its others. Bytes in a row that make up none are one
    U+FFFD; a character that cannot be seen is one too."""
    start, is_broken = 0, False
    while start < len(run):
        character, length = _first_character(run[start : start + 4])
        visible = character if character and normalise(character).text else "\ufffd"
        yield "" if is_broken and not character else visible
        yield from [""] * (length - 1)
        start, is_broken = start + length, not character


def _first_character(run: bytes) -> tuple[str, int]:
    """The character that some bytes begin with and how many of them it takes; "" and 1 where it is none."""
    for length in range(1, len(run) + 1):
        try:
            return run[:length].decode(), length
        except UnicodeDecodeError:
            continue
    return "", 1
