"""The reader's sentence made longer: what each model makes of it, and what it loses of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pages.kit.curves import strokes
from pages.kit.examples import pairs
from pages.kit.family import attends, name_of
from pages.kit.frame import Frame
from pages.kit.live import Fact, Mark, Panel, words
from pages.kit.strings import Strings
from pages.kit.translators import Answer, answer, judged, judged_target
from pages.labs.bottleneck.judge import judge_of
from pages.labs.bottleneck.notebook import of_growth, of_lost
from pages.labs.bottleneck.pictures import marked, shares_panel
from s2s.claims import bottleneck as claims
from s2s.errors import S2SError
from s2s.evaluate.lost import POSSIBLE, Judged, by_part, lost_share
from s2s.figures.steps import Line, Plot
from s2s.languages import FIRST, Languages
from s2s.traces import Unit

_THIRDS: Final = 3
_ENDS: Final = ".!?…"


def further(languages: Languages) -> Mapping[str, str]:
    """Sentences to go on with, and what a person makes of them; none where nobody wrote any for these
    languages. None says again what another has said."""
    return pairs(languages, "further")


def lengthened(text: str, sentences: int, languages: Languages = FIRST) -> str:
    """The reader's sentence with further ones behind it, as many as there are; alone it stays as it was
    typed."""
    added = list(further(languages))[: sentences - 1]
    if not added:
        return text
    begun = text.strip()
    stop = "" if begun.endswith(tuple(_ENDS)) else "."
    return " ".join([begun + stop, *added])


def reference(text: str, sentences: int, languages: Languages = FIRST) -> str | None:
    """What a person makes of the lengthened sentence, where one has translated its beginning."""
    known = pairs(languages)
    if text not in known:
        return None
    return " ".join([known[text], *list(further(languages).values())[: sentences - 1]])


class JudgedTranslation(NamedTuple):
    """A model's translation of the sentence, and what it lost of it by a judge."""

    answer: Answer
    judge: str
    words: tuple[Judged, ...]

    @property
    def share(self) -> float:
        """The share of words that are lost."""
        return lost_share(self.words)


Found = Mapping[str, JudgedTranslation | S2SError]  # by model


def tried(name: str, text: str) -> JudgedTranslation | S2SError:
    """A model's translation and what it lost, or why there is none."""
    try:
        judge = judge_of(name)
        return JudgedTranslation(answer(name, text), judge, judged(judge, name, text))
    except S2SError as error:
        return error


def panels(found: Found, frame: Frame) -> list[Panel]:
    """A card for each model: the sentence with what it lost crossed out, and what it made of it."""
    return [_panel(name, one, frame) for name, one in found.items()]


def _panel(name: str, one: JudgedTranslation | S2SError, frame: Frame) -> Panel:
    say = frame.say
    title = name_of(name, say)
    if isinstance(one, S2SError):
        return Panel(name=name, title=title, notice=say.error(one))
    trace = one.answer.trace
    lost = [word.unit.text for word in one.words if word.is_lost]
    written = trace.written()
    marks: dict[Unit, Mark] = {word.unit: "lost" if word.is_lost else "kept" for word in one.words}
    return Panel(
        name=name,
        title=title,
        source=marked(trace.read(), marks),
        marked=say("bottleneck.lost_spoken", words=", ".join(lost) or say("bottleneck.nothing")),
        words=words(written.units, written.log_probs.tolist(), drawn=False),
        facts=tuple(_facts(one, say)),
        notice=say("live.cut_target", limit=len(trace.target_pieces)) if trace.target_cut else "",
        languages=trace.languages,
        origin=of_lost(name, one.judge, trace.source),
    )


def _facts(one: JudgedTranslation, say: Strings) -> Iterator[Fact]:
    whole = len(one.words)
    yield Fact(
        say("bottleneck.lost"),
        say("bottleneck.of", part=sum(word.is_lost for word in one.words), whole=whole),
        say("bottleneck.lost_help", judge=name_of(one.judge, say)),
    )
    if whole >= claims.ENOUGH:
        parts = [say("bottleneck.of", part=part, whole=whole) for part, whole in by_part(one.words, _THIRDS)]
        yield Fact(say("bottleneck.thirds"), " · ".join(parts), say("bottleneck.thirds_help"))


def lost_finding(found: Found, say: Strings) -> str:
    """What each model lost, whether the one vector lost more than attention did, and from which part."""
    usable = {name: one for name, one in found.items() if isinstance(one, JudgedTranslation) and one.words}
    if not usable:
        return ""
    items = [
        say(
            "bottleneck.lost_item",
            model=name_of(name, say),
            lost=sum(word.is_lost for word in one.words),
            words=len(one.words),
        )
        for name, one in usable.items()
    ]
    told = [say("bottleneck.lost_finding", items="; ".join(items))]
    plain = next((name for name in usable if not attends(name)), None)
    if plain is not None:
        told += _compared(plain, usable, say)
    return " ".join(told)


def _compared(plain: str, usable: Mapping[str, JudgedTranslation], say: Strings) -> Iterator[str]:
    """Whether a model without attention lost more than the first with it that has the same judge, and from
    which part of the sentence."""
    words_, judge = usable[plain].words, usable[plain].judge
    other = next((name for name, one in usable.items() if one.judge == judge and attends(name)), None)
    if other is not None:
        claim = claims.vector_loses_more(words_, usable[other].words)
        values = {
            "model": name_of(plain, say),
            "other": name_of(other, say),
            "more": f"{100 * abs(claim.values['more']):.0f}",
        }
        verdict = {True: "held", None: "close", False: "turned"}[claim.holds]
        yield say(f"bottleneck.lost_{verdict}", **values)
    if any(word.is_lost for word in words_) and len(words_) >= claims.ENOUGH:
        start, middle, end = (f"{100 * lost / max(all_, 1):.0f}" for lost, all_ in by_part(words_, _THIRDS))
        yield say("bottleneck.lost_where", model=name_of(plain, say), start=start, middle=middle, end=end)


def judge_note(text: str, sentences: int, found: Found, say: Strings) -> str:
    """Who says what is lost, and how far that can be trusted: what is found lost in a person's translation,
    where there is one."""
    judges = dict.fromkeys(one.judge for one in found.values() if isinstance(one, JudgedTranslation))
    if not judges:
        return ""
    named = ", ".join(name_of(judge, say) for judge in judges)
    note = say("bottleneck.judge", judge=named, least=f"{100 * POSSIBLE:g}")
    languages = say.languages[0]
    wanted = reference(text, sentences, languages)
    if wanted is None or len(judges) > 1:
        return note
    try:
        of_person = judged_target(next(iter(judges)), lengthened(text, sentences, languages), wanted)
    except S2SError:
        return note
    lost = [word.unit.text for word in of_person if word.is_lost]
    listed = ", ".join(lost) or say("bottleneck.nothing")
    return f"{note} {say('bottleneck.person', lost=len(lost), words=len(of_person), listed=listed)}"


def growth_panel(text: str, shares: Mapping[str, Sequence[float]], sentences: int, frame: Frame) -> Panel:
    """The share of words lost by each model, for one sentence, two, and so on."""
    say = frame.say
    steps = [str(count) for count in range(1, sentences + 1)]
    lines = [
        Line(name_of(name, say), [100 * share for share in found], frame.palette.text, dash=dash, mark=mark)
        for (name, found), (dash, mark) in zip(shares.items(), strokes(len(shares)), strict=True)
    ]
    title, finding = say("bottleneck.growth"), growth_finding(shares, say)
    plot = Plot(say("bottleneck.growth_axis"), lines, top=100)
    texts = [lengthened(text, count, say.languages[0]) for count in range(1, sentences + 1)]
    origin = of_growth([(name, judge_of(name)) for name in shares], texts)
    axis = say("bottleneck.axis_sentences")
    return shares_panel("growth", title, finding, steps, plot, axis, origin, frame)


def growth_finding(shares: Mapping[str, Sequence[float]], say: Strings) -> str:
    """At how many sentences each model has lost more than a third of the words."""
    items = []
    for name, found in shares.items():
        first = claims.first_lost(found)
        if first is None:
            items.append(say("bottleneck.grown_never", model=name_of(name, say), most=len(found)))
        else:
            items.append(say("bottleneck.grown_from", model=name_of(name, say), first=first))
    return say("bottleneck.growth_finding", items="; ".join(items))
