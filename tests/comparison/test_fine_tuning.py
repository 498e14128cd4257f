"""A comparison with fine-tuning: figures of every policy, an untouched encoder, the same again after a kill."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sslkit.assembly import Prepared, prepare
from sslkit.comparison.compare import compare
from sslkit.comparison.reproduce import reproduce
from sslkit.config import parse_study
from sslkit.errors import ConfigError, SSLKitError
from sslkit.plugins import load_registry
from sslkit.report.files import csv_rows
from sslkit.running.evaluate import draws_of, label_task, parts, rows_of
from tests.conftest import tiny, write_signals

TUNE = {"name": "fine-tune", "steps": 3, "checks": 1}
NO_BUDGET = "give a number of labels per class, a share"
POLICIES = {"head": "frozen", "last": "last-block", "gradual": "gradual", "whole": "all"}


def config(data: Path, **changes: Any) -> dict[str, Any]:
    content = tiny(
        data,
        evaluators=["linear", *({**TUNE, "label": name, "policy": one} for name, one in POLICIES.items())],
        evaluation={"labels_per_class": [1, "10 %", "100%"], "draws": 2},
        budget={"steps": 2},
        seeds=[0],
    )
    content["objectives"] = content["objectives"][1:]
    return {**content, **changes}


def study(content: dict[str, Any]) -> Any:
    return parse_study({"name": "tuned", **content}, [], load_registry()[0])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tuned")
    data = write_signals(folder / "signals.npz", train=60, test=24)
    compare(study(config(data)), folder / "run", quiet=True)
    return folder / "run"


def test_every_policy_has_figures_at_every_budget(finished: Path) -> None:
    rows = csv_rows(finished / "results.csv")
    found = {(r["objective"], r["evaluator"], r["labels_per_class"], r["draw"]) for r in rows}
    draws = [("1", 0), ("1", 1), ("10%", 0), ("10%", 1), ("all", 0)]
    for method in ("simclr", "random"):
        assert {(method, name, *draw) for name in POLICIES for draw in draws} <= found
    assert not [key for key in found if key[0] == "handcrafted" and key[1] in POLICIES]  # it has no network


def test_a_run_that_lost_a_result_gets_the_same_again(finished: Path, tmp_path: Path) -> None:
    again = tmp_path / "run"
    shutil.copytree(finished, again)
    (again / "tuned" / "simclr-seed0" / "result.json").unlink()
    data = json.loads((again / "manifest.json").read_text())["config"]["tuned"]["data"]["path"]
    compare(study(config(Path(data))), again, quiet=True)
    assert csv_rows(again / "results.csv") == csv_rows(finished / "results.csv")


def test_it_reproduces(finished: Path, tmp_path: Path) -> None:
    found = reproduce(finished, tmp_path / "again", runs="random*", quiet=True)
    assert found.same and found.compared > 40


def test_the_report_has_the_table(finished: Path) -> None:
    page = (finished / "report.html").read_text("utf-8")
    assert "Which layers to update with how many labels?" in page
    assert "10\u00a0% of labels" in page and "from scratch" in page


def test_labels_drawn_by_group(tmp_path: Path) -> None:
    """All that a method gets of a draw is of one group, where one is enough; without groups it is an error."""
    data = write_signals(tmp_path / "signals.npz", train=60, test=24)
    content = config(data, evaluators=["linear"], baselines=["handcrafted"])
    content["evaluation"] = {"labels_per_class": [2, "all"], "draws": 2, "draw_by": "group"}
    with pytest.raises(SSLKitError, match="draw_by is 'group', but these data have no groups"):
        compare(study(content), tmp_path / "none", quiet=True)
    groups = {"groups_train": np.arange(60) // 6, "groups_test": 100 + np.arange(24) // 6}
    np.savez(data, **dict(np.load(data)), **groups)
    registry, _ = load_registry()
    prepared = prepare(study(content).experiments[0], registry)
    for draw in draws_of(prepared, 0):
        given = label_task(prepared, lambda: prepared.backbone(0), 0, draw)
        for part in (given.train, given.validation):
            assert part.groups is not None
            assert len(np.unique(part.groups)) == 1 or draw.budget == "all"
    rows = {
        key: value for row in rows_of(prepared, _features(prepared), 0) for key, value in [(row["draw"], row)]
    }
    assert set(rows) == {0, 1}


def _features(prepared: Prepared) -> dict[str, np.ndarray]:
    return {
        name: np.random.default_rng(0).normal(size=(len(part), 3)) for name, part in parts(prepared).items()
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    {
        "one name twice": ({"evaluators": [TUNE, TUNE]}, "names one evaluator twice: 'fine-tune'"),
        "another's name": (
            {"evaluators": [{**TUNE, "label": "geometry"}]},
            "'geometry' is the name of other figures",
        ),
        "no policy": (
            {"evaluators": [{**TUNE, "policy": "some"}]},
            "evaluators[0].policy: input should be 'frozen'",
        ),
        "decay above 1": (
            {"evaluators": [{**TUNE, "layer_decay": 1.5}]},
            "layer_decay: input should be less than",
        ),
        "share of nothing": (
            {"evaluation": {"labels_per_class": ["0%"]}},
            "give a number of labels per class, a share",
        ),
        "share above all": (
            {"evaluation": {"labels_per_class": ["120%"]}},
            "give a number of labels per class, a share",
        ),
        "all twice": ({"evaluation": {"labels_per_class": ["all", "100%"]}}, "names one budget twice"),
        "unknown draw": (
            {"evaluation": {"draw_by": "people"}},
            "draw_by: input should be 'sample' or 'group'",
        ),
    }.values(),
)
def test_bad_configs(changes: dict[str, Any], words: str, signals: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        study(config(signals, **changes))
    assert words in str(caught.value)
