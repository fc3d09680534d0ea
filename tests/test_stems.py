"""Where Korean words part: by hand, and that nothing is lost between the parts."""

import itertools
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.languages import LANGUAGES, parts_stems
from s2s.pieces import END, Piece, units_of
from s2s.stems import stem_length, stems
from s2s.text import words

PARTED = """
    나|는 친구|와 도서관|에서 책|을 읽|었다 학교|에 도서관|에서는 서울|로 부산|으로 길|로 톰|은 메리|랑
    선생님|께서
    물|이 비|가 집|까지 3시|에 Tom|은 있|는 작|은 많|은데 알려주|세요 주|시겠어요 싶|습니다 언제|인가요
    좋|아요
    읽|을까요 먹|으면 하|지만 카카오톡|에서
    아버지|는 할아버지|도 강아지|만 먹|지는
"""
WHOLE = """
    가을 사과 아이 회의 고양이 지도 바로 서로 마을 함께 갔다 더운 은 는 hello 같이 휴가 조심 아버지 강아지
"""


@pytest.mark.parametrize("word", PARTED.split())
def test_a_word_parts_before_its_particle_or_ending(word: str):
    stem, ending = word.split("|")
    assert stem_length(stem + ending) == len(stem)


@pytest.mark.parametrize("word", ["", *WHOLE.split()])
def test_a_word_that_only_looks_as_if_it_had_one_stays_whole(word: str):
    assert stem_length(word) == 0


def test_a_particle_that_the_sound_before_it_does_not_ask_for_is_none():
    assert [stem_length(word) for word in ("바다을", "책를", "친구과", "물와", "집로")] == [0] * 5


@given(st.text(st.sampled_from("나는책을읽었다 톰은에서. ?a1"), max_size=30))
def test_the_parts_are_the_words_cut_in_two_at_most_where_they_stand(text: str):
    whole, parts = words(text, "ko"), stems(text, "ko")
    assert "".join(part.text for part in parts) == "".join(word.text for word in whole)
    for word in whole:
        inside = [part for part in parts if word.start <= part.start < word.end]
        assert len(inside) in (1, 2)
        assert (inside[0].start, inside[-1].end) == (word.start, word.end)
        assert all(text[part.start : part.end] == part.text for part in inside)
        assert all(one.end == two.start for one, two in itertools.pairwise(inside))


def test_decomposed_hangul_keeps_its_places():
    text = "책을 읽었다"
    decomposed = unicodedata.normalize("NFD", text)
    for part in stems(decomposed, "ko"):
        assert decomposed[part.start : part.end] == part.text


def test_other_languages_have_words_alone():
    assert [code for code in LANGUAGES if parts_stems(code)] == ["ko"]
    assert stems("Le chat noir.", "fr") == words("Le chat noir.", "fr")


def test_a_stem_and_its_particle_are_units_of_their_own_unless_one_piece_holds_both():
    text = "친구와 책을"
    pieces = (Piece("▁친구", 7, 0, 2), Piece("와", 8, 2, 3), Piece("▁책을", 9, 4, 6), Piece(END, 3, 6, 6))
    units, membership = units_of(text, pieces, "stems", "ko")
    assert [unit.text for unit in units] == ["친구", "와", "책을", END]
    assert (membership == np.eye(4)).all()
    whole, _ = units_of(text, pieces, "words", "ko")
    assert [unit.text for unit in whole] == ["친구와", "책을", END]
