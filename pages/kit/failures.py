"""What nobody foresaw: one sentence on the page, with a number under which the log has the whole story.

A page never shows a traceback, and what stands beside or below the failure goes on:

    with told(say):
        draw(frame)

What Streamlit runs outside of that, callbacks and fragments, it hands to `tell`. Its own control flow
(`st.stop`, `st.rerun`) is no Exception and passes.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import streamlit as st
from streamlit.errors import FragmentHandledException

from pages.kit.strings import Strings
from s2s.engine.local import GivenUpError
from s2s.errors import S2SError

_LOG: Final = logging.getLogger("s2s")


def unforeseen(error: Exception) -> S2SError:
    """The error to be shown for one that nobody foresaw, which is written to the log under its number."""
    number = secrets.randbelow(900_000) + 100_000
    _LOG.error("error %d", number, exc_info=error)
    return S2SError("unforeseen", number=number)


@contextmanager
def foreseen() -> Iterator[None]:
    """Whatever goes wrong inside is an S2SError, which pages show in place of the one answer. That nobody
    wants the answer any longer is not wrong."""
    try:
        yield
    except (S2SError, GivenUpError):
        raise
    except Exception as error:
        raise unforeseen(error) from error


@contextmanager
def told(say: Strings) -> Iterator[None]:
    """Whatever goes wrong inside is said where it would have been drawn, and the page goes on behind it."""
    try:
        with suppress(FragmentHandledException):  # that was said inside
            yield
    except Exception as error:
        tell(error, say)


def tell(error: Exception, say: Strings) -> bool:
    """Say it on the page, for Streamlit, which shows an error itself unless this is True."""
    if isinstance(error, S2SError):
        st.text(say.error(error))
    else:
        st.error(say.error(unforeseen(error)))
    return True
