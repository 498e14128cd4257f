"""How a comparison is called. What comes of it is tested in ``tests/comparison``."""

from __future__ import annotations

from pathlib import Path

import pytest

import sslkit
from sslkit.testing import tiny_study
from tests.api.spy import WITH_CONFIG, Spy


@pytest.mark.parametrize("name", ["compare", "ablate"])
def test_how_a_comparison_runs_is_handed_on(name, tmp_path, monkeypatch):
    spy = Spy()
    monkeypatch.setattr(WITH_CONFIG[name][0], spy)
    getattr(sslkit, name)(tiny_study(tmp_path), workers=3, quiet=True, pool="ray")
    assert spy.arguments[2:] == [(), 3, True, "ray"]


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
        False,
    ]
    sslkit.reproduce(Path("a/run"), "elsewhere", quiet=True, pool="ray", trust=True)
    assert spy.arguments == [Path("a/run"), Path("elsewhere"), "*", None, (), True, "ray", True]


def test_reproduce_knows_runs_by_that_name_only():
    with pytest.raises(TypeError, match="cells"):
        sslkit.reproduce("run", cells="byol-*")  # type: ignore[call-arg]


def test_the_reports_of_both_are_where_they_say(tmp_path):
    config = tiny_study(tmp_path)
    report = sslkit.compare(config, out=tmp_path / "run", quiet=True)
    again = sslkit.reproduce(tmp_path / "run", quiet=True)
    assert report == tmp_path / "run" / "report.html" and report.is_file()
    assert again.same and (tmp_path / "run-reproduced" / "report.html").is_file()


def test_quiet_is_quiet(tmp_path, capsys):
    sslkit.compare(tiny_study(tmp_path), out=tmp_path / "run", quiet=True)
    assert capsys.readouterr() == ("", "")
