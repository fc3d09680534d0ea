"""The app's own browser components: `browser/<name>.js`, and `.css` where there is one, served as files.

Streamlit serves the files of components that installed packages declare. This app is not installed, so the
folder is declared here, to the manager of the runtime that runs the page: there is one in a server and one
in each AppTest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

from pages.kit.wire import sent

_PROJECT: Final = "s2s"
FOLDER: Final = Path(__file__).parent / "browser"
_NAMES: Final = ("asked", "link", "typing", "view")


def component(name: str) -> ComponentRenderer:
    """The component whose files are called `name`."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{_PROJECT}.{name}") is None:
        folders = [ComponentConfig(name=entry, asset_dir=FOLDER.name) for entry in _NAMES]
        manifest = ComponentManifest(name=_PROJECT, version="1", components=folders)
        manager.register_from_manifest(manifest, FOLDER.parent)
    return _renderer(name)


def show(message: Any, *, key: str, **callbacks: Any) -> Mapping[str, Any]:
    """Draw a view, in place where it was drawn before; what it says back. `message` is its record: see
    `pages.kit.wire`.

    Callbacks are those of Streamlit, `on_<state>_change`. When the reader changes the theme, the whole page
    runs again, not its fragment alone: the colours are chosen where it begins.
    """
    state = component("view")(key=key, data=sent(message), on_theme_change=ignore, **callbacks)
    if state.get("theme"):
        st.rerun()
    return state


@cache
def _renderer(name: str) -> ComponentRenderer:
    style = f"{name}.css" if (FOLDER / f"{name}.css").is_file() else None
    return st.components.v2.component(f"{_PROJECT}.{name}", js=f"{name}.js", css=style, isolate_styles=False)


def ignore() -> None:
    """Streamlit keeps only values that have a callback; this one leaves them to be read in the run."""
