"""What the import contracts in pyproject.toml cannot see: scripts that are not packages, and start-up."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from pages.labs import LABS, pages
from s2s import catalog
from s2s.config import ATTENTIONS
from s2s.figures.palette import DARK, LIGHT
from s2s.languages import FIRST, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]


def test_every_page_is_a_script_that_draws_the_laboratories_of_its_name():
    drawn = {}
    for script in SCRIPTS:
        [_docstring, *imported, call] = ast.parse(script.read_text(encoding="utf-8")).body
        if script == ROOT / "app.py":  # the server takes it for more than a page
            [call], [served] = call.body, call.orelse
            assert ast.unparse(served) == "app = App(__file__, **opened())"
            imported = imported[2:]
        assert [ast.unparse(line) for line in imported] == ["from pages.labs import run"]
        drawn[str(script.relative_to(ROOT))] = ast.unparse(call)
    assert drawn == {page.script: f"run('{page.name}')" for page in pages()}


def test_every_laboratory_is_a_folder_and_every_folder_a_laboratory():
    folders = {path.parent.name for path in (ROOT / "pages" / "labs").glob("*/lab.py")}
    assert folders == {lab.name for lab in LABS}
    assert len(LABS) == len(folders)
    for lab in LABS:
        assert callable(import_module(f"pages.labs.{lab.name}.lab").draw)


OWN = [
    path
    for folder in ("s2s", "pages", "tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".js", ".css") and ".min." not in path.name
]
LONGEST = 400  # lines of a file
LONGEST_FUNCTION = 50  # lines; a figure is one long list of what Plotly wants
LONGEST_FIGURE = 70


def test_no_file_is_longer_than_one_can_keep_in_mind():
    assert {path.suffix for path in OWN} == {".py", ".js", ".css"}
    lines = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in OWN}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


def test_no_function_is_longer_than_one_can_see_at_once():
    found = {}
    for path in OWN:
        if path.suffix == ".py":
            limit = LONGEST_FIGURE if place(path).startswith("s2s/figures/") else LONGEST_FUNCTION
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and lines_of(node) > limit:
                    found[f"{place(path)}:{node.lineno} {node.name}"] = lines_of(node)
    assert found == {}


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def place(path: Path) -> str:
    """A file from the repository's root on, parted by slashes."""
    return path.relative_to(ROOT).as_posix()


PARTS = [path.stem for path in sorted((ROOT / "pages" / "kit").glob("*.py")) if path.stem != "__init__"]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_kit_has_tests_of_its_own_name_that_ask_it_something(part: str):
    tree = ast.parse((ROOT / "tests" / "kit" / f"test_{part}.py").read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    imported = {
        f"{node.module}.{name.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert any(f"{name}.".startswith(f"pages.kit.{part}.") for name in imported)
    tests = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    assert tests
    for test in tests:
        assert _asserts(test), test.name


def _asserts(test: ast.FunctionDef) -> bool:
    """Whether a test can fail by what it says: it asserts, expects of a browser, or expects an error."""
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in ("expect", "pytest.raises"))
        or (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("np.testing.assert_"))
        for node in ast.walk(test)
    )


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


# Where languages and ways to score are rows, or what each of them computes stands in a table.
TABLES = {
    "s2s/languages.py", "s2s/catalog.py", "s2s/task_recipes.py", "s2s/config.py", "s2s/model/attention.py",
    "s2s/walkthrough/scorers.py", "s2s/figures/stages.py",
    "pages/kit/strings.py",  # the languages of readers
    "s2s/sound/synthesis.py",  # the accents of voices
}  # fmt: skip
# "dot" and "none" are words of Plotly, too; "none" is said of a format that a file lacks; "pt" keeps state;
# "general" is a kind of text; "transformer" is a page; of English, "es" is an ending and "it" a pronoun.
OTHERS = {
    ("s2s/claims/regimes.py", "general"), ("s2s/cli/regimes.py", "general"),
    ("pages/kit/curves.py", "dot"), ("pages/labs/gradients/scaling.py", "dot"),
    ("s2s/data/grammar/english.py", "es"), ("s2s/data/grammar/english.py", "it"),
    ("s2s/data/grammar/weather.py", "it"), ("s2s/evaluate/evaluation.py", "none"),
    ("s2s/figures/bars.py", "none"),
    ("s2s/figures/steps.py", "dot"), ("s2s/train/state.py", "pt"),
    ("pages/transformer.py", "transformer"), ("pages/labs/__init__.py", "transformer"),
    ("pages/kit/left_out.py", "transformer"),
}  # fmt: skip


def test_languages_models_and_ways_to_score_are_named_in_the_catalogue_alone():
    models = {name for task in catalog.TASKS for name in task.models}
    names = {*ATTENTIONS, *LANGUAGES, FIRST.name, *models, *(kind.name for kind in catalog.FAMILY)}
    found = set()
    for path in sorted([*(ROOT / "s2s").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]):
        if place(path) not in TABLES:
            found |= {
                (place(path), text)
                for text in literals(path)
                if text in names or re.search(rf"\b{FIRST.name}\b", text)
            }
    assert found == OTHERS


def literals(path: Path) -> set[str]:
    """The strings of a file, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, documented) and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs
    }


def test_torch_computes_with_one_thread_in_the_app():
    code = "import pages.kit.frame, torch; print(torch.get_num_threads())"
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "1"


@pytest.mark.parametrize(
    "code",
    [
        "import {pickle}",
        "import {pickle} as innocent",
        "from {pickle} import loads",
        "def f():\n    from {pickle} import load as read\n\n    return read",
        "import torch\n\ntorch.{load}(0)",
        "import torch as t\n\nt.{load}(0, weights_only=True)",
        "from torch import {load} as read\n\nread(0)",
        "import pandas as pd\n\npd.read_{pickle}(0)",
        "import shelve\n",
        "import joblib\n",
    ],
)
@pytest.mark.parametrize("place", ["s2s/a.py", "pages/a.py", "tests/test_a.py", "benchmarks/a.py"])
def test_whoever_unpickles_is_found_by_the_lint_however_it_is_spelt(code, place):
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", place, "-"]
    text = code.format(pickle="pickle", load="load")
    found = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert "never unpickle" in found.stdout


def test_the_lint_looks_for_what_unpickles():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "TID251" in rules["select"]
    assert not any("TID251" in codes for codes in rules.get("per-file-ignores", {}).values())
