"""Configs by name: a file of that path comes first, a carried config next, and a missing one names those there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from sslkit.config import load_study
from sslkit.config.carried import carried_configs, find_config, read_carried, summary_of
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry

CONFIGS = Path(__file__).parents[2] / "configs"


def test_every_config_is_carried_under_its_name():
    files = {path.relative_to(CONFIGS).with_suffix("").as_posix() for path in CONFIGS.rglob("*.yaml")}
    assert {"quickstart", "images/mnist5k"} <= files == set(carried_configs())


def test_a_file_comes_before_a_carried_config(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_config("quickstart") == carried_configs()["quickstart"]
    assert find_config(Path("images") / "mnist5k") == carried_configs()["images/mnist5k"]
    (tmp_path / "quickstart").write_text("data: watch", encoding="utf-8")
    assert find_config("quickstart") == Path("quickstart")


def test_carried_configs_can_be_run_and_extended_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    registry = load_registry()[0]
    assert load_study("quickstart", [], registry).name == "quickstart"
    (tmp_path / "own.yaml").write_text("extends: images/mnist5k\nbudget: {steps: 7}", encoding="utf-8")
    (tmp_path / "suite.yaml").write_text("suite: {one: sensors/watch, two: own.yaml}", encoding="utf-8")
    one, two = load_study("suite.yaml", [], registry).experiments
    assert (one.data.name, two.data.name, two.budget.steps) == ("watch", "mnist5k", 7)


def test_a_missing_config_names_those_there_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SSLKitError, match=r"configs.quickstart\.yaml: there is no .* carries: .*quickstart"):
        load_study(Path("configs") / "quickstart.yaml", [], load_registry()[0])


def test_a_carried_config_is_read_and_summed_up():
    assert read_carried("quickstart") == (CONFIGS / "quickstart.yaml").read_text(encoding="utf-8")
    assert summary_of(CONFIGS / "quickstart.yaml").startswith("BYOL against SimCLR on real images")
    assert all(len(summary_of(path)) > 30 for path in carried_configs().values())
    with pytest.raises(SSLKitError, match="Did you mean 'quickstart'"):
        read_carried("quikstart")
