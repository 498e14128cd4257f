"""What makes views."""

from __future__ import annotations

from typing import ClassVar

import pytest
import torch
from torch import Tensor

from sslkit.types import Augmentation, Recipe, SampleSpec


class PlusOne(Augmentation):
    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x + 1


class Scaled(PlusOne):
    neutral: ClassVar = {"sigma": 0.0, "range": (1.0, 1.0), "levels": 8}


class Fixed(PlusOne):
    neutral = None


def changed(p: float, seed: int = 0, count: int = 2000) -> Tensor:
    """Which of the samples (zeros) are changed."""
    augmentation = PlusOne()
    augmentation.p = p
    x = torch.zeros(count, 2, 3)
    found = augmentation(x, torch.Generator().manual_seed(seed))
    assert x.eq(0).all(), "the input is written into"
    assert found.flatten(1).std(1).eq(0).all(), "a sample is changed in part"
    return found[:, 0, 0].bool()


@pytest.mark.parametrize(("p", "share"), [(0.0, 0.0), (0.2, 0.2), (0.5, 0.5), (1.0, 1.0)])
def test_each_sample_is_changed_with_its_own_chance(p, share):
    assert changed(p).float().mean().item() == pytest.approx(share, abs=0.03)


def test_the_generator_decides_which():
    assert torch.equal(changed(0.5, seed=1), changed(0.5, seed=1))
    assert not torch.equal(changed(0.5, seed=1), changed(0.5, seed=2))


def test_strength_moves_settings_from_where_they_change_nothing():
    settings = {"sigma": 0.4, "range": (0.5, 2.0), "levels": 4, "p": 0.8}
    assert Scaled.at_strength(settings, 0.0) == {"sigma": 0.0, "range": (1.0, 1.0), "levels": 8}
    assert Scaled.at_strength(settings, 1.0) == {"sigma": 0.4, "range": (0.5, 2.0), "levels": 4}
    assert Scaled.at_strength(settings, 0.5) == {"sigma": 0.2, "range": (0.75, 1.5), "levels": 6}
    assert Scaled.at_strength(settings, 2.0) == {"sigma": 0.8, "range": (0.0, 3.0), "levels": 0}


def test_strength_is_the_probability_of_what_has_no_other_and_nothing_to_a_normalisation():
    assert PlusOne.at_strength({"p": 0.8}, 0.5) == {"p": 0.4}
    assert Fixed.at_strength({"p": 0.8}, 0.5) == {}


def test_what_need_not_be_written_does_nothing():
    augmentation = PlusOne()
    augmentation.check(SampleSpec("image", (3, 8, 8)))
    augmentation.load_state(augmentation.state())
    assert augmentation.state() == {}
    with pytest.raises(NotImplementedError):
        Augmentation().apply(torch.zeros(1), torch.Generator())
    with pytest.raises(NotImplementedError):
        Recipe().pipelines(SampleSpec("image", (3, 8, 8)))


def test_settings_that_every_one_takes():
    assert set(PlusOne.common) == {"p"}
    assert set(Recipe.common) == {"strength", "change", "add"}
    assert (Recipe().strength, dict(Recipe().change), list(Recipe().add)) == (1.0, {}, [])
