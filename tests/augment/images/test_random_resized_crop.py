from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pytest
import torch
from scipy.stats import ks_2samp
from torch import Tensor
from torchvision.transforms import InterpolationMode
from torchvision.transforms import RandomResizedCrop as TorchvisionCrop
from torchvision.transforms.v2.functional import resized_crop as torchvision_crop

from sslkit.augment.images import random_resized_crop
from sslkit.augment.images.random_resized_crop import RandomResizedCrop, resized_crop
from sslkit.errors import SSLKitError

MODES = {"bicubic": InterpolationMode.BICUBIC, "bilinear": InterpolationMode.BILINEAR}


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def reference(x: Tensor, rows: tuple, columns: tuple, size: tuple[int, int], mode: str) -> Tensor:
    """Image by image with torchvision."""
    results = []
    for i, image in enumerate(x):
        top, height, left, width = (int(t[i]) for t in (rows[0], rows[1], columns[0], columns[1]))
        result = torchvision_crop(image, top, left, height, width, size, MODES[mode], antialias=True)
        mirrored = columns[2] is not None and bool(columns[2][i])
        results.append(result.flip(-1) if mirrored else result)
    return torch.stack(results).clamp(0, 1)


@pytest.mark.parametrize("mode", ["bicubic", "bilinear"])
@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((3, 32, 32), None),
        ((1, 33, 27), None),
        ((13, 20, 41), None),
        ((3, 64, 48), (24, 32)),  # smaller: antialiasing at work
        ((3, 16, 16), (37, 20)),
        ((2, 1, 9), None),
    ],
)
def test_equals_torchvision_image_by_image(
    mode: Literal["bicubic", "bilinear"], shape: tuple[int, int, int], size: tuple[int, int] | None
) -> None:
    x = torch.rand(40, *shape, generator=seeded(1))
    crop = RandomResizedCrop(interpolation=mode, flip=0.5)
    height, width = shape[1:]
    rows, columns = crop.draw(len(x), height, width, seeded(2))
    assert columns.mirrored is not None and 0 < columns.mirrored.sum() < len(x)
    expected = reference(x, rows, columns, size or (height, width), mode)
    found = resized_crop(x, rows, columns, size or (height, width), mode)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)
    if size is None:
        torch.testing.assert_close(crop.apply(x, seeded(2)), found)


def test_taps_from_the_table_are_those_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.rand(30, 2, 19, 23, generator=seeded())
    crop = RandomResizedCrop(flip=0.5)
    from_table = crop.apply(x, seeded())
    monkeypatch.setattr(random_resized_crop, "TABLE", 0)
    assert torch.equal(crop.apply(x, seeded()), from_table)


def test_whole_image_is_itself() -> None:
    x = torch.rand(4, 3, 17, 12, generator=seeded())
    crop = RandomResizedCrop(area=(1.0, 1.0), ratio=(12 / 17, 12 / 17))
    torch.testing.assert_close(crop.apply(x, seeded()), x)


@pytest.mark.parametrize(
    ("height", "width", "area"), [(32, 32, (0.08, 1.0)), (60, 25, (0.5, 1.0)), (5, 7, (0.08, 1.0))]
)
def test_boxes_follow_torchvisions_law(height: int, width: int, area: tuple[float, float]) -> None:
    torch.manual_seed(0)
    image = torch.empty(1, height, width)
    peer = np.array([TorchvisionCrop.get_params(image, list(area), [3 / 4, 4 / 3]) for _ in range(3000)])
    rows, columns = RandomResizedCrop(area=area).draw(20_000, height, width, seeded())
    ours = (rows.start, columns.start, rows.length, columns.length)
    for name, theirs, our in zip(("top", "left", "height", "width"), peer.T, ours, strict=True):
        assert ks_2samp(theirs, our.squeeze(1).numpy()).pvalue > 1e-3, name
    shares = ks_2samp(peer[:, 2] * peer[:, 3], (rows.length * columns.length).squeeze(1).numpy())
    assert shares.pvalue > 1e-3


def test_boxes_lie_inside() -> None:
    for height, width in [(1, 1), (2, 50), (31, 30)]:
        rows, columns = RandomResizedCrop().draw(5000, height, width, seeded())
        for span, length in ((rows, height), (columns, width)):
            assert span.start.min() >= 0 and span.length.min() >= 1
            assert (span.start + span.length).max() <= length
            assert torch.equal(span.start, span.start.round())


def test_box_that_never_fits_is_the_largest_central_one() -> None:
    rows, columns = RandomResizedCrop(area=(1.0, 1.0), ratio=(2.0, 2.0)).draw(3, 30, 40, seeded())
    expected = TorchvisionCrop.get_params(torch.empty(1, 30, 40), [1.0, 1.0], [2.0, 2.0])
    for ours, theirs in zip((rows.start, columns.start, rows.length, columns.length), expected, strict=True):
        assert (ours == theirs).all()


def test_ratio_is_uniform_in_its_logarithm() -> None:
    rows, columns = RandomResizedCrop(area=(0.1, 0.2)).draw(20_000, 1000, 1000, seeded())
    logarithm = (columns.length / rows.length).log() / math.log(4 / 3)
    assert abs(logarithm.mean()) < 0.02 and abs(logarithm.std() - 1 / math.sqrt(3)) < 0.02


def test_results_stay_in_range_where_bicubic_overshoots() -> None:
    x = (torch.rand(64, 1, 16, 16, generator=seeded()) > 0.5).float()
    rows, columns = RandomResizedCrop().draw(64, 16, 16, seeded())
    free = reference(x, rows, columns, (16, 16), "bicubic")
    result = resized_crop(x, rows, columns, (16, 16), "bicubic")
    assert result.min() == 0 and result.max() == 1
    torch.testing.assert_close(result, free, atol=1e-5, rtol=0)


def test_transposed_input() -> None:
    x = torch.rand(6, 3, 12, 18, generator=seeded())
    crop = RandomResizedCrop()
    swapped = x.transpose(-1, -2).contiguous().transpose(-1, -2)
    assert torch.equal(crop.apply(x, seeded()), crop.apply(swapped, seeded()))


@pytest.mark.parametrize(
    "settings", [{"area": (0.5, 0.1)}, {"area": (0.1, 1.1)}, {"area": (0.0, 0.0)}, {"ratio": (0.0, 1)}]
)
def test_impossible_ranges(settings: dict) -> None:
    with pytest.raises(SSLKitError, match="random-resized-crop"):
        RandomResizedCrop(**settings)
