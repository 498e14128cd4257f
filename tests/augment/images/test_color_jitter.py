from __future__ import annotations

from itertools import permutations
from typing import Literal

import pytest
import torch
from torch import Tensor
from torchvision.transforms.v2 import functional as F

from sslkit.augment.images import color_exact
from sslkit.augment.images.color_draw import ColorJitterDraw
from sslkit.augment.images.color_jitter import ColorJitter
from sslkit.augment.images.color_matrix import hue_rotations
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec

ADJUST = {
    "brightness": F.adjust_brightness,
    "contrast": F.adjust_contrast,
    "saturation": F.adjust_saturation,
    "hue": F.adjust_hue,
}


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def colours(batch: int, *shape: int) -> Tensor:
    """Random images with greys, primaries and ties of two channels among their pixels."""
    x = torch.rand(batch, *shape, generator=seeded(7))
    x[:, :, 0] = x[:, :1, 0]
    x[:, :, 1] = x[:, :, 1].round()
    x[:, 1, 2] = x[:, 0, 2]
    return x


def steps(draw: ColorJitterDraw, batch: int) -> list[list[tuple[str, float]]]:
    """The steps of each image in order, read from the draw's places."""
    found: list = [None] * batch
    for place, image in enumerate(draw.image.tolist()):
        if image >= batch:
            continue
        assert found[image] is None
        blends = zip(draw.order[place].tolist(), draw.factors[place].tolist(), strict=True)
        sequence = [(draw.blends[blend], factor) for blend, factor in blends]
        if draw.turns is not None:
            group = place // (len(draw.image) // draw.groups)
            sequence.insert(group, ("hue", draw.turns[place].item()))
        found[image] = sequence
    assert None not in found
    return found


@pytest.mark.parametrize("batch", [1, 2, 7, 64])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"hue": 0.5},
        {"hue": 0.0},
        {"saturation": 0.0},
        {"brightness": 0.0, "contrast": 0.0, "saturation": 0.0},
        {"brightness": 0.0, "contrast": 0.0},
        {"contrast": 2.0, "hue": 0.0, "brightness": 0.0, "saturation": 0.0},
    ],
)
def test_exact_equals_torchvision_image_by_image(batch: int, settings: dict) -> None:
    jitter = ColorJitter(**settings)
    x = colours(batch, 3, 9, 14)
    expected = []
    for image, sequence in zip(x, steps(jitter.draw(batch, seeded(3)), batch), strict=True):
        for name, amount in sequence:
            image = ADJUST[name](image, amount)
        expected.append(image)
    torch.testing.assert_close(jitter.apply(x, seeded(3)), torch.stack(expected), atol=1e-4, rtol=0)


def test_parts_for_the_cache_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    x, jitter = colours(50, 3, 8, 8), ColorJitter()
    whole = jitter.apply(x, seeded())
    monkeypatch.setattr(color_exact, "CACHED", 8 * x[0].numel())
    torch.testing.assert_close(jitter.apply(x, seeded()), whole, atol=1e-6, rtol=0)


@pytest.mark.parametrize("turn", [-0.5, -1 / 3, -0.1, 0.0, 1 / 6, 0.25, 0.5])
def test_hue_of_every_kind_of_pixel(turn: float) -> None:
    levels = torch.tensor([0.0, 0.001, 0.3, 0.5, 0.999, 1.0])
    pixels = torch.cartesian_prod(levels, levels, levels).T.reshape(1, 3, 6, 36).clone()
    turned = pixels.clone()
    color_exact.turn_hue_(turned, torch.tensor([turn]))
    torch.testing.assert_close(turned, F.adjust_hue(pixels, turn), atol=1e-5, rtol=0)


@pytest.mark.parametrize("hue", [0.0, 0.2])
def test_orders_and_factors_are_uniform(hue: float) -> None:
    jitter = ColorJitter(brightness=0.4, contrast=0.8, saturation=1.5, hue=hue)
    batch = 6001
    found = steps(jitter.draw(batch, seeded()), batch)
    names = [*ADJUST][: 4 if hue else 3]
    for order in permutations(names):
        share = sum(tuple(name for name, _ in sequence) == order for sequence in found) / batch
        count = len(list(permutations(names)))
        assert abs(share * count - 1) < 0.3, order
    bounds = {"brightness": (0.6, 1.4), "contrast": (0.2, 1.8), "saturation": (0.0, 2.5), "hue": (-hue, hue)}
    for name in names:
        amounts = torch.tensor([dict(sequence)[name] for sequence in found])
        low, high = bounds[name]
        assert low <= amounts.min() and amounts.max() <= high
        assert abs(amounts.mean() - (low + high) / 2) < 0.05 * (high - low)
        assert abs(amounts.std() - (high - low) / 12**0.5) < 0.05 * (high - low)


def test_a_batch_of_one_gets_every_order() -> None:
    jitter = ColorJitter()
    generator = seeded()
    first = {steps(jitter.draw(1, generator), 1)[0][0][0] for _ in range(60)}
    last = {steps(jitter.draw(1, generator), 1)[0][-1][0] for _ in range(60)}
    assert first == last == set(ADJUST)


def test_matrix_equals_the_steps_without_cuts() -> None:
    """In float64, step by step, with hue as a rotation of colours and nothing cut before the end."""
    jitter = ColorJitter(method="matrix")
    x = torch.rand(21, 3, 6, 5, generator=seeded(4))
    weights = torch.tensor([0.2989, 0.587, 0.114], dtype=torch.float64)
    expected = []
    for image, sequence in zip(x.double(), steps(jitter.draw(21, seeded(5)), 21), strict=True):
        for name, amount in sequence:
            grey = torch.einsum("c,chw->hw", weights, image)
            if name == "hue":
                rotation = hue_rotations(torch.tensor([amount]))[0].double()
                image = torch.einsum("dc,chw->dhw", rotation, image)
            else:
                target = {"brightness": 0 * grey, "contrast": grey.mean(), "saturation": grey}[name]
                image = amount * image + (1 - amount) * target
        expected.append(image.clamp(0, 1))
    torch.testing.assert_close(jitter.apply(x, seeded(5)).double(), torch.stack(expected), atol=1e-5, rtol=0)


def test_matrix_hue_turns_as_the_exact_one_does() -> None:
    """A third of a turn permutes the channels exactly; small turns of soft colours are close."""
    turns = torch.tensor([1 / 3, -1 / 3])
    permuted = torch.stack([torch.eye(3).roll(1, 0), torch.eye(3).roll(-1, 0)])
    torch.testing.assert_close(hue_rotations(turns), permuted)
    pixels = 0.4 + 0.2 * torch.rand(1, 3, 20, 20, generator=seeded())
    linear = torch.einsum("dc,bchw->bdhw", hue_rotations(torch.tensor([0.1]))[0], pixels)
    assert (linear - F.adjust_hue(pixels, 0.1)).abs().mean() < 0.015


def test_matrix_stays_near_exact() -> None:
    """Same draws. performance.md found 0.03 on average."""
    x = torch.nn.functional.interpolate(
        torch.rand(64, 3, 4, 4, generator=seeded()), size=(24, 24), mode="bicubic"
    )
    x = x.clamp(0, 1)
    difference = ColorJitter(method="matrix").apply(x, seeded(1)) - ColorJitter().apply(x, seeded(1))
    assert difference.abs().mean() < 0.06


@pytest.mark.parametrize("method", ["exact", "matrix"])
@pytest.mark.parametrize("channels", [1, 2, 4, 13])
def test_other_channel_counts_channel_by_channel(channels: int, method: Literal["exact", "matrix"]) -> None:
    jitter = ColorJitter(saturation=0.0, hue=0.0, method=method)
    jitter.check(SampleSpec("image", (channels, 8, 8)))
    x = torch.rand(9, channels, 8, 8, generator=seeded())
    expected = []
    for image, sequence in zip(x, steps(jitter.draw(9, seeded(1)), 9), strict=True):
        for name, amount in sequence:  # torchvision takes one grey channel at a time
            image = torch.stack([ADJUST[name](channel[None], amount)[0] for channel in image])
        expected.append(image)
    torch.testing.assert_close(jitter.apply(x, seeded(1)), torch.stack(expected), atol=1e-5, rtol=0)


@pytest.mark.parametrize("settings", [{"hue": 0.1, "saturation": 0.0}, {"hue": 0.0, "saturation": 0.1}, {}])
@pytest.mark.parametrize("channels", [1, 4])
def test_colour_needs_rgb(channels: int, settings: dict) -> None:
    with pytest.raises(SSLKitError, match=f"these have {channels} channels. Set saturation and hue to 0"):
        ColorJitter(**settings).check(SampleSpec("image", (channels, 8, 8)))


def test_no_strength_changes_nothing() -> None:
    x = torch.rand(5, 3, 4, 4, generator=seeded())
    assert torch.equal(ColorJitter(0.0, 0.0, 0.0, 0.0).apply(x, seeded()), x)
    assert torch.equal(ColorJitter(0.0, 0.0, 0.0, 0.0, method="matrix").apply(x, seeded()), x)
