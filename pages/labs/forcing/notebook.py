"""The lines of Python that make the pictures of this page again."""

from __future__ import annotations

from typing import Final, Literal

from pages.kit.export import Origin, loaded, quoted
from s2s.evaluate.divergence import Regimes

Part = Literal["forced", "free", "difference", "curves", "tracks"]

_LOOKS: Final = '{run}.alignment("words", target_level="pieces")'
_MODEL: Final = "from s2s.translator import Translator"
# Of each picture: what is imported, and what follows once both runs are there.
_LINES: Final[dict[Part, tuple[tuple[str, ...], str]]] = {
    "forced": (
        ("from s2s.figures.heatmap import heatmap", _MODEL),
        f"figure = heatmap({_LOOKS.format(run='both.forced')}).plotly()",
    ),
    "free": (
        ("from s2s.figures.heatmap import heatmap", _MODEL),
        f"figure = heatmap({_LOOKS.format(run='both.free')}).plotly()",
    ),
    "difference": (
        (
            "from s2s.figures.heatmap import difference_heatmap",
            "from s2s.traces import difference",
            _MODEL,
        ),
        f"""\
forced, free = ({_LOOKS.format(run="run")} for run in (both.forced, both.free))
figure = difference_heatmap(difference(forced, free)).plotly()""",
    ),
    "curves": (
        (
            "import numpy as np",
            "",
            "from s2s.figures.palette import LIGHT",
            "from s2s.figures.steps import Line, Plot, step_curves",
            _MODEL,
        ),
        """\
forced, free = (np.exp(log_probs.astype(float)).tolist() for log_probs in both.reference_log_probs)
kl, distance = both.divergence.kl.tolist(), both.divergence.distance.tolist()
plots = [
    Plot("p(reference)", [Line("forced", forced, LIGHT.teacher), Line("free", free, LIGHT.self_fed)], top=1),
    Plot("KL", [Line("KL", kl, LIGHT.text)]),
    Plot("distance of states", [Line("d", distance, LIGHT.text)]),
]
steps = [str(step + 1) for step in range(max(len(both.forced.fed), len(both.free.fed)))]
figure = step_curves(steps, plots, palette=LIGHT).plotly()""",
    ),
    "tracks": (
        ("import numpy as np", "import pandas as pd", "", _MODEL),
        """\
rows = [
    (name, step + 1, fed.text, by, likely[0].text, np.exp(likely[0].log_prob))
    for name, run in (("forced", both.forced), ("free", both.free))
    for step, (fed, by, likely) in enumerate(zip(run.fed, run.forcing, run.candidates))
]
table = pd.DataFrame(rows, columns=["run", "step", "fed", "by", "says", "probability"])""",
    ),
}


def origin(both: Regimes, part: Part) -> Origin:
    """Where a picture of two runs comes from."""
    trace, injection = both.forced, both.injection
    imports, body = _LINES[part]
    asked = [quoted(trace.source)]
    if not both.is_own:
        asked.append(quoted(both.reference))
    if both.ratio:
        asked += [f"ratio={both.ratio}", f"seed={both.seed}"]
    if injection is not None:
        imports = (*imports[:-1], "from s2s.evaluate.divergence import Injection", imports[-1])
        asked.append(f"injection=Injection({injection.step}, {quoted(injection.word)})")
    lines = (*imports, "", f"both = {loaded(trace.model)}.compare({', '.join(asked)})", body)
    return Origin((trace.model,), trace.source, "\n".join(lines))
