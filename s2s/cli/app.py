"""python -m s2s app: open the app in a browser, from a checkout or from where the package is installed."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from s2s.catalog import OUTSIDE
from s2s.engine.remote import ENGINE
from s2s.places import APP


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `app`."""
    meaning = "open the app"
    app = commands.add_parser("app", help=meaning, description=meaning)
    app.set_defaults(command=_app)
    app.add_argument("--models", type=Path, action="append", default=[], metavar="FOLDER",
                     help="a model of yours, or a folder with some: they can be chosen beside the shipped "
                     f"ones. May be given again; {OUTSIDE} in the environment says the same")  # fmt: skip
    app.add_argument("--engine", metavar="ADDRESS",
                     help="the address of an engine (`s2s serve`) that answers; the models here do while it "
                     f"does not; {ENGINE} in the environment says the same")  # fmt: skip
    app.add_argument("options", nargs="*", metavar="OPTION",
                     help="after --, options of `streamlit run`, such as -- --server.port 8600")  # fmt: skip


def _app(options: argparse.Namespace) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(APP), *options.options]
    # A folder is looked for from here, before the app's own folder becomes the working folder.
    named = [*map(str, map(Path.resolve, options.models)), *_named_already()]
    environment = dict(os.environ)
    if named:
        environment[OUTSIDE] = os.pathsep.join(named)
    if options.engine:
        environment[ENGINE] = options.engine
    # Its folder is the working folder: Streamlit finds the settings there, and the app its pages.
    sys.exit(subprocess.run(command, cwd=APP.parent, env=environment, check=False).returncode)


def _named_already() -> list[str]:
    return [str(Path(place).resolve()) for place in os.environ.get(OUTSIDE, "").split(os.pathsep) if place]
