"""The lines of Python that make the numbers of the machine again, as `table`."""

from __future__ import annotations

from typing import Final

from pages.kit.export import Origin, loaded, quoted
from s2s.traces import Trace

_CODE: Final = """\
import pandas as pd

from s2s.translator import Translator
from s2s.walkthrough.unrolled import unrolled

workings = {model}.workings({text})
drawn = unrolled(workings)
parts = {{"←" if one.is_backward else "→": one.states for one in drawn.passes}}
parts |= {{"h": drawn.encoder_states, "s0": drawn.handed[None], "s": drawn.decoder_states}}
if drawn.contexts is not None:
    parts["c"] = drawn.contexts
    weights = pd.DataFrame(drawn.weights)
table = pd.concat({{name: pd.DataFrame(states) for name, states in parts.items()}})"""


def origin(trace: Trace) -> Origin:
    """Where the picture comes from."""
    code = _CODE.format(model=loaded(trace.model), text=quoted(trace.source))
    return Origin((trace.model,), trace.source, code)
