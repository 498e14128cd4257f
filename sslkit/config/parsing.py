"""Plain mappings → checked experiments; every problem is found before any work and reported at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from sslkit.config.carried import find_config
from sslkit.config.consistency import inconsistencies
from sslkit.config.experiment import (
    COMPONENT_LISTS,
    COMPONENTS,
    OVERRIDABLE,
    SECTIONS,
    STUDY,
    TOP_LEVEL,
    Budget,
    Experiment,
    Section,
    Study,
    Variant,
    ViewsConfig,
)
from sslkit.config.folder_names import check_folder_name, check_portable
from sslkit.config.grid import GRID, GridPoint, expand, refuse_overrides_of_varied
from sslkit.config.merging import is_of_study, members_of, override, read_extended
from sslkit.config.tuning import check_ranges, parse_tuning, with_values
from sslkit.errors import ConfigError, Problem, did_you_mean
from sslkit.registry import Registry, check_plain
from sslkit.types import ComponentSpec, Count, NonNegative, Recipe

SomeSection = TypeVar("SomeSection", bound=Section)


def load_study(path: str | Path, overrides: Sequence[str], registry: Registry) -> Study:
    """Read a config file, or one that sslkit carries (``quickstart``), with overrides ``a.b=c``.

    Raises:
        ConfigError: everything that is wrong with it.
        SSLKitError: a file that is missing or no YAML.
    """
    path = find_config(path)
    return parse_study(
        read_extended(path, ()),
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
    recorded: bool = False,
) -> Study:
    """A config's content as plain values → a study; see ``load_study``.

    ``recorded``: it is of a folder of results, and may hold names that a new study may not.
    """
    problems: list[Problem] = []
    whole = {"": dict(content)}
    for text in filter(is_of_study, overrides):
        override(whole, text, problems)
    content = whole[""]
    shared = {key: value for key, value in content.items() if key not in STUDY}
    name = check_plain(TypeAdapter(str), content.get("name", default_name), "name", problems) or default_name
    check_folder_name(name, "name", problems)
    workers = check_plain(TypeAdapter(Count | None), content.get("workers"), "workers", problems)
    members = members_of(
        content, shared, default_name if "suite" not in content else name, folder or Path(), problems
    )
    for text in overrides:
        if not is_of_study(text):
            override(members, text, problems)
    refuse_overrides_of_varied(members, overrides, problems)
    experiments: list[Experiment | None] = []
    for member, points in expand(members, "suite" in content, problems).items():
        prefix = f"suite.{member}." if "suite" in content else ""
        experiments += _experiments(points, registry, prefix, problems)
    if not recorded:
        check_portable(name, [e for e in experiments if e is not None], problems)
    if problems:
        raise ConfigError(_unique(problems), source)
    return Study(name, tuple(e for e in experiments if e is not None), workers)


def _experiments(
    points: Sequence[GridPoint], registry: Registry, prefix: str, problems: list[Problem]
) -> list[Experiment | None]:
    """A member's points; a problem of some of them says of which."""
    found, own = [], []
    for point in points:
        own.append(list(point.problems))
        found.append(_experiment(point.name, point.plain, registry, prefix, own[-1], point.variant))
    seen: set[Problem] = set()
    for point, some in zip(points, own, strict=True):
        for problem in some:
            if problem in seen:
                continue
            seen.add(problem)
            varied = point.variant.values if point.variant else ()
            said = any(problem.path.startswith(f"{prefix}{key}") for key in varied)
            where = "" if said or all(problem in others for others in own) else f" (in {point.name})"
            problems.append(Problem(problem.path, f"{problem.reason}{where}", problem.advice))
    return found


def _unique(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _experiment(
    name: str,
    plain: Mapping[str, Any],
    registry: Registry,
    prefix: str,
    problems: list[Problem],
    variant: Variant | None = None,
) -> Experiment | None:
    before = len(problems)
    for key in plain:
        if key in STUDY and key != "name":
            problems.append(Problem(f"{prefix}{key}", "belongs to the whole file", "Put it at the top."))
        elif key not in TOP_LEVEL:
            advice = did_you_mean(key, {*TOP_LEVEL, *STUDY, GRID})
            problems.append(Problem(f"{prefix}{key}", "there is no such key", advice))
    parts: dict[str, Any] = {"name": name, "variant": variant}
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
    parts["tuning"] = parse_tuning(plain.get("tuning"), f"{prefix}tuning", problems)
    if len(problems) > before:
        return None
    experiment = _with_default_budget(Experiment(**parts))
    problems.extend(inconsistencies(experiment, prefix))
    if experiment.tuning is not None and len(problems) == before:
        problems.extend(
            check_ranges(
                experiment, experiment.tuning, f"{prefix}tuning", lambda plain: _changed(plain, registry)[1]
            )
        )
    return experiment


def with_settings(
    experiment: Experiment, settings: Mapping[str, Mapping[str, Any]], registry: Registry
) -> Experiment:
    """The experiment in which methods have other settings, as their tuning names them; it is tuned no more.

    Raises:
        ConfigError: settings that do not fit.
    """
    problems: list[Problem] = []
    plain: Mapping[str, Any] = experiment.to_plain()
    for method, values in settings.items():
        plain = with_values(plain, method, values, problems)
    changed, more = _changed(plain, registry)
    if changed is None or problems or more:
        raise ConfigError([*problems, *more], f"{experiment.name}: tuning")
    return replace(changed, name=experiment.name, variant=experiment.variant)


def _changed(plain: Mapping[str, Any], registry: Registry) -> tuple[Experiment | None, list[Problem]]:
    problems: list[Problem] = []
    untuned = {key: value for key, value in plain.items() if key != "tuning"}
    return _experiment(str(plain["name"]), untuned, registry, "", problems), problems


def _with_default_budget(experiment: Experiment) -> Experiment:
    if experiment.budget.epochs is None and experiment.budget.steps is None:
        return Experiment(**{**vars(experiment), "budget": Budget(epochs=50)})
    return experiment


def _component_list(
    kind: str, value: object, path: str, registry: Registry, problems: list[Problem]
) -> tuple[ComponentSpec, ...] | None:
    if not isinstance(value, list | tuple):
        problems.append(Problem(path, f"expected a list of {kind} components, found {value!r:.80}"))
        return None
    specs = [registry.check(kind, item, f"{path}[{i}]", problems) for i, item in enumerate(value)]
    return tuple(spec for spec in specs if spec is not None)


def _section(
    section: type[SomeSection], value: object, path: str, problems: list[Problem]
) -> SomeSection | None:
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


def _views(value: object, path: str, registry: Registry, problems: list[Problem]) -> ViewsConfig | None:
    if value is None:
        return ViewsConfig()
    if isinstance(value, str) or (isinstance(value, Mapping) and "name" in value):
        return ViewsConfig(recipe=registry.check("recipe", value, path, problems))
    if isinstance(value, Mapping) and value and set(value) <= set(Recipe.common):
        return ViewsConfig(changes=value)
    strength = 1.0
    if isinstance(value, Mapping) and "strength" in value:
        given = check_plain(TypeAdapter(NonNegative), value["strength"], f"{path}.strength", problems)
        strength = strength if given is None else given
        value = {key: item for key, item in value.items() if key != "strength"}
    if isinstance(value, list):
        pipelines = {path: value}
    elif isinstance(value, Mapping) and (list(value) == ["all_views"] or _one_a_view(value)):
        pipelines = {f"{path}.{key}": value[key] for key in sorted(value, key=lambda key: (len(key), key))}
    else:
        problems.append(
            Problem(
                path,
                "expected a recipe's name, a list of augmentations, the same as all_views: […] beside a "
                f"strength, or one list a view (view_1: […], view_2: […]), found {value!r:.80}",
                f"Recipes: {', '.join(registry.names('recipe'))}.",
            )
        )
        return None
    checked = [
        _component_list("augmentation", item, where, registry, problems) for where, item in pipelines.items()
    ]
    return ViewsConfig(
        pipelines=tuple(pipeline for pipeline in checked if pipeline is not None), strength=strength
    )


def _one_a_view(value: Mapping[object, object]) -> bool:
    return bool(value) and all(str(key).startswith("view_") for key in value)


def _objective_overrides(
    value: object, path: str, registry: Registry, problems: list[Problem]
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
