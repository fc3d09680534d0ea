"""One loop decodes. What varies is how the next token is chosen: by the model (`greedy`), by somebody else
(`forced`), or by both (`s2s.decode.forcing`). What was computed on the way is returned, step by step; nothing
is kept on the side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from s2s.data.tokenizer import END_ID, PAD_ID, START_ID, UNKNOWN_ID
from s2s.decode.prepared import Advanced, Prepared
from s2s.decode.prepared_transformer import Advanced as TransformerAdvanced
from s2s.decode.prepared_transformer import PreparedTransformer
from s2s.model.decoder import Memory
from s2s.model.families import Model
from s2s.model.seq2seq import Seq2Seq
from s2s.model.transformer.model import Memory as TransformerMemory
from s2s.traces import Forcing

NOT_TEXT: Final = (PAD_ID, START_ID, UNKNOWN_ID)  # pieces that are never said
_START: Final[Forcing] = "start"
_AT_ONCE: Final = 4096  # source pieces that are decoded together, padding counted
_GONE: Final = 0.1  # of the rows of a batch have ended: the others go on without them
_FIRST_AHEAD: Final = 16  # pieces of a guess that are computed at once
_AFTER_A_MISS: Final = 2
_MOST_AHEAD: Final = 64
_CHEAP: Final = 16  # pieces of all sentences together that a step computes for little more than one
_NEAR: Final = 4  # pieces of a guess among which one is looked for that came unexpectedly


class Chosen(NamedTuple):
    """The next piece of a translation, and who chose it."""

    id: int
    by: Forcing  # "free", "forced" or "injected"


Key = TypeVar("Key", bound=Hashable)
AnyAdvanced = Advanced | TransformerAdvanced
Choose = Callable[[int, Tensor], Chosen]  # (position, log-probabilities (target_vocab,)) -> the next piece


class Task(NamedTuple):
    """One sentence to decode, with at most `limit` pieces; it ends earlier with the end token.

    `guess` is what will probably be said, such as what was said to the same sentence before its last letter:
    as long as it is right, many steps are computed at once, which reads the model's weights once for all of
    them (Stern, Shazeer & Uszkoreit 2018).
    """

    source_ids: Sequence[int]  # the end token included
    choose: Choose
    limit: int
    guess: Sequence[int] = ()


class Ready(Protocol):
    """A model ready to decode, whatever its memory and its state are made of."""

    def encode(self, sources: Sequence[Sequence[int]]) -> Sequence[Any]:
        """The memory of each source."""

    def beginning(self, memory: Any) -> Any:
        """The state before the first piece."""

    def advance(
        self, fed: Sequence[Sequence[int]], states: Sequence[Any], memories: Sequence[Any]
    ) -> Sequence[AnyAdvanced]:
        """Feed several pieces of each sentence."""


class Decoded(NamedTuple):
    """One sentence decoded: T steps, each with what was fed and what was said."""

    memory: Memory | TransformerMemory
    advanced: AnyAdvanced  # a row for each step
    fed: list[int]
    forcing: list[Forcing]  # who chose what was fed
    said: list[int]
    log_probs: list[float]  # of what was said, in nats
    predicted: Tensor  # (T, target_vocab), log-probabilities of all pieces
    cut: bool  # the limit came before the end token


def prepare(model: Model) -> Ready:
    """A model of either family, ready to decode."""
    return Prepared(model) if isinstance(model, Seq2Seq) else PreparedTransformer(model)


def greedy(position: int, log_probs: Tensor) -> Chosen:
    """The likeliest piece. Never one that is not text: padding, start, unknown."""
    likeliest = int(log_probs.argmax())
    if likeliest in NOT_TEXT:
        (likeliest,) = likeliest_text(log_probs, 1)
    return Chosen(likeliest, "free")


def likeliest_text(log_probs: Tensor, count: int) -> list[int]:
    """The `count` likeliest pieces that are text, best first; log_probs: (target_vocab,)."""
    allowed = log_probs.clone()
    allowed[list(NOT_TEXT)] = -torch.inf
    most: list[int] = allowed.topk(min(count, len(allowed) - len(NOT_TEXT))).indices.tolist()
    return most


def forced(target_ids: Sequence[int]) -> Choose:
    """The given pieces, one after the other (teacher forcing)."""
    return lambda position, log_probs: Chosen(target_ids[position], "forced")


@torch.inference_mode()
def decode(prepared: Ready, tasks: Sequence[Task]) -> list[Decoded]:
    """Decode sentences together, each as if it were alone.

    What is said depends neither on a guess nor on the other sentences, except where products of several rows
    at once round two equally likely pieces differently.
    """
    batch = Batch[int](prepared)
    batch.add(dict(enumerate(tasks)))
    found: dict[int, Decoded] = {}
    while len(batch):
        found |= batch.step()
    return [found[number] for number in range(len(tasks))]


class Batch(Generic[Key]):
    """Sentences on their way, which share each step. Others may join at any time, and each is there as soon
    as it has ended, whoever goes on (continuous batching, Yu et al. 2022)."""

    def __init__(self, prepared: Ready) -> None:
        self._prepared = prepared
        self._runs: dict[Key, _Run] = {}

    def __len__(self) -> int:
        return len(self._runs)

    @torch.inference_mode()
    def add(self, tasks: Mapping[Key, Task]) -> None:
        """Read sentences; each is called by a key."""
        if tasks:
            memories = self._prepared.encode([task.source_ids for task in tasks.values()])
            begun = map(self._prepared.beginning, memories)
            self._runs |= zip(tasks, map(_Run, tasks.values(), memories, begun), strict=True)

    @torch.inference_mode()
    def step(self) -> dict[Key, Decoded]:
        """One step of each sentence, or as many as were guessed; those that have ended, which leave."""
        runs = list(self._runs.values())
        room = _MOST_AHEAD if len(runs) == 1 else _CHEAP // len(runs)
        fed = [run.feed(room) for run in runs]
        found = self._prepared.advance(fed, [run.state for run in runs], [run.memory for run in runs])
        for run, pieces, advanced in zip(runs, fed, found, strict=True):
            run.take(pieces, advanced)
        ended = [key for key, run in self._runs.items() if not run.is_going]
        return {key: self._runs.pop(key).decoded() for key in ended}


class _Run:
    """A sentence on its way."""

    def __init__(self, task: Task, memory: Any, state: Any) -> None:
        self.memory, self.state = memory, state
        self._task, self._ahead = task, _Ahead(task.guess)
        self._token, self._by = START_ID, _START
        self._fed: list[int] = []
        self._forcing: list[Forcing] = []
        self._said: list[int] = []
        self._log_probs: list[float] = []
        self._taken: list[AnyAdvanced] = []
        self._predicted: list[Tensor] = []

    @property
    def is_going(self) -> bool:
        return len(self._said) < self._task.limit and self._token != END_ID

    def feed(self, room: int) -> list[int]:
        """The next piece, and behind it what is guessed to follow, at most `room` pieces (but one) in all."""
        most = min(max(room, 1), self._task.limit - len(self._said))
        return [self._token, *self._ahead.pieces()][:most]

    def take(self, fed: Sequence[int], advanced: AnyAdvanced) -> None:
        """Go on as far as the guess was right."""
        predicted = torch.log_softmax(advanced.logits, dim=-1)  # (pieces, target_vocab)
        row = 0
        for row, expected in enumerate([*fed[1:], None]):
            self._fed.append(self._token)
            self._forcing.append(self._by)
            self._token, self._by = self._task.choose(len(self._said), predicted[row])
            self._said.append(self._token)
            self._log_probs.append(float(predicted[row, self._token]))
            self._ahead.compare(self._token)
            if self._token == END_ID or self._token != expected:
                break
        self.state = advanced.after(row)
        self._taken.append(advanced.until(row + 1))
        self._predicted.append(predicted[: row + 1])

    def decoded(self) -> Decoded:
        joined: Callable[[list[Any]], AnyAdvanced] = type(self._taken[0]).joined
        return Decoded(
            memory=self.memory,
            advanced=joined(self._taken),
            fed=self._fed,
            forcing=self._forcing,
            said=self._said,
            log_probs=self._log_probs,
            predicted=torch.cat(self._predicted),
            cut=self._token != END_ID,
        )


class _Ahead:
    """How far a guess is trusted: more the longer it is right, hardly after a piece that it lacked."""

    def __init__(self, guess: Sequence[int]) -> None:
        self._guess = guess
        self._next = 0  # of the guess, the piece that is expected
        self._trusted = _FIRST_AHEAD

    def pieces(self) -> list[int]:
        """What to feed in advance; never the end token, behind which nothing is said."""
        expected = self._guess[self._next : self._next + self._trusted]
        return list(takewhile(lambda piece: piece != END_ID, expected))

    def compare(self, said: int) -> None:
        """Follow what is said: on to the next piece, to the place where it is caught up with, or past it."""
        near = self._guess[self._next : self._next + _NEAR]
        is_right = bool(near) and near[0] == said
        self._trusted = min(self._trusted + 1, _MOST_AHEAD) if is_right else _AFTER_A_MISS
        self._next += near.index(said) + 1 if said in near else 1


@torch.inference_mode()
def greedy_pieces(
    model: Model, sources: Sequence[Sequence[int]], *, limit: Callable[[int], int]
) -> list[list[int]]:
    """What greedy decoding says to each of several sources, the end token included; nothing else is kept.

    Sources are decoded in batches of similar length, so that little is padded, and of a bounded number of
    pieces, so that long ones take no more memory than short ones. Of a source of so many pieces, a
    translation has `limit` of that at most. `model` is in evaluation mode.
    """
    said: list[list[int]] = [[] for _ in sources]
    for numbers in _batches([len(source) for source in sources]):
        together = [sources[i] for i in numbers]
        rows = _greedy_rows(model, together, [limit(len(source)) for source in together])
        for number, row in zip(numbers, rows, strict=True):
            said[number] = row
    return said


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Which sources are decoded together, by their numbers, the shortest first."""
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[number] > _AT_ONCE:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _greedy_rows(model: Any, sources: Sequence[Sequence[int]], limits: Sequence[int]) -> list[list[int]]:
    """What is said to the sources of one batch, each with at most so many pieces."""
    padded = pad_sequence(
        [torch.tensor(source) for source in sources], batch_first=True, padding_value=PAD_ID
    )
    is_real = padded != PAD_ID  # (batch, source_len)
    memory = model.encode(padded, None if is_real.all() else is_real)
    state, fed = model.beginning(memory), torch.full((len(sources),), START_ID)  # (batch,)
    rows: list[list[int]] = [[] for _ in sources]
    decoded = list(range(len(sources)))  # the row that each line of the batch is
    going = set(decoded)
    while going:
        step = model.step(fed, state, memory)
        step.logits[:, list(NOT_TEXT)] = -torch.inf
        state, fed = step.state, step.logits.argmax(dim=1)
        for number, token in zip(decoded, fed.tolist(), strict=True):
            if number in going:
                rows[number].append(token)
                if token == END_ID or len(rows[number]) >= limits[number]:
                    going.remove(number)
        if len(going) <= (1 - _GONE) * len(decoded):
            kept = torch.tensor([number in going for number in decoded])  # (batch,)
            decoded = [number for number in decoded if number in going]
            memory, state, fed = memory.of_rows(kept), model.state_of_rows(state, kept), fed[kept]
    return rows
