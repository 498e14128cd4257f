"""What the comparing commands hand on, and what they print. That they compare is tested in ``tests/comparison``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sslkit import api
from sslkit.cli import run
from sslkit.comparison.reproduce import Change, Reproduction
from sslkit.errors import MOST_SHOWN


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What ``compare``, ``ablate`` and the table were called with."""
    calls: list[Any] = []

    def job(name: str) -> Any:
        def note(*arguments: object, **more: object) -> Path:
            calls.append((name, arguments, more))
            return Path("results") / "report.html"

        return note

    monkeypatch.setattr(api, "compare", job("compare"))
    monkeypatch.setattr(api, "ablate", job("ablate"))
    monkeypatch.setattr(
        "sslkit.report.terminal.tables.print_table", lambda folder, console: calls.append(folder)
    )
    return calls


@pytest.mark.parametrize("name", ["compare", "ablate"])
def test_settings_are_handed_on_and_the_table_is_of_the_results(name, called, capsys):
    words = ["a=1", "--out", "x", "--workers", "3", "--pool", "ray", "--plugin-path", "p.py"]
    assert run([name, "c.yaml", *words]) == 0
    assert called == [
        (name, (Path("c.yaml"), ["a=1"], Path("x"), ["p.py"], 3), {"pool": "ray"}),
        Path("results"),
    ]
    assert capsys.readouterr().out == f"report: {Path('results/report.html')}\n"


def test_what_is_not_given_is_left_to_the_program(called):
    assert run(["compare", "c.yaml"]) == 0
    assert called[0] == ("compare", (Path("c.yaml"), [], None, [], None), {"pool": "local"})


@pytest.mark.parametrize("workers", ["0", "-1"])
def test_no_workers_are_refused_before_anything_runs(workers, called, capsys):
    assert run(["compare", "c.yaml", f"--workers={workers}"]) == 2
    assert capsys.readouterr().err == "error: --workers: at least 1.\n"
    assert called == []


def reproduction(monkeypatch: pytest.MonkeyPatch, found: Reproduction) -> list[Any]:
    calls: list[Any] = []

    def note(*arguments: object, **more: object) -> Reproduction:
        calls.append((arguments, more))
        return found

    monkeypatch.setattr(api, "reproduce", note)
    return calls


def change(number: int) -> Change:
    return Change(("d", "byol", number, "knn", "all", 0, "accuracy"), 0.5, 0.25)


def test_reproduced(monkeypatch, capsys):
    calls = reproduction(monkeypatch, Reproduction(12, 0.0))
    assert run(["reproduce", "run", "--runs", "byol*", "--tolerance", "0"]) == 0
    assert calls == [((Path("run"), None, "byol*", 0.0, []), {"pool": "local", "trust": False})]
    assert capsys.readouterr().out == "reproduced: all 12 figures are equal to the bit.\n"


def test_reproduced_elsewhere_says_what_differs(monkeypatch, capsys):
    reproduction(monkeypatch, Reproduction(12, 0.01, ["torch: 2.6 then, 2.11 now"]))
    assert run(["reproduce", "run"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "differs: torch: 2.6 then, 2.11 now",
        "reproduced: all 12 figures are the same within 0.01.",
    ]


def test_not_reproduced_is_status_1_and_the_list_ends(monkeypatch, capsys):
    changes = [change(number) for number in range(MOST_SHOWN + 3)]
    reproduction(monkeypatch, Reproduction(40, 0.0, [], changes, [change(0)]))
    assert run(["reproduce", "run"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("results.csv and result.json of run disagree: d · byol · seed 0")
    assert sum(line.startswith("changed: ") for line in lines) == MOST_SHOWN
    assert lines[-2:] == [
        "and 3 more",
        "NOT reproduced: 23 of 40 figures are not equal to the bit; 1 were edited or damaged.",
    ]


@pytest.mark.parametrize("tolerance", ["-0.1", "nan"])
def test_no_tolerance_below_nothing(tolerance, monkeypatch, capsys):
    calls = reproduction(monkeypatch, Reproduction(1, 0.0))
    assert run(["reproduce", "run", f"--tolerance={tolerance}"]) == 2
    assert capsys.readouterr().err == "error: --tolerance: 0 or more.\n"
    assert calls == []


def test_check_and_report_refuse_what_is_not_there(tmp_path, capsys):
    assert run(["check", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err
    assert run(["report", str(tmp_path)]) == 2
    assert "manifest.json: there is no such file" in capsys.readouterr().err


def test_check_says_what_would_run_and_writes_nothing(config_file, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert run(["check", str(config_file), "seeds=[0]", "objectives=[byol]", "budget.steps=4"]) == 0
    assert "the config is good. 4 runs on" in " ".join(capsys.readouterr().out.split())
    assert sorted(tmp_path.rglob("*")) == before
