"""Ways to say an action: tense, negation, and what one wants, can or must do, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from s2s.data.grammar.clauses import Action, Draw, Who
from s2s.data.grammar.english import Tense, Verb, finite
from s2s.data.grammar.hangul import (
    Stem,
    able,
    after_infinitive,
    after_stem,
    finish,
    future,
    honorific,
    modifying,
    past,
    prospective,
)

_ELDERS: Final = (
    "어머니",
    "아버지",
    "부모님",
    "할머니",
    "할아버지",
    "외할머니",
    "외할아버지",
    "조부모님",
    "시어머니",
    "장모님",
    "선생님",
    "교수",
    "교장",
    "사장",
    "담임 선생님",
    "과외 선생님",
    "영어 선생님",
    "수학 선생님",
    "음악 선생님",
)
_NOT_SPLIT: Final = ("좋아하", "싫어하", "사랑하", "무서워하")


class Form(NamedTuple):
    """A way to say an action: its Korean stem, its English verb and tense, and the times that go with it."""

    korean: Callable[[Stem], Stem]
    english: Callable[[Verb], Verb]
    tense: Tense
    times: tuple[str, ...] = ()
    is_will: bool = False  # only of what one can decide to do
    is_future: bool = False  # ends in 거야, 것이다


def _same(stem: Stem) -> Stem:
    return stem


def _as_it_is(verb: Verb) -> Verb:
    return verb


def _going_on(stem: Stem) -> Stem:
    return after_stem(stem, "고 있", "고 있어", "existence")


def _wished(stem: Stem) -> Stem:
    return after_stem(stem, "고 싶", "고 싶어", "adjective")


def _due(stem: Stem) -> Stem:
    return after_infinitive(stem, "야 하", "야 해")


def _due_to_be(stem: Stem) -> Stem:
    return after_infinitive(stem, "야 되", "야 돼")


def _experienced(stem: Stem) -> Stem:
    words = modifying(stem, done=True) + " 적이 "
    return Stem(words + "있", words + "있어", "existence")


def _known_how(stem: Stem) -> Stem:
    words = prospective(stem) + " 줄 "
    return Stem(words + "알", words + "알아")


def _liked(stem: Stem) -> Stem:
    words = modifying(stem) + " 것을 "
    return Stem(words + "좋아하", words + "좋아해")


def _disliked(stem: Stem) -> Stem:
    words = modifying(stem) + " 것을 "
    return Stem(words + "싫어하", words + "싫어해")


def _begun(stem: Stem) -> Stem:
    return after_stem(stem, "기 시작하", "기 시작해")


def _planned(stem: Stem) -> Stem:
    words = stem.open + "려고 "
    return Stem(words + "하", words + "해")


def _possible(stem: Stem) -> Stem:
    words = prospective(stem) + "지도 "
    return Stem(words + "모르", words + "몰라")


def _decided(stem: Stem) -> Stem:
    return after_stem(stem, "기로 하", "기로 해")


def _needed(stem: Stem) -> Stem:
    words = prospective(stem) + " 필요가 "
    return Stem(words + "있", words + "있어", "existence")


def _tried(stem: Stem) -> Stem:
    return after_infinitive(stem, " 보", " 봐")


def _auxiliary(base: str, told: str = "", done: str = "") -> Callable[[Verb], Verb]:
    """An English verb before the infinitive with to: want to eat."""
    return lambda verb: Verb(base, f"to {verb.infinitive}", told, done)


def _modal(base: str) -> Callable[[Verb], Verb]:
    return lambda verb: Verb(base, verb.infinitive)


def _with_gerund(base: str, told: str = "") -> Callable[[Verb], Verb]:
    return lambda verb: Verb(base, verb.gerund, told)


def _perfect(verb: Verb) -> Verb:
    return Verb("have", verb.perfect)


PRESENT: Final = Form(_same, _as_it_is, "present", ("habit",))
PAST: Final = Form(past, _as_it_is, "past", ("past",))
FUTURE: Final = Form(_same, _as_it_is, "future", ("future",), is_future=True)
ABLE: Final = Form(able, _modal("can"), "present")
WISHED: Final = Form(_wished, _auxiliary("want"), "present", ("future",), is_will=True)
GOING_ON: Final = Form(_going_on, _with_gerund("be"), "present", ("now",), is_will=True)

FORMS: Final[dict[Form, int]] = {
    PRESENT: 16,
    PAST: 26,
    FUTURE: 12,
    GOING_ON: 8,
    WISHED: 7,
    ABLE: 6,
    Form(lambda stem: past(_going_on(stem)), _with_gerund("be"), "past", is_will=True): 3,
    Form(lambda stem: past(_wished(stem)), _auxiliary("want"), "past", is_will=True): 2,
    Form(lambda stem: past(able(stem)), _modal("can"), "past"): 2,
    Form(_due, _auxiliary("have", "had"), "present", ("future",), is_will=True): 6,
    Form(_due_to_be, _auxiliary("have", "had"), "present", is_will=True): 2,
    Form(lambda stem: past(_due(stem)), _auxiliary("have", "had"), "past", ("past",), is_will=True): 3,
    Form(_experienced, _perfect, "present"): 3,
    Form(_known_how, lambda verb: Verb("know", f"how to {verb.infinitive}"), "present", is_will=True): 2,
    Form(_liked, _with_gerund("like"), "present", is_will=True): 3,
    Form(_disliked, _with_gerund("hate"), "present", is_will=True): 1,
    Form(lambda stem: past(_begun(stem)), _with_gerund("start"), "past", is_will=True): 2,
    Form(lambda stem: past(_tried(stem)), _with_gerund("try", "tried"), "past", ("past",), is_will=True): 2,
    Form(_planned, lambda verb: Verb("be", f"going to {verb.infinitive}"), "present", ("future",), True): 3,
    Form(_possible, _modal("might"), "present", ("future",)): 2,
    Form(lambda stem: past(_decided(stem)), _auxiliary("decide"), "past", is_will=True): 2,
    Form(_needed, _auxiliary("need"), "present", is_will=True): 1,
}
ASKED: Final[dict[Form, int]] = {
    PRESENT: 16,
    PAST: 34,
    FUTURE: 14,
    GOING_ON: 10,
    WISHED: 10,
    ABLE: 10,
    Form(_due, _auxiliary("have", "had"), "present", is_will=True): 6,
    Form(_known_how, lambda verb: Verb("know", f"how to {verb.infinitive}"), "present", is_will=True): 3,
    Form(_liked, _with_gerund("like"), "present", is_will=True): 3,
}


class Said(NamedTuple):
    """A sentence without its marks, in both languages; `mark` is what may end it."""

    korean: str
    english: str
    mark: str = "."


def choose(draw: Draw, made: Action, forms: dict[Form, int]) -> Form:
    """A form that goes with this action: nobody is wanting to fall."""
    if made.note("past"):
        return PAST
    fit = dict(forms)
    if made.negative:
        fit = {PRESENT: 2, PAST: 1}
    elif made.note("event"):
        fit = {PAST: 12, FUTURE: 1}
    elif made.note("state"):
        fit = {form: share for form, share in forms.items() if form in (PRESENT, PAST)}
    return draw.chance.choices(list(fit), list(fit.values()))[0]


def ended(draw: Draw, stem: Stem, form: Form, *, question: bool = False) -> str:
    """The Korean predicate, finished at the level of this sentence."""
    end = future if form.is_future else finish
    return end(stem, draw.level, question=question)


def negated(draw: Draw, made: Action, form: Form) -> Stem:
    """The Korean stem of what is not so: 안 먹, 먹지 않; 못 먹 for what is not possible."""
    stem = made.stem
    words, _, last = stem.stem.rpartition(" ")
    is_split = words.endswith(("을", "를", "에", "가")) or (not words and " " not in made.entry.korean)
    is_whole = last.endswith("하") and last not in _NOT_SPLIT and len(last) > 1
    short = is_split and not is_whole and stem.kind == "verb"
    word, long = ("못", "지 못하") if form is ABLE else ("안", "지 않")
    infinitive = "지 못해" if form is ABLE else "지 않아"
    if short and draw.often(0.6):
        cut = len(words) + 1 if words else 0
        return Stem(f"{words} {word} {last}".strip(), f"{words} {word} {stem.infinitive[cut:]}".strip())
    return after_stem(stem, long, infinitive, "existence" if form is ABLE else stem.kind)


def _is_honoured(draw: Draw, who: Who, made: Action) -> bool:
    """Whether the verb takes 시: of parents and teachers, and of you, where one is polite."""
    if not draw.is_humble or made.stem.kind != "verb":
        return False
    is_elder = who.entry is not None and who.entry.korean in _ELDERS
    return draw.often(0.7 if is_elder else 0.35 if who.english.text == "you" else 0)


def clause(
    draw: Draw, who: Who, made: Action, form: Form, *, negative: bool = False, question: bool = False
) -> tuple[str, str]:
    """The Korean predicate and the English clause: 사과를 먹지 않았다, Tom did not eat an apple."""
    if not negative and form in (PRESENT, PAST, FUTURE) and _is_honoured(draw, who, made):
        made = made.with_stem(honorific(made.stem))
    if negative and form in (PRESENT, PAST, FUTURE, ABLE):
        base = negated(draw, made, form)
        stem = past(base) if form is PAST else base
    elif negative:
        stem = after_stem(form.korean(made.stem), "지 않", "지 않아", "adjective")
    else:
        stem = form.korean(made.stem)
    said = finite(
        form.english(made.english),
        who.english,
        form.tense,
        negative=negative != made.negative,
        question=question,
    )
    return ended(draw, stem, form, question=question), said
