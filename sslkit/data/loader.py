"""Batches in an order that is a function of (seed, step), so that any step can be reached again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from sslkit.randomness import numpy_generator
from sslkit.types import Samples


class BatchOrder:
    """Which samples make the batch of each step: a fresh permutation each epoch, the incomplete last batch left out.

    Args:
        n: number of samples.
        batch_size: of all processes together; at most ``n``.
        seed: of the permutations.
    """

    def __init__(self, n: int, batch_size: int, seed: int) -> None:
        if not 1 <= batch_size <= n:
            raise ValueError(f"a batch of {batch_size} of {n} samples")
        self.n, self.batch_size, self.seed = n, batch_size, seed
        self.steps_per_epoch = n // batch_size
        self._epoch, self._permutation = -1, np.empty(0, dtype=np.int64)

    def indices(self, step: int) -> np.ndarray:
        """Sample indices ``(batch_size,)`` of a step (0-based)."""
        epoch, position = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._permutation = numpy_generator(self.seed, "order", epoch).permutation(self.n)
            self._epoch = epoch
        return self._permutation[position * self.batch_size : (position + 1) * self.batch_size]


class Loader:
    """Iterates over batches on the device from any step on; the next one is read while this one is used.

    Args:
        samples: what to index.
        order: of the batches.
        device: where batches go.
        rank, world: this process's share is a contiguous slice of each batch.
    """

    def __init__(
        self, samples: Samples, order: BatchOrder, device: torch.device, rank: int = 0, world: int = 1
    ) -> None:
        self.samples, self.order, self.device = samples, order, device
        self.rank, self.world = rank, world

    def _fetch(self, step: int) -> Tensor:
        share = self.order.batch_size // self.world
        batch = self.samples[self.order.indices(step)[self.rank * share : (self.rank + 1) * share]]
        return batch.pin_memory() if self.device.type == "cuda" else batch

    def batches(self, start: int, stop: int) -> Iterator[Tensor]:
        """Batches of steps ``start`` … ``stop - 1``, as stored."""
        if start >= stop:
            return
        with ThreadPoolExecutor(1, thread_name_prefix="loader") as pool:
            coming: Future[Tensor] = pool.submit(self._fetch, start)
            for step in range(start, stop):
                batch = coming.result()
                if step + 1 < stop:
                    coming = pool.submit(self._fetch, step + 1)
                yield batch.to(
                    self.device, non_blocking=self.device.type == "cuda"
                )  # from pinned memory only
