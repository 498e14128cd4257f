"""What an experiment is: frozen and typed, every section with sensible defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sslkit.types import ComponentSpec, Count, LabelBudget, Positive, Precision


class Section(BaseModel):
    """Frozen, and strict about names. The text under a setting is its description, here and in the JSON schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Budget(Section):
    """How long each method trains: epochs or steps, one of the two; 50 epochs where neither is given."""

    epochs: Annotated[float, Field(gt=0, le=1e9)] | None = None
    """Passes over the training part."""
    steps: Count | None = None
    """Optimiser steps."""


class SplitSettings(Section):
    """Parts that are cut where the data source brings none; by group where groups exist, stratified otherwise."""

    validation: Annotated[float, Field(gt=0, lt=1)] = 0.15
    """Share of the samples outside the test part that choose settings and train nothing."""
    test: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Share of all samples that is only judged on; without effect where the data bring a test part."""
    most: Annotated[int, Field(ge=4)] | None = None
    """Samples of training and validation together, drawn by chance (none: all); the test part stays whole."""
    seed: int = 0
    """Of the cut; the same for all seeds of the methods."""


class Training(Section):
    """How the trainer runs."""

    batch_size: Annotated[int, Field(ge=2)] = 256
    """Samples of one optimiser step."""
    accumulate: Count = 1
    """Equal pieces in which a batch is computed, each with negatives and batch statistics of its own."""
    clip_norm: Positive | None = None
    """Largest norm of the gradient; none: not clipped."""
    precision: Precision = "fp32"
    """Of the forward pass; bf16 has float32's range and needs no scaling of the loss."""
    channels_last: bool = True
    """Images and spectrograms lie in memory with their channels last, which is faster."""
    device: str = "auto"
    """``auto`` takes a GPU where there is one; else a name that PyTorch knows, e.g. cpu or cuda:1."""
    threads: Annotated[int, Field(ge=1, le=4096)] | None = None
    """CPU threads of each worker; none: the machine's cores shared among the workers."""
    keep_freed_memory: bool = True
    """On Linux freed memory stays with the process: faster on a CPU, at the cost of a larger process."""
    checkpoint_seconds: Annotated[float, Field(ge=0)] = 30.0
    """Seconds between two checkpoints; 0 writes one after every step."""
    log_every: Count = 10
    """Optimiser steps between two lines of ``metrics.jsonl``."""
    monitor_every: Count | None = None
    """Optimiser steps between two looks at the features (learning curve, collapse); none: a tenth of the budget."""
    tensorboard: bool = False
    """Also write TensorBoard events (extra ``tensorboard``)."""


class Evaluation(Section):
    """Label budgets, and how often each is drawn."""

    labels_per_class: tuple[LabelBudget, ...] = (5, 10, 50, "all")
    """Numbers of labels per class, shares of each class's labels (``10%``; at least one label), ``all``."""
    draws: Count = 3
    """How often labels are drawn for each budget but ``all``."""
    draw_by: Literal["sample", "group"] = "sample"
    """``sample``: from all of a class's labels. ``group``: from one group (person, machine) after another, as someone
    would label them, so that few labels come from few groups."""
    primary_metric: Literal["accuracy", "balanced_accuracy"] = "accuracy"
    """The figure of table, verdict and choice on validation."""


class Guards(Section):
    """What becomes of a leak between the parts."""

    leaks: Literal["stop", "warn"] = "stop"
    """One group, or overlapping windows, on both sides of a split stop the run, or are said in its report."""
    copies: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Share of the test part that may be (nearly) equal to training samples: a leak above, a warning below."""


SECTIONS: dict[str, type[Section]] = {
    "budget": Budget,
    "splits": SplitSettings,
    "training": Training,
    "evaluation": Evaluation,
    "guards": Guards,
}
COMPONENTS = {  # field → kind, and the default (None: the modality's own)
    "data": ("data", ...),
    "frontend": ("frontend", None),
    "backbone": ("backbone", None),
    "optimizer": ("optimizer", "adamw"),
    "schedule": ("schedule", "warmup-cosine"),
}
COMPONENT_LISTS = {
    "objectives": ("objective", ["byol", "simclr"]),
    "evaluators": ("evaluator", ["linear", "knn"]),
    "baselines": ("baseline", ["random", "handcrafted", "supervised"]),
}
OVERRIDABLE = ("optimizer", "schedule")
STUDY = ("name", "workers", "suite", "extends")  # keys of a whole file, not of a suite's member
LONGEST_NAME = 200  # bytes; file systems take 255 with what is added
TOP_LEVEL = ("name", "seeds", *COMPONENTS, "views", *COMPONENT_LISTS, "overrides", *SECTIONS, "tuning")


@dataclass(frozen=True)
class ViewsConfig:
    """A recipe, or pipelines of augmentations: one shared by all views or one a view. Both None: the modality's recipe.

    Attributes:
        strength: of pipelines; a recipe has a setting of that name.
        changes: settings for the modality's recipe (``strength``, ``change``, ``add``).
    """

    recipe: ComponentSpec | None = None
    pipelines: tuple[tuple[ComponentSpec, ...], ...] | None = None
    strength: float = 1.0
    changes: Mapping[str, Any] | None = None

    def to_plain(self) -> dict[str, Any] | None:
        if self.recipe is not None:
            return self.recipe.to_plain()
        if self.pipelines is None:
            return dict(self.changes) if self.changes else None
        plain = [[spec.to_plain() for spec in pipeline] for pipeline in self.pipelines]
        keys = ["all_views"] if len(plain) == 1 else [f"view_{i + 1}" for i in range(len(plain))]
        return {"strength": self.strength, **dict(zip(keys, plain, strict=True))}


@dataclass(frozen=True)
class Tuning:
    """How the methods' own settings are chosen before the comparison.

    Args:
        trials: of each method, the first with the config's own settings.
        seed: of the sampler, and what the trials' own seed is derived from.
        ranges: method → path of a setting → a list of values, or ``{low, high, log}``.
    """

    trials: int
    seed: int
    ranges: Mapping[str, Mapping[str, Any]]

    def to_plain(self) -> dict[str, Any]:
        return {
            "trials": self.trials,
            "seed": self.seed,
            "ranges": {method: dict(settings) for method, settings in self.ranges.items()},
        }


@dataclass(frozen=True)
class Variant:
    """What makes a member of a study one of several variants of a config.

    Args:
        of: the member's name before it was varied.
        kind: ``grid`` or ``ablation``.
        values: what was varied, and this variant's value of it: paths of settings (grid), or ``change`` (``all``,
            ``without``, ``only``) and ``augmentation`` (ablation).
    """

    of: str
    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    """Everything that one comparison on one data set says. Frozen; ``None`` means the modality's default."""

    name: str
    data: ComponentSpec
    views: ViewsConfig
    frontend: ComponentSpec | None
    backbone: ComponentSpec | None
    objectives: tuple[ComponentSpec, ...]
    optimizer: ComponentSpec
    schedule: ComponentSpec
    overrides: Mapping[str, Mapping[str, ComponentSpec]]
    budget: Budget
    splits: SplitSettings
    training: Training
    evaluation: Evaluation
    guards: Guards
    evaluators: tuple[ComponentSpec, ...]
    baselines: tuple[ComponentSpec, ...]
    seeds: tuple[int, ...]
    tuning: Tuning | None = None
    variant: Variant | None = None  # no part of the config: it says nothing that the other fields do not
    tuned: Mapping[str, Any] | None = None  # no part of it either: what came of tuning, where that is known

    @property
    def labels(self) -> tuple[str, ...]:
        """The objectives' labels, in order."""
        return tuple(label_of(spec) for spec in self.objectives)

    def component_for(self, label: str, field: str) -> ComponentSpec:
        """The optimiser or schedule of one objective: its override, or the common one."""
        return self.overrides.get(label, {}).get(field) or getattr(self, field)

    def to_plain(self) -> dict[str, Any]:
        """What a YAML file would say, defaults included."""
        plain: dict[str, Any] = {"name": self.name, "seeds": list(self.seeds), "views": self.views.to_plain()}
        for field in COMPONENTS:
            spec = getattr(self, field)
            plain[field] = spec.to_plain() if spec else None
        for field in COMPONENT_LISTS:
            plain[field] = [spec.to_plain() for spec in getattr(self, field)]
        plain["overrides"] = {
            label: {field: spec.to_plain() for field, spec in fields.items()}
            for label, fields in self.overrides.items()
        }
        for field in SECTIONS:
            plain[field] = getattr(self, field).model_dump(mode="json")
        plain["tuning"] = self.tuning.to_plain() if self.tuning else None
        return plain


@dataclass(frozen=True)
class Study:
    """One config file: a single experiment, or a suite of several under one name."""

    name: str
    experiments: tuple[Experiment, ...]
    workers: int | None = None

    @property
    def threads(self) -> int | None:
        """Of each worker: the most that a member asks for; None where none does."""
        given = [e.training.threads for e in self.experiments if e.training.threads is not None]
        return max(given, default=None)


def label_of(spec: ComponentSpec) -> str:
    """The name under which an objective stands in results: its ``label``, or its own name."""
    return str(spec.settings.get("label") or spec.name)
