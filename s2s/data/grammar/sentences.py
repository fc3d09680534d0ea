"""Sentences about what people do: statements, questions, requests, and two actions joined."""

from __future__ import annotations

from typing import Final

from s2s.data.grammar import hangul
from s2s.data.grammar.clauses import Action, Draw, Who, action, other, person, you
from s2s.data.grammar.english import Subject, Verb, finite, settled
from s2s.data.grammar.forms import (
    ABLE,
    ASKED,
    FORMS,
    FUTURE,
    GOING_ON,
    PAST,
    PRESENT,
    WISHED,
    Form,
    Said,
    choose,
    clause,
    ended,
)
from s2s.data.grammar.hangul import after_stem, attach, finish, modifying, prospective
from s2s.data.grammar.lexicon import Entry

_NEGATABLE: Final = (PRESENT, PAST, FUTURE, ABLE, WISHED)
_EFFORT: Final = frozenset("일하다 공부하다 연습하다 운동하다 배우다 준비하다".split())


def statement(draw: Draw) -> Said:
    """Tom ate an apple yesterday."""
    made = action(draw)
    who = person(draw)
    form = choose(draw, made, FORMS)
    negative = form in _NEGATABLE and not made.negative and draw.often(0.18)
    made = _with_adverb(draw, made, form, negative)
    korean, english = clause(draw, who, made, form, negative=negative)
    subject = who.topic if form is PRESENT else _subject(draw, who)  # without one, 문을 열어 is a request
    return Said(*timed(draw, subject, korean, english, form))


def _subject(draw: Draw, who: Who) -> str:
    """The Korean subject: left out where it is I, in most cases as a topic."""
    if who.english.text == "I" and draw.often(0.5):
        return ""
    return who.nominative if draw.often(0.12) else who.topic


def timed(draw: Draw, subject: str, korean: str, english: str, form: Form) -> tuple[str, str]:
    """The sentence, sometimes with when."""
    if not form.times or not draw.often(0.3):
        return f"{subject} {korean}".strip(), english
    when, said = draw.time(*form.times)
    parts = [subject, when] if draw.often(0.6) else [when, subject]
    return " ".join([*(part for part in parts if part), korean]), f"{english} {said}"


def _with_adverb(draw: Draw, made: Action, form: Form, negative: bool) -> Action:
    """The action, sometimes with how it is done: 열심히, 혼자, 빨리."""
    if negative or made.note("state") or made.note("event") or made.negative or made.note("past"):
        return made
    if made.entry.korean in _EFFORT and form in (PRESENT, PAST, FUTURE) and draw.often(0.4):
        return made._replace(stem=made.stem.before("열심히"), english=made.english.then("hard"))
    if form in (PRESENT, PAST, FUTURE, ABLE) and " " not in made.entry.korean and draw.often(0.07):
        adverb = draw.adverb("manner", "again")
        stem, english = made.stem.before(adverb.korean), made.english.then(adverb.english)
        return made._replace(stem=stem, english=english)
    return made


def frequent(draw: Draw) -> Said:
    """Tom often drinks coffee."""
    made, who = deed(draw), person(draw)
    adverb = draw.adverb("frequency", "frequency", "rarely")
    korean, often = adverb.korean, adverb.english
    stem = after_stem(made.stem, "지 않", "지 않아") if "rarely" in adverb.classes else made.stem
    said = finite(made.english, who.english, "present")
    verb = said.removeprefix(who.english.text).strip()
    if made.english.base == "be":
        first, _, rest = verb.partition(" ")
        verb = f"{first} {often} {rest}"
    else:
        verb = f"{often} {verb}"
    predicate = finish(stem.before(korean), draw.level)
    return Said(f"{_subject(draw, who)} {predicate}".strip(), f"{who.english.text} {verb}")


def of_things(draw: Draw) -> Said:
    """The dog barked; the meeting began."""
    entry = draw.one([v for v in draw.lexicon.part("verb") if "subject" in v.notes])
    noun = draw.noun(*entry.notes["subject"].split(","))
    who = _the(noun)
    made = Action(entry.stem, entry.verb, entry)
    forms = [PAST, FUTURE, PRESENT] if made.note("event") else [PAST, FUTURE, GOING_ON]
    form = draw.chance.choices(forms, [5, 2, 3])[0]
    question = draw.often(0.2)
    negative = not question and draw.often(0.2)
    korean, english = clause(draw, who, made, form, negative=negative, question=question)
    subject = who.nominative if draw.often(0.6) else who.topic
    return Said(f"{subject} {korean}", english, "?" if question else ".")


def of_animals(draw: Draw) -> Said:
    """The cat is eating fish."""
    verbs = [
        v
        for v in draw.lexicon.part("verb")
        if v.korean in ("먹다", "마시다", "찾다", "잡다") and set(v.classes) & _FEED
    ]
    entry = draw.one(verbs)
    noun = draw.noun(*sorted(set(entry.classes) & _FEED))
    made = Action(entry.stem.before(attach(noun.korean, "을")), entry.verb.then(noun.with_article()), entry)
    who = _the(draw.noun("pet", "animal"))
    form = draw.chance.choices([PAST, PRESENT, GOING_ON], [4, 1, 4])[0]
    korean, english = clause(draw, who, made, form)
    return Said(f"{who.nominative if draw.often(0.6) else who.topic} {korean}", english)


_FEED: Final = frozenset(["food", "fruit", "vegetable", "insect"])


def _the(noun: Entry) -> Who:
    if "name" in noun.classes or "proper" in noun.notes:
        return Who(noun.korean, Subject(noun.english, "its"), noun)
    word = "우리" if "family" in noun.classes else "내" if "relation" in noun.classes else ""
    owner, korean = ("my", f"{word} {noun.korean}") if word else ("the", noun.korean)
    return Who(korean, Subject(f"{owner} {noun.english}", "its", noun.is_plural), noun)


def question(draw: Draw) -> Said:
    """Did you eat an apple?"""
    made = action(draw)
    who = you(draw) if draw.often(0.65) else other(draw)
    form = choose(draw, made, ASKED)
    korean, english = clause(draw, who, made, form, question=True)
    subject = "" if who.english.text == "you" and draw.often(0.7) else who.topic if who.korean else ""
    return Said(*timed(draw, subject, korean, english, form), "?")


def why_or_when(draw: Draw) -> Said:
    """Why, when, where, at what time, how: 왜 울어?"""
    made = deed(draw)
    who = you(draw) if draw.often(0.6) else other(draw)
    words = [("왜", "why"), ("언제", "when"), ("어떻게", "how")]
    if not made.entry.classes:
        words.append(("몇 시에", "what time"))
    if not set(made.entry.classes) & {"place", "country", "city", "event"} and "에서" not in made.stem.stem:
        words.append(("어디에서", "where"))
        words.append(("어디서", "where"))
    word, said = draw.one(words)
    forms = [PAST, FUTURE, PRESENT] if word in ("왜", "어디에서", "어디서") else [PAST, FUTURE]
    form = draw.one(forms)
    negative = word == "왜" and draw.often(0.2)
    korean, english = clause(draw, who, made, form, negative=negative, question=True)
    subject = who.topic + " " if who.korean and (who.english.text != "you" or draw.often(0.3)) else ""
    return Said(f"{subject}{word} {korean}", f"{said} {english}", "?")


def what(draw: Draw) -> Said:
    """What did you eat? Whom did Tom meet?"""
    entry = draw.one([v for v in draw.lexicon.part("verb") if set(v.classes) & _ASKABLE and _is_simple(v)])
    who = you(draw) if draw.often(0.6) else other(draw)
    is_person = bool(set(entry.classes) & {"name", "family"})
    particle = entry.notes.get("particle", "을")
    spoken = draw.level == "intimate"
    if is_person:
        korean, said = attach("누구", particle), "who"
    else:
        korean, said = draw.one((("뭘", "what"), ("무엇을", "what"), ("뭐" if spoken else "무엇을", "what")))
    made = Action(entry.stem.before(korean), entry.verb.then(entry.notes.get("after", "")), entry)
    form = choose(draw, made, {PAST: 4, PRESENT: 2, FUTURE: 2, WISHED: 2})
    predicate, english = clause(draw, who, made, form, question=True)
    subject = who.topic + " " if who.korean and (who.english.text != "you" or draw.often(0.3)) else ""
    return Said(subject + predicate, f"{said} {english}", "?")


_ASKABLE: Final = frozenset("food dish drink thing reading show music name family subject language".split())


def _is_simple(entry: Entry) -> bool:
    return entry.notes.get("particle", "을") in ("을", "에게") and not {"give", "negative"} & set(entry.notes)


def where_to(draw: Draw) -> Said:
    """Where does Tom live? Where are you going?"""
    entry = draw.one([v for v in draw.lexicon.part("verb") if v.korean in _GOING and "country" in v.classes])
    who = you(draw) if draw.often(0.6) else other(draw)
    base = entry.english.split()[0]
    asked = (
        "어디"
        if draw.level == "intimate" and entry.notes["particle"] == "에"
        else attach("어디", entry.notes["particle"])
    )
    made = Action(entry.stem.before(asked), Verb(base, "", entry.verb.past, entry.verb.participle), entry)
    form = draw.one((PAST, FUTURE, WISHED)) if base != "live" else draw.one((PRESENT, WISHED))
    korean, english = clause(draw, who, made, form, question=True)
    subject = who.topic + " " if who.korean and (who.english.text != "you" or draw.often(0.3)) else ""
    return Said(subject + korean, f"where {english}", "?")


_GOING: Final = ("가다", "살다", "여행하다")


def who_did(draw: Draw) -> Said:
    """Who opened the window?"""
    made = deed(draw)
    who = Who("누구", Subject("who", "their"))
    form = draw.chance.choices([PAST, FUTURE], [4, 1])[0]
    stem = form.korean(made.stem)
    korean = f"누가 {ended(draw, stem, form, question=True)}"
    return Said(korean, finite(made.english, who.english, form.tense), "?")


_DAILY: Final = frozenset(
    "food dish drink fruit reading show music sport meal task language subject name place shop instrument "
    "teeth hands hair song photo dog friend room schedule school practice clothes write".split()
)


def deed(draw: Draw) -> Action:
    """Something that one decides to do, most often of everyday life."""
    known = draw.lexicon.part("verb")
    daily = [v for v in known if "subject" not in v.notes and set(v.classes or ["meal"]) & _DAILY]
    while True:
        made = action(draw, verbs=daily if draw.often(0.8) else None)
        if not {"event", "state", "past", "negative", "give"} & set(made.entry.notes) and not made.negative:
            return made


def request(draw: Draw) -> Said:
    """Please open the window. Could you open the window?"""
    wanted = [v for v in draw.lexicon.part("verb") if "req" in v.notes or "give" in v.notes]
    made = action(draw, verbs=wanted) if draw.often(0.5) else deed(draw)
    korean, english, mark = _asked_for(draw, made)
    if draw.often(0.08):
        word, said = draw.one(
            (
                ("지금", "now"),
                ("빨리", "quickly"),
                ("나중에", "later"),
                ("내일", "tomorrow"),
                ("다시", "again"),
                ("지금 바로", "right now"),
            )
        )
        return Said(f"{word} {korean}", f"{english} {said}", mark)
    return Said(korean, english, mark)


def _asked_for(draw: Draw, made: Action) -> tuple[str, str, str]:
    verb = settled(made.english.infinitive, "your")
    stem = made.stem
    gives = stem.infinitive.endswith("줘")
    base = hangul.with_final(stem.infinitive, "")[:-1] if gives else stem.infinitive + " "
    ends = [
        ("줘", f"{verb}", "."),
        ("주세요", f"please {verb}", "."),
        ("주세요", f"please {verb}", "."),
        ("줄래", f"can you {verb}", "?"),
        ("줄 수 있어", f"can you {verb}", "?"),
        ("주실래요", f"could you {verb}", "?"),
        ("주시겠어요", f"could you {verb}", "?"),
        ("줄 수 있어요", f"can you {verb}", "?"),
        ("주십시오", f"please {verb}", "."),
        ("주시겠습니까", f"would you {verb}", "?"),
    ]
    if not gives and draw.often(0.35):
        return _commanded(draw, stem, verb)
    end, english, mark = draw.one(ends)
    some = "좀 " if draw.often(0.12) else ""
    if some:
        words, _, last = base.rstrip().rpartition(" ")
        space = " " if base.endswith(" ") else ""
        base = f"{words} {some}{last}{space}" if words and not gives else base
    return base + end, english, mark


def _commanded(draw: Draw, stem: hangul.Stem, verb: str) -> tuple[str, str, str]:
    """Eat, don't eat, let's eat."""
    formed = stem.light_open
    return draw.one(
        (
            (f"{stem.infinitive}라", verb, "."),
            (f"{formed}세요", f"please {verb}", "."),
            (stem.infinitive, verb, "."),
            (f"{hangul.with_final(formed, 'ㅂ')}시다", f"let's {verb}", "."),
            (f"{stem.stem}자", f"let's {verb}", "."),
            (f"{stem.stem}겠습니다", f"I will {verb}".replace(" your ", " my "), "."),
            (f"{stem.stem}지 마", f"don't {verb}", "."),
            (f"{stem.stem}지 마세요", f"please don't {verb}", "."),
            (f"{stem.stem}지 마라", f"don't {verb}", "."),
            (f"{prospective(stem)}까요", f"shall we {verb}", "?"),
            (f"{prospective(stem)}래", f"do you want to {verb}", "?"),
            (f"{prospective(stem)}게요", f"I will {verb}".replace(" your ", " my "), "."),
            (f"{prospective(stem)}게", f"I will {verb}".replace(" your ", " my "), "."),
        )
    )


def permission(draw: Draw) -> Said:
    """May I open the window? You must not run."""
    made = deed(draw)
    verb = made.english.infinitive
    wanted, formed = made.stem.infinitive, made.stem.open
    mine, yours = settled(verb, "my"), settled(verb, "your")
    return draw.one(
        (
            Said(f"{wanted}도 돼요", f"may I {mine}", "?"),
            Said(f"{wanted}도 돼", f"can I {mine}", "?"),
            Said(f"제가 {wanted}도 될까요", f"may I {mine}", "?"),
            Said(f"{wanted}도 됩니까", f"may I {mine}", "?"),
            Said(f"{wanted}도 된다", f"you may {yours}"),
            Said(f"{formed}면 안 돼", f"you must not {yours}"),
            Said(f"{formed}면 안 돼요", f"you must not {yours}"),
            Said(f"{formed}면 안 된다", f"you must not {yours}"),
            Said(f"{modifying(made.stem)} 게 어때", f"how about {settled(made.english.gerund, 'your')}", "?"),
            Said(f"{modifying(made.stem)} 것이 좋겠다", f"you should {yours}"),
            Said(f"{wanted}야 할까요", f"should I {mine}", "?"),
        )
    )
