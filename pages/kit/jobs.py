"""Long work in the background: a process of its own for each question, kept by the server, asked by anyone.

    job = jobs().ask(question, ["gap", "--model", "fr-en-dot", "-", "--events"], by=this_reader(), data=...)
    job.state                             how far it is, a `State`; asking never waits
    jobs().leave(job, by=this_reader())   stops it, unless others who are here asked the same
    jobs().line()                         what runs and what waits, for everybody

The worker is a command of `s2s` that prints a JSON object a line: `{"event": "progress", "done", "total"}`
with `"so_far"` where there is something to see already, at last `{"event": "result", ...}` or
`{"event": "error", "key", "values"}`. It has one thread and a low priority, so that typing in other windows
is answered first. The same question is the same job: who asks it
again, in whatever window, gets its progress or its result. A few run at a time, the others stand in line;
where the line is full, no more are taken in.

A worker ends when it is told to, some time after the last window that asked for it has gone, when its time
is up, with the server, and at its next line when nobody reads it any more. Nothing is written to disk that
a killed server would leave behind. Threads here never call Streamlit's elements.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, Final, NamedTuple

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from s2s.errors import S2SError
from s2s.places import APP

MINUTES: Final = 15  # a job may run, at most
_ROOT: Final = APP.parent
_PROGRAM: Final = (sys.executable, "-m", "s2s")
_AT_ONCE: Final = 2  # jobs of a server that run at the same time
_WAITING: Final = 50  # jobs in line: one for each of a class, and some; each may hold a file of 5 MB
_KEPT: Final = 50  # jobs that are remembered when they have ended
_NICENESS: Final = 10
# Seconds until a job ends that nobody is connected for. Streamlit keeps a session whose connection broke, a
# closed lid say, for as long; whoever comes back later is somebody new, and could not find the job again.
_ALONE: Final = 120.0
_PATIENCE: Final = 2.0  # seconds a worker has to end by itself before it is killed
_LOOK: Final = 0.25  # seconds between two looks at readers, times and workers told to end
_LAST_WORDS: Final = 400  # characters of what a worker said before it ended unasked


class Waiting(NamedTuple):
    """In line."""

    ahead: int  # jobs that stand before it


class Running(NamedTuple):
    """At work; 0 of 0 while the worker starts."""

    done: int
    total: int
    so_far: Mapping[str, Any] | None = None  # what is known before the end, where the worker says it

    @property
    def share(self) -> float:
        """How far it is, from 0 to 1."""
        return self.done / self.total if self.total else 0.0


class Stopped(NamedTuple):
    """Ended before there was a result: the process is gone."""

    is_late: bool = False  # its time was up; otherwise nobody wanted it any more


class Stopping(NamedTuple):
    """Told to end; its process has not ended yet."""

    then: Stopped


class Done(NamedTuple):
    """Finished."""

    result: Mapping[str, Any]


class Failed(NamedTuple):
    """It came to an end without a result."""

    error: S2SError | None  # what the worker said, None if it ended without a word
    reason: str  # for the latter: the last line it said, or its exit code


class Refused(NamedTuple):
    """Not taken in: the line was full."""

    waiting: int


State = Waiting | Running | Stopping | Done | Failed | Stopped | Refused


class Job:
    """One question and how far it is. Made by `Jobs`."""

    def __init__(self, question: Hashable, arguments: Sequence[str], data: bytes | None) -> None:
        self.question = question
        self.arguments = tuple(arguments)
        self.data = data
        self.readers: set[str] = set()
        self.state: State = Waiting(0)
        self.process: subprocess.Popen[bytes] | None = None
        self.seen = time.monotonic()  # when one of its readers was last here
        self.since: float | None = None  # when its process began, was told to end or ended; None in line

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return isinstance(self.state, (Done, Failed, Stopped, Refused))


class Place(NamedTuple):
    """A job that is not over, as everybody may see it."""

    kind: str  # the command
    state: State


def this_reader() -> str:
    """Who looks at the page that is drawn: its session. Only where a page is drawn."""
    context = get_script_run_ctx()
    assert context is not None
    return context.session_id


def is_here(reader: str) -> bool:
    """Whether a session's browser is connected. Its WebSocket tells: it is closed with the tab, and a browser
    keeps it alive in a tab in the background, where it lets timers run once a minute."""
    try:
        return bool(runtime.get_instance().is_active_session(reader))
    except RuntimeError:  # there is no server; a script uses the jobs by itself
        return True


class Jobs:
    """All jobs of one server. Every window may ask at any time.

    `at_once` of them run at the same time, for at most `limit` seconds each, and end when nobody who asked
    `is_here` for `alone` seconds; `waiting` stand in line at most.
    """

    def __init__(
        self,
        program: Sequence[str] = _PROGRAM,
        *,
        at_once: int = _AT_ONCE,
        waiting: int = _WAITING,
        kept: int = _KEPT,
        limit: float = MINUTES * 60,
        alone: float = _ALONE,
        is_here: Callable[[str], bool] = is_here,
    ) -> None:
        self.at_once = at_once
        self._program = tuple(program)
        self.waiting = waiting
        self._kept = kept
        self._limit = limit
        self._alone = alone
        self._is_here = is_here
        self._lock = threading.RLock()
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()  # the last of each question
        self._line: list[Job] = []  # those that wait, and those whose process has not ended
        self._is_watched = False
        atexit.register(self.stop_all)

    def ask(self, question: Hashable, arguments: Sequence[str], *, by: str, data: bytes | None = None) -> Job:
        """The job of a question, started or put in line if there is none or it came to nothing; one that is
        refused where the line is full.

        `by` is who asks, see `this_reader`. `arguments` follow the program; `data` are its standard input.
        """
        with self._lock:
            job = self._jobs.get(question)
            if job is None or isinstance(job.state, (Failed, Stopping, Stopped)):
                waiting = sum(isinstance(other.state, Waiting) for other in self._line)
                if waiting >= self.waiting:
                    job = Job(question, arguments, None)  # of which nothing is remembered
                    job.state = Refused(waiting)
                    return job
                self._jobs.pop(question, None)  # behind all others, in the line and in memory
                job = self._jobs[question] = Job(question, arguments, data)
                self._line.append(job)
                self._forget()
            job.readers.add(by)
            job.seen = time.monotonic()
            self._advance()
            if not self._is_watched:
                self._is_watched = True
                threading.Thread(target=self._watch, name="watch-jobs", daemon=True).start()
        return job

    def leave(self, job: Job, *, by: str) -> None:
        """One reader wants it no longer: it is stopped, unless another who asked it is here. Never waits."""
        with self._lock:
            job.readers.discard(by)
            if not any(map(self._is_here, job.readers)):
                self._stop(job, Stopped())

    def line(self) -> tuple[Place, ...]:
        """The jobs that are not over, those that run first, then in the order in which they will."""
        with self._lock:
            return tuple(
                Place(job.arguments[0] if job.arguments else "", job.state)
                for job in sorted(self._line, key=lambda job: job.since is None)
                if not job.is_over
            )

    def stop_all(self) -> None:
        """Stop whatever runs or waits; back when it has ended."""
        with self._lock:
            processes = [job.process for job in self._line if job.process is not None]
            for job in self._line:  # none of them starts another: the server may be at its end
                self._reach(job, Stopped())
        for process in processes:
            process.terminate()
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            process.kill()

    def _stop(self, job: Job, then: Stopped) -> None:
        """End a job: at once in line, otherwise when its process has."""
        if isinstance(job.state, Waiting):
            self._reach(job, then)
            self._line.remove(job)
        elif isinstance(job.state, Running):
            self._reach(job, Stopping(then))
            if job.process is not None:
                job.process.terminate()
        self._advance()

    def _watch(self) -> None:
        """Look after all jobs until there is none, in a thread of its own."""
        while True:
            time.sleep(_LOOK)
            with self._lock:
                for job in list(self._line):
                    self._look_after(job, time.monotonic())
                if not self._line:
                    self._is_watched = False
                    return

    def _look_after(self, job: Job, now: float) -> None:
        """End a job that nobody waits for or whose time is up, and kill a process that does not end."""
        if any(map(self._is_here, job.readers)):
            job.seen = now
        lasted = 0.0 if job.since is None else now - job.since
        if job.is_over or isinstance(job.state, Stopping):
            if lasted > _PATIENCE and job.process is not None:
                job.process.kill()
        elif now - job.seen > self._alone:
            self._stop(job, Stopped())
        elif lasted > self._limit:
            self._stop(job, Stopped(is_late=True))

    def _advance(self) -> None:
        """Start who is next in line, and tell the others their places."""
        free = self.at_once - sum(job.since is not None for job in self._line)
        waiting = [job for job in self._line if isinstance(job.state, Waiting)]
        for job in waiting[: max(0, free)]:
            self._reach(job, Running(0, 0))
            threading.Thread(target=self._work, args=(job,), name="job", daemon=True).start()
        for ahead, job in enumerate(waiting[max(0, free) :]):
            job.state = Waiting(ahead)

    def _forget(self) -> None:
        over = [question for question, job in self._jobs.items() if job.is_over]
        for question in over[: max(0, len(self._jobs) - self._kept)]:
            del self._jobs[question]

    def _work(self, job: Job) -> None:
        """Run the worker and follow it to its end; in a thread of its own."""
        end: State
        try:
            with tempfile.TemporaryFile() as log:
                code = self._follow(job, log)
                log.seek(0)
                end = Failed(None, _last_words(log.read(), code))
        except OSError as error:
            end = Failed(None, str(error))
        with self._lock:
            self._reach(job, job.state.then if isinstance(job.state, Stopping) else end)
            self._line.remove(job)
            self._advance()

    def _follow(self, job: Job, log: IO[bytes]) -> int:
        """Read what a worker says until it ends: its exit code."""
        data, job.data = job.data, None
        with self._lock:
            if not isinstance(job.state, Running):
                return 0
            process = job.process = _start([*self._program, *job.arguments], log)
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdout as lines:
            with suppress(BrokenPipeError), process.stdin as given:  # it may end before it has read all
                given.write(data or b"")
            for line in lines:
                self._told(job, line)
        return process.wait()

    def _told(self, job: Job, line: bytes) -> None:
        state: State
        try:
            event = json.loads(line)
            kind = event["event"]
            if kind == "progress":
                state = Running(event["done"], event["total"], event.get("so_far"))
            elif kind == "result":
                state = Done(event)
            elif kind == "error":
                state = Failed(S2SError(event["key"], **event["values"]), "")
            else:
                return
        except (ValueError, LookupError, TypeError):  # not one of ours; its end will say what came of it
            return
        with self._lock:
            if not isinstance(job.state, Stopping):
                self._reach(job, state)

    def _reach(self, job: Job, state: State) -> None:
        """Go on to a state, but never from the end back."""
        with self._lock:
            if job.is_over:
                return
            if type(state) is not type(job.state):
                job.since = time.monotonic()
            job.state = state


def _start(command: Sequence[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """A worker with one thread, below the server's priority."""
    process = subprocess.Popen(
        command,
        cwd=_ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),  # Windows
    )
    if hasattr(os, "setpriority"):  # elsewhere; before it has threads, which take it over
        with suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    return process


def _last_words(said: bytes, code: int) -> str:
    lines = said.decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1][:_LAST_WORDS] if lines else f"exit code {code}"


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The jobs of this server."""
    return Jobs()
