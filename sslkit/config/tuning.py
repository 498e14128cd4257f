"""``tuning:`` in a config → trials and ranges of each method's own settings, checked before any work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from sslkit.config.experiment import OVERRIDABLE, Experiment, Section, Tuning, label_of
from sslkit.config.merging import set_at
from sslkit.errors import Problem, did_you_mean
from sslkit.registry import Registry, check_plain
from sslkit.types import ComponentSpec, Count

RANGES = "ranges"
EXAMPLE = "E.g. ranges: {byol: {objectives.byol.tau: [0.9, 0.99]}}."


class TuningBudget(Section):
    """How long the methods' own settings are searched for."""

    trials: Count = 8
    """Of each method, the first with the config's own settings."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Of the sampler, and what the trials' own seed is derived from."""


class SearchRange(Section):
    """A range of numbers; of whole ones where both ends are whole."""

    low: int | float
    """The smallest value."""
    high: int | float
    """The largest value."""
    log: bool = False
    """Drawn evenly on a logarithmic scale."""


@dataclass(frozen=True)
class _Place:
    """Where a problem is, for the message."""

    method: str
    setting: str
    path: str


def parse_tuning(value: object, path: str, problems: list[Problem]) -> Tuning | None:
    """A config's ``tuning``; None where there is none, or none that can be used."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        problems.append(Problem(path, f"expected trials and ranges, found {value!r:.80}", EXAMPLE))
        return None
    before = len(problems)
    for key in value:
        if key not in (*TuningBudget.model_fields, RANGES):
            advice = did_you_mean(str(key), (*TuningBudget.model_fields, RANGES))
            problems.append(Problem(f"{path}.{key}", "there is no such setting", advice))
    budget = check_plain(
        TypeAdapter(TuningBudget),
        {k: v for k, v in value.items() if k in TuningBudget.model_fields},
        path,
        problems,
    )
    ranges = _ranges(value.get(RANGES), f"{path}.{RANGES}", problems)
    if budget is None or len(problems) > before:
        return None
    return Tuning(budget.trials, budget.seed, ranges)


def _ranges(value: object, path: str, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    if (
        not isinstance(value, Mapping)
        or not value
        or not all(isinstance(v, Mapping) and v for v in value.values())
    ):
        problems.append(
            Problem(path, f"expected methods with ranges of settings, found {value!r:.80}", EXAMPLE)
        )
        return {}
    return {
        str(method): {
            str(setting): _range(given, f"{path}.{method}.{setting}", problems)
            for setting, given in settings.items()
        }
        for method, settings in value.items()
    }


def _range(given: object, path: str, problems: list[Problem]) -> list[Any] | dict[str, Any]:
    """A list of values as it is, or ``{low, high, log}``."""
    if isinstance(given, list) and given:
        if any(
            one == other and type(one) is type(other) for i, one in enumerate(given) for other in given[:i]
        ):
            problems.append(Problem(path, "names one value twice"))
        return list(given)
    if not isinstance(given, Mapping):
        problems.append(
            Problem(path, f"expected a list of values or {{low: …, high: …, log: true}}, found {given!r:.80}")
        )
        return []
    span = check_plain(TypeAdapter(SearchRange), given, path, problems)
    if span is None:
        return []
    if not span.low < span.high:
        problems.append(Problem(path, f"low ({span.low}) is not below high ({span.high})"))
    elif span.log and span.low <= 0:
        problems.append(Problem(path, f"log needs numbers above 0, and low is {span.low}"))
    return {"low": span.low, "high": span.high, "log": span.log}


def candidates(given: Any) -> list[Any]:
    """The values of a range that must be good: all of a list, both ends of a span."""
    return given if isinstance(given, list) else [given["low"], given["high"]]


def check_ranges(
    experiment: Experiment, tuning: Tuning, path: str, check: Callable[[Mapping[str, Any]], list[Problem]]
) -> list[Problem]:
    """What is wrong with the ranges for this experiment; ``check`` says what is wrong with a plain config."""
    plain = experiment.to_plain()
    names = [*experiment.labels, *map(label_of, experiment.baselines)]
    varied = experiment.variant.values if experiment.variant else {}
    found = []
    for method, settings in tuning.ranges.items():
        where = f"{path}.{RANGES}.{method}"
        if method not in names:
            found.append(Problem(where, "there is no such method", did_you_mean(method, names)))
            continue
        for setting, given in settings.items():
            place = _Place(method, setting, f"{where}.{setting}")
            found += _of_another(place, method in experiment.labels) or _varied(place, varied)
            if not any(problem.path == place.path for problem in found):
                found += _values(place, given, plain, check)
    return found


def _of_another(place: _Place, objective: bool) -> list[Problem]:
    """Only what is the method's own can be tuned: the rest are the conditions that all methods share."""
    first, *rest = place.setting.split(".")
    kind = "objectives" if objective else "baselines"
    own = first == kind and len(rest) > 1 and rest[0] == place.method and rest[1] not in ("name", "label")
    if all(rest) and (own or (objective and first in OVERRIDABLE)):
        return []
    also = f", {', '.join(f'{field}.…' for field in OVERRIDABLE)}" if objective else ""
    advice = f"Its own are {kind}.{place.method}.…{also}; what all methods share is no method's to choose."
    return [Problem(place.path, f"is no setting of {place.method}'s own", advice)]


def _varied(place: _Place, varied: Iterable[str]) -> list[Problem]:
    for path in varied:
        if f"{path}.".startswith(f"{place.setting}.") or f"{place.setting}.".startswith(f"{path}."):
            return [Problem(place.path, f"is varied by the grid already ({path})", "Keep one of the two.")]
    return []


def _values(
    place: _Place,
    given: Any,
    plain: Mapping[str, Any],
    check: Callable[[Mapping[str, Any]], list[Problem]],
) -> list[Problem]:
    found: list[Problem] = []
    for value in candidates(given):
        problems: list[Problem] = []
        changed = with_values(plain, place.method, {place.setting: value}, problems)
        problems += [] if problems else check(changed)
        found += [Problem(place.path, problem.reason, problem.advice) for problem in problems]
    return list(dict.fromkeys(found))


def with_values(
    plain: Mapping[str, Any], method: str, values: Mapping[str, Any], problems: list[Problem]
) -> dict[str, Any]:
    """A config in which ``method`` has other settings; its optimizer and schedule become its own overrides."""
    changed = dict(plain)
    for path, value in values.items():
        field = path.split(".")[0]
        if field in OVERRIDABLE:
            overrides = dict(changed.get("overrides") or {})
            own = dict(overrides.get(method) or {})
            own = set_at({field: own.get(field) or plain[field]}, path, value, problems) | {
                key: spec for key, spec in own.items() if key != field
            }
            changed["overrides"] = {**overrides, method: own}
        else:
            changed = set_at(changed, path, value, problems)
    return changed


def own_value(experiment: Experiment, method: str, path: str, registry: Registry) -> Any:
    """What the config, or a component's default, says of a setting; None where that is nothing plain."""
    first, *rest = path.split(".")
    if first in OVERRIDABLE:
        found: Any = experiment.component_for(method, first)
    else:
        specs = getattr(experiment, first)
        found, rest = next(spec for spec in specs if label_of(spec) == method), rest[1:]
    for key in rest:
        if not isinstance(found, ComponentSpec):
            return None
        setting = registry.entry(found.kind, found.name).settings.get(key)
        found = found.settings.get(key, setting.default if setting else None)
    if isinstance(found, ComponentSpec):
        return found.to_plain()
    return (
        found if isinstance(found, int | float | str) else list(found) if isinstance(found, tuple) else None
    )
