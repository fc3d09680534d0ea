"""Questions answered by processes of their own: pages are drawn while models compute, on as many cores.

    engine = Local(Processes(2), cache=Cache(200 * MEGABYTE))

Python runs one thread of a process at a time. Each model belongs to one of the processes, so that none is in
memory twice. A process that ends is started again, and asked again what it had not answered; a question that
two processes have ended with is told so. None outlives the process that started it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from heapq import heappop, heappush
from pathlib import Path
from typing import Final, NamedTuple

import s2s
from s2s.engine.line import Asked, Listener
from s2s.engine.pipe import Frame, read_frame
from s2s.engine.questions import Request, Translate
from s2s.engine.threads import MOST, ONE_BY_ONE
from s2s.engine.wire import (
    GetHeadParameters,
    GetParameters,
    Learned,
    learned_of,
    pack_request,
    unpack_answer,
)
from s2s.errors import EngineError, S2SError, unforeseen

_PROGRAM: Final = (sys.executable, "-m", "s2s.engine.child")
_TRIES: Final = 2  # processes that may end with a question
_PATIENCE: Final = 5.0  # seconds that one has to end by itself


class Processes:
    """See the module. `count` is how many processes there are at most; each starts with the first question
    to one of its models."""

    def __init__(self, count: int, *, program: Sequence[str] = _PROGRAM) -> None:
        self._children = [_Child(program) for _ in range(count)]
        self._whose: dict[str, _Child] = {}
        self._choosing = threading.Lock()

    @property
    def processes(self) -> list[int]:
        """The numbers of those that run."""
        return [pid for child in self._children if (pid := child.pid) is not None]

    def start(self, listener: Listener) -> None:
        """See `Workers`."""
        for child in self._children:
            child.listener = listener

    def send(self, asked: Asked) -> None:
        """See `Workers`."""
        with self._choosing:
            child = self._whose.setdefault(
                asked.model, self._children[len(self._whose) % len(self._children)]
            )
        child.send(asked)

    def close(self) -> None:
        """End them; what they have not answered fails."""
        for child in self._children:
            child.close()


class _Sent(NamedTuple):
    """What a process is busy with."""

    asked: Asked
    request: Request
    tries: int


class _Child:
    """One process, what it was sent, and what waits."""

    listener: Listener

    def __init__(self, program: Sequence[str]) -> None:
        self._program = program
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False
        self._number = 0
        self._sent: dict[int, _Sent] = {}
        self._going: Counter[str] = Counter()  # by line
        self._waiting: dict[str, list[Asked]] = {}  # heaps
        self._parameters: dict[str, Learned] = {}  # by model

    @property
    def pid(self) -> int | None:
        process = self._process
        return None if process is None else process.pid

    def send(self, asked: Asked) -> None:
        """Take a question."""
        line = _line_of(asked)
        with self._lock:
            if not self._is_closed:
                heappush(self._waiting.setdefault(line, []), asked)
                self._pass_on(line)
                return
        self.listener.failed(asked, EngineError("engine_died"))

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            process = self._process
        if process is None:
            return
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _pass_on(self, line: str) -> None:
        """Send what waits, as far as there is room; the lock is held."""
        waiting = self._waiting[line]
        while waiting and not self._is_closed and self._going[line] < (MOST if line else ONE_BY_ONE):
            asked = heappop(waiting)
            if asked.answer.set_running_or_notify_cancel():
                self._going[line] += 1
                self._transmit(asked, tries=1)

    def _transmit(self, asked: Asked, *, tries: int) -> None:
        """Ask the process, which is started where there is none; the lock is held."""
        request = asked.request
        learned = learned_of(request.question)
        if learned is not None and asked.model not in self._parameters:
            request = Request(asked.model, learned)  # megabytes, in every answer: first, and once
        if self._process is None:
            self._process = self._started()
        self._number += 1
        self._sent[self._number] = _Sent(asked, request, tries)
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # it has ended, which the thread that reads will see
            Frame(self._number, pack_request(request)).write(self._process.stdin)

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self._program,
            cwd=Path(s2s.__file__).parents[1],
            env=os.environ | {"OMP_NUM_THREADS": "1"},  # the other cores have work of their own
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        threading.Thread(target=self._listen, args=(process,), name="answers", daemon=True).start()
        return process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Take its answers, until it ends."""
        assert process.stdout is not None
        with process.stdout:
            while frame := read_frame(process.stdout):
                self._take(frame)
        process.wait()
        with self._lock:
            assert process.stdin is not None
            with suppress(OSError):
                process.stdin.close()
            self._process = None
            left = list(self._sent.values())
            self._sent.clear()
            again = [] if self._is_closed else [one for one in left if one.tries < _TRIES]
            for one in again:
                self._transmit(one.asked, tries=one.tries + 1)
            lost = [one.asked for one in left if one not in again]
            if self._is_closed:
                waiting = (asked for line in self._waiting.values() for asked in line)
                lost += [asked for asked in waiting if asked.answer.set_running_or_notify_cancel()]
        for asked in lost:
            self._fail(asked, EngineError("engine_died"))

    def _take(self, frame: Frame) -> None:
        with self._lock:
            sent = self._sent.pop(frame.number)
        asked, request = sent.asked, sent.request
        self.listener.shared(frame.steps, frame.sentences)
        try:
            is_given = learned_of(request.question) is not None
            parameters = self._parameters.get(request.model) if is_given else None
            value = unpack_answer(frame.body, request, "", parameters)
        except S2SError as error:
            self._fail(asked, error)
        except Exception as error:
            self._fail(asked, unforeseen(error))
        else:
            if isinstance(request.question, GetParameters | GetHeadParameters):
                with self._lock:
                    self._parameters[request.model] = value
                    self._transmit(asked, tries=sent.tries)
                return
            self._leave(asked)
            self.listener.answered(asked, value)

    def _fail(self, asked: Asked, error: S2SError) -> None:
        self._leave(asked)
        self.listener.failed(asked, error)

    def _leave(self, asked: Asked) -> None:
        """Make room for the next in its line."""
        line = _line_of(asked)
        with self._lock:
            self._going[line] -= 1
            self._pass_on(line)


def _line_of(asked: Asked) -> str:
    """Where it waits: each model's translations by themselves, all else in one line."""
    return asked.model if isinstance(asked.question, Translate) else ""
