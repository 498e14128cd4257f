from __future__ import annotations

from dataclasses import replace

import pytest

from sslkit.evaluation.advice import RunSettings, advice, suggested_tau

GOOD = RunSettings("adamw", 1e-3, (1e-4, 1e-2), 256, 12_500, 0.97, True)


def test_a_rate_of_another_optimiser_is_named() -> None:
    assert "The learning rate 0.3 is above what adamw takes (0.0001 to 0.01)" in advice(
        replace(GOOD, learning_rate=0.3)
    )
    assert "above" not in advice(GOOD)


@pytest.mark.parametrize(
    ("tau", "steps", "said"),
    [
        (0.996, 500, "average over some 250 steps of a run of 500: try 0.9."),
        (1.0, 12_500, "never moves: try 0.99."),
        (0.0, 12_500, "no slow target"),
        (0.5, 12_500, "hardly any memory"),
    ],
)
def test_tau_that_does_not_fit_the_length(tau: float, steps: int, said: str) -> None:
    assert said in advice(replace(GOOD, tau=tau, steps=steps))


@pytest.mark.parametrize(("tau", "steps"), [(0.97, 12_500), (0.99, 94_000), (0.996, 312_000), (None, 100)])
def test_the_references_settings_are_not_criticised(tau: float | None, steps: int) -> None:
    assert "tau" not in advice(replace(GOOD, tau=tau, steps=steps))


def test_longer_runs_take_slower_targets() -> None:
    found = [suggested_tau(steps) for steps in (10, 1000, 5000, 20_000, 1_000_000)]
    assert found == sorted(found) and found[0] == 0.9 and found[-1] == 0.996


def test_heads_without_batch_norm() -> None:
    assert "no BatchNorm" in advice(replace(GOOD, head_norm=False))
    assert "no BatchNorm" not in advice(GOOD)
    assert "no BatchNorm" not in advice(replace(GOOD, head_norm=None))
