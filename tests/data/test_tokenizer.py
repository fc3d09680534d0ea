import io
from itertools import pairwise
from pathlib import Path

import pytest
import sentencepiece
from hypothesis import example, given
from hypothesis import strategies as st

from s2s.data.tokenizer import END_ID, PAD_ID, START_ID, UNKNOWN_ID, Tokenizer, spell
from s2s.errors import CheckpointError, DataError
from s2s.text import lower_capitals, normalise, words
from s2s.traces import END, Piece
from tests.conftest import VOCAB
from tests.data.texts import Pair, any_text
from tests.sentences import PAIRS

known_text = st.lists(
    st.sampled_from(sorted({word for pair in PAIRS for word in pair.source.split()})), max_size=12
).map(" ".join)


@given(any_text)
@example("")
@example("</s>")
@example("<s> <unk> <pad>")
def test_any_text_has_pieces_that_stand_in_it_in_order(tokenizers: Pair, text: str) -> None:
    *pieces, end = tokenizers[0].encode(text)
    assert (end.text, end.id, end.start, end.end) == (END, END_ID, len(text), len(text))
    assert all(0 <= piece.start <= piece.end <= len(text) for piece in pieces)
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(pieces))
    assert all(piece.id == UNKNOWN_ID or END_ID < piece.id < VOCAB for piece in pieces)


@given(any_text)
@example("</s>")
def test_the_pieces_together_are_the_normalised_text(tokenizers: Pair, text: str) -> None:
    normalised = normalise(text).text
    *pieces, _ = tokenizers[0].encode(text)
    expected = "▁" + normalised.replace(" ", "▁") if normalised else ""
    assert "".join(piece.text for piece in pieces) == expected


@given(any_text)
def test_each_piece_points_at_its_own_letters(tokenizers: Pair, text: str) -> None:
    *pieces, _ = tokenizers[0].encode(text)
    for piece in pieces:
        letters = piece.text.lstrip("▁").replace("▁", " ")
        assert letters in normalise(text[piece.start : piece.end]).text
        assert letters or piece.start == piece.end


def test_positions_count_characters_not_bytes(tokenizers: Pair) -> None:
    text = "한국 dans 😀 le 👍🏽 jardin"
    *pieces, _ = tokenizers[0].encode(text)
    for piece in pieces:
        assert text[piece.start : piece.end] == piece.text.lstrip("▁")
    last_word = [piece for piece in pieces if piece.start >= text.index("jardin")]
    assert "".join(piece.text for piece in last_word).strip("▁") == "jardin"


def test_unknown_characters_stay_visible(tokenizers: Pair) -> None:
    *pieces, _ = tokenizers[0].encode("le 학교 😀")
    shown = "".join(piece.text for piece in pieces if piece.id == UNKNOWN_ID)
    assert "학교" in shown
    assert "😀" in shown


@pytest.mark.parametrize("text", ["<s>", "</s>", "<unk>", "<pad>"])
def test_text_that_spells_a_special_piece_is_only_text(text: str) -> None:
    korean = Tokenizer.train(["가나다", "나다라", "다라마바사", "아자차 카타파하"], size=20)
    *pieces, _ = korean.encode(text)
    assert "".join(piece.text for piece in pieces) == "▁" + text
    assert all(piece.id == UNKNOWN_ID or piece.text == "▁" for piece in pieces)


@given(known_text)
def test_text_in_the_vocabulary_comes_back_whole(tokenizers: Pair, text: str) -> None:
    ids = [piece.id for piece in tokenizers[0].encode(text)]
    assert UNKNOWN_ID not in ids
    assert tokenizers[0].decode(ids)[0] == normalise(text).text


@given(st.lists(st.integers(0, VOCAB - 1), max_size=20))
def test_decoded_pieces_point_at_their_letters(tokenizers: Pair, ids: list[int]) -> None:
    text, pieces = tokenizers[1].decode(ids)
    assert [piece.id for piece in pieces] == ids
    assert text == text.strip(" ")
    said = [piece for piece in pieces if piece.id not in (PAD_ID, START_ID, END_ID)]
    assert all(text[p.start : p.end] == p.text.strip("▁").replace("▁", " ") for p in said)
    assert all(a.end <= b.start for a, b in pairwise(said))
    assert "".join(text[piece.start : piece.end] for piece in said) == text.replace(" ", "")
    assert all((p.start, p.end) == (len(text),) * 2 for p in pieces if p not in said)


@given(known_text)
def test_decoding_places_pieces_where_encoding_does(tokenizers: Pair, text: str) -> None:
    encoded = tokenizers[0].encode(normalise(text).text)
    assert tokenizers[0].decode([piece.id for piece in encoded])[1] == encoded


def test_an_unknown_piece_is_shown_when_decoded(tokenizers: Pair) -> None:
    text, pieces = tokenizers[0].decode([UNKNOWN_ID, END_ID])
    assert text == "⁇"
    assert pieces[0].text == "⁇"


def test_a_tokenizer_has_exactly_the_size_asked_for(tokenizers: Pair) -> None:
    assert [tokenizer.size for tokenizer in tokenizers] == [VOCAB, VOCAB]


def test_the_same_text_trains_the_same_tokenizer(tokenizers: Pair) -> None:
    again = Tokenizer.train((pair.source for pair in PAIRS), size=VOCAB)
    assert [again.surface(i) for i in range(VOCAB)] == [tokenizers[0].surface(i) for i in range(VOCAB)]


def test_a_digit_is_a_piece_of_its_own() -> None:
    texts = [f"{pair.source} en {year}" for pair, year in zip(PAIRS, range(1900, 2110), strict=True)]
    pieces = Tokenizer.train(texts, size=VOCAB).encode("en 1984")[:-1]
    assert [piece.text for piece in pieces[-4:]] == ["1", "9", "8", "4"]


def test_with_less_than_full_coverage_rare_characters_are_no_pieces() -> None:
    texts = [pair.source for pair in PAIRS] + ["학교"]
    whole, most = (Tokenizer.train(texts, size=VOCAB, character_coverage=c) for c in (1.0, 0.999))
    assert UNKNOWN_ID not in {piece.id for piece in whole.encode("학교")}
    assert UNKNOWN_ID in {piece.id for piece in most.encode("학교")}


@pytest.mark.parametrize("texts", [[], [""], ["a b c"]])
def test_text_too_small_for_the_vocabulary_is_one_error(texts: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        Tokenizer.train(texts, size=500)
    assert caught.value.key == "tokenizer_untrainable"
    assert caught.value.values["reason"]
    assert "trainer_interface" not in str(caught.value)


def test_a_tokenizer_goes_to_bytes_and_back(tokenizers: Pair, tmp_path: Path) -> None:
    path = tmp_path / "source.model"
    path.write_bytes(tokenizers[0].serialized)
    text = "Mon frère attend à l'hôpital."
    assert Tokenizer.load(path).encode(text) == tokenizers[0].encode(text)


@pytest.mark.parametrize("data", [b"", b"garbage", b"\x00" * 100, b"<html>not a model</html>"])
def test_damaged_bytes_are_one_error_that_names_the_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "source.model"
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match=r"source\.model") as caught:
        Tokenizer.load(path)
    assert caught.value.key == "part_damaged"


def test_a_missing_tokenizer_is_one_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"source\.model") as caught:
        Tokenizer.load(tmp_path / "source.model")
    assert caught.value.key == "part_missing"


def test_a_folder_in_place_of_a_tokenizer_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError) as caught:
        Tokenizer.load(tmp_path)
    assert caught.value.key == "part_damaged"


def test_a_model_with_other_special_pieces_is_refused(tmp_path: Path) -> None:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.Train(
        sentence_iterator=iter([pair.source for pair in PAIRS]),
        model_writer=model, vocab_size=VOCAB, minloglevel=2,
    )  # fmt: skip
    with pytest.raises(CheckpointError, match="special pieces"):
        Tokenizer(model.getvalue())


def segmentations(text: str, known: dict[str, float]) -> list[list[str]]:
    if not text:
        return [[]]
    return [
        [text[:k], *rest]
        for k in range(1, len(text) + 1)
        if text[:k] in known
        for rest in segmentations(text[k:], known)
    ]


@pytest.mark.parametrize("text", ["le", "jardin", "dans le"])
def test_the_pieces_of_a_text_are_its_most_likely_segmentation(tokenizers: Pair, text: str) -> None:
    """Against every segmentation there is (Kudo 2018, section 3.2)."""
    tokenizer = tokenizers[0]
    pieces = {tokenizer.surface(id_): Piece(tokenizer.surface(id_), id_, 0, 0) for id_ in range(4, VOCAB)}
    scores = {surface: tokenizer.log_prob([piece]) for surface, piece in pieces.items()}
    candidates = segmentations("▁" + text.replace(" ", "▁"), scores)
    best = max(sum(scores[surface] for surface in candidate) for candidate in candidates)
    assert len(candidates) > 1
    assert tokenizer.log_prob(tokenizer.encode(text)) == pytest.approx(best, rel=1e-5)


def test_what_is_unknown_is_less_likely_than_anything_known(tokenizers: Pair) -> None:
    tokenizer = tokenizers[0]
    rarest = min(tokenizer.log_prob([Piece("", id_, 0, 0)]) for id_ in range(4, VOCAB))
    unknown = [piece for piece in tokenizer.encode("학교") if piece.id == UNKNOWN_ID]
    assert tokenizer.log_prob(unknown) < rarest * len(unknown)
    assert tokenizer.log_prob(tokenizer.encode("")) == 0


@given(any_text)
def test_pieces_spell_the_text_they_are_of(tokenizers, text):
    english = tokenizers[1]
    pieces = english.encode(text)
    spelt, placed = spell(pieces)
    assert spelt == normalise(text).text
    assert [(p.text, p.id) for p in placed] == [(p.text, p.id) for p in pieces]
    for piece in placed:
        assert piece.text.replace("▁", " ").strip() == spelt[piece.start : piece.end] or piece.id == END_ID


def test_a_piece_of_the_vocabulary_is_one_piece_as_a_word_and_glued(tokenizers):
    english = tokenizers[1]
    for id_ in range(END_ID + 1, english.size):
        surface = english.surface(id_)
        if surface == "▁":
            continue
        text = surface.removeprefix("▁") if surface.startswith("▁") else f"·{surface}"
        assert [(p.text, p.id) for p in english.encode_word(text)] == [(surface, id_)]


def test_a_word_has_its_pieces_without_an_end_token(tokenizers):
    english = tokenizers[1]
    assert english.encode_word("gardenspeak") == english.encode("gardenspeak")[:-1]
    assert english.encode_word("  ") == english.encode_word("·") == ()
    glued = english.encode_word("·speakgarden")
    assert "".join(p.text for p in glued) == "speakgarden"
    assert {p.id for p in english.encode_word("·학")} == {UNKNOWN_ID}


@given(any_text)
def test_any_text_can_be_fed_as_a_word(tokenizers, text):
    assert END_ID not in {p.id for p in tokenizers[1].encode_word(text)}


@given(any_text)
@example("")
@example("</s> <unk> <pad>")
@example("<0xE2> x<0x41>")
@example("학교 😀 le 👍🏽")
def test_whole_texts_are_encoded_alike_one_by_one_and_together(
    tokenizers: Pair, with_bytes: Pair, text: str
) -> None:
    for tokenizer in (tokenizers[0], with_bytes[0]):
        texts = ["le jardin", text, text.upper()]
        assert tokenizer.ids(texts) == [[p.id for p in tokenizer.encode(t)] for t in texts]
        assert tokenizer.read_ids(texts) == [[p.id for p in tokenizer.read(t)] for t in texts]
    assert tokenizers[0].ids([]) == []


@given(any_text)
@example("IL FAIT FROID")
@example("L\u2019ÉTÉ À 10:30, İSTANBUL")
def test_a_source_in_capitals_is_read_in_lower_case_where_it_stands(tokenizers: Pair, text: str) -> None:
    capitals = text.upper()
    *read, end = tokenizers[0].read(capitals)
    assert end == tokenizers[0].encode(capitals)[-1]
    assert "".join(piece.text for piece in read).lstrip("▁").replace("▁", " ") == lower_capitals(
        normalise(capitals).text
    )
    for piece in read:
        letters = piece.text.lstrip("▁").replace("▁", " ")
        stands = normalise(capitals[piece.start : piece.end]).text
        assert letters in (stands, lower_capitals(stands)) or letters.casefold() in stands.casefold()


@pytest.mark.parametrize("text", ["Il fait froid", "A", "l'ONU", "À 10:30", "12", "", "İ"])
def test_a_source_that_is_not_in_capitals_throughout_is_read_as_it_is(tokenizers: Pair, text: str) -> None:
    assert tokenizers[0].read(text) == tokenizers[0].encode(text)


def test_a_sentence_in_capitals_is_read_as_the_same_sentence(tokenizers: Pair) -> None:
    text = "l'enfant dort à l'hôpital."
    assert tokenizers[0].read(text.upper()) == tokenizers[0].encode(text)
    assert [word.text for word in words(text.upper(), "fr")] == [
        word.text.upper() for word in words(text, "fr")
    ]


def test_a_middle_dot_is_a_character_of_its_word_and_does_not_glue_it() -> None:
    texts = [f"{word}·e·s {pair.source}" for word, pair in zip(["étudiant", "ami"] * 105, PAIRS, strict=True)]
    tokenizer = Tokenizer.train(texts, size=VOCAB)
    (*pieces, _), whole = tokenizer.encode("étudiant·e·s"), tokenizer.encode_word("étudiant·e·s")
    assert spell(pieces)[0] == spell(whole)[0] == "étudiant·e·s"
    assert whole[0].text.startswith("▁")
    (dot,) = tokenizer.encode_word("··")
    assert dot.text == "·"


@pytest.mark.parametrize("text", ["L &apos; enfant dort", "L\x92enfant dort", "Ｌ＇ｅｎｆａｎｔ ｄｏｒｔ"])
def test_an_escaped_text_has_the_pieces_of_the_plain_one_where_it_is_typed(
    tokenizers: Pair, text: str
) -> None:
    plain, escaped = tokenizers[0].encode("L'enfant dort"), tokenizers[0].encode(text)
    assert [(p.text, p.id) for p in escaped] == [(p.text, p.id) for p in plain]
    for piece in escaped[:-1]:
        assert normalise(text[piece.start : piece.end]).text == piece.text.removeprefix("▁")
