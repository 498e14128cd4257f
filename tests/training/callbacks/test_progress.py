"""Progress is told at once where something is new, and otherwise a few times a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from sslkit.training.callbacks.progress import Progress
from sslkit.training.trainer import Interrupted, Trainer
from tests.training.toy import Do, toy_trainer

Said = list[tuple[int, int, str]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds, moved by the test."""
    now = [100.0]
    monkeypatch.setattr("sslkit.training.callbacks.progress.time.monotonic", lambda: now[0])
    return now


def teller(said: Said) -> Progress:
    return Progress(lambda *words: said.append(words))


def tick(clock: list[float], seconds: float) -> Do:
    def move(_: Trainer) -> None:
        clock[0] += seconds

    return Do(move)


def test_at_most_every_quarter_of_a_second_and_at_the_end(clock: list[float]) -> None:
    said: Said = []
    toy_trainer(10, callbacks=[tick(clock, 0.1), teller(said)]).run()
    assert [step for step, _, _ in said] == [0, 1, 4, 7, 10]
    assert {total for _, total, _ in said} == {10}


def test_slow_steps_are_all_told(clock: list[float]) -> None:
    said: Said = []
    toy_trainer(4, callbacks=[tick(clock, 1.0), teller(said)]).run()
    assert [step for step, _, _ in said] == [0, 1, 2, 3, 4]


def test_words_are_the_loss_and_what_is_to_be_added(clock: list[float]) -> None:
    said: Said = []
    more = iter(["", "", " · alarm: bad", " · alarm: bad", ""])
    trainer = toy_trainer(5, callbacks=[Progress(lambda *words: said.append(words), lambda: next(more))])
    trainer.run()
    assert said[0] == (0, 5, "")
    assert [step for step, _, _ in said[1:]] == [1, 3, 5]  # the clock stands; a change and the end are told
    assert said[2][2].endswith(" · alarm: bad")
    assert said[3][2] == f"loss {float(trainer.logs['loss']):.3f}"


def test_a_resumed_run_begins_where_it_stands(clock: list[float], tmp_path: Path) -> None:
    def stop(trainer: Trainer) -> None:
        trainer.stop_requested = trainer.step == 2

    said: Said = []
    with pytest.raises(Interrupted):
        toy_trainer(4, tmp_path / "checkpoint.pt", [Do(stop)]).run()
    toy_trainer(4, tmp_path / "checkpoint.pt", [teller(said)]).run()
    assert said[0] == (2, 4, "")
