"""Grids and ablations on the terminal say what the page says."""

from __future__ import annotations

import io

from rich.console import Console

from sslkit.report.grid.ablation import ablation_answers, ablation_effects
from sslkit.report.grid.variants import VariantSet
from sslkit.report.grid.words import grid_answers
from sslkit.report.terminal.variants import print_variants
from tests.report.grid.variant_members import ablated, one_set, variant


def printed(variants: VariantSet) -> list[str]:
    text = io.StringIO()
    print_variants(variants, Console(file=text, width=400))
    return text.getvalue().splitlines()


def test_a_grid_with_its_points_and_sentences() -> None:
    members = [
        variant(f"{x}{y}", {"x": x, "views": y}, {"byol": [0.5 + x / 100, 0.52], "random": [0.2, 0.21]})
        for x in (1, 2, 3) for y in ("har", "none")
    ]  # fmt: skip
    grid = one_set(*members)
    lines = printed(grid)
    assert lines[0] == "watch: accuracy of the linear probe"
    assert any("views = har" in line for line in lines) and any("views = none" in line for line in lines)
    byol = next(line for line in lines if line.startswith("│ byol"))
    assert [cell.strip() for cell in byol.split("│")[2:5]] == ["51.5", "52.0", "52.5"]
    for answer in grid_answers(grid):
        assert all(any(line.endswith(said.text) for line in lines) for said in answer.sentences)


def test_an_ablation_with_worth_and_alone() -> None:
    ablation = one_set(*ablated()[1])
    lines = printed(ablation)
    (effects,) = ablation_effects(ablation)
    header = next(line for line in lines if "augmentation" in line)
    assert header.count("worth") == 2 and header.count("alone") == 2
    rows = [line for line in lines if line.startswith("│ ") and line.split()[1] in effects.augmentations]
    assert [line.split()[1] for line in rows] == effects.augmentations
    (answer,) = ablation_answers([effects])
    assert all(any(line.endswith(said.text) for line in lines) for said in answer.sentences)
