"""Questions answered by threads of this process, and the models that answer them.

Sentences to translate join those of their model that are already on their way, at their next step, and each
is answered as soon as it has ended: nobody waits for a batch to fill, and a long sentence holds up nobody.
What takes longer (comparisons, workings, gradients) is answered one after the other, on processors that
translations leave.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Protocol

from s2s.engine.line import Asked, Line, Listener
from s2s.engine.questions import Translate
from s2s.errors import CheckpointError, S2SError
from s2s.sound import shelf

if TYPE_CHECKING:
    from s2s.translator import Translator

MOST: Final = 16  # sentences of a model that are on their way together; others wait
ONE_BY_ONE: Final = max(1, (os.cpu_count() or 1) - 1)  # other questions that are answered at the same time


class Workers(Protocol):
    """Who computes answers. A question that has not begun can be cancelled by its `answer`."""

    @property
    def processes(self) -> Sequence[int]:
        """The numbers of other processes that do."""
        ...

    def start(self, listener: Listener) -> None:
        """Say whom to tell; before the first question, once."""
        ...

    def send(self, asked: Asked) -> None:
        """Take a question; returns at once."""
        ...


class Loaded:
    """The translator of a model by its name, loaded when it is first asked for. Threads may ask at the same
    time."""

    def __init__(self) -> None:
        self._found: dict[str, Translator] = {}
        self._loading = threading.Lock()

    def __call__(self, name: str) -> Translator:
        """Raises the S2SError that keeps it from being used."""
        with self._loading:
            if name not in self._found:
                self._found[name] = self._load(name)
            return self._found[name]

    def _load(self, name: str) -> Translator:
        # They load torch: seconds, which nobody waits for.
        from s2s.speech.recogniser import Recogniser
        from s2s.translator import Translator

        try:
            folder = shelf.located(name)
            if folder is not None:  # it answers other questions
                return Recogniser.load(folder)  # type: ignore[return-value]
            translator = Translator.load(name)
        except S2SError:
            raise
        except Exception as error:  # whatever it is, the page says it and the other models answer
            raise CheckpointError("part_damaged", path=name, reason=repr(error)) from error
        gc.freeze()  # what is loaded stays: no later collection looks through it again
        return translator


class Threads:
    """See the module. `translator` gives the translator of a model, or raises why it cannot be used."""

    def __init__(self, translator: Callable[[str], Translator], *, most: int = MOST) -> None:
        self._translator, self._most = translator, most
        self._known: dict[str, Translator] = {}
        self._one_by_one = ThreadPoolExecutor(ONE_BY_ONE, "one-by-one")
        self._loading = ThreadPoolExecutor(1, "load")

    @property
    def processes(self) -> tuple[()]:
        """None."""
        return ()

    def start(self, listener: Listener) -> None:
        """See `Workers`."""
        self._listener = listener
        self._line = Line(self._most, listener, self._answer)

    def send(self, asked: Asked) -> None:
        """See `Workers`."""
        if not isinstance(asked.question, Translate):
            self._one_by_one.submit(self._begin, asked)
        elif asked.model in self._known:
            self._line.join(asked, self._known[asked.model])
        else:
            self._loading.submit(self._load, asked)

    def _load(self, asked: Asked) -> None:
        """Load the model before its first sentence joins, so that no other waits for that."""
        try:
            self._known[asked.model] = self._translator(asked.model)
        except BaseException as error:
            if asked.answer.set_running_or_notify_cancel():
                self._listener.failed(asked, error)
        else:
            self._line.join(asked, self._known[asked.model])

    def _begin(self, asked: Asked) -> None:
        if asked.answer.set_running_or_notify_cancel():
            self._answer(asked)

    def _answer(self, asked: Asked) -> None:
        """Answer one question alone."""
        try:
            value = asked.question.of(self._translator(asked.model))
        except BaseException as error:
            self._listener.failed(asked, error)
        else:
            self._listener.answered(asked, value)
