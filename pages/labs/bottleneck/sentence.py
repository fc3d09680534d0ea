"""The reader's sentence made longer: what each model makes of it, and what it loses of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pages.kit.curves import strokes
from pages.kit.examples import REFERENCES, pairs
from pages.kit.family import attends, name_of
from pages.kit.frame import Frame
from pages.kit.live import Fact, Mark, Panel, words
from pages.kit.strings import Strings
from pages.kit.translators import Answer, answer, judged, judged_target
from pages.labs.bottleneck.judge import JUDGE
from pages.labs.bottleneck.pictures import marked, shares_panel
from s2s.claims import bottleneck as claims
from s2s.errors import S2SError
from s2s.evaluate.lost import POSSIBLE, Judged, by_part, lost_share
from s2s.figures.steps import Line, Plot
from s2s.languages import FIRST
from s2s.traces import Unit

_THIRDS: Final = 3
_ENDS: Final = ".!?…"

# Sentences to go on with, and what a person makes of them. None says again what another has said.
FURTHER: Final = pairs(FIRST, "further")


def lengthened(text: str, sentences: int) -> str:
    """The reader's sentence with further ones behind it; alone it stays as it was typed."""
    if sentences == 1:
        return text
    begun = text.strip()
    stop = "" if begun.endswith(tuple(_ENDS)) else "."
    return " ".join([begun + stop, *list(FURTHER)[: sentences - 1]])


def reference(text: str, sentences: int) -> str | None:
    """What a person makes of the lengthened sentence, where one has translated its beginning."""
    if text not in REFERENCES:
        return None
    return " ".join([REFERENCES[text], *list(FURTHER.values())[: sentences - 1]])


class JudgedTranslation(NamedTuple):
    """A model's translation of the sentence, and what it lost of it."""

    answer: Answer
    words: tuple[Judged, ...]

    @property
    def share(self) -> float:
        """The share of words that are lost."""
        return lost_share(self.words)


Found = Mapping[str, JudgedTranslation | S2SError]  # by model


def tried(name: str, text: str) -> JudgedTranslation | S2SError:
    """A model's translation and what it lost, or why there is none."""
    try:
        return JudgedTranslation(answer(name, text), judged(JUDGE, name, text))
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
        facts=tuple(_facts(one.words, say)),
        notice=say("live.cut_target", limit=len(trace.target_pieces)) if trace.target_cut else "",
    )


def _facts(judged_: Sequence[Judged], say: Strings) -> Iterator[Fact]:
    lost = sum(word.is_lost for word in judged_)
    yield Fact(
        say("bottleneck.lost"),
        say("bottleneck.of", part=lost, whole=len(judged_)),
        say("bottleneck.lost_help", judge=name_of(JUDGE, say)),
    )
    if len(judged_) >= claims.ENOUGH:
        parts = [say("bottleneck.of", part=part, whole=whole) for part, whole in by_part(judged_, _THIRDS)]
        yield Fact(say("bottleneck.thirds"), " · ".join(parts), say("bottleneck.thirds_help"))


def lost_finding(found: Found, say: Strings) -> str:
    """What each model lost, whether the one vector lost more than attention did, and from which part."""
    usable = {
        name: one.words for name, one in found.items() if isinstance(one, JudgedTranslation) and one.words
    }
    if not usable:
        return ""
    items = [
        say(
            "bottleneck.lost_item",
            model=name_of(name, say),
            lost=sum(word.is_lost for word in judged_),
            words=len(judged_),
        )
        for name, judged_ in usable.items()
    ]
    parts = [say("bottleneck.lost_finding", items="; ".join(items))]
    one, other = (next((n for n in usable if attends(n) == looks), None) for looks in (False, True))
    if one is not None and other is not None:
        claim = claims.vector_loses_more(usable[one], usable[other])
        values = {
            "model": name_of(one, say),
            "other": name_of(other, say),
            "more": f"{100 * abs(claim.values['more']):.0f}",
        }
        verdict = {True: "held", None: "close", False: "turned"}[claim.holds]
        parts.append(say(f"bottleneck.lost_{verdict}", **values))
    if one is not None and any(word.is_lost for word in usable[one]) and len(usable[one]) >= claims.ENOUGH:
        shares = [f"{100 * lost / max(all_, 1):.0f}" for lost, all_ in by_part(usable[one], _THIRDS)]
        parts.append(
            say(
                "bottleneck.lost_where",
                model=name_of(one, say),
                start=shares[0],
                middle=shares[1],
                end=shares[2],
            )
        )
    return " ".join(parts)


def judge_note(text: str, sentences: int, say: Strings) -> str:
    """Who says what is lost, and how far that can be trusted: what it finds lost in a person's translation,
    where there is one."""
    note = say("bottleneck.judge", judge=name_of(JUDGE, say), least=f"{100 * POSSIBLE:g}")
    wanted = reference(text, sentences)
    if wanted is None:
        return note
    try:
        found = judged_target(JUDGE, lengthened(text, sentences), wanted)
    except S2SError:
        return note
    lost = [word.unit.text for word in found if word.is_lost]
    listed = ", ".join(lost) or say("bottleneck.nothing")
    return f"{note} {say('bottleneck.person', lost=len(lost), words=len(found), listed=listed)}"


def growth_panel(shares: Mapping[str, Sequence[float]], sentences: int, frame: Frame) -> Panel:
    """The share of words lost by each model, for one sentence, two, and so on."""
    say = frame.say
    steps = [str(count) for count in range(1, sentences + 1)]
    lines = [
        Line(name_of(name, say), [100 * share for share in found], frame.palette.text, dash=dash, mark=mark)
        for (name, found), (dash, mark) in zip(shares.items(), strokes(len(shares)), strict=True)
    ]
    title, finding = say("bottleneck.growth"), growth_finding(shares, say)
    plot = Plot(say("bottleneck.growth_axis"), lines, top=100)
    return shares_panel("growth", title, finding, steps, plot, say("bottleneck.axis_sentences"), frame)


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


def cut_notice(found: Found, say: Strings) -> str:
    """How far the sentence was read, where it was too long."""
    traces = [one.answer.trace for one in found.values() if isinstance(one, JudgedTranslation)]
    trace = next((trace for trace in traces if trace.source_cut), None)
    if trace is None:
        return ""
    read = [unit.text for unit in trace.read() if not unit.is_end]
    limit = len(trace.source_pieces)
    return say("sentence.cut_pieces", words=len(read), last=read[-1] if read else "", limit=limit)
