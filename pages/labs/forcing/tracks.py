"""Two runs of a decoder as tracks over the same steps: what was fed, what was likely, what the model said.

`browser/tracks.js` draws them in place and walks through the steps by itself. A click on what is fed at a
step lets a reader feed another word there: `st.session_state.injection` then holds it, as the link does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

import numpy as np
import streamlit as st

from pages.kit.choices import remember, write_link
from pages.kit.components import component
from pages.kit.strings import Strings
from s2s.evaluate.divergence import Effect, Injection, Regimes
from s2s.figures.labels import shown_piece
from s2s.figures.palette import Palette
from s2s.text import GLUE
from s2s.traces import END, Candidate, Piece, Trace, byte_of

_KEY: Final = "tracks"
_FULL: Final = 5.0  # nats of divergence that fill a bar
_LONGEST: Final = 1000  # steps that a link may name

_COLORS: Final = ("background", "target", "teacher", "self_fed", "pinned", "grid", "muted")
_LABELS: Final = (
    "step",
    "reference",
    "says",
    "top",
    "fed",
    "apart",
    "parted",
    "first",
    "back",
    "play",
    "pause",
    "next",
    "all",
    "was",
    "change",
    "differs",
    "by_start",
    "by_forced",
    "by_free",
    "by_injected",
    "inject_title",
    "inject_placeholder",
    "inject_feed",
    "inject_help",
    "inject_undo",
)


def injection() -> Injection | None:
    """The word that the reader feeds by hand, on this page or in the link."""
    state = st.session_state
    if "injection" not in state:
        link = st.query_params
        state.injection = _injection({"step": link.get("inject"), "word": link.get("word")})
    found: Injection | None = state.injection
    remember("inject", [str(found.step)] if found else [])
    remember("word", [found.word] if found else [])
    write_link("injection", ("inject", "word"))
    return found


def forget_injection() -> None:
    """Feed nothing by hand any more."""
    st.session_state.injection = None


def tracks(both: Regimes, *, finding: str, say: Strings, palette: Palette) -> None:
    """Draw the two runs; `finding` is the sentence above them while no step is looked at."""
    pair = (both.forced, both.free)
    steps = max(len(trace.fed) for trace in pair)
    component("tracks")(
        key=_KEY,
        data={
            "steps": steps,
            "first": both.divergence.first,
            "injection": both.injection and both.injection._asdict(),
            "apart": [_apart(float(kl)) for kl in both.divergence.kl],
            "tracks": [_track(both, k, say) for k in (0, 1)],
            "narration": [_narration(both, step, say) for step in range(steps)],
            "spoken": finding,
            "targetLanguage": both.forced.target_language,
            "labels": {name: say(f"tracks.{name}") for name in _LABELS},
            "colors": {name: getattr(palette, name) for name in _COLORS},
        },
        on_injection_change=_injected,
    )


def track_title(both: Regimes, k: int, say: Strings) -> str:
    """What a run is called: the forced one (0) or the other (1)."""
    if k == 0:
        return say("regimes.forced")
    return say("tracks.mixed") if both.ratio else say("regimes.free")


def word_of(piece: str) -> str:
    """How a reader would write a piece to feed it; "" for what cannot be fed."""
    if piece == END or byte_of(piece) is not None or piece.startswith(f"▁{GLUE}"):
        return ""
    return piece[1:] if piece.startswith("▁") else GLUE + piece


def _injected() -> None:
    st.session_state.injection = _injection(st.session_state[_KEY].get("injection"))


def _injection(value: object) -> Injection | None:
    """What browser or link say, if it is a step and a word: they may lag, or lie."""
    if not isinstance(value, Mapping) or not isinstance(word := value.get("word"), str) or not word.strip():
        return None
    try:
        step = int(value.get("step") or 0)
    except (TypeError, ValueError):
        return None
    return Injection(step, word.strip()) if 2 <= step <= _LONGEST else None


def _apart(kl: float) -> dict[str, Any]:
    return {"share": round(min(1.0, kl / _FULL), 3), "written": f"{kl:.2f}"}


def _track(both: Regimes, k: int, say: Strings) -> dict[str, Any]:
    note = say("tracks.note_forced")
    if k == 1:
        values = {"percent": f"{100 * both.ratio:.0f}", "seed": both.seed}
        note = say("tracks.note_mixed", **values) if both.ratio else say("tracks.note_free")
    return {
        "name": ("forced", "free")[k],
        "kind": ("forced", "mixed" if both.ratio else "free")[k],
        "title": track_title(both, k, say),
        "note": note,
        "cells": list(_cells(both, k, say)),
    }


def _cells(both: Regimes, k: int, say: Strings) -> Iterator[dict[str, Any]]:
    trace, other = (both.forced, both.free) if k == 0 else (both.free, both.forced)
    was = _was(trace, both.before[k] if both.before else None, both.effects[k])
    rows = zip_longest(trace.candidates, both.wanted[: len(trace.fed)], both.reference_log_probs[k])
    last = len(trace.fed) - 1
    for step, (candidates, wanted, log_prob) in enumerate(rows):
        best: Candidate = candidates[0]
        followed = trace.forcing[step + 1] if step < last else ("forced", "free")[k]
        both_have = step < len(other.fed)
        yield {
            "fed": shown_piece(trace.fed[step].text),
            "by": trace.forcing[step],
            "fedDiffers": step > 0 and not (both_have and trace.fed[step].id == other.fed[step].id),
            "says": {"text": shown_piece(best.text)},
            "isFed": followed == "free",
            "differs": not (both_have and best.id == other.candidates[step][0].id),
            "was": was.get(step),
            "top": [_candidate(candidate, wanted) for candidate in candidates],
            "reference": _reference(wanted, log_prob, followed == "forced", say),
        }


def _candidate(candidate: Candidate, wanted: Piece | None) -> dict[str, Any]:
    probability = float(np.exp(candidate.log_prob))
    return {
        "text": shown_piece(candidate.text),
        "word": word_of(candidate.text),
        "probability": round(probability, 4),
        "written": f"{probability:.2f}",
        "isWanted": wanted is not None and wanted.id == candidate.id,
    }


def _reference(
    wanted: Piece | None, log_prob: float | None, teaches: bool, say: Strings
) -> dict[str, Any] | None:
    if wanted is None or log_prob is None:
        return None
    values = {"probability": f"{np.exp(log_prob):.2f}", "loss": f"{abs(log_prob):.2f}"}
    return {
        "text": shown_piece(wanted.text),
        "note": say("tracks.reference_note", **values),
        "teaches": teaches,
    }


def _was(trace: Trace, before: Trace | None, effect: Effect | None) -> dict[int, str]:
    """What the model would have said without the injected word, at steps where that is something else."""
    if before is None or effect is None:
        return {}
    back = len(before.fed) - len(trace.fed)
    return {
        step: shown_piece(before.candidates[step + back][0].text)
        for step, changed in enumerate(effect.changed, start=effect.start)
        if changed
    }


def _narration(both: Regimes, step: int, say: Strings) -> str:
    """What happens at a step, in both runs."""
    parts = [say("tracks.at_step", step=step + 1)]
    for k, trace in enumerate((both.forced, both.free)):
        title = track_title(both, k, say)
        if step >= len(trace.fed):
            parts.append(say("tracks.ended", track=title))
            continue
        best = trace.candidates[step][0]
        parts.append(
            say(
                "tracks.does",
                track=title,
                by=say(f"tracks.is_{trace.forcing[step]}"),
                fed=shown_piece(trace.fed[step].text),
                says=shown_piece(best.text),
                probability=f"{np.exp(best.log_prob):.2f}",
            )
        )
        wanted = both.wanted[step] if step < len(both.wanted) else None
        if k == 0 and wanted is not None:
            log_prob = both.reference_log_probs[0][step]
            values = {"probability": f"{np.exp(log_prob):.2f}", "loss": f"{abs(log_prob):.2f}"}
            parts.append(say("tracks.wants", reference=shown_piece(wanted.text), **values))
    return " ".join(parts)
