from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import ks_2samp
from torchvision.transforms import RandomErasing
from torchvision.transforms.v2.functional import erase

from sslkit.augment.images.occlusion import Occlusion
from sslkit.errors import SSLKitError


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", [(3, 20, 20), (1, 9, 31), (13, 15, 4)])
@pytest.mark.parametrize("fill", [0.0, 0.7, "mean"])
def test_equals_torchvisions_erase(shape: tuple[int, int, int], fill: Any) -> None:
    occlusion = Occlusion(fill=fill)
    x = torch.rand(30, *shape, generator=seeded(1))
    boxes = occlusion.draw(30, *shape[1:], seeded()).int().T.tolist()
    expected = torch.stack(
        [
            erase(image, *box, image.mean((1, 2), keepdim=True) if fill == "mean" else torch.tensor(fill))
            for image, box in zip(x, boxes, strict=True)
        ]
    )
    torch.testing.assert_close(occlusion.apply(x, seeded()), expected, atol=1e-6, rtol=0)


def test_noise_covers_the_box_alone() -> None:
    occlusion = Occlusion(area=(0.2, 0.3), fill="noise")
    x = torch.full((40, 2, 30, 30), 0.5)
    result = occlusion.apply(x, seeded())
    covered = torch.zeros_like(x, dtype=torch.bool)
    for mask, (top, left, tall, wide) in zip(
        covered, occlusion.draw(40, 30, 30, seeded()).int().T.tolist(), strict=True
    ):
        mask[:, top : top + tall, left : left + wide] = True
    assert (result[~covered] == 0.5).all()
    noise = result[covered]
    assert abs(noise.mean() - 0.5) < 0.02 and abs(noise.std() - 12**-0.5) < 0.02


def test_boxes_follow_torchvisions_law() -> None:
    torch.manual_seed(0)
    image = torch.empty(1, 40, 60)
    peer = [RandomErasing.get_params(image, (0.02, 0.2), (0.5, 2.0), [0.0])[:4] for _ in range(3000)]
    ours = Occlusion(area=(0.02, 0.2), ratio=(0.5, 2.0)).draw(20_000, 40, 60, seeded())
    for name, theirs, our in zip(("top", "left", "height", "width"), np.array(peer).T, ours, strict=True):
        # torchvision's ratio is height / width; 1/2…2 is the same both ways
        assert ks_2samp(theirs, our.numpy()).pvalue > 1e-3, name


def test_ellipse_covers_its_share_of_the_box() -> None:
    occlusion = Occlusion(area=(0.1, 0.3), ratio=(0.5, 2.0), shape="ellipse", fill=0.0)
    result = occlusion.apply(torch.ones(50, 1, 100, 100), seeded())
    _, _, tall, wide = occlusion.draw(50, 100, 100, seeded())
    covered = (result == 0).float().sum((1, 2, 3))
    torch.testing.assert_close(covered, math.pi / 4 * tall * wide, rtol=0.02, atol=10)
    assert ((result == 0) | (result == 1)).all()


@pytest.mark.parametrize("shape", ["rectangle", "ellipse"])
def test_nothing_to_everything(shape: Any) -> None:
    x = 0.5 + 0.5 * torch.rand(8, 1, 12, 12, generator=seeded())
    assert torch.equal(Occlusion(area=(0.0, 1e-6), shape=shape).apply(x, seeded()), x)
    whole = Occlusion(area=(1.0, 1.0), ratio=(1.0, 1.0), shape=shape, fill=0.0).apply(x, seeded())
    assert (whole == 0).all() if shape == "rectangle" else (whole[:, :, 5:7] == 0).all()


@pytest.mark.parametrize("settings", [{"area": (0.5, 0.1)}, {"area": (0.0, 1.5)}, {"ratio": (0.0, 1.0)}])
def test_impossible_boxes(settings: dict[str, Any]) -> None:
    with pytest.raises(SSLKitError, match="occlusion"):
        Occlusion(**settings)
