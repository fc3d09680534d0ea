"""Hangul syllables, the particles that depend on their last consonant, and the endings of verbs.

A verb is a `Stem`: what stands before 다, and the form with 아 or 어. Whatever is irregular shows in the
difference of the two (돕다, 도와), so that no list of irregular verbs is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

_FIRST: Final = ord("가")
_LAST: Final = ord("힣")
_FINALS: Final = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"  # a space: no final consonant

Kind = Literal["verb", "adjective", "existence", "copula"]
Level = Literal["plain", "intimate", "polite", "formal"]

_HONORIFIC: Final = {"먹": "드", "마시": "드", "자": "주무", "있": "계"}  # before 시
_PARTICLES: Final = {  # after a consonant, after a vowel
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "와": ("과", "와"),
    "랑": ("이랑", "랑"),
    "로": ("으로", "로"),
}


def final(text: str) -> str:
    """The final consonant of the last syllable, or nothing."""
    code = ord(text[-1])
    return _FINALS[(code - _FIRST) % 28].strip() if _FIRST <= code <= _LAST else ""


def with_final(text: str, consonant: str) -> str:
    """The text with this final consonant, or none, in its last syllable."""
    code = ord(text[-1]) - _FIRST
    return text[:-1] + chr(_FIRST + code - code % 28 + (_FINALS.index(consonant) if consonant else 0))


def attach(text: str, particle: str) -> str:
    """A noun and its particle, in the form that follows the last sound: 책을, 사과를; 집으로, 서울로."""
    if particle not in _PARTICLES:
        return text + particle
    last = final(text)
    is_open = not last or (particle == "로" and last == "ㄹ")
    return text + _PARTICLES[particle][is_open]


@dataclass(frozen=True, slots=True)
class Stem:
    """A verb or adjective, with all that stands before it: its stem (먹), its form with 아 or 어 (먹어)."""

    stem: str
    infinitive: str
    kind: Kind = "verb"
    is_honorific: bool = False  # with 시

    @property
    def open(self) -> str:
        """The stem before endings with 으: it ends in a vowel or ㄹ (먹으, 가, 도우, 들으, 지으, 만들)."""
        last, changed = final(self.stem), final(self.infinitive[: len(self.stem)])
        bare = with_final(self.stem, "")
        if not last or last == "ㄹ":
            return self.stem
        if len(self.infinitive) == len(self.stem) and last == "ㅎ":
            return bare  # 파랗다, 파래
        if last == "ㅂ" and not changed:
            return bare + "우"
        if last == "ㅅ" and not changed:
            return bare + "으"
        if last == "ㄷ" and changed == "ㄹ":
            return with_final(self.stem, "ㄹ") + "으"
        return self.stem + "으"

    @property
    def light(self) -> str:
        """The stem before ㄴ, ㅂ, ㅅ: ㄹ falls away (만드네, 먹네)."""
        return with_final(self.stem, "") if final(self.stem) == "ㄹ" else self.stem

    @property
    def light_open(self) -> str:
        """The stem before 으 endings that begin with ㄴ, ㅂ or ㅅ: 만드(세요), 먹으(세요)."""
        return with_final(self.open, "") if final(self.open) == "ㄹ" else self.open

    def before(self, words: str) -> Stem:
        """The same with words before it."""
        if not words:
            return self
        return replace(self, stem=f"{words} {self.stem}", infinitive=f"{words} {self.infinitive}")


def verb(dictionary: str, infinitive: str, kind: Kind = "verb") -> Stem:
    """The stem of a verb as dictionaries have it."""
    return Stem(dictionary.removesuffix("다"), infinitive, kind)


def copula(noun: str) -> Stem:
    """To be this noun: 의사(이)다."""
    return Stem(noun + "이", noun + ("이야" if final(noun) else "야"), "copula")


def past(stem: Stem) -> Stem:
    """먹었, 갔, 의사였."""
    if stem.kind == "copula":
        noun = stem.stem[:-1]
        told = noun + ("이었" if final(noun) else "였")
    elif stem.stem.endswith("아니"):
        told = stem.stem + "었"
    else:
        told = with_final(stem.infinitive, "ㅆ")
    return Stem(told, told + "어", "existence")


def after_stem(stem: Stem, words: str, infinitive: str, kind: Kind = "verb") -> Stem:
    """A stem with an auxiliary: 먹고 있, 먹지 않, 먹고 싶."""
    return Stem(stem.stem + words, stem.stem + infinitive, kind)


def after_infinitive(stem: Stem, words: str, infinitive: str, kind: Kind = "verb") -> Stem:
    """A form with 아 or 어 and an auxiliary: 먹어 보, 먹어 주, 먹어야 하."""
    return Stem(stem.infinitive + words, stem.infinitive + infinitive, kind)


def prospective(stem: Stem) -> str:
    """What modifies a noun and is still to come: 먹을, 갈, 만들, 도울."""
    return stem.open if final(stem.open) == "ㄹ" else with_final(stem.open, "ㄹ")


def honorific(stem: Stem) -> Stem:
    """가시, 읽으시; 드시 of 먹 and 마시, 주무시 of 자. Its polite form is 가세요."""
    words, _, last = stem.stem.rpartition(" ")
    base = (
        _HONORIFIC.get(last) or Stem(last, stem.infinitive[len(words) + bool(words) :], stem.kind).light_open
    )
    base = f"{words} {base}".strip()
    return Stem(base + "시", base + "셔", stem.kind, is_honorific=True)


def able(stem: Stem) -> Stem:
    """먹을 수 있."""
    words = prospective(stem) + " 수 "
    return Stem(words + "있", words + "있어", "existence")


def modifying(stem: Stem, *, done: bool = False) -> str:
    """What modifies a noun: 먹는 (now), 먹은 (done); of adjectives 예쁜, of 있다 있는."""
    if stem.kind == "existence" or (stem.kind == "verb" and not done):
        return stem.light + "는"
    return with_final(stem.light_open, "ㄴ")


def polite(stem: Stem) -> str:
    """해요체: 먹어요, 의사예요, 학생이에요."""
    if stem.kind == "copula":
        noun = stem.stem[:-1]
        return noun + ("이에요" if final(noun) else "예요")
    if stem.is_honorific:
        return stem.stem[:-1] + "세요"
    return stem.stem + "에요" if stem.stem.endswith("아니") else stem.infinitive + "요"


def formal(stem: Stem, *, question: bool = False) -> str:
    """합쇼체: 먹습니다, 갑니다, 만듭니다; 먹습니까."""
    base = stem.light
    told = base + "습니" if final(base) else with_final(base, "ㅂ") + "니"
    return told + ("까" if question else "다")


def plain(stem: Stem) -> str:
    """해라체, as books have it: 먹는다, 간다, 예쁘다, 의사다."""
    if stem.kind == "copula":
        noun = stem.stem[:-1]
        return noun + ("이다" if final(noun) else "다")
    if stem.kind == "verb":
        return stem.stem + "는다" if final(stem.light) else with_final(stem.light, "ㄴ") + "다"
    return stem.stem + "다"


def finish(stem: Stem, level: Level, *, question: bool = False) -> str:
    """A whole predicate at a level of speech. A plain question ends in 니."""
    if level == "formal":
        return formal(stem, question=question)
    if level == "polite":
        return polite(stem)
    if level == "intimate":
        return stem.infinitive
    if not question:
        return plain(stem)
    is_short = stem.kind == "copula" and not final(stem.stem[:-1])  # 의사니, 학생이니
    return (stem.stem[:-1] if is_short else stem.light) + "니"


def future(stem: Stem, level: Level, *, question: bool = False) -> str:
    """What will be: 먹을 거야, 먹을 거예요, 먹을 것이다, 먹을 것입니다."""
    base = prospective(stem)
    told = {"plain": "것이다", "intimate": "거야", "polite": "거예요", "formal": "것입니다"}
    asked = {"plain": "거니", "intimate": "거야", "polite": "거예요", "formal": "겁니까"}
    return f"{base} {(asked if question else told)[level]}"
