"""What many learners take is arithmetic on what was measured of one process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import sizing
from benchmarks.processes import busy, command, family, memory, parts
from benchmarks.report import Spread
from benchmarks.sizing import Crowd, Figures, first_table, second_table

FIGURES = Figures(
    machine=2, empty=1000.0, open=0.5, after=1100.0, kept=90.0, files=2e6, messages=1e5,
    crowds={
        1: Crowd(Spread(50, 90), 1.0, 0.05, 40_000, 1.0),
        10: Crowd(Spread(300, 499), 9.0, 0.04, 40_000, 0.9),
        20: Crowd(Spread(900, 1500), 12.0, 0.03, 50_000, 0.6),
    },
)  # fmt: skip


def cells(table: str) -> dict[str, list[str]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {name: values for name, *values in rows}


def test_live_is_the_largest_crowd_that_does_not_wait() -> None:
    assert FIGURES.live == 10
    slow = {people: one._replace(times=Spread(600, 700)) for people, one in FIGURES.crowds.items()}
    assert FIGURES._replace(crowds=slow).live == 0
    assert FIGURES._replace(crowds=slow).typical == slow[1]


def test_what_learners_take_is_what_processes_pages_and_answers_take() -> None:
    found = cells(second_table(FIGURES))
    assert found["typing at once, T"] == ["30", "125", "25,000"]
    assert found["apps, N = T / P rounded up"] == ["3", "13", "2,500"]
    assert found["cores, N * K"] == ["6", "26", "5,000"]
    most = 1000 + sizing._KEPT / 1e6
    assert found["memory, N * F + O * S"][0] == f"{(3 * most + 30 * 0.5) / 1000:,.1f} GB"
    assert found["cores that compute all the time, T * C"] == ["1.2", "5.0", "1,000.0"]
    assert found["answers on the network, T * B * 8"] == ["0.010 Gbit/s", "0.040 Gbit/s", "8.000 Gbit/s"]
    assert found["first visits, O * V"] == ["0.06 GB", "0.53 GB", "105.00 GB"]
    assert found["the same for each learner, N * K / L"] == ["0.2", "0.026", "0.005"]


def test_tables_stand_between_their_markers_and_nothing_else_changes(tmp_path: Path) -> None:
    page = tmp_path / "SIZING.md"
    page.write_text(sizing.SIZING.read_text(encoding="utf-8"), encoding="utf-8")
    blocks = {"figures": first_table(FIGURES), "sizes": second_table(FIGURES)}
    sizing.write(blocks, page)
    once = page.read_text(encoding="utf-8")
    assert all(block in once for block in blocks.values())
    sizing.write(dict.fromkeys(blocks, ""), page)
    sizing.write(blocks, page)
    assert page.read_text(encoding="utf-8") == once
    page.write_text("no markers", encoding="utf-8")
    with pytest.raises(SystemExit, match="put them back"):
        sizing.write(blocks, page)


def test_a_process_is_counted_with_those_that_it_has_started() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    try:
        while len(found := family(process.pid)) < 2:
            pass
        assert process.pid in found
        assert os.getpid() not in found
        assert any(b"\0-c\0input()\0" in command(one) for one in found)
        assert memory(process.pid) > 1
        assert parts(process.pid, "task") >= 2
        assert busy(process.pid) >= 0
    finally:
        process.communicate(b"\n")
