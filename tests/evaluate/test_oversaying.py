import pytest

from s2s.data.corpora import Pair
from s2s.errors import DataError
from s2s.evaluate.oversaying import Lexicon, score, spoken
from s2s.evaluate.typed import OverSaid

_NOUNS = {"chat": "cat", "chien": "dog", "lit": "bed", "monde": "world", "livre": "book", "thé": "tea"}
_ADJECTIVES = {"noir": "black", "petit": "small", "vieux": "old"}
PAIRS = [
    *(
        Pair(f"Le {noun} {adjective} dort.", f"The {_ADJECTIVES[adjective]} {_NOUNS[noun]} sleeps.")
        for noun in _NOUNS
        for adjective in _ADJECTIVES
    ),
    *(Pair(f"le {noun}", f"the {said}") for noun, said in _NOUNS.items()),
    *(Pair(f"{noun} noir", f"black {said}") for noun, said in _NOUNS.items()),
    *(Pair(f"sur le {noun}", f"on the {said}") for noun, said in _NOUNS.items()),
    *(Pair(f"mot{i}", f"word{i}") for i in range(1000)),  # so that no word is every fifth
    Pair("...", "!"),
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.learn(PAIRS)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Le chat noir", "The black cat.", []),
        ("Le chat noir", "THE BLACK CAT!!", []),
        ("chat noir", "The black cat.", ["the"]),
        ("Le chat noir dort sur le", "The black cat sleeps on the world.", ["world"]),
        ("Le chat noir", "The black cat is black.", ["black", "is"]),
        ("Le chat noir", "The black cat. The black cat.", ["the", "black", "cat"]),
        ("le chat et le chat", "the cat the cat", []),  # said twice, typed twice
        ("Tom dort", "Tom sleeps", []),  # copied
        ("Tom dort", "Tom Tom sleeps", []),  # "Tom" is unknown, so it explains one word more
        ("Le zouave dort", "The soldier sleeps.", []),  # what is unknown may mean anything,
        ("Le zouave dort", "The brave soldier sleeps.", ["soldier"]),  # but one word
        ("", "The cat", ["the", "cat"]),
        ("Le chat", "", []),
        ("...", "...", []),
    ],
)
def test_what_no_source_word_explains_is_over_said_and_so_is_what_is_said_again(
    lexicon: Lexicon, source: str, target: str, expected: list[str]
) -> None:
    assert lexicon.over_said(source, target) == expected


def test_texts_are_counted_and_their_words_together(lexicon: Lexicon) -> None:
    texts = [
        ("Le chat noir", "The black cat."),
        ("Le chat", "The cat of the world."),  # "of", "the", "world"
        ("Le chien dort", ""),
    ]
    assert score(lexicon, texts) == OverSaid(texts=3, often=1 / 3, much=3 / 8)


def test_without_texts_or_words_nothing_is_over_said(lexicon: Lexicon) -> None:
    assert score(lexicon, []) is None
    assert score(lexicon, [("Le chat", "")]) == OverSaid(texts=1, often=0.0, much=0.0)


def test_marks_are_no_words() -> None:
    assert spoken("« Oui ! », dit-il... 10:30", "fr") == ["oui", "dit", "-il", "10:30"]


def test_pairs_without_words_teach_nothing_and_are_told_by_their_name() -> None:
    with pytest.raises(DataError, match=r"marks\.tsv") as caught:
        Lexicon.learn([Pair("...", "!"), Pair("mot", "?")], path="marks.tsv")
    assert caught.value.key == "corpus_empty"
