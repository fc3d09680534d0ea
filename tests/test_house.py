"""What the import contracts in pyproject.toml cannot see: scripts that are not packages, and start-up."""

import ast
import os
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from pages.labs import LABS, pages
from s2s.figures.palette import DARK, LIGHT

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]


def test_every_page_is_a_script_that_draws_the_laboratories_of_its_name():
    drawn = {}
    for script in SCRIPTS:
        [_docstring, imported, call] = ast.parse(script.read_text(encoding="utf-8")).body
        assert ast.unparse(imported) == "from pages.labs import run"
        drawn[str(script.relative_to(ROOT))] = ast.unparse(call)
    assert drawn == {page.script: f"run('{page.name}')" for page in pages()}


def test_every_laboratory_is_a_folder_and_every_folder_a_laboratory():
    folders = {path.parent.name for path in (ROOT / "pages" / "labs").glob("*/lab.py")}
    assert folders == {lab.name for lab in LABS}
    assert len(LABS) == len(folders)
    for lab in LABS:
        assert callable(import_module(f"pages.labs.{lab.name}.lab").draw)


def test_pages_and_figures_are_imported_without_loading_torch():
    labs = ", ".join(f"pages.labs.{lab.name}.lab" for lab in LABS)
    code = f"import sys, {labs}, s2s.figures, s2s.catalog; sys.exit('torch' in sys.modules)"
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
    code = "import pages.kit.frame, torch; print(torch.get_num_threads())"
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
