"""Sentences about what people need, give, prefer and think about, and who they are."""

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
    with_article,
    you,
)
from s2s.data.grammar.english import Subject, Verb, comparative, finite
from s2s.data.grammar.forms import FORMS, FUTURE, PAST, PRESENT, WISHED, Said, clause, ended
from s2s.data.grammar.hangul import Stem, after_stem, attach, copula, finish, modifying, past
from s2s.data.grammar.nominal import is_graded
from s2s.data.grammar.sentences import deed, timed

_GIFTS: Final = (
    ("주", "줘", Verb("give", "", "gave", "given")),
    ("보여 주", "보여 줘", Verb("show", "", "showed", "shown")),
    ("사 주", "사 줘", Verb("buy", "", "bought")),
    ("보내", "보내", Verb("send", "", "sent")),
    ("빌려주", "빌려줘", Verb("lend", "", "lent")),
    ("만들어 주", "만들어 줘", Verb("make", "", "made")),
)
_KINDS: Final = (
    ("과일", "fruit", "fruit"),
    ("음식", "food", "dish"),
    ("과목", "subject", "subject"),
    ("운동", "sport", "sport"),
    ("동물", "animal", "animal"),
    ("꽃", "flower", "flower"),
    ("음료", "drink", "drink"),
    ("나라", "country", "country"),
    ("도시", "city", "city"),
    ("음악", "music", "music"),
    ("채소", "vegetable", "vegetable"),
    ("가수", "singer", "name"),
    ("악기", "instrument", "instrument"),
    ("취미", "hobby", "activity"),
    ("간식", "snack", "food"),
)
_NEED: Final = Stem("필요하", "필요해", "adjective")


def need(draw: Draw) -> Said:
    """I need a pen. Do you need help? We do not need money."""
    noun = draw.noun("thing", "need", "need", "pass", "drink", "clothes", "ingredient", "gadget")
    asked = draw.often(0.25)
    who = (you(draw) if draw.often(0.7) else other(draw)) if asked else person(draw)
    negative = not asked and draw.often(0.2)
    stem = after_stem(_NEED, "지 않", "지 않아", "adjective") if negative else _NEED
    was = draw.often(0.15)
    said = finite(
        Verb("need", noun.with_article()),
        who.english,
        "past" if was else "present",
        negative=negative,
        question=asked,
    )
    end = finish(past(stem) if was else stem, draw.level, question=asked)
    subject = _subject(draw, who, asked=asked)
    return Said(f"{subject}{attach(noun.korean, '이')} {end}", said, "?" if asked else ".")


def _subject(draw: Draw, who: Who, *, asked: bool = False) -> str:
    if (who.english.text == "I" and draw.often(0.5)) or (asked and who.english.text == "you"):
        return ""
    return who.topic + " "


def giving(draw: Draw) -> Said:
    """Tom gave Mary a book. Please give me some water."""
    base, infinitive, verb = draw.one(_GIFTS)
    classes = {"make": ("dish", "dish"), "send": ("media", "package")}.get(
        verb.base, ("thing", "reading", "fruit", "drink", "clothes", "accessory")
    )
    noun = described(draw, draw.noun(*classes), 0.08)
    if draw.often(0.25):
        end = draw.one((" 줘", " 주세요", " 주세요", " 주십시오", " 줄래요"))
        asked = end == " 줄래요"
        start = draw.one(("", "", "저한테 " if "세요" in end else ""))
        polite = "" if end == " 줘" or asked else "please "
        korean = infinitive if not infinitive.endswith("줘") else infinitive[:-1].rstrip()
        korean = f"{start}{attach(noun.korean, '을')} {korean}".rstrip() + end
        english = f"{'could you ' if asked else polite}{verb.base} me {with_article(noun)}"
        return Said(korean, english, "?" if asked else ".")
    who, to = person(draw), draw.one((named(draw), named(draw), relative(draw), me(draw)))
    while to.english.text == who.english.text:
        who = other(draw)
    korean = (
        f"{to.korean}{'한테' if draw.level in ('intimate', 'polite') else '에게'} {attach(noun.korean, '을')}"
    )
    object_ = "me" if to.english.text == "I" else to.english.text
    if who.english.text != "I" and object_.startswith("my ") and draw.often(0.7):
        who = me(draw)
    form = draw.chance.choices([PAST, FUTURE], [4, 1])[0]
    stem = form.korean(Stem(base, infinitive))
    said = finite(verb.then(f"{object_} {with_article(noun)}"), who.english, form.tense)
    return Said(f"{_subject(draw, who)}{korean} {ended(draw, stem, form)}", said)


def about(draw: Draw) -> Said:
    """I thought about the future. Let's talk about love. What do you think about the plan?"""
    noun = draw.noun("abstract", "abstract", "abstract", "event", "nature", "reading", "show", "subject")
    while noun.notes.get("proper") == "" and "subject" not in noun.classes:  # no days and months
        noun = draw.noun("abstract")
    text = noun.english if not (noun.is_counted or noun.is_plural) else f"the {noun.english}"
    who = person(draw)
    base, infinitive, verb = draw.one(
        (
            ("생각하", "생각해", Verb("think", "", "thought")),
            ("이야기하", "이야기해", Verb("talk")),
            ("말하", "말해", Verb("talk")),
            ("쓰", "써", Verb("write", "", "wrote", "written")),
            ("배우", "배워", Verb("learn")),
        )
    )
    stem = Stem(base, infinitive)
    link = draw.one((f"{noun.korean}에 대해", f"{noun.korean}에 대해서", f"{noun.korean}에 관해"))
    kind = draw.one(("told", "told", "let us", "opinion", "tell me", "important", "know"))
    if kind == "told":
        form = draw.chance.choices(list(FORMS), list(FORMS.values()))[0]
        end = ended(draw, form.korean(stem), form)
        return Said(
            f"{_subject(draw, who)}{link} {end}",
            finite(form.english(verb.then(f"about {text}")), who.english, form.tense),
        )
    if kind == "let us":
        return Said(f"{link} 이야기하자", f"let's talk about {text}")
    if kind == "opinion":
        end = finish(Stem("생각하", "생각해"), draw.level, question=True)
        return Said(f"{link} 어떻게 {end}", f"what do you think about {text}", "?")
    if kind == "tell me":
        return Said(f"{link} {draw.one(('말해 줘', '알려 줘'))}", f"tell me about {text}")
    if kind == "know":
        stem, said = Stem("알", "알아"), Verb("know", f"about {text}", "knew")
        asked = draw.often(0.5)
        doer = you(draw) if asked else who
        end = finish(stem, draw.level, question=asked)
        return Said(
            f"{_subject(draw, doer, asked=asked)}{link} {end}",
            finite(said, doer.english, "present", question=asked),
            "?" if asked else ".",
        )
    adjective, english = draw.one((("중요하", "important"), ("특별하", "special")))
    subject = Subject(text, "its", noun.is_plural)
    stem = Stem(adjective, adjective[:-1] + "해", "adjective")
    return Said(
        f"{attach(noun.korean, '은')} {finish(stem, draw.level)}",
        finite(Verb("be", english), subject, "present"),
    )


def favourite(draw: Draw) -> Said:
    """My favorite fruit is apples. What fruit do you like? I like coffee."""
    kind, english, name = draw.one(_KINDS)
    noun = draw.noun(name)
    choice = draw.one(("favourite", "ask", "kind", "good", "good"))
    if choice == "favourite":
        owner = me(draw) if draw.often(0.6) else named(draw)
        whose = "my" if owner.entry is None else f"{owner.english.text}'s"
        end = finish(copula(noun.korean), draw.level)
        most = draw.one(("가장", "제일", "제일"))
        return Said(
            f"{owner.nominative} {most} 좋아하는 {attach(kind, '은')} {end}",
            f"{whose} favorite {english} is {noun.many}",
        )
    if choice == "ask":
        end = draw.one(("뭐야", "뭐예요", "무엇입니까", "뭐니"))
        most = draw.one(("가장 ", "제일 ", ""))
        return Said(f"{most}좋아하는 {attach(kind, '이')} {end}", f"what is your favorite {english}", "?")
    who = you(draw)
    if choice == "kind":
        end = finish(Stem("좋아하", "좋아해"), draw.level, question=True)
        topic = who.topic + " " if who.korean and draw.often(0.4) else ""
        word = draw.one(("어떤", "무슨"))
        return Said(f"{topic}{word} {attach(kind, '을')} {end}", f"what {english} do you like", "?")
    doer = person(draw)
    stem, negative = Stem("좋", "좋아", "adjective"), draw.often(0.2)
    stem = Stem("싫", "싫어", "adjective") if negative else stem
    doer = me(draw) if doer.english.text != "I" else doer
    said = finite(Verb("like", noun.many), doer.english, "present", negative=negative)
    return Said(f"{_subject(draw, doer)}{attach(noun.korean, '이')} {finish(stem, draw.level)}", said)


def introduction(draw: Draw) -> Said:
    """My name is Tom. This is my younger brother. I am Minsu."""
    who, family = named(draw), relative(draw)
    kind = draw.one(("name", "this", "I am", "his", "nation"))
    if kind == "name":
        return Said(
            f"{me(draw).own} 이름은 {finish(copula(who.korean), draw.level)}",
            f"my name is {who.english.text}",
        )
    if kind == "this":
        one = draw.one((family, who))
        word = draw.one(("이 사람은", "이쪽은", "이 사람이"))
        return Said(f"{word} {finish(copula(one.korean), draw.level)}", f"this is {one.english.text}")
    if kind == "I am":
        return Said(f"{me(draw).topic} {finish(copula(who.korean), draw.level)}", f"I am {who.english.text}")
    if kind == "his":
        while who.english.own != family.english.own:
            who, family = named(draw), draw.one((relative(draw), relative(draw)))
        is_he = who.english.own == "his"
        he_or_she = Who("그", Subject("he", "his")) if is_he else Who("그녀", Subject("she", "her"))
        owner = draw.one((family, he_or_she))
        whose = f"{owner.english.text}'s" if owner.entry else owner.english.own
        return Said(
            f"{owner.own} 이름은 {finish(copula(who.korean), draw.level)}",
            f"{whose} name is {who.english.text}",
        )
    nation, english = draw.one(
        (
            ("한국", "Korean"),
            ("미국", "American"),
            ("일본", "Japanese"),
            ("중국", "Chinese"),
            ("영국", "British"),
            ("프랑스", "French"),
            ("독일", "German"),
            ("캐나다", "Canadian"),
            ("이탈리아", "Italian"),
            ("스페인", "Spanish"),
            ("러시아", "Russian"),
            ("호주", "Australian"),
            ("인도", "Indian"),
            ("베트남", "Vietnamese"),
            ("태국", "Thai"),
            ("몽골", "Mongolian"),
        )
    )
    doer = person(draw)
    korean = finish(copula(f"{nation} 사람"), draw.level)
    return Said(f"{doer.topic} {korean}", finite(Verb("be", english), doer.english, "present"))


def superlative(draw: Draw) -> Said:
    """Seoul is the biggest city in Korea. This is the most expensive bag."""
    adjective = draw.one([a for a in draw.lexicon.part("adjective") if is_graded(a) and a.classes != ("me",)])
    names = [
        c
        for c in adjective.classes
        if c not in ("me", "name", "family", "country", "city", "weather0", "weather1")
    ]
    if not names:
        return favourite(draw)
    noun = draw.noun(draw.one(names))
    most = _most(adjective.english)
    korean = f"{draw.one(('가장', '제일'))} {modifying(adjective.stem)} {noun.korean}"
    english = f"the {most} {noun.english}"
    if draw.often(0.3):
        town = draw.noun("country", "city")
        korean, english = f"{town.korean}에서 {korean}", f"{english} in {town.english}"
    if draw.often(0.3):
        return Said(korean, english, "")
    this = "these" if noun.is_plural else "this"
    topic = (
        draw.one(("이것은", "이건"))
        if not {"person", "child", "man", "singer"} & set(noun.classes)
        else "이 사람은"
    )
    return Said(
        f"{topic} {finish(copula(korean), draw.level)}",
        finite(Verb("be", english), Subject(this, "its", noun.is_plural), "present"),
    )


def _most(adjective: str) -> str:
    more = comparative(adjective)
    irregular = {"better": "best", "worse": "worst", "farther": "farthest"}
    if more in irregular:
        return irregular[more]
    return more.replace("more ", "most ", 1) if more.startswith("more ") else more[:-1] + "st"


def together(draw: Draw) -> Said:
    """I went to the park with Tom. Who did you go with?"""
    made, who, friend = deed(draw), person(draw), draw.one((named(draw), relative(draw)))
    while "particle" in made.entry.notes and made.entry.notes["particle"] in ("와", "에게"):
        made = deed(draw)
    link = attach(friend.korean, draw.one(("와", "랑")) if draw.level != "plain" else "와")
    link += draw.one((" 함께", " 같이"))
    made = made._replace(
        stem=made.stem.before(link), english=made.english.then(f"with {friend.english.text}")
    )
    if who.english.text != "I" and friend.english.text.startswith("my "):
        who = me(draw)
    asked = draw.often(0.15)
    who = you(draw) if asked else who
    form = draw.chance.choices([PAST, FUTURE, WISHED], [4, 2, 2])[0]
    korean, english = clause(draw, who, made, form, question=asked)
    subject = _subject(draw, who, asked=asked)
    if who.english.text == friend.english.text:
        return need(draw)
    return Said(*timed(draw, subject.strip(), korean, english, form), "?" if asked else ".")


def too(draw: Draw) -> Said:
    """I like apples, too. Only Tom came."""
    made, who = deed(draw), person(draw)
    form = draw.one((PAST, PAST, FUTURE, PRESENT))
    korean, english = clause(draw, who, made, form)
    if draw.often(0.6):
        return Said(f"{who.korean}도 {korean}", f"{english}, too")
    who = other(draw) if who.english.text in ("I", "he", "she", "we", "they") else who
    if who.english.text in ("he", "she", "we", "they"):
        who = named(draw)
    korean, english = clause(draw, who, made, form)
    return Said(f"{who.korean}만 {korean}", f"only {english}")
