"""A constructor's signature → the settings that a config may give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError

from sslkit.errors import SSLKitError
from sslkit.registry.settings import REQUIRED, Setting, runtime_facts, settings_of
from sslkit.types import Augmentation, Backbone, Factory, Head, Objective, Positive


class Shift(Augmentation):
    """Adds a number."""

    def __init__(
        self,
        amount: Positive,
        mode: Literal["up", "down"] = "up",
        pair: tuple[float, float] = (0.0, 1.0),
        count: Annotated[int, Field(ge=1, le=9)] = 3,
        maybe: float | None = None,
        names: list[str] | None = None,
        switch: bool = False,
    ) -> None:
        self.amount = amount


class Method(Objective):
    """Holds components in each way that there is."""

    def __init__(
        self,
        backbone: Backbone,
        head: Factory[Head],
        optional: Factory[Head] | None = None,
        single: Augmentation | None = None,
        several: Sequence[Augmentation] = (),
    ) -> None:
        super().__init__()


class Plain(Backbone):
    """Has no constructor of its own."""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("amount", "float (> 0)"),
        ("mode", "'up' | 'down'"),
        ("pair", "list of float"),
        ("count", "int (≥ 1, ≤ 9)"),
        ("maybe", "float | none"),
        ("names", "list of str | none"),
        ("switch", "bool"),
        ("p", "float (≥ 0, ≤ 1)"),
    ],
)
def test_types_in_words(name, words):
    assert settings_of(Shift)[name].type_name() == words


def test_defaults_and_what_is_required():
    settings = settings_of(Shift)
    assert list(settings) == ["amount", "mode", "pair", "count", "maybe", "names", "switch", "p"]
    assert settings["amount"].default is REQUIRED
    assert settings["pair"].default == (0.0, 1.0)
    assert settings["p"].default == 1.0  # a common setting's is the class attribute


@pytest.mark.parametrize(
    ("name", "nested", "many", "lazy", "words"),
    [
        ("head", "head", False, True, "head"),
        ("optional", "head", False, True, "head"),
        ("single", "augmentation", False, False, "augmentation"),
        ("several", "augmentation", True, False, "list of augmentation"),
    ],
)
def test_nested_components_are_seen(name, nested, many, lazy, words):
    setting = settings_of(Method)[name]
    assert (setting.nested, setting.many, setting.lazy, setting.type_name()) == (nested, many, lazy, words)


def test_run_time_facts_are_no_settings():
    assert "backbone" not in settings_of(Method)
    assert runtime_facts(Method) == {"backbone"}
    assert runtime_facts(Plain) == set()  # nn.Module's own *args are no parameters of the component
    assert list(settings_of(Plain)) == []


def test_the_adapter_reads_the_annotation():
    count = settings_of(Shift)["count"].adapter
    assert count.validate_python(9) == 9
    with pytest.raises(ValidationError):
        count.validate_python(10)
    assert Setting("x", int | None).adapter.validate_python(None) is None


def test_signatures_that_cannot_be_read():
    class Untyped(Augmentation):
        def __init__(self, amount=1) -> None: ...

    class Hiding(Augmentation):
        def __init__(self, *amounts: float) -> None: ...

    class Unresolved(Augmentation):
        def __init__(self, amount: NoSuchType) -> None: ...  # noqa: F821

    for component, reason in (
        (Untyped, "'amount' needs a type"),
        (Hiding, "hide settings"),
        (Unresolved, "NoSuchType"),
    ):
        with pytest.raises(SSLKitError, match=reason):
            settings_of(component)


def test_an_inherited_constructor_counts():
    class Deeper(Shift):
        """Inherits the settings."""

    assert settings_of(Deeper).keys() == settings_of(Shift).keys()
