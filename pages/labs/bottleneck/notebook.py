"""The lines of Python that make the pictures of this page again."""

from __future__ import annotations

from collections.abc import Sequence

from pages.kit.export import Origin, loaded, quoted

_LOST = """\
import pandas as pd

from s2s.evaluate.lost import judge_trace
from s2s.translator import Translator

text = {text}
target = {model}.translate(text).target
rows = [(word.unit.text, word.verdict) for word in judge_trace({judge}.explain(text, target))]
table = pd.DataFrame(rows, columns=["word", "verdict"])"""

_READ = """\
import pandas as pd

from s2s import catalog
from s2s.evaluate.probe import load, read_words
from s2s.translator import Translator

found = read_words(load(catalog.locate({name})), {model}.translate({text}))
rows = [(word.unit.text, word.is_read) for word in found]
table = pd.DataFrame(rows, columns=["word", "read"])"""

_GROWTH = """\
from s2s.evaluate.lost import judge_trace, lost_share
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves
from s2s.translator import Translator

texts = [
{texts}
]
judges = {{
{judges}
}}


def lost(model, text):
    target = Translator.load(model).translate(text).target
    return 100 * lost_share(judge_trace(Translator.load(judges[model]).explain(text, target)))


lines = [Line(model, [lost(model, text) for text in texts], LIGHT.text) for model in judges]
steps = [str(count + 1) for count in range(len(texts))]
figure = step_curves(steps, [Plot("lost, %", lines, top=100)], palette=LIGHT, axis="sentences").plotly()"""

_LENGTHS = """\
from s2s.evaluate.report import REPORT, read_report
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves

chains = {{one.setup.model: one.chains for one in read_report(REPORT).shipped}}
names = {models}


def line(name, measure):
    bands = [getattr(score, measure) for score in chains[name]]
    band = [one.low for one in bands], [one.high for one in bands]
    return Line(name, [one.value for one in bands], LIGHT.text, band=band)


plots = [Plot(measure, [line(name, measure) for name in names]) for measure in ("bleu", "chrf")]
steps = [f"{{score.words:.0f}}" for score in chains[names[0]]]
figure = step_curves(steps, plots, palette=LIGHT, axis="words").plotly()"""

_POSITIONS = """\
from s2s.evaluate.report import REPORT, read_report
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves

probes = {{score.model: score.chains for score in read_report(REPORT).probes}}
lines = []
for name in {models}:
    [chain] = [chain for chain in probes[name] if chain.sentences == {sentences}]
    bands = [part.read for part in chain.parts]
    band = [100 * one.low for one in bands], [100 * one.high for one in bands]
    lines.append(Line(name, [100 * one.value for one in bands], LIGHT.text, band=band))
[first] = [chain for chain in probes[{first}] if chain.sentences == {sentences}]
lines.append(Line("by frequency alone", [100 * part.common for part in first.parts], LIGHT.muted))
steps = [str(part + 1) for part in range(len(first.parts))]
figure = step_curves(steps, [Plot("read, %", lines, top=100)], palette=LIGHT, axis="part").plotly()"""


def of_lost(name: str, judge: str, text: str) -> Origin:
    """Where the words come from that a translation has lost."""
    code = _LOST.format(text=quoted(text), model=loaded(name), judge=loaded(judge))
    return Origin(tuple(dict.fromkeys((name, judge))), text, code)


def of_read(name: str, text: str) -> Origin:
    """Where the words come from that can be read from the state."""
    return Origin((name,), text, _READ.format(name=quoted(name), model=loaded(name), text=quoted(text)))


def of_growth(judges: Sequence[tuple[str, str]], texts: Sequence[str]) -> Origin:
    """Where the shares come from: each model with its judge, and the texts that it translated."""
    code = _GROWTH.format(
        texts="\n".join(f"    {quoted(text)}," for text in texts),
        judges="\n".join(f"    {quoted(name)}: {quoted(judge)}," for name, judge in judges),
    )
    return Origin(tuple(name for name, _ in judges), texts[-1], code)


def of_lengths(models: Sequence[str]) -> Origin:
    """Where the scores by length come from."""
    return Origin(tuple(models), "", _LENGTHS.format(models=_listed(models)))


def of_positions(models: Sequence[str], sentences: int) -> Origin:
    """Where the shares by part of the input come from."""
    code = _POSITIONS.format(models=_listed(models), first=quoted(models[0]), sentences=sentences)
    return Origin(tuple(models), "", code)


def _listed(models: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, models))}]"
