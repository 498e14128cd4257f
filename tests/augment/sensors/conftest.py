"""Inputs that the tests of sensor augmentations share."""

import pytest
import torch


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.fixture(params=[(5, 6, 128), (1, 1, 41), (3, 40, 97)], ids=str)
def windows(request):
    """Batches of several channels, of one, of 40; lengths even and odd."""
    return torch.randn(request.param, generator=torch.Generator().manual_seed(1))
