"""The parts of the bottleneck page: one sentence made longer, curves over length, what one vector knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from pages.kit.examples import REFERENCES, pairs
from pages.kit.family import COMPARED, attends, available, kind_of, name_of
from pages.kit.frame import Frame
from pages.kit.live import LABELS, Fact, Mark, Marked, Numbers, Panel, Series, words
from pages.kit.report import shipped_report
from pages.kit.strings import Strings
from pages.kit.translators import Answer, answer, judged, judged_target, probe, read_from_state
from pages.labs.bottleneck.view import View, judged_own
from s2s import catalog
from s2s.claims import bottleneck as claims
from s2s.errors import S2SError
from s2s.evaluate.evaluation import Band, ChainScore, Evaluation
from s2s.evaluate.lost import POSSIBLE, Judged, by_part, lost_share
from s2s.evaluate.probe import PARTS, ProbedChain, ReadWord
from s2s.evaluate.report import Report
from s2s.figures.labels import signed
from s2s.figures.steps import Line, Plot, step_curves
from s2s.languages import FIRST
from s2s.text import normalise
from s2s.text import words as words_of
from s2s.traces import Unit

JUDGE: Final = catalog.ATTENDING.model()
_THIRDS: Final = 3
_ENDS: Final = ".!?…"
_STROKES: Final = (("solid", "circle"), ("dash", "square"), ("dot", "diamond"), ("dashdot", "cross"))

# Sentences to go on with, and what a person makes of them. None says again what another has said.
FURTHER: Final = pairs(FIRST, "further")


class JudgedTranslation(NamedTuple):
    """A model's translation of the sentence, and what it lost of it."""

    answer: Answer
    words: tuple[Judged, ...]

    @property
    def share(self) -> float:
        """The share of words that are lost."""
        return lost_share(self.words)


Found = Mapping[str, JudgedTranslation | S2SError]  # by model


def left_out(say: Strings) -> str:
    """Why some of the reader's own models are not offered; nothing where all are."""
    names = judged_own(is_offered=False)
    judge = name_of(JUDGE, say)
    return say("bottleneck.left_out", models=", ".join(names), judge=judge) if names else ""


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


def tried(name: str, text: str) -> JudgedTranslation | S2SError:
    """A model's translation and what it lost, or why there is none."""
    try:
        return JudgedTranslation(answer(name, text), judged(JUDGE, name, text))
    except S2SError as error:
        return error


# The sentence


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
        source=_marked(trace.read(), marks),
        marked=say("bottleneck.lost_spoken", words=", ".join(lost) or say("bottleneck.nothing")),
        words=words(written.units, written.log_probs.tolist(), drawn=False),
        facts=tuple(_facts(one.words, say)),
        notice=say("live.cut_target", limit=len(trace.target_pieces)) if trace.target_cut else "",
    )


def _marked(units: Sequence[Unit], marks: Mapping[Unit, Mark]) -> tuple[Marked, ...]:
    ends = [0, *(unit.end for unit in units)]
    return tuple(
        Marked(unit.text, unit.start > ends[place], marks.get(unit, "sign"))
        for place, unit in enumerate(units)
        if not unit.is_end
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


def judge_note(text: str, view: View, say: Strings) -> str:
    """Who says what is lost, and how far that can be trusted: what it finds lost in a person's translation,
    where there is one."""
    note = say("bottleneck.judge", judge=name_of(JUDGE, say), least=f"{100 * POSSIBLE:g}")
    wanted = reference(text, view.sentences)
    if wanted is None:
        return note
    try:
        found = judged_target(JUDGE, lengthened(text, view.sentences), wanted)
    except S2SError:
        return note
    lost = [word.unit.text for word in found if word.is_lost]
    listed = ", ".join(lost) or say("bottleneck.nothing")
    return f"{note} {say('bottleneck.person', lost=len(lost), words=len(found), listed=listed)}"


# As it grows


def growth_panel(shares: Mapping[str, Sequence[float]], view: View, frame: Frame) -> Panel:
    """The share of words lost by each model, for one sentence, two, and so on."""
    say = frame.say
    steps = [str(count) for count in range(1, view.sentences + 1)]
    lines = [
        Line(name_of(name, say), [100 * share for share in found], frame.palette.text, dash=dash, mark=mark)
        for (name, found), (dash, mark) in zip(shares.items(), _strokes(len(shares)), strict=True)
    ]
    title, finding = say("bottleneck.growth"), growth_finding(shares, say)
    plot = Plot(say("bottleneck.growth_axis"), lines, top=100)
    return _shares_panel("growth", title, finding, steps, plot, say("bottleneck.axis_sentences"), frame)


def _shares_panel(
    name: str, title: str, finding: str, steps: Sequence[str], plot: Plot, axis: str, frame: Frame
) -> Panel:
    """A card with lines of percentages over `steps`, which `axis` names."""
    return Panel(
        name=name,
        title=title,
        numbers=_numbers(steps, {line.name: [f"{v:.0f}" for v in line.values] for line in plot.lines}),
        figure=step_curves(steps, (plot,), palette=frame.palette, axis=axis, font_size=frame.font_size),
        spoken=f"{title}: {finding}",
        is_wide=True,
    )


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


# Over many sentences


class Measured(NamedTuple):
    """A model's scores by length."""

    name: str
    title: str  # on screen, beside the others
    chains: tuple[ChainScore, ...]


def measured(compared: str, say: Strings) -> list[Measured]:
    """What the report says of the models that are compared; raises DataError without a report."""
    return [
        Measured(
            evaluation.setup.model, name_of(evaluation.setup.model, say, among=compared), evaluation.chains
        )
        for evaluation in _reported(shipped_report(), available(COMPARED[compared]))
        if evaluation.chains
    ]


def _reported(report: Report, names: Iterable[str]) -> list[Evaluation]:
    known = {evaluation.setup.model: evaluation for evaluation in report.shipped}
    return [known[name] for name in names if name in known]


def length_panel(found: Sequence[Measured], text: str, frame: Frame) -> Panel:
    """BLEU and chrF over the length of the input, with bands; the reader's length marked."""
    say, palette = frame.say, frame.palette
    lengths = [score.words for score in found[0].chains]
    steps = [f"{length:.0f}" for length in lengths]
    length = len(words_of(text, FIRST.source))
    series: dict[str, list[str]] = {}
    plots = []
    for measure in ("bleu", "chrf"):
        lines = []
        for one, (dash, mark) in zip(found, _strokes(len(found)), strict=True):
            bands: list[Band] = [getattr(score, measure) for score in one.chains]
            lines.append(
                Line(
                    one.title,
                    [band.value for band in bands],
                    palette.text,
                    dash=dash,
                    mark=mark,
                    band=([band.low for band in bands], [band.high for band in bands]),
                )
            )
            series[f"{say(f'bottleneck.{measure}')}, {one.title}"] = [_written(band) for band in bands]
        plots.append(Plot(say(f"bottleneck.{measure}"), lines))
    return Panel(
        name="lengths",
        title=say("bottleneck.lengths"),
        numbers=_numbers(steps, series),
        figure=step_curves(
            steps,
            plots,
            palette=palette,
            at=float(np.interp(length, lengths, range(len(lengths)))),
            axis=say("bottleneck.axis_words"),
            font_size=frame.font_size,
        ),
        facts=(
            Fact(
                say("bottleneck.yours"), say("bottleneck.words", words=length), say("bottleneck.yours_help")
            ),
        ),
        spoken=f"{say('bottleneck.lengths')}: {length_finding(found, say)}",
        is_wide=True,
    )


def length_finding(found: Sequence[Measured], say: Strings) -> str:
    """What length does to the models that are compared, and whether what is claimed of them holds."""
    ends = [(one.title, *claims.compared_lengths(one.chains)) for one in found]
    items = [
        say(
            "bottleneck.length_item",
            model=title,
            short=f"{short.bleu.value:.1f}",
            long=f"{long.bleu.value:.1f}",
        )
        for title, short, long in ends
    ]
    _, short, long = ends[0]
    head = say(
        "bottleneck.length_finding",
        short=f"{short.words:.0f}",
        long=f"{long.words:.0f}",
        items="; ".join(items),
    )
    return f"{head} {_verdict(found, say)}"


def _verdict(found: Sequence[Measured], say: Strings) -> str:
    """Whether what is said of these models holds, and of attention how far it reaches."""
    by_kind = {kind_of(one.name): one.chains for one in found}
    claim = next(iter(claims.length_claims(by_kind)), None)
    if claim is None:
        return ""
    values = {name: signed(difference, 1) for name, difference in claim.values.items()}
    verdict = {True: "held", None: "partly", False: "not"}[claim.holds]
    name = claim.key.removeprefix("bottleneck.")
    told = say(f"bottleneck.{name}_{verdict}", **values)
    if name != "attention":
        return told
    beyond = by_kind[catalog.ATTENDING.name][-1]
    limit = {"words": f"{beyond.words:.0f}", "bleu": f"{beyond.bleu.value:.1f}"}
    return f"{told} {say('bottleneck.attention_limit', **limit)}"


def _written(band: Band) -> str:
    return f"{band.value:.1f} ({band.low:.1f}–{band.high:.1f})"


# What the state still knows


def probed() -> tuple[str, ...]:
    """The models that come with a probe."""
    return tuple(
        name for name in available(catalog.PROBED) if (catalog.locate(name) / catalog.PROBE).is_file()
    )


def probe_panels(names: Sequence[str], text: str, frame: Frame) -> list[Panel]:
    """A card for each: the sentence, with the words crossed out that cannot be read from the one vector."""
    return [_probe_panel(name, text, frame) for name in names]


def _probe_panel(name: str, text: str, frame: Frame) -> Panel:
    say, title = frame.say, name_of(name, frame.say)
    try:
        found = read_from_state(name, text)
    except S2SError as error:
        return Panel(name=f"probe-{name}", title=title, notice=say.error(error))
    marks: dict[Unit, Mark] = {
        word.unit: "lost" if not word.is_read else "common" if word.is_common else "kept" for word in found
    }
    lost = [word.unit.text for word in found if not word.is_read]
    return Panel(
        name=f"probe-{name}",
        title=title,
        source=_marked(answer(name, text).trace.read(), marks),
        marked=say("bottleneck.unread_spoken", words=", ".join(lost) or say("bottleneck.nothing")),
        facts=tuple(_read_facts(found, name, say)),
    )


def _read_facts(found: Sequence[ReadWord], name: str, say: Strings) -> Iterator[Fact]:
    whole = len(found)
    numbers = f"{probe(name).weights.shape[1]:,}"
    yield Fact(
        say("bottleneck.read"),
        say("bottleneck.of", part=sum(word.is_read for word in found), whole=whole),
        say("bottleneck.read_help", numbers=numbers),
    )
    yield Fact(
        say("bottleneck.common"),
        say("bottleneck.of", part=sum(word.is_common for word in found), whole=whole),
        say("bottleneck.common_help"),
    )


def probe_chains(names: Sequence[str], sentences: int) -> dict[str, ProbedChain]:
    """What the probes read on held-out inputs of as many sentences, or the next fewer that were measured."""
    scores = {score.model: score.chains for score in shipped_report().probes}
    return {
        name: max((c for c in scores[name] if c.sentences <= sentences), key=lambda chain: chain.sentences)
        for name in names
        if name in scores
    }


def probe_curves(chains: Mapping[str, ProbedChain], frame: Frame) -> Panel:
    """The share of words that can be read, from the start of the input to its end, with the baseline."""
    say = frame.say
    steps = [_part_name(part, say) for part in range(PARTS)]
    first, lines = next(iter(chains.values())), []
    for (name, chain), (dash, mark) in zip(chains.items(), _strokes(len(chains)), strict=True):
        bands = [part.read for part in chain.parts]
        lines.append(
            Line(
                name_of(name, say),
                [100 * band.value for band in bands],
                frame.palette.text,
                dash=dash,
                mark=mark,
                band=([100 * band.low for band in bands], [100 * band.high for band in bands]),
            )
        )
    common = [100 * part.common for part in first.parts]
    lines.append(Line(say("bottleneck.common"), common, frame.palette.muted, dash="longdash", mark="x"))
    title = say("bottleneck.positions", sentences=first.sentences)
    plot = Plot(say("bottleneck.positions_axis"), lines, top=100)
    axis, finding = say("bottleneck.axis_part"), probe_finding(chains, say)
    return _shares_panel("positions", title, finding, steps, plot, axis, frame)


def _part_name(part: int, say: Strings) -> str:
    if part == 0:
        return say("bottleneck.start")
    return say("bottleneck.end") if part == PARTS - 1 else f"{part + 1}/{PARTS}"


def probe_finding(chains: Mapping[str, ProbedChain], say: Strings) -> str:
    """Of which models the start is lost, of which the end, and what frequency alone would read."""
    found: dict[str, list[str]] = {"start": [], "end": [], "neither": []}
    for name, chain in chains.items():
        item = say(
            "bottleneck.probe_item",
            model=name_of(name, say),
            start=f"{100 * chain.parts[0].read.value:.0f}",
            last=f"{100 * chain.parts[-1].read.value:.0f}",
            whole=f"{100 * chain.whole.read.value:.0f}",
        )
        found[_LOST_END[claims.start_is_lost(chain).holds]].append(item)
    told = [say(f"bottleneck.probe_{end}", items="; ".join(items)) for end, items in found.items() if items]
    common = next(iter(chains.values())).whole.common
    return " ".join([*told, say("bottleneck.probe_common", common=f"{100 * common:.0f}")])


_LOST_END: Final = {True: "start", False: "end", None: "neither"}


def labels(say: Strings, *, axis: str, reading: str) -> dict[str, str]:
    """The words that cards need: `axis` names what a curve runs over, `reading` says how to read them."""
    fixed = {"end": "</s>", "help_pin": reading, "target_word": axis}
    return {name: fixed[name] if name in fixed else say(f"live.{name}") for name in LABELS}


def is_empty(text: str) -> bool:
    """Whether there is nothing to read."""
    return not normalise(text).text


def cut_notice(found: Found, say: Strings) -> str:
    """How far the sentence was read, where it was too long."""
    traces = [one.answer.trace for one in found.values() if isinstance(one, JudgedTranslation)]
    trace = next((trace for trace in traces if trace.source_cut), None)
    if trace is None:
        return ""
    read = [unit.text for unit in trace.read() if not unit.is_end]
    limit = len(trace.source_pieces)
    return say("sentence.cut_pieces", words=len(read), last=read[-1] if read else "", limit=limit)


def _numbers(steps: Sequence[str], series: Mapping[str, Sequence[str]]) -> Numbers:
    return Numbers(
        source=(),
        target=tuple(steps),
        source_keys=(),
        target_keys=tuple(f"{step} 1" for step in steps),
        series=tuple(Series(name, tuple(values)) for name, values in series.items()),
    )


def _strokes(count: int) -> list[tuple[str, str]]:
    return [_STROKES[place % len(_STROKES)] for place in range(count)]
