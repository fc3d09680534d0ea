"""Characters that the vocabulary lacks, spelt in bytes."""

from itertools import pairwise, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s2s.data.tokenizer import END_ID, PAD_ID, Tokenizer, spell
from s2s.text import normalise
from s2s.traces import END, Piece
from tests.conftest import VOCAB_WITH_BYTES
from tests.data.texts import Pair, any_text


@pytest.mark.parametrize(
    ("size", "asked_for", "expected"),
    [(1023, None, False), (1024, None, True), (1024, False, False), (400, True, True)],
)
def test_bytes_are_pieces_where_they_fit_or_are_asked_for(
    size: int, asked_for: bool | None, expected: bool
) -> None:
    made = ["".join(letters) for letters in product("bcdfglmnprst", "aeiou", "bcdfglmnprst", "aeiou")]
    texts = [f"{word} {made[i * 7 % len(made)]}s" for i, word in enumerate(made)]
    tokenizer = Tokenizer.train(texts, size=size, byte_fallback=asked_for)
    pieces = [Piece(tokenizer.surface(id_), id_, 0, 0) for id_ in range(tokenizer.size)]
    assert len(pieces) == size
    assert len({piece.byte for piece in pieces} - {None}) == (256 if expected else 0)


@given(any_text)
@example("학교 😀 le 👍🏽")
@example("<0xE2> x<0x41> </s> <pad>")
def test_with_bytes_nothing_is_unknown_and_the_text_comes_back(with_bytes: Pair, text: str) -> None:
    *pieces, end = with_bytes[0].encode(text)
    assert (end.text, end.id, end.start, end.end) == (END, END_ID, len(text), len(text))
    assert all(END_ID < piece.id < VOCAB_WITH_BYTES for piece in pieces)
    spelt, placed = with_bytes[0].decode([piece.id for piece in pieces])
    assert spelt == normalise(text).text
    again = with_bytes[0].encode(spelt)[:-1]
    assert placed == again


@given(any_text)
@example("…😀…")
def test_the_bytes_of_a_character_stand_where_it_does(with_bytes: Pair, text: str) -> None:
    *pieces, _ = with_bytes[0].encode(text)
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(pieces))
    spelt, placed = spell(pieces)
    for given_, made in zip(pieces, placed, strict=True):
        if given_.byte is not None:
            character = spelt[made.start : made.end]
            assert len(character) == 1
            assert character in normalise(text[given_.start : given_.end]).text
            assert given_.byte in character.encode()


def test_a_character_is_as_many_pieces_as_it_has_bytes_and_one_word(with_bytes: Pair) -> None:
    text = "le 😀é jardin"
    read = [piece for piece in with_bytes[0].encode(text) if (piece.start, piece.end) == (3, 4)]
    assert [piece.text for piece in read] == ["<0xF0>", "<0x9F>", "<0x98>", "<0x80>"]
    assert [piece.byte for piece in read] == [0xF0, 0x9F, 0x98, 0x80]


@pytest.mark.parametrize("text", ["<0xE2>", "x<0x41>", "<0x20><0x0A>"])
def test_text_that_spells_a_byte_is_only_text(tokenizers: Pair, with_bytes: Pair, text: str) -> None:
    for tokenizer in (*tokenizers, *with_bytes):
        for pieces in (tokenizer.encode(text)[:-1], tokenizer.encode_word(f"·{text}")):
            assert spell(pieces)[0] == text
            assert all(piece.text != "<0xE2>" or piece.byte is None for piece in pieces)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("C3 A9", "é"),
        ("C3", "\ufffd"),
        ("A9", "\ufffd"),
        ("F0 9F 98", "\ufffd"),
        ("F0 9F 98 80", "😀"),
        ("C3 C3 A9 80 80 41", "\ufffdé\ufffdA"),
        ("0A", "\ufffd"),
        ("20 41", "\ufffdA"),
        ("E2 80 8B", "\ufffd"),
        ("ED A0 80", "\ufffd"),
        ("EF BF BD", "\ufffd"),
    ],
)
def test_bytes_in_a_row_spell_characters_and_what_is_none_is_shown(run: str, expected: str) -> None:
    pieces = [Piece(f"<0x{byte}>", 9, 0, 0) for byte in run.split()]
    text, placed = spell([Piece("▁a", 8, 0, 0), *pieces, Piece("b", 7, 0, 0), Piece(END, END_ID, 0, 0)])
    assert text == f"a{expected}b"
    assert all(piece.end - piece.start == 1 for piece in placed[:-1])
    assert all(a.end <= b.start or a[2:] == b[2:] for a, b in pairwise(placed))
    assert {place for piece in placed for place in range(piece.start, piece.end)} == set(range(len(text)))


@given(st.lists(st.integers(0, VOCAB_WITH_BYTES - 1), max_size=20))
def test_any_bytes_that_a_model_says_are_text(with_bytes: Pair, ids: list[int]) -> None:
    text, pieces = with_bytes[1].decode(ids)
    assert [piece.id for piece in pieces] == ids
    assert text == text.strip(" ")
    assert not any(c in "\n\r\t\x00" for c in text)
    covered = {place for piece in pieces for place in range(piece.start, piece.end)}
    assert all(c == " " for place, c in enumerate(text) if place not in covered)
    ordinary = [p for p in pieces if p.id > END_ID]
    assert all(a.end <= b.start or (a.start, a.end) == (b.start, b.end) for a, b in pairwise(ordinary))


def test_a_special_piece_parts_the_bytes_around_it(with_bytes: Pair) -> None:
    first, second = (piece.id for piece in with_bytes[1].encode_word("·ü"))
    assert with_bytes[1].decode([first, second])[0] == "ü"
    assert with_bytes[1].decode([first, PAD_ID, second])[0] == "\ufffd\ufffd"


@given(any_text)
def test_with_bytes_any_text_can_be_fed_as_a_word(with_bytes: Pair, text: str) -> None:
    for fed in (text, f"·{text}"):
        pieces = with_bytes[1].encode_word(fed)
        assert all(piece.id > END_ID for piece in pieces)
        assert spell(pieces)[0] == normalise(text.removeprefix("·")).text


def test_a_character_in_bytes_counts_once_and_as_unlikely_as_an_unknown_one(with_bytes: Pair) -> None:
    tokenizer = with_bytes[0]
    pieces = [Piece(tokenizer.surface(id_), id_, 0, 0) for id_ in range(END_ID + 1, VOCAB_WITH_BYTES)]
    rarest = min(tokenizer.log_prob([piece]) for piece in pieces if piece.byte is None)
    apart = tokenizer.log_prob(tokenizer.encode("le 😀")) - tokenizer.log_prob(tokenizer.encode("le "))
    (space,) = (piece for piece in pieces if piece.text == "▁")
    assert apart == pytest.approx(rarest - 10 + tokenizer.log_prob([space]))


def test_bytes_are_left_out_where_the_characters_leave_no_room_for_them() -> None:
    syllables = [chr(0xAC00 + 7 * i) for i in range(900)]
    texts = [" ".join("".join(syllables[i : i + n]) for n in (1, 2, 3)) for i in range(900)] * 3
    assert not Tokenizer.train(texts, size=1100).has_bytes
    assert Tokenizer.train(texts, size=1200).has_bytes
