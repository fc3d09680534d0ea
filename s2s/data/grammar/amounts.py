"""Sentences with numbers: counts, clock times, dates, ages, prices."""

from __future__ import annotations

from typing import Final

from s2s.data.grammar.clauses import Draw, action, named, person, place, relative, you
from s2s.data.grammar.english import Subject, Verb, finite, plural
from s2s.data.grammar.forms import Said
from s2s.data.grammar.hangul import Stem, attach, copula, finish, past

NATIVE: Final = ("한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열", "열한", "열두")


SINO: Final = ("일", "이", "삼", "사", "오", "육", "칠", "팔", "구")


NUMBERS: Final = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


_TEENS: Final = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)


_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


_NATIVE_TENS: Final = ("열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


_SINO_MONTHS: Final = (
    "일월",
    "이월",
    "삼월",
    "사월",
    "오월",
    "유월",
    "칠월",
    "팔월",
    "구월",
    "시월",
    "십일월",
    "십이월",
)


_DAYS: Final = (
    ("월요일", "Monday"),
    ("화요일", "Tuesday"),
    ("수요일", "Wednesday"),
    ("목요일", "Thursday"),
    ("금요일", "Friday"),
    ("토요일", "Saturday"),
    ("일요일", "Sunday"),
)


_COUNTERS: Final = {  # of a class: counter
    "friend": "명",
    "fruit": "개",
    "vegetable": "개",
    "thing": "개",
    "pet": "마리",
    "animal": "마리",
    "person": "명",
    "volume": "권",
    "car": "대",
    "bike": "대",
    "shoes": "켤레",
    "drink": "잔",
    "clothes": "벌",
    "plant": "송이",
}


_VESSELS: Final = (("잔", "cup", "glass"), ("병", "bottle", "bottle"))


_HOT: Final = frozenset(["커피", "차", "녹차", "홍차", "핫초코"])


def sino(number: int) -> str:
    """1 to 99,999 in Sino-Korean numerals: 이십오, 삼천오백."""
    said = ""
    for power, word in ((10000, "만"), (1000, "천"), (100, "백"), (10, "십"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            said += ("" if digit == 1 and word else SINO[digit - 1]) + word
    return said


def english_number(number: int) -> str:
    """1 to 99 in words."""
    if number < 10:
        return NUMBERS[number - 1]
    if number < 20:
        return _TEENS[number - 10]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{NUMBERS[ones - 1]}" if ones else "")


def native(number: int) -> str:
    """1 to 99 in native numerals, before a counter: 스무 살, 스물한 살."""
    tens, ones = divmod(number, 10)
    if number == 20:
        return "스무"
    return (_NATIVE_TENS[tens - 1] if tens else "") + (NATIVE[ones - 1] if ones else "")


def counted(draw: Draw) -> tuple[str, str]:
    """사과 세 개: three apples, with the Korean noun first."""
    name = draw.one(tuple(_COUNTERS))
    noun = draw.noun(name)
    number = draw.chance.choices(range(1, 11), [3, 6, 6, 4, 4, 1, 1, 1, 1, 2])[0]
    word, amount = NATIVE[number - 1], NUMBERS[number - 1]
    if name == "drink":
        counter, cup, glass = draw.one(_VESSELS)
        vessel = cup if noun.korean in _HOT else glass
        vessel = vessel if number == 1 else plural(vessel)
        return (
            f"{noun.korean} {word} {counter}",
            f"{amount} {vessel} of {noun.english if not noun.is_counted else noun.many}",
        )
    counter = _COUNTERS[name]
    if name == "shoes":
        pairs = "pair" if number == 1 else "pairs"
        return f"{noun.korean} {word} {counter}", f"{amount} {pairs} of {noun.english}"
    while not noun.is_counted or (name == "plant" and "flower" not in noun.classes):
        noun = draw.noun(name)
    return f"{noun.korean} {word} {counter}", f"{amount} {noun.english if number == 1 else noun.many}"


def counting(draw: Draw) -> Said:
    """I bought three apples. There are two cats."""
    korean, english = counted(draw)
    many = not english.startswith("one ")
    if draw.often(0.45):
        subject = Subject("there", "its", many)
        stem = Stem("있", "있어", "existence")
        where = draw.noun("scene", "room")
        at = f" {place(where)}"
        return Said(
            f"{where.korean}에 {attach(korean, '이')} {finish(stem, draw.level)}",
            finite(Verb("be", english + at), subject, "present"),
        )
    is_being = korean.endswith(("명", "마리"))
    stem, verb = (
        (Stem("보", "봐"), Verb("see", english, "saw"))
        if is_being
        else (Stem("사", "사"), Verb("buy", english, "bought"))
    )
    if draw.often(0.25) and not is_being:
        return Said(f"{korean} {draw.one(('주세요', '주십시오', '줘', '부탁해요'))}", f"{english}, please")
    who = person(draw)
    topic = "" if who.english.text == "I" and draw.often(0.4) else who.topic + " "
    return Said(
        f"{topic}{attach(korean, '을')} {finish(past(stem), draw.level)}", finite(verb, who.english, "past")
    )


def how_many(draw: Draw) -> Said:
    """How many books do you have?"""
    name = draw.one(("fruit", "pet", "volume", "car", "thing", "friend"))
    noun = draw.noun(name)
    while not noun.is_counted:
        noun = draw.noun(name)
    who = you(draw) if draw.often(0.5) else person(draw)
    topic = who.topic + " " if who.korean and draw.often(0.6) and who.english.text != "I" else ""
    if not topic:
        who = you(draw)
    stem = Stem("있", "있어", "existence")
    korean = (
        f"{topic}{attach(noun.korean, '이')} 몇 {_COUNTERS[name]} {finish(stem, draw.level, question=True)}"
    )
    return Said(
        korean, f"how many {noun.many} {finite(Verb('have'), who.english, 'present', question=True)}", "?"
    )


def _hour(draw: Draw, hour: int) -> tuple[str, str]:
    """A time of the clock, in words or digits: 세 시 반, three thirty; 3시, 3 o'clock."""
    minute = draw.one((0, 0, 30, 10, 20, 15, 45, 5, 25, 40, 50))
    if draw.often(0.25):
        korean = f"{hour}시 {minute}분" if minute else f"{hour}시"
        return korean, f"{hour}:{minute:02}" if minute else f"{hour} o'clock"
    korean, english = f"{NATIVE[hour - 1]} 시", NUMBERS[hour - 1]
    if minute == 30:
        return korean + draw.one((" 반", " 삼십 분")), f"{english} thirty"
    if minute:
        oh = "oh " if minute < 10 else ""
        return f"{korean} {sino(minute)} 분", f"{english} {oh}{english_number(minute)}"
    return korean, f"{english} o'clock"


def _half(draw: Draw, hour: int) -> tuple[str, str]:
    """오전 or 오후, or nothing, and how English says it of this hour."""
    half = draw.one(("", "", "오전", "오후")) if hour < 12 else ""
    part = "in the afternoon" if hour < 6 else "in the evening" if hour < 9 else "at night"
    return {"": ("", ""), "오전": ("오전 ", " in the morning"), "오후": ("오후 ", f" {part}")}[half]


def clock(draw: Draw) -> Said:
    """It is half past three. The meeting starts at ten."""
    hour = draw.chance.randrange(1, 13)
    korean, english = _hour(draw, hour)
    half, said = _half(draw, hour)
    if said and " o'clock" in english and draw.often(0.8):
        english = english.removesuffix(" o'clock")
    english += said
    kind = draw.one(("now", "event", "action", "phrase"))
    if kind == "now":
        now = draw.one(("지금 ", "", "지금은 "))
        return Said(f"{now}{half}{finish(copula(korean), draw.level)}", f"it is {english}")
    if kind == "event":
        noun = draw.noun("event", "exam", "show")
        stem, verb = draw.one(_LIMITS)
        subject = Subject(f"the {noun.english}", "its", noun.is_plural)
        end = finish(stem, draw.level)
        said = finite(Verb(verb, f"at {english}"), subject, "present")
        return Said(f"{attach(noun.korean, '은')} {half}{korean}에 {end}", said)
    if kind == "action":
        routine = [v for v in draw.lexicon.part("verb") if v.korean in _ROUTINES and not v.classes]
        made, who, told = action(draw, verbs=routine), person(draw), draw.often(0.5)
        end = finish(past(made.stem) if told else made.stem, draw.level)
        verb_then = made.english.then(f"at {english}")
        said = finite(verb_then, who.english, "past" if told else "present")
        return Said(f"{who.topic} {half}{korean}에 {end}", said)
    return Said(f"{half}{korean}에", f"at {english}", "")


_LIMITS: Final = (
    (Stem("시작하", "시작해"), "start"), (Stem("끝나", "끝나"), "end"), (Stem("시작되", "시작돼"), "begin"),
)  # fmt: skip
_ROUTINES: Final = (
    "자다",
    "일어나다",
    "집에 가다",
    "집에 오다",
    "학교에 가다",
    "출근하다",
    "퇴근하다",
    "아침을 먹다",
    "점심을 먹다",
    "저녁을 먹다",
    "출발하다",
    "운동하다",
    "떠나다",
)


def span(draw: Draw) -> Said:
    """I work from Monday to Friday. Tom studied from two to four. From Seoul to Busan."""
    kind = draw.one(("days", "hours", "places", "way"))
    who, told = person(draw), draw.often(0.5)
    (day, first), (other_day, last) = draw.chance.sample(_DAYS, 2)
    start, end = sorted(draw.chance.sample(range(1, 13), 2))
    one, two = draw.chance.sample(draw.lexicon.nouns["city"], 2)
    korean, english = f"{day}부터 {other_day}까지", f"from {first} to {last}"
    if kind == "hours":
        korean = f"{NATIVE[start - 1]} 시부터 {NATIVE[end - 1]} 시까지"
        english = f"from {NUMBERS[start - 1]} to {NUMBERS[end - 1]}"
    if kind in ("places", "way"):
        korean, english = f"{one.korean}에서 {two.korean}까지", f"from {one.english} to {two.english}"
    if kind == "way":
        return Said(korean, english, "")
    verbs = {"places": ("가다", "운전하다", "여행하다", "걷다"), "days": _LASTING[:5]}.get(kind, _LASTING)
    routine = [
        v
        for v in draw.lexicon.part("verb")
        if v.korean in verbs and not v.classes and not v.notes.get("subject")
    ]
    made = action(draw, verbs=routine)
    predicate = finish(past(made.stem) if told else made.stem, draw.level)
    said = finite(made.english.then(english), who.english, "past" if told else "present")
    topic = "" if who.english.text == "I" and draw.often(0.5) else who.topic + " "
    return Said(f"{topic}{korean} {predicate}", said)


_LASTING: Final = (
    "일하다",
    "공부하다",
    "운동하다",
    "연습하다",
    "쉬다",
    "놀다",
    "자다",
    "기다리다",
    "수영하다",
    "요리하다",
)


def date(draw: Draw) -> Said:
    """Today is Monday. My birthday is May fifth. The exam is on Friday."""
    day, english = draw.one(_DAYS)
    kind = draw.one(("day", "event", "birthday", "was", "month"))
    if kind == "day":
        when, said = draw.one(
            (("오늘은", "today"), ("내일은", "tomorrow"), ("모레는", "the day after tomorrow"))
        )
        return Said(f"{when} {finish(copula(day), draw.level)}", f"{said} is {english}")
    if kind == "was":
        return Said(f"어제는 {finish(past(copula(day)), draw.level)}", f"yesterday was {english}")
    month = draw.chance.randrange(12)
    number = draw.chance.randrange(1, 32)
    korean = f"{_SINO_MONTHS[month]} {sino(number)}일"
    if draw.often(0.5):
        korean = f"{month + 1}월 {number}일"
    said = f"{_MONTHS[month]} {number}"
    if kind == "month":
        return Said(f"오늘은 {finish(copula(korean), draw.level)}", f"today is {said}")
    if kind == "birthday":
        who = named(draw) if draw.often(0.6) else relative(draw)
        owner = f"{who.english.text}'s"
        return Said(
            f"{who.korean}{'의' if draw.often(0.5) else ''} 생일은 {finish(copula(korean), draw.level)}",
            f"{owner} birthday is {said}",
        )
    noun = draw.noun("event", "exam")
    when, said = draw.one(
        ((day, f"on {english}"), ("내일", "tomorrow"), ("다음 주", "next week"), (korean, f"on {said}"))
    )
    be = "are" if noun.is_plural else "is"
    return Said(
        f"{attach(noun.korean, '은')} {finish(copula(when), draw.level)}", f"the {noun.english} {be} {said}"
    )


def age(draw: Draw) -> Said:
    """I am ten years old. How old is Tom?"""
    who = person(draw)
    if draw.often(0.3):
        korean = f"{who.topic} 몇 {finish(copula('살'), draw.level, question=True)}"
        return Said(korean, f"how old {finite(Verb('be'), who.english, 'present', question=True)}", "?")
    years = draw.chance.randrange(2, 80)
    said = finite(Verb("be", f"{english_number(years)} years old"), who.english, "present")
    korean = f"{years}살" if draw.often(0.3) else f"{native(years)} 살"
    return Said(f"{who.topic} {finish(copula(korean), draw.level)}", said)


def price(draw: Draw) -> Said:
    """How much is this book? It is three thousand won."""
    noun = draw.noun("thing", "fruit", "dish", "clothes", "shoes", "drink", "gadget", "accessory", "reading")
    these, be = ("these", "are") if noun.is_plural else ("this", "is")
    word = draw.one(("이", "그", "저"))
    these = these if word == "이" else {"this": "that", "these": "those"}[these]
    if draw.often(0.6):
        end = finish(copula("얼마"), draw.level, question=True)
        return Said(f"{word} {attach(noun.korean, '은')} {end}", f"how much {be} {these} {noun.english}", "?")
    thousands = draw.chance.randrange(1, 10)
    korean = sino(thousands * 1000)
    amount = f"{NUMBERS[thousands - 1]} thousand won"
    return Said(
        f"{word} {attach(noun.korean, '은')} {finish(copula(korean + ' 원'), draw.level)}",
        f"{these} {noun.english} {be} {amount}",
    )
