"""What README.md shows is true: its code runs as it stands, its laboratories are those of the app."""

import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from pages.kit.strings import load
from pages.labs import LABS
from s2s.translator import Translator

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """What stands under a heading, up to the next."""
    [found] = re.findall(rf"^## {title}\n(.*?)(?=^## )", README, re.MULTILINE | re.DOTALL)
    return found


@pytest.fixture
def picture_and_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict, str]:
    """The names that the first block of the notebook leaves, run in an empty folder, and the second block."""
    monkeypatch.chdir(tmp_path)
    first, second = re.findall(r"^```python\n(.*?)^```", section("In a notebook"), re.MULTILINE | re.DOTALL)
    names: dict = {}
    exec(compile(first, "README.md", "exec"), names)
    return names, second


def test_the_notebook_gives_the_picture_and_the_table_of_one_translation(picture_and_table, tmp_path: Path):
    names, _ = picture_and_table
    [text] = re.findall(r'translate\("(.*?)"\)', section("In a notebook"))
    [model] = re.findall(r'load\("(.*?)"\)', section("In a notebook"))
    alignment = Translator.load(model).translate(text).alignment()
    table = names["table"]
    np.testing.assert_array_equal(table.to_numpy(), alignment.weights)
    assert list(table.index) == [unit.text for unit in alignment.target_units]
    assert [*table.columns][:-1] == [*text.removesuffix(".").split(), "."]
    page = (tmp_path / "heatmap.html").read_text(encoding="utf-8")
    assert "Plotly.newPlot(" in page
    assert all(f'"{word}"' in page for word in table.columns[:-1])
    assert list(names["figure"].layout.xaxis.ticktext)[:-1] == list(table.columns)[:-1]


def test_the_notebook_saves_a_png_or_says_what_to_install(picture_and_table, tmp_path: Path):
    names, code = picture_and_table
    if find_spec("kaleido"):
        exec(code, names)
        assert (tmp_path / "heatmap.png").read_bytes().startswith(b"\x89PNG")
    else:
        assert "pip install kaleido" in section("In a notebook")
        with pytest.raises(RuntimeError, match="kaleido"):
            exec(code, names)


def test_the_laboratories_are_those_of_the_app_in_the_order_of_its_menu():
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", section("The laboratories"), re.MULTILINE)
    say = load("en")
    assert rows == [(lab.name, say(f"{lab.page}.menu")) for lab in LABS]
