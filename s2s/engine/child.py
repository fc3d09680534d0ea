"""`python -m s2s.engine.child`: answers questions that come in on its standard input, and ends with it.

`s2s.engine.processes` starts it. What it answers goes out on its standard output, in frames; what it says
otherwise, on its standard error.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import IO, Any

from s2s.engine.line import Asked
from s2s.engine.pipe import Frame, read_frame
from s2s.engine.threads import Loaded, Threads
from s2s.engine.wire import pack_answer, unpack_request
from s2s.errors import S2SError, unforeseen


class _Answers:
    """Writes them (see `Listener`)."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._writing = threading.Lock()
        self._steps = self._sentences = 0

    def answered(self, asked: Asked, value: Any) -> None:
        try:
            body = pack_answer(asked.request, "", value)
        except Exception as error:
            body = pack_answer(asked.request, "", unforeseen(error))
        with self._writing:
            steps, sentences, self._steps, self._sentences = self._steps, self._sentences, 0, 0
            assert isinstance(asked.key, int)
            Frame(asked.key, body, steps, sentences).write(self._pipe)

    def failed(self, asked: Asked, error: BaseException) -> None:
        self.answered(asked, error if isinstance(error, S2SError) else unforeseen(error))

    def shared(self, steps: int, sentences: int) -> None:
        with self._writing:
            self._steps += steps
            self._sentences += sentences


def main() -> None:
    """Answer until nobody can ask any longer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches it too, and its end comes by the pipe
    with os.fdopen(os.dup(0), "rb") as questions, os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # nothing that is printed gets among the answers
        workers = Threads(Loaded())
        workers.start(_Answers(answers))
        while frame := read_frame(questions):
            workers.send(Asked(frame.number, unpack_request(frame.body)))
        os._exit(0)  # whatever its threads are at


if __name__ == "__main__":
    main()
