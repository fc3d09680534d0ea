"""What others wrote, each in an environment of its own: made at the first use, kept in build/benchmarks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent
_KEPT: Final = _HERE.parent / "build" / "benchmarks"
_PYTHON: Final = Path("bin", "python")


def python_with(name: str) -> Path:
    """The Python of an environment that holds requirements-NAME.txt; made anew when that file changed."""
    wanted = _HERE / f"requirements-{name}.txt"
    folder = _KEPT / name
    installed = folder / wanted.name  # a copy, written last
    if not installed.is_file() or installed.read_bytes() != wanted.read_bytes():
        print(f"installing {name} in {folder} ...", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = (folder / _PYTHON, "-m", "pip")
        subprocess.run([*pip, "install", "-qq", "--requirement", wanted], stdout=sys.stderr, check=True)
        shutil.copyfile(wanted, installed)
    return folder / _PYTHON
