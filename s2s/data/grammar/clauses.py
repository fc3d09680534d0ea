"""Who does what: subjects, and verbs with what belongs to them, in Korean and English at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from s2s.data.grammar import hangul
from s2s.data.grammar.english import Subject, Verb, article
from s2s.data.grammar.hangul import Level, Stem, attach
from s2s.data.grammar.lexicon import Entry, Lexicon

T = TypeVar("T")

LEVELS: Final[tuple[Level, ...]] = ("plain", "intimate", "polite", "formal")
_SHARES: Final = (34, 26, 30, 10)  # of the levels of speech
_NOMINATIVES: Final = {"나": "내가", "저": "제가", "너": "네가"}
_OWN: Final = {"나": "내", "저": "제", "너": "네", "우리": "우리"}
_MINE: Final = (
    "아들",
    "딸",
    "조카",
    "남편",
    "아내",
    "약혼자",
    "사촌",
    "동생",
    "남동생",
    "여동생",
    "손자",
    "손녀",
)
_AT_PLACES: Final = frozenset("reading food dish drink music sport meal photo show song".split())


class Who(NamedTuple):
    """Someone or something, in Korean and as the subject of an English sentence."""

    korean: str
    english: Subject
    entry: Entry | None = None

    @property
    def topic(self) -> str:
        """With 은 or 는."""
        return attach(self.korean, "은")

    @property
    def nominative(self) -> str:
        """With 이 or 가."""
        return _NOMINATIVES.get(self.korean) or attach(self.korean, "이")

    @property
    def own(self) -> str:
        """Whose something is: 내, 톰의."""
        return _OWN.get(self.korean, self.korean + "의")


class Action(NamedTuple):
    """A verb with its object and place; `entry` is the verb alone."""

    stem: Stem
    english: Verb
    entry: Entry
    negative: bool = False  # what is one word in Korean is a negation in English: 모르다

    def with_stem(self, stem: Stem) -> Action:
        """The same in another Korean form."""
        return self._replace(stem=stem)

    def note(self, name: str) -> bool:
        """Whether the verb has this note."""
        return name in self.entry.notes


class Noun(NamedTuple):
    """A noun with its adjectives."""

    korean: str
    english: str  # without article
    entry: Entry


@dataclass
class Draw:
    """Chance, the words to choose from, and the level at which this sentence is said."""

    chance: random.Random
    lexicon: Lexicon
    level: Level = "plain"
    _decks: dict[str, list[Entry]] = field(default_factory=dict)

    def next(self, part: str) -> Entry:
        """An entry of a part of speech, none a second time before all others were drawn."""
        deck = self._decks.setdefault(part, [])
        if not deck:
            deck.extend(self.lexicon.part(part))
            self.chance.shuffle(deck)
        return deck.pop()

    def adverb(self, *kinds: str) -> Entry:
        """An adverb of a kind."""
        return self.one([e for e in self.lexicon.part("adverb") if e.classes[0] in kinds])

    def renew(self) -> None:
        """Choose the level of the next sentence."""
        self.level = self.chance.choices(LEVELS, _SHARES)[0]

    def often(self, share: float) -> bool:
        """True in this share of the draws."""
        return self.chance.random() < share

    def one(self, items: Sequence[T]) -> T:
        """One of them."""
        return self.chance.choice(items)

    def noun(self, *classes: str) -> Entry:
        """A noun of a class; each class is as likely as another."""
        known = [name for name in classes if name in self.lexicon.nouns]
        return self.one(self.lexicon.nouns[self.one(known)])

    def time(self, *kinds: str) -> tuple[str, str]:
        """When: in Korean, which begins with it, and in English, which ends with it."""
        kind = self.one(kinds)
        entry = self.one([e for e in self.lexicon.part("time") if e.classes[0] == kind])
        return entry.korean, entry.english

    @property
    def is_humble(self) -> bool:
        """Whether the speaker says 저."""
        return self.level in ("polite", "formal")


def me(draw: Draw) -> Who:
    """I."""
    return Who("저" if draw.is_humble else "나", Subject("I", "my"))


def you(draw: Draw) -> Who:
    """You, whom politeness does not name."""
    return Who("" if draw.is_humble else "너", Subject("you", "your"))


def named(draw: Draw) -> Who:
    """Tom, Mary."""
    entry = draw.noun("name")
    own = "his" if "male" in entry.notes else "her"
    return Who(entry.korean, Subject(entry.english, own), entry)


def relative(draw: Draw) -> Who:
    """우리 엄마: my mom."""
    entry = draw.noun("family") if draw.often(0.8) else draw.noun("relation")
    if entry.korean == "가족":
        return named(draw)
    mine = "제" if draw.is_humble else "내"
    is_ours = not {"relation"} & set(entry.classes) and entry.korean not in _MINE
    owner = "우리" if is_ours and draw.often(0.85) else mine
    return Who(f"{owner} {entry.korean}", Subject(f"my {entry.english}", _own(entry), entry.is_plural), entry)


def someone(draw: Draw) -> Who:
    """그 의사: the doctor; 한 소년: a boy."""
    entry = draw.noun("person")
    if "proper" in entry.notes:
        return named(draw)
    word, english = draw.one((("그", "the"), ("그", "that"), ("그", "the"), ("", "the")))
    return Who(f"{word} {entry.korean}".strip(), Subject(f"{english} {entry.english}", "their"), entry)


def pronoun(draw: Draw) -> Who:
    """He, she, we, they."""
    return draw.one(
        (
            Who("그", Subject("he", "his")),
            Who("그녀", Subject("she", "her")),
            Who("우리", Subject("we", "our", True)),
            Who("그들", Subject("they", "their", True)),
        )
    )


def person(draw: Draw) -> Who:
    """Anyone but you."""
    kinds: list[Callable[[Draw], Who]] = [me, named, pronoun, relative, someone]
    return draw.chance.choices(kinds, (32, 30, 18, 14, 6))[0](draw)


def other(draw: Draw) -> Who:
    """Anyone but you and me."""
    kinds: list[Callable[[Draw], Who]] = [named, pronoun, relative, someone]
    return draw.chance.choices(kinds, (42, 28, 22, 8))[0](draw)


def thing(entry: Entry, draw: Draw) -> Who:
    """이 책: this book; 책: the book."""
    word, english = draw.one((("", "the"), ("이", "this"), ("그", "that"), ("저", "that"), ("그", "the")))
    if "proper" in entry.notes:
        return Who(entry.korean, Subject(entry.english, "its"), entry)
    if "only" in entry.notes:
        word, english = "", "the"
    if entry.is_plural:
        english = {"this": "these", "that": "those"}.get(english, english)
    subject = Subject(f"{english} {entry.english}", "their" if entry.is_plural else "its", entry.is_plural)
    return Who(f"{word} {entry.korean}".strip(), subject, entry)


def described(draw: Draw, entry: Entry, share: float = 0.15) -> Noun:
    """A noun, sometimes with an adjective that fits it: 예쁜 꽃."""
    if not draw.often(share):
        return Noun(entry.korean, entry.english, entry)
    found = [
        a
        for a in draw.lexicon.part("adjective")
        if set(a.classes) & set(entry.classes) and "predicate" not in a.notes
    ]
    if not found:
        return Noun(entry.korean, entry.english, entry)
    adjective = draw.one(found)
    korean = hangul.modifying(adjective.stem, done="past" in adjective.notes)
    return Noun(f"{korean} {entry.korean}", f"{adjective.english} {entry.english}", entry)


def with_article(noun: Noun) -> str:
    """The English noun with a or an, where it takes one."""
    return f"{article(noun.english)} {noun.english}" if noun.entry.is_counted else noun.english


def place(entry: Entry) -> str:
    """Where something happens: in the park, at school, in Seoul."""
    preposition = "in" if {"country", "city"} & set(entry.classes) else "at"
    preposition = next((p for p in ("in", "on") if p in entry.notes), preposition)
    return f"{preposition} {_the(entry)}"


def action(draw: Draw, *, verbs: Sequence[Entry] | None = None, kind: str = "") -> Action:
    """Something that people do. `kind` is how objects are said, where not as the verb has it."""
    entry = draw.one(
        verbs or [v for v in draw.lexicon.part("verb") if not {"subject", "give"} & set(v.notes)]
    )
    if not entry.classes:
        return _placed(draw, Action(entry.stem, entry.verb, entry, "negative" in entry.notes))
    noun = draw.noun(*entry.classes)
    determiner = kind or entry.notes["object"]
    korean, english = _object(draw, noun, determiner, entry)
    stem = entry.stem.before(_with_particle(draw, korean, entry.notes.get("particle", "을")))
    verb = entry.verb.then(english).then(entry.notes.get("after", ""))
    return _placed(draw, Action(stem, verb, entry, "negative" in entry.notes))


def _placed(draw: Draw, made: Action) -> Action:
    is_fit = not made.entry.classes or set(made.entry.classes) <= _AT_PLACES
    fixed = (
        {"event", "past"} & set(made.entry.notes) or " " in made.entry.korean or "state" in made.entry.notes
    )
    goes = made.entry.verb.base in (
        "go",
        "come",
        "leave",
        "arrive",
        "move",
        "travel",
        "hide",
        "be",
        "get",
        "shop",
    )
    if not is_fit or fixed or goes or not draw.often(0.12):
        return made
    where = draw.noun("scene")
    return made._replace(
        stem=made.stem.before(where.korean + "에서"), english=made.english.then(place(where))
    )


def _object(draw: Draw, noun: Entry, determiner: str, verb: Entry) -> tuple[str, str]:
    """A noun as what something is done to, without its particle."""
    if "name" in noun.classes or "proper" in noun.notes:
        return noun.korean, noun.english
    if {"family", "relation"} & set(noun.classes):
        return noun.korean, "{my} " + noun.english
    if "meal" in noun.classes:
        return noun.korean, noun.english
    if determiner == "own":
        return noun.korean, "{my} " + noun.english
    if determiner == "pair":
        return noun.korean, "{my} " + noun.many
    if determiner == "kind":
        return noun.korean, noun.many
    if determiner == "bare" or ("bare" in noun.notes and "particle" in verb.notes):
        return noun.korean, f"the {noun.english}" if "instrument" in noun.classes else noun.english
    if determiner in ("a", "the") and "only" not in noun.notes and draw.often(0.1):
        return _pointed(draw, noun)
    found = described(draw, noun, 0.08)
    return found.korean, with_article(found) if determiner == "a" else f"the {found.english}"


def _pointed(draw: Draw, noun: Entry) -> tuple[str, str]:
    """이 책, 내 책, 톰의 책."""
    word, one, many = draw.one((("이", "this", "these"), ("그", "that", "those"), ("저", "that", "those")))
    is_own = not {
        "place",
        "shop",
        "nature",
        "event",
        "info",
        "abstract",
        "person",
        "country",
        "animal",
        "show",
    } & set(noun.classes)
    if is_own and draw.often(0.4):
        owner = draw.noun("name")
        word, one = f"{owner.korean}의", f"{owner.english}'s"
        many = one
    return f"{word} {noun.korean}", f"{many if noun.is_plural else one} {noun.english}"


def _with_particle(draw: Draw, korean: str, particle: str) -> str:
    spoken = draw.level in ("intimate", "polite")
    if particle == "을" and spoken and draw.often(0.12):
        return korean
    if particle == "에게" and spoken and draw.often(0.5):
        particle = "한테"
    if particle == "와" and spoken and draw.often(0.5):
        particle = draw.one(("랑", "하고"))
    first, _, then = particle.partition("+")
    return f"{attach(korean, first)} {then}".strip()


def _the(entry: Entry) -> str:
    return entry.english if "proper" in entry.notes or "bare" in entry.notes else f"the {entry.english}"


def _own(entry: Entry) -> str:
    if "relation" in entry.classes:
        return {"남자 친구": "his", "여자 친구": "her"}.get(entry.korean, "their")
    if entry.is_plural or entry.korean in ("동생", "사촌", "가족"):
        return "their"
    male = "아빠 아버지 할아버지 외할아버지 형 오빠 남동생 아들 남편 삼촌 조카 손자 약혼자".split()
    return "his" if entry.korean in male or entry.korean.endswith("형") else "her"
