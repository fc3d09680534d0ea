"""Where each piece of a translation came from, now that it is known."""

from __future__ import annotations

import torch
from torch import Tensor

from s2s.decode.loop import Decoded
from s2s.model.seq2seq import Seq2Seq


@torch.inference_mode()
def posteriors(model: Seq2Seq, decoded: Decoded) -> Tensor | None:
    """How much each source piece explains each piece that was said: (T, S); None without attention.

    Weights are set before the word is known, and a state that is looked at knows its neighbours: to say
    "red", a decoder may look at "voiture" as well as at "rouge". Taken as the prior of where the word comes
    from, they become by Bayes' rule, for each source piece, its weight times the probability of the word had
    the decoder looked at that piece alone; every row sums to one (posterior attention, Shankar & Sarawagi
    2019). That is one product with the vocabulary for each cell of the picture.
    """
    rows: list[Tensor] = []
    for step, said in zip(decoded.steps, decoded.said, strict=True):
        if step.weights is None:
            return None
        likelihood = model.decoder.alone(step, decoded.memory).log_softmax(dim=-1)[:, :, said]
        rows.append(torch.softmax(step.weights.log() + likelihood, dim=-1))  # (1, source_len)
    return torch.cat(rows)
