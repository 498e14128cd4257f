"""One member's section: facts in words, and what a variant leaves out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.plugins import load_registry
from sslkit.report.members import Member, RunRecord
from sslkit.report.read import read_comparison
from sslkit.report.section import alarm_words, member_anchor, member_section
from sslkit.types import SampleSpec
from tests.report.fake_member import fake_member

REGISTRY = load_registry(())[0]


def section(member: Member, number: int = 1, of_all: int = 1) -> dict[str, Any]:
    return member_section(member, number, of_all, method_styles(member.methods), REGISTRY, SvgWriter())


def test_equal_alarms_of_several_seeds_are_said_once() -> None:
    runs = [
        RunRecord("simclr", 2, alarms=("low rank",)),
        RunRecord("byol", 1, alarms=("low rank", "slow")),
        RunRecord("byol", 0, alarms=("low rank",)),
    ]
    assert alarm_words(fake_member({}, runs=runs)) == [
        "byol, seeds 0, 1: low rank", "byol, seed 1: slow", "simclr, seed 2: low rank",
    ]  # fmt: skip


def test_an_anchor_is_a_valid_id() -> None:
    assert member_anchor(fake_member({}, name="A <b> c!"), 3) == "data-3-a-b-c"


def test_a_data_set_with_everything(one_data_set: Path) -> None:
    (member,) = read_comparison(one_data_set).members
    found = section(member)
    assert found["facts"] == [
        "images of 28 × 28 pixels, 3 channels",
        "10 classes",
        "4,000 / 500 / 1,500 train / validation / test, split by class",
        "640 steps of 256 (40 epochs) for every objective",
    ]
    assert found["kicker"] == "" and section(member, 2, 3)["kicker"] == "Data set 2 of 3"
    assert ("data source", "fashion") in found["manifest"] and ("split's hash", "9b2d") in found["manifest"]
    assert [chart.title for chart in found["maps"]] == ["byol", "simclr"] and found["map_seed"] == 0
    assert len(found["class_legend"]) == 10 and len(found["legend"]) == 5
    assert len(found["views"].rows) == 4
    assert found["notes"] == ["10,000 of the 60,000 pictures; MIT licence."]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (SampleSpec("image", (1, 8, 9)), "images of 8 × 9 pixels, 1 channel"),
        (SampleSpec("sensor", (6, 128), rate_hz=50.0), "sensor: 6 channels × 128 values (2.56 s at 50 Hz)"),
        (SampleSpec("audio", (8000,), rate_hz=16000.0), "audio: 8,000 values (0.5 s at 16,000 Hz)"),
        (SampleSpec("sensor", (3, 33)), "sensor: 3 channels × 33 values"),
    ],
)
def test_shapes_in_words(spec: SampleSpec, words: str) -> None:
    assert section(replace(fake_member({"byol": [0.5]}), spec=spec))["facts"] == [words]


def test_variants_show_once_what_is_the_same_in_all(one_data_set: Path) -> None:
    (member,) = read_comparison(one_data_set).members

    def variant(path: str) -> Member:
        facts = {**member.facts, "variant": {"of": "clothes", "kind": "grid", "values": {path: 1}}}
        return replace(member, facts=facts)

    same = section(variant("optimizer.learning_rate"), 2, 2)
    assert (same["views"].rows, same["views"].note) == ([], "As in the first variant.")
    assert same["variant"] and same["kicker"] == "Variant 2 of 2" and same["maps"] == []
    assert len(section(variant("optimizer.learning_rate"), 1, 2)["views"].rows) == 4
    assert len(section(variant("views.strength"), 2, 2)["views"].rows) == 4
