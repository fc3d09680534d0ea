from pathlib import Path

from benchmarks.report import README, Row, write

ORDER = ["start", "train", "aligners"]


def written(readme: Path) -> list[str]:
    return [line for line in readme.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]


def test_measured_rows_take_the_place_of_those_of_their_part_and_the_others_stay(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    begin, end = (
        line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("<!-- ")
    )
    readme.write_text(f"above\n\n{begin}\n{end}\n\nbelow\n", encoding="utf-8")
    write([Row("train", "dot", "1"), Row("train", "general", "2")], order=ORDER, readme=readme)
    write([Row("aligners", "dot", "7 %")], order=ORDER, readme=readme)
    write([Row("start", "first", "3 s", "4 s", True)], order=ORDER, readme=readme)
    write([Row("train", "concat", "9", "10", False)], order=ORDER, readme=readme)
    assert written(readme) == [
        "| start | first | 3 s | 4 s | yes |",
        "| train | concat | 9 | 10 | **no** |",
        "| aligners | dot | 7 % |  |  |",
    ]
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("above\n")
    assert text.endswith("below\n")
