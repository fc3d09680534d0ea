"""What a reader chose of the heads."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.kit.state import OneOf, choose, chosen, write_link
from pages.kit.strings import Strings
from s2s.traces import LEVELS, Level


@dataclass(frozen=True)
class View:
    """What the axes hold."""

    split: Level = chosen(OneOf(LEVELS))


def switches(view: View, say: Strings) -> None:
    """Draw what is chosen for the whole laboratory."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches"):
        levels: dict[str, str] = {code: say(f"alignments.{code}") for code in LEVELS if code != "stems"}
        choose(view, "split", say("alignments.level"), levels)
        write_link(view)
