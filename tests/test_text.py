import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s2s.evaluate.gold import GOLD, read_gold
from s2s.text import (
    Span,
    lower_capitals,
    lower_words,
    normalise,
    without_accents,
    without_final_mark,
    words,
)
from tests.sentences import PAIRS, PHRASES

# Characters that meet in odd ways: spaces, marks, letters of syllables, what composes and what vanishes.
TRICKY = (
    " \u00a0\u202f\t\n\r\x00\x1b\u200b\u200d\ufeff\u00ad"
    "\u0301\u0323\u0338\u0334\u0f71\u0f73\u20dd\ufe0f"
    "eEé=l'd-yİıﬁ\u2019\u00b4\u1fef\u1ffd\u2026\u2010\u00ab\u2581\"!.,:;013½"
    "\u1100\u1161\u11a8가각한글あがか\u3099अ़क़\u0915\u093c"
    "\ud800\udc00😀👍🏽🇫🇷\ue000\uffff"
)
ESCAPED = (
    "&amp;|&amp;amp;|&lt;|&apos;|&#39;|&quot;|&nbsp;|&eacute;|&hellip;|&shy;|&fjlig;|&#769;|&#x1100;|&#4449;|"
    "&#1;|&#0;|&#xD800;|&#9999999;|&#146;|&#64259;|&#65286;|&ampx;|&am|&#112;|&;|@-@|@–@|＠－＠|＆ｌｔ；|"
    " &apos; |L &apos;|don &apos;t| @-@ "
).split("|")
WIDE = "ＡｂＺ０９？！～＆；＝￣￥ｱｶﾞﾟﾡￂ｡｢」。、『ﬀﬃﬅ\x80\x81\x85\x92\x9c\x9f·•°"
any_text = st.one_of(
    st.text(st.one_of(st.sampled_from(TRICKY + WIDE), st.characters()), max_size=24),
    st.lists(
        st.one_of(st.sampled_from(ESCAPED), st.sampled_from(f"{TRICKY}{WIDE};&#x39amp@"), st.characters()),
        max_size=10,
    ).map("".join),
)
composable = st.text(
    st.one_of(
        st.sampled_from(
            "aeiouyAEIOUcnAŁ<>=가하각\u0f40\u0f71\u0f72\u0f73\u0f80\u0f81\u09c7\u09be\u0b95\u0bc6"
        ),
        st.sampled_from("\u0300\u0301\u0302\u0303\u0308\u0323\u0327\u0331\u0334\u0338\u0344\u3099"),
        st.characters(min_codepoint=0x1100, max_codepoint=0x11FF),
        st.characters(min_codepoint=0xC0, max_codepoint=0x17F, exclude_characters="\u00ad"),
    ),
    max_size=16,
)


def _is_space(character: str) -> bool:
    return character != "\x85" and (character.isspace() or unicodedata.category(character)[0] == "Z")


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Cc") and not _is_space(character)


def _without_spaces(text: str) -> str:
    return normalise(text).text.replace(" ", "")


@given(st.one_of(any_text, st.text("Où l'œuf Žů !~`^", max_size=16)))
def test_text_that_is_as_it_should_be_takes_a_short_way_to_the_same(text: str) -> None:
    short = normalise(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("s2s.text._PLAIN", re.compile("(?!)"))
        assert normalise(text) == short


@given(any_text)
@example("e\u200d\u0301")
@example("\u1100\x00\u1161")
@example("\u1fef")
@example("a\u0f73\u0323")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(any_text)
def test_what_normalise_gives_is_composed_visible_and_singly_spaced(text: str) -> None:
    normalised = normalise(text).text
    assert unicodedata.is_normalized("NFC", normalised)
    assert not any(_is_invisible(c) or unicodedata.category(c) == "Cs" for c in normalised)
    assert all(c == " " for c in normalised if _is_space(c))
    assert normalised == " ".join(normalised.split(" "))
    assert "  " not in normalised
    assert normalised.strip(" ") == normalised


@given(composable)
@example("a\u0f73\u0323")
def test_letters_marks_and_jamo_compose_as_unicode_says(text: str) -> None:
    assert normalise(text).text == unicodedata.normalize("NFC", text)


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=12))
def test_decomposed_hangul_becomes_the_same_syllables_and_points_at_their_jamo(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    normalised = normalise(decomposed)
    assert normalised.text == text
    jamo = [decomposed[span.start : span.end] for span in normalised.origins]
    assert jamo == [unicodedata.normalize("NFD", syllable) for syllable in text]


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Il fait\u202ffroid\u00a0!", "Il fait froid !"),
        ("l\u2019eau, l\u02bceau, l\u00b4eau, l`eau", "l'eau, l'eau, l'eau, l'eau"),
        ("\u00ab\u00a0Oui\u00a0\u00bb \u201cyes\u201d", '" Oui " "yes"'),
        ("peut\u2011être \u2014 non", "peut-être - non"),
        ("un\u200bdeux\ufefftrois\u00adquatre", "undeuxtroisquatre"),
        ("e\u0301te\u0301", "été"),
        ("  a \t\r\n b\u2028c  ", "a b c"),
        ("Bon\u2026", "Bon..."),
        ("\u2581x", "_x"),
        ("a\x00b\x1bc", "abc"),
        ("x\ud800y", "x\ufffdy"),
        ("L\x92\xe9cole, s\x9cur\x85 \x805", "L'école, sœur... €5"),
        ("a\x81b\x9d", "ab"),
        ("Ｑｕｏｉ？！\u3000１２ ＝ ￥～", "Quoi?! 12 = ¥~"),
        ("日本、「東京」。ｶﾞ｡", '日本,"東京".ガ.'),
        ("ﬁn, ﬂeur, eﬃcace, oﬀre, ﬆ", "fin, fleur, efficace, offre, st"),
        ("Ａ\u0301 ﬁ\u0301", "Á fí"),
        ("m² n° ½ ™ ①", "m² n° ½ ™ ①"),
        ("&quot;&lt;b&gt;&quot; &amp; &#91;&#124;&#x5D;", '"<b>" & [|]'),
        ("&" + "amp;" * 1000 + "lt;", "<"),
        ("&amp;quot; &amp;amp;amp;lt; &am&#112;; ＆ｌｔ；", '" < & <'),
        ("&Eacute;t&eacute;&nbsp;!&hellip;", "Été !..."),
        ("e&#769; co&shy;opérer &#146;", "é coopérer '"),
        ("L &apos; eau, l&apos; eau, qu &apos;il, aujourd &#39; hui", "L'eau, l'eau, qu'il, aujourd'hui"),
        ("don &apos;t, John &apos;s, we &apos;ll", "don't, John's, we'll"),
        ("dit &apos; oui &apos; ; the dogs &apos; bowl", "dit ' oui ' ; the dogs ' bowl"),
        ("l' eau", "l' eau"),
        ("vingt @-@ deux, vingt@-@deux, @-@ @-@", "vingt-deux, vingt-deux,--"),
        ("AT&T, R&D; Q&A &amp &c; &ampx; &#1; &#; a@b", "AT&T, R&D; Q&A &amp &c; &ampx; &#1; &#; a@b"),
        ("étudiant·e·s", "étudiant·e·s"),
        ("", ""),
        ("\u200b \u00a0", ""),
    ],
)
def test_characters_that_mean_another_become_it(given_text: str, expected: str) -> None:
    assert normalise(given_text).text == expected


def test_ordinary_text_is_left_as_it_is_but_for_its_quotes_dashes_and_spaces() -> None:
    texts = [side for pair in (*PAIRS, *PHRASES, *read_gold(GOLD)) for side in (pair.source, pair.target)]
    typographic = str.maketrans({"’": "'", "«": '"', "»": '"', "“": '"', "”": '"', "–": "-", "—": "-"})
    for text in texts:
        usual = " ".join(
            unicodedata.normalize("NFC", text).replace("…", "...").translate(typographic).split()
        )
        assert normalise(text).text == usual


@given(any_text)
def test_every_character_knows_where_it_came_from(text: str) -> None:
    normalised = normalise(text)
    assert len(normalised.origins) == len(normalised.text)
    assert all(0 <= span.start < span.end <= len(text) for span in normalised.origins)
    assert all(a == b or a.end <= b.start for a, b in pairwise(normalised.origins))
    ends = [0, *(span.end for span in normalised.origins)]
    starts = [*(span.start for span in normalised.origins), len(text)]
    left_out = [text[end:start] for end, start in zip(ends, starts, strict=True) if end < start]
    assert all(normalise(part).text == "" for part in left_out)


@given(any_text)
def test_the_part_a_character_came_from_normalises_to_it(text: str) -> None:
    normalised = normalise(text)
    for span in set(normalised.origins):
        became = "".join(
            c for c, origin in zip(normalised.text, normalised.origins, strict=True) if origin == span
        )
        assert normalise(text[span.start : span.end]).text == became.strip(" ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IL FAIT FROID.", "il fait froid."),
        ("L'ÉTÉ À 10:30 !", "l'été à 10:30 !"),
        ("İSTANBUL", "İstanbul"),
        ("ŒUF", "œuf"),
        ("ΟΔΟΣ", "οδοσ"),
        ("Il fait FROID", "Il fait FROID"),
        ("A 12", "A 12"),
        ("SSß", "SSß"),
        ("학교", "학교"),
        ("", ""),
    ],
)
def test_only_a_text_in_capitals_throughout_is_lowered(text: str, expected: str) -> None:
    assert lower_capitals(text) == expected


@given(any_text)
def test_a_text_that_is_lowered_stays_as_long_and_is_lowered_once(text: str) -> None:
    for given_text in (text, text.upper()):
        lowered = lower_capitals(given_text)
        assert len(lowered) == len(given_text)
        assert lower_capitals(lowered) == lowered


@given(any_text, st.data())
def test_original_finds_the_given_text_of_any_range(text: str, data: st.DataObject) -> None:
    normalised = normalise(text)
    start = data.draw(st.integers(0, len(normalised.text)))
    end = data.draw(st.integers(start, len(normalised.text)))
    span = normalised.original(start, end)
    assert 0 <= span.start <= span.end <= len(text)
    if start < end:
        assert all(span.start <= o.start and o.end <= span.end for o in normalised.origins[start:end])
        whole = _without_spaces(text[span.start : span.end])  # what is around may join its parts
        assert normalised.text[start:end].replace(" ", "") in whole
    else:
        assert span.start == span.end


def test_an_empty_range_lands_where_the_next_character_stands_or_behind_the_last() -> None:
    normalised = normalise("  a \u200b b ")
    assert normalised.text == "a b"
    assert normalised.original(0, 0) == Span(2, 2)
    assert normalised.original(2, 2) == Span(6, 6)
    assert normalised.original(3, 3) == Span(7, 7)
    assert normalise("").original(0, 0) == Span(0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'hôpital", ["l'", "hôpital"]),
        ("L\u2019hôpital", ["L\u2019", "hôpital"]),
        ("aujourd'hui", ["aujourd'hui"]),
        ("jusqu'aujourd'hui", ["jusqu'", "aujourd'hui"]),
        ("d'aujourd'hui", ["d'", "aujourd'hui"]),
        ("Qu'est-ce que c'est ?", ["Qu'", "est", "-ce", "que", "c'", "est", "?"]),
        ("Parles-tu ?", ["Parles", "-tu", "?"]),
        ("Il y a-t-il", ["Il", "y", "a", "-t", "-il"]),
        ("dis-le-moi", ["dis", "-le", "-moi"]),
        ("Va-t'en", ["Va-t'en"]),
        ("peut-être", ["peut-être"]),
        ("don't stop", ["don't", "stop"]),
        ("the dogs' bowl", ["the", "dogs", "'", "bowl"]),
        ("3.14, 10:30, 1,000", ["3.14", ",", "10:30", ",", "1,000"]),
        ("Fin.", ["Fin", "."]),
        ("a,b", ["a", ",", "b"]),
        ("\u00abOui\u00bb", ["\u00ab", "Oui", "\u00bb"]),
        ("\u00ab\u00a0Oui\u202f!\u00a0\u00bb", ["\u00ab", "Oui", "!", "\u00bb"]),
        ("Non... Si!!", ["Non", "...", "Si", "!!"]),
        ("Non\u2026 si", ["Non", "\u2026", "si"]),
        ("그는 학교에 갔다.", ["그는", "학교에", "갔다", "."]),
        ("j'aime 😀😀 ça", ["j'", "aime", "😀😀", "ça"]),
        ("❤\ufe0famour", ["❤\ufe0f", "amour"]),
        ("İ-tu", ["İ", "-tu"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("l'\u0301eau", ["l", "'\u0301", "eau"]),
        ("<b>&amp;", ["<", "b", ">", "&amp;"]),
        ("L&apos;&eacute;cole", ["L&apos;", "&eacute;cole"]),
        ("vingt @-@ deux ans", ["vingt @-@ deux", "ans"]),
        ("L\x92école\x85", ["L\x92", "école", "\x85"]),
        ("Ｑｕｏｉ？！", ["Ｑｕｏｉ", "？", "！"]),
        ("la ﬁn", ["la", "ﬁn"]),
        ("les étudiant·e·s, tous·tes !", ["les", "étudiant·e·s", ",", "tous·tes", "!"]),
        ("un · deux·", ["un", "·", "deux", "·"]),
        ("à 14h35, 25 °C", ["à", "14h35", ",", "25", "°C"]),
        ("n°5, 20°, 20°C", ["n", "°", "5", ",", "20", "°", ",", "20", "°C"]),
        ("12,50 €, 12,50€ ; 5 %", ["12,50", "€", ",", "12,50", "€", ";", "5", "%"]),
        ("", []),
        (" \n\u00a0", []),
    ],
)
def test_words_are_what_a_reader_would_point_at(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text, "fr")] == expected


@pytest.mark.parametrize("language", ["en", "de", "ko", "xx"])
def test_only_french_is_cut_at_elisions_and_before_clitics(language: str) -> None:
    for text in ("l'eau", "parles-tu", "add-on", "o'clock", "rendez-vous"):
        assert [word.text for word in words(text, language)] == [text]
    assert lower_words("L'eau dort-elle ?", language) == ["l'eau", "dort-elle", "?"]
    assert lower_words("L'eau dort-elle ?", "fr") == ["l'", "eau", "dort", "-elle", "?"]


@given(any_text)
def test_words_of_french_are_parts_of_those_of_other_languages(text: str) -> None:
    whole = words(text, "en")
    for part in words(text, "fr"):
        assert sum(word.start <= part.start and part.end <= word.end for word in whole) == 1


@pytest.mark.parametrize("language", ["fr", "en"])
@given(any_text)
@example("\"\u0301'")
@example("İİİ-y")
@example("d\u2019\u0301e")
def test_every_visible_character_is_in_exactly_one_word(language: str, text: str) -> None:
    found = words(text, language)
    assert all(word.text == text[word.start : word.end] for word in found)
    bounds = [0, *(bound for word in found for bound in (word.start, word.end)), len(text)]
    assert bounds == sorted(bounds)
    assert all(normalise(text[a:b]).text == "" for a, b in zip(bounds[::2], bounds[1::2], strict=True))


@given(any_text)
def test_only_a_word_that_an_escape_joins_has_spaces_in_it(text: str) -> None:
    for word in words(text, "fr"):
        if any(_is_space(character) for character in word.text):
            assert re.search("[&＆@＠]", word.text)


@given(any_text)
def test_words_come_in_order_and_hold_something_to_see(text: str) -> None:
    found = words(text, "fr")
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(normalise(word.text).text for word in found)


@given(any_text)
def test_words_are_the_same_however_the_text_is_encoded(text: str) -> None:
    normalised = normalise(text)
    spans = [normalised.original(word.start, word.end) for word in words(normalised.text, "fr")]
    assert spans == [Span(word.start, word.end) for word in words(text, "fr")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il dort.", "Il dort"),
        ("Il dort", "Il dort"),
        ("Tu dors ?", "Tu dors"),
        ("Tu dors\u202f?!", "Tu dors"),
        ("Tu dors\u00a0! ! ", "Tu dors"),
        ("Il dort...", "Il dort"),
        ("Il dort\u2026", "Il dort"),
        ("M. Roy dort. Et toi ?", "M. Roy dort. Et toi"),
        ("Il dit\u00a0: \u00ab\u00a0Oui\u202f!\u00a0\u00bb", "Il dit\u00a0: \u00ab\u00a0Oui\u00a0\u00bb"),
        ('Elle dit "oui".', 'Elle dit "oui"'),
        ('Elle dit "oui."', 'Elle dit "oui"'),
        ('Elle dit "oui ?" !', 'Elle dit "oui"'),
        ("Viens (vite !).", "Viens (vite)"),
        ("3.14", "3.14"),
        ("...", ""),
        ("? oui", "? oui"),
        ("", ""),
    ],
)
def test_the_final_mark_goes_with_the_space_before_it_and_quotes_stay(text: str, expected: str) -> None:
    assert without_final_mark(text) == expected


@given(any_text)
@example('." . ?')
def test_without_a_final_mark_there_is_none_to_remove_and_nothing_else_is_lost(text: str) -> None:
    found = without_final_mark(text)
    assert without_final_mark(found) == found
    assert not found.endswith((".", "!", "?", "\u2026"))

    def rest(whole: str) -> list[str]:
        return [c for c in whole if c not in ".!?\u2026" and not _is_space(c)]

    assert rest(found) == rest(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("œuf brûlé, ça", "oeuf brule, ca"),
        ("Où l'Œuvre naît", "Ou l'Oeuvre nait"),
        ("CŒUR DÉÇU", "COEUR DECU"),
        ("Œ", "OE"),
        ("ex æquo", "ex aequo"),
        ("e\u0301te\u0301", "ete"),
        ("Noël, Saÿs, île", "Noel, Says, ile"),
        ("가각 が अ\u0902", "가각 が अ\u0902"),
        ("It is cold.", "It is cold."),
        ("", ""),
    ],
)
def test_accents_go_and_ligatures_become_two_letters(text: str, expected: str) -> None:
    assert without_accents(text) == expected


@given(any_text)
def test_without_accents_there_are_none_to_remove_and_words_stay_apart(text: str) -> None:
    found = without_accents(text)
    assert without_accents(found) == found
    assert not any("\u0300" <= c <= "\u036f" for c in unicodedata.normalize("NFD", found))
    assert sum(map(_is_space, found)) == sum(map(_is_space, unicodedata.normalize("NFC", text)))
