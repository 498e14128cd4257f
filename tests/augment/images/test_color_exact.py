from __future__ import annotations

import pytest
import torch
from torchvision.transforms.v2 import functional as F

from sslkit.augment.images import color_exact
from sslkit.augment.images.color_draw import BLENDS, ColorJitterDraw
from sslkit.augment.images.color_exact import blend_, exact, turn_hue_
from tests.augment.images.color_steps import ADJUST, colours, seeded, steps

ALL = (0.8, 0.8, 0.8)


@pytest.mark.parametrize("batch", [1, 2, 7, 64])
@pytest.mark.parametrize(
    ("strengths", "hue"),
    [
        (ALL, 0.2),
        (ALL, 0.5),
        (ALL, 0.0),
        ((0.8, 0.8, 0.0), 0.2),
        ((0.0, 0.0, 0.0), 0.2),
        ((0.0, 0.0, 0.8), 0.2),
        ((0.0, 2.0, 0.0), 0.0),
    ],
)
def test_equals_torchvision_image_by_image(
    batch: int, strengths: tuple[float, float, float], hue: float
) -> None:
    draw = ColorJitterDraw.random(batch, dict(zip(BLENDS, strengths, strict=True)), hue, seeded(3))
    x = colours(batch, 3, 9, 14)
    expected = []
    for image, sequence in zip(x, steps(draw, batch), strict=True):
        for name, amount in sequence:
            image = ADJUST[name](image, amount)
        expected.append(image)
    torch.testing.assert_close(exact(x, draw), torch.stack(expected), atol=1e-4, rtol=0)


def test_parts_for_the_cache_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    x = colours(50, 3, 8, 8)
    draw = ColorJitterDraw.random(50, dict.fromkeys(BLENDS, 0.8), 0.2, seeded())
    whole = exact(x, draw)
    monkeypatch.setattr(color_exact, "CACHED", 8 * x[0].numel())
    torch.testing.assert_close(exact(x, draw), whole, atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", BLENDS)
def test_one_blend_is_torchvisions_and_in_place(name: str) -> None:
    x = colours(6, 3, 5, 7)
    draw = ColorJitterDraw.random(6, {blend: 0.9 * (blend == name) for blend in BLENDS}, 0.0, seeded())
    expected = [
        ADJUST[name](image, factor.item()) for image, factor in zip(x, draw.factors[:, 0], strict=True)
    ]
    blend_(x, draw, 0)
    torch.testing.assert_close(x, torch.stack(expected), atol=1e-5, rtol=0)


@pytest.mark.parametrize("turn", [-0.5, -1 / 3, -0.1, 0.0, 1 / 6, 0.25, 0.5])
def test_hue_of_every_kind_of_pixel(turn: float) -> None:
    levels = torch.tensor([0.0, 0.001, 0.3, 0.5, 0.999, 1.0])
    pixels = torch.cartesian_prod(levels, levels, levels).T.reshape(1, 3, 6, 36).clone()
    turned = pixels.clone()
    turn_hue_(turned, torch.tensor([turn]))
    torch.testing.assert_close(turned, F.adjust_hue(pixels, turn), atol=1e-5, rtol=0)
