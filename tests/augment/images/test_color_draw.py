from __future__ import annotations

from itertools import permutations

import pytest
import torch

from sslkit.augment.images.color_draw import ColorJitterDraw
from tests.augment.images.color_steps import ADJUST, seeded, steps

STRENGTHS = {"brightness": 0.4, "contrast": 0.8, "saturation": 1.5}


@pytest.mark.parametrize("hue", [0.0, 0.2])
def test_orders_and_factors_are_uniform(hue: float) -> None:
    batch = 6001
    found = steps(ColorJitterDraw.random(batch, STRENGTHS, hue, seeded()), batch)
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
    generator = seeded()
    found = [steps(ColorJitterDraw.random(1, STRENGTHS, 0.2, generator), 1)[0] for _ in range(60)]
    assert {sequence[0][0] for sequence in found} == {sequence[-1][0] for sequence in found} == set(ADJUST)


def test_what_has_no_strength_is_no_step() -> None:
    draw = ColorJitterDraw.random(5, {"brightness": 0.0, "contrast": 0.5, "saturation": 0.0}, 0.0, seeded())
    assert draw.blends == ("contrast",) and draw.turns is None
    assert (draw.groups, draw.steps, draw.factors.shape) == (1, 1, (5, 1))
    only_hue = ColorJitterDraw.random(5, dict.fromkeys(STRENGTHS, 0.0), 0.1, seeded())
    assert (only_hue.blends, only_hue.groups, only_hue.steps) == ((), 1, 1)


@pytest.mark.parametrize("batch", [1, 6, 7])
def test_places_are_whole_groups_and_hold_each_image_once(batch: int) -> None:
    draw = ColorJitterDraw.random(batch, STRENGTHS, 0.2, seeded())
    assert draw.groups == 4 and len(draw.image) == 8 - 4 * (batch < 5)
    assert sorted(draw.image.tolist()) == list(range(len(draw.image)))
    slices = [draw.group(step, len(draw.image)) for step in range(draw.steps)]
    covered = [place for part in slices for place in range(len(draw.image))[part]]
    assert covered == list(range(len(draw.image)))


@pytest.mark.parametrize("places", [1, 4, 12, 1000])
def test_parts_say_the_same_of_each_image(places: int) -> None:
    """Each part has every group's share: the steps of an image, its turn of hue too, are in the same order."""
    draw = ColorJitterDraw.random(21, STRENGTHS, 0.2, seeded())
    whole = steps(draw, 24)
    seen = {}
    for part in draw.parts(places):
        assert len(part.image) % part.groups == 0 and len(part.image) <= max(places, part.groups)
        numbers = part.image.tolist()
        renumbered = ColorJitterDraw(
            torch.arange(len(numbers)), part.blends, part.order, part.factors, part.turns
        )
        seen |= dict(zip(numbers, steps(renumbered, len(numbers)), strict=True))
    assert [seen[image] for image in range(24)] == whole


def test_whose_step_it_is() -> None:
    draw = ColorJitterDraw.random(50, STRENGTHS, 0.0, seeded())
    for step in range(3):
        chosen = torch.stack([draw.is_step(step, name) for name in draw.blends])
        assert torch.equal(chosen.sum(0), torch.ones(51 - 1))
        assert torch.equal(chosen.argmax(0), draw.order[:, step])
