"""What nobody foresaw: one sentence on the page, with a number under which the log has the whole story.

A page never shows a traceback, and what stands beside or below the failure goes on:

    with told(say):
        draw(frame)

What Streamlit runs outside of that, callbacks and fragments, it hands to `tell`. Its own control flow
(`st.stop`, `st.rerun`) is no Exception and passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import streamlit as st
from streamlit.errors import FragmentHandledException

from pages.kit.strings import Strings
from s2s.errors import S2SError, unforeseen


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
