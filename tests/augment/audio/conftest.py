"""Inputs that the tests of audio augmentations share."""

import pytest
import torch


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.fixture(params=[(5, 4000), (1, 1601)], ids=str)
def waveforms(request):
    return torch.randn(request.param, generator=torch.Generator().manual_seed(1)) * 0.1


@pytest.fixture(params=[(5, 1, 64, 96), (1, 1, 41, 33)], ids=str)
def spectrograms(request):
    return torch.randn(request.param, generator=torch.Generator().manual_seed(1))
