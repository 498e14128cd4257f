"""The view of an experiment that tuning has: its test part is not there."""

from __future__ import annotations

from dataclasses import replace

from sslkit.assembly import Prepared
from sslkit.data.samples import subset
from sslkit.running.evaluate import draws_of


def without_test(prepared: Prepared, seed: int) -> Prepared:
    """The same data, with validation samples in the test part's place.

    They are those whose labels a method may see at the experiment's (one) label budget, so that tuning looks at no more
    labels than the methods choose by later.
    """
    splits = prepared.splits
    chosen = next(iter(draws_of(prepared, seed))).validation
    judged = subset(splits.validation, chosen)
    train, validation, _ = splits.indices
    return replace(
        prepared, splits=replace(splits, test=judged, indices=(train, validation, validation[chosen]))
    )
