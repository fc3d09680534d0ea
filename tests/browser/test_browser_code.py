"""What runs in the browser: its types, its look, its pure parts, and who owns the classes of its styles.

Deno checks, lints, formats and tests it, with TypeScript inside: one program from PyPI, for tests only.
"""

import hashlib
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

from pages.kit.components import FOLDER

TESTS = Path(__file__).parent
OWN = [
    path for path in sorted(FOLDER.rglob("*")) if path.suffix in (".js", ".css") and ".min." not in path.name
]
SCRIPTS = [path for path in OWN if path.suffix == ".js"]
DENO = Path(sys.executable).with_name("deno")
SHARED = {
    "s2s-plain",
    "s2s-tracks",
    "s2s-kept",
    "s2s-short",
    "s2s-many",
}  # roots: they say where a style holds


def deno(*arguments: str | Path) -> None:
    """Run Deno, offline; what it complains of is what the test fails with."""
    command = [DENO, arguments[0], "--config", TESTS / "deno.json", *arguments[1:]]
    done = subprocess.run(
        command, cwd=TESTS, capture_output=True, text=True, env={"NO_COLOR": "1"}, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_are_right():
    deno("check", "--no-remote", "--no-npm", *SCRIPTS)


def test_nothing_is_unused_or_unsafe():
    deno("lint", *SCRIPTS, *TESTS.glob("*.js"))


def test_it_is_formatted():
    """`make format` writes it so."""
    deno("fmt", "--check", *OWN, *TESTS.glob("*.js"))


def test_its_pure_parts_do_what_they_say():
    deno("test", "--no-remote", "--no-npm", "--no-check", *TESTS.glob("*_test.js"))


def test_every_class_has_one_owner():
    owned = {
        path.name: set(
            re.findall(
                r"\.(s2s-[\w-]+)", re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
            )
        )
        for path in OWN
        if path.suffix == ".css"
    }
    for one, other in combinations(owned, 2):
        assert owned[one] & owned[other] <= SHARED, f"{one} and {other}"


def test_every_style_sheet_of_the_views_is_loaded():
    roots = {"typing.css", "view.css", "offline.css"}
    loaded = {
        name
        for root in roots
        for name in re.findall(r'@import "(.+)"', (FOLDER / root).read_text(encoding="utf-8"))
    }
    assert loaded == {path.name for path in OWN if path.suffix == ".css"} - roots


def test_what_others_wrote_is_the_file_whose_checksum_is_told() -> None:
    [script] = FOLDER.glob("*.min.js")
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\b[0-9a-f]{64}\b", told) == [hashlib.sha256(script.read_bytes()).hexdigest()]
