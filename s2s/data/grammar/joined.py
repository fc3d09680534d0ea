"""Two clauses in a sentence: and, but, because, if, when, before, relative clauses, what is thought."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from s2s.data.grammar.clauses import Action, Draw, Who, action, me, other, person
from s2s.data.grammar.english import Subject, Tense, Verb, again, finite, settled
from s2s.data.grammar.forms import ABLE, FUTURE, PAST, PRESENT, Form, Said, clause
from s2s.data.grammar.hangul import (
    Stem,
    after_stem,
    attach,
    copula,
    finish,
    modifying,
    past,
    plain,
    prospective,
)
from s2s.data.grammar.lexicon import Entry
from s2s.data.grammar.sentences import deed

_REASONS: Final = (
    ("아파서", "sick"),
    ("바빠서", "busy"),
    ("피곤해서", "tired"),
    ("배고파서", "hungry"),
    ("졸려서", "sleepy"),
    ("너무 바빠서", "too busy"),
    ("너무 피곤해서", "too tired"),
    ("무서워서", "scared"),
    ("부끄러워서", "shy"),
    ("긴장해서", "nervous"),
    ("늦어서", "late"),
)
_CONDITIONS: Final = (
    ("비가 오면", "if it rains"),
    ("눈이 오면", "if it snows"),
    ("시간이 있으면", "if {i} {have} time"),
    ("돈이 있으면", "if {i} {have} money"),
    ("내일 날씨가 좋으면", "if the weather is good tomorrow"),
    ("피곤하지 않으면", "if {i} {am} not tired"),
    ("바쁘지 않으면", "if {i} {am} not busy"),
    ("학교가 끝나면", "when school is over"),
    ("숙제가 끝나면", "when the homework is done"),
    ("집에 가면", "when {i} {go} home"),
    ("봄이 오면", "when spring comes"),
    ("방학이 되면", "when vacation comes"),
)
_MOODS: Final = (("기뻐", "glad"), ("행복해", "happy"))


def _two(draw: Draw) -> tuple[Action, Action]:
    """Two different things that one does."""
    first, then = deed(draw), deed(draw)
    while then.english.base == first.english.base or then.entry.korean == first.entry.korean:
        then = deed(draw)
    return first, then


def sequence(draw: Draw) -> Said:
    """Tom washed the dishes and listened to music."""
    (first, then), who = _two(draw), person(draw)
    form = draw.chance.choices([PAST, FUTURE], [3, 1])[0]
    first_english = finite(first.english, who.english, form.tense)
    second_korean, second = clause(draw, who, then, form)
    second = second.removeprefix(who.english.text).strip()
    second = second.removeprefix("will ") if form is FUTURE else second
    link = draw.one(("고", "고 나서"))
    joined = "and" if link == "고" else "and then"
    subject = "" if who.english.text == "I" and draw.often(0.5) else who.topic + " "
    return Said(f"{subject}{first.stem.stem}{link} {second_korean}", f"{first_english} {joined} {second}")


def contrast(draw: Draw) -> Said:
    """Tom likes apples, but Mary does not like apples."""
    liked = [v for v in draw.lexicon.part("verb") if v.korean == "좋아하다"]
    first = action(draw, verbs=liked)
    one, another = person(draw), other(draw)
    if one.english.text == another.english.text:
        another = Who("동생", Subject("my younger sibling", "their"))
    _, english = clause(draw, one, first, PRESENT)
    second = action(draw, verbs=liked) if draw.often(0.5) else first
    negative = second is first
    korean, but = clause(draw, another, second, PRESENT, negative=negative)
    return Said(f"{one.topic} {first.stem.stem}지만 {another.topic} {korean}", f"{english}, but {but}")


def reason(draw: Draw) -> Said:
    """I was tired, so I could not study."""
    cause, feeling = draw.one(_REASONS)
    made, who = deed(draw), person(draw)
    subject = "" if who.english.text == "I" and draw.often(0.5) else who.topic + " "
    was = finite(Verb("be", feeling), who.english, "past")
    could = Form(lambda stem: stem, ABLE.english, "past")
    stem = past(after_stem(made.stem, "지 못하", "지 못해"))
    if draw.often(0.4):
        stem = past(after_stem(made.stem, "지 않", "지 않아"))
        could = PAST
    said = finite(could.english(made.english), again(who.english), "past", negative=True)
    return Said(f"{subject}{cause} {finish(stem, draw.level)}", f"{was}, so {said}")


def condition(draw: Draw) -> Said:
    """If it rains, I will read a book."""
    when, english = draw.one(_CONDITIONS)
    made, who = deed(draw), person(draw)
    who = me(draw) if draw.often(0.4) else who
    third, is_same = who.english.is_third, "{i}" in english
    be = "am" if who.english.text == "I" else "is" if third else "are"
    english = english.format(
        i=who.english.text, have="has" if third else "have", am=be, go="goes" if third else "go"
    )
    korean, said = clause(draw, who, made, FUTURE)
    if is_same:
        said = finite(made.english, again(who.english), "future")
    subject = "" if who.english.text == "I" and draw.often(0.5) else who.topic + " "
    if draw.often(0.5):
        return Said(f"{when} {subject}{korean}", f"{english}, {said}")
    return Said(f"{subject}{when} {korean}", f"{english}, {said}")


def time_clause(draw: Draw) -> Said:
    """I listen to music when I study. Tom washed his hands before he ate."""
    (first, then), who = _two(draw), person(draw)
    form = draw.one((PAST, PAST, FUTURE, PRESENT))
    korean, english = clause(draw, who, then, form)
    tense: Tense = "past" if form is PAST else "present"
    inner = finite(first.english, again(who.english), tense)
    link, said = draw.one(
        (
            (f"{prospective(first.stem)} 때", "when"),
            (f"{first.stem.stem}기 전에", "before"),
            (f"{modifying(first.stem, done=True)} 후에", "after"),
            (f"{modifying(first.stem, done=True)} 다음에", "after"),
        )
    )
    subject = "" if who.english.text == "I" and draw.often(0.5) else who.topic + " "
    return Said(f"{subject}{link} {korean}", f"{english} {said} {inner}")


_AIMS: Final = (
    "만나다",
    "사다",
    "빌리다",
    "찾다",
    "배우다",
    "공부하다",
    "먹다",
    "마시다",
    "수영하다",
    "운동하다",
    "쉬다",
    "놀다",
    "쇼핑하다",
    "일하다",
    "산책하다",
    "연습하다",
    "사진을 찍다",
    "밥을 먹다",
    "점심을 먹다",
    "저녁을 먹다",
    "도와주다",
    "책을 읽다",
    "영화를 보다",
    "돈을 벌다",
    "팔다",
)


def purpose(draw: Draw) -> Said:
    """Tom went to the library to study."""
    goes = [
        replace(v, classes=("place", "shop", "city", "country"))
        for v in draw.lexicon.part("verb")
        if v.korean == "가다" and "country" in v.classes
    ]
    aims = [v for v in draw.lexicon.part("verb") if v.korean in _AIMS and "subject" not in v.notes]
    where, made, who = action(draw, verbs=goes), action(draw, verbs=aims), person(draw)
    form = draw.one((PAST, PAST, FUTURE))
    ending = draw.one((made.stem.open + "러", made.stem.open + "려고"))
    korean, english = clause(draw, who, where, form)
    subject = "" if who.english.text == "I" and draw.often(0.5) else who.topic + " "
    aim = settled(made.english.infinitive, who.english.own)
    return Said(f"{subject}{ending} {korean}", f"{english} to {aim}")


def _bare_object(draw: Draw) -> tuple[Entry, Entry]:
    """A verb with a direct object, and a noun that it takes."""
    fit = [
        v
        for v in draw.lexicon.part("verb")
        if v.classes
        and "particle" not in v.notes
        and v.notes["object"] in ("a", "the", "own")
        and not {"state", "negative", "give", "after", "event"} & set(v.notes)
        and set(v.classes) & _THINGS
    ]
    entry = draw.one(fit)
    return entry, draw.noun(*sorted(set(entry.classes) & _THINGS))


_THINGS: Final = frozenset(
    "food dish fruit thing reading show clothes shoes accessory gadget music photo media artwork".split()
)


def relative_phrase(draw: Draw) -> tuple[str, Who]:
    """톰이 산 책: the book Tom bought; the Korean and the subject it makes."""
    entry, noun = _bare_object(draw)
    who = person(draw)
    done = draw.often(0.7)
    doing = modifying(entry.stem, done=True)
    said = finite(entry.verb, who.english, "past")
    if not done:
        doing = modifying(after_stem(entry.stem, "고 있", "고 있어", "existence"))
        said = finite(Verb("be", entry.verb.gerund), who.english, "present")
    korean = f"{who.nominative} {doing} {noun.korean}"
    text = f"the {noun.english} {said}"
    return korean, Who(korean, Subject(text, "its", noun.is_plural), noun)


def relative_sentence(draw: Draw) -> Said:
    """This is the book Tom bought. The movie I saw was interesting."""
    korean, who = relative_phrase(draw)
    fit = [a for a in draw.lexicon.part("adjective") if who.entry and set(a.classes) & set(who.entry.classes)]
    if fit and draw.often(0.5):
        adjective = draw.one(fit)
        stem = adjective.stem if "past" not in adjective.notes else past(adjective.stem)
        if draw.often(0.3) and "past" not in adjective.notes:
            said = finite(Verb("be", adjective.english), who.english, "past")
            return Said(f"{who.topic} {finish(past(stem), draw.level)}", said)
        return Said(
            f"{who.topic} {finish(stem, draw.level)}",
            finite(Verb("be", adjective.english), who.english, "present"),
        )
    this = draw.one((("이것은", "this"), ("이건", "this"), ("그것은", "that"), ("저것은", "that")))
    subject = Subject(this[1], "its")
    if who.english.plural:
        subject = Subject({"this": "these", "that": "those"}[this[1]], "their", True)
    return Said(
        f"{this[0]} {finish(copula(korean), draw.level)}",
        finite(Verb("be", who.english.text), subject, "present"),
    )


def doer_phrase(draw: Draw) -> tuple[str, str]:
    """책을 읽는 소녀: the girl reading a book."""
    made, noun = deed(draw), draw.noun("person")
    while "proper" in noun.notes:
        noun = draw.noun("person")
    if draw.often(0.5):
        stem = after_stem(made.stem, "고 있", "고 있어", "existence")
        return (
            f"{modifying(stem)} {noun.korean}",
            f"the {noun.english} who is {settled(made.english.gerund, 'their')}",
        )
    told = finite(made.english, Subject("who", "their"), "past")
    return f"{modifying(made.stem, done=True)} {noun.korean}", f"the {noun.english} {told}"


def thought(draw: Draw) -> Said:
    """Tom said that Mary was a doctor. I know that the exam is difficult."""
    who, about = person(draw), other(draw)
    heads = [("생각하", "생각해", "think"), ("믿", "믿어", "believe"), ("말하", "말해", "say")]
    base, infinitive, english = draw.one(heads)
    stem = Stem(base, infinitive)
    is_past = base == "말하" or draw.often(0.2)
    past_forms = {"think": "thought", "believe": "believed", "say": "said"}
    inner, said = _inner(draw, about, "past" if is_past else "present")
    if draw.often(0.3) and base == "생각하":
        ended = finish(Stem(f"{inner[0]} 것 같", f"{inner[0]} 것 같아", "adjective"), draw.level)
        _, now = inner[1], inner[2]
        return Said(f"{about.topic} {ended}", f"I think {now}")
    told = finish(past(stem) if is_past else stem, draw.level)
    verb = Verb(english, "", past_forms[english])
    that = " that" if draw.often(0.4) else ""
    outer = finite(verb, who.english, "past" if is_past else "present")
    return Said(f"{who.topic} {about.nominative} {inner[1]}고 {told}", f"{outer}{that} {said}")


def _inner(draw: Draw, about: Who, tense: str) -> tuple[tuple[str, str, str], str]:
    """Modifying form, plain form, English now; and English in the tense of the outer verb."""
    fit = [
        a
        for a in draw.lexicon.part("adjective")
        if {"name", "person"} & set(a.classes) and "past" not in a.notes
    ]
    adjective = draw.one(fit)
    stem = adjective.stem
    now = finite(Verb("be", adjective.english), about.english, "present")
    then = finite(Verb("be", adjective.english), about.english, "past" if tense == "past" else "present")
    quoted = stem.stem.removesuffix("이") + "이라" if stem.kind == "copula" else plain(stem)
    return (modifying(stem), quoted, now), then


def feeling(draw: Draw) -> Said:
    """I am glad to meet Tom."""
    made, who = deed(draw), person(draw)
    infinitive, english = draw.one(_MOODS)
    stem = Stem({"기뻐": "기쁘", "행복해": "행복하"}[infinitive], infinitive, "adjective")
    subject = "" if who.english.text == "I" and draw.often(0.5) else who.topic + " "
    said = finite(Verb("be", f"{english} to {made.english.infinitive}"), who.english, "present")
    return Said(f"{subject}{made.stem.infinitive}서 {finish(stem, draw.level)}", said)


def easy_or_hard(draw: Draw) -> Said:
    """Learning Korean is difficult."""
    made = deed(draw)
    fit = [a for a in draw.lexicon.part("adjective") if {"task", "activity2", "sport2"} & set(a.classes)]
    adjective = draw.one(fit)
    korean = draw.one(
        (
            f"{modifying(made.stem)} 것은",
            f"{modifying(made.stem)} 건",
            f"{attach(made.stem.stem + '기', '은')}",
        )
    )
    subject = Subject(settled(made.english.gerund, "your"), "its")
    negative = draw.often(0.25)
    stem = after_stem(adjective.stem, "지 않", "지 않아", "adjective") if negative else adjective.stem
    return Said(
        f"{korean} {finish(stem, draw.level)}",
        finite(Verb("be", adjective.english), subject, "present", negative=negative),
    )
