"""What the report says of tuning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sslkit.report.members import Member
from sslkit.report.tuning.section import tuned_section, tuning_sentences
from tests.report.fake_member import fake_member

FINE, FAILED = {"error": ""}, {"error": "out of memory"}
BYOL = {
    "ranges": {"tau": {"low": 0.9, "high": 0.999, "log": True}, "width": {"low": 8, "high": 64}},
    "own": {"tau": 0.99, "width": 16},
    "chosen": {"tau": 0.951234, "width": 32},
    "own_figure": 0.5,
    "figure": 0.6,
    "tried": [FINE, FAILED, FINE],
    "seconds": 300.0,
}
SIMCLR = {
    "ranges": {"temperature": [0.1, None]},
    "own": {"temperature": None},
    "chosen": None,
    "own_figure": None,
    "figure": 0.7,
    "tried": [FINE, FINE],
    "seconds": 30.0,
}


def tuned(methods: dict[str, Any], **more: Any) -> Member:
    record = {"trials": 3, "trial_seed": 99, "metric": "balanced_accuracy", "labels_per_class": "10"}
    return replace(fake_member({"byol": [0.5]}), facts={"tuning": {**record, "methods": methods, **more}})


def test_how_many_trials_which_not_and_which_failed() -> None:
    said, failed = tuning_sentences(
        tuned({"byol": BYOL, "simclr": SIMCLR}, not_tuned=["random", "supervised"])
    )
    assert said == (
        "byol and simclr: each method tuned with 3 trials on validation (every combination of values: simclr 2); not "
        "tuned: random, supervised."
    )
    assert failed == "Trials that failed and count as lost: byol 1."


def test_one_method_and_one_trial() -> None:
    (said,) = tuning_sentences(tuned({"byol": {**BYOL, "tried": [FINE]}}, trials=1))
    assert said == "byol: tuned with 1 trial on validation."


def test_ranges_choice_and_gain_on_validation() -> None:
    section = tuned_section(tuned({"byol": BYOL, "simclr": SIMCLR}))
    assert section is not None
    byol, simclr = section["rows"]
    assert byol == (
        "byol",
        "tau: 0.9 … 0.999, logarithmic; width: 8 … 64",
        "tau = 0.9512; width = 32",
        "50.0 → 60.0 %",
        "3",
        "5 min",
    )
    assert simclr[1:4] == (
        "temperature: 0.1, default",
        "temperature = default (the config's own)",
        "failed → 70.0 %",
    )
    assert len(section["titles"]) == 6
    assert (
        "under seed 99" in section["note"]
        and "balanced accuracy on validation labels (10 per class)" in section["note"]
    )


def test_without_tuning_nothing_is_said() -> None:
    member = fake_member({"byol": [0.5]})
    assert tuned_section(member) is None and tuning_sentences(member) == []
