"""The reader's sentence made longer: what each model makes of it, and what it loses of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from pages.kit.curves import strokes
from pages.kit.examples import further as further
from pages.kit.examples import lengthened as lengthened
from pages.kit.examples import pairs
from pages.kit.family import attends, config_of, name_of
from pages.kit.frame import Frame
from pages.kit.live import Fact, Mark, Panel, words
from pages.kit.strings import Strings
from pages.kit.translators import Answer, answer, judged, judged_target
from pages.labs.bottleneck.judge import judge_of
from pages.labs.bottleneck.notebook import of_growth, of_lost
from pages.labs.bottleneck.pictures import marked, shares_panel
from s2s.claims import bottleneck as claims
from s2s.data.senses import senses
from s2s.errors import S2SError
from s2s.evaluate.judging import measured
from s2s.evaluate.lost import Judged, by_part, lost_share, told
from s2s.figures.steps import Line, Plot
from s2s.languages import FIRST, Languages
from s2s.traces import Unit

_THIRDS: Final = 3


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
    written = trace.written()
    marks: dict[Unit, Mark] = {word.unit: word.verdict for word in one.words}
    return Panel(
        name=name,
        title=title,
        source=marked(trace.read(), marks),
        marked=spoken(one.words, say),
        words=words(written.units, written.log_probs.tolist(), drawn=False),
        facts=tuple(_facts(one, say)),
        notice=say("live.cut_target", limit=len(trace.target_pieces)) if trace.target_cut else "",
        languages=trace.languages,
        origin=of_lost(name, one.judge, trace.source),
    )


def spoken(words_: Sequence[Judged], say: Strings) -> str:
    """What is marked in a sentence, for those who hear the page."""

    def listed(verdict: str) -> str:
        found = [word.unit.text for word in words_ if word.verdict == verdict]
        return ", ".join(found) or say("bottleneck.nothing")

    return say("bottleneck.lost_spoken", words=listed("lost"), unclear=listed("unclear"))


def _facts(one: JudgedTranslation, say: Strings) -> Iterator[Fact]:
    known = told(one.words)
    yield Fact(
        say("bottleneck.lost"),
        say("bottleneck.of", part=sum(word.is_lost for word in one.words), whole=known),
        say("bottleneck.lost_help"),
    )
    yield Fact(
        say("bottleneck.unclear"),
        say("bottleneck.of", part=len(one.words) - known, whole=len(one.words)),
        say("bottleneck.unclear_help"),
    )
    if known >= claims.ENOUGH:
        parts = [say("bottleneck.of", part=part, whole=whole) for part, whole in by_part(one.words, _THIRDS)]
        yield Fact(say("bottleneck.thirds"), " · ".join(parts), say("bottleneck.thirds_help"))


def lost_finding(found: Found, say: Strings) -> str:
    """What each model lost, and whether the one vector lost more than attention did."""
    usable = {name: one for name, one in found.items() if isinstance(one, JudgedTranslation) and one.words}
    if not usable:
        return ""
    items = [
        say(
            "bottleneck.lost_item",
            model=name_of(name, say),
            lost=sum(word.is_lost for word in one.words),
            words=told(one.words),
        )
        for name, one in usable.items()
    ]
    said = [say("bottleneck.lost_finding", items="; ".join(items))]
    plain = next((name for name in usable if not attends(name)), None)
    if plain is not None and (verdict := _compared(plain, usable, say)):
        said.append(verdict)
    return " ".join(said)


def _compared(plain: str, usable: Mapping[str, JudgedTranslation], say: Strings) -> str:
    """Whether a model without attention lost more than the first with it that has the same judge; nothing
    where there is none, or where the judge cannot tell what is lost."""
    one = usable[plain]
    other = next((name for name, two in usable.items() if two.judge == one.judge and attends(name)), None)
    if other is None or not senses(config_of(one.judge).languages):
        return ""
    claim = claims.vector_loses_more(one.words, usable[other].words)
    verdict = {True: "held", None: "close", False: "turned"}[claim.holds]
    if not (claim.values["more"] or claim.values["fewer"]):
        verdict = "alike"
    counts = {name: f"{claim.values[name]:.0f}" for name in ("more", "fewer")}
    return say(f"bottleneck.lost_{verdict}", model=name_of(plain, say), other=name_of(other, say), **counts)


def judge_note(text: str, sentences: int, found: Found, say: Strings) -> str:
    """Who says what is lost, how often that is right, and what is found lost in a person's translation, where
    there is one."""
    judges = dict.fromkeys(one.judge for one in found.values() if isinstance(one, JudgedTranslation))
    if not judges:
        return ""
    named = ", ".join(name_of(judge, say) for judge in judges)
    notes = [say("bottleneck.judge", judge=named)]
    for languages in dict.fromkeys(config_of(judge).languages for judge in judges):
        notes.append(_how_right(languages, say))
    languages = say.languages[0]
    wanted = reference(text, sentences, languages)
    if wanted is not None and len(judges) == 1:
        with suppress(S2SError):
            of_person = judged_target(next(iter(judges)), lengthened(text, sentences, languages), wanted)
            notes.append(_person(of_person, say))
    return " ".join(notes)


def _how_right(languages: Languages, say: Strings) -> str:
    """How often the judge of these languages is right, as it was measured; else that nothing is called lost,
    or that nobody has measured it."""
    if not senses(languages):
        return say("bottleneck.judge_blind")
    try:
        score = measured(languages)
    except S2SError:
        score = None
    if score is None:
        return say("bottleneck.judge_unmeasured")
    shares = {
        "precision": score.precision,
        "kept": score.kept_precision,
        "recall": score.recall,
        "missed": score.missed,
    }
    return say(
        "bottleneck.judge_right",
        pairs=score.pairs,
        alarms=f"{100 * score.alarms:.1f}",
        **{name: f"{100 * share:.0f}" for name, share in shares.items()},
    )


def _person(words_: Sequence[Judged], say: Strings) -> str:
    lost = [word.unit.text for word in words_ if word.is_lost]
    listed = ", ".join(lost) or say("bottleneck.nothing")
    unclear = sum(word.verdict == "unclear" for word in words_)
    return say("bottleneck.person", lost=len(lost), words=len(words_), listed=listed, unclear=unclear)


def growth_panel(text: str, shares: Mapping[str, Sequence[float]], sentences: int, frame: Frame) -> Panel:
    """The share of words lost by each model, for one sentence, two, and so on."""
    say = frame.say
    steps = [str(count) for count in range(1, sentences + 1)]
    lines = [
        Line(name_of(name, say), [100 * share for share in found], one.color, dash=one.dash, mark=one.mark)
        for (name, found), one in zip(shares.items(), strokes(len(shares), frame.palette), strict=True)
    ]
    title, finding = say("bottleneck.growth"), growth_finding(shares, say)
    plot = Plot(say("bottleneck.growth_axis"), lines, top=100)
    texts = [lengthened(text, count, say.languages[0]) for count in range(1, sentences + 1)]
    origin = of_growth([(name, judge_of(name)) for name in shares], texts)
    axis = say("bottleneck.axis_sentences")
    return shares_panel("growth", title, finding, steps, plot, axis, origin, frame)


def growth_finding(shares: Mapping[str, Sequence[float]], say: Strings) -> str:
    """What each model loses of one sentence, and of as many as all have been through."""
    most = min(map(len, shares.values()), default=0)
    items = [
        say(
            "bottleneck.growth_item",
            model=name_of(name, say),
            first=f"{100 * found[0]:.0f}",
            last=f"{100 * found[most - 1]:.0f}",
        )
        for name, found in shares.items()
    ]
    return say("bottleneck.growth_finding", most=most, items="; ".join(items))
