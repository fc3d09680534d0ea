"""An engine elsewhere while it answers, and the one here while it does not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from s2s.engine.questions import Engine, Question
from s2s.errors import EngineError

Found = TypeVar("Found")
Listener = Callable[[EngineError | None], None]

# Of one model alone: the engine here answers, and the other is asked the next question as before.
_OF_A_MODEL: Final = ("engine_without_model", "engine_other_weights")


class Checked(Engine, Protocol):
    """An engine that can say whether it is there."""

    def check(self) -> None:
        """Raises EngineError where it is not."""
        ...


class Fallback:
    """Asks `remote`, and `local` from the moment that it fails until a check, every few seconds in the
    background, finds it again. Threads may ask at the same time.

    Errors that a question deserves are the answer to it, and no failure.
    """

    def __init__(
        self, remote: Checked, local: Engine, *, every: float = 5.0, listener: Listener | None = None
    ) -> None:
        """`every` is how many seconds pass between two checks. `listener` is told each change, from whatever
        thread notices it: the error that made `remote` fail, None when it is back."""
        self._remote, self._local = remote, local
        self._every = every
        self._listener = listener
        self._failure: EngineError | None = None
        self._changing = threading.Lock()
        self._closed = threading.Event()

    @property
    def failure(self) -> EngineError | None:
        """Why `local` answers now; None while `remote` does."""
        return self._failure

    def ask(self, model: str, question: Question[Found], *, guess: str = "") -> Found:
        """The answer of a model, by whoever can give it. Raises the S2SError that the question deserves."""
        if self._failure is None:
            try:
                return self._remote.ask(model, question, guess=guess)
            except EngineError as error:
                if error.key not in _OF_A_MODEL:
                    self._fail(error)
        return self._local.ask(model, question, guess=guess)

    def close(self) -> None:
        """Look for `remote` no more."""
        self._closed.set()

    def _fail(self, error: EngineError) -> None:
        with self._changing:
            if self._failure is not None:  # another thread was faster
                return
            self._change(error)
        threading.Thread(target=self._look, name="look-for-engine", daemon=True).start()

    def _look(self) -> None:
        while not self._closed.wait(self._every):
            try:
                self._remote.check()
            except EngineError:
                continue
            with self._changing:
                self._change(None)
            return

    def _change(self, failure: EngineError | None) -> None:
        self._failure = failure
        if self._listener is not None:
            self._listener(failure)
