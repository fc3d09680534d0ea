"""What pages share that show a sound: the recordings that come with the app, what the model heard in them, a
card with the picture, and the sound to play.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from pages.kit.components import show
from pages.kit.export import Origin, quoted
from pages.kit.frame import Frame
from pages.kit.live import Cells, Fact, Numbers, Panel, Series, Word, live_labels
from pages.kit.strings import Strings
from pages.kit.translators import shelf as models
from s2s.engine.questions import Listen
from s2s.errors import CheckpointError
from s2s.figures.listening import listening
from s2s.sound import shelf
from s2s.sound.corpus import Recording, read_packed
from s2s.sound.hearing import Errors, Hearing, Looks, errors, looks
from s2s.sound.utterances import Spoken, Utterance, spelt
from s2s.sound.waves import RATE, Samples, to_text
from s2s.traces import END

PART: Final = "test"  # of the corpus, that the recordings are of
_COLORS: Final = ("background", "teacher", "target", "muted", "grid")
_LOADED: Final = "Recogniser.load(shelf.located())"


class SoundPart(NamedTuple):
    """A stretch of a sound, in seconds."""

    name: str
    start: float
    end: float
    told: str


class Sound(NamedTuple):
    """A sound to play: whole, its parts, and what is pinned in cards."""

    samples: str  # 16 bits each, base64
    rate: int
    parts: tuple[SoundPart, ...]
    rows: Mapping[str, tuple[SoundPart, ...]]  # what each step looked at, by what pins of its card are called
    states: tuple[SoundPart, ...]  # what each encoder state stands for
    labels: Mapping[str, str]
    colors: Mapping[str, str]
    view: Literal["sound"] = "sound"


class Judged(NamedTuple):
    """What was heard beside what is said."""

    errors: Errors
    looks: Looks


@cache
def recordings() -> tuple[Recording, ...]:
    """Those that come with the app. Raises DataError."""
    return tuple(read_packed(shelf.EXAMPLES, PART))


@cache
def voices() -> tuple[str, ...]:
    """Who speaks in them."""
    return tuple(sorted({one.speaker for one in recordings()}))


@cache
def utterance(voice: str, digits: str) -> Utterance:
    """These digits by this speaker."""
    return spelt(recordings(), voice, digits)


def hear(samples: Samples, *, by_hand: tuple[tuple[int, int], ...] = (), steps: int = 0) -> Hearing:
    """What the model makes of a sound. It is asked on this machine, wherever the others are. Raises
    CheckpointError."""
    if shelf.located() is None:
        raise CheckpointError("model_unknown", name=shelf.MODEL, known="")
    return models().engines.local.ask(shelf.MODEL, Listen(to_text(samples), by_hand, steps))


def judged(hearing: Hearing, spoken: Sequence[Spoken]) -> Judged:
    """What was heard, compared with where digits are."""
    found = errors(hearing.digits, [one.digit for one in spoken])
    return Judged(found, looks(hearing, spoken, found))


def code_of(voice: str, digits: str) -> str:
    """The lines of Python that make the picture of an utterance again."""
    return f"""\
from s2s.figures.listening import listening
from s2s.sound import shelf
from s2s.sound.corpus import read_packed
from s2s.sound.hearing import errors
from s2s.sound.utterances import spelt
from s2s.sound.waves import from_text, to_text
from s2s.speech.recogniser import Recogniser

utterance = spelt(read_packed(shelf.EXAMPLES, {quoted(PART)}), {quoted(voice)}, {quoted(digits)})
hearing = {_LOADED}.listen(from_text(to_text(utterance.samples)))  # 16 bits
rows = errors(hearing.digits, utterance.digits).matches
figure = listening(hearing, spoken=utterance.spoken, rows=rows).plotly()"""


def code_of_file() -> str:
    """The same for a sound that is a reader's own."""
    return f"""\
from pathlib import Path

from s2s.figures.listening import listening
from s2s.sound import shelf
from s2s.sound.waves import listenable
from s2s.speech.recogniser import Recogniser

hearing = {_LOADED}.listen(listenable(Path("recording.wav").read_bytes()))
figure = listening(hearing).plotly()"""


def panel(
    hearing: Hearing,
    spoken: Sequence[Spoken],
    frame: Frame,
    *,
    name: str = "heard",
    title: str = "",
    notice: str = "",
    code: str = "",
) -> Panel:
    """The card of what was heard; `spoken` is empty where nobody knows what is said."""
    say, found = frame.say, judged(hearing, spoken)
    called = tuple(END if digit is None else str(digit) for digit in hearing.said)
    figure = listening(
        hearing,
        spoken=spoken,
        rows=found.errors.matches,
        names=called,
        palette=frame.palette,
        font_size=frame.font_size,
    )
    heard = "".join(map(str, hearing.digits))
    return Panel(
        name=name,
        title=title or say("listening.heard"),
        numbers=_numbers(hearing, called, say),
        figure=figure,
        words=tuple(
            Word(called[step], _probability(hearing, step), step > 0, step)
            for step in range(len(called))
            if hearing.said[step] is not None
        ),
        facts=tuple(_facts(hearing, spoken, found, say)),
        notice=notice,
        spoken=_spoken(hearing, heard, say),
        is_wide=True,
        origin=Origin((hearing.model,), heard, code),
    )


def _probability(hearing: Hearing, step: int) -> float:
    digit = hearing.said[step]
    return float(hearing.probabilities[step, 10 if digit is None else digit])


def _numbers(hearing: Hearing, called: tuple[str, ...], say: Strings) -> Numbers:
    steps = range(len(called))
    return Numbers(
        source=tuple(span(*edges) for edges in _states(hearing)),
        target=called,
        source_keys=tuple(f"t{number + 1}" for number in range(len(hearing.encoder_states))),
        target_keys=tuple(f"{name} {called[:step].count(name) + 1}" for step, name in enumerate(called)),
        cells=(Cells(say("live.weight"), hearing.weights, 3), Cells(say("live.score"), hearing.scores, 2)),
        series=(
            Series(
                say("live.probability"),
                tuple(f"{_probability(hearing, step):.2f}" for step in steps),
            ),
            Series(say("listening.looked_at"), tuple(span(*hearing.looked_at(step)) for step in steps)),
        ),
    )


def span(start: float, end: float) -> str:
    """A stretch of time."""
    return f"{start:.2f}–{end:.2f} s"


def _states(hearing: Hearing) -> list[tuple[float, float]]:
    edges = hearing.edges.tolist()
    return list(pairwise(edges))


def _facts(hearing: Hearing, spoken: Sequence[Spoken], found: Judged, say: Strings) -> list[Fact]:
    facts = []
    if spoken:
        wrong, looked = found.errors, found.looks
        facts = [
            Fact(say("listening.errors"), say("listening.of", count=wrong.total, all=len(spoken)),
                 say("listening.errors_help", substituted=wrong.substituted, deleted=wrong.deleted,
                     inserted=wrong.inserted)),
            Fact(say("listening.inside"), f"{100 * looked.inside:.0f}%", say("listening.inside_help")),
            Fact(say("listening.peaks"), say("listening.of", count=looked.peaks, all=looked.steps),
                 say("listening.peaks_help")),
        ]  # fmt: skip
    return [*facts, Fact(say("listening.sure"), f"{hearing.confidence:.2f}", say("listening.sure_help"))]


def _spoken(hearing: Hearing, heard: str, say: Strings) -> str:
    looked = [
        say("listening.spoken_look", digit=digit, span=span(*hearing.looked_at(step)))
        for step, digit in enumerate(hearing.said)
        if digit is not None
    ]
    return " ".join(
        [say("listening.spoken", heard=heard or say("listening.nothing"), count=len(looked)), *looked]
    )


def card_labels(say: Strings) -> dict[str, str]:
    """The words of cards of what was heard."""
    own = ("source_word", "target_word", "pinned_row", "pinned_column", "translation", "help_pin", "absent")
    return live_labels(say, **{name: say(f"listening.{name}") for name in own})


def play(
    samples: Samples, spoken: Sequence[Spoken], heard: Mapping[str, Hearing], frame: Frame, *, key: str
) -> None:
    """Draw the sound, in place where it was drawn before; `heard` is what was heard in it, by the keys of its
    cards."""
    say = frame.say
    first = next(iter(heard.values()))
    parts = [
        _told(say("listening.played_part", digit=one.digit), *one.seconds)._replace(name=str(one.digit))
        for one in spoken
    ]
    message = Sound(
        samples=to_text(samples),
        rate=RATE,
        parts=tuple(parts),
        rows={f"pin-{pin}": tuple(_rows(hearing, say)) for pin, hearing in heard.items()},
        states=tuple(_told(say("listening.played_state"), *edges) for edges in _states(first)),
        labels={name: say(f"listening.{name}") for name in ("play", "stop", "group")},
        colors={name: getattr(frame.palette, name) for name in _COLORS},
    )
    show(message, key=key)


def _rows(hearing: Hearing, say: Strings) -> Iterator[SoundPart]:
    for step, digit in enumerate(hearing.said):
        name = END if digit is None else str(digit)
        yield _told(say("listening.played_row", digit=name), *hearing.looked_at(step))


def _told(what: str, start: float, end: float) -> SoundPart:
    return SoundPart("", start, end, f"{what}: {span(start, end)}")
