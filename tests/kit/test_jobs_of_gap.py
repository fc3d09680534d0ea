"""Background jobs that measure: the command `gap` as their worker."""

import subprocess
import sys
from pathlib import Path

from pages.kit.jobs import Done, Failed, Jobs
from s2s.data.corpora import pairs_as_tsv
from s2s.evaluate.exposure import measure_gap
from s2s.evaluate.gap import Gap
from s2s.translator import Translator
from tests.apps import until
from tests.sentences import PHRASES


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
    arguments = ["gap", "--model", str(trained_folder), "-", "--events"]
    job = jobs.ask("q", arguments, by="me", data=data)
    until(lambda: job.is_over)
    assert isinstance(job.state, Done), job.state
    assert Gap.from_dict(job.state.result["gap"]) == list(measure_gap(translator, PHRASES))[-1]
    wrong = jobs.ask("w", arguments, by="me", data=b"je parle\tI speak\nje parle\n")
    until(lambda: wrong.is_over)
    assert isinstance(wrong.state, Failed)
    assert wrong.state.error is not None
    assert wrong.state.error.key == "line_columns"
    assert wrong.state.error.values["line"] == 2
