"""What a linear probe can read from the one vector: of the sentence, and of many by position."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from pages.kit.curves import band_line, strokes
from pages.kit.family import available, languages_of, name_of, own, recurrent
from pages.kit.frame import Frame
from pages.kit.live import Fact, Mark, Panel
from pages.kit.report import shipped_report
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from pages.kit.translators import answer, probe, read_from_state
from pages.labs.bottleneck.notebook import of_positions, of_read
from pages.labs.bottleneck.pictures import marked, shares_panel
from s2s import catalog
from s2s.claims import bottleneck as claims
from s2s.errors import S2SError
from s2s.evaluate.probe import PARTS, ProbedChain, ReadWord
from s2s.figures.steps import Line, Plot
from s2s.languages import FIRST, Languages
from s2s.traces import Unit


def probed(languages: Collection[Languages] = (FIRST,)) -> tuple[str, ...]:
    """The models of these languages that come with a probe, a reader's own among them."""
    return tuple(
        name
        for name in (*available(catalog.PROBED), *recurrent(own().configs))
        if (catalog.locate(name) / catalog.PROBE).is_file()
        and any(one in languages for one in languages_of([name]))
    )


def probe_panels(names: Sequence[str], text: str, frame: Frame) -> list[Panel]:
    """A card for each: the sentence, with the words crossed out that cannot be read from the one vector."""
    return [_probe_panel(name, text, frame) for name in names]


def _probe_panel(name: str, text: str, frame: Frame) -> Panel:
    say, title = frame.say, name_of(name, frame.say)
    try:
        found, trace = read_from_state(name, text), answer(name, text).trace
    except S2SError as error:
        return Panel(name=f"probe-{name}", title=title, notice=say.error(error))
    marks: dict[Unit, Mark] = {
        word.unit: "lost" if not word.is_read else "common" if word.is_common else "kept" for word in found
    }
    lost = [word.unit.text for word in found if not word.is_read]
    return Panel(
        name=f"probe-{name}",
        title=title,
        source=marked(trace.read(), marks),
        marked=say("bottleneck.unread_spoken", words=", ".join(lost) or say("bottleneck.nothing")),
        facts=tuple(_read_facts(found, name, say)),
        languages=trace.languages,
        origin=of_read(name, trace.source),
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
    """What the probes read on held-out inputs of as many sentences, or the next fewer that were measured.
    Raises DataError without a report."""
    scores = {score.model: score.chains for score in shipped_report(chosen_task()).probes}
    found = {
        name: [chain for chain in scores[name] if chain.sentences <= sentences]
        for name in names
        if name in scores
    }
    return {name: max(chains, key=lambda chain: chain.sentences) for name, chains in found.items() if chains}


def probe_curves(chains: Mapping[str, ProbedChain], frame: Frame) -> Panel:
    """The share of words that can be read, from the start of the input to its end, with the baseline."""
    say = frame.say
    steps = [_part_name(part, say) for part in range(PARTS)]
    first, lines = next(iter(chains.values())), []
    for (name, chain), stroke in zip(chains.items(), strokes(len(chains), frame.palette), strict=True):
        bands = [part.read for part in chain.parts]
        lines.append(band_line(name_of(name, say), bands, stroke, factor=100))
    common = [100 * part.common for part in first.parts]
    lines.append(Line(say("bottleneck.common"), common, frame.palette.muted, dash="longdash", mark="x"))
    title = say("bottleneck.positions", sentences=first.sentences)
    plot = Plot(say("bottleneck.positions_axis"), lines, top=100)
    axis, finding = say("bottleneck.axis_part"), probe_finding(chains, say)
    return shares_panel(
        "positions", title, finding, steps, plot, axis, of_positions([*chains], first.sentences), frame
    )


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
