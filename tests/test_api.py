"""What the calls of the package begin with: plugins, config, folder. Their work is tested with the rooms they open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sslkit
from sslkit import api
from sslkit.api.job import Job
from sslkit.errors import ConfigError
from sslkit.testing import tiny_study

PLUGIN = '''
import sslkit


class Twist(sslkit.Augmentation):
    """Turns it round."""

    def apply(self, x, generator):
        return x.flip(-1)


@sslkit.hookimpl
def sslkit_register(registry):
    registry.add("twist", Twist)
'''
WITH_CONFIG = {
    "compare": ("sslkit.comparison.compare.compare", "runs/tiny"),
    "ablate": ("sslkit.comparison.ablate.ablate", "runs/tiny-ablation"),
    "preview": ("sslkit.previews.write_preview", "runs/tiny-preview"),
    "pretrain": ("sslkit.running.single.pretrain_alone", "runs/tiny-pretrain/simclr-seed0"),
}


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    path = tmp_path / "twisting.py"
    path.write_text(PLUGIN, encoding="utf-8")
    return path


class Spy:
    """Stands for the function that a call hands its work to, and keeps the arguments."""

    def __init__(self) -> None:
        self.arguments: list[Any] = []

    def __call__(self, *arguments: Any, **more: Any) -> Path:
        self.arguments = [*arguments, *more.values()]
        return Path("report.html")

    def folder(self) -> Path:
        (found,) = [argument for argument in self.arguments if isinstance(argument, Path)]
        return found

    def views(self) -> str:
        experiments = [item for a in self.arguments for item in getattr(a, "experiments", [a])]
        (experiment,) = [item for item in experiments if hasattr(item, "views")]
        return experiment.views.pipelines[0][0].name


@pytest.mark.parametrize("name", WITH_CONFIG)
def test_calls_with_a_config_read_it_and_choose_the_folder(name, tmp_path, plugin, monkeypatch):
    target, default = WITH_CONFIG[name]
    spy, config = Spy(), tiny_study(tmp_path)
    monkeypatch.setattr(target, spy)
    call = getattr(sslkit, name)
    call(config)
    assert (spy.folder(), spy.views()) == (Path(default), "jitter")
    call(str(config), ["views=[{name: twist}]", "name=other"], plugin_paths=[plugin])
    assert (spy.folder(), spy.views()) == (Path(default.replace("tiny", "other")), "twist")
    call(config, (), str(tmp_path / "out"))
    assert spy.folder() == tmp_path / "out"


@pytest.mark.parametrize("name", ["compare", "ablate"])
def test_how_a_comparison_runs_is_handed_on(name, tmp_path, plugin, monkeypatch):
    spy = Spy()
    monkeypatch.setattr(WITH_CONFIG[name][0], spy)
    getattr(sslkit, name)(tiny_study(tmp_path), plugin_paths=[plugin], workers=3, quiet=True, pool="ray")
    assert spy.arguments[2:] == [(str(plugin),), 3, True, "ray"]


def test_reproduce_has_a_folder_of_its_own(monkeypatch):
    spy = Spy()
    monkeypatch.setattr("sslkit.comparison.reproduce.reproduce", spy)
    sslkit.reproduce("a/run", runs="byol-*", tolerance=0.1, plugin_paths=["p.py"])
    assert spy.arguments == [
        Path("a/run"),
        Path("a/run-reproduced"),
        "byol-*",
        0.1,
        ("p.py",),
        False,
        "local",
    ]
    sslkit.reproduce(Path("a/run"), "elsewhere", quiet=True, pool="ray")
    assert spy.arguments == [Path("a/run"), Path("elsewhere"), "*", None, (), True, "ray"]


def test_reproduce_knows_runs_by_that_name_only():
    with pytest.raises(TypeError, match="cells"):
        sslkit.reproduce("run", cells="byol-*")  # type: ignore[call-arg]


@pytest.mark.parametrize("name", WITH_CONFIG)
def test_every_mistake_of_a_config_is_one_message(name, tmp_path):
    with pytest.raises(ConfigError) as caught:
        getattr(sslkit, name)(tiny_study(tmp_path), ["budget.steps=0", "backbone=resnet1dd"])
    assert {problem.path for problem in caught.value.problems} == {"budget.steps", "backbone"}


def test_pretrain_takes_one_data_set(tmp_path):
    with pytest.raises(sslkit.SSLKitError, match="has several members"):
        sslkit.pretrain(tiny_study(tmp_path), ["grid={budget.steps: [2, 3]}"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_progress_is_told(tmp_path):
    told: list[tuple[int, int, str]] = []
    run = sslkit.pretrain(
        tiny_study(tmp_path), out=tmp_path / "run", report=lambda *words: told.append(words)
    )
    assert told[0][:2] == (0, 2) and told[-1][:2] == (2, 2) and "loss" in told[-1][2]
    told.clear()
    sslkit.evaluate(run, report=lambda *words: told.append(words))
    assert told == [(0, 1, "preparing")]


def test_a_run_whose_data_have_changed_is_not_judged_again(tmp_path):
    run = sslkit.pretrain(tiny_study(tmp_path), out=tmp_path / "run")
    import numpy as np

    with np.load(tmp_path / "signals.npz") as arrays:
        changed = {name: arrays[name] * (2 if name == "X_train" else 1) for name in arrays if "X" in name}
        changed |= {name: arrays[name] for name in arrays if "X" not in name}
    np.savez(tmp_path / "signals.npz", **changed)
    with pytest.raises(sslkit.SSLKitError, match="no longer those that the encoder was trained on"):
        sslkit.evaluate(run)
    assert not (run / "result.json").exists()


def test_a_run_of_an_objective_that_is_not_here_is_not_judged_again(tmp_path):
    import json

    run = sslkit.pretrain(tiny_study(tmp_path), out=tmp_path / "run")
    description = json.loads((run / "run.json").read_text(encoding="utf-8"))
    description["objective"]["name"] = "dreamt"
    (run / "run.json").write_text(json.dumps(description), encoding="utf-8")
    with pytest.raises(sslkit.SSLKitError, match=r"its objective .*dreamt.* is not known here"):
        sslkit.evaluate(run)


def test_what_is_called_and_what_is_exported_are_the_same():
    assert set(api.__all__) <= set(sslkit.__all__)
    assert all(getattr(api, name) is getattr(sslkit, name) for name in api.__all__)


def test_a_job_says_where_it_works(tmp_path):
    job = Job.begin(tiny_study(tmp_path), [], None, [], "-suffix")
    assert (job.folder, job.plugin_paths, job.study.name) == (Path("runs/tiny-suffix"), (), "tiny")
    assert "simclr" in job.registry.names("objective")
