"""English forms: articles, plurals, verbs that agree, and the order of words in statements and questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

Tense = Literal["present", "past", "future"]

_VOWELS: Final = "aeiou"
_AN: Final = ("hour", "honest", "heir", "MP", "ID", "MRI")  # a vowel is heard, not written
_A: Final = ("uni", "use", "usu", "eu", "one", "UFO", "ukulele")  # a vowel is written, not heard
_DOUBLED: Final = frozenset(
    "cut run swim get set put sit stop hit chop plan shop quit jog hug drop chat win "
    "begin forget skip fit spin dig stir rob".split()
)
_BE: Final = {("I", "present"): "am", ("I", "past"): "was"}
_MODALS: Final = frozenset(["can", "could", "will", "should", "must", "may", "might"])
_SHORT: Final = {
    "am not": "'m not",
    "is not": "isn't",
    "are not": "aren't",
    "was not": "wasn't",
    "were not": "weren't",
    "do not": "don't",
    "does not": "doesn't",
    "did not": "didn't",
    "cannot": "can't",
    "will not": "won't",
    "could not": "couldn't",
    "should not": "shouldn't",
}
_PRONOUN: Final = re.compile(
    r"\b(I|[Yy]ou|[Hh]e|[Ss]he|[Ii]t|[Ww]e|[Tt]hey|[Tt]hat|[Ww]hat|[Tt]here) "
    r"(am|are|is|will) (?=\w)"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what a sentence is about, as a subject and as whom something belongs to."""

    text: str
    own: str
    plural: bool = False

    @property
    def is_third(self) -> bool:
        """Whether verbs take an s."""
        return not self.plural and self.text not in ("I", "you")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb with what follows it; `{my}` and `{myself}` in it are settled by the subject."""

    base: str
    rest: str = ""
    past: str = ""
    participle: str = ""

    def then(self, text: str) -> Verb:
        """The same, and something behind it."""
        return replace(self, rest=f"{self.rest} {text}".strip()) if text else self

    @property
    def infinitive(self) -> str:
        """What follows `to`, and what commands."""
        return f"{self.base} {self.rest}".strip()

    @property
    def gerund(self) -> str:
        """The form in -ing with the rest."""
        return f"{present_participle(self.base)} {self.rest}".strip()

    @property
    def perfect(self) -> str:
        """The participle with the rest."""
        done = "been" if self.base == "be" else self.participle or self.past or regular_past(self.base)
        return f"{done} {self.rest}".strip()


def again(subject: Subject) -> Subject:
    """The subject when it is named a second time: he for Tom, they for the doctor."""
    pronouns = {"his": "he", "her": "she", "its": "it"}
    if subject.own == "their":
        return Subject("they", "their", True)
    return Subject(pronouns[subject.own], subject.own) if subject.own in pronouns else subject


def article(words: str) -> str:
    """A or an before these words."""
    is_vowel = words[0].lower() in _VOWELS and not words.startswith(_A)
    return "an" if is_vowel or words.startswith(_AN) else "a"


def plural(noun: str) -> str:
    """Regular plural of the last word."""
    if re.search("(s|x|z|ch|sh)$", noun) and noun not in ("stomach",):
        return noun + "es"
    return noun[:-1] + "ies" if re.search("[^aeiou]y$", noun) else noun + "s"


def third(verb: str) -> str:
    """The form with he, she or it."""
    if verb in ("have", "be"):
        return {"have": "has", "be": "is"}[verb]
    return verb + "es" if verb.endswith("o") else plural(verb)


def present_participle(verb: str) -> str:
    """The form in -ing."""
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    return verb[:-1] + "ing" if re.search("[^eoy]e$", verb) and verb != "be" else verb + "ing"


def regular_past(verb: str) -> str:
    """The past of a regular verb."""
    if verb in _DOUBLED:
        return verb + verb[-1] + "ed"
    if re.search("[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    return verb + ("d" if verb.endswith("e") else "ed")


def comparative(adjective: str) -> str:
    """Better, bigger, prettier, more expensive."""
    irregular = {"good": "better", "bad": "worse", "far": "farther", "fun": "more fun"}
    if adjective in irregular:
        return irregular[adjective]
    if adjective.endswith("ow"):
        return adjective + "er"
    if adjective.endswith("y") and len(re.findall("[aeiouy]+", adjective)) < 3:
        return adjective[:-1] + "ier"
    if len(re.findall("[aeiouy]+", adjective.removesuffix("e"))) > 1 or adjective in ("worn-out", "bored"):
        return adjective if adjective.startswith("more") else "more " + adjective
    if re.search("[^aeiou][aeiou][bdgmnt]$", adjective):
        return adjective + adjective[-1] + "er"
    return adjective + ("r" if adjective.endswith("e") else "er")


def finite(
    verb: Verb, subject: Subject, tense: Tense, *, negative: bool = False, question: bool = False
) -> str:
    """A clause without capital and mark: he does not eat an apple, did he eat an apple."""
    if tense == "future":
        verb, tense = Verb("will", verb.infinitive), "present"
    if verb.base == "be" or verb.base in _MODALS:
        first, main = _auxiliary(verb, subject, tense), ""
    elif negative or question:
        first = "did" if tense == "past" else "does" if subject.is_third else "do"
        main = verb.base
    elif tense == "past":
        first, main = "", verb.past or regular_past(verb.base)
    else:
        first, main = "", third(verb.base) if subject.is_third else verb.base
    rest = settled(verb.rest, subject.own)
    if negative:
        first = "cannot" if first == "can" else first + " not"
    if not question:
        return _joined(subject.text, first, main, rest)
    if negative:  # Why did you not go: the short form takes not along
        first = _SHORT.get(first, first) if subject.text != "I" else first
    return _joined(first, subject.text, main, rest)


def settled(rest: str, own: str) -> str:
    """The text with whose it is."""
    return rest.replace("{my}", own)


def contracted(text: str) -> str:
    """The text as it is said: don't, I'm, it's."""
    text = _PRONOUN.sub(_with_pronoun, text)
    for long, short in _SHORT.items():
        text = re.sub(rf" ?\b{long}\b" if short[0] == "'" else rf"\b{long}\b", short, text)
    return text


def _with_pronoun(match: re.Match[str]) -> str:
    pronoun, verb = match.groups()
    if pronoun.lower() in ("that", "what", "there") and verb != "is":
        return match.group()
    if match.string[match.end() :].startswith("not ") and verb != "am":
        return match.group()  # isn't, aren't, won't
    return pronoun + {"am": "'m", "are": "'re", "is": "'s", "will": "'ll"}[verb] + " "


def _auxiliary(verb: Verb, subject: Subject, tense: Tense) -> str:
    if verb.base == "can" and tense == "past":
        return "could"
    if verb.base != "be":
        return verb.base
    many = subject.plural or subject.text == "you"
    return (
        _BE.get((subject.text, tense))
        or {
            ("present", False): "is",
            ("present", True): "are",
            ("past", False): "was",
            ("past", True): "were",
        }[tense, many]
    )


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
