from pathlib import Path

import pytest

from benchmarks.__main__ import WITH_DATA, main


@pytest.mark.parametrize("part", WITH_DATA)
def test_a_part_that_needs_pairs_says_so(part: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=f"{part} cannot be measured without --data FOLDER"):
        main([part])
    with pytest.raises(SystemExit, match=r"train\.tsv\.gz"):
        main([part, "--data", str(tmp_path)])


def test_the_table_is_not_written_without_what_all_its_parts_need() -> None:
    with pytest.raises(SystemExit, match=", ".join(WITH_DATA)):
        main(["--write"])


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "inf", "five"])
def test_a_training_takes_some_minutes(minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["toolkit", "--minutes", minutes])
    assert f"--minutes: {minutes!r}" in capsys.readouterr().err
