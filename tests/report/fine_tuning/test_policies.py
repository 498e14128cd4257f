"""Fine-tuning's figures and differences against closed forms."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy import stats

from sslkit.report.fine_tuning.policies import (
    fine_tuned_methods,
    policies,
    policy_budgets,
    policy_differences,
    probe_figures,
    scratch_figures,
)
from tests.report.fine_tuning.tuned_member import NOISE, PROBE, tuned_figures, tuned_member


def test_budgets_stand_in_the_order_of_their_labels() -> None:
    member = tuned_member({("a", labels): 0.0 for labels in ("all", "10%", "5", "1%", "50", "1")})
    assert policy_budgets(member) == ["1", "1%", "5", "10%", "50", "all"]
    unknown = replace(member, facts={**member.facts, "composition": {}})
    assert policy_budgets(unknown) == ["1", "5", "50", "1%", "10%", "all"]


def test_which_methods_were_fine_tuned_and_with_what() -> None:
    member = tuned_member({("b", "all"): 0.0, ("a", "5"): 0.0})
    assert fine_tuned_methods(member) == ["byol"]
    assert policies(member) == ["b", "a"]  # as the config has them
    assert probe_figures(member, "byol", "all") == dict(enumerate(PROBE))
    assert scratch_figures(member, "byol", "5") == pytest.approx(dict(enumerate(PROBE - 0.1)))
    assert scratch_figures(member, "byol", "1") == {} == probe_figures(member, "simclr", "all")


def test_differences_are_paired_and_corrected_within_a_budget() -> None:
    member = tuned_member({("a", "all"): 0.05, ("bb", "all"): 0.002, ("a", "5"): 0.01})
    found = policy_differences(member, probe_figures)
    p = {}
    for key, gain in (("a", 0.05), ("bb", 0.002)):
        values = tuned_figures(key, gain)
        p[key] = stats.ttest_rel(values, PROBE).pvalue
        item = found["byol", key, "all"]
        assert item is not None and item.p == pytest.approx(p[key], rel=1e-6)
        assert item.mean == pytest.approx(values.mean() - PROBE.mean())
    first, second = found["byol", "a", "all"], found["byol", "bb", "all"]
    assert first is not None and second is not None
    assert first.p_corrected == pytest.approx(2 * p["a"], rel=1e-6)  # Holm, two comparisons
    assert second.p_corrected == pytest.approx(max(2 * p["a"], p["bb"]), rel=1e-6)
    few = found["byol", "a", "5"]
    assert few is not None and few.p_corrected == few.p  # alone with so many labels


def test_differences_from_training_from_scratch() -> None:
    found = policy_differences(tuned_member({("a", "all"): 0.05}), scratch_figures)["byol", "a", "all"]
    assert found is not None and found.mean == pytest.approx(0.15 + 2 * NOISE.mean())
    assert found.p == pytest.approx(stats.ttest_rel(PROBE + 0.05 + 2 * NOISE, PROBE - 0.1).pvalue, rel=1e-6)
