"""What `pip install .` gives: the library, its types, the command, the shipped models and the app."""

import os
import re
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

from benchmarks.server import HOST, free_port, wait
from s2s import __version__, catalog
from s2s.translator import Translator

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options], check=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def environment(installed: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(installed)}


def run(installed: Path, *arguments: str, text: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=installed.parent, env=environment(installed), input=text,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def translated(text: str) -> str:
    """What the checkout says."""
    return Translator.load("fr-en-dot").translate(text).target


def test_the_package_needs_what_the_app_needs():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert PROJECT["dependencies"] == [line for line in lines if line and not line.startswith("#")]


def test_the_cluster_is_tested_in_the_version_that_the_package_asks_for():
    lines = (ROOT / "tests" / "requirements-cluster.txt").read_text(encoding="utf-8").splitlines()
    [needed] = PROJECT["optional-dependencies"]["cluster"]
    assert needed in lines


def test_the_command_is_there_and_says_its_version(installed: Path):
    entry_points = next(installed.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert "s2s = s2s.__main__:main" in entry_points
    assert run(installed, "-m", "s2s", "--version") == f"s2s {__version__}"
    assert next(installed.glob("*.dist-info")).name == f"s2s-{__version__}.dist-info"


def test_it_brings_its_types_and_the_shipped_models(installed: Path):
    assert (installed / "s2s" / "py.typed").is_file()
    found = run(installed, "-c", "import s2s.catalog as c; print(c.SHIPPED, *c.shipped())").split()
    assert Path(found[0]) == installed / "s2s" / "_assets" / "models"
    assert tuple(found[1:]) == catalog.shipped()
    arguments = ("-m", "s2s", "translate", "--model", "fr-en-dot")
    assert run(installed, *arguments, text="Il pleut.") == translated("Il pleut.")


def test_the_licences_of_shipped_scripts_and_of_their_parts_come_with_them(installed: Path):
    for folder in (ROOT / "pages", installed / "s2s" / "_app" / "pages"):
        [script] = (folder / "kit" / "browser").glob("*.min.js")
        text = script.with_name(script.name.replace(".min.js", ".LICENSE.txt")).read_text(encoding="utf-8")
        code = script.read_text(encoding="utf-8")
        parts = re.findall(r"^([\w-]+)/\S+\.js:$", code[code.index("Bundled license information") :], re.M)
        assert len(parts) > 5
        for name in ("plotly.js", *parts):
            assert re.search(rf"^  {re.escape(name)}\b.* Copyright ", text, re.M), name
        for granted in ("Permission is hereby granted, free of charge", "Redistribution and use in source"):
            assert granted in text


def test_its_app_answers_with_the_models_it_brings(installed: Path):
    app = installed / "s2s" / "_app"
    code = """
import os, time
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
from pages.kit.translators import MODELS, answer, shelf
while not shelf().has(MODELS): time.sleep(0.05)
app.run()
assert not app.exception
print(answer(MODELS[0], "Il pleut.").trace.target, flush=True)
os._exit(0)  # other models are still being loaded
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=app, capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": f"{installed}{os.pathsep}{app}"},
    )  # fmt: skip
    assert done.stdout.strip() == translated("Il pleut.")


def test_it_opens_the_app(installed: Path):
    port = free_port()
    options = ("--server.headless=true", f"--server.address={HOST}", f"--server.port={port}")
    server = subprocess.Popen(
        [sys.executable, "-m", "s2s", "app", "--", *options],
        cwd=installed.parent,
        env=environment(installed),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait(server, port)
        with urllib.request.urlopen(f"http://{HOST}:{port}/") as page:
            assert page.status == 200
    finally:
        os.killpg(server.pid, 15)
        server.wait(10)
