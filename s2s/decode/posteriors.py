"""Where each piece of a translation came from, now that it is known."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from s2s.decode.loop import Decoded
from s2s.decode.prepared import Advanced
from s2s.model.decoder import Memory
from s2s.model.families import Model
from s2s.model.seq2seq import Seq2Seq

_CELLS: Final = 256  # that are multiplied with the vocabulary at once: as many rows of logits in memory


@torch.inference_mode()
def posteriors(model: Model, decoded: Decoded) -> Tensor | None:
    """How much each source piece explains each piece that was said: (T, S); None without attention, and for a
    Transformer: what one of its heads sees does not alone decide what is said.

    Weights are set before the word is known, and a state that is looked at knows its neighbours: to say
    "red", a decoder may look at "voiture" as well as at "rouge". Taken as the prior of where the word comes
    from, they become by Bayes' rule, for each source piece, its weight times the probability of the word had
    the decoder looked at that piece alone; every row sums to one (posterior attention, Shankar & Sarawagi
    2019). That is one product with the vocabulary for each cell of the picture.
    """
    if not isinstance(model, Seq2Seq) or not isinstance(decoded.advanced, Advanced):
        return None
    looked, memory = decoded.advanced.looked, decoded.memory
    if (attended := looked.attended) is None or not isinstance(memory, Memory):
        return None
    said, rows = torch.tensor(decoded.said), []
    at_once = max(1, _CELLS // memory.encoder_states.shape[1])
    for start in range(0, len(said), at_once):
        some = slice(start, start + at_once)
        logits = model.decoder.alone(looked.decoder_states[:, some], memory)[0]
        of_said = logits.gather(2, said[some, None, None].expand(*logits.shape[:2], 1)).squeeze(2)
        rows.append((of_said - logits.logsumexp(dim=-1)) + attended.weights[0, some].log())
    return torch.softmax(torch.cat(rows), dim=-1)
