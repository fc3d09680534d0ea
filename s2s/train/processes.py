"""Several processes, on one machine or more, that train one model: torchrun starts the same command in each.

Each learns from its rows of the same batches; the gradients are averaged, so that all keep the same weights.
Whatever decides what comes next (precision, time used, a wish to stop) is agreed on, so that none waits for
one that has left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from s2s.errors import S2SError


@dataclass(frozen=True, kw_only=True)
class Group:
    """The processes of a run, seen from one of them. A method that one calls, all have to call."""

    rank: int = 0  # of this process
    count: int = 1
    local_rank: int = 0  # among those on this machine

    @property
    def is_main(self) -> bool:
        """Whether this is rank 0: it writes files, evaluates and logs."""
        return self.rank == 0

    def total(self, *values: float) -> list[float]:
        """Each value summed over the processes: the same on all of them, bit for bit."""
        if self.count == 1:
            return list(values)
        summed = torch.tensor(values, dtype=torch.float64)
        distributed.all_reduce(summed)
        totals: list[float] = summed.tolist()
        return totals

    def any(self, flag: bool) -> bool:
        """Whether the flag is up in at least one process."""
        return self.total(flag)[0] > 0

    def first(self, work: Callable[[], object]) -> None:
        """Let the main process do something that the others wait for. Where it raises an S2SError, they leave
        without a word of their own."""
        error: S2SError | None = None
        if self.is_main:
            try:
                work()
            except S2SError as found:
                error = found
        if self.any(error is not None):
            raise error or SystemExit(1)

    def meet(self) -> None:
        """Wait until all are here."""
        self.total(0)

    def from_first(self, data: bytes) -> bytes:
        """The main process's bytes, in all of them."""
        if self.count == 1:
            return data
        size = torch.tensor(len(data))
        distributed.broadcast(size, 0)
        sent = torch.zeros(int(size), dtype=torch.uint8)
        if self.is_main:
            sent = torch.frombuffer(bytearray(data), dtype=torch.uint8)
        distributed.broadcast(sent, 0)
        return bytes(sent.numpy())

    def sum_gradients(self, model: nn.Module) -> None:
        """Leave in a model's parameters the sum of the processes' gradients."""
        if self.count == 1:
            return
        gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
        together = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(together)
        parts = torch.split(together, [gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

    def averaging(self, model: nn.Module) -> nn.Module:
        """The model, such that `backward` leaves the mean of the processes' gradients in its parameters."""
        return model if self.count == 1 else DistributedDataParallel(model)


ALONE: Final = Group()


@contextmanager
def joined() -> Iterator[Group]:
    """The group that torchrun started this process in, alone without torchrun; left again at the end."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield ALONE
        return
    distributed.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield Group(rank=distributed.get_rank(), count=count, local_rank=int(os.environ["LOCAL_RANK"]))
    finally:
        distributed.destroy_process_group()
