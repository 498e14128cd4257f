"""What tuning sees: validation samples in the test part's place, and no test sample anywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sslkit.assembly import Prepared
from sslkit.running.evaluate import draws_of
from sslkit.running.validation_only import without_test


@pytest.mark.parametrize("budget", [2, "all"])
def test_the_test_part_is_not_there(prepared: Prepared, budget: int | str) -> None:
    evaluation = prepared.experiment.evaluation.model_copy(update={"labels_per_class": (budget,), "draws": 1})
    item = replace(prepared, experiment=replace(prepared.experiment, evaluation=evaluation))
    seen = without_test(item, seed=5)
    chosen = next(iter(draws_of(item, 5))).validation
    validation = item.splits.validation
    everything = np.arange(len(seen.splits.test))
    assert seen.splits.test.x[everything].equal(validation.x[chosen])
    np.testing.assert_array_equal(seen.splits.test.y, validation.y[chosen])
    np.testing.assert_array_equal(seen.splits.indices[2], item.splits.indices[1][chosen])
    test = item.splits.test.x[np.arange(len(item.splits.test))]
    assert not any(sample.equal(other) for sample in seen.splits.test.x[everything] for other in test)
    if budget == 2:
        assert np.bincount(seen.splits.test.y).tolist() == [2, 2], (
            "no more labels than methods choose by later"
        )


def test_what_is_trained_on_stays(prepared: Prepared) -> None:
    seen = without_test(prepared, seed=5)
    assert seen.splits.train is prepared.splits.train and seen.splits.validation is prepared.splits.validation
    assert len(prepared.splits.test) == 24, "the experiment itself keeps its test part"
