"""Components enter by class, are checked by signature, and are built from specs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import pytest
import torch
from pydantic import Field

from sslkit.errors import Problem, SSLKitError
from sslkit.registry import Registry
from sslkit.types import Augmentation, Factory, Head, Objective, Positive


class Shift(Augmentation):
    """Adds a number."""

    def __init__(
        self,
        amount: Positive,
        mode: Literal["up", "down"] = "up",
        pair: tuple[float, float] = (0.0, 1.0),
        count: Annotated[int, Field(ge=1, le=9)] = 3,
        maybe: float | None = None,
    ) -> None:
        self.amount, self.mode, self.pair, self.count, self.maybe = amount, mode, pair, count, maybe

    def apply(self, x, generator):
        return x + self.amount


class Chain(Augmentation):
    """Several in a row."""

    def __init__(self, steps: Sequence[Augmentation]) -> None:
        self.steps = steps


class Wide(Head):
    """A head of a given width."""

    def __init__(self, in_dim: int, width: int = 7) -> None:
        super().__init__()
        self.shape = (in_dim, width)


class Method(Objective):
    """An objective that has a head."""

    def __init__(self, backbone: torch.nn.Module, head: Factory[Head] = Wide) -> None:
        super().__init__()
        self.head = head(in_dim=5)


@pytest.fixture
def registry() -> Registry:
    found = Registry()
    found.add("shift", Shift)
    found.add("chain", Chain)
    found.add("wide", Wide)
    found.add("method", Method)
    return found


def problems_of(registry: Registry, kind: str, value: object) -> list[Problem]:
    problems: list[Problem] = []
    registry.check(kind, value, "x", problems)
    return problems


def test_builds_with_settings_and_common_ones(registry):
    spec = registry.check("augmentation", {"name": "shift", "amount": 2, "p": 0.5, "pair": [1, 2]}, "x", [])
    shift = registry.build(spec)
    assert (shift.amount, shift.pair, shift.p, shift.count) == (2.0, (1.0, 2.0), 0.5, 3)


@pytest.mark.parametrize(
    ("settings", "path", "reason"),
    [
        ({"amount": "2"}, "x.amount", "valid number"),
        ({"amount": 0}, "x.amount", "greater than 0"),
        ({"amount": True}, "x.amount", "valid number"),
        ({"amount": None}, "x.amount", "valid number"),
        ({"amount": 1, "mode": "left"}, "x.mode", "'up' or 'down'"),
        ({"amount": 1, "count": 1.5}, "x.count", "valid integer"),
        ({"amount": 1, "count": 10}, "x.count", "less than or equal to 9"),
        ({"amount": 1, "pair": [1]}, "x.pair[1]", "required"),
        ({"amount": 1, "pair": 3}, "x.pair", "array"),
        ({"amount": 1, "p": 1.5}, "x.p", "less than or equal to 1"),
        ({"amount": 1, "amuont": 1}, "x.amuont", "no such setting"),
        ({}, "x.amount", "needs it"),
    ],
)
def test_wrong_settings_are_found_with_their_path(registry, settings, path, reason):
    (problem,) = problems_of(registry, "augmentation", {"name": "shift", **settings})
    assert problem.path == path
    assert reason in problem.reason


def test_all_problems_at_once(registry):
    assert (
        len(problems_of(registry, "augmentation", {"name": "shift", "count": 0, "mode": 1, "what": 1})) == 4
    )


@pytest.mark.parametrize("value", [None, 3, [], {}, {"nam": "shift"}, {"name": 3}, {"name": None}, "shft"])
def test_no_component(registry, value):
    assert len(problems_of(registry, "augmentation", value)) == 1


def test_nearest_name_is_offered(registry):
    (problem,) = problems_of(registry, "augmentation", "shfit")
    assert problem.advice == "Did you mean 'shift'?"


def test_nested_components(registry):
    plain = {
        "name": "chain",
        "steps": [{"name": "shift", "amount": 1}, {"name": "shift", "amount": 2, "p": 0.1}],
    }
    spec = registry.check("augmentation", plain, "x", [])
    assert spec.to_plain() == {
        **plain,
        "steps": [{"name": "shift", "amount": 1.0}, {"name": "shift", "amount": 2.0, "p": 0.1}],
    }
    steps = registry.build(spec).steps
    assert [step.amount for step in steps] == [1, 2]
    assert steps[1].p == 0.1
    (problem,) = problems_of(registry, "augmentation", {"name": "chain", "steps": [{"name": "shift"}]})
    assert problem.path == "x.steps[0].amount"


def test_factory_settings_and_runtime_facts(registry):
    spec = registry.check("objective", {"name": "method", "head": {"name": "wide", "width": 3}}, "x", [])
    assert registry.build(spec, backbone=torch.nn.Identity()).head.shape == (5, 3)
    (problem,) = problems_of(registry, "objective", {"name": "method", "backbone": "resnet18"})
    assert "found out by the program" in problem.reason


class Undocumented(Augmentation):
    pass


Undocumented.__doc__ = ""


class Untyped(Augmentation):
    """A parameter without a type."""

    def __init__(self, amount=1) -> None:
        self.amount = amount


class Hiding(Augmentation):
    """Hides its settings."""

    def __init__(self, **settings: float) -> None:
        self.settings = settings


@pytest.mark.parametrize(
    ("name", "component", "message"),
    [
        ("shift", Shift, "already registered"),
        ("a", Undocumented, "docstring"),
        ("a", Untyped, "type annotation"),
        ("a", Hiding, "kwargs"),
        ("a", torch.nn.Linear, "not a component"),
        ("a", Shift(1.0), "not a component"),
        ("A b", Chain, "lower-case"),
    ],
)
def test_what_cannot_be_registered(registry, name, component, message):
    with pytest.raises(SSLKitError, match=message):
        registry.add(name, component)


def test_contains_what_was_put(registry):
    assert ("augmentation", "shift") in registry
    assert ("objective", "shift") not in registry
    entry = registry.entry("augmentation", "shift")
    other = Registry()
    other.put(entry)
    assert other.entry("augmentation", "shift") is entry


def test_entries_are_sorted_by_kind_and_name(registry):
    found = [(entry.kind, entry.name) for entry in registry.entries()]
    assert found == [
        ("augmentation", "chain"),
        ("augmentation", "shift"),
        ("head", "wide"),
        ("objective", "method"),
    ]
    assert registry.names("augmentation") == ["chain", "shift"]


def test_entries_of_a_spec_hold_nested_ones(registry):
    plain = {"name": "chain", "steps": [{"name": "shift", "amount": 1}]}
    spec = registry.check("augmentation", plain, "x", [])
    assert [entry.name for entry in registry.entries_of(spec)] == ["chain", "shift"]
