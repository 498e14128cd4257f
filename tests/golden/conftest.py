"""What the golden tests share."""

from __future__ import annotations

import pytest
import torch

from tests.golden.environment import environment
from tests.golden.files import read_golden


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """The golden files were made on one thread; sums on several are in another order."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def exact() -> bool:
    """Whether the bits must be those of the golden files: same libraries, same processor, same settings."""
    torch.set_num_threads(1)
    return bool(environment() == read_golden()["environment"])
