"""Where a piece stands: without it, a Transformer reads a sentence as a bag of pieces."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Sinusoidal(nn.Module):
    """Sines and cosines of wavelengths from 2 pi to 20,000 pi (Vaswani et al. 2017, section 3.5). No
    parameters, and no longest sentence."""

    def __init__(self, hidden: int, longest: int) -> None:
        super().__init__()
        self.hidden = hidden

    def forward(self, first: int, count: int, like: Tensor) -> Tensor:
        """Those of `count` positions from `first` on: (count, hidden), where and as `like` is."""
        place = torch.arange(first, first + count, device=like.device, dtype=torch.float32).unsqueeze(1)
        pair = torch.arange(0, self.hidden, 2, device=like.device, dtype=torch.float32)
        angle = place * torch.exp(pair * (-torch.log(torch.tensor(10_000.0)) / self.hidden).to(like.device))
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1).to(like.dtype)


class Learned(nn.Module):
    """A vector for each position, learned, up to the longest sentence (Gehring et al. 2017)."""

    def __init__(self, hidden: int, longest: int) -> None:
        super().__init__()
        self.table = nn.Embedding(longest, hidden)
        nn.init.normal_(self.table.weight, std=0.1)

    def forward(self, first: int, count: int, like: Tensor) -> Tensor:
        """Those of `count` positions from `first` on: (count, hidden)."""
        return self.table.weight[first : first + count]


class Absent(nn.Module):
    """None: to see what is lost."""

    def __init__(self, hidden: int, longest: int) -> None:
        super().__init__()
        self.hidden = hidden

    def forward(self, first: int, count: int, like: Tensor) -> Tensor:
        """Zeros, (count, hidden)."""
        return like.new_zeros(count, self.hidden)


Positions = Sinusoidal | Learned | Absent
POSITIONS: dict[str, type[Positions]] = {"sinusoidal": Sinusoidal, "learned": Learned, "absent": Absent}
