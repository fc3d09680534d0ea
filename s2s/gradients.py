"""Gradients of a target word, split exactly into the ways they come back by (see `s2s.paths`).

A way is cut out by giving each use of a quantity a copy of its own: the chain rule says that the gradients
of all copies add up to the gradient of the quantity. The encoder states are used as values and as keys by
the attention of the step, and by that of the steps before; the decoder state is used to ask and to speak.
What arrives at a copy is carried on through the encoder, which is run here step by step, so that each of its
states is a place where gradient can be read.

The attention of earlier steps has a copy, too, and its gradient is computed like the others. It is zero: in
Luong's order attention comes after the recurrent step and is not fed back, so that no later word depends on
it (Luong et al. 2015; their section 3.3 has the variant in which it does, input feeding).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn

from s2s.data.tokenizer import START_ID
from s2s.model import cells
from s2s.model.attention import attend
from s2s.model.cells import State
from s2s.model.decoder import Memory
from s2s.model.encoder import Encoder
from s2s.model.families import Model
from s2s.model.seq2seq import Seq2Seq
from s2s.model.transformer import model as transformer
from s2s.paths import PATHS, Path, Update

_MOST_STEPS: Final = 24  # target pieces that a flow is the mean of; more say the same and take longer


# Whether each direction of an encoder reads backward, by how it reads.
_WAYS: Final = {"both": (False, True), "forward": (False,), "backward": (True,)}


class Unrolled(NamedTuple):
    """The source read step by step: every number of `Encoder.forward`, and every state on the way."""

    embedded: Tensor  # (batch, source_len, hidden)
    ways: tuple[bool, ...]  # for each direction, whether it reads backward
    states: list[list[State]]  # top layer, by direction, in reading order: each part (batch, width)
    encoder_states: Tensor  # (batch, source_len, hidden)
    initial_state: State  # each (layers, batch, hidden)

    @property
    def places(self) -> list[Tensor]:
        """Where gradient is read: the embeddings, then the states."""
        return [self.embedded, *(part for way in self.states for state in way for part in state)]


class Split(NamedTuple):
    """Gradients of one log-probability, by path and whole; arrays as in `s2s.paths.Gradients`."""

    log_prob: Tensor  # ()
    states: Tensor  # (paths, source_len, width)
    embeddings: Tensor  # (paths, source_len, hidden)
    whole_states: Tensor  # (source_len, width)
    whole_embeddings: Tensor  # (source_len, hidden)


class Reached(NamedTuple):
    """Norms of gradients by distance from the encoder's last state; (source_len,) each."""

    whole: Tensor
    chain: Tensor
    steps: int  # target pieces that they are root mean squares of


def unroll(encoder: Encoder, source: Tensor) -> Unrolled:
    """Read (batch, source_len) piece numbers, all of them real, with a node of the graph for each state."""
    embedded = encoder.dropout(encoder.embedding(source))
    inputs: tuple[Tensor, ...] = embedded.unbind(1)
    last: list[list[State]] = []  # by layer, by direction
    states: list[list[State]] = []
    ways = _WAYS[encoder.direction]
    for layer in range(encoder.rnn.num_layers):
        weights = encoder.rnn.all_weights[layer * len(ways) : (layer + 1) * len(ways)]
        states = [
            list(_read(encoder, inputs, one, backward)) for backward, one in zip(ways, weights, strict=True)
        ]
        last.append([way[-1] for way in states])
        hidden = [
            [state[0] for state in (reversed(way) if backward else way)]
            for backward, way in zip(ways, states, strict=True)
        ]
        inputs = tuple(torch.cat(ways, dim=-1) for ways in zip(*hidden, strict=True))
    initial_state = tuple(
        bridge(torch.stack([torch.cat([state[part] for state in ends], dim=-1) for ends in last]))
        for part, bridge in enumerate(encoder.bridges)
    )
    return Unrolled(embedded, ways, states, torch.stack(inputs, dim=1) + embedded, initial_state)


def _read(
    encoder: Encoder, inputs: Sequence[Tensor], weights: Sequence[Tensor], backward: bool
) -> Iterator[State]:
    """The states of one direction in the order it reads."""
    cell = encoder.cell
    nothing = inputs[0].new_zeros(len(inputs[0]), weights[1].shape[1])  # (batch, width)
    state: State = (nothing,) * cell.parts
    for one in reversed(inputs) if backward else inputs:
        after = cell.step(one, state if cell.parts > 1 else state[0], *weights)
        hidden, *rest = after if isinstance(after, tuple) else (after,)
        # A cell is handed on as a copy: what goes through this step's own hidden state is counted there.
        state = (hidden, *(part.clone() for part in rest))
        yield state


def split(model: Seq2Seq, source_ids: Sequence[int], target_ids: Sequence[int], step: int) -> Split:
    """The gradients of the log-probability of `target_ids[step]`, after the pieces before it, by path.

    `model` is in evaluation mode; `source_ids` and `target_ids` end with the end token.
    """
    with torch.enable_grad():
        read = unroll(model.encoder, torch.tensor([source_ids]))
        fed = torch.tensor([[START_ID, *target_ids[:step]]])  # (1, step + 1)
        log_prob, entered = _by_copies(model, read, fed, target_ids[step])
        carried = [_carry(read, entered[path]) for path in PATHS]
        whole_log_prob = _in_one_piece(model, read, fed, target_ids[step])
        whole = _sorted(read, torch.autograd.grad(whole_log_prob, read.places))
    states, embeddings = (torch.stack([one[k][0] for one in carried]) for k in (0, 1))
    return Split(log_prob.detach(), states, embeddings, whole[0][0], whole[1][0])


Entrance = tuple[Tensor, State]  # gradients at the encoder states and at the initial state


def _by_copies(model: Seq2Seq, read: Unrolled, fed: Tensor, said: int) -> tuple[Tensor, dict[Path, Entrance]]:
    """The log-probability of a piece, and what arrives by each path where it enters the encoder."""
    decoder = model.decoder
    values, keys, earlier = (_leaf(read.encoder_states) for _ in range(3))
    initial_state = tuple(_leaf(part) for part in read.initial_state)
    scorer = decoder.scorer
    memory = Memory(earlier, None if scorer is None else scorer.keys(earlier), None, initial_state)
    state = initial_state
    for before in fed[0, :-1]:
        state = model.step(before.view(1), state, memory).state
    decoder_state, _ = cells.step(decoder.cell, decoder.rnn, decoder.embedding(fed[:, -1]), state)
    asking, speaking = (decoder_state.unsqueeze(1).clone() for _ in range(2))  # (1, 1, hidden)
    attended = None if scorer is None else attend(scorer, asking, scorer.keys(keys), values, None)
    log_prob = decoder.predict(speaking, attended)[0, 0].log_softmax(dim=-1)[said]

    copies = [values, keys, earlier, asking, speaking]  # in the order of PATHS
    found = torch.autograd.grad(log_prob, copies, retain_graph=True, materialize_grads=True)
    nothing = torch.zeros_like(values), tuple(torch.zeros_like(part) for part in initial_state)
    at_states = [(gradient, nothing[1]) for gradient in found[:3]]
    at_last = [
        (nothing[0], torch.autograd.grad(decoder_state, initial_state, one.squeeze(1), retain_graph=True))
        for one in found[3:]
    ]
    return log_prob, dict(zip(PATHS, [*at_states, *at_last], strict=True))


def _in_one_piece(model: Seq2Seq, read: Unrolled, fed: Tensor, said: int) -> Tensor:
    """The log-probability of a piece as the model computes it, without a copy of anything."""
    scorer, states = model.decoder.scorer, read.encoder_states
    memory = Memory(states, None if scorer is None else scorer.keys(states), None, read.initial_state)
    state, logits = memory.initial_state, torch.empty(0)
    for piece in fed[0]:
        one = model.step(piece.view(1), state, memory)
        state, logits = one.state, one.logits
    return logits[0].log_softmax(dim=-1)[said]


def _leaf(tensor: Tensor) -> Tensor:
    return tensor.detach().clone().requires_grad_()


def _carry(read: Unrolled, entrance: Entrance) -> tuple[Tensor, Tensor]:
    """On through the encoder, from where gradient enters it to every state and embedding."""
    at_states, at_last = entrance
    return _sorted(
        read,
        torch.autograd.grad(
            [read.encoder_states, *read.initial_state],
            read.places,
            [at_states, *at_last],
            retain_graph=True,
            materialize_grads=True,
        ),
    )


def _sorted(read: Unrolled, gradients: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Gradients at `Unrolled.places` as (batch, source_len, width) and (batch, source_len, hidden); the width
    holds hidden states, then cells, of the forward direction beside those of the backward one."""
    embeddings, *rest = gradients
    parts = len(read.initial_state)
    length = embeddings.shape[1]
    by_way = [
        [torch.stack(rest[first + part : first + parts * length : parts], dim=1) for part in range(parts)]
        for first in range(0, len(rest), parts * length)
    ]  # by direction and part: (batch, source_len, width), in reading order
    in_order = [
        [part.flip(1) if backward else part for part in way]
        for backward, way in zip(read.ways, by_way, strict=True)
    ]
    states = torch.cat([torch.cat(one, dim=-1) for one in zip(*in_order, strict=True)], dim=-1)
    return states, embeddings


def reach(model: Seq2Seq, source_ids: Sequence[int], target_ids: Sequence[int]) -> Reached:
    """How much gradient of the target's pieces reaches each encoder state, by its distance from the last.

    Of a long target, `_MOST_STEPS` pieces evenly spread. One row of a batch for each of them.
    """
    steps = torch.linspace(0, len(target_ids) - 1, min(len(target_ids), _MOST_STEPS)).round().long()
    rows = len(steps)
    decoder = model.decoder
    with torch.enable_grad():
        read = unroll(model.encoder, torch.tensor([source_ids]).expand(rows, -1))
        states = _leaf(read.encoder_states)
        initial_state = tuple(_leaf(part) for part in read.initial_state)
        fed = torch.tensor([[START_ID, *target_ids[:-1]]]).expand(rows, -1)
        decoder_states, _ = cells.run(decoder.rnn, decoder.embedding(fed), initial_state)
        asking = decoder_states[torch.arange(rows), steps].unsqueeze(1)  # (rows, 1, hidden)
        scorer = decoder.scorer
        attended = None if scorer is None else attend(scorer, asking, scorer.keys(states), states, None)
        predicted = decoder.predict(asking, attended)[:, 0].log_softmax(dim=-1)  # (rows, target_vocab)
        said = predicted[torch.arange(rows), torch.tensor(target_ids)[steps]].sum()
        at_states, *at_last = torch.autograd.grad(said, [states, *initial_state], materialize_grads=True)
        arrived = [
            torch.autograd.grad(
                [read.encoder_states, *read.initial_state],
                read.places[1:],
                [entering, *at_last],
                retain_graph=True,
                materialize_grads=True,
            )
            for entering in (at_states, torch.zeros_like(at_states))
        ]
    whole, chain = (_by_distance(read, gradients) for gradients in arrived)
    return Reached(whole, chain, rows)


def _by_distance(read: Unrolled, gradients: Sequence[Tensor]) -> Tensor:
    """(source_len,) root mean squares over rows; reading order, turned round, is distance from the last."""
    length = read.encoder_states.shape[1]
    squares = torch.stack([gradient.double().square().sum(dim=-1) for gradient in gradients])  # (n, rows)
    parts = len(read.initial_state)
    by_place = squares.view(-1, length, parts, squares.shape[1]).sum(dim=(0, 2))  # (source_len, rows)
    return by_place.mean(dim=1).sqrt().flip(0)


def largest_singular_value(encoder: Encoder) -> float:
    """The largest by which a recurrent matrix of the encoder stretches a state: over directions, layers and
    gates, each gate of a GRU or LSTM having a matrix of its own."""
    return max(
        float(torch.linalg.matrix_norm(gate, ord=2))
        for name, matrix in encoder.rnn.named_parameters()
        if name.startswith("weight_hh")
        for gate in torch.split(matrix.detach(), matrix.shape[1])
    )


def scaled(model: Seq2Seq, factor: float) -> Seq2Seq:
    """A copy whose encoder has its recurrent matrices multiplied by `factor`."""
    changed = copy.deepcopy(model)
    with torch.no_grad():
        for name, matrix in changed.encoder.rnn.named_parameters():
            if name.startswith("weight_hh"):
                matrix.mul_(factor)
    return changed


def update(
    model: Seq2Seq, source_ids: Sequence[int], target_ids: Sequence[int], *, rate: float, clip: float
) -> Update:
    """What one step of gradient descent on one sentence does; the model itself stays as it is."""
    source, target = torch.tensor([source_ids]), torch.tensor(target_ids)
    read = torch.tensor([[START_ID, *target_ids[:-1]]])
    learner = copy.deepcopy(model).eval()

    def loss() -> Tensor:
        return nn.functional.cross_entropy(learner(source, read).logits[0], target)

    with torch.enable_grad():
        before = loss()
        parameters = list(learner.parameters())
        gradients = torch.autograd.grad(before, parameters, materialize_grads=True)
    norm = float(torch.linalg.vector_norm(torch.stack([g.double().norm() for g in gradients])))
    kept = min(1.0, clip / norm) if norm else 1.0
    losses: list[float] = []
    for share in (1.0, kept):
        with torch.no_grad():
            for parameter, original, gradient in zip(parameters, model.parameters(), gradients, strict=True):
                parameter.copy_(original - rate * share * gradient)
            losses.append(float(loss()))
    return Update(
        rate=rate, clip=clip, norm=norm, clipped=norm * kept, loss=float(before.detach()),
        loss_free=losses[0], loss_clipped=losses[1],
    )  # fmt: skip


class Travelled(NamedTuple):
    """Gradients on their way through an encoder; see `s2s.paths.Travel`."""

    log_prob: Tensor  # () of one target piece
    words: Tensor  # (source_len, hidden) its gradient at each source embedding
    whole: Tensor  # (source_len, hidden) that of the log-probability of the whole target
    between: Tensor  # (source_len, source_len, hidden) the same, by the state that it enters at


class _Through(NamedTuple):
    """An encoder on its way from embeddings to what a decoder gets of it."""

    embedded: Tensor  # (batch, source_len, hidden)
    encoder_states: Tensor  # (batch, source_len, hidden)
    last: State  # of a recurrent one, `Encoded.last`; of a Transformer nothing


def travel(model: Model, source_ids: Sequence[int], target_ids: Sequence[int], step: int) -> Travelled:
    """The gradient of the log-probability of `target_ids[step]` at each source embedding, and where that of
    all target pieces together enters the encoder and arrives. `model` is in evaluation mode."""
    source = torch.tensor([source_ids])
    with torch.enable_grad():
        read = _through(model, source)
        log_probs = _log_probs(model, read, target_ids)
        words, whole = (
            torch.autograd.grad(one, read.embedded, retain_graph=True)[0][0]
            for one in (log_probs[step], log_probs.sum())
        )
        entering = [_leaf(part) for part in (read.encoder_states, *read.last)]
        handed = _Through(read.embedded, entering[0], tuple(entering[1:]))
        at_states, *at_last = torch.autograd.grad(
            _log_probs(model, handed, target_ids).sum(), entering, materialize_grads=True
        )
        length = len(source_ids)
        rows = _through(model, source.expand(length, -1))  # one for each state that gradient enters at
        entered = torch.diag_embed(at_states[0].t()).permute(1, 2, 0)  # (source_len, source_len, hidden)
        (between,) = torch.autograd.grad(
            [rows.encoder_states, *rows.last], rows.embedded, [entered, *_at_ends(model, at_last, length)]
        )
    return Travelled(log_probs[step].detach(), words, whole, between)


def _through(model: Model, source: Tensor) -> _Through:
    if isinstance(model, Seq2Seq):
        encoded = model.encoder(source)
        return _Through(encoded.embedded, encoded.encoder_states, encoded.last)
    embedded = model.encoder.embedding(source)
    states, _ = model.encoder.through_layers(model.encoder.placed(embedded))
    return _Through(embedded, states, ())


def _log_probs(model: Model, read: _Through, target_ids: Sequence[int]) -> Tensor:
    """Of each target piece after those before it, (target_len,)."""
    states, fed = read.encoder_states, torch.tensor([[START_ID, *target_ids[:-1]]])
    if isinstance(model, Seq2Seq):
        scorer = model.decoder.scorer
        bridged = tuple(bridge(part) for bridge, part in zip(model.encoder.bridges, read.last, strict=True))
        memory = Memory(states, None if scorer is None else scorer.keys(states), None, bridged)
        logits = model.decoder(fed, memory).logits
    else:
        seen = transformer.Memory(states, model.decoder.source_keys(states), None, ())
        logits = model.decoder.logits(model.looked(fed, seen).states)
    log_probs: Tensor = logits[0].log_softmax(dim=-1)
    return log_probs[torch.arange(len(target_ids)), torch.tensor(target_ids)]


def _at_ends(model: Model, at_last: Sequence[Tensor], length: int) -> Iterator[Tensor]:
    """What enters by the last states, each (layers, 1, hidden), in the row of the piece that was read last:
    (layers, source_len, hidden). Of two directions, the backward one ends at the first."""
    if not isinstance(model, Seq2Seq):
        return
    ways = _WAYS[model.encoder.direction]
    for part in at_last:
        rows = part.new_zeros(len(part), length, part.shape[2])
        width = part.shape[2] // len(ways)
        for number, backward in enumerate(ways):
            half = slice(number * width, (number + 1) * width)
            rows[:, 0 if backward else length - 1, half] = part[:, 0, half]
        yield rows
