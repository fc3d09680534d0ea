"""Texts of all kinds for tokenizers of two languages."""

from hypothesis import strategies as st

from s2s.data.tokenizer import Tokenizer

Pair = tuple[Tokenizer, Tokenizer]

any_text = st.text(
    st.one_of(
        st.sampled_from(
            "le jardin à l'hôpital aujourd'hui ▁_\u202f\u00a0\u200b😀👍🏽가각\u1100\u1161e\u0301\ud800…<s>"
        ),
        st.characters(),
    ),
    max_size=30,
)
