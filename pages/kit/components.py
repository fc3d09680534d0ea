"""The app's own browser components: `browser/<name>.js`, and `.css` where there is one, served as files.

Streamlit serves the files of components that installed packages declare. This app is not installed, so the
folder is declared here, to the manager of the runtime that runs the page: there is one in a server and one
in each AppTest.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

_PROJECT: Final = "s2s"
_FOLDER: Final = Path(__file__).parent / "browser"
_NAMES: Final = ("link", "live", "stages", "tracks", "typing")


def component(name: str) -> ComponentRenderer:
    """The component whose files are called `name`."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{_PROJECT}.{name}") is None:
        folders = [ComponentConfig(name=entry, asset_dir=_FOLDER.name) for entry in _NAMES]
        manifest = ComponentManifest(name=_PROJECT, version="1", components=folders)
        manager.register_from_manifest(manifest, _FOLDER.parent)
    return _renderer(name)


@cache
def _renderer(name: str) -> ComponentRenderer:
    style = f"{name}.css" if (_FOLDER / f"{name}.css").is_file() else None
    return st.components.v2.component(f"{_PROJECT}.{name}", js=f"{name}.js", css=style, isolate_styles=False)


def ignore() -> None:
    """Streamlit keeps only values that have a callback; this one leaves them to be read in the run."""
