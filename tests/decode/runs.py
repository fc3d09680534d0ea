"""Decoding as tests look at it: one sentence, step by step."""

from collections.abc import Sequence

import torch

from s2s.decode.loop import Choose, Decoded, Task, decode
from s2s.decode.prepared import Advanced, Array, Prepared
from s2s.model.cells import State
from s2s.model.decoder import Step


def decode_one(
    prepared: Prepared, source_ids: Sequence[int], *, choose: Choose, limit: int, guess: Sequence[int] = ()
) -> Decoded:
    """One sentence alone."""
    (decoded,) = decode(prepared, [Task(source_ids, choose, limit, guess)])
    return decoded


def steps_of(decoded: Decoded) -> list[Step]:
    """What each step computed."""
    advanced = decoded.advanced
    assert isinstance(advanced, Advanced)
    return [advanced.looked.at(row, state_of(state)) for row, state in enumerate(advanced.states)]


def state_of(array: Array) -> State:
    """The other way round of `array_of`: (parts, layers, hidden) as the state of a batch of one."""
    return tuple(torch.from_numpy(array).unsqueeze(2).unbind())
