"""What the import contracts in pyproject.toml cannot see: scripts that are not packages, and start-up."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from s2s.figures.palette import DARK, LIGHT

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]


def imported(script: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_page_imports_neither_torch_nor_what_handles_tensors(script):
    forbidden = ("torch", "s2s.model", "s2s.decode", "s2s.train")
    assert not {name for name in imported(script) for f in forbidden if f"{name}.".startswith(f"{f}.")}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_page_opens_with_the_frame_and_stands_in_the_menu(script):
    from pages.ui.frame import MENU

    text = script.read_text(encoding="utf-8")
    named = {page.script: page.name for group in MENU.values() for page in group}
    name = named[str(script.relative_to(ROOT))]
    assert f'open_page("{name}")' in text


def test_pages_and_figures_are_imported_without_loading_torch():
    code = (
        "import sys, pages.ui.alignments, pages.ui.gradients, pages.ui.learning, s2s.figures, s2s.catalog;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_the_page_has_the_colours_of_the_pictures(theme, palette):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][theme]
    assert config == {
        "primaryColor": palette.source,
        "backgroundColor": palette.background,
        "secondaryBackgroundColor": palette.surface,
        "textColor": palette.text,
        "borderColor": palette.grid,
    }


def test_torch_computes_with_one_thread_in_the_app():
    code = "import pages.ui.frame, torch; print(torch.get_num_threads())"
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "1"


def test_nothing_unpickles():
    for path in [*ROOT.glob("s2s/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"]:
        text = path.read_text(encoding="utf-8")
        assert "import pickle" not in text
        assert "torch.load(" not in text
