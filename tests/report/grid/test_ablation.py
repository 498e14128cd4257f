"""What augmentations are worth, from a study in which it is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sslkit.report.grid.ablation import ablation_answers, ablation_effects, ablation_table, effect_numbers
from tests.report.grid.variant_members import ablated, one_set


def test_worth_is_all_without_it_sorted() -> None:
    whole, members = ablated()
    (effects,) = ablation_effects(one_set(*members))
    assert effects.augmentations == ["crop", "blur", "gray"]
    without = {row["seed"]: row["value"] for row in members[3].rows if row["objective"] == "byol"}
    difference = whole["byol"] - np.array([without[seed] for seed in range(5)])
    found = effects.found["without", "byol", "crop"]
    test = stats.ttest_1samp(difference, 0)
    assert found.mean == pytest.approx(difference.mean())
    assert found.interval == pytest.approx(tuple(test.confidence_interval(0.95)))
    assert found.p == pytest.approx(test.pvalue)
    assert effects.found["only", "byol", "crop"].mean == pytest.approx(-0.05, abs=0.01)


def test_the_augmentations_of_one_objective_are_corrected_together() -> None:
    (effects,) = ablation_effects(one_set(*ablated()[1]))
    family = sorted(
        (item for key, item in effects.found.items() if key[:2] == ("without", "byol")),
        key=lambda item: item.p or 0,
    )
    expected = np.maximum.accumulate([(3 - rank) * (item.p or 0) for rank, item in enumerate(family)])
    assert [item.p_corrected for item in family] == pytest.approx(np.minimum(expected, 1).tolist())


def test_it_says_what_is_needed_and_what_is_better_left_out() -> None:
    (answer,) = ablation_answers(ablation_effects(one_set(*ablated()[1])))
    byol, simclr = answer.sentences
    assert byol.text.startswith("byol is better with crop (+") and "is better without gray (−" in byol.text
    assert (byol.verdict, simclr.verdict) == ("lost", "won")
    assert simclr.text.startswith("simclr is better with crop (+")
    even = simclr.text.split("shows no clear difference without ")[1]
    assert "blur" in even and "gray" in even and even.endswith("(points, n = 5).")


def test_one_seed_judges_nothing() -> None:
    (answer,) = ablation_answers(ablation_effects(one_set(*ablated(1)[1])))
    assert [said.verdict for said in answer.sentences] == ["open", "open"]
    assert answer.sentences[0].text == "byol: one seed, nothing can be concluded (n = 1)."


def test_the_table_has_worth_and_alone_of_each_objective() -> None:
    (effects,) = ablation_effects(one_set(*ablated()[1]))
    table = ablation_table(effects)
    assert table["objectives"] == ["byol", "simclr"]
    crop = table["rows"][0]
    values = [
        effects.found[change, name, "crop"].mean
        for name in ("byol", "simclr")
        for change in ("without", "only")
    ]
    assert [float(cell.value) for cell in crop["cells"]] == pytest.approx(values, abs=1e-6)
    assert crop["n"] == 5


def test_csv_of_all_changes_and_of_one() -> None:
    (effects,) = ablation_effects(one_set(*ablated()[1]))
    assert len(effect_numbers(effects).rows) == 2 * 2 * 3
    alone = effect_numbers(effects, "only")
    assert {row[0] for row in alone.rows} == {"alone"} and len(alone.rows) == 6


def test_without_the_member_of_all_augmentations_nothing_is_said() -> None:
    assert ablation_effects(one_set(*ablated()[1][1:])) == []
    assert ablation_effects(one_set(*ablated()[1][:1])) == []
