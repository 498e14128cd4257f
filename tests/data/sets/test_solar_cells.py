import importlib.util

import numpy as np
import pytest

from sslkit.data.sets.solar_cells import SolarCells
from sslkit.errors import SSLKitError

installed = importlib.util.find_spec("elpv_dataset") is not None


@pytest.mark.skipif(not installed, reason="elpv-dataset is not installed")
def test_the_cells() -> None:
    dataset = SolarCells(size=32).load()
    assert dataset.test is not None and (len(dataset.train), len(dataset.test)) == (1968, 656)
    assert dataset.train.groups is not None and dataset.test.groups is not None
    assert not set(dataset.train.groups) & set(dataset.test.groups)
    assert set(np.bincount(dataset.test.groups)) == {0, 41}
    assert dataset.train.y.sum() + dataset.test.y.sum() == 106 + 715  # called 2/3 and 1 by the experts
    x = dataset.test.x[np.array([0, 655])]
    assert x.shape == (2, 1, 32, 32) and x.float().std() > 5
    assert "NC" in str(dataset.notes[0])


@pytest.mark.skipif(installed, reason="elpv-dataset is installed")
def test_without_the_package() -> None:
    with pytest.raises(SSLKitError, match='pip install "elpv-dataset"'):
        SolarCells().load()
