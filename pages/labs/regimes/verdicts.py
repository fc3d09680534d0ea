"""What the record says of each claim of the lecture; `s2s.claims.regimes` judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pages.kit.strings import Strings
from pages.labs.regimes.record import name_of
from s2s.claims import Claim, together
from s2s.claims.regimes import About, claims
from s2s.config import PROFESSOR, TEACHER
from s2s.evaluate.regimes import Regimes
from s2s.figures.labels import signed
from s2s.recipes import ordered


class Check(NamedTuple):
    """A claim as the sentences tell it: the numbers that decide it."""

    key: str  # in `s2s.claims.regimes`
    factor: float  # of its numbers, as they are shown
    digits: int


# What the lecture says, and the claims that it comes to.
LECTURE: Final[Mapping[str, tuple[Check, ...]]] = {
    "fast": (Check("faster_update", 1, 2), Check("fewer_updates", 1, 0)),
    "stable": (Check("closer_curves", 1, 3), Check("smaller_gradients", 1, 2)),
    "gap": (Check("leaves_gap", 100, 1),),
    "against": (Check("narrows_gap", 100, 1), Check("better_alone", 100, 1)),
    "price": (Check("costs_bleu", 1, 1),),
    "alike": (Check("told_less", 100, 0),),
}
# Those that are about one regime; all others are about every one but teacher forcing.
_ABOUT: Final = {"gap": TEACHER, "alike": PROFESSOR}
_GROUPS: Final = {True: "yes", None: "untold", False: "no"}


def sentences(found: Regimes, text: str, say: Strings) -> str:
    """Whether what the lecture says holds here, on a kind of text where that matters, and the numbers that
    decide it: a list in Markdown, of words and numbers of the app alone."""
    asked = [about for about in claims(found) if about.text in ("", text)]
    lines = []
    for name, checks in LECTURE.items():
        its = {check: _of(check, asked, _ABOUT.get(name)) for check in checks}
        decided = [claim for of_check in its.values() for claim in of_check.values()]
        verdict = say(f"verdicts.together_{together(decided)}") if decided else say("verdicts.unmeasured")
        lines.append(f"- {say('verdicts.claim', claim=say(f'verdicts.{name}'), verdict=verdict)}")
        lines += [f"    - {_told(check, of_check, say)}" for check, of_check in its.items() if of_check]
    return "\n".join(lines)


def _of(check: Check, asked: Iterable[About], regime: str | None) -> dict[str, Claim]:
    """A claim about each regime of which there are numbers; about one alone, or about all but teacher
    forcing."""
    its = {
        about.regime: about.claim
        for about in asked
        if about.claim.key == f"regimes.{check.key}" and about.claim.values
    }
    wanted = [one for one in ordered(its) if (one != TEACHER if regime is None else one == regime)]
    return {one: its[one] for one in wanted}


def _told(check: Check, its: Mapping[str, Claim], say: Strings) -> str:
    """What is asked, and the regimes it is so with, those it is not, and those the numbers do not tell."""
    written = {
        regime: {key: _number(check.factor * value, check.digits) for key, value in claim.values.items()}
        for regime, claim in its.items()
    }
    groups = []
    for holds, group in _GROUPS.items():
        items = [
            say(f"verdicts.item_{check.key}", regime=name_of(regime, say), **written[regime])
            for regime, claim in its.items()
            if claim.holds is holds
        ]
        if items:
            groups.append(say(f"verdicts.group_{group}", items=", ".join(items)))
    return say(f"verdicts.check_{check.key}", groups=" ".join(groups), **next(iter(written.values())))


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}" if abs(value) >= 1000 else signed(value, digits)
