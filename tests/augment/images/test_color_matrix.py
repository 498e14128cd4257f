from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation
from torchvision.transforms.v2 import functional as F

from sslkit.augment.images.color_draw import BLENDS, ColorJitterDraw
from sslkit.augment.images.color_exact import exact
from sslkit.augment.images.color_matrix import colour_maps, hue_rotations, matrix
from tests.augment.images.color_steps import seeded, steps


def drawn(batch: int, seed: int = 5) -> ColorJitterDraw:
    return ColorJitterDraw.random(batch, dict.fromkeys(BLENDS, 0.8), 0.2, seeded(seed))


def test_equals_the_steps_without_cuts() -> None:
    """In float64, step by step, with hue as a rotation of colours and nothing cut before the end."""
    x = torch.rand(21, 3, 6, 5, generator=seeded(4))
    weights = torch.tensor([0.2989, 0.587, 0.114], dtype=torch.float64)
    expected = []
    for image, sequence in zip(x.double(), steps(drawn(21), 21), strict=True):
        for name, amount in sequence:
            grey = torch.einsum("c,chw->hw", weights, image)
            if name == "hue":
                rotation = hue_rotations(torch.tensor([amount]))[0].double()
                image = torch.einsum("dc,chw->dhw", rotation, image)
            else:
                target = {"brightness": 0 * grey, "contrast": grey.mean(), "saturation": grey}[name]
                image = amount * image + (1 - amount) * target
        expected.append(image.clamp(0, 1))
    torch.testing.assert_close(matrix(x, drawn(21)).double(), torch.stack(expected), atol=1e-5, rtol=0)


def test_maps_move_the_mean_as_they_move_each_colour() -> None:
    """A map made for an image's mean colour is affine: brightness alone is a diagonal without a constant."""
    draw = ColorJitterDraw.random(4, {"brightness": 0.5, "contrast": 0.0, "saturation": 0.0}, 0.0, seeded())
    maps = colour_maps(torch.rand(4, 3, generator=seeded()), draw)
    expected = draw.factors[:, :1, None] * torch.eye(3, 4)
    torch.testing.assert_close(maps, expected, atol=1e-7, rtol=0)


@pytest.mark.parametrize("turn", [-0.5, -0.2, 0.0, 0.1, 1 / 3])
def test_hue_is_scipys_rotation_about_the_grey_axis(turn: float) -> None:
    axis = np.ones(3) / math.sqrt(3)
    expected = Rotation.from_rotvec(2 * math.pi * turn * axis).as_matrix()
    np.testing.assert_allclose(hue_rotations(torch.tensor([turn]))[0].numpy(), expected, atol=1e-6)


def test_hue_turns_as_the_exact_one_does() -> None:
    """A third of a turn permutes the channels exactly; small turns of soft colours are close."""
    turns = torch.tensor([1 / 3, -1 / 3])
    permuted = torch.stack([torch.eye(3).roll(1, 0), torch.eye(3).roll(-1, 0)])
    torch.testing.assert_close(hue_rotations(turns), permuted)
    pixels = 0.4 + 0.2 * torch.rand(1, 3, 20, 20, generator=seeded())
    linear = torch.einsum("dc,bchw->bdhw", hue_rotations(torch.tensor([0.1]))[0], pixels)
    assert (linear - F.adjust_hue(pixels, 0.1)).abs().mean() < 0.015


def test_stays_near_exact() -> None:
    """Same draws, on average within 0.06 on smooth images."""
    x = torch.nn.functional.interpolate(
        torch.rand(64, 3, 4, 4, generator=seeded()), size=(24, 24), mode="bicubic"
    )
    x = x.clamp(0, 1)
    difference = matrix(x, drawn(64, 1)) - exact(x, drawn(64, 1))
    assert 0 < difference.abs().mean() < 0.06
