"""Variants are told from data sets and gathered by what they were made of."""

from __future__ import annotations

from sslkit.report.grid.variants import is_variant, variant_sets, varied_values
from tests.report.fake_member import fake_member
from tests.report.grid.variant_members import variant


def test_variants_are_gathered_by_base_and_kind_in_the_studys_order() -> None:
    members = [
        variant("b", {"x": 2}, {"byol": [0.5]}),
        fake_member({"byol": [0.5]}),
        variant("all", {"change": "all"}, {"simclr": [0.5]}, "ablation"),
        variant("a", {"x": 1}, {"byol": [0.5], "random": [0.2]}),
    ]
    assert [is_variant(member) for member in members] == [True, False, True, True]
    grid, ablation = variant_sets(members)
    assert (grid.of, grid.kind, [member.name for member in grid.members]) == ("watch", "grid", ["b", "a"])
    assert (ablation.kind, [member.name for member in ablation.members]) == ("ablation", ["all"])
    assert varied_values(grid.members[1]) == {"x": 1}


def test_methods_of_all_variants_and_the_columns_of_the_first_that_has_any() -> None:
    (found,) = variant_sets(
        [
            variant("1", {"x": 1}, {}),
            variant("2", {"x": 2}, {"byol": [0.5], "random": [0.2]}, few={"byol": [0.4]}),
            variant("3", {"x": 3}, {"simclr": [0.5]}),
        ]
    )
    assert found.methods == ["byol", "random", "simclr"]
    assert found.objectives == ["byol", "simclr"]
    assert [column.labels for column in found.columns] == ["all", "5"]
    assert found.metric == "accuracy"
