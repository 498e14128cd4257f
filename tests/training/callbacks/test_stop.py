"""A signal lets the step finish; a second Ctrl-C does not; the handlers of others come back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sslkit.training.callbacks.stop import STOP_SIGNALS, StopOnSignal
from sslkit.training.trainer import Interrupted, Trainer
from tests.training.toy import Do, toy_trainer


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[dict[int, object]]:
    """Handlers that the callback has to put back; the test runner's own afterwards."""

    def ours(number: int, frame: object) -> None:
        raise AssertionError("the former handler was called")

    before = {number: signal.signal(number, ours) for number in STOP_SIGNALS}
    yield dict.fromkeys(STOP_SIGNALS, ours)
    for number, handler in before.items():
        signal.signal(number, handler)


def raised_at(step: int, number: int, times: int = 1) -> Do:
    """Sends this process a signal after a step."""

    def send(trainer: Trainer) -> None:
        if trainer.step == step:
            for _ in range(times):
                signal.raise_signal(number)

    return Do(send)


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_the_step_is_finished_saved_and_the_run_resumed(tmp_path: Path, number: int) -> None:
    whole = toy_trainer(5)
    whole.run()
    path = tmp_path / "checkpoint.pt"
    stopped = toy_trainer(5, path, [StopOnSignal(), raised_at(2, number)], seconds=1e9)
    with pytest.raises(Interrupted):
        stopped.run()
    assert stopped.step == 2
    resumed = toy_trainer(5, path, [StopOnSignal()])
    resumed.run()
    assert resumed.step == 5
    for one, other in zip(whole.objective.parameters(), resumed.objective.parameters(), strict=True):
        assert one.equal(other)


def test_in_the_last_step_there_is_nothing_left_to_stop(tmp_path: Path) -> None:
    trainer = toy_trainer(3, tmp_path / "checkpoint.pt", [StopOnSignal(), raised_at(3, signal.SIGTERM)])
    trainer.run()
    assert trainer.step == 3


def test_a_second_ctrl_c_stops_at_once(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    trainer = toy_trainer(5, path, [StopOnSignal(), raised_at(2, signal.SIGINT, times=2)], seconds=1e9)
    with pytest.raises(KeyboardInterrupt):
        trainer.run()
    assert not path.exists()


def test_a_second_sigterm_is_one_too_many_but_no_error(tmp_path: Path) -> None:
    trainer = toy_trainer(
        5, tmp_path / "checkpoint.pt", [StopOnSignal(), raised_at(2, signal.SIGTERM, times=2)]
    )
    with pytest.raises(Interrupted):
        trainer.run()


def test_former_handlers_come_back_however_it_ends(own_handlers: dict[int, object]) -> None:
    def fail(_: Trainer) -> None:
        raise RuntimeError("broken")

    toy_trainer(2, callbacks=[StopOnSignal()]).run()
    with pytest.raises(RuntimeError, match="broken"):
        toy_trainer(2, callbacks=[StopOnSignal(), Do(fail)]).run()
    assert {number: signal.getsignal(number) for number in STOP_SIGNALS} == own_handlers


def test_other_threads_leave_the_handlers_alone(own_handlers: dict[int, object]) -> None:
    seen: list[object] = []

    def look(_: Trainer) -> None:
        seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=toy_trainer(2, callbacks=[StopOnSignal(), Do(look)]).run)
    thread.start()
    thread.join()
    assert seen == [own_handlers[signal.SIGTERM]] * 2
