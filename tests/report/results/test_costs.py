"""What runs cost, in words and in the table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sslkit.pages.palette import method_styles
from sslkit.report.members import Member, RunRecord
from sslkit.report.results.costs import COSTS, cost_cells, cost_sentence, cost_table, cost_words
from tests.pages.carried import carried_rows
from tests.report.fake_member import fake_member

BYOL = {"seconds": 61.0, "samples_per_second": 2600.0, "peak_memory_mb": 812.5, "parameters": 1_234_567}
TRAINED = {**BYOL, "steps": 640, "samples_seen": 163_840}


@pytest.fixture
def member() -> Member:
    runs = [
        RunRecord("byol", 0, cost=TRAINED, finished=True),
        RunRecord("byol", 1, cost={**TRAINED, "seconds": 65.0}, finished=True),
        RunRecord("byol", 2, cost={"seconds": 1e6}),  # stopped: its time says nothing
        RunRecord("random", 0, cost={"seconds": 0.4, "samples_per_second": None, "steps": 0}, finished=True),
        RunRecord("simclr", 0),
    ]
    return fake_member({}, runs=runs)


def test_means_over_finished_seeds(member: Member) -> None:
    cells = dict(zip((key for key, _, _ in COSTS), cost_cells(member, "byol"), strict=True))
    assert {key: cell.text for key, cell in cells.items()} == {
        "seconds": "63 s",
        "samples_per_second": "2,600",
        "peak_memory_mb": "812 MB",
        "parameters": "1.23 M",
        "steps": "640",
        "samples_seen": "163,840",
    }
    assert float(cells["seconds"].value) == 63.0 and cells["seconds"].n == 2


def test_what_was_not_measured_or_not_done_is_empty(member: Member) -> None:
    texts = [cell.text for cell in cost_cells(member, "random")]
    assert texts == ["under 1 s", "", "", "", "", ""]
    assert not any(cell.text for cell in cost_cells(member, "simclr"))


def test_the_price_is_of_what_was_trained(member: Member) -> None:
    assert cost_words(member, "byol") == "63 s for 163,840 samples"
    assert cost_words(member, "random") == ""
    assert cost_sentence(member) == "One run cost: byol 63 s for 163,840 samples."
    assert cost_sentence(replace(member, runs=[])) == ""


def test_a_row_for_each_method_with_finished_runs(member: Member) -> None:
    table = cost_table(member, method_styles(member.methods))
    assert [(row["name"], row["n"], row["first_baseline"]) for row in table["rows"]] == [
        ("byol", 2, False), ("random", 1, True),
    ]  # fmt: skip
    assert table["titles"][0] == "time a run"
    (byol, random) = carried_rows(table["download"])
    assert (byol["seconds"], byol["parameters"], byol["seeds"]) == ("63", "1.23457e+06", "2")
    assert (random["seconds"], random["steps"]) == ("0.4", "")
