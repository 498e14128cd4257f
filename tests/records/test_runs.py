"""The schemas of a run's own files hold for what is written, and for nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sslkit.records import EncoderCard, Record, Result, RunFacts, SamplesCard, read_record

FILES: dict[str, type[Record]] = {
    "tiny/simclr-seed0/run.json": RunFacts,
    "tiny/simclr-seed0/result.json": Result,
    "tiny/random-seed0/result.json": Result,
    "tiny/spec.json": SamplesCard,
    "tiny/simclr-seed0/encoder.json": EncoderCard,
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_today(name: str, compared: Path) -> None:
    assert read_record(compared / name, FILES[name])["format"] == FILES[name].written


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("tiny/simclr-seed0/run.json", {"config": {}}),
        ("tiny/simclr-seed0/run.json", {"config": {"data": {"name": 1}}}),
        ("tiny/simclr-seed0/run.json", {"objective": "byol"}),
        ("tiny/simclr-seed0/run.json", {"seed": 1.5}),
        ("tiny/simclr-seed0/result.json", {"rows": {}}),
        ("tiny/simclr-seed0/result.json", {"rows": [{"evaluator": "knn"}]}),
        ("tiny/simclr-seed0/result.json", {"cost": {"seconds": "long"}}),
        ("tiny/simclr-seed0/result.json", {"alarms": "none"}),
        ("tiny/spec.json", {"shape": [3, -33]}),
        ("tiny/spec.json", {"rate_hz": float("inf")}),
        ("tiny/spec.json", {"class_names": [[]]}),
        ("tiny/simclr-seed0/encoder.json", {"sample": {}}),
        ("tiny/simclr-seed0/encoder.json", {"out_dim": -1}),
        ("tiny/simclr-seed0/encoder.json", {"backbone": 3}),
    ],
)
def test_edits_are_found(name: str, change: dict[str, Any], compared: Path) -> None:
    content = json.loads((compared / name).read_text(encoding="utf-8"))
    with pytest.raises(ValidationError):
        FILES[name].model_validate({**content, **change})
