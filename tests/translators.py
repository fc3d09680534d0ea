"""What the tests of the translator ask it, and what holds for every answer."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from s2s.checkpoints import Checkpoint
from s2s.data.tokenizer import END_ID, START, START_ID
from s2s.traces import END, Trace
from s2s.translator import Translator

SENTENCE = "L'enfant dort chez moi, n'est-ce pas ?"
ROUNDING = 1e-5  # of what is computed for several pieces at once, where it was for one
Named = Callable[..., tuple[Translator, Checkpoint]]

any_text = st.text(
    st.one_of(
        st.sampled_from("je parle à l'hôpital\n\t\u202f😀한국\u1112\u1161e\u0301\ud800<b>$_"), st.characters()
    ),
    max_size=40,
)


def assert_whole(trace: Trace) -> None:
    """What holds for every trace that a translator makes."""
    assert [(p.text, p.id) for p in trace.source_pieces][-1] == (END, END_ID)
    assert (trace.target_pieces[-1].id == END_ID) != trace.target_cut
    assert (trace.fed[0].text, trace.fed[0].id) == (START, START_ID)
    assert trace.fed[1:] == trace.target_pieces[:-1]
    assert trace.forcing[0] == "start"
    for text, pieces in ((trace.source, trace.source_pieces), (trace.target, trace.target_pieces)):
        assert all(0 <= p.start <= p.end <= len(text) for p in pieces)
        assert all(a.start <= b.start for a, b in pairwise(pieces))
    assert (trace.log_probs <= 0).all()
    if trace.weights is not None:
        np.testing.assert_allclose(trace.weights.sum(axis=1), 1, atol=1e-5)
