"""The parts of the gradients page that answer while one types: the paths of one word's gradient, how gradient
falls with distance, and what a larger recurrent matrix and clipping do to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.kit.curves import cell_stroke, curve_labels, curve_numbers, narrowest, number
from pages.kit.examples import EXAMPLES
from pages.kit.family import own_names
from pages.kit.frame import Frame
from pages.kit.live import Fact, Panel, live_view
from pages.kit.state import choose, count, slide
from pages.kit.stoppable import Work, in_steps
from pages.kit.strings import Strings
from pages.kit.translators import answer, shelf
from pages.labs.gradients.view import COMPARED, Start, View, all_starts, present, scaled_starts
from s2s import catalog
from s2s.claims import gradients as claims
from s2s.config import CELLS, NO_ATTENTION, ModelConfig
from s2s.errors import S2SError
from s2s.figures.canvas import Figure
from s2s.figures.labels import shown_piece, signed
from s2s.figures.palette import Palette
from s2s.figures.steps import Line, Plot, step_curves
from s2s.paths import PATHS, WAYS, Flow, Gradients, Slope, Update, Way
from s2s.traces import END, Array, Piece

if TYPE_CHECKING:
    from s2s.translator import Translator

_SEED: Final = 1  # of the untrained
_RATE: Final = 0.1  # of the one update
_KINDS: Final = ("trained", "untrained")
_MOST_PIECES: Final = 120  # of the translation that all models are made to say
_PATHS_KEPT: Final = 60  # two megabytes for the longest sentence
_FLOWS_KEPT: Final = 600  # a kilobyte


def model_title(config: ModelConfig, say: Strings) -> str:
    """What a model is called on this page: how it scores, and its cell."""
    title = f"{say(f'scorer.{config.attention}')} · {config.cell.upper()}"
    if config.direction == "both":
        return title
    return f"{title} · {say(f'gradients.reads_{config.direction}')}"


# One word's paths


def paths_section(text: str, view: View, frame: Frame) -> None:
    """Choose a model and a word, see the ways its gradient comes back by, and what came by each."""
    say = frame.say
    titles = {name: model_title(config, say) for name, config in present().items()}
    titles |= own_names(say)
    if not titles:
        st.text(say("kinds.none_usable"))
        return
    model = choose(view, "back", say("gradients.model"), titles)
    try:
        pieces = answer(model, text).trace.target_pieces
        words = {step: _named(piece) for step, piece in enumerate(pieces)}
        st.caption(say("gradients.choose_word"))
        step = choose(view, "piece", say("gradients.word"), words, start=_first_word(pieces))
        found = paths(model, text, step)
    except S2SError as error:
        st.text(say.error(error))
        return
    if found.source_cut:
        st.text(say("distance.cut", limit=len(found.source_pieces)))
    st.markdown(f"**{_plain(paths_finding(found, say))}**")
    live_view(
        [paths_panel(found, frame)],
        labels=curve_labels(say, row=say("live.source_word"), pinned=say("gradients.pinned"),
                       reading=say("gradients.how_to_read")),
        palette=frame.palette,
        key="paths",
    )  # fmt: skip
    st.caption(say("gradients.no_feeding"))


def _first_word(pieces: Sequence[Piece]) -> int:
    """The longest piece: a word that means something."""
    return max(range(len(pieces)), key=lambda step: (pieces[step].text != END, pieces[step].characters))


@st.cache_resource(show_spinner=False, max_entries=_PATHS_KEPT)
def paths(model: str, text: str, step: int) -> Gradients:
    """The gradients of a piece of a model's own translation. Raises the S2SError that prevents it."""
    return shelf().translator(model).gradients(text, step=step)


def paths_finding(found: Gradients, say: Strings) -> str:
    """Which way most of the gradient came by, and what the shortcut is worth where most of it arrives."""
    norms, chain = found.norms(), found.norms("chain")
    most = int(norms.argmax())
    values = {
        "word": _named(found.target_pieces[found.step]),
        "source": _named(found.source_pieces[most]),
        "norm": number(norms[most]),
    }
    if found.attention == NO_ATTENTION:
        least = int(norms.argmin())
        return say(
            "gradients.finding_none",
            **values,
            least=_named(found.source_pieces[least]),
            times=number(norms[most] / max(norms[least], 1e-30)),
        )
    claim = claims.shortcut_carries_most(found)
    return say(
        "gradients.finding_held" if claim.holds else "gradients.finding_not_held",
        **values,
        attention=_percent(claim.values["attention"]),
        chain_share=_percent(claim.values["chain"]),
        chain=number(chain[most]),
    )


def paths_panel(found: Gradients, frame: Frame) -> Panel:
    """Stacked parts of each way at every encoder state, and at every source embedding."""
    say, palette = frame.say, frame.palette
    names = tuple(_named(piece) for piece in found.source_pieces)
    plots = [
        Plot(
            say(f"gradients.plot_{of}"),
            (
                _bar("attention", found.parts("attention", of=of), say, palette.weights[7]),
                _bar("chain", found.parts("chain", of=of), say, palette.scores[5]),
                _bar("earlier", found.parts("earlier", of=of), say, palette.text),
                Line(say("gradients.whole"), found.norms(of=of).tolist(), palette.text),
            ),
            height=8,
        )
        for of in ("states", "embeddings")
    ]
    series = [
        (f"{say(f'gradients.plot_{of}')}, {name}", values)
        for of in ("states", "embeddings")
        for name, values in (
            (say("gradients.whole"), found.norms(of=of)),
            *(
                (say(f"gradients.way_{way}"), found.parts(way, of=of))
                for way in ("attention", "chain", "earlier")
            ),
        )
    ]
    return Panel(
        name="paths",
        title=say("gradients.title_paths", word=_named(found.target_pieces[found.step])),
        numbers=curve_numbers(
            names, [(name, [signed(float(v), 4) for v in values]) for name, values in series]
        ),
        figure=step_curves(names, plots, palette=palette, color=palette.source, font_size=frame.font_size),
        facts=tuple(_path_facts(found, say)),
        spoken=paths_finding(found, say),
        is_wide=True,
    )


def _bar(way: Way, values: Array, say: Strings, color: str) -> Line:
    return Line(say(f"gradients.way_{way}"), values.tolist(), color, is_bar=True)


def _path_facts(found: Gradients, say: Strings) -> Iterable[Fact]:
    value = say("gradients.log_prob_value", value=signed(found.log_prob, 2))
    yield Fact(say("live.log_prob"), value, say("gradients.log_prob_help"))
    shares = {path: _percent(found.share(path)) for path in PATHS}
    for way in ("attention", "chain", "earlier"):
        yield Fact(
            say(f"gradients.way_{way}"),
            f"{_percent(found.share(way))}%",
            say(f"gradients.way_{way}_help", **{path: shares[path] for path in WAYS[way]}),
        )
    yield Fact(say("gradients.gap"), number(found.gap), say("gradients.gap_help"))


# Gradient against distance


def distance_section(text: str, view: View, frame: Frame) -> None:
    """How gradient falls with distance for every cell, and what scaling and clipping do."""
    say = frame.say
    st.subheader(say("distance.title"), anchor=False)
    st.write(say("distance.claim"))
    models = present()
    if not models:
        return
    with st.container(width=420):
        count(view, "more", say("distance.more"), help_text=say("distance.more_help"))
    longer = " ".join([text, *[one for one in EXAMPLES if one != text][: view.more]])
    base = next(iter(models))
    starts = all_starts(models)
    room = st.empty()  # how far it is, then what was found: in one place, so that nothing jumps
    work = Work("distance", longer)
    try:
        target = _translation(base, longer)
        flows = {
            start: flow(start, longer, target, 1.0)
            for start in in_steps(starts, work=work, room=room, told="distance.measuring", say=say)
        }
    except S2SError as error:
        room.text(say.error(error))
        return
    room.markdown(f"**{_plain(distance_finding(flows, say))}**")
    first = next(iter(flows.values()))
    if first.source_cut:
        st.text(say("distance.cut", limit=len(first.whole)))
    st.text(distance_details(flows, say))
    live_view(
        [
            distance_panel("trained", {s: f for s, f in flows.items() if s.is_trained}, frame),
            distance_panel("untrained", {s: f for s, f in flows.items() if not s.is_trained}, frame),
        ],
        labels=curve_labels(say, row=say("distance.distance"), pinned=say("distance.pinned"),
                       reading=say("distance.how_to_read")),
        palette=frame.palette,
        key="distance",
    )  # fmt: skip
    _scaling(view, models, longer, target, frame)


def _translation(model: str, text: str) -> str:
    """What all models are made to say: a translation, or so much of an endless one as each of them can."""
    trace = answer(model, text).trace
    pieces = trace.target_pieces[:_MOST_PIECES]
    return trace.target[: max((piece.end for piece in pieces), default=0)]


@st.cache_resource(show_spinner=False, max_entries=_FLOWS_KEPT)
def flow(start: Start, text: str, target: str, factor: float) -> Flow:
    """How far the gradient of a translation comes in a model whose recurrent matrices are scaled by `factor`.
    Raises the S2SError that prevents it."""
    return _translator(start, factor).flow(text, target)


@st.cache_resource(show_spinner=False, max_entries=_FLOWS_KEPT)
def one_update(start: Start, text: str, target: str, factor: float) -> Update:
    """What one update would do to the same model. Raises the S2SError that prevents it."""
    return _translator(start, factor).update(text, target, rate=_RATE)


def _translator(start: Start, factor: float) -> Translator:
    found = shelf().translator(start.model)
    if not start.is_trained:
        found = found.untrained(cell=start.cell, attention=start.attention, seed=_SEED)
    return found if factor == 1 else found.scaled(factor)


def distance_finding(flows: Mapping[Start, Flow], say: Strings) -> str:
    """Whether attention held the gradient up, and whether the sentence is long enough to see it."""
    without, attending = (
        [slope for kind in _KINDS for slope in _slopes(flows, attention, kind).values()]
        for attention in COMPARED
    )
    if not without or not attending:
        return say("distance.too_short")
    claim = claims.attention_holds_up(without, attending)
    told = [say("distance.held" if claim.holds else "distance.not_held")]
    lstm = _slopes(flows, NO_ATTENTION, "trained").get("lstm")
    if lstm is not None and lstm.factor < 1:
        hidden = claims.sentence_hides_loss(lstm, len(next(iter(flows.values())).whole) - 1)
        values = {"steps": hidden.values["steps"], "left": number(100 * hidden.values["left"])}
        told.append(say("distance.hidden" if hidden.holds else "distance.seen", **values))
    return " ".join(told)


def distance_details(flows: Mapping[Start, Flow], say: Strings) -> str:
    """The factor of every cell, and whether gates helped."""
    told = [
        say(
            f"distance.{kind}",
            without=_factors(flows, NO_ATTENTION, kind),
            attending=_factors(flows, catalog.ATTENDING.attention, kind),
        )
        for kind in _KINDS
        if _slopes(flows, NO_ATTENTION, kind) and _slopes(flows, catalog.ATTENDING.attention, kind)
    ]
    return " ".join([*told, *_gates(flows, say)])


def _gates(flows: Mapping[Start, Flow], say: Strings) -> list[str]:
    """Whether an LSTM keeps more of its gradient than an RNN, where both are there."""
    kinds = {
        kind: slopes
        for kind in ("trained", "untrained")
        if {"rnn", "lstm"} <= (slopes := _slopes(flows, NO_ATTENTION, kind)).keys()
    }
    more = {kind: claims.gates_help(slopes).holds for kind, slopes in kinds.items()}
    told = []
    if "trained" in more:
        told.append(say("distance.gates_help" if more["trained"] else "distance.gates_do_not_help"))
    if not more.get("untrained", True):
        told.append(say("distance.gates_untrained"))
    return told


def _slopes(flows: Mapping[Start, Flow], attention: str, kind: str) -> dict[str, Slope]:
    """By cell, of the trained or the untrained with this attention."""
    return {
        start.cell: slope
        for start, one in sorted(flows.items(), key=lambda item: CELLS.index(item[0].cell))
        if start.attention == attention
        and start.is_trained == (kind == "trained")
        and (slope := one.slope) is not None
    }


def _factors(flows: Mapping[Start, Flow], attention: str, kind: str) -> str:
    return ", ".join(f"{cell.upper()} ×{s.factor:.2f}" for cell, s in _slopes(flows, attention, kind).items())


def distance_panel(kind: str, flows: Mapping[Start, Flow], frame: Frame) -> Panel:
    """Norms by distance on a logarithmic axis, a line for each cell with attention and without."""
    say, palette = frame.say, frame.palette
    title = say(f"distance.title_{kind}")
    if not flows:
        return Panel(name=kind, title=title, notice=say(f"distance.none_{kind}"))
    ordered = sorted(
        flows.items(), key=lambda one: (CELLS.index(one[0].cell), COMPARED.index(one[0].attention))
    )
    lines = [_flow_line(start, one, say, palette) for start, one in ordered]
    names = _distances(len(ordered[0][1].whole))
    factors = [(line.name, _factor(one.slope)) for line, (_, one) in zip(lines, ordered, strict=True)]
    return Panel(
        name=kind,
        title=title,
        numbers=curve_numbers(
            tuple(str(k) for k in range(len(names))),
            [
                (line.name, [number(v) for v in one.whole])
                for line, (_, one) in zip(lines, ordered, strict=True)
            ],
        ),
        figure=_distance_figure(names, lines, frame),
        facts=tuple(
            Fact(name, factor, say("distance.factor_help", largest=f"{one.largest:.2f}"))
            for (name, factor), (_, one) in zip(factors, ordered, strict=True)
        ),
        spoken=f"{title}. {', '.join(map(' '.join, factors))}",
    )


def _distance_figure(names: Sequence[str], lines: Sequence[Line], frame: Frame) -> Figure:
    say, palette = frame.say, frame.palette
    plot = Plot(say("distance.plot"), lines, is_log=True, height=14)
    return step_curves(
        names, [plot], palette=palette, axis=say("distance.axis"), narrowest=narrowest(len(names)),
        font_size=frame.font_size,
    )  # fmt: skip


def _flow_line(start: Start, one: Flow, say: Strings, palette: Palette) -> Line:
    name, color, dash, mark = cell_stroke(start.cell, start.attention != NO_ATTENTION, say, palette)
    return Line(name, one.whole.tolist(), color, dash=dash, mark=mark)


def _distances(length: int) -> list[str]:
    """What is written on the axis: every distance, or as many as have room."""
    every = 1 if length <= 16 else 5 if length <= 60 else 10
    return [str(k) if k % every == 0 else " " for k in range(length)]


def _factor(slope: Slope | None) -> str:
    return "–" if slope is None else f"×{slope.factor:.3f}"


# Exploding, and clipping


def _scaling(view: View, models: Mapping[str, ModelConfig], text: str, target: str, frame: Frame) -> None:
    say = frame.say
    st.subheader(say("scaling.title"), anchor=False)
    st.write(say("scaling.claim"))
    by_code = scaled_starts(models)
    named = {code: _start_title(start, models, say) for code, start in by_code.items()}
    start = by_code[choose(view, "scaled", say("scaling.model"), named)]
    with st.container(width=420):
        slide(view, "scale", say("scaling.factor"), words="×%.2f", help_text=say("scaling.factor_help"))
    try:
        before, after = flow(start, text, target, 1.0), flow(start, text, target, view.scale)
        update = one_update(start, text, target, view.scale)
    except S2SError as error:
        st.text(say.error(error))
        return
    st.markdown(f"**{_plain(scaling_finding(after, update, say))}**")
    live_view(
        [scaling_panel(_start_title(start, models, say), before, after, update, frame)],
        labels=curve_labels(say, row=say("distance.distance"), pinned=say("distance.pinned")),
        palette=frame.palette,
        key="scaling",
    )


def _start_title(start: Start, models: Mapping[str, ModelConfig], say: Strings) -> str:
    if start.is_trained:
        return say("scaling.trained", model=model_title(models[start.model], say))
    return say("scaling.untrained", model=start.cell.upper())


def scaling_finding(after: Flow, update: Update, say: Strings) -> str:
    """Whether it vanishes or explodes, and what clipping made of the update."""
    slope = after.slope
    if slope is None:
        return say("distance.too_short")
    steps = len(after.whole) - 1
    grown = claims.explodes(after, slope)
    told = say(
        "scaling.explodes" if grown.holds else "scaling.vanishes",
        largest=f"{after.largest:.2f}",
        factor=f"{slope.factor:.2f}",
        steps=steps,
        times=number(grown.values["times"]),
    )
    values = {
        "norm": number(update.norm),
        "clip": f"{update.clip:g}",
        "loss": f"{update.loss:.2f}",
        "free": f"{update.loss_free:.2f}",
        "clipped": f"{update.loss_clipped:.2f}",
    }
    clipping = claims.clipping_helps(update)
    if clipping is None:
        return f"{told} {say('scaling.not_clipped', **values)}"
    verdict = say("scaling.held" if clipping.holds else "scaling.not_held")
    return f"{told} {say('scaling.clipped', **values)} {verdict}"


def scaling_panel(title: str, before: Flow, after: Flow, update: Update, frame: Frame) -> Panel:
    """Norms by distance with the matrix as it is and scaled, and the one update in numbers."""
    say, palette = frame.say, frame.palette
    lines = (
        Line(say("scaling.before"), before.whole.tolist(), palette.muted, dash="dot", mark="diamond"),
        Line(say("scaling.after"), after.whole.tolist(), palette.text),
    )
    names = _distances(len(after.whole))
    facts = [
        ("largest", f"{after.largest:.2f}", {"before": f"{before.largest:.2f}"}),
        ("step_factor", _factor(after.slope), {"before": _factor(before.slope)}),
        ("norm", number(update.norm), {}),
        ("norm_clipped", number(update.clipped), {"clip": f"{update.clip:g}"}),
        ("loss", f"{update.loss:.2f}", {}),
        ("loss_free", f"{update.loss_free:.2f}", {"rate": f"{update.rate:g}"}),
        ("loss_clipped", f"{update.loss_clipped:.2f}", {"rate": f"{update.rate:g}"}),
    ]
    return Panel(
        name="scaling",
        title=title,
        numbers=curve_numbers(
            tuple(str(k) for k in range(len(names))),
            [(line.name, [number(v) for v in line.values]) for line in lines],
        ),
        figure=_distance_figure(names, lines, frame),
        facts=tuple(Fact(say(f"scaling.{n}"), v, say(f"scaling.{n}_help", **more)) for n, v, more in facts),
        spoken=scaling_finding(after, update, say),
        is_wide=True,
    )


def _named(piece: Piece) -> str:
    return shown_piece(piece.text)


def _percent(share: float) -> str:
    return signed(100 * share, 0 if abs(share) >= 0.1 or share == 0 else 1)


def _plain(text: str) -> str:
    """Text for `st.markdown` with nothing in it that is markup: words come from what people typed."""
    return "".join(f"\\{c}" if c in _MARKUP else c for c in text)


_MARKUP: Final = frozenset("\\`*_{}[]()<>#+-.!|$~:^=&")
