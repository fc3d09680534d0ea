from hypothesis import given

from s2s.data.tokenizer import END_ID, UNKNOWN_ID, Tokenizer
from s2s.evaluate.reading import broken_words
from tests.conftest import VOCAB
from tests.data.texts import any_text


def whole_word(tokenizers: tuple[Tokenizer, Tokenizer]) -> str:
    """The longest French word that is one piece."""
    surfaces = (tokenizers[0].surface(id_) for id_ in range(END_ID + 1, VOCAB))
    return max((s[1:] for s in surfaces if s.startswith("▁")), key=len)


def test_a_word_that_is_one_piece_is_not_broken(translator, tokenizers):
    assert broken_words(translator.translate(whole_word(tokenizers))) == ()


def test_a_long_word_is_told_in_the_parts_that_were_read(translator, tokenizers):
    text = f"{whole_word(tokenizers)} anticonstitutionnellement"
    (broken,) = broken_words(translator.translate(text))
    assert broken.word.text == "anticonstitutionnellement"
    assert len(broken.parts) > 1


def test_a_word_of_characters_never_seen_is_told_as_unknown(translator, tokenizers):
    (broken,) = broken_words(translator.translate(f"{whole_word(tokenizers)} 학교"))
    assert broken.word.text == "학교"
    assert broken.is_unknown


@given(any_text)
def test_parts_spell_their_word_and_words_left_out_are_single_known_pieces(translator, text):
    trace = translator.align(text, "the")
    broken = broken_words(trace)
    told = {b.word for b in broken}
    for word, parts, _ in broken:
        assert "".join(parts) == text[word.start : word.end]
    for unit in trace.read("words"):
        if unit not in told and not unit.is_end:
            inside = [p for p in trace.source_pieces if unit.start <= p.start < p.end <= unit.end]
            assert len(inside) == 1
            assert inside[0].id != UNKNOWN_ID
