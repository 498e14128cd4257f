"""Examples in documents work: configs parse, commands parse, calls bind, links lead."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
from pathlib import Path

import pytest

import sslkit
from sslkit.cli import make_parser
from sslkit.config import parse_study
from sslkit.config.yaml_files import parse_yaml
from sslkit.plugins import Plugin
from sslkit.registry import Registry
from tests.docs.documents import GENERATED, ROOT, WRITTEN, blocks, read, without_blocks


def test_there_is_something_to_test() -> None:
    assert (
        len(WRITTEN) > 5 and len(blocks("yaml")) > 5 and len(blocks("python")) > 5 and len(blocks("bash")) > 5
    )


@pytest.mark.parametrize("text", blocks("yaml"))
def test_configs_parse(text: str, loaded: tuple[Registry, tuple[Plugin, ...]]) -> None:
    content = parse_yaml(text, "document")
    if "data" not in content and "suite" not in content:  # part of a config
        content = {"data": "mnist5k", **content}
    assert parse_study(content, [], loaded[0]).experiments


@pytest.mark.parametrize("text", [*blocks("bash"), *blocks("sh")])
def test_commands_parse(text: str) -> None:
    commands = [part.strip() for line in text.splitlines() for part in line.split("&&")]
    for command in commands:
        words = shlex.split(command.removeprefix("python -m "), comments=True)
        if words and words[0] == "sslkit":
            make_parser().parse_args(words[1:])


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


@pytest.mark.parametrize("document", [*WRITTEN, *GENERATED], ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"<!--.*?-->", "", without_blocks(document), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        path = document.parent / file if file else document
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), target


def anchors(path: Path) -> set[str]:
    """Of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", without_blocks(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", WRITTEN, ids=lambda path: path.name)
def test_files_that_are_named_exist(document: Path) -> None:
    for path in re.findall(r"`((?:configs|plugins|benchmarks|tests|docs|sslkit)/[\w./-]+)`", read(document)):
        assert (ROOT / path).exists(), path
