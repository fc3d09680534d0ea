"""Where the project's data and its app are: beside the code in a checkout, inside the package where that is
installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_INSTALLED: Final = _PACKAGE / "_assets"  # see [tool.hatch.build.targets.wheel.force-include]
_IS_INSTALLED: Final = _INSTALLED.is_dir()

ASSETS: Final = _INSTALLED if _IS_INSTALLED else _PACKAGE.parent / "assets"
APP: Final = (_PACKAGE / "_app" if _IS_INSTALLED else _PACKAGE.parent) / "app.py"
