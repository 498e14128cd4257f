"""The metrics' file: every line due, each step once, whatever happened on the way."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from sslkit.errors import SSLKitError
from sslkit.training.callbacks.metrics_log import MetricsLog
from sslkit.training.trainer import Interrupted, Trainer
from tests.training.toy import BATCH, Do, toy_trainer


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def stop_at(step: int) -> Do:
    def stop(trainer: Trainer) -> None:
        trainer.stop_requested = trainer.step >= step

    return Do(stop)


@pytest.mark.parametrize(
    ("every", "steps"), [(1, [1, 2, 3, 4, 5, 6, 7]), (3, [3, 6, 7]), (7, [7]), (10, [7])]
)
def test_a_line_when_due_and_after_the_last_step(tmp_path: Path, every: int, steps: list[int]) -> None:
    path = tmp_path / "metrics.jsonl"
    toy_trainer(7, callbacks=[MetricsLog(path, every)]).run()
    assert [line["step"] for line in lines_of(path)] == steps


def test_what_a_line_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step takes 2 s by a clock that the test moves, so that samples per second are known."""
    clock = [0.0]
    monkeypatch.setattr("sslkit.training.trainer.time.monotonic", lambda: clock[0])

    trainer = toy_trainer(4, callbacks=[MetricsLog(tmp_path / "metrics.jsonl", 2)])
    optimise = trainer._optimise

    def taking_two_seconds(*arguments: Any) -> Any:
        clock[0] += 2.0
        return optimise(*arguments)

    monkeypatch.setattr(trainer, "_optimise", taking_two_seconds)
    trainer.run()
    first, second = lines_of(tmp_path / "metrics.jsonl")
    assert list(first)[:3] == ["step", "epoch", "seconds"]
    assert (first["step"], first["epoch"], first["seconds"]) == (2, 0.667, 4.0)  # 3 steps are an epoch
    assert second["samples_per_second"] == 2 * BATCH / 4.0
    assert second["loss"] == float(trainer.logs["loss"])
    assert second["progress"] == 1.0 and second["learning_rate"] == 0.1


def test_a_resumed_run_has_each_step_once_and_the_same_losses(tmp_path: Path) -> None:
    whole, resumed = tmp_path / "whole.jsonl", tmp_path / "resumed.jsonl"
    toy_trainer(6, callbacks=[MetricsLog(whole, 1)]).run()
    path = tmp_path / "checkpoint.pt"
    with pytest.raises(Interrupted):
        toy_trainer(6, path, [MetricsLog(resumed, 1), stop_at(3)]).run()
    with resumed.open(
        "a", encoding="utf-8"
    ) as file:  # steps after the checkpoint, the last cut off by a kill
        file.write('{"step": 4, "loss": 9.0}\n{"step": 5, "lo')
    toy_trainer(6, path, [MetricsLog(resumed, 1)]).run()
    assert [(line["step"], line["loss"]) for line in lines_of(resumed)] == [
        (line["step"], line["loss"]) for line in lines_of(whole)
    ]


def test_a_run_from_the_start_drops_what_lay_there(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "loss": 9.0}\nnonsense\n', encoding="utf-8")
    toy_trainer(2, callbacks=[MetricsLog(path, 1)]).run()
    assert [line["step"] for line in lines_of(path)] == [1, 2]
    assert 9.0 not in [line["loss"] for line in lines_of(path)]


@pytest.mark.parametrize("damage", ["\xff\n", '{"step": null}\n', '{"loss": 1}\n', "[1]\n", "\n"])
def test_lines_without_a_step_are_dropped_on_resuming(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "checkpoint.pt"
    metrics = tmp_path / "metrics.jsonl"
    with pytest.raises(Interrupted):
        toy_trainer(4, path, [MetricsLog(metrics, 1), stop_at(2)]).run()
    metrics.write_bytes(metrics.read_bytes() + damage.encode("latin-1"))
    toy_trainer(4, path, [MetricsLog(metrics, 1)]).run()
    assert [line["step"] for line in lines_of(metrics)] == [1, 2, 3, 4]


def test_a_file_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    log = MetricsLog(path, 1)
    trainer = toy_trainer(2, callbacks=[log])
    log.on_start(trainer)
    path.unlink()
    path.mkdir()
    with pytest.raises(SSLKitError, match=r"metrics\.jsonl"):
        log.write(trainer, {"loss": 1.0})


def test_tensorboard_gets_numbers_and_no_words(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = MetricsLog(tmp_path / "metrics.jsonl", 2, tensorboard=True)
    toy_trainer(
        4, callbacks=[log, Do(lambda trainer: log.write(trainer, {"alarm": "bad", "rank": 2.0}))]
    ).run()
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert [event.step for event in events.Scalars("loss")] == [2, 4]
    assert [(event.step, event.value) for event in events.Scalars("rank")] == [(k, 2.0) for k in range(1, 5)]
    assert "alarm" not in events.Tags()["scalars"]
    written = [line["loss"] for line in lines_of(tmp_path / "metrics.jsonl") if "loss" in line]
    assert [event.value for event in events.Scalars("loss")] == pytest.approx(written)


def test_without_tensorboard_one_line_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("torch.utils.tensorboard"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(SSLKitError, match=r'pip install "sslkit\[tensorboard\]"'):
        MetricsLog(tmp_path / "metrics.jsonl", 1, tensorboard=True)
