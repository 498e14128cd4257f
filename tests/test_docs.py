"""What the documents say is true: configs parse, commands exist, plugins work, names are known, links lead."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import torch

import sslkit
from sslkit.cli import make_parser
from sslkit.config import parse_study
from sslkit.config.yaml_files import parse_yaml
from sslkit.plugins import Plugin, load_registry
from sslkit.registry import KINDS, Registry
from sslkit.testing import check_augmentation
from sslkit.types import ComponentSpec, SampleSpec

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
SPECS = {
    "sensor": SampleSpec("sensor", (3, 65)),
    "spectrum": SampleSpec("spectrum", (1, 101)),
    "image": SampleSpec("image", (3, 32, 32)),
}


def blocks(language: str) -> list[Any]:
    """Code blocks of that very info string, each as a test parameter."""
    found = []
    for document in DOCUMENTS:
        for number, (_, info, text) in enumerate(
            BLOCK.findall(document.read_text(encoding="utf-8")), start=1
        ):
            if info.strip() == language:
                found.append(pytest.param(text, id=f"{document.name}-block{number}"))
    return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Registry, tuple[Plugin, ...]]:
    """Built-ins, the real plugins, and every example of docs/plugins.md as a file of its own."""
    folder = tmp_path_factory.mktemp("plugins")
    for number, example in enumerate(blocks("python")):
        if example.id.startswith("plugins.md"):
            (folder / f"example_{number}.py").write_text(example.values[0], encoding="utf-8")
    return load_registry((str(folder), str(ROOT / "plugins")))


def test_there_is_something_to_test() -> None:
    assert len(DOCUMENTS) > 5 and len(blocks("yaml")) > 5 and len(blocks("python")) > 5


@pytest.mark.parametrize("text", blocks("yaml"))
def test_configs_parse(text: str, loaded: tuple[Registry, tuple[Plugin, ...]]) -> None:
    content = parse_yaml(text, "document")
    if "data" not in content and "suite" not in content:  # part of a config
        content = {"data": "mnist5k", **content}
    assert parse_study(content, [], loaded[0]).experiments


@pytest.mark.parametrize("text", blocks("bash"))
def test_commands_parse(text: str) -> None:
    commands = [part.strip() for line in text.splitlines() for part in line.split("&&")]
    for command in commands:
        words = shlex.split(command.removeprefix("python -m "), comments=True)
        if words and words[0] == "sslkit":
            make_parser().parse_args(words[1:])


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


@pytest.mark.parametrize("text", [*blocks("python"), *blocks("python no-plugin")])
def test_calls_of_the_package_exist(text: str) -> None:
    nodes = list(ast.walk(ast.parse(text)))
    for node in nodes:
        if isinstance(node, ast.Attribute) and _is_package(node.value):
            assert hasattr(sslkit, node.attr), f"sslkit.{node.attr}"
    for node in nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and _is_package(node.func.value)
        ):
            keywords = {keyword.arg: None for keyword in node.keywords if keyword.arg}
            inspect.signature(getattr(sslkit, node.func.attr)).bind(*node.args, **keywords)


def _is_package(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "sslkit"


def test_the_box_holds_what_the_readme_says() -> None:
    registry, _ = load_registry()
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## In the box")[1].split("\n## ")[0]
    rows = [line.strip("| ").split("|", 1) for line in section.splitlines() if line.startswith("| `")]
    assert {kind for kinds, _ in rows for kind in CODE.findall(kinds)} == set(KINDS)
    for kinds, names in rows:
        known = {name for kind in CODE.findall(kinds) for name in registry.names(kind)}
        assert {name for name in CODE.findall(names) if not name.startswith(".")} <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"<!--.*?-->", "", BLOCK.sub("", document.read_text(encoding="utf-8")), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in target and not target.startswith("#"):
            assert (document.parent / target.split("#")[0]).exists(), target
    for path in re.findall(r"`((?:configs|plugins|benchmarks|tests|docs|sslkit)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def test_the_catalogue_of_augmentations_is_what_the_registry_says() -> None:
    """``docs/augmentations.md`` is generated; a change of an augmentation is to be followed by generating it again."""
    spec = importlib.util.spec_from_file_location(
        "make_augmentations", ROOT / "docs" / "make_augmentations.py"
    )
    assert spec is not None and spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    written = (ROOT / "docs" / "augmentations.md").read_text(encoding="utf-8")
    assert written == maker.text(load_registry()[0]), "run: python docs/make_augmentations.py"
