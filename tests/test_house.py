"""What the import contracts in pyproject.toml cannot see: scripts that are not packages, and start-up."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

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
        "import sys, pages.ui.alignments, pages.ui.sentence, s2s.figures, s2s.catalog;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_nothing_unpickles():
    for path in [*ROOT.glob("s2s/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"]:
        text = path.read_text(encoding="utf-8")
        assert "import pickle" not in text
        assert "torch.load(" not in text
