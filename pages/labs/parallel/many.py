"""What shuffling does over many sentences: measured in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from pages.kit.experiment import begin, follow, is_busy, keep, requested
from pages.kit.family import available, name_of
from pages.kit.frame import Frame
from pages.kit.state import fields_of, read
from pages.kit.strings import Strings
from pages.kit.tables import quantities
from pages.labs.parallel.view import View
from s2s.catalog import ATTENDING, SUCCESSOR
from s2s.claims.parallel import blind_without_positions, order_matters_more, positions_tell_order
from s2s.evaluate.evaluation import Band
from s2s.evaluate.reordered import Reordered

PLACE: Final = "reorder"  # the command, and the place on the page


@st.fragment
def many_section(frame: Frame) -> None:
    """A button that starts it, how far it is, and what came of it."""
    say = frame.say
    st.subheader(say("order.many"), anchor=False)
    keep(PLACE, say, _again)
    st.button(
        say("order.start"), key=f"{PLACE}-start", disabled=is_busy(PLACE), on_click=_clicked,
    )  # fmt: skip
    if requested(PLACE) is None:
        st.caption(say("order.before"))

    def show(is_over: bool, known: Mapping[str, Any]) -> None:
        found = {one["reader"]: _reordered(one) for one in known["scores"]}
        if is_over:
            st.markdown(f"**{many_finding(found, say)}**")
        if found:
            quantities(_columns(found, say), say)
            st.caption(say("order.many_how", sentences=next(iter(found.values())).sentences))

    follow(
        PLACE, say, result=lambda _, known: show(True, known), so_far=lambda _, known: show(False, known),
        title=lambda request: say("order.asked", seed=request.about),
    )  # fmt: skip


def _clicked() -> None:
    _start(read(View).order)


def _start(seed: int) -> None:
    """The same seed gives the same, whoever asks."""
    models = (available((SUCCESSOR.name,)), available((ATTENDING.name,)))
    named = [word for option, found in zip(("--transformer", "--recurrent"), models, strict=True)
             for word in (option, *found)]  # fmt: skip
    begin(PLACE, (PLACE, seed), [PLACE, "--events", "--seed", str(seed), *named], about=seed, ticket=seed)


def _again(ticket: object) -> bool:
    """Start what this ticket was for, if it is one."""
    if type(ticket) is not int or fields_of(View)["order"].choice.checked(ticket) != ticket:
        return False
    _start(ticket)
    return True


def _reordered(record: Mapping[str, Any]) -> Reordered:
    return Reordered(record["reader"], record["sentences"], record["same"], Band(**record["chrf"]))


def many_finding(found: Mapping[str, Reordered], say: Strings) -> str:
    """What follows for positions, and for the recurrent model."""
    placed, bare, recurrent = (found[name] for name in ("placed", "bare", "recurrent"))
    blind, tells = blind_without_positions(bare), positions_tell_order(placed)
    more = order_matters_more(placed, recurrent)
    counts = {"sentences": placed.sentences, "same": bare.same, "changed": placed.sentences - placed.same}
    verdict = {True: "more", False: "less", None: "alike"}[more.holds]
    values = {name: f"{value:.0f}" for name, value in more.values.items()}
    return " ".join([
        say("order.blind_held" if blind.holds else "order.blind_not_held", **counts),
        say("order.tells_held" if tells.holds else "order.tells_not_held", **counts),
        say(f"order.{verdict}", **values),
    ])  # fmt: skip


def _columns(found: Mapping[str, Reordered], say: Strings) -> dict[str, dict[str, str]]:
    """By reader, by quantity."""
    successor, recurrent = (
        name_of(name, say) for name in (*available((SUCCESSOR.name,)), *available((ATTENDING.name,)))
    )
    titles = {"placed": successor, "bare": say("order.unplaced", model=successor), "recurrent": recurrent}
    return {
        titles[reader]: {
            say("order.chrf"): f"{one.chrf.value:.1f} ({one.chrf.low:.1f} – {one.chrf.high:.1f})",
            say("order.stayed"): f"{one.same} / {one.sentences}",
        }
        for reader, one in found.items()
    }
