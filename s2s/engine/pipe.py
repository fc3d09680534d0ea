"""What goes through the pipes between a process and those that answer for it.

A frame is a number, which tells an answer from others, two counts, and a message of `s2s.engine.wire`. An
answer's counts are the steps that were taken since the answer before, and the sentences in them.
"""

from __future__ import annotations

import struct
from typing import IO, Final, NamedTuple

_HEAD: Final = struct.Struct(">QIII")


class Frame(NamedTuple):
    """A message, and which it is."""

    number: int
    body: bytes
    steps: int = 0
    sentences: int = 0

    def write(self, pipe: IO[bytes]) -> None:
        """Raises OSError where nobody reads any longer."""
        pipe.write(_HEAD.pack(self.number, self.steps, self.sentences, len(self.body)))
        pipe.write(self.body)
        pipe.flush()


def read_frame(pipe: IO[bytes]) -> Frame | None:
    """The next one; None where there are no more, or one was cut."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    number, steps, sentences, length = _HEAD.unpack(head)
    body = pipe.read(length)
    return Frame(number, body, steps, sentences) if len(body) == length else None
