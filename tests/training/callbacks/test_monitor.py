"""The monitor judges when it is due, writes what it finds, and says aloud what is wrong as long as it is so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from sslkit.training.callbacks.metrics_log import MetricsLog
from sslkit.training.callbacks.monitor import ALARM, Monitor, no_alarms
from sslkit.training.trainer import Interrupted, Trainer
from tests.training.toy import Do, toy_trainer


class Judge:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> dict[str, float]:
        self.asked += 1
        return {"effective_rank": float(self.asked)}


def lines_of(path: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if "effective_rank" in line]


@pytest.mark.parametrize(
    ("every", "steps"), [(1, [0, 1, 2, 3, 4, 5]), (2, [0, 2, 4, 5]), (5, [0, 5]), (9, [0, 5])]
)
def test_judged_at_the_start_when_due_and_at_the_end(tmp_path: Path, every: int, steps: list[int]) -> None:
    judge, log = Judge(), MetricsLog(tmp_path / "metrics.jsonl", 100)
    toy_trainer(5, callbacks=[log, Monitor(judge, log, every)]).run()
    assert [line["step"] for line in lines_of(log.path)] == steps
    assert judge.asked == len(steps)


def test_a_resumed_run_is_not_judged_again_where_it_stands(tmp_path: Path) -> None:
    def stop(trainer: Trainer) -> None:
        trainer.stop_requested = trainer.step == 3

    path, log = tmp_path / "checkpoint.pt", MetricsLog(tmp_path / "metrics.jsonl", 100)
    with pytest.raises(Interrupted):
        toy_trainer(6, path, [log, Monitor(Judge(), log, 3), Do(stop)]).run()
    log = MetricsLog(tmp_path / "metrics.jsonl", 100)
    toy_trainer(6, path, [log, Monitor(Judge(), log, 3)]).run()
    assert [line["step"] for line in lines_of(log.path)] == [0, 3, 6]


def test_alarms_are_written_and_said_while_they_last(tmp_path: Path) -> None:
    seen: list[Mapping[str, Tensor | float]] = []

    def alarms(figures: Mapping[str, float], logs: Mapping[str, Tensor | float]) -> list[str]:
        seen.append(dict(logs))
        return ["Collapsed.", "Try another rate."] if figures["effective_rank"] in (2, 3) else []

    log = MetricsLog(tmp_path / "metrics.jsonl", 100)
    monitor = Monitor(Judge(), log, 1, alarms)
    said: list[str] = []
    toy_trainer(4, callbacks=[log, monitor, Do(lambda _: said.append(monitor.words()))]).run()
    assert said == [f"{ALARM}Collapsed.", f"{ALARM}Collapsed.", "", ""]
    assert [line.get("alarm") for line in lines_of(log.path)] == [
        None,
        "Collapsed. Try another rate.",
        "Collapsed. Try another rate.",
        None,
        None,
    ]
    assert seen[0] == {} and {"loss", "largest"} <= seen[1].keys()


def test_no_alarms_by_default() -> None:
    assert no_alarms({"effective_rank": 0.0}, {}) == []


def test_judging_is_no_training_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that only the judge moves."""
    clock = [0.0]
    monkeypatch.setattr("sslkit.training.trainer.time.monotonic", lambda: clock[0])

    def slow() -> dict[str, float]:
        clock[0] += 60.0
        return {"effective_rank": 1.0}

    log = MetricsLog(tmp_path / "metrics.jsonl", 1)
    trainer = toy_trainer(3, callbacks=[log, Monitor(slow, log, 1)])
    trainer.run()
    assert clock[0] == 240.0 and trainer.seconds == 0.0


def test_a_judge_that_draws_numbers_moves_no_weight(tmp_path: Path) -> None:
    """Every step seeds the network's random numbers anew, so that judging in between is free to draw."""

    def drawing() -> dict[str, float]:
        return {"effective_rank": float(torch.rand(()))}

    log = MetricsLog(tmp_path / "metrics.jsonl", 1)
    bare, watched = toy_trainer(), toy_trainer(callbacks=[log, Monitor(drawing, log, 1)])
    bare.run()
    watched.run()
    for one, other in zip(bare.objective.parameters(), watched.objective.parameters(), strict=True):
        assert torch.equal(one, other)
