"""What a reader chose to see of the record of training regimes."""

from __future__ import annotations

from dataclasses import dataclass

from pages.kit.state import OneOf, choose, chosen, write_link
from pages.kit.strings import Strings
from pages.labs.regimes.quantities import SHOWN
from s2s.claims.regimes import TEXTS


@dataclass(frozen=True)
class View:
    """On which kind of text, and which quantity by step."""

    text: str = chosen(OneOf(TEXTS), link="ways-text")
    quantity: str = chosen(OneOf(SHOWN), link="ways-quantity")


def text_switch(view: View, say: Strings) -> None:
    """Draw the switch between the kinds of text."""
    choose(view, "text", say("ways.text"), {text: say(f"ways.text_{text}") for text in TEXTS})
    write_link(view)


def quantity_switch(view: View, say: Strings) -> None:
    """Draw the switch between what is drawn by step."""
    words = {quantity: say(f"ways.quantity_{quantity}") for quantity in SHOWN}
    choose(view, "quantity", say("ways.quantity"), words)
