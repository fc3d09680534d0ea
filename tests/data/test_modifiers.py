import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.config import TypingConfig
from s2s.data.corpora import Pair
from s2s.data.modifiers import Modifiers, in_title_case, with_emphasis, with_slip
from s2s.text import without_accents

OFF = TypingConfig.off()
LEARNED = [
    Pair("Où est Thomas ?", "Where is Thomas?"),
    Pair("J'ai vu Thomas hier.", "I saw Thomas yesterday."),
    Pair("Elle a vu Clara hier.", "She saw Clara yesterday."),
    Pair("Ce chat est à Clara.", "This cat is Clara's, not the dog."),
    Pair("Elle dit que le chat dort.", "She says the cat sleeps, and I know that the dog sleeps."),
    Pair("Qui a vu Clara ?", "Who saw Clara, and where is she?"),
]
RANDOM = st.integers(0, 10_000).map(np.random.default_rng)


def _only(**shares: float) -> Modifiers:
    return Modifiers(LEARNED, TypingConfig(**{**OFF, **shares}))


def _typed(pair: Pair, **shares: float) -> Pair:
    return _only(typed=1.0, **shares)(pair, np.random.default_rng(1))


@given(st.text(max_size=20), st.text(max_size=20), RANDOM)
def test_without_shares_a_pair_stays_as_it_is(source: str, target: str, random: np.random.Generator) -> None:
    assert _only()(Pair(source, target), random) == (source, target)


@given(st.text(max_size=30), st.text(max_size=30), RANDOM)
def test_any_pair_can_be_changed_in_every_way_at_once(
    source: str, target: str, random: np.random.Generator
) -> None:
    changed = Modifiers(LEARNED, TypingConfig(**dict.fromkeys(OFF, 0.9)))(Pair(source, target), random)
    assert all(isinstance(side, str) for side in changed)


@pytest.mark.parametrize(
    ("share", "pair", "changed"),
    [
        ("unmarked", Pair("Où est-il ?", "Where is he?"), Pair("Où est-il", "Where is he")),
        ("unmarked", Pair("Il dort.", "He sleeps."), Pair("Il dort", "He sleeps")),
        ("unmarked", Pair("Il est 9h15.", "It's 9:15 a.m."), Pair("Il est 9h15", "It's 9:15 a.m.")),
        ("lower", Pair("Où est Thomas ?", "Where is Thomas?"), Pair("où est thomas ?", "where is Thomas?")),
        ("lower", Pair("Je sais.", "I know."), Pair("je sais.", "I know.")),
        ("lower", Pair("Thomas dort.", "Thomas sleeps."), Pair("thomas dort.", "Thomas sleeps.")),
        ("lower", Pair("Où ? Là.", "Where? The dog."), Pair("où ? là.", "where? the dog.")),
        ("unaccented", Pair("Où est l'élève ?", "A café"), Pair("Ou est l'eleve ?", "A café")),
        ("spaceless", Pair("Où ? Ici !", "Where? Here!"), Pair("Où? Ici!", "Where? Here!")),
        ("ligature", Pair("Sa sœur", "His sister"), Pair("Sa soeur", "His sister")),
        ("unmarked", Pair("彼は寝ています。", "He sleeps."), Pair("彼は寝ています", "He sleeps")),
        (
            "unmarked",
            Pair("Il dort", "He sleeps."),
            Pair("Il dort", "He sleeps."),
        ),  # there is none to leave out
        ("lower", Pair("그는 잔다.", "The dog sleeps."), Pair("그는 잔다.", "The dog sleeps.")),  # no case
        ("title", Pair("Le chat de l'ami", "The cat"), Pair("Le Chat De L'ami", "The cat")),
    ],
)
def test_each_share_changes_what_it_says(share: str, pair: Pair, changed: Pair) -> None:
    assert _typed(pair, **{share: 1.0}) == changed


def test_names_and_numbers_are_the_same_on_both_sides_afterwards() -> None:
    modifiers = _only(exchanged=1.0)
    seen = set()
    for seed in range(50):
        source, target = modifiers(
            Pair("Thomas a 42 chats et 12,50 euros.", "Thomas has 42 cats and 12.50 euros."),
            np.random.default_rng(seed),
        )
        name, number, amount = source.split()[0], source.split()[2], source.split()[5]
        assert target == f"{name} has {number} cats and {amount.replace(',', '.')} euros."
        assert len(number) == 2
        seen.add((name, number, amount))
    assert len({name for name, *_ in seen}) > 20
    assert len({number for _, number, _ in seen}) > 20


@pytest.mark.parametrize(
    "pair",
    [
        Pair("Il y a 1 chat.", "There is 1 cat."),  # one is no plural
        Pair("Il a 20 ans.", "He is twenty."),  # written out
        Pair("Il est 14h35.", "It is 2:35 pm."),
        Pair("Le chat de Zorba dort.", "The cat of Zorba sleeps."),  # a name that nobody has seen
        Pair("Le chat de Clara-Marie", "The cat of Clara-Marie"),  # part of another word
        Pair("Clara aime le chat de Clara-Marie.", "Clara loves Clara-Marie's cat."),  # half of it would stay
        Pair("Clara aime l'ami d'Clara.", "Clara loves Clara's friend."),
    ],
)
def test_what_is_not_the_same_on_both_sides_or_not_known_is_not_exchanged(pair: Pair) -> None:
    modifiers = _only(exchanged=1.0)
    assert {modifiers(pair, np.random.default_rng(seed)) for seed in range(20)} == {pair}


def test_numbers_are_exchanged_at_one_go_and_never_twice() -> None:
    modifiers = _only(exchanged=1.0)
    for seed in range(40):
        source, target = modifiers(
            Pair("Le 2 mai, 3 chats dorment.", "On May 2, three cats sleep."), np.random.default_rng(seed)
        )
        assert "3 chats" in source
        assert source.split()[1] == target.split()[2].rstrip(",")


def test_names_that_are_copied_letter_by_letter_keep_their_letters() -> None:
    pair = Pair("Qui a vu Clara ?", "Who saw Clara?")
    plain = _only(exchanged=1.0, typed=1.0, unaccented=1.0)
    without_bytes = Modifiers(LEARNED, TypingConfig(**{**OFF, "exchanged": 1.0}), has_bytes=False)
    for modifiers in (plain, without_bytes):
        for seed in range(60):
            source, target = modifiers(pair, np.random.default_rng(seed))
            assert source.split()[3] == target.split()[2].rstrip("?")
            assert target.isascii()


def test_some_made_up_names_are_ordinary_but_for_accents_that_few_texts_have() -> None:
    modifiers, pair = _only(exchanged=1.0), Pair("Qui a vu Clara ?", "Who saw Clara?")
    targets = [modifiers(pair, np.random.default_rng(seed)).target for seed in range(60)]
    names = [target.removeprefix("Who saw ").removesuffix("?") for target in targets]
    mixed = [name for name in names if not name.isascii() and any(c.isascii() for c in name)]
    assert len(mixed) > 5
    assert all(without_accents(name).isalpha() for name in mixed)


def test_the_same_draws_change_the_same_pairs_whatever_else_has_a_share() -> None:
    """Of what is drawn once a pair; a slip, an emphasis and an exchange draw more for themselves."""
    pair = Pair("Le chat dort.", "The cat sleeps.")
    after = set()
    for shares in (OFF, {**OFF, "typed": 1.0, "unmarked": 1.0, "lower": 1.0, "unaccented": 1.0}):
        random = np.random.default_rng(3)
        Modifiers(LEARNED, TypingConfig(**shares))(pair, random)
        after.add(float(random.random()))
    assert len(after) == 1


def test_about_the_asked_share_is_changed() -> None:
    modifiers, random = _only(typed=0.5, unmarked=0.6), np.random.default_rng(1)
    changed = [modifiers(Pair("Il dort.", "He sleeps."), random).source == "Il dort" for _ in range(2000)]
    assert 0.27 < sum(changed) / len(changed) < 0.33


@given(st.text("abcdé '", max_size=20), RANDOM)
def test_a_slip_leaves_all_but_one_place_as_it_is(text: str, random: np.random.Generator) -> None:
    slipped = with_slip(text, random)
    assert abs(len(slipped) - len(text)) <= 1
    if slipped != text:
        pairs = enumerate(zip(f"{text}  ", f"{slipped}  ", strict=False))
        start = next(i for i, (before, after) in pairs if before != after)
        assert text[start + 2 :] == slipped[len(slipped) - len(text) + start + 2 :]


@given(st.text(max_size=20), RANDOM)
def test_emphasis_and_title_case_change_case_alone(text: str, random: np.random.Generator) -> None:
    assert with_emphasis(text, random).casefold().upper() == text.casefold().upper()
    assert in_title_case(text).casefold().upper() == text.casefold().upper()


def test_every_modifier_has_a_share() -> None:
    shares = {setting.name for setting in dataclasses.fields(TypingConfig)}
    assert shares == {
        "exchanged", "typed", "unmarked", "lower", "unaccented", "spaceless", "ligature", "emphasis", "title",
        "slip", "fragment_share",
    }  # fmt: skip
