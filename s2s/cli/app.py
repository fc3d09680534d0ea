"""python -m s2s app: open the app in a browser, from a checkout or from where the package is installed."""

from __future__ import annotations

import argparse
import subprocess
import sys

from s2s.places import APP


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `app`."""
    meaning = "open the app"
    app = commands.add_parser("app", help=meaning, description=meaning)
    app.set_defaults(command=_app)
    app.add_argument("options", nargs="*", metavar="OPTION",
                     help="after --, options of `streamlit run`, such as -- --server.port 8600")  # fmt: skip


def _app(options: argparse.Namespace) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(APP), *options.options]
    # Its folder is the working folder: Streamlit finds the settings there, and the app its pages.
    sys.exit(subprocess.run(command, cwd=APP.parent, check=False).returncode)
