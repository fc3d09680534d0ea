"""Sentences about what people and things are, and what they are like."""

from __future__ import annotations

from typing import Final

from s2s.data.grammar.clauses import (
    Draw,
    Who,
    described,
    me,
    named,
    other,
    person,
    relative,
    thing,
    with_article,
    you,
)
from s2s.data.grammar.english import Subject, Tense, Verb, comparative, finite
from s2s.data.grammar.forms import Said
from s2s.data.grammar.hangul import Stem, after_stem, attach, copula, finish, future, past
from s2s.data.grammar.lexicon import Entry

_DEGREES: Final = (
    ("아주", "very"),
    ("매우", "very"),
    ("너무", "too"),
    ("정말", "really"),
    ("꽤", "quite"),
    ("참", "very"),
    ("진짜", "really"),
)


_TRAITS: Final = ("name", "person", "family")


def ended(draw: Draw, stem: Stem, *, question: bool = False) -> str:
    """The predicate at the level of this sentence."""
    return finish(stem, draw.level, question=question)


def _not_this(noun: str) -> Stem:
    words = attach(noun, "이")
    return Stem(f"{words} 아니", f"{words} 아니야", "adjective")


def topic(draw: Draw, who: Who) -> str:
    """The subject with its particle and a space; nothing, sometimes, for me."""
    if who.english.text == "I" and draw.often(0.3):
        return ""
    return (who.nominative if draw.often(0.08) else who.topic) + " "


def profession(draw: Draw) -> Said:
    """Tom is a doctor. My mom is not a nurse. Are you a student?"""
    noun = described(draw, draw.noun("job") if draw.often(0.75) else draw.noun("person"), 0.1)
    who = person(draw)
    asked = draw.often(0.22)
    if asked:
        who = you(draw) if draw.often(0.4) else other(draw)
    negative = not asked and draw.often(0.18)
    was = draw.often(0.15)
    stem = _not_this(noun.korean) if negative else copula(noun.korean)
    tense: Tense = "past" if was else "present"
    english = with_article(noun)
    if who.english.plural:
        english = f"{noun.english.removesuffix(noun.entry.english)}{noun.entry.many}"
    said = finite(Verb("be", english), who.english, tense, negative=negative, question=asked)
    korean = ended(draw, past(stem) if was else stem, question=asked)
    subject = "" if asked and who.english.text == "you" else topic(draw, who)
    return Said(f"{subject}{korean}", said, "?" if asked else ".")


def wish_to_be(draw: Draw) -> Said:
    """Tom wants to be a doctor."""
    noun, who = draw.noun("job"), person(draw)
    words = attach(noun.korean, "이")
    kind = draw.one(("want", "became", "will"))
    if kind == "want":
        stem = Stem(f"{words} 되고 싶", f"{words} 되고 싶어", "adjective")
        said = finite(Verb("want", f"to be {_several(noun, who)}"), who.english, "present")
    elif kind == "became":
        stem = past(Stem(f"{words} 되", f"{words} 돼"))
        said = finite(Verb("become", _several(noun, who), "became"), who.english, "past")
    else:
        stem = Stem(f"{words} 되", f"{words} 돼")
        said = finite(Verb("become", _several(noun, who)), who.english, "future")
        return Said(f"{topic(draw, who)}{future(stem, draw.level)}", said)
    return Said(f"{topic(draw, who)}{ended(draw, stem)}", said)


def _several(noun: Entry, who: Who) -> str:
    return noun.many if who.english.plural else noun.with_article()


def identity(draw: Draw) -> Said:
    """This is an apple. That is not my bag. What is this?"""
    classes = (
        "thing",
        "fruit",
        "vegetable",
        "animal",
        "pet",
        "reading",
        "gadget",
        "clothes",
        "instrument",
        "food",
        "furniture",
        "plant",
        "vehicle",
        "accessory",
        "drink",
        "dish",
        "device",
    )
    noun = described(draw, draw.noun(*classes))
    topic, this, these = draw.one(
        (
            ("이것은", "this", "these"),
            ("이건", "this", "these"),
            ("저것은", "that", "those"),
            ("그것은", "that", "those"),
            ("그건", "that", "those"),
        )
    )
    subject = Subject(this, "its")
    if noun.entry.is_plural:
        subject = Subject(these, "their", True)
    english, korean = with_article(noun), noun.korean
    if draw.often(0.3) and not {"animal", "dish", "fruit", "vegetable", "drink", "food"} & set(
        noun.entry.classes
    ):
        owner = named(draw) if draw.often(0.5) else me(draw)
        whose = f"{owner.english.text}'s" if owner.entry else "my"
        english, korean = f"{whose} {noun.english}", f"{owner.own} {noun.korean}"
    asked = draw.often(0.2)
    negative = not asked and draw.often(0.2)
    stem = _not_this(korean) if negative else copula(korean)
    said = finite(Verb("be", english), subject, "present", negative=negative, question=asked)
    return Said(f"{topic} {ended(draw, stem, question=asked)}", said, "?" if asked else ".")


def belonging(draw: Draw) -> Said:
    """This bag is mine. Whose book is this?"""
    noun = draw.noun("thing", "reading", "accessory", "clothes", "gadget")
    who = thing(noun, draw)
    if draw.often(0.25):
        these, be = ("these", "are") if noun.is_plural else ("this", "is")
        korean = f"{draw.one(('이것은', '이건'))} 누구의 {ended(draw, copula(noun.korean), question=True)}"
        return Said(korean, f"whose {noun.english} {be} {these}", "?")
    owner = draw.one((me(draw), named(draw), named(draw)))
    mine = f"{owner.english.text}'s" if owner.entry else "mine"
    return Said(
        f"{who.topic} {ended(draw, copula(owner.own + ' 것'))}",
        finite(Verb("be", mine), who.english, "present"),
    )


def trait(draw: Draw) -> Said:
    """Tom is kind. The coffee is too hot. Is the movie interesting?"""
    adjective = draw.one(draw.lexicon.part("adjective"))
    who = _with_trait(draw, adjective)
    asked, negative = draw.often(0.18), draw.often(0.15)
    negative = negative and not asked
    was = draw.often(0.2) and "past" not in adjective.notes
    korean, english = "", adjective.english
    if not negative and "copula" not in adjective.notes and draw.often(0.25):
        korean, degree = draw.one(_DEGREES)
        english = f"{degree} {english}"
    stem = adjective.stem
    if negative:
        stem = after_stem(stem, "지 않", "지 않아", "adjective") if stem.kind != "copula" else _not_so(stem)
    if was or "past" in adjective.notes:
        stem = past(stem)
    said = finite(
        Verb("be", english), who.english, "past" if was else "present", negative=negative, question=asked
    )
    stem = stem.before(korean)
    end = ended(draw, stem, question=asked)
    if draw.level in ("intimate", "polite") and not asked and stem.kind != "copula" and draw.often(0.15):
        end = stem.light + ("네요" if draw.level == "polite" else "네")
    return Said(topic(draw, who) + end, said, "?" if asked else ".")


def _not_so(stem: Stem) -> Stem:
    return _not_this(stem.stem.removesuffix("이"))


def _with_trait(draw: Draw, adjective: Entry) -> Who:
    """Who or what can be so."""
    name = draw.one(adjective.classes)
    if name == "me" or (name in ("name", "person") and draw.often(0.35)):
        return me(draw) if name == "me" or draw.often(0.5) else other(draw)
    if name == "family":
        return relative(draw)
    noun = draw.noun(name)
    if name == "name":
        return Who(noun.korean, Subject(noun.english, "their"), noun)
    return thing(noun, draw)


def is_graded(adjective: Entry) -> bool:
    """Whether there is more and less of it."""
    return not ({"past", "copula", "predicate"} & set(adjective.notes) or adjective.english in _ABSOLUTE)


_ABSOLUTE: Final = frozenset(
    "white black red blue yellow round empty full wrong correct perfect certain right "
    "glad sorry free okay different similar sick wet dry infinite natural curious bored".split()
)


def comparison(draw: Draw) -> Said:
    """Tom is taller than Mary. Which is cheaper?"""
    adjectives = [a for a in draw.lexicon.part("adjective") if is_graded(a) and a.classes[0] != "me"]
    adjective = draw.one(adjectives)
    name = draw.one([c for c in adjective.classes if c != "me"])
    known = draw.lexicon.nouns[name]
    if len(known) < 2:
        return trait(draw)
    one, other_one = draw.chance.sample(known, 2)
    if name in ("name", "person", "family", "child"):
        one, other_one = draw.chance.sample(draw.lexicon.nouns["name"], 2)
    more = comparative(adjective.english)
    if "name" in one.classes or {"country", "city"} & set(one.classes):
        first, second, be = one.english, other_one.english, "is"
    elif draw.often(0.5) and not {"body", "abstract"} & set(one.classes):
        first, second, be = one.many, other_one.many, "are" if one.is_counted or one.is_plural else "is"
    else:
        first, second = f"the {one.english}", f"the {other_one.english}"
        be = "are" if one.is_plural else "is"
    much = draw.one((("", ""), ("", ""), ("훨씬 ", "much ")))
    korean = f"{attach(one.korean, '은')} {other_one.korean}보다 {much[0]}더 {ended(draw, adjective.stem)}"
    return Said(korean, f"{first} {be} {much[1]}{more} than {second}")


def which(draw: Draw) -> Said:
    """Which is cheaper, the train or the bus?"""
    adjective = draw.one([a for a in draw.lexicon.part("adjective") if is_graded(a)])
    names = [c for c in adjective.classes if len(draw.lexicon.nouns.get(c, ())) > 1 and c not in _TRAITS]
    if not names:
        return comparison(draw)
    one, two = draw.chance.sample(draw.lexicon.nouns[draw.one(names)], 2)
    first, second = ("", "") if "proper" in one.notes else ("the ", "the ")
    link = draw.one((attach(one.korean, "와"), attach(one.korean, "랑")))
    asked = ended(draw, adjective.stem, question=True)
    return Said(
        f"{link} {two.korean} 중에 {draw.one(('뭐가', '어떤 게', '어느 것이'))} 더 {asked}",
        f"which is {comparative(adjective.english)}, {first}{one.english} or {second}{two.english}",
        "?",
    )


def ache(draw: Draw) -> Said:
    """My head hurts. Tom's leg hurts."""
    noun, who = draw.noun("body"), person(draw)
    while who.english.plural:
        who = person(draw)
    whose = who.english.own if who.english.text != who.english.own else "my"
    stem = Stem("아프", "아파", "adjective")
    was = draw.often(0.2)
    verb = Verb("hurt", "", "hurt")
    owner = "my" if who.english.text == "I" else f"{who.english.text}'s" if who.entry else whose
    subject = Subject(f"{owner} {noun.english}", "its", noun.is_plural)
    said = finite(verb, subject, "past" if was else "present")
    topic = "" if owner == "my" and draw.often(0.6) else who.topic + " "
    return Said(f"{topic}{attach(noun.korean, '이')} {ended(draw, past(stem) if was else stem)}", said)


def liking(draw: Draw) -> Said:
    """I like apples more than bananas. Which color do you like?"""
    name = draw.one(("fruit", "animal", "food", "drink", "sport", "subject", "dish", "activity"))
    one, two = draw.chance.sample(draw.lexicon.nouns[name], 2)
    who = person(draw)
    stem = Stem("좋아하", "좋아해")
    if draw.often(0.5):
        korean = f"{topic(draw, who)}{two.korean}보다 {attach(one.korean, '을')} 더 {ended(draw, stem)}"
        return Said(korean, finite(Verb("like", f"{one.many} more than {two.many}"), who.english, "present"))
    korean = f"{topic(draw, who)}{attach(one.korean, '와')} {attach(two.korean, '을')} {ended(draw, stem)}"
    return Said(korean, finite(Verb("like", f"{one.many} and {two.many}"), who.english, "present"))


def origin(draw: Draw) -> Said:
    """Tom is from Korea. Tom speaks English."""
    who = person(draw)
    if draw.often(0.5):
        land = draw.noun("country", "city")
        stem = past(Stem("오", "와"))
        return Said(
            f"{topic(draw, who)}{land.korean}에서 {ended(draw, stem)}",
            finite(Verb("be", f"from {land.english}"), who.english, "present"),
        )
    tongue = draw.noun("language")
    well, english = draw.one((("", ""), ("잘 ", " well"), ("조금 ", " a little")))
    stem = Stem("하", "해")
    korean = f"{topic(draw, who)}{attach(tongue.korean, '을')} {well}{ended(draw, stem)}"
    return Said(korean, finite(Verb("speak", f"{tongue.english}{english}"), who.english, "present"))


def who_is(draw: Draw) -> Said:
    """Who is he? Who is the doctor?"""
    who = other(draw)
    end = ended(draw, copula("누구"), question=True)
    return Said(f"{who.topic} {end}", f"who {finite(Verb('be'), who.english, 'present', question=True)}", "?")


def how_was(draw: Draw) -> Said:
    """How was the exam? How is the food?"""
    noun = draw.noun("event", "exam", "show", "dish", "task", "place", "country", "city", "music", "reading")
    who = Who(noun.korean, Subject(f"the {noun.english}", "its", noun.is_plural), noun)
    if "proper" in noun.notes:
        who = Who(noun.korean, Subject(noun.english, "its"), noun)
    was = draw.often(0.6)
    stem = Stem("어떻", "어때", "adjective")
    end = ended(draw, past(stem) if was else stem, question=True)
    said = finite(Verb("be"), who.english, "past" if was else "present", question=True)
    return Said(f"{draw.one((who.topic, who.nominative))} {end}", f"how {said}", "?")
