from collections import Counter
from collections.abc import Iterator
from itertools import islice, repeat

import numpy as np
import pytest

from s2s.data.batches import Batch, collate, dev_batches, shard, training_batches
from s2s.data.examples import Example
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID


def _example(number: int, source_len: int, target_len: int) -> Example:
    """An example that can be told from all others: its number is in every piece but the last."""
    return Example(
        np.array([number + 10] * (source_len - 1) + [END_ID]),
        np.array([number + 10] * (target_len - 1) + [END_ID]),
    )


def _examples(per_length: dict[int, int]) -> list[Example]:
    lengths = [length for length, count in per_length.items() for _ in range(count)]
    return [_example(n, length, 2 + n % 7) for n, length in enumerate(lengths)]


EXAMPLES = _examples({3: 64, 4: 96, 6: 32})  # whole batches of 32: nothing is left over
UNEVEN = _examples({7: 5, 3: 50, 5: 71, 9: 40})


def _stream(examples: list[Example], *, seed: int = 1) -> Iterator[Batch]:
    return training_batches(repeat(examples), batch_tokens=128, random=np.random.default_rng(seed))


def _numbers(batch: Batch) -> list[int]:
    return [int(row[0]) - 10 for row in batch.source]


def _said(row: np.ndarray) -> list[int]:
    return [int(piece) for piece in row if piece != PAD_ID]


def _same(a: Batch, b: Batch) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_no_source_is_padded() -> None:
    for batch in islice(_stream(UNEVEN), 40):
        assert (batch.source != PAD_ID).all()
        assert (batch.source[:, -1] == END_ID).all()


def test_each_part_has_every_example_once() -> None:
    stream = _stream(EXAMPLES)
    for _ in range(3):
        epoch = list(islice(stream, len(EXAMPLES) // 32))
        assert sorted(n for batch in epoch for n in _numbers(batch)) == list(range(len(EXAMPLES)))


def test_a_part_comes_in_a_new_order() -> None:
    stream = _stream(EXAMPLES)
    first, second = ([_numbers(batch) for batch in islice(stream, 6)] for _ in range(2))
    assert first != second


def test_what_is_left_over_waits_and_is_not_lost() -> None:
    stream = _stream(UNEVEN)
    seen: Counter[int] = Counter()
    buckets = Counter(len(example.source) for example in UNEVEN)
    given = dict.fromkeys(buckets, 0)
    for epoch in range(1, 21):
        batches_now = sum((epoch * n - given[length]) // 32 for length, n in buckets.items())
        for batch in islice(stream, batches_now):
            given[batch.source.shape[1]] += len(batch.source)
            seen.update(_numbers(batch))
        assert given == {length: epoch * n // 32 * 32 for length, n in buckets.items()}
        assert max(seen.values()) <= epoch
    assert set(seen) == set(range(len(UNEVEN)))


def test_each_example_keeps_its_own_target() -> None:
    for batch in islice(_stream(UNEVEN), 20):
        for number, source, target in zip(_numbers(batch), batch.source, batch.target_said, strict=True):
            assert np.array_equal(source, UNEVEN[number].source)
            assert _said(target) == list(UNEVEN[number].target)


def test_what_is_read_is_what_is_said_one_step_later_behind_the_start_token() -> None:
    for batch in islice(_stream(UNEVEN), 20):
        for read, said in zip(batch.target_read, batch.target_said, strict=True):
            pieces = _said(said)
            assert pieces[-1] == END_ID
            assert END_ID not in pieces[:-1]
            assert list(said) == pieces + [PAD_ID] * (len(said) - len(pieces))
            assert list(read) == [START_ID, *pieces[:-1]] + [PAD_ID] * (len(said) - len(pieces))


def test_the_same_seed_gives_the_same_batches_and_another_does_not() -> None:
    once, again, other = (list(islice(_stream(UNEVEN, seed=s), 25)) for s in (5, 5, 6))
    assert all(_same(a, b) for a, b in zip(once, again, strict=True))
    assert not all(_same(a, b) for a, b in zip(once, other, strict=True))


def test_shapes_repeat() -> None:
    batches = list(islice(_stream(UNEVEN), 60))
    assert all(batch.target_said.shape[1] % 4 == 0 for batch in batches)
    sizes = {(batch.source.shape[1], len(batch.source)) for batch in batches}
    assert len(sizes) == len({length for length, _ in sizes})
    assert all(size % 32 == 0 for _, size in sizes)


def test_a_batch_holds_at_most_its_tokens_when_that_is_32_examples_or_more() -> None:
    parts, random = repeat(_examples({4: 300})), np.random.default_rng(1)
    stream = training_batches(parts, batch_tokens=600, random=random)
    assert {len(batch.source) for batch in islice(stream, 5)} == {128}


def test_every_dev_example_comes_exactly_once_and_unpadded_at_the_source() -> None:
    batches = dev_batches(UNEVEN, batch_tokens=40)
    assert sorted(n for batch in batches for n in _numbers(batch)) == list(range(len(UNEVEN)))
    for batch in batches:
        assert (batch.source != PAD_ID).all()
        assert batch.source.size <= 40 + batch.source.shape[1]
        for number, target in zip(_numbers(batch), batch.target_said, strict=True):
            assert _said(target) == list(UNEVEN[number].target)


def test_no_dev_examples_give_no_batches() -> None:
    assert dev_batches([], batch_tokens=40) == []


def test_targets_are_rounded_up_to_the_step() -> None:
    members = [_example(0, 4, 5), _example(1, 4, 3)]
    assert collate(members, target_step=4).target_said.shape == (2, 8)
    assert collate(members, target_step=1).target_said.shape == (2, 5)


@pytest.mark.parametrize(("rows", "count"), [(32, 1), (32, 2), (32, 3), (5, 4), (3, 3), (2, 5)])
def test_every_row_of_a_batch_is_in_one_shard_and_nothing_else_is_to_be_learned(
    rows: int, count: int
) -> None:
    batch = collate([_example(n, 4, 2 + n) for n in range(rows)], target_step=4)
    shards = [shard(batch, rank=rank, count=count) for rank in range(count)]
    assert sum(part.pieces for part in shards) == batch.pieces == sum(2 + n for n in range(rows))
    sizes = [len(part.source) for part in shards if part.pieces]
    assert sum(sizes) == rows
    assert max(sizes) - min(sizes) <= 1
    for rank, part in enumerate(shards):
        assert len({len(array) for array in part}) == 1
        if part.pieces:
            assert _numbers(part) == list(range(rank, rows, count))
            for number, source, read, said in zip(_numbers(part), *part, strict=True):
                assert (source == batch.source[number]).all()
                assert (read == batch.target_read[number]).all()
                assert (said == batch.target_said[number]).all()


def test_a_process_without_a_row_has_one_to_work_with_but_none_to_learn_from() -> None:
    batch = collate([_example(n, 4, 5) for n in range(2)], target_step=4)
    spare = shard(batch, rank=2, count=3)
    assert [array.shape for array in spare] == [array[:1].shape for array in batch]
    assert spare.pieces == 0
    assert batch.pieces == 10
