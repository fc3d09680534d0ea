"""What a reader chose to be heard."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Final

from pages.kit.listening import voices
from pages.kit.state import Choice, Number, OneOf, chosen, keep
from s2s.sound.utterances import LONGEST

EXAMPLES, MICROPHONE, FILE = SOUNDS = ("examples", "microphone", "file")
_FIRST: Final = "40728"
_random: Final = random.SystemRandom()


@dataclass(frozen=True)
class Digits(Choice):
    """Digits in a row, one to eight."""

    default: str

    def checked(self, value: Any) -> str:
        """The digits of a text, cut where there are too many; the default where there are none."""
        found = "".join(sign for sign in value if sign in "0123456789") if isinstance(value, str) else ""
        return found[:LONGEST] or self.default


@dataclass(frozen=True)
class View:
    """Which sound, and which digit is fed by hand. A reader's own sound is in no link."""

    sound: str = chosen(OneOf(SOUNDS))
    voice: str = chosen(OneOf(voices))
    digits: str = chosen(Digits(_FIRST))
    fed_step: int = chosen(Number(0, 0, 2 * LONGEST), link="fed-step")  # 0 for none
    fed_digit: int = chosen(Number(0, 0, 9), link="fed-digit")


def shuffle() -> None:
    """Another utterance."""
    count = _random.randint(3, LONGEST)
    digits = "".join(str(_random.randrange(10)) for _ in range(count))
    keep(View, sound=EXAMPLES, voice=_random.choice(voices()), digits=digits, fed_step=0)
