"""Which settings trials try: a function of the seed, random at first, then where figures are good, none twice."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np
import pytest

from sslkit.comparison.tuning_sampler import need_optuna, propose, startup
from sslkit.errors import SSLKitError

RATE = {"low": 1e-4, "high": 1e-2, "log": True}


def test_proposals_follow_from_seed_number_and_history():
    ranges = {"rate": RATE, "width": {"low": 2, "high": 64, "log": True}, "kind": ["a", None, {"name": "c"}]}
    tried = [{"rate": 10.0, "width": 4, "kind": "a"}]  # not in the ranges
    one, same, other = (propose(ranges, 1, 8, seed, tried, [0.5]) for seed in (0, 0, 1))
    assert one == same != other
    assert 1e-4 <= one["rate"] <= 1e-2 and isinstance(one["width"], int) and one["kind"] in ranges["kind"]


def test_half_of_the_trials_are_random_the_configs_own_among_them():
    assert [startup(trials) for trials in (1, 2, 3, 8)] == [1, 1, 2, 4]


def test_random_trials_do_not_look_at_figures():
    ranges = {"x": {"low": 0.0, "high": 1.0, "log": False}}
    tried = [{"x": 0.1}, {"x": 0.9}]
    assert propose(ranges, 3, 8, 0, tried, [0.0, 1.0]) == propose(ranges, 3, 8, 0, tried, [1.0, 0.0])
    steered = [propose(ranges, 5, 8, 0, tried, figures) for figures in ([0.0, 1.0], [1.0, 0.0])]
    assert steered[0] != steered[1]


def test_trials_that_failed_are_not_learnt_from():
    ranges = {"x": {"low": 0.0, "high": 1.0, "log": False}}
    tried = [{"x": 0.1}, {"x": 0.9}]
    assert propose(ranges, 5, 8, 0, tried, [0.3, None]) == propose(ranges, 5, 8, 0, tried[:1], [0.3])


def test_a_logarithmic_range_is_drawn_evenly_in_its_logarithm():
    found = [propose({"rate": RATE}, 1, 8, seed, [], []) for seed in range(200)]
    exponents = np.log10([settings["rate"] for settings in found if settings is not None])
    counts, _ = np.histogram(exponents, bins=4, range=(-4, -2))
    assert counts.sum() == 200 and counts.min() > 30  # 50 each; 3.3 standard deviations


def test_the_second_half_is_drawn_where_figures_are_good():
    ranges, tried, figures = {"x": {"low": 0.0, "high": 1.0, "log": False}}, [], []
    for number in range(1, 30):
        settings = propose(ranges, number, 30, 0, tried, figures)
        tried.append(settings)
        figures.append(-abs(settings["x"] - 0.8))
    random, steered = figures[:14], figures[14:]
    assert np.mean(steered) > np.mean(random) + 0.1


def test_all_of_a_few_values_are_tried_and_none_twice():
    tried: list = [{"x": 1}]
    for number in range(1, 6):
        settings = propose({"x": [1, 2, 3]}, number, 6, 0, tried, [0.1] * len(tried))
        if settings is None:
            break
        tried.append(settings)
    assert sorted(one["x"] for one in tried) == [1, 2, 3]


def test_without_optuna_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "optuna":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SSLKitError, match=r"sslkit\[optuna\]"):
        need_optuna()


def test_figures_of_settings_outside_the_ranges_steer_nothing():
    """The config's own settings, which are tried first, need not lie in the ranges."""
    ranges = {"x": {"low": 0.0, "high": 1.0, "log": False}}
    tried = [{"x": 0.2}, {"x": 0.4}, {"x": 7.0}]
    steered = propose(ranges, 5, 6, 0, tried, [0.5, 0.1, 99.0])
    assert steered == propose(ranges, 5, 6, 0, tried, [0.5, 0.1, -99.0])
    assert steered == propose(ranges, 5, 6, 0, tried[:2], [0.5, 0.1])
    assert 0 <= steered["x"] <= 1


def test_whole_numbers_are_drawn_from_end_to_end():
    ranges = {"n": {"low": 1, "high": 3, "log": False}}
    found = [propose(ranges, number, 100, 0, [], [])["n"] for number in range(1, 40)]
    assert set(found) == {1, 2, 3} and all(type(value) is int for value in found)
