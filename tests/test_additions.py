"""What CONTRIBUTING.md says it takes to add something, done in a copy by touching only the files it names."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The app and the library in a folder of their own, with the same models."""
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("pages", "s2s", ".streamlit"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "assets", tmp_path / "assets", ignore=shutil.ignore_patterns("models"))
    (tmp_path / "assets" / "models").symlink_to(ROOT / "assets" / "models", target_is_directory=True)
    return tmp_path


def test_a_laboratory_is_a_row_a_folder_and_words(copy: Path):
    table = copy / "pages" / "labs" / "__init__.py"
    row = '    Lab("models", page="models"),\n'
    text = table.read_text(encoding="utf-8")
    assert text.count(row) == 1
    table.write_text(text.replace(row, f'    Lab("echo", page="echo"),\n{row}'), encoding="utf-8")
    folder = copy / "pages" / "labs" / "echo"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Says what was typed."""\n', encoding="utf-8")
    (folder / "lab.py").write_text(LAB, encoding="utf-8")
    (copy / "pages" / "echo.py").write_text('from pages.labs import run\n\nrun("echo")\n', encoding="utf-8")
    for language, menu, said in (("en", "Echo", "You typed: {text}"), ("ko", "메아리", "입력: {text}")):
        words = f'[echo]\nmenu = "{menu}"\nsaid = "{said}"\n'
        (copy / "assets" / "strings" / language / "echo.toml").write_text(words, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", OPEN], cwd=copy, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    english, korean = done.stdout.splitlines()
    assert (
        english == "Alignments, Walkthrough, Teacher forcing, Bottleneck, Gradients, Echo, Models"
        " | You typed: Il pleut."
    )
    assert korean.endswith("| 입력: Il pleut.")
    assert "메아리" in korean


LAB = '''
"""Says what was typed."""

import streamlit as st

from pages.kit.frame import Frame
from pages.kit.while_typing import while_typing


def draw(frame: Frame) -> None:
    while_typing(lambda text, is_ready: st.text(frame.say("echo.said", text=text)), frame.say, models=())
'''

# The page in both languages: its menu, and what it says.
OPEN = """
from streamlit.testing.v1 import AppTest
for language in ("en", "ko"):
    app = AppTest.from_file("app.py", default_timeout=60)
    app.query_params["lang"], app.query_params["text"] = language, "Il pleut."
    app.switch_page("pages/echo.py")
    app.run()
    assert not app.exception
    print(", ".join(link.proto.label for link in app.get("page_link")), "|", app.text[-1].value)
"""
