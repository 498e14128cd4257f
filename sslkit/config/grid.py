"""``grid:`` in a config → a member of the study for every combination of its values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sslkit.config.experiment import Variant
from sslkit.config.merging import set_at
from sslkit.errors import Problem

GRID = "grid"
MOST_POINTS = 1000
LONGEST_VALUE, LONGEST_POINT = 40, 120  # letters of a folder's name
SAME_EVERYWHERE = ("name", "seeds", "workers", "suite", "extends", GRID, "evaluation.primary_metric")


@dataclass(frozen=True)
class GridPoint:
    """A member before it is checked: its name, what it says, and which variant of a config it is."""

    name: str
    plain: Mapping[str, Any]
    variant: Variant | None = None
    problems: list[Problem] = field(default_factory=list)


def expand(
    members: Mapping[str, Mapping[str, Any]], in_suite: bool, problems: list[Problem]
) -> dict[str, list[GridPoint]]:
    """Member → its points; a member without a grid is its own only one.

    A point is called ``batch_size=32,strength=0.5``, in a suite with the member's name in front: letters, digits and
    ``.,_+=-`` only, as every file system takes them.
    """
    found: dict[str, list[GridPoint]] = {}
    for member, plain in members.items():
        rest = {key: value for key, value in plain.items() if key != GRID}
        where = f"suite.{member}.{GRID}" if in_suite else GRID
        axes = _axes(plain.get(GRID), where, problems)
        found[member] = _points(member, rest, axes, in_suite) if axes else [GridPoint(member, rest)]
    names = [point.name.casefold() for points in found.values() for point in points]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.append(Problem(GRID, f"two members of the study would be called '{name}'", "Rename one."))
    return found


def refuse_overrides_of_varied(
    members: Mapping[str, Mapping[str, Any]], overrides: Sequence[str], problems: list[Problem]
) -> None:
    """An override of what the grid varies would have no effect, so it is an error."""
    for text in overrides:
        path = re.sub(r"^suite\.[^.]+\.", "", text.partition("=")[0])
        for plain in members.values():
            grid = plain.get(GRID)
            varied = (
                [key for key in grid if f"{path}.".startswith(f"{key}.")] if isinstance(grid, Mapping) else []
            )
            problems += [
                Problem(path, f"is varied by the grid ({key})", f"Write {GRID}.{key}=[…] instead.")
                for key in varied
            ]


def _axes(grid: object, where: str, problems: list[Problem]) -> dict[str, list[Any]]:
    """Paths with their values; empty where there is no grid, or none that can be used."""
    if grid is None:
        return {}
    if not isinstance(grid, Mapping):
        problems.append(Problem(where, f"expected settings with lists of values, found {grid!r:.80}"))
        return {}
    before = len(problems)
    for path, values in grid.items():
        if path in SAME_EVERYWHERE or str(path).split(".")[0] in SAME_EVERYWHERE:
            problems.append(
                Problem(f"{where}.{path}", "is the same in all points of a grid, and cannot be varied")
            )
        elif not all(str(path).split(".")):
            problems.append(
                Problem(f"{where}.{path}", "is no path of a setting", "E.g. training.batch_size.")
            )
        if not isinstance(values, list) or not values:
            problems.append(Problem(f"{where}.{path}", f"expected a list of values, found {values!r:.80}"))
        elif any(
            one == other and type(one) is type(other) for one, other in itertools.combinations(values, 2)
        ):
            problems.append(Problem(f"{where}.{path}", "names one value twice"))
    axes = {str(path): list(values) for path, values in grid.items()} if len(problems) == before else {}
    count = 1
    for values in axes.values():
        count *= len(values)
    if count > MOST_POINTS:
        problems.append(Problem(where, f"has {count} points; at most {MOST_POINTS}", "Give fewer values."))
        return {}
    return axes


def _points(
    member: str, plain: Mapping[str, Any], axes: Mapping[str, list[Any]], in_suite: bool
) -> list[GridPoint]:
    keys = short_names(list(axes))
    labels = {path: _unique(values) for path, values in axes.items()}
    found = []
    for number, places in enumerate(
        itertools.product(*(range(len(values)) for values in axes.values())), start=1
    ):
        values = {path: axes[path][place] for path, place in zip(axes, places, strict=True)}
        name = ",".join(
            f"{keys[path]}={labels[path][place]}" for path, place in zip(axes, places, strict=True)
        )
        if len(name) > LONGEST_POINT:
            name = f"{name[:LONGEST_POINT]}-{number}"
        point = GridPoint(f"{member},{name}" if in_suite else name, plain, Variant(member, GRID, values))
        changed: Mapping[str, Any] = plain
        for path, value in values.items():
            changed = set_at(changed, path, value, point.problems)
        found.append(GridPoint(point.name, changed, point.variant, point.problems))
    return found


def short_names(paths: Sequence[str]) -> dict[str, str]:
    """Path → its last part where no other path ends alike, else the whole path."""
    last = [path.rpartition(".")[2] for path in paths]
    return {path: _safe(end if last.count(end) == 1 else path) for path, end in zip(paths, last, strict=True)}


def value_text(value: object) -> str:
    """A grid's value as a reader would say it: ``0.5``, ``none``, ``byol+simclr``, ``adamw learning_rate=0.001``."""
    if isinstance(value, Mapping):
        named = value.get("label") or value.get("name")
        settings = [f"{k}={value_text(v)}" for k, v in value.items() if k not in ("name", "label")]
        return " ".join([str(named), *settings] if named else settings)
    if isinstance(value, list | tuple):
        return "+".join(map(value_text, value)) or "nothing"
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _unique(values: Sequence[object]) -> list[str]:
    """For folders, no two alike even where upper and lower case are one."""
    texts = [_safe(value_text(value)) for value in values]
    cut = [text[:LONGEST_VALUE] for text in texts]
    folded = [text.casefold() for text in cut]
    return [
        text if text == whole and folded.count(text.casefold()) == 1 else f"{text}-{number}"
        for number, (text, whole) in enumerate(zip(cut, texts, strict=True), start=1)
    ]


def _safe(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._+=-]+", "-", text).strip("-.") or "value"
