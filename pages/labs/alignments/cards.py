"""The parts of the main page: what the cards and the lines under them say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import escape
from math import inf

import streamlit as st

from pages.kit.family import config_of, model_names
from pages.kit.frame import Frame
from pages.kit.glosses import Gloss, glosses
from pages.kit.live import (
    Fact,
    Legend,
    Panel,
    alignment_numbers,
    cut_notice,
    focus_fact,
    live_labels,
    spoken,
    words,
)
from pages.kit.report import usual_surprisals
from pages.kit.shapes import shape_findings
from pages.kit.strings import Strings
from pages.kit.translators import MODELS, Answer
from pages.labs.alignments.notebook import origin
from pages.labs.alignments.view import View
from s2s.config import MEAN, ModelConfig
from s2s.errors import CheckpointError, S2SError
from s2s.evaluate.agreement import shared_words
from s2s.evaluate.drawn import compare, drawn_links
from s2s.evaluate.gold import GoldPair
from s2s.evaluate.reading import Broken, broken_words
from s2s.evaluate.shape import shape_of
from s2s.figures.canvas import Figure
from s2s.figures.heatmap import Values, heatmap
from s2s.figures.labels import signed
from s2s.figures.lines import lines
from s2s.languages import parts_stems
from s2s.stems import stem_length
from s2s.text import GLUE, is_word
from s2s.traces import END, Alignment, Level, Trace, Written
from s2s.walkthrough.scorers import EXPLAINED

Found = Mapping[str, Answer | S2SError]  # by model


def labels(view: View, say: Strings, *, has_links: bool) -> dict[str, str]:
    """The words that cards and figures need; how to read the picture, the lines under words and, where they
    are drawn, the links stands above the cards."""
    drawn = "lines" if view.picture == "lines" else view.values
    told = [say(f"alignments.how_to_read_{drawn}"), say("alignments.how_to_read_words", end=END)]
    if view.level == "pieces":
        told.append(say("live.pieces_sign", sign=GLUE))
    if view.level == "stems":
        told.append(say("alignments.stems_rule"))
    if has_links:
        told.append(say("alignments.drawn_key"))
    return live_labels(say, help_pin=" ".join([*told, say("live.help_pin")]))


def legend(view: View, frame: Frame) -> Legend:
    """The one scale of all pictures; scores have a scale each, with its limits under the picture."""
    say = frame.say
    if view.picture == "heatmap" and view.values == "scores":
        low, high = say("alignments.low"), say("alignments.high")
        return Legend(say("live.score"), low, high, frame.palette.scores)
    return Legend(say("live.weight"), "0", "1", frame.palette.weights)


def panels(
    found: Found, view: View, words_of_view: Mapping[str, str], pair: GoldPair | None, frame: Frame
) -> list[Panel]:
    """A card for each model: its answer, why there is none, or nothing yet. `words_of_view` are `labels`; the
    links of `pair`, where there is one, are drawn over the pictures."""
    titles = model_names(frame.say)
    return [
        _panel(model, titles[model], found.get(model), view, words_of_view, pair, frame)
        for model in view.models
    ]


def _panel(
    model: str,
    title: str,
    answer: Answer | S2SError | None,
    view: View,
    words_of_view: Mapping[str, str],
    pair: GoldPair | None,
    frame: Frame,
) -> Panel:
    say = frame.say
    about = _about(model, view, say)
    if not isinstance(answer, Answer):
        notice = "" if answer is None else say.error(answer)
        return Panel(name=model, title=title, about=about, notice=notice)
    written = answer.trace.written(view.level)
    whole = answer.trace.alignment(view.level)
    drawn = whole if whole is None or view.end else whole.without_end()
    trace = answer.trace
    if trace.languages != say.languages[0]:
        pair = None  # it is of other languages
    known = () if drawn is None else glosses(drawn.source_units, trace.source, trace.languages, say)
    return Panel(
        name=model,
        title=title,
        about=about,
        numbers=None if drawn is None else alignment_numbers(drawn, words_of_view, known),
        figure=None if drawn is None else _figure(drawn, known, trace, view, words_of_view, pair, frame),
        words=words(written.units, written.log_probs.tolist(), drawn=drawn is not None),
        facts=tuple(_facts(answer, written, whole, pair, view.level, say)),
        notice=_notice(answer, say),
        spoken=spoken(title, trace.target, drawn, say),
        languages=trace.languages,
        origin=origin(model, trace, view),
    )


def _about(model: str, view: View, say: Strings) -> str:
    """How a translator scores, in a line, and of one with several heads what is shown of them; "" for one
    that cannot be read."""
    try:
        config = config_of(model)
    except CheckpointError:
        return ""
    if isinstance(config, ModelConfig):
        return say(f"about.{config.attention}")
    about = say(f"about.heads_{config.reading}", heads=config.heads, layer=config.read_layer + 1)
    has_no_score = config.reading == MEAN and view.picture == "heatmap" and view.values == "scores"
    return f"{about}. {say('about.scores_mean')}" if has_no_score else about


def _facts(
    answer: Answer,
    written: Written,
    whole: Alignment | None,
    pair: GoldPair | None,
    level: Level,
    say: Strings,
) -> Iterator[Fact]:
    """How sure, how focused, how long; what an empty translation leaves undefined is left out."""
    log_probs = [
        float(p)
        for p, u in zip(written.log_probs, written.units, strict=True)
        if not u.is_end and (level == "pieces" or is_word(u.text))
    ]
    if log_probs:
        value = say(f"facts.sure_{level}", log_prob=signed(sum(log_probs) / len(log_probs), 2))
        yield Fact(say("facts.sure"), value, say("facts.sure_help"))
    if whole is not None:
        yield focus_fact(whole, say)
    yield from _agreed(pair, answer.trace, say)
    if answer.milliseconds is None:
        value = say("facts.time_stored")
    else:
        value = say("facts.time_value", milliseconds=f"{answer.milliseconds:.0f}")
    yield Fact(say("facts.time"), value, say("facts.time_help"))


def _agreed(pair: GoldPair | None, trace: Trace, say: Strings) -> Iterator[Fact]:
    """How often a model attends most where a person drew a link."""
    found = compare(pair, trace) if pair else None
    if pair and found:
        value = say("alignments.agreed_value", agreed=found.agreed, compared=found.compared)
        counts = {"words": found.words, "compared": found.compared, "target": pair.target}
        yield Fact(say("alignments.agreed"), value, say("alignments.agreed_help", **counts))


def _figure(
    alignment: Alignment,
    known: Sequence[Gloss],
    trace: Trace,
    view: View,
    words_of_view: Mapping[str, str],
    pair: GoldPair | None,
    frame: Frame,
) -> Figure:
    links = drawn_links(pair, trace, alignment.source_units, alignment.target_units) if pair else ()
    draw = lines if view.picture == "lines" else partial(heatmap, values=_values(view))
    return draw(
        alignment,
        palette=frame.palette,
        labels=words_of_view,
        glosses=[gloss.short for gloss in known] if "meanings" in view.also else (),
        links=links,
        font_size=frame.font_size,
    )


def _values(view: View) -> Values:
    return "scores" if view.values == "scores" else "weights"


def _notice(answer: Answer, say: Strings) -> str:
    trace = answer.trace
    if trace.weights is None:
        return say("live.no_attention")
    if not trace.target.strip():
        return say("alignments.empty_translation")
    if trace.target_cut:
        return say("live.cut_target", limit=len(trace.target_pieces))
    return ""


def reading_notices(found: Found, say: Strings) -> Iterator[str]:
    """How much of the sentence was read, which words the translators saw only in pieces, which not at all,
    and whether they have learned from sentences like this one; all shipped ones read it alike, and what is
    usual is known of them alone."""
    traces = {name: answer.trace for name, answer in found.items() if isinstance(answer, Answer)}
    if not traces:
        return
    if notice := cut_notice(traces.values(), say):
        yield notice
    name = next((name for name in traces if name in MODELS), next(iter(traces)))
    trace = traces[name]
    broken = broken_words(trace)
    pieces = [
        f" {GLUE}".join(word.parts)
        for word in broken
        if not word.is_unknown and not _is_parted(word, trace.source_language)
    ]
    unknown = [word.word.text for word in broken if word.is_unknown]
    if pieces:
        yield say("reading.pieces", words=", ".join(pieces), sign=GLUE)
    if unknown:
        yield say("reading.unknown", words=", ".join(unknown))
    limit = usual_surprisals().get(name, inf)
    if trace.source_surprisal > limit:
        yield say("reading.unusual", found=f"{trace.source_surprisal:.1f}", limit=f"{limit:.1f}")


def _is_parted(word: Broken, language: str) -> bool:
    """Whether a word was read as stem and particle: in a language that has them, most words are."""
    cut = stem_length(word.word.text) if parts_stems(language) else 0
    return word.parts == (word.word.text[:cut], word.word.text[cut:])


def agreement(found: Found, view: View, say: Strings) -> None:
    """How far the translators agree on where to look, and where they differ."""
    titles = model_names(say)
    compared = {
        titles[model]: alignment
        for model, answer in found.items()
        if isinstance(answer, Answer) and (alignment := answer.trace.alignment(view.level)) is not None
    }
    if compared:  # whoever reads other words cannot be held against them
        read = next(iter(compared.values())).source_units
        compared = {name: one for name, one in compared.items() if one.source_units == read}
    if len(compared) < 2:
        return
    shared = shared_words(list(compared.values()))
    if not shared:
        st.text(say("agreement.nothing_shared"))
        return
    source_units = next(iter(compared.values())).source_units
    items = [
        say(
            "agreement.difference",
            word=word.text,
            looks=", ".join(
                say("agreement.look", model=model, source=source_units[column].text)
                for model, column in zip(compared, word.columns, strict=True)
            ),
        )
        for word in shared
        if not word.agreed
    ]
    counts = {"models": len(compared), "agreed": len(shared) - len(items), "shared": len(shared)}
    finding = say("agreement.all", **counts)
    if items:
        finding += f" {say('agreement.differ')}"
    listed = "".join(f"<li>{escape(item)}</li>" for item in items)
    st.html(f"<p class='s2s-finding'>{escape(finding)}</p><ul class='s2s-differ'>{listed}</ul>")


def shape(found: Found, say: Strings) -> None:
    """What the first picture of words looks like: what is copied, and how far the order turns round."""
    for answer in found.values():
        if isinstance(answer, Answer) and (alignment := answer.trace.alignment()) is not None:
            title = model_names(say)[answer.trace.model] if len(found) > 1 else ""
            told = " ".join(shape_findings(shape_of(alignment), answer.trace.languages, say))
            st.text(f"{title}: {told}" if title and told else told)
            return


def numbers_key(say: Strings) -> None:
    """What the numbers under the pictures are, in a line."""
    st.caption(say("alignments.numbers_key"))


def formulas(say: Strings) -> None:
    """The ways to score, folded away (Luong et al. 2015, eq. 8)."""
    with st.expander(say("formulas.title")):
        st.write(say("formulas.intro"))
        for column, (name, scorer) in zip(st.columns(len(EXPLAINED)), EXPLAINED.items(), strict=True):
            with column:
                st.latex(scorer.latex)
                st.caption(say(f"formulas.{name}"))
