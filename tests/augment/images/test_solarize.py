from __future__ import annotations

import pytest
import torch
from torchvision.transforms.v2.functional import solarize

from sslkit.augment.images.solarize import Solarize


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 1.0])
def test_equals_torchvision(threshold: float) -> None:
    x = torch.rand(5, 4, 7, 6, generator=torch.Generator().manual_seed(0))
    x[0, 0, 0, :4] = torch.tensor([0.0, threshold, 0.5, 1.0])
    result = Solarize(threshold).apply(x, torch.Generator())
    torch.testing.assert_close(result, solarize(x, threshold), atol=1e-6, rtol=0)
    assert result.min() >= 0 and result.max() <= 1
