import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.evaluate.styles import AS_IT_IS, STYLES

TYPED = {
    "as in the corpus": "Où est l'Œuvre, hélas\u202f?",
    "no final mark": "Où est l'Œuvre, hélas",
    "lower case": "où est l'œuvre, hélas\u202f?",
    "lower case, no mark": "où est l'œuvre, hélas",
    "no accents": "Ou est l'Oeuvre, helas\u202f?",
    "capitals": "OÙ EST L'ŒUVRE, HÉLAS\u202f?",
    "no accents, lower case, no mark": "ou est l'oeuvre, helas",
}
any_text = st.text(
    st.one_of(st.sampled_from("aéÉœŒçß .!?…»\"'\u202f\u00a0İı가"), st.characters()), max_size=20
)


def test_the_styles_stand_in_the_order_of_the_table_and_the_first_changes_nothing() -> None:
    assert list(STYLES) == list(TYPED)
    assert next(iter(STYLES)) == AS_IT_IS


@pytest.mark.parametrize("style", STYLES)
def test_a_sentence_in_each_style(style: str) -> None:
    assert STYLES[style](TYPED[AS_IT_IS]) == TYPED[style]


@given(any_text)
def test_the_first_style_gives_any_text_back(text: str) -> None:
    assert STYLES[AS_IT_IS](text) == text


@given(any_text)
def test_styles_without_a_final_mark_end_in_none(text: str) -> None:
    for style, write in STYLES.items():
        if "no" in style and "mark" in style:
            assert not write(text).endswith((".", "!", "?", "…", " "))


@given(any_text)
def test_styles_without_accents_have_none(text: str) -> None:
    for style, write in STYLES.items():
        if "no accents" in style:
            apart = unicodedata.normalize("NFD", write(text))
            assert not any("\u0300" <= c <= "\u036f" for c in apart)


@given(any_text)
def test_styles_in_lower_case_have_nothing_left_to_lower(text: str) -> None:
    for style, write in STYLES.items():
        if "lower case" in style:
            assert write(text) == write(text).lower()
