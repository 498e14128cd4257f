"""Grids run: what is shared is run once, and stands at every point with the same figures."""

from __future__ import annotations

import csv
import json
import shutil

import numpy as np
import pytest
import yaml

from sslkit.assembly import PreparedCache, prepare
from sslkit.cli import run
from sslkit.config import parse_study
from sslkit.data.sources.arrays import Arrays
from sslkit.plugins import load_registry
from sslkit.running.plan import plan
from tests.conftest import tiny, write_signals
from tests.report.html_page import PageParser


def planned_of(tmp_path, grid, **changes):
    registry = load_registry()[0]
    content = tiny(write_signals(tmp_path / "signals.npz"), grid=grid, seeds=[0], **changes)
    cache, study = PreparedCache(), parse_study(content, [], registry)
    return plan([prepare(one, registry, cache=cache) for one in study.experiments], tmp_path)


def own_runs(planned):
    """Method → how many runs of its own there are."""
    methods = [item.run.method for item in planned]
    return {name: sum(item.is_own for item in planned if item.run.method == name) for name in methods}


@pytest.mark.parametrize(
    ("grid", "changes", "runs"),
    [
        (
            {"training.batch_size": [8, 16]}, {},
            {"byol": 2, "simclr": 2, "random": 1, "handcrafted": 1, "supervised": 1},
        ),
        (  # epochs of other batches are other steps, also for training with labels
            {"training.batch_size": [8, 16]}, {"budget": {"epochs": 2}, "baselines": ["supervised"]},
            {"byol": 2, "simclr": 2, "supervised": 2},
        ),
        (
            {"objectives.byol.tau": [0.5, 0.9]}, {},
            {"byol": 2, "simclr": 1, "random": 1, "handcrafted": 1, "supervised": 1},
        ),
        (  # views augment supervised training, and the alignment of random features is of two views
            {"views.strength": [1, 2]}, {},
            {"byol": 2, "simclr": 2, "random": 2, "handcrafted": 1, "supervised": 2},
        ),
        (
            {"backbone.width": [4, 6]}, {},
            {"byol": 2, "simclr": 2, "random": 2, "handcrafted": 1, "supervised": 2},
        ),
        (
            {"evaluation.draws": [1, 2]}, {"objectives": ["simclr"]},
            {"simclr": 2, "random": 2, "handcrafted": 2, "supervised": 2},
        ),
        (
            {"data.path": []}, {"objectives": ["simclr"], "baselines": ["handcrafted"]},
            {"simclr": 2, "handcrafted": 2},
        ),
    ],
)  # fmt: skip
def test_what_a_method_does_not_read_is_nothing_to_it(tmp_path, grid, changes, runs):
    if "data.path" in grid:
        grid = {"data.path": [str(write_signals(tmp_path / f"{n}.npz", train=n)) for n in (80, 90)]}
    assert own_runs(planned_of(tmp_path, grid, **changes)) == runs


def test_members_of_a_suite_share_nothing(tmp_path):
    registry = load_registry()[0]
    content = tiny(write_signals(tmp_path / "signals.npz"), seeds=[0])
    suite = {"workers": content.pop("workers"), "suite": {"a": content, "b": content}}
    prepared = [prepare(one, registry) for one in parse_study(suite, [], registry).experiments]
    assert all(item.is_own for item in plan(prepared, tmp_path))


def test_a_baseline_that_does_not_say_what_it_reads_is_run_at_every_point(tmp_path, monkeypatch):
    from sslkit.baselines.handcrafted import Handcrafted

    monkeypatch.setattr(Handcrafted, "reads", None, raising=False)
    assert own_runs(planned_of(tmp_path, {"training.batch_size": [8, 16]}))["handcrafted"] == 2


def test_equal_data_are_loaded_and_equal_front_ends_fitted_once(tmp_path, monkeypatch):
    loads, registry = [], load_registry()[0]
    load = Arrays.load
    monkeypatch.setattr(Arrays, "load", lambda self: loads.append(self) or load(self))
    content = tiny(write_signals(tmp_path / "signals.npz"), grid={"training.batch_size": [8, 16, 32]})
    cache, study = PreparedCache(), parse_study(content, [], registry)
    shared = [prepare(one, registry, cache=cache) for one in study.experiments]
    assert len(loads) == 1
    assert len({id(one.frontend) for one in shared}) == 1
    alone = prepare(study.experiments[1], registry)
    x = alone.dataset.spec.decode(alone.splits.train.x[np.arange(4)])
    np.testing.assert_array_equal(alone.frontend(x).numpy(), shared[1].frontend(x).numpy())
    assert alone.data_digest == shared[1].data_digest
    for grid in ({"splits.seed": [1, 2]}, {"splits.validation": [0.1, 0.2]}):
        study = parse_study({**content, "grid": grid}, [], registry)
        first, second = (prepare(one, registry, cache=cache) for one in study.experiments)
        assert first.data_digest != second.data_digest
    content["grid"] = {"frontend": [{"name": "standardise"}, {"name": "scale"}]}
    study = parse_study(content, [], registry)
    first, second = (prepare(one, registry, cache=cache) for one in study.experiments)
    assert type(first.frontend) is not type(second.frontend)
    assert first.splits is second.splits


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grid")
    grid = {"training.batch_size": [8, 16, 64], "objectives.byol.tau": [0.5]}
    content = tiny(write_signals(folder / "signals.npz"), grid=grid, budget={"steps": 3})
    (folder / "grid.yaml").write_text(yaml.safe_dump(content))
    assert run(["compare", str(folder / "grid.yaml"), "--out", str(folder / "out")]) == 0
    return folder


POINTS = [f"tau=0.5,batch_size={size}" for size in (8, 16, 64)]


def rows_of(finished):
    with (finished / "out" / "results.csv").open() as file:
        return list(csv.DictReader(file))


def test_results_have_every_method_at_every_point(finished):
    rows = rows_of(finished)
    found = {(row["data"], row["training.batch_size"], row["objectives.byol.tau"]) for row in rows}
    assert found == {(name, size, "0.5") for name, size in zip(POINTS, ("8", "16", "64"), strict=True)}
    for name in POINTS:
        methods = {(row["objective"], row["seed"]) for row in rows if row["data"] == name}
        assert len(methods) == 5 * 2
    bars = [
        {tuple(row.values())[1:8] for row in rows if row["data"] == name and row["objective"] == "supervised"}
        for name in POINTS
    ]
    assert bars[0] == bars[1] == bars[2] != set()


def test_shared_runs_lie_in_the_first_point_only(finished):
    folders = {name: {path.name for path in (finished / "out" / name).iterdir()} for name in POINTS}
    assert {"random-seed0", "supervised-seed1", "byol-seed0"} <= folders[POINTS[0]]
    for name in POINTS[1:]:
        runs = {run for run in folders[name] if "-seed" in run}
        assert runs == {"byol-seed0", "byol-seed1", "simclr-seed0", "simclr-seed1"}
    manifest = json.loads((finished / "out" / "manifest.json").read_text())
    assert manifest["finished"]
    assert manifest["members"][POINTS[1]]["shared"]["random-seed1"] == POINTS[0]
    assert manifest["members"][POINTS[1]]["variant"]["values"]["training.batch_size"] == 16


def test_a_resumed_grid_repeats_nothing(finished):
    before = {path: path.stat().st_mtime_ns for path in (finished / "out").rglob("result.json")}
    rows = rows_of(finished)
    assert run(["compare", str(finished / "grid.yaml"), "--out", str(finished / "out")]) == 0
    assert before == {path: path.stat().st_mtime_ns for path in (finished / "out").rglob("result.json")}
    assert rows_of(finished) == rows


def test_an_extended_grid_goes_on_in_the_same_folder(finished, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(finished / "out", out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("result.json")}
    more = ["grid.training.batch_size=[4, 8, 16, 64]", "--out", str(out)]
    assert run(["compare", str(finished / "grid.yaml"), *more]) == 0
    after = {path: path.stat().st_mtime_ns for path in out.rglob("result.json")}
    assert after.items() > before.items(), "nothing finished is repeated"
    added = {str(path.parent.relative_to(out)) for path in after.keys() - before.keys()}
    seeds = [f"tau=0.5,batch_size=4/{name}-seed{seed}" for name in ("byol", "simclr") for seed in (0, 1)]
    assert added == set(seeds), "baselines stay where they were run"
    with (out / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    old = rows_of(finished)
    assert [row for row in rows if row["training.batch_size"] != "4"] == old
    assert len(rows) == len(old) * 4 // 3


def test_a_grid_with_fewer_or_other_points_is_refused(finished, capsys):
    command = ["compare", str(finished / "grid.yaml"), "--out", str(finished / "out")]
    assert run([*command, "grid.training.batch_size=[8, 16]"]) == 2
    message = capsys.readouterr().err
    assert "'tau=0.5,batch_size=64' is no longer in it" in message and "--out DIR" in message
    assert run([*command, "budget.steps=4"]) == 2
    assert "budget.steps" in capsys.readouterr().err


def test_the_report_shows_the_grid(finished, capsys):
    page = PageParser((finished / "out" / "report.html").read_text(encoding="utf-8"))
    assert page.faults == []
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for tag, name, value in page.attributes if name == "href" and tag == "a"} <= set(ids)
    tables = [table for table in page.tables if table.section == "grid-1"]
    assert len(tables) == 2  # all labels, and three per class
    methods = [row[0][0] for row in tables[0].rows]
    assert methods == ["tau = 0.5", "byol", "simclr", "random", "handcrafted", "supervised", "byol − simclr"]
    rows = rows_of(finished)
    for row in tables[0].rows[1:3]:
        for point, (text, _, _) in zip(POINTS, row[1:4], strict=True):
            values = [
                float(line["value"])
                for line in rows
                if (line["data"], line["objective"]) == (point, row[0][0])
                and (line["evaluator"], line["labels_per_class"], line["metric"])
                == ("linear", "all", "accuracy")
            ]
            assert float(text.split()[0]) == pytest.approx(100 * np.mean(values), abs=0.0501)
    assert "Not finished" not in page.text
    assert run(["report", str(finished / "out")]) == 0
