"""Long work in the background: a process of its own for each question, kept by the server, asked by anyone.

    job = jobs().ask(question, ["gap", "--model", "fr-en-dot", DATA, "--events"], by=reader, data=...)
    job.state                             Waiting, Running, Done, Failed or Stopped; a look that never waits
    jobs().leave(question, by=reader)     stops it, unless others asked the same

The worker is a command of `s2s` that prints a JSON object a line: `{"event": "progress", "done", "total"}`
with `"so_far"` where there is something to see already, at last `{"event": "result", ...}` or
`{"event": "error", "key", "values"}`. It has one thread and a low priority, so that typing in other windows
is answered first. The same question is the same job: who asks it
again, in whatever window, gets its progress or its result. A few run at a time, the others stand in line.

A worker ends when it is told to, with the server, and at its next line when nobody reads it any more.
Threads here never call Streamlit.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import streamlit as st

from s2s.errors import S2SError
from s2s.places import APP

DATA: Final = "DATA"  # in the arguments of a job: where its data are
_ROOT: Final = APP.parent
_PROGRAM: Final = (sys.executable, "-m", "s2s")
_AT_ONCE: Final = 2  # jobs of a server that run at the same time
_KEPT: Final = 50  # jobs that are remembered when they have ended
_NICENESS: Final = 10
_PATIENCE: Final = 2.0  # seconds a worker has to end by itself before it is killed
_LAST_WORDS: Final = 400  # characters of what a worker said before it ended unasked


class Waiting(NamedTuple):
    """In line."""

    ahead: int  # jobs that stand before it


class Running(NamedTuple):
    """At work; 0 of 0 while the worker starts."""

    done: int
    total: int
    so_far: Mapping[str, Any] | None = None  # what is known before the end, where the worker says it


class Done(NamedTuple):
    """Finished."""

    result: Mapping[str, Any]


class Failed(NamedTuple):
    """It came to an end without a result."""

    error: S2SError | None  # what the worker said, None if it ended without a word
    reason: str  # for the latter: the last line it said, or its exit code


class Stopped(NamedTuple):
    """Everybody who asked it has left it."""


State = Waiting | Running | Done | Failed | Stopped


class Job:
    """One question and how far it is. Made by `Jobs`."""

    def __init__(self, question: Hashable, arguments: Sequence[str], data: bytes | None) -> None:
        self.question = question
        self.arguments = tuple(arguments)
        self.data = data
        self.readers: set[str] = set()
        self.state: State = Waiting(0)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return isinstance(self.state, (Done, Failed, Stopped))


class Jobs:
    """All jobs of one server. Every window may ask at any time."""

    def __init__(
        self, program: Sequence[str] = _PROGRAM, *, at_once: int = _AT_ONCE, kept: int = _KEPT
    ) -> None:
        self._program = tuple(program)
        self._at_once = at_once
        self._kept = kept
        self._lock = threading.RLock()
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        atexit.register(self.stop_all)

    def ask(self, question: Hashable, arguments: Sequence[str], *, by: str, data: bytes | None = None) -> Job:
        """The job of a question, started or put in line if there is none or it came to nothing.

        `by` is who asks; a reader's window, say. `arguments` follow the program; where one of them is DATA,
        the worker finds a file with `data`.
        """
        with self._lock:
            job = self._jobs.get(question)
            if job is None or isinstance(job.state, (Failed, Stopped)):
                self._jobs.pop(question, None)  # behind all others, in the line and in memory
                job = self._jobs[question] = Job(question, arguments, data)
                self._forget()
            job.readers.add(by)
            self._advance()
        return job

    def find(self, question: Hashable) -> Job | None:
        """The job of a question, if it was asked."""
        with self._lock:
            return self._jobs.get(question)

    def leave(self, question: Hashable, *, by: str) -> None:
        """One reader wants it no longer: it is stopped when no other does. Returns at once."""
        with self._lock:
            job = self._jobs.get(question)
            if job is not None:
                job.readers.discard(by)
                if not job.readers:
                    self._stop(job)

    def stop_all(self) -> None:
        """Stop whatever runs or waits; back when it has ended."""
        with self._lock:
            ended = [job for job in self._jobs.values() if not job.is_over]
            for job in ended:  # none of them starts another: the server may be at its end
                job.state = Stopped()
        processes = [job.process for job in ended if job.process is not None]
        for process in processes:
            process.terminate()
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            process.kill()

    def _stop(self, job: Job) -> None:
        if not job.is_over:
            job.state = Stopped()
            if job.process is not None:
                _end(job.process)
            self._advance()

    def _advance(self) -> None:
        """Start who is next in line, and tell the others their places."""
        running = sum(isinstance(job.state, Running) for job in self._jobs.values())
        ahead = 0
        for job in list(self._jobs.values()):
            if not isinstance(job.state, Waiting):
                continue
            if running < self._at_once:
                running += 1
                job.state = Running(0, 0)
                threading.Thread(target=self._work, args=(job,), name="job", daemon=True).start()
            else:
                job.state = Waiting(ahead)
                ahead += 1

    def _forget(self) -> None:
        over = [question for question, job in self._jobs.items() if job.is_over]
        for question in over[: max(0, len(self._jobs) - self._kept)]:
            del self._jobs[question]

    def _work(self, job: Job) -> None:
        """Run the worker and follow it to its end; in a thread of its own."""
        with tempfile.TemporaryDirectory(prefix="s2s-") as folder, tempfile.TemporaryFile() as log:
            data = Path(folder) / "pairs.tsv"
            if job.data is not None:
                data.write_bytes(job.data)
            job.data = None
            try:
                with self._lock:
                    if job.is_over:
                        return
                    job.process = _start([*self._program, *_placed(job.arguments, data)], log)
                assert job.process.stdout is not None
                with job.process.stdout as lines:
                    for line in lines:
                        self._told(job, line)
                code = job.process.wait()
                log.seek(0)
                self._reach(job, Failed(None, _last_words(log.read(), code)))
            except OSError as error:
                self._reach(job, Failed(None, str(error)))
            finally:
                with self._lock:
                    self._advance()

    def _told(self, job: Job, line: bytes) -> None:
        try:
            event = json.loads(line)
            kind = event["event"]
            if kind == "progress":
                self._reach(job, Running(event["done"], event["total"], event.get("so_far")))
            elif kind == "result":
                self._reach(job, Done(event))
            elif kind == "error":
                self._reach(job, Failed(S2SError(event["key"], **event["values"]), ""))
        except (ValueError, LookupError, TypeError):  # not one of ours; its end will say what came of it
            return

    def _reach(self, job: Job, state: State) -> None:
        """Go on to a state, but never from the end back."""
        with self._lock:
            if not job.is_over:
                job.state = state


def _start(command: Sequence[str], log: Any) -> subprocess.Popen[bytes]:
    """A worker with one thread, below the server's priority."""
    process = subprocess.Popen(
        command,
        cwd=_ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),  # Windows
    )
    if hasattr(os, "setpriority"):  # elsewhere; before it has threads, which take it over
        with suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a worker to end, and see to it later that it has."""
    process.terminate()
    later = threading.Timer(_PATIENCE, process.kill)
    later.daemon = True
    later.start()


def _placed(arguments: Sequence[str], data: Path) -> list[str]:
    return [str(data) if argument == DATA else argument for argument in arguments]


def _last_words(said: bytes, code: int) -> str:
    lines = said.decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1][:_LAST_WORDS] if lines else f"exit code {code}"


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The jobs of this server."""
    return Jobs()
