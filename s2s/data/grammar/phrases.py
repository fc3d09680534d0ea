"""Words and phrases that are no sentence."""

from __future__ import annotations

from s2s.data.grammar.amounts import counted
from s2s.data.grammar.clauses import Draw, person, place
from s2s.data.grammar.english import settled
from s2s.data.grammar.forms import Said
from s2s.data.grammar.hangul import attach, modifying
from s2s.data.grammar.joined import doer_phrase, relative_phrase
from s2s.data.grammar.sentences import deed


def single(draw: Draw) -> Said:
    """A word alone, or with a particle: 사과; 먹다; 예쁜; 학교에서."""
    kind = draw.chance.choices(("noun", "verb", "adjective", "adverb", "time", "spot"), (56, 15, 9, 3, 4, 9))[
        0
    ]
    if kind == "spot":
        return _spot(draw)
    entry = draw.next(kind)
    if kind == "verb":
        base = f"{entry.english} {entry.notes.get('after', '')}".strip()
        negative = "not " if "negative" in entry.notes else ""
        return Said(entry.korean, f"{negative}to {settled(base, 'your')}", "")
    if kind == "adjective":
        done = "past" in entry.notes
        if draw.often(0.5):
            return Said(modifying(entry.stem, done=done), entry.english, "")
        return Said(entry.korean, entry.english if done else f"to be {entry.english}", "")
    return Said(entry.korean, entry.english, "")


def _spot(draw: Draw) -> Said:
    """학교에서: at school; 서울에: to Seoul."""
    noun = draw.noun("place", "shop", "country", "city", "scene", "room")
    if draw.often(0.5):
        return Said(f"{noun.korean}에서", place(noun), "")
    return Said(f"{noun.korean}에", f"to {place(noun).split(' ', 1)[1]}", "")


def phrase(draw: Draw) -> Said:
    """A group of words."""
    kinds = (_described, _owned, _counted, _relative, _doer, _deed, _both)
    return draw.chance.choices(kinds, (30, 18, 14, 12, 8, 8, 10))[0](draw)


def _described(draw: Draw) -> Said:
    """예쁜 꽃: a pretty flower."""
    people = {"me", "name", "family"}
    known = draw.lexicon.part("adjective")
    adjective = draw.one([a for a in known if "predicate" not in a.notes and set(a.classes) - people])
    noun = draw.noun(*[name for name in adjective.classes if name not in people])
    korean = f"{modifying(adjective.stem, done='past' in adjective.notes)} {noun.korean}"
    return Said(korean, noun.with_article(adjective.english), "")


def _owned(draw: Draw) -> Said:
    """톰의 책: Tom's book."""
    noun = draw.noun("thing", "reading", "accessory", "clothes", "gadget", "family", "looks", "pet", "body")
    owner = person(draw)
    whose = f"{owner.english.text}'s" if owner.entry else owner.english.own
    return Said(f"{owner.own} {noun.korean}", f"{whose} {noun.english}", "")


def _counted(draw: Draw) -> Said:
    return Said(*counted(draw), "")


def _relative(draw: Draw) -> Said:
    korean, who = relative_phrase(draw)
    return Said(korean, who.english.text, "")


def _doer(draw: Draw) -> Said:
    return Said(*doer_phrase(draw), "")


def _deed(draw: Draw) -> Said:
    """책을 읽다: to read a book."""
    made = deed(draw)
    return Said(f"{made.stem.stem}다", f"to {settled(made.english.infinitive, 'your')}", "")


def _both(draw: Draw) -> Said:
    """사과와 배: an apple and a pear are apple and pear."""
    name = draw.one(("fruit", "family", "animal", "food", "subject", "country", "clothes", "furniture"))
    one, two = draw.chance.sample(draw.lexicon.nouns[name], 2)
    link = draw.one((attach(one.korean, "와"), attach(one.korean, "와"), attach(one.korean, "랑")))
    return Said(f"{link} {two.korean}", f"{one.english} and {two.english}", "")
