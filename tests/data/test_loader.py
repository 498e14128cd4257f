from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from torch import Tensor

from sslkit.data.loader import BatchOrder, Loader
from sslkit.data.samples import ArraySamples
from sslkit.randomness import numpy_generator

CPU = torch.device("cpu")


def numbers(n: int) -> ArraySamples:
    """Samples that are their own indices."""
    return ArraySamples(np.arange(n, dtype=np.float32)[:, None])


def test_an_epoch_holds_each_sample_once_and_the_next_is_another_order() -> None:
    order = BatchOrder(20, 4, seed=0)
    assert order.steps_per_epoch == 5
    epochs = [np.concatenate([order.indices(step) for step in range(5 * e, 5 * e + 5)]) for e in range(3)]
    for epoch in epochs:
        assert sorted(epoch.tolist()) == list(range(20))
    assert len({tuple(epoch) for epoch in epochs}) == 3


def test_the_incomplete_batch_is_left_out_and_not_always_the_same() -> None:
    order = BatchOrder(10, 4, seed=0)
    left_out = [set(range(10)) - {*order.indices(2 * e), *order.indices(2 * e + 1)} for e in range(20)]
    assert order.steps_per_epoch == 2 and all(len(rest) == 2 for rest in left_out)
    assert set.union(*left_out) == set(range(10))


def test_any_step_can_be_reached_at_once() -> None:
    one_by_one, directly = BatchOrder(50, 8, seed=3), BatchOrder(50, 8, seed=3)
    batches = [one_by_one.indices(step) for step in range(40)]
    for step in (39, 0, 17, 17, 6):
        np.testing.assert_array_equal(directly.indices(step), batches[step])
    expected = numpy_generator(3, "order", 2).permutation(50)[:8]  # 6 steps are an epoch
    np.testing.assert_array_equal(batches[12], expected)
    assert not np.array_equal(BatchOrder(50, 8, seed=4).indices(0), batches[0])


@pytest.mark.parametrize("size", [0, 11])
def test_batches_that_cannot_be(size: int) -> None:
    with pytest.raises(ValueError, match=f"a batch of {size} of 10 samples"):
        BatchOrder(10, size, seed=0)


def test_batches_from_a_step_on_are_those_of_the_order() -> None:
    order = BatchOrder(30, 6, seed=1)
    found = list(Loader(numbers(30), order, CPU).batches(3, 13))
    assert [batch.squeeze(1).tolist() for batch in found] == [order.indices(s).tolist() for s in range(3, 13)]
    assert list(Loader(numbers(30), order, CPU).batches(5, 5)) == []


def test_processes_share_each_batch_in_order() -> None:
    order = BatchOrder(30, 6, seed=1)
    shares = [list(Loader(numbers(30), order, CPU, rank, 3).batches(0, 7)) for rank in range(3)]
    for step in range(7):
        together = torch.cat([share[step] for share in shares]).squeeze(1)
        assert together.tolist() == order.indices(step).tolist()


class Watched:
    """Samples that tell which thread read them, and fail where they are told to."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.fails_at, self.reads = fails_at, 0
        self.threads: list[str] = []
        self.waiting = threading.Semaphore(0)

    def __len__(self) -> int:
        return 12

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        if self.reads == self.fails_at:
            raise OSError("the disk is gone")
        self.reads += 1
        self.threads.append(threading.current_thread().name)
        self.waiting.release()
        return torch.from_numpy(indices)


def test_the_next_batch_is_read_while_this_one_is_used() -> None:
    samples = Watched()
    batches = Loader(samples, BatchOrder(12, 4, seed=0), CPU).batches(0, 3)
    next(batches)
    for _ in range(2):  # nobody has asked for the second
        assert samples.waiting.acquire(timeout=10)
    assert samples.reads == 2 and all(name.startswith("loader") for name in samples.threads)
    batches.close()
    assert samples.reads == 2, "and no further"


def test_what_reading_raises_comes_to_who_asks() -> None:
    batches = Loader(Watched(fails_at=1), BatchOrder(12, 4, seed=0), CPU).batches(0, 3)
    assert len(next(batches)) == 4
    with pytest.raises(OSError, match="the disk is gone"):
        next(batches)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("loader")]
