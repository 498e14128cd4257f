"""Which samples the front end's ``fit`` has read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from torch import Tensor

from sslkit.data.samples import subset
from sslkit.data.splits import Splits
from sslkit.errors import SSLKitError
from sslkit.types import Dataset, Samples


class WatchedSamples:
    """Other samples, and a record of which were read."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self.was_read = np.zeros(len(samples), dtype=bool)

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        self.was_read[np.asarray(indices, dtype=np.int64)] = True
        return self._samples[indices]


@contextmanager
def only_training_is_read(dataset: Dataset, splits: Splits) -> Iterator[tuple[Dataset, Splits]]:
    """The same data and parts, watched: whoever reads another sample than the training part's is found.

    Raises:
        SSLKitError: at the end, with how many samples of which part were read.
    """
    train = WatchedSamples(dataset.train.x)
    watched, others = replace(dataset, train=replace(dataset.train, x=train)), {}
    if dataset.validation is not None:
        others["validation"] = WatchedSamples(dataset.validation.x)
        watched = replace(watched, validation=replace(dataset.validation, x=others["validation"]))
    if dataset.test is not None:
        others["test"] = WatchedSamples(dataset.test.x)
        watched = replace(watched, test=replace(dataset.test, x=others["test"]))
    yield watched, _same_parts(watched, splits)
    own, validation, held = splits.indices
    from_validation = int(others.get("validation", train).was_read[validation].sum())
    from_test = int(others.get("test", train).was_read[held].sum())
    left_out = int(train.was_read.sum() - train.was_read[own].sum())
    left_out -= 0 if "validation" in others else from_validation
    left_out -= 0 if "test" in others else from_test
    if from_validation or from_test or left_out:
        listed = _listed(
            [(from_test, "test"), (from_validation, "validation"), (left_out, "left-out")],
        )
        raise SSLKitError(
            f"the front end has read {listed} samples to fit its statistics: they must come from the training part "
            "alone, or test figures flatter. Let its fit() use nothing but the batches that it is given."
        )


def _same_parts(dataset: Dataset, splits: Splits) -> Splits:
    own, validation, held = splits.indices
    return replace(
        splits,
        train=subset(dataset.train, own),
        validation=subset(dataset.train if dataset.validation is None else dataset.validation, validation),
        test=subset(dataset.train if dataset.test is None else dataset.test, held),
    )


def _listed(counts: Sequence[tuple[int, str]]) -> str:
    return " and ".join(f"{count} {name}" for count, name in counts if count)
