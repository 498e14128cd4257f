"""Ablation: which members it has, that it runs and resumes, and that its figures are the paired differences."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time

import numpy as np
import pytest
import yaml
from scipy import stats

import sslkit
from sslkit.cli import run
from sslkit.comparison.ablate import ablation
from sslkit.config import parse_study
from sslkit.plugins import load_registry
from tests.conftest import tiny, write_signals
from tests.report.html_page import PageParser

JITTER, SCALING = {"name": "jitter", "sigma": 0.2}, "scaling"


@pytest.fixture(scope="module")
def registry():
    return load_registry()[0]


def members_of(registry, tmp_path, views, **changes):
    content = tiny(write_signals(tmp_path / "signals.npz"), views=views, **changes)
    study = ablation(parse_study(content, [], registry, default_name="tiny"), registry)
    assert study.name == "tiny-ablation"
    assert all(not experiment.baselines for experiment in study.experiments)
    return {
        experiment.name: [[spec.name for spec in pipeline] for pipeline in experiment.views.pipelines]
        for experiment in study.experiments
    }


def test_each_is_left_out_and_left_alone(registry, tmp_path):
    assert members_of(registry, tmp_path, [JITTER, SCALING, "time-flip"]) == {
        "all": [["jitter", "scaling", "time-flip"]],
        "without jitter": [["scaling", "time-flip"]],
        "without scaling": [["jitter", "time-flip"]],
        "without time-flip": [["jitter", "scaling"]],
        "only jitter": [["jitter"]],
        "only scaling": [["scaling"]],
        "only time-flip": [["time-flip"]],
    }


def test_an_augmentation_of_several_views_is_one_and_keeps_its_settings(registry, tmp_path):
    views = {"view_1": [JITTER, SCALING], "view_2": [{**JITTER, "p": 0.1}, "time-flip", JITTER]}
    found = members_of(registry, tmp_path, views)
    assert found["without jitter"] == [["scaling"], ["time-flip"]]
    assert found["only scaling"] == [["scaling"], []]
    content = tiny(tmp_path / "signals.npz", views=views)
    study = ablation(parse_study(content, [], registry), registry)
    (only,) = (one for one in study.experiments if one.name == "only jitter")
    assert [spec.settings.get("p") for spec in only.views.pipelines[1]] == [0.1, None]


def test_a_composite_is_one_and_two_of_them_are_two(registry, tmp_path):
    first = {"name": "one-of", "augmentations": [JITTER, SCALING]}
    second = {"name": "one-of", "augmentations": ["negate", "time-flip"]}
    found = members_of(registry, tmp_path, [first, second, JITTER])
    assert found["without one-of jitter+scaling"] == [["one-of", "jitter"]]
    assert found["only one-of negate+time-flip"] == [["one-of"]]
    assert found["without jitter"] == [["one-of", "one-of"]]
    assert len(found) == 7


def test_a_recipe_is_written_out_at_its_strength(registry, tmp_path):
    content = tiny(write_signals(tmp_path / "signals.npz"), views={"name": "har", "strength": 0.5})
    study = ablation(parse_study(content, [], registry), registry)
    whole = study.experiments[0]
    from sslkit.assembly import prepare

    expected = prepare(parse_study(content, [], registry).experiments[0], registry).pipeline_specs()
    assert [list(pipeline) for pipeline in whole.views.pipelines] == expected
    assert whole.views.strength == 1.0


def test_normalisations_stay(registry, tmp_path):
    random = np.random.default_rng(0)
    np.savez(
        tmp_path / "sound.npz",
        X_train=random.normal(size=(60, 4000)).astype(np.float32),
        y_train=np.arange(60) % 2,
        X_test=random.normal(size=(20, 4000)).astype(np.float32),
        y_test=np.arange(20) % 2,
    )
    content = tiny(
        tmp_path / "sound.npz",
        views="byol-a",
        backbone={"name": "audio-conv", "width": 4},
        objectives=["simclr"],
    )
    content["data"] |= {"rate_hz": 8000}
    study = ablation(parse_study(content, [], registry), registry)
    found = {one.name: [[s.name for s in p] for p in one.views.pipelines] for one in study.experiments}
    assert "without post-norm" not in found
    assert all("post-norm" in pipeline for pipelines in found.values() for pipeline in pipelines)
    assert found["only linear-fader"] == [["linear-fader", "post-norm"]]


def test_what_cannot_be_ablated(registry, tmp_path):
    content = tiny(write_signals(tmp_path / "signals.npz"))
    for changes, words in (
        ({"views": []}, "no augmentation that could be left out"),
        ({"grid": {"training.batch_size": [8, 16]}}, "takes a config without a grid"),
    ):
        with pytest.raises(sslkit.SSLKitError, match=words):
            ablation(parse_study({**content, **changes}, [], registry), registry)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ablate")
    content = tiny(write_signals(folder / "signals.npz"), seeds=[0, 1, 2], budget={"steps": 3})
    (folder / "tiny.yaml").write_text(yaml.safe_dump(content))
    assert run(["ablate", str(folder / "tiny.yaml"), "--out", str(folder / "out")]) == 0
    return folder


def figures(folder, member, objective):
    """Seed → accuracy of the linear probe with all labels, from the CSV."""
    with (folder / "results.csv").open() as file:
        return np.array([
            float(row["value"])
            for row in csv.DictReader(file)
            if (row["data"], row["objective"]) == (member, objective)
            and (row["evaluator"], row["labels_per_class"], row["metric"]) == ("linear", "all", "accuracy")
        ])  # fmt: skip


def test_the_table_is_of_paired_differences_to_all(finished):
    page = PageParser((finished / "out" / "report.html").read_text(encoding="utf-8"))
    assert page.faults == []
    table = next(table for table in page.tables if table.section == "ablation-1")
    assert {row[0][0] for row in table.rows} == {"jitter", "scaling"}
    for row in table.rows:
        name, columns = row[0][0], iter(row[1:])
        for objective in ("byol", "simclr"):
            everything = figures(finished / "out", "all", objective)
            for member, sign in ((f"without {name}", -1), (f"only {name}", 1)):
                mean, low, _, high = next(columns)[0].replace("−", "-").split()
                other = figures(finished / "out", member, objective)
                assert len(other) == 3
                difference = 100 * sign * (other - everything)
                assert float(mean) == pytest.approx(difference.mean(), abs=0.0501)
                if difference.std() > 0:
                    half = stats.t.ppf(0.975, 2) * difference.std(ddof=1) / 3**0.5
                    ends = [difference.mean() - half, difference.mean() + half]
                    assert [float(low), float(high)] == pytest.approx(ends, abs=0.0501)


def test_equal_pipelines_are_trained_once(finished):
    """Of two augmentations, without the one is only the other."""
    manifest = json.loads((finished / "out" / "manifest.json").read_text())
    shared = {name: set(member.get("shared", {}).values()) for name, member in manifest["members"].items()}
    assert shared == {
        "all": set(),
        "without jitter": set(),
        "without scaling": set(),
        "only jitter": {"without scaling"},
        "only scaling": {"without jitter"},
    }


def test_run_again_repeats_nothing_and_prints_the_table(finished, capsys):
    before = {path: path.stat().st_mtime_ns for path in (finished / "out").rglob("result.json")}
    assert run(["ablate", str(finished / "tiny.yaml"), "--out", str(finished / "out")]) == 0
    assert before == {path: path.stat().st_mtime_ns for path in (finished / "out").rglob("result.json")}
    assert "worth" in capsys.readouterr().out


def test_killed_and_resumed_it_gives_the_same_figures(finished, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "sslkit", "ablate", str(finished / "tiny.yaml"), "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while len(list(out.rglob("result.json"))) < 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.wait()
    done = {path: path.read_bytes() for path in out.rglob("result.json")}
    assert 4 <= len(done) < 18
    assert run(["ablate", str(finished / "tiny.yaml"), "--out", str(out)]) == 0
    assert done == {path: path.read_bytes() for path in done}
    assert (out / "results.csv").read_bytes() == (finished / "out" / "results.csv").read_bytes()
