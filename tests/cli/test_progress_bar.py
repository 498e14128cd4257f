"""The bar of one job."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from sslkit.cli.progress_bar import ProgressBar
from sslkit.training.callbacks.monitor import ALARM


def test_it_is_silent_where_there_is_no_terminal(capsys):
    with ProgressBar("training") as bar:
        bar(1, 4, "loss 0.5")
        bar(4, 4, "loss 0.4")
    assert capsys.readouterr() == ("", "")


def test_it_says_the_first_alarm_once(capsys):
    with ProgressBar("training") as bar:
        bar(1, 4, "loss 0.5")
        bar(2, 4, f"loss 0.4{ALARM}the features have collapsed.")
        bar(3, 4, f"loss 0.4{ALARM}the features have collapsed.")
    assert capsys.readouterr() == ("", "alarm, 2 of 4 steps: the features have collapsed.\n")


def test_on_a_terminal_it_shows_title_and_words(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("rich._console", Console(file=screen, force_terminal=True, width=120))
    with ProgressBar("training") as bar:
        bar(1, 4, "loss 0.5")
        bar._progress.refresh()
    assert "training" in screen.getvalue() and "loss 0.5" in screen.getvalue()


def test_it_ends_with_the_job_and_lets_its_error_through():
    with pytest.raises(ZeroDivisionError), ProgressBar("training") as bar:
        raise ZeroDivisionError
    assert bar._progress.finished or not bar._progress.live.is_started
