"""Background jobs, with real processes: a worker made for the tests, and the command itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.kit import jobs as module
from pages.kit.jobs import (
    Done,
    Failed,
    Job,
    Jobs,
    Place,
    Refused,
    Running,
    Stopped,
    Stopping,
    Waiting,
    is_here,
)
from s2s.errors import S2SError
from tests.apps import until

# Does what its arguments say: tells of progress, results and errors, crashes, reads what it is given, waits
# for a file to appear.
WORKER = """
import json, os, pathlib, signal, sys, time
def say(**event): print(json.dumps(event), flush=True)
done = 0
for word in sys.argv[1:]:
    if word == "progress":
        done += 1
        say(event="progress", done=done, total=9)
    elif word == "result":
        say(event="result", threads=os.environ["OMP_NUM_THREADS"], nice=os.nice(0))
    elif word == "error":
        say(event="error", key="line_columns", values={"path": "x.tsv", "line": 7, "found": 3})
        sys.exit(1)
    elif word == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    elif word == "crash":
        print("not one of our lines", flush=True)
        raise MemoryError("no room")
    elif word == "silent":
        os._exit(3)
    elif word == "stays":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(0.01)
    elif word == "-":
        say(event="result", text=sys.stdin.read())
    else:
        while not pathlib.Path(word).exists():
            time.sleep(0.01)
"""
PROGRAM = (sys.executable, "-c", WORKER)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs(PROGRAM, at_once=2, kept=4)
    yield made
    made.stop_all()


def over(job: Job) -> bool:
    until(lambda: job.is_over)
    return True


def test_progress_arrives_while_the_work_goes_on_and_the_result_at_the_end(jobs: Jobs, tmp_path: Path):
    gate = tmp_path / "gate"
    job = jobs.ask("q", ["progress", "progress", str(gate), "progress", "result"], by="me")
    until(lambda: job.state == Running(2, 9))
    assert not job.is_over
    gate.touch()
    assert over(job)
    assert isinstance(job.state, Done)
    assert job.state.result["event"] == "result"


def test_a_worker_has_one_thread_and_steps_back_for_others(jobs: Jobs):
    job = jobs.ask("q", ["result"], by="me")
    assert over(job)
    assert isinstance(job.state, Done)
    assert job.state.result["threads"] == "1"
    assert job.state.result["nice"] > os.nice(0)


def test_asking_takes_no_longer_than_starting_a_process_and_looking_takes_nothing(jobs: Jobs, tmp_path: Path):
    """Both come back though the worker never ends by itself."""
    job = jobs.ask("q", [str(tmp_path / "never")], by="me")
    for _ in range(1000):
        assert not job.is_over


@pytest.mark.parametrize("manners", ["progress", "deaf"])
def test_stop_ends_the_process_even_one_that_does_not_listen_and_is_then_said(
    jobs: Jobs, tmp_path: Path, manners: str
):
    job = jobs.ask("q", [manners, "progress", str(tmp_path / "never")], by="me")
    until(lambda: isinstance(job.state, Running) and job.state.done > 0)
    jobs.leave(job, by="me")
    if manners == "deaf":  # the other one may have ended already
        assert job.state == Stopping(Stopped())
        assert not job.is_over
    assert over(job)
    assert job.state == Stopped()
    assert job.process is not None
    assert job.process.returncode is not None, "stopped is said of a process that has ended"


def test_an_error_of_the_library_arrives_as_such(jobs: Jobs):
    job = jobs.ask("q", ["progress", "error"], by="me")
    assert over(job)
    assert isinstance(job.state, Failed)
    assert isinstance(job.state.error, S2SError)
    assert str(job.state.error) == "x.tsv, line 7 has 3 columns; a pair needs 2, separated by one tab."


@pytest.mark.parametrize(("way", "reason"), [("crash", "MemoryError: no room"), ("silent", "exit code 3")])
def test_a_crash_of_the_worker_arrives_with_its_last_words(jobs: Jobs, way: str, reason: str):
    job = jobs.ask("q", ["progress", way], by="me")
    assert over(job)
    assert job.state == Failed(None, reason)


def test_a_worker_that_cannot_be_started_is_a_failure_and_not_an_end_of_everything():
    jobs = Jobs(("/no/such/program",))
    job = jobs.ask("q", [], by="me")
    assert over(job)
    assert isinstance(job.state, Failed)
    assert "/no/such/program" in job.state.reason


def test_the_same_question_is_the_same_job_and_its_result_is_kept(jobs: Jobs):
    first = jobs.ask("q", ["result"], by="me")
    assert over(first)
    again = jobs.ask("q", ["crash"], by="another")
    assert again is first is jobs._jobs.get("q")
    assert isinstance(again.state, Done)


def test_a_line_that_is_full_takes_nobody_else_and_remembers_nothing_of_them(tmp_path: Path):
    jobs, gate = Jobs(PROGRAM, at_once=1, waiting=2), tmp_path / "gate"
    asked = [jobs.ask(number, [str(gate), "result"], by="me") for number in range(4)]
    assert [type(job.state) for job in asked] == [Running, Waiting, Waiting, Refused]
    assert (asked.pop().state, len(jobs.line())) == (Refused(2), 3)
    assert jobs.ask(1, [], by="another") is asked[1], "who is in line already is not refused"
    gate.touch()
    assert all(map(over, asked))
    assert over(again := jobs.ask(3, ["result"], by="me"))
    assert isinstance(again.state, Done)


def test_what_failed_or_was_stopped_is_tried_again(jobs: Jobs, tmp_path: Path):
    assert over(jobs.ask("q", ["crash"], by="me"))
    again = jobs.ask("q", [str(tmp_path / "never")], by="me")
    assert not again.is_over
    jobs.leave(again, by="me")
    assert over(last := jobs.ask("q", ["result"], by="me"))
    assert isinstance(last.state, Done)


def test_a_job_that_somebody_else_wants_too_goes_on_when_one_leaves_it(jobs: Jobs, tmp_path: Path):
    gate = tmp_path / "gate"
    job = jobs.ask("q", [str(gate), "result"], by="me")
    assert jobs.ask("q", [], by="another") is job
    jobs.leave(job, by="me")
    gate.touch()
    assert over(job)
    assert isinstance(job.state, Done)


def test_a_few_run_at_a_time_and_the_others_stand_in_line(jobs: Jobs, tmp_path: Path):
    gates = [tmp_path / f"gate {k}" for k in range(4)]
    line = [jobs.ask(k, [str(gate), "result"], by="me") for k, gate in enumerate(gates)]
    assert [type(job.state) for job in line] == [Running, Running, Waiting, Waiting]
    assert [job.state for job in line[2:]] == [Waiting(0), Waiting(1)]
    jobs.leave(line[2], by="me")
    assert line[3].state == Waiting(0)
    gates[0].touch()
    until(lambda: isinstance(line[3].state, Running))
    for gate in gates:
        gate.touch()
    assert over(line[1])
    assert over(line[3])
    assert [type(job.state) for job in line] == [Done, Done, Stopped, Done]
    assert line[2].process is None


def test_only_so_many_results_are_kept_and_none_that_is_not_over(jobs: Jobs, tmp_path: Path):
    running = jobs.ask("running", [str(tmp_path / "never")], by="me")
    for k in range(8):
        assert over(jobs.ask(k, ["result"], by="me"))
    assert jobs._jobs.get("running") is running
    assert jobs._jobs.get(0) is None
    assert jobs._jobs.get(7) is not None


def test_data_are_the_standard_input_of_the_worker(jobs: Jobs):
    data = "je parle\tI speak\n" * 20_000  # more than a pipe holds
    job = jobs.ask("q", ["-"], by="me", data=data.encode())
    assert over(job)
    assert isinstance(job.state, Done)
    assert job.state.result["text"] == data


def test_a_worker_that_ends_without_reading_its_data_is_a_failure_like_any_other(jobs: Jobs):
    job = jobs.ask("q", ["silent"], by="me", data=b"x" * 1_000_000)
    assert over(job)
    assert job.state == Failed(None, "exit code 3")


class Room:
    """Who is connected."""

    def __init__(self, *people: str) -> None:
        self.people = set(people)

    def has(self, reader: str) -> bool:
        return reader in self.people


@pytest.fixture
def room() -> Room:
    return Room("me", "another")


@pytest.fixture
def watched(room: Room) -> Iterator[Jobs]:
    """Jobs that end as soon as nobody is in the room."""
    made = Jobs(PROGRAM, at_once=1, alone=0.0, is_here=room.has)
    yield made
    made.stop_all()


def test_jobs_end_when_all_who_asked_have_gone_also_those_in_line(watched: Jobs, room: Room, tmp_path: Path):
    never = str(tmp_path / "never")
    running = watched.ask("q", [never], by="me")
    assert watched.ask("q", [], by="another") is running
    waiting, wanted = watched.ask("w", [never], by="me"), watched.ask("v", ["result"], by="another")
    room.people.remove("me")
    until(lambda: waiting.is_over)
    assert waiting.state == Stopped()
    assert isinstance(running.state, Running), "another has asked it, too"
    watched.leave(running, by="another")
    assert over(running)
    assert running.state == Stopped()
    assert over(wanted)
    assert isinstance(wanted.state, Done)


def test_a_job_waits_for_a_reader_whose_connection_breaks_for_a_while(room: Room, tmp_path: Path):
    gate = tmp_path / "gate"
    jobs = Jobs(PROGRAM, alone=1e9, is_here=room.has)
    job = jobs.ask("q", [str(gate), "result"], by="me")
    looks = []
    jobs._is_here = lambda reader: looks.append(reader)  # None: nobody is here
    until(lambda: len(looks) > 2)
    gate.touch()
    assert over(job)
    assert isinstance(job.state, Done)


def test_stop_counts_only_those_who_are_here(watched: Jobs, tmp_path: Path):
    """A window that was reloaded has asked under a name that never comes back."""
    jobs = Jobs(PROGRAM, alone=1e9, is_here=lambda reader: reader == "me")
    job = jobs.ask("q", [str(tmp_path / "never")], by="the window before")
    assert jobs.ask("q", [], by="me") is job
    jobs.leave(job, by="me")
    assert over(job)
    assert job.state == Stopped()


def test_what_is_being_stopped_is_not_joined(jobs: Jobs, tmp_path: Path):
    job = jobs.ask("q", ["deaf", "progress", str(tmp_path / "never")], by="me")
    until(lambda: job.state == Running(1, 9))
    jobs.leave(job, by="me")
    again = jobs.ask("q", ["result"], by="another")
    assert again is not job
    assert over(again)
    assert isinstance(again.state, Done)
    assert over(job)
    assert jobs._jobs.get("q") is again


def test_one_that_does_not_end_keeps_its_place_until_it_is_killed(room: Room, tmp_path: Path):
    jobs = Jobs(PROGRAM, at_once=1, is_here=room.has)
    deaf = jobs.ask("q", ["deaf", "progress", str(tmp_path / "never")], by="me")
    until(lambda: deaf.state == Running(1, 9))
    next_one = jobs.ask("w", ["result"], by="me")
    jobs.leave(deaf, by="me")
    assert next_one.state == Waiting(0)
    assert over(next_one)
    assert isinstance(next_one.state, Done)
    assert deaf.process.returncode is not None


def test_a_worker_that_stays_after_its_result_does_not_keep_its_place(room: Room):
    jobs = Jobs(PROGRAM, at_once=1, is_here=room.has)
    first, second = (jobs.ask(k, ["result", "stays"], by="me") for k in range(2))
    assert over(first)
    assert over(second)
    assert isinstance(first.state, Done)
    assert isinstance(second.state, Done)
    jobs.stop_all()


def test_a_job_has_a_bound_on_time(room: Room, tmp_path: Path):
    jobs = Jobs(PROGRAM, at_once=1, limit=0.0, is_here=room.has)
    job = jobs.ask("q", [str(tmp_path / "never")], by="me")
    waiting = jobs.ask("w", [str(tmp_path / "never")], by="me")
    assert over(job)
    assert job.state == Stopped(is_late=True)
    until(lambda: not isinstance(waiting.state, Waiting))
    assert not waiting.is_over or waiting.process is not None, "time in line does not count"


def test_everybody_sees_the_line(jobs: Jobs, tmp_path: Path):
    gate = str(tmp_path / "gate")
    first = jobs.ask(1, ["progress", gate], by="me")
    jobs.ask(2, [gate], by="another")
    jobs.ask(3, ["result"], by="me")
    until(lambda: first.state == Running(1, 9))
    assert jobs.line() == (
        Place("progress", Running(1, 9)), Place(gate, Running(0, 0)), Place("result", Waiting(0))
    )  # fmt: skip
    assert first.state.share == 1 / 9
    Path(gate).touch()
    until(lambda: not jobs.line())


def test_nobody_looks_after_jobs_when_there_are_none(jobs: Jobs):
    assert over(jobs.ask("q", ["result"], by="me"))
    until(lambda: not jobs._is_watched)
    assert over(jobs.ask("w", ["result"], by="me"))
    until(lambda: not jobs._is_watched)


def test_who_is_here_is_asked_of_the_server(monkeypatch: pytest.MonkeyPatch):
    """tests/labs/gap/test_browser.py asks a real one."""

    class Server:
        def is_active_session(self, session: str) -> bool:
            return session == "open"

    monkeypatch.setattr(module.runtime, "get_instance", Server)
    assert is_here("open")
    assert not is_here("closed")
    monkeypatch.undo()
    assert is_here("anybody"), "without a server nobody can have gone"


def test_a_killed_server_leaves_no_file(tmp_path: Path):
    script = f"""
import os, signal, sys, time
sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})
from pages.kit.jobs import Jobs, Running
jobs = Jobs({PROGRAM!r})
job = jobs.ask("q", ["progress", {str(tmp_path / "never")!r}], by="me", data=b"x" * 1_000)
while job.state != Running(1, 9):
    time.sleep(0.01)
print(job.process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    place = tmp_path / "temporary"
    place.mkdir()
    environment = os.environ | {"TMPDIR": str(place)}
    killed = subprocess.run(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    os.kill(int(killed.stdout), signal.SIGKILL)  # the worker of this test never says a line
    assert killed.returncode == -signal.SIGKILL
    assert not list(place.iterdir())


def test_jobs_end_with_the_server(tmp_path: Path):
    """A server that ends takes its workers with it."""
    script = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})
from pages.kit.jobs import Jobs
jobs = Jobs({PROGRAM!r})
job = jobs.ask("q", [{str(tmp_path / "never")!r}], by="me")
while job.process is None:
    time.sleep(0.01)
print(job.process.pid)
"""
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    with pytest.raises(ProcessLookupError):
        os.kill(int(out), 0)
