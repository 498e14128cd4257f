"""Every example of ``docs/plugins.md`` is a plugin that loads and works, and every kind of component is told there."""

from __future__ import annotations

import pytest
import torch

from sslkit import types
from sslkit.config import parse_study
from sslkit.plugins import Plugin
from sslkit.registry import KINDS, Registry
from sslkit.testing import check_augmentation
from sslkit.types import Component, ComponentSpec, SampleSpec
from tests.docs.documents import DOCS, read

SPECS = {
    "sensor": SampleSpec("sensor", (3, 65)),
    "spectrum": SampleSpec("spectrum", (1, 101)),
    "image": SampleSpec("image", (3, 32, 32)),
}


def test_plugin_examples_load(loaded: tuple[Registry, tuple[Plugin, ...]]) -> None:
    plugins = [plugin for plugin in loaded[1] if plugin.name.startswith("example_")]
    assert len(plugins) >= 5
    assert {plugin.name: plugin.status for plugin in plugins if plugin.status != "loaded"} == {}


def test_plugin_examples_work(loaded: tuple[Registry, tuple[Plugin, ...]]) -> None:
    registry, _ = loaded
    entries = [entry for entry in registry.entries() if entry.source.startswith("example_")]
    assert {entry.kind for entry in entries} >= {
        "augmentation",
        "recipe",
        "objective",
        "backbone",
        "data",
        "modality",
    }
    backbone = registry.build(ComponentSpec("backbone", "window-mlp"), shape=(3, 65))
    for entry in entries:
        component = ComponentSpec(entry.kind, entry.name)
        if entry.kind == "augmentation":
            modality = registry.build(component).modalities[0]
            check_augmentation(registry.build(component), SPECS[modality])
        elif entry.kind == "recipe":
            recipe = registry.build(component)
            steps = recipe.pipelines(SPECS[recipe.modalities[0]])
            parse_study({"data": "mnist5k", "views": steps[0]}, [], registry)
        elif entry.kind == "objective":
            views = [torch.randn(4, 3, 65, generator=torch.Generator().manual_seed(i)) for i in range(2)]
            loss = registry.build(component, backbone=backbone)(views)["loss"]
            assert loss.ndim == 0 and loss.isfinite() and loss.requires_grad
        elif entry.kind == "data":
            dataset = registry.build(component).load()
            assert len(dataset.train) == len(dataset.train.x) and dataset.class_names


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told(kind: str) -> None:
    bases = [
        name
        for name, base in vars(types).items()
        if isinstance(base, type) and issubclass(base, Component) and vars(base).get("kind") == kind
    ]
    text = read(DOCS / "plugins.md")
    assert (
        bases and [name for name in bases if f"sslkit.{name}" not in text and f"`{name}`" not in text] == []
    )
