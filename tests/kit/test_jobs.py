"""Background jobs, with real processes: a worker made for the tests, and the command itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.kit.jobs import DATA, Done, Failed, Job, Jobs, Running, Stopped, Waiting
from s2s.data.corpora import pairs_as_tsv
from s2s.errors import S2SError
from s2s.evaluate.exposure import measure_gap
from s2s.evaluate.gap import Gap
from s2s.translator import Translator
from tests.apps import until
from tests.sentences import PHRASES

# Does what its arguments say: tells of progress, results and errors, crashes, reads its data, waits for a
# file to appear.
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
    elif word.endswith("pairs.tsv"):
        say(event="result", place=word, text=pathlib.Path(word).read_text())
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
def test_stop_ends_the_process_even_one_that_does_not_listen(jobs: Jobs, tmp_path: Path, manners: str):
    job = jobs.ask("q", [manners, "progress", str(tmp_path / "never")], by="me")
    until(lambda: isinstance(job.state, Running) and job.state.done > 0)
    jobs.leave("q", by="me")
    assert job.state == Stopped()
    assert job.process is not None
    until(lambda: job.process.poll() is not None)
    assert job.state == Stopped()


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
    assert again is first is jobs.find("q")
    assert isinstance(again.state, Done)


def test_what_failed_or_was_stopped_is_tried_again(jobs: Jobs, tmp_path: Path):
    assert over(jobs.ask("q", ["crash"], by="me"))
    again = jobs.ask("q", [str(tmp_path / "never")], by="me")
    assert not again.is_over
    jobs.leave("q", by="me")
    assert over(last := jobs.ask("q", ["result"], by="me"))
    assert isinstance(last.state, Done)


def test_a_job_that_somebody_else_wants_too_goes_on_when_one_leaves_it(jobs: Jobs, tmp_path: Path):
    gate = tmp_path / "gate"
    job = jobs.ask("q", [str(gate), "result"], by="me")
    assert jobs.ask("q", [], by="another") is job
    jobs.leave("q", by="me")
    gate.touch()
    assert over(job)
    assert isinstance(job.state, Done)


def test_a_few_run_at_a_time_and_the_others_stand_in_line(jobs: Jobs, tmp_path: Path):
    gates = [tmp_path / f"gate {k}" for k in range(4)]
    line = [jobs.ask(k, [str(gate), "result"], by="me") for k, gate in enumerate(gates)]
    assert [type(job.state) for job in line] == [Running, Running, Waiting, Waiting]
    assert [job.state for job in line[2:]] == [Waiting(0), Waiting(1)]
    jobs.leave(2, by="me")
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
    assert jobs.find("running") is running
    assert jobs.find(0) is None
    assert jobs.find(7) is not None


def test_data_are_given_to_the_worker_as_a_file_which_is_gone_afterwards(jobs: Jobs):
    job = jobs.ask("q", [DATA], by="me", data=b"je parle\tI speak\n")
    assert over(job)
    assert isinstance(job.state, Done)
    assert job.state.result["text"] == "je parle\tI speak\n"
    until(lambda: not Path(job.state.result["place"]).exists())


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


def test_a_worker_whose_server_is_gone_without_a_word_ends_at_its_next_line(trained_folder: Path, tmp_path):
    data = tmp_path / "pairs.tsv.gz"
    data.write_bytes(pairs_as_tsv(PHRASES * 500))
    command = [sys.executable, "-m", "s2s", "gap", "--model", str(trained_folder), str(data), "--events"]
    worker = subprocess.Popen(command, cwd=Path(__file__).resolve().parents[2], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    worker.stdout.readline()
    worker.stdout.close()
    until(lambda: worker.poll() is not None)


def test_the_command_itself_is_measured_in_the_background(trained_folder: Path, translator: Translator):
    jobs = Jobs()
    data = "".join(f"{source}\t{target}\n" for source, target in PHRASES).encode()
    arguments = ["gap", "--model", str(trained_folder), DATA, "--events"]
    job = jobs.ask("q", arguments, by="me", data=data)
    assert over(job)
    assert isinstance(job.state, Done), job.state
    assert Gap.from_dict(job.state.result["gap"]) == list(measure_gap(translator, PHRASES))[-1]
    wrong = jobs.ask("w", arguments, by="me", data=b"je parle\tI speak\nje parle\n")
    assert over(wrong)
    assert isinstance(wrong.state, Failed)
    assert wrong.state.error is not None
    assert wrong.state.error.key == "line_columns"
    assert wrong.state.error.values["line"] == 2
