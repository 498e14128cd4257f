"""YAML → frozen, typed experiments. Every problem of a config is found before any work and reported at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sslkit.errors import ConfigError, Problem, SSLKitError, did_you_mean
from sslkit.registry import Registry, check_plain
from sslkit.types import ComponentSpec, Count, Positive
from sslkit.yaml_files import parse_yaml, read_mapping

LabelBudget = Annotated[int, Field(ge=1)] | Literal["all"]


class Section(BaseModel):
    """Frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Budget(Section):
    """How long each method trains: epochs over the training part, or optimiser steps. One of the two."""

    epochs: Annotated[float, Field(gt=0, le=1e9)] | None = None
    steps: Count | None = None


class Splits(Section):
    """Parts that are cut where the data source brings none; by group where groups exist, stratified otherwise."""

    validation: Annotated[float, Field(gt=0, lt=1)] = 0.15
    test: Annotated[float, Field(gt=0, lt=1)] = 0.2
    seed: int = 0


class Training(Section):
    """How the trainer runs. ``batch_size`` samples make one optimiser step, in ``accumulate`` equal pieces."""

    batch_size: Annotated[int, Field(ge=2)] = 256
    accumulate: Count = 1
    clip_norm: Positive | None = None
    precision: Literal["fp32", "bf16"] = "fp32"
    channels_last: bool = True
    device: str = "auto"
    threads: Annotated[int, Field(ge=1, le=4096)] | None = None
    keep_freed_memory: bool = True
    checkpoint_seconds: Annotated[float, Field(ge=0)] = 30.0
    log_every: Count = 10
    monitor_every: Count | None = None
    tensorboard: bool = False


class Evaluation(Section):
    """What is measured on frozen features: label budgets, and how often each is drawn."""

    labels_per_class: tuple[LabelBudget, ...] = (5, 10, 50, "all")
    draws: Count = 3
    primary_metric: Literal["accuracy", "balanced_accuracy"] = "accuracy"


SECTIONS: dict[str, type[Section]] = {
    "budget": Budget,
    "splits": Splits,
    "training": Training,
    "evaluation": Evaluation,
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
PLAIN: dict[str, tuple[Any, Any]] = {"name": (str, None), "seeds": (tuple[int, ...], (0, 1, 2))}
OVERRIDABLE = ("optimizer", "schedule")
STUDY = ("name", "workers", "suite", "extends")  # keys of a whole file, not of a suite's member
LONGEST_NAME = 200  # bytes; file systems take 255 with what is added
TOP_LEVEL = (*PLAIN, *COMPONENTS, "views", *COMPONENT_LISTS, "overrides", *SECTIONS)


@dataclass(frozen=True)
class ViewsConfig:
    """A recipe, or pipelines of augmentations: one shared by all views or one a view. Both None: the modality's."""

    recipe: ComponentSpec | None = None
    pipelines: tuple[tuple[ComponentSpec, ...], ...] | None = None

    def to_plain(self) -> Any:
        if self.recipe is not None:
            return self.recipe.to_plain()
        if self.pipelines is None:
            return None
        plain = [[spec.to_plain() for spec in pipeline] for pipeline in self.pipelines]
        return (
            plain[0] if len(plain) == 1 else {f"view_{i + 1}": pipeline for i, pipeline in enumerate(plain)}
        )


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
    splits: Splits
    training: Training
    evaluation: Evaluation
    evaluators: tuple[ComponentSpec, ...]
    baselines: tuple[ComponentSpec, ...]
    seeds: tuple[int, ...]

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
        return plain


@dataclass(frozen=True)
class Study:
    """One config file: a single experiment, or a suite of several under one name."""

    name: str
    experiments: tuple[Experiment, ...]
    workers: int | None = None


def label_of(spec: ComponentSpec) -> str:
    """The name under which an objective stands in results: its ``label``, or its own name."""
    return str(spec.settings.get("label") or spec.name)


def load_study(path: str | Path, overrides: Sequence[str], registry: Registry) -> Study:
    """Read a config file, with overrides ``a.b=c``.

    Raises:
        ConfigError: everything that is wrong with it.
        SSLKitError: a file that is missing or no YAML.
    """
    path = Path(path)
    return parse_study(
        _read_extended(path, ()),
        overrides,
        registry,
        default_name=path.stem,
        source=str(path),
        folder=path.parent,
    )


def parse_study(
    content: Mapping[str, Any],
    overrides: Sequence[str],
    registry: Registry,
    default_name: str = "experiment",
    source: str = "config",
    folder: Path | None = None,
) -> Study:
    """A config's content as plain values → a study; see ``load_study``."""
    problems: list[Problem] = []
    whole = {"": dict(content)}
    for text in filter(_is_of_study, overrides):
        _override(whole, text, problems)
    content = whole[""]
    shared = {key: value for key, value in content.items() if key not in STUDY}
    name = check_plain(TypeAdapter(str), content.get("name", default_name), "name", problems) or default_name
    _check_folder_name(name, "name", problems)
    workers = check_plain(TypeAdapter(Count | None), content.get("workers"), "workers", problems)
    members = _members(
        content, shared, default_name if "suite" not in content else name, folder or Path(), problems
    )
    for text in overrides:
        if not _is_of_study(text):
            _override(members, text, problems)
    experiments = [
        _experiment(member, plain, registry, f"suite.{member}." if "suite" in content else "", problems)
        for member, plain in members.items()
    ]
    if problems:
        raise ConfigError(_unique(problems), source)
    return Study(name, tuple(e for e in experiments if e is not None), workers)


def _unique(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _members(
    content: Mapping[str, Any], shared: dict[str, Any], name: str, folder: Path, problems: list[Problem]
) -> dict[str, dict[str, Any]]:
    if "suite" not in content:
        data = shared.get("data")
        data_name = data.get("name") if isinstance(data, Mapping) else data
        return {data_name if isinstance(data_name, str) else name: dict(shared)}
    suite = content["suite"]
    if not isinstance(suite, Mapping) or not suite:
        problems.append(Problem("suite", f"expected a mapping of names to configs, found {suite!r:.80}"))
        return {}
    members = {}
    for member, plain in suite.items():
        if isinstance(plain, str):
            read = _read_extended(folder / plain, ())
            plain = {key: value for key, value in read.items() if key not in ("name", "workers")}
        if not isinstance(plain, Mapping):
            problems.append(
                Problem(f"suite.{member}", f"expected a config or the path of one, found {plain!r:.80}")
            )
            continue
        _check_folder_name(member, "suite", problems)
        members[str(member)] = merge(shared, plain)
    return members


def _check_folder_name(name: object, path: str, problems: list[Problem]) -> None:
    """Results lie in folders named after the study, its members, and its methods and seeds."""
    if (
        not isinstance(name, str)
        or not name.strip()
        or not name.isprintable()
        or "/" in name
        or name in (".", "..")
        or len(name.encode()) > LONGEST_NAME
    ):
        problems.append(Problem(path, f"{str(name)[:80]!r} cannot be a folder's name", "Choose another."))


def _read_extended(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """A config merged over the one that it extends."""
    content = read_mapping(path)
    base = content.pop("extends", None)
    if base is None:
        return content
    if not isinstance(base, str):
        raise SSLKitError(f"{path}: 'extends' takes the path of one config file, found {base!r:.80}.")
    base_path = (path.parent / base).resolve()
    if base_path in (*seen, path.resolve()):
        raise SSLKitError(f"{path}: it extends itself by way of {base}.")
    return merge(_read_extended(base_path, (*seen, path.resolve())), content)


def merge(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``change`` over ``base``, deep; a component of another name replaces, one of the same name is changed."""
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        if isinstance(value, Mapping) and isinstance(old, str) and value.get("name") == old:
            old = {"name": old}
        both = isinstance(value, Mapping) and isinstance(old, Mapping)
        renamed = both and "name" in value and value["name"] != old.get("name", value["name"])  # type: ignore[union-attr]
        merged[key] = merge(old, value) if both and not renamed else value  # type: ignore[arg-type]
    return merged


def _is_of_study(override: str) -> bool:
    return override.partition("=")[0] in ("name", "workers")


def _override(members: dict[str, dict[str, Any]], text: str, problems: list[Problem]) -> None:
    path, equals, value_text = text.partition("=")
    keys = path.split(".")
    if not equals or not all(keys):
        problems.append(Problem(text, "an override is written a.b=c"))
        return
    try:
        value = parse_yaml(value_text, f"override {path}")
    except SSLKitError as error:
        problems.append(Problem(path, str(error).rstrip(".")))
        return
    if keys[0] == "suite" and len(keys) > 2:
        if keys[1] not in members:
            problems.append(Problem(path, f"there is no member '{keys[1]}'", did_you_mean(keys[1], members)))
            return
        targets, keys = [keys[1]], keys[2:]
    else:
        targets = list(members)
    for member in targets:
        members[member] = _with(members[member], keys, value, path, problems)


def _with(plain: Any, keys: list[str], value: Any, path: str, problems: list[Problem]) -> Any:
    """A copy in which ``keys`` leads to ``value``; numbers index lists, and a bare component name grows settings."""
    if not keys:
        return value
    if isinstance(plain, list):
        if not keys[0].isdigit() or int(keys[0]) >= len(plain):
            problems.append(Problem(path, f"'{keys[0]}' is not an index of a list of {len(plain)}"))
            return plain
        index = int(keys[0])
        return [*plain[:index], _with(plain[index], keys[1:], value, path, problems), *plain[index + 1 :]]
    if isinstance(plain, str):
        plain = {"name": plain}
    if plain is not None and not isinstance(plain, Mapping):
        problems.append(
            Problem(path, f"'{keys[0]}' would be set inside {plain!r:.80}, which has no settings")
        )
        return plain
    inner = dict(plain or {})
    inner[keys[0]] = _with(inner.get(keys[0]), keys[1:], value, path, problems)
    return inner


def _experiment(
    name: str, plain: Mapping[str, Any], registry: Registry, prefix: str, problems: list[Problem]
) -> Experiment | None:
    before = len(problems)
    for key in plain:
        if key in STUDY and key != "name":
            problems.append(Problem(f"{prefix}{key}", "belongs to the whole file", "Put it at the top."))
        elif key not in TOP_LEVEL:
            advice = did_you_mean(key, {*TOP_LEVEL, *STUDY})
            problems.append(Problem(f"{prefix}{key}", "there is no such key", advice))
    parts: dict[str, Any] = {"name": name}
    for field, (kind, default) in COMPONENTS.items():
        value = plain.get(field)
        if value is None and default is ...:
            problems.append(
                Problem(f"{prefix}{field}", "is needed", f"Known: {', '.join(registry.names(kind))}.")
            )
            continue
        value = default if value is None else value
        if isinstance(value, Mapping) and "name" not in value and isinstance(default, str):
            value = {"name": default, **value}
        parts[field] = None if value is None else registry.check(kind, value, f"{prefix}{field}", problems)
    for field, (kind, default_list) in COMPONENT_LISTS.items():
        value = default_list if plain.get(field) is None else plain[field]
        parts[field] = _component_list(kind, value, f"{prefix}{field}", registry, problems)
    for field, section in SECTIONS.items():
        parts[field] = _section(section, plain.get(field), f"{prefix}{field}", problems)
    parts["views"] = _views(plain.get("views"), f"{prefix}views", registry, problems)
    parts["seeds"] = check_plain(
        TypeAdapter(tuple[int, ...]), plain.get("seeds", (0, 1, 2)), f"{prefix}seeds", problems
    )
    parts["overrides"] = _objective_overrides(
        plain.get("overrides"), f"{prefix}overrides", registry, problems
    )
    if len(problems) > before:
        return None
    experiment = Experiment(**parts)
    problems.extend(_consistency(experiment, prefix))
    return _with_default_budget(experiment)


def _with_default_budget(experiment: Experiment) -> Experiment:
    if experiment.budget.epochs is None and experiment.budget.steps is None:
        return Experiment(**{**vars(experiment), "budget": Budget(epochs=50)})
    return experiment


def _component_list(
    kind: str, value: Any, path: str, registry: Registry, problems: list[Problem]
) -> tuple[ComponentSpec, ...] | None:
    if not isinstance(value, list | tuple):
        problems.append(Problem(path, f"expected a list of {kind} components, found {value!r:.80}"))
        return None
    specs = [registry.check(kind, item, f"{path}[{i}]", problems) for i, item in enumerate(value)]
    return tuple(spec for spec in specs if spec is not None)


def _section(section: type[Section], value: Any, path: str, problems: list[Problem]) -> Any:
    if value is None:
        return section()
    if not isinstance(value, Mapping):
        problems.append(
            Problem(path, f"expected settings ({', '.join(section.model_fields)}), found {value!r:.80}")
        )
        return None
    known = {}
    for key, item in value.items():
        if key in section.model_fields:
            known[key] = item
        else:
            problems.append(
                Problem(f"{path}.{key}", "there is no such setting", did_you_mean(key, section.model_fields))
            )
    return check_plain(TypeAdapter(section), known, path, problems)


def _views(value: Any, path: str, registry: Registry, problems: list[Problem]) -> ViewsConfig | None:
    if value is None:
        return ViewsConfig()
    if isinstance(value, str) or (isinstance(value, Mapping) and "name" in value):
        return ViewsConfig(recipe=registry.check("recipe", value, path, problems))
    if isinstance(value, list):
        pipelines = {path: value}
    elif isinstance(value, Mapping) and value and all(str(key).startswith("view_") for key in value):
        pipelines = {f"{path}.{key}": value[key] for key in sorted(value, key=str)}
    else:
        reason = (
            "expected a recipe's name, a list of augmentations, or one list a view (view_1: […], view_2: […])"
        )
        problems.append(
            Problem(
                path, f"{reason}, found {value!r:.80}", f"Recipes: {', '.join(registry.names('recipe'))}."
            )
        )
        return None
    checked = [
        _component_list("augmentation", item, where, registry, problems) for where, item in pipelines.items()
    ]
    return ViewsConfig(pipelines=tuple(pipeline for pipeline in checked if pipeline is not None))


def _objective_overrides(
    value: Any, path: str, registry: Registry, problems: list[Problem]
) -> dict[str, dict[str, ComponentSpec]]:
    checked: dict[str, dict[str, ComponentSpec]] = {}
    if value is None:
        return checked
    if not isinstance(value, Mapping) or not all(isinstance(fields, Mapping) for fields in value.values()):
        problems.append(Problem(path, "expected objective labels with an optimizer or schedule each"))
        return checked
    for label, fields in value.items():
        checked[label] = {}
        for field, spec in fields.items():
            if field not in OVERRIDABLE:
                problems.append(
                    Problem(
                        f"{path}.{label}.{field}",
                        "cannot differ between objectives",
                        did_you_mean(field, OVERRIDABLE),
                    )
                )
            elif (
                found := registry.check(COMPONENTS[field][0], spec, f"{path}.{label}.{field}", problems)
            ) is not None:
                checked[label][field] = found
    return checked


def _consistency(experiment: Experiment, prefix: str) -> list[Problem]:
    problems = []
    if experiment.budget.epochs is not None and experiment.budget.steps is not None:
        problems.append(
            Problem(f"{prefix}budget", "gives both epochs and steps", "Keep one, e.g. budget={steps: 500}.")
        )
    names = [*experiment.labels, *(spec.name for spec in experiment.baselines)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.append(
            Problem(
                f"{prefix}objectives",
                f"two methods are called '{name}'",
                "Give one of them a label: {name: …, label: …}.",
            )
        )
    for label in experiment.labels:
        _check_folder_name(label, f"{prefix}objectives", problems)
    for label in experiment.overrides:
        if label not in experiment.labels:
            problems.append(
                Problem(
                    f"{prefix}overrides.{label}",
                    "there is no such objective",
                    did_you_mean(label, experiment.labels),
                )
            )
    for field in ("seeds", "objectives"):
        values = getattr(experiment, field)
        if not values:
            problems.append(Problem(f"{prefix}{field}", "is empty", "Give at least one."))
    if len(set(experiment.seeds)) != len(experiment.seeds):
        problems.append(Problem(f"{prefix}seeds", "names one seed twice"))
    if any(not 0 <= seed < 2**31 for seed in experiment.seeds):
        problems.append(Problem(f"{prefix}seeds", "a seed is a whole number from 0 to 2147483647"))
    budgets = experiment.evaluation.labels_per_class
    if not budgets:
        problems.append(
            Problem(f"{prefix}evaluation.labels_per_class", "is empty", "Give label budgets, e.g. [10, all].")
        )
    if len(set(budgets)) != len(budgets):
        problems.append(Problem(f"{prefix}evaluation.labels_per_class", "names one budget twice"))
    evaluators = [spec.name for spec in experiment.evaluators]
    if len(set(evaluators)) != len(evaluators):
        problems.append(Problem(f"{prefix}evaluators", "names one evaluator twice"))
    if experiment.training.batch_size % experiment.training.accumulate:
        problems.append(Problem(f"{prefix}training.accumulate", "does not divide training.batch_size"))
    elif experiment.training.batch_size // experiment.training.accumulate < 2:
        problems.append(
            Problem(
                f"{prefix}training.accumulate", "leaves pieces of one sample, which have no batch statistics"
            )
        )
    return problems
