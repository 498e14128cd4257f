"""Optimisers and schedules: what every one has to say."""

from __future__ import annotations

import pytest
from torch import nn

from sslkit.plugins import load_registry
from sslkit.types import ComponentSpec, Optimizer, Schedule

REGISTRY, _ = load_registry()


def test_what_a_kind_must_write_itself_says_so():
    for call in (
        lambda: Optimizer().effective_learning_rate(8),
        lambda: Optimizer().build(nn.Linear(1, 1), 8),
        lambda: Schedule().factor(0, 10),
    ):
        with pytest.raises(NotImplementedError):
            call()


@pytest.mark.parametrize("name", REGISTRY.names("optimizer"))
def test_every_optimiser_keeps_to_the_kind(name):
    """It trains all parameters once, at the rate that it says, and calls its own default a usual one."""
    optimizer = REGISTRY.build(ComponentSpec("optimizer", name))
    module = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
    built = optimizer.build(module, 256)
    found = [id(p) for group in built.param_groups for p in group["params"]]
    assert sorted(found) == sorted(id(p) for p in module.parameters())
    rate = optimizer.effective_learning_rate(256)
    assert {group["lr"] for group in built.param_groups} == {rate}
    low, high = optimizer.typical
    assert low <= rate <= high


@pytest.mark.parametrize("name", REGISTRY.names("schedule"))
def test_every_schedule_keeps_to_the_kind(name):
    """Factors from the first step to the last lie in 0…1, and the peak is reached."""
    schedule = REGISTRY.build(ComponentSpec("schedule", name))
    factors = [schedule.factor(step, 50) for step in range(50)]
    assert all(0 <= factor <= 1 for factor in factors)
    assert max(factors) == pytest.approx(1, abs=0.05)
