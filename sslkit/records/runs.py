"""The schemas of ``run.json``, ``result.json``, ``spec.json`` and ``encoder.json``."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import ConfigDict, Field

from sslkit.records.fields import Component, Count, Facts, LabelBudget, Positive, Real, Record, Seed, Shape


class DataChoice(Facts):
    """The data source."""

    name: str


class ChosenData(Facts):
    """Of a config, what is not left to its own parser."""

    data: DataChoice


class RunFacts(Record):
    """What a run says of itself."""

    what: ClassVar[str] = "a run's description (the folder of one run, e.g. runs/NAME/DATA/byol-seed0)"
    written: ClassVar[str] = "sslkit run 1"

    config: ChosenData
    objective: dict[str, Any]
    seed: Seed
    identity: str | None = None
    warnings: list[str] = Field([])


class Row(Facts):
    """A figure. NaN and infinity are figures too: they are said and left out by the report."""

    model_config = ConfigDict(strict=True, extra="forbid")

    evaluator: str
    labels_per_class: LabelBudget
    draw: Count
    metric: str
    value: float


class Result(Record):
    """Of a run that is done."""

    what: ClassVar[str] = "the result of a run"
    written: ClassVar[str] = "sslkit result 1"

    data: str
    objective: str
    seed: Seed
    rows: list[Row]
    cost: dict[str, Real | None] = Field({})
    alarms: list[str] = Field([])


class SamplesCard(Record):
    """What the samples of a member are."""

    what: ClassVar[str] = "a description of samples"
    written: ClassVar[str] = "sslkit samples 1"

    modality: str = ""
    shape: Shape
    rate_hz: Positive | None = None
    channels: list[str] = Field([])
    class_names: list[str] = Field([])


class SampleFacts(Facts):
    """What an encoder takes."""

    modality: str
    shape: Shape
    rate_hz: Positive | None
    channels: list[str]
    scale: Positive
    missing: bool


class EncoderCard(Record):
    """Of an encoder, beside its weights."""

    what: ClassVar[str] = "an encoder's card (the folder of a run, with encoder.json)"
    written: ClassVar[str] = "sslkit encoder 1"

    format: str
    sample: SampleFacts
    frontend: Component
    backbone: Component
    out_dim: Count
    weights_sha256: str | None = None
    reading: dict[str, Any] | None = None
