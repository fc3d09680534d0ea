"""Sentences about the weather, and what one asks an assistant."""

from __future__ import annotations

from typing import Final

from s2s.data.grammar.clauses import Draw, person
from s2s.data.grammar.english import Subject, Tense, Verb, finite
from s2s.data.grammar.forms import Said
from s2s.data.grammar.hangul import Stem, after_stem, attach, finish, future, past

_IT: Final = Subject("it", "its")
_KINDS: Final = (
    ("비가", Stem("오", "와"), Verb("rain")),
    ("비가", Stem("내리", "내려"), Verb("rain")),
    ("눈이", Stem("오", "와"), Verb("snow")),
    ("눈이", Stem("내리", "내려"), Verb("snow")),
)
_STATES: Final = (
    ("춥", "추워", "cold"),
    ("덥", "더워", "hot"),
    ("따뜻하", "따뜻해", "warm"),
    ("시원하", "시원해", "cool"),
    ("흐리", "흐려", "cloudy"),
    ("맑", "맑아", "sunny"),
    ("쌀쌀하", "쌀쌀해", "chilly"),
    ("습하", "습해", "humid"),
)
_WHEN: Final[tuple[tuple[str, str, Tense], ...]] = (
    ("오늘", "today", "present"),
    ("어제", "yesterday", "past"),
    ("내일", "tomorrow", "future"),
    ("지난주에", "last week", "past"),
    ("어젯밤에", "last night", "past"),
    ("오늘 아침에", "this morning", "past"),
    ("주말에", "on the weekend", "future"),
    ("내일 아침에", "tomorrow morning", "future"),
)
_TOWN_TIMES: Final = (
    ("오늘", "today"),
    ("내일", "tomorrow"),
    ("지금", "now"),
    ("주말", "this weekend"),
    ("", ""),
)


def weather(draw: Draw) -> Said:
    """It is raining. It snowed yesterday. Is it cold in Seoul?"""
    return draw.one((_falling, _state, _asked))(draw)


def _falling(draw: Draw) -> Said:
    noun, stem, verb = draw.one(_KINDS)
    when, said, tense = draw.one(_WHEN)
    town = draw.noun("city", "country") if draw.often(0.3) else None
    asked = draw.often(0.3)
    if tense == "present":
        when, said = draw.one((("지금", "now"), ("밖에", "outside"), ("", "")))
        verb, stem = (
            Verb("be", verb.gerund),
            after_stem(stem, "고 있", "고 있어", "existence") if draw.often(0.5) else stem,
        )
    stem = stem.before(noun)
    end = (
        future(stem, draw.level, question=asked)
        if tense == "future"
        else finish(past(stem) if tense == "past" else stem, draw.level, question=asked)
    )
    where, at = (f"{town.korean}에", f"in {town.english}") if town and when != "밖에" else ("", "")
    english = " ".join(part for part in (finite(verb, _IT, tense, question=asked), at, said) if part)
    return Said(" ".join(part for part in (when, where, end) if part), english, "?" if asked else ".")


def _state(draw: Draw) -> Said:
    base, infinitive, english = draw.one(_STATES)
    stem = Stem(base, infinitive, "adjective")
    when, said, tense = draw.one([one for one in _WHEN if "에" not in one[0]])
    asked, negative = draw.often(0.2), draw.often(0.2)
    negative = negative and not asked
    subject, it = draw.one((("날씨가 ", "the weather"), ("", "it"), ("날씨가 ", "it")))
    if negative:
        stem = after_stem(stem, "지 않", "지 않아", "adjective")
    end = (
        future(stem, draw.level, question=asked)
        if tense == "future"
        else finish(past(stem) if tense == "past" else stem, draw.level, question=asked)
    )
    clause = finite(Verb("be", english), Subject(it, "its"), tense, negative=negative, question=asked)
    return Said(f"{when} {subject}{end}", f"{clause} {said}", "?" if asked else ".")


def _asked(draw: Draw) -> Said:
    """How is the weather in Seoul tomorrow?"""
    town = draw.noun("city", "country")
    when, said = draw.one(_TOWN_TIMES)
    korean = " ".join(part for part in (when, town.korean, "날씨") if part)
    end = (
        draw.one(("어때", "어때요", "어떻습니까"))
        if draw.often(0.6)
        else draw.one(("알려 줘", "알려 주세요"))
    )
    english = f"the weather in {town.english} {said}".strip()
    if end.startswith("알려"):
        return Said(f"{korean} {end}", f"{'please ' if '세요' in end else ''}tell me {english}")
    be = "what will" if when in ("내일", "주말") else "how is"
    like = f"{be} {english}" if be == "how is" else f"what will the weather in {town.english} be like {said}"
    topic = "" if draw.often(0.4) else draw.one(("는", "가"))
    return Said(f"{korean}{topic} {end}", like, "?")


def going(draw: Draw) -> Said:
    """How do I get to the station? How long does it take by bus?"""
    noun, who = draw.noun("place", "shop", "city"), person(draw)
    ride = draw.one([one for one in draw.lexicon.nouns["ride"] if one.korean not in ("엘리베이터", "유람선")])
    name = noun.english if {"proper", "bare"} & set(noun.notes) else f"the {noun.english}"
    way, by = attach(ride.korean, "로"), f"by {ride.english}"
    if draw.often(0.35):
        korean = finish(past(Stem("가", "가")), draw.level)
        return Said(
            f"{who.topic} {way} {noun.korean}에 {korean}",
            finite(Verb("go", f"to {name} {by}", "went"), who.english, "past"),
        )
    asked = [
        (
            f"{noun.korean}에 어떻게 {finish(Stem('가', '가'), draw.level, question=True)}",
            f"how do I get to {name}",
        ),
        (f"{noun.korean}까지 얼마나 걸려요", f"how long does it take to get to {name}"),
        (f"{noun.korean}까지 {way} 얼마나 걸려", f"how long does it take to get to {name} {by}"),
    ]
    if "city" not in noun.classes:
        near = f"가장 가까운 {attach(noun.korean, '은')} 어디에 있어요"
        asked.append((near, f"where is the nearest {noun.english}"))
        if draw.often(0.2):
            return Said(f"{noun.korean} 가는 길 좀 알려 주세요", f"please tell me the way to {name}")
    return Said(*draw.one(asked), "?")
