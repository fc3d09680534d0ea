"""Sentences about where things are, and what people have."""

from __future__ import annotations

from typing import Final

from s2s.data.grammar.clauses import (
    Draw,
    Noun,
    Who,
    described,
    other,
    person,
    place,
    thing,
    with_article,
    you,
)
from s2s.data.grammar.english import Subject, Verb, finite
from s2s.data.grammar.forms import Said
from s2s.data.grammar.hangul import Stem, attach, copula, past
from s2s.data.grammar.nominal import ended, topic

_WHERE: Final = (
    ("위", "on"),
    ("아래", "under"),
    ("밑", "under"),
    ("옆", "next to"),
    ("앞", "in front of"),
    ("뒤", "behind"),
    ("안", "in"),
)


_HAVE: Final = Stem("있", "있어", "existence")


_LACK: Final = Stem("없", "없어", "existence")


def existence(draw: Draw) -> Said:
    """There is a book on the desk. The cat is under the table."""
    noun = draw.noun("thing", "reading", "small", "fruit", "lose", "accessory", "food", "drink")
    where = draw.noun("surface", "surface", "inside", "room", "car")
    side, english = draw.one(_WHERE)
    if english == "in" and "surface" in where.classes:
        side, english = "위", "on"
    if english in ("on", "under") and "surface" not in where.classes:
        side, english = "안", "in"
    asked = draw.often(0.2)
    lacks = not asked and draw.often(0.18)
    stem = _LACK if lacks else _HAVE
    at = f"{english} the {where.english}"
    korean = ended(draw, stem, question=asked)
    if draw.often(0.6):
        amount = noun.with_article()
        if lacks:
            amount = f"no {noun.english}"
        subject = Subject("there", "its", noun.is_plural)
        said = finite(Verb("be", f"{amount} {at}"), subject, "present", question=asked)
        return Said(
            f"{where.korean} {side}에 {attach(noun.korean, '이')} {korean}", said, "?" if asked else "."
        )
    who = thing(noun, draw)
    said = finite(Verb("be", at), who.english, "present", negative=lacks, question=asked)
    return Said(f"{who.topic} {where.korean} {side}에 {korean}", said, "?" if asked else ".")


def location(draw: Draw) -> Said:
    """Tom is at school. Where is the bathroom?"""
    spot = draw.noun("place", "shop", "city", "country", "scene")
    if draw.often(0.45):
        found = draw.noun("place", "shop", "lose", "thing", "pet", "gadget")
        who = (
            thing(found, draw)
            if draw.often(0.4)
            else Who(found.korean, Subject(f"the {found.english}", "its", found.is_plural))
        )
        if draw.often(0.3):
            who = other(draw)
        at = draw.one(("어디에", "어디"))
        korean = f"{who.topic} {at} {ended(draw, _HAVE, question=True)}"
        if draw.often(0.3):
            korean = f"{who.topic} {ended(draw, copula('어디'), question=True)}"
        return Said(korean, finite_where(who), "?")
    who = person(draw)
    lacks, asked = draw.often(0.12), draw.often(0.15)
    stem = _LACK if lacks and not asked else _HAVE
    was = draw.often(0.25)
    said = finite(
        Verb("be", place(spot)),
        who.english,
        "past" if was else "present",
        negative=lacks and not asked,
        question=asked,
    )
    return Said(
        f"{topic(draw, who)}{spot.korean}에 {ended(draw, past(stem) if was else stem, question=asked)}",
        said,
        "?" if asked else ".",
    )


def finite_where(who: Who) -> str:
    """Where someone or something is, asked."""
    return "where " + finite(Verb("be"), who.english, "present", question=True)


def possession(draw: Draw) -> Said:
    """I have a dog. Tom has no time. Do you have a pen?"""
    noun = draw.noun(
        "thing", "pet", "accessory", "gadget", "car", "reading", "family", "having", "having", "pass", "lose"
    )
    found = described(draw, noun)
    asked = draw.often(0.3)
    who = (you(draw) if draw.often(0.7) else other(draw)) if asked else person(draw)
    lacks = not asked and draw.often(0.25)
    stem = _LACK if lacks else _HAVE
    english = found.english if lacks and noun.is_counted and draw.often(0.2) else with_article(found)
    said = finite(Verb("have", english, "had"), who.english, "present", negative=lacks, question=asked)
    if lacks and english != with_article(found):
        said = finite(
            Verb("have", f"no {noun.many if noun.is_counted else noun.english}", "had"),
            who.english,
            "present",
        )
        found = Noun(noun.korean, noun.english, noun)
    subject = "" if asked and who.english.text == "you" else topic(draw, who)
    return Said(
        f"{subject}{attach(found.korean, '이')} {ended(draw, stem, question=asked)}",
        said,
        "?" if asked else ".",
    )
