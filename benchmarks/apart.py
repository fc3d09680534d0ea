"""A measurement in a process of its own, with a fixed number of threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any, Final

THREADS: Final = 2  # of every trainer: the aims are for two cores


def environment() -> dict[str, str]:
    """This process's environment, with `THREADS` threads for whoever counts products in it."""
    return os.environ | {"OMP_NUM_THREADS": str(THREADS)}


def answer(module: str, *arguments: str) -> Any:
    """What `python -m MODULE ARGUMENTS...` prints, read as JSON."""
    finished = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(finished.stdout)
