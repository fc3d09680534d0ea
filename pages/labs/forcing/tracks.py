"""Two runs of a decoder as tracks over the same steps: what was fed, what was likely, what the model said.

`pages/kit/browser/tracks.js` draws them in place and walks through the steps by itself. A click on what is
fed at a step lets a reader feed another word there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import zip_longest
from typing import Final, Literal, NamedTuple

import numpy as np
import streamlit as st

from pages.kit.components import show
from pages.kit.export import Origin, Sheet
from pages.kit.strings import Strings
from pages.labs.forcing.notebook import origin
from pages.labs.forcing.view import feed
from s2s.evaluate.divergence import Effect, Injection, Regimes
from s2s.figures.labels import shown_piece
from s2s.figures.palette import Palette
from s2s.text import GLUE
from s2s.traces import END, Candidate, Forcing, Piece, Trace, byte_of

_FULL: Final = 5.0  # nats of divergence that fill a bar

_COLORS: Final = ("background", "target", "teacher", "self_fed", "pinned", "grid", "muted")
_LABELS: Final = (
    "step reference says top fed apart parted first back play pause next all was change differs by_start "
    "by_forced by_free by_injected inject_title inject_placeholder inject_feed inject_help inject_undo"
).split()


class Apart(NamedTuple):
    """How far two distributions are apart."""

    share: float  # of a full bar
    written: str


class Likely(NamedTuple):
    """One of the likeliest pieces of a step."""

    text: str
    word: str  # how a reader would write it to feed it; "" where it cannot be fed
    probability: float
    written: str
    is_wanted: bool  # it is the reference's


class Reference(NamedTuple):
    """The piece that the reference has at a step."""

    text: str
    note: str
    teaches: bool  # it is fed to the next step


class Cell(NamedTuple):
    """A step of a run."""

    fed: str
    by: Forcing  # who feeds it
    fed_differs: bool  # from what the other run is fed
    says: str
    is_fed: bool  # to the next step
    differs: bool  # from what the other run says
    was: str | None  # what it said without the injected word, where that is something else
    top: tuple[Likely, ...]
    reference: Reference | None


class Track(NamedTuple):
    """A run."""

    name: str
    kind: Literal["forced", "mixed", "free"]
    title: str
    note: str
    cells: tuple[Cell, ...]


class Tracks(NamedTuple):
    """Both runs over the same steps."""

    steps: int
    first: int | None  # the step at which they part
    injection: Injection | None
    apart: tuple[Apart, ...]
    tracks: tuple[Track, ...]
    narration: tuple[str, ...]  # of each step
    spoken: str
    target_language: str
    labels: Mapping[str, str]
    colors: Mapping[str, str]
    title: str
    sheet: Sheet
    origin: Origin
    view: Literal["tracks"] = "tracks"


def tracks(both: Regimes, *, finding: str, key: str, say: Strings, palette: Palette) -> None:
    """Draw the two runs; `finding` is the sentence above them while no step is looked at, `key` tells these
    tracks from others on the page, which walk through the steps with them."""
    pair = (both.forced, both.free)
    steps = max(len(trace.fed) for trace in pair)
    message = Tracks(
        steps=steps,
        first=both.divergence.first,
        injection=both.injection,
        apart=tuple(Apart(round(min(1.0, kl / _FULL), 3), f"{kl:.2f}") for kl in both.divergence.kl.tolist()),
        tracks=tuple(_track(both, k, say) for k in (0, 1)),
        narration=tuple(_narration(both, step, say) for step in range(steps)),
        spoken=finding,
        target_language=both.forced.target_language,
        labels={name: say(f"tracks.{name}") for name in _LABELS},
        colors={name: getattr(palette, name) for name in _COLORS},
        title=say("tracks.title"),
        sheet=_sheet(both, say),
        origin=origin(both, "tracks"),
    )
    show(message, key=key, on_injection_change=partial(_injected, key))


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


def _injected(key: str) -> None:
    feed(st.session_state[key].get("injection"))


def _sheet(both: Regimes, say: Strings) -> Sheet:
    """A row for each step of each run."""
    head = ("run", "step", "fed", "by", "says", "probability", "reference", "reference_probability", "kl")
    kl = both.divergence.kl.tolist()
    rows = tuple(
        (
            track_title(both, k, say),
            step + 1,
            shown_piece(trace.fed[step].text),
            say(f"tracks.by_{trace.forcing[step]}"),
            shown_piece(best.text),
            float(np.exp(best.log_prob)),
            shown_piece(wanted.text) if wanted is not None else None,
            float(np.exp(log_prob)) if wanted is not None and log_prob is not None else None,
            kl[step] if step < len(kl) else None,
        )
        for k, trace in enumerate((both.forced, both.free))
        for step, ((best, *_), wanted, log_prob) in enumerate(
            zip_longest(trace.candidates, both.wanted[: len(trace.fed)], both.reference_log_probs[k])
        )
    )
    return Sheet(tuple(say(f"tracks.column_{name}") for name in head), rows)


def _track(both: Regimes, k: int, say: Strings) -> Track:
    note = say("tracks.note_forced")
    if k == 1:
        values = {"percent": f"{100 * both.ratio:.0f}", "seed": both.seed}
        note = say("tracks.note_mixed", **values) if both.ratio else say("tracks.note_free")
    return Track(
        name=("forced", "free")[k],
        kind="forced" if k == 0 else "mixed" if both.ratio else "free",
        title=track_title(both, k, say),
        note=note,
        cells=tuple(_cells(both, k, say)),
    )


def _cells(both: Regimes, k: int, say: Strings) -> Iterator[Cell]:
    trace, other = (both.forced, both.free) if k == 0 else (both.free, both.forced)
    was = _was(trace, both.before[k] if both.before else None, both.effects[k])
    rows = zip_longest(trace.candidates, both.wanted[: len(trace.fed)], both.reference_log_probs[k])
    last = len(trace.fed) - 1
    for step, (candidates, wanted, log_prob) in enumerate(rows):
        best: Candidate = candidates[0]
        followed = trace.forcing[step + 1] if step < last else ("forced", "free")[k]
        both_have = step < len(other.fed)
        yield Cell(
            fed=shown_piece(trace.fed[step].text),
            by=trace.forcing[step],
            fed_differs=step > 0 and not (both_have and trace.fed[step].id == other.fed[step].id),
            says=shown_piece(best.text),
            is_fed=followed == "free",
            differs=not (both_have and best.id == other.candidates[step][0].id),
            was=was.get(step),
            top=tuple(_likely(candidate, wanted) for candidate in candidates),
            reference=_reference(wanted, log_prob, followed == "forced", say),
        )


def _likely(candidate: Candidate, wanted: Piece | None) -> Likely:
    probability = float(np.exp(candidate.log_prob))
    return Likely(
        text=shown_piece(candidate.text),
        word=word_of(candidate.text),
        probability=round(probability, 4),
        written=f"{probability:.2f}",
        is_wanted=wanted is not None and wanted.id == candidate.id,
    )


def _reference(wanted: Piece | None, log_prob: float | None, teaches: bool, say: Strings) -> Reference | None:
    if wanted is None or log_prob is None:
        return None
    note = say("tracks.reference_note", **_odds(log_prob))
    return Reference(shown_piece(wanted.text), note, teaches)


def _odds(log_prob: float) -> dict[str, str]:
    """How likely the reference is, and at what loss."""
    return {"probability": f"{np.exp(log_prob):.2f}", "loss": f"{abs(log_prob):.2f}"}


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
            odds = _odds(both.reference_log_probs[0][step])
            parts.append(say("tracks.wants", reference=shown_piece(wanted.text), **odds))
    return " ".join(parts)
