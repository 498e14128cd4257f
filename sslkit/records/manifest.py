"""The schema of ``manifest.json``."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from sslkit.records.fields import Component, Count, Facts, FolderName, LabelBudget, Real, Record, Scalar, Seed


class PluginFacts(Facts):
    """A plugin that was used."""

    name: str
    version: str
    source: str
    sha256: str | None = None


class Machine(Facts):
    """Where the comparison ran."""

    workers: int | None = Field(None, ge=1, le=4096)
    threads: int | None = Field(None, ge=1, le=4096)


class DataFacts(Facts):
    """The data set of a member."""

    name: str
    fingerprint: str
    facts: dict[str, Scalar] = Field({})
    notes: list[str | dict[str, Any]] = Field([])


class SplitSizes(Facts):
    """Samples of the parts."""

    train: Count
    validation: Count
    test: Count
    by: str
    hash: str = ""


class Composition(Facts):
    """Of one part."""

    classes: list[Count] = Field([])
    unlabelled: Count = 0
    groups: Count | None = None


class BudgetFacts(Facts):
    """Of each objective."""

    steps: Count
    epochs: Real
    batch_size: Count


class VariantFacts(Facts):
    """What makes the member a point of a grid, or of an ablation."""

    model_config = ConfigDict(strict=True, extra="forbid")

    of: str
    kind: Literal["grid", "ablation"]
    values: dict[str, Any]

    @model_validator(mode="after")
    def _has_a_change(self) -> VariantFacts:
        if self.kind == "ablation" and not all(
            isinstance(self.values.get(key), str) for key in ("change", "augmentation")
        ):
            raise ValueError("values of an ablation need change and augmentation, as text")
        return self


Example = Annotated[list[str | int], Field(min_length=4, max_length=4)]  # part, row, other part, its row


class GuardFinding(Facts):
    """Of a leak."""

    text: str
    examples: list[Example] = Field([])


class GuardFacts(Facts):
    """The leaks that were looked for."""

    checked: list[str] = Field([])
    findings: list[GuardFinding] = Field([])


class TuningRange(Facts):
    """From, to."""

    low: Real
    high: Real
    log: bool = False


class Trial(Facts):
    """Of tuning."""

    error: str


class TunedMethod(Facts):
    """What tuning chose for one method."""

    ranges: dict[str, TuningRange | list[Scalar]]
    own: dict[str, Any]
    chosen: dict[str, Any]
    own_figure: Real | None
    figure: Real
    seconds: Real
    tried: list[Trial]


class TuningFacts(Facts):
    """Of a member."""

    trials: Count
    trial_seed: Seed
    labels_per_class: LabelBudget
    metric: str
    methods: dict[str, TunedMethod]
    not_tuned: list[str] = Field([])


class MemberFacts(Facts):
    """A data set of the comparison, or a variant of one."""

    data: DataFacts
    variant: VariantFacts | None = None
    splits: SplitSizes | None = None
    composition: dict[str, Composition] = Field({})
    classes: list[str] = Field([])
    groups: dict[str, str] = Field({})
    budget: BudgetFacts | None = None
    primary_metric: str = "accuracy"
    draw_by: str | None = None
    network_evaluators: list[str] = Field([])
    baseline_objective: str | None = None
    warnings: list[str] = Field([])
    guards: GuardFacts | None = None
    tuning: TuningFacts | None = None
    shared: dict[str, FolderName] = Field({})


class ConfigFacts(Facts):
    """Of a member's config, what the report shows; the rest is left to the config's own parser."""

    objectives: list[dict[str, Any]] = Field([])
    baselines: list[Component] = Field([])
    backbone: dict[str, Any] | None = None
    frontend: Component | None = None


class Manifest(Record):
    """Of a comparison."""

    what: ClassVar[str] = "a manifest of sslkit (the folder of a comparison, e.g. runs/quickstart)"
    written: ClassVar[str] = "sslkit manifest 1"

    config: dict[FolderName, ConfigFacts]
    members: dict[FolderName, MemberFacts]
    name: str = ""
    versions: dict[str, str] = Field({})
    plugins: list[PluginFacts] = Field([])
    machine: Machine | None = None
    commit: str | None = None
    started: str | None = None
    finished: str | None = None
    seconds: Real = 0.0
    seeds: dict[str, list[Seed]] | list[Seed] = Field({})
