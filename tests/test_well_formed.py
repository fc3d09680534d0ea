"""Halves of surrogate pairs, which a browser can send and nothing can write."""

from hypothesis import given
from hypothesis import strategies as st

from s2s.text import well_formed

any_text = st.text(st.one_of(st.characters(), st.sampled_from("\ud800\udbff\udc00\udfff")), max_size=20)


@given(any_text)
def test_a_well_formed_text_can_be_written_and_is_read_as_the_other(text: str) -> None:
    written = well_formed(text).encode("utf-8").decode("utf-8")
    assert well_formed(written) == written
    if not any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        assert written == text


def test_halves_of_a_surrogate_pair_are_one_character_together_and_the_replacement_character_alone():
    assert well_formed("a\ud83d\udc31b") == "a\U0001f431b"
    assert well_formed("\udc31a\ud83d") == "\ufffda\ufffd"
