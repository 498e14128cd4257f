"""The reference is what the code says, and all of it: components, commands, settings, hooks, public modules."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from types import ModuleType

import pytest

from sslkit import hookspecs
from sslkit.cli import make_parser
from sslkit.config import SECTIONS
from sslkit.config.schema import config_schema
from sslkit.plugins import load_registry
from tests.docs.documents import DOCS, GENERATED, blocks, read

REFERENCE = DOCS / "reference"
ROW = re.compile(r"^\| (.*) \|$", re.MULTILINE)


def headings(path: str, level: int) -> set[str]:
    return set(re.findall(rf"^{'#' * level} (.*)$", read(DOCS / path), re.MULTILINE))


def test_the_pages_are_those_that_would_be_written_now(maker: ModuleType) -> None:
    pages = maker.pages()
    assert set(pages) == {path.relative_to(DOCS).as_posix() for path in GENERATED}
    old = [name for name, text in pages.items() if read(DOCS / name) != text]
    assert old == [], "run: python docs/make_reference.py"


def test_every_component_has_its_section_and_every_section_a_component() -> None:
    entries = load_registry()[0].entries()
    apart = {f"{e.kind} {e.name}" for e in entries if e.kind not in ("augmentation", "recipe")}
    assert headings("reference/components.md", 3) == apart
    pictured = [entry.name for entry in entries if entry.kind in ("augmentation", "recipe")]
    assert headings("augmentations.md", 3) == set(pictured)


def test_every_setting_of_a_component_is_described() -> None:
    text = read(REFERENCE / "components.md") + read(DOCS / "augmentations.md")
    for entry in load_registry()[0].entries():
        section = re.split(rf"^### (?:{entry.kind} )?{re.escape(entry.name)}\n", text, flags=re.M)[1:]
        rows = [row.split(" | ") for part in section for row in ROW.findall(part.split("\n#")[0])]
        told = {row[0].split()[0].strip("`"): row[-1] for row in rows}
        own = set(entry.settings) - set(entry.component.common)
        assert own <= set(told), entry.name
        assert [name for name in own if not told[name].strip(" |")] == [], entry.name


def test_every_command_has_its_section_with_all_arguments(maker: ModuleType) -> None:
    commands = maker.commands.commands(make_parser())
    assert headings("reference/commands.md", 2) == {f"sslkit {name}" for name in commands}
    text = read(REFERENCE / "commands.md")
    for name, command in commands.items():
        section = text.split(f"\n## sslkit {name}\n")[1].split("\n## ")[0]
        for action in command._actions:
            assert action.help, f"sslkit {name}: {action.dest} has no help"
            own = [
                option for option in action.option_strings if option not in ("-h", "--help", "--plugin-path")
            ]
            assert [option for option in own if option not in section] == []


def test_every_key_and_setting_of_a_config_is_described() -> None:
    rows = [row.split(" | ") for row in ROW.findall(read(REFERENCE / "configs.md"))]
    told = {row[0].strip("`"): row[-1] for row in rows if row[0].startswith("`")}
    keys = set(config_schema(load_registry()[0])["properties"])
    settings = {key for section in SECTIONS.values() for key in section.model_fields}
    tuning = {"trials", "seed", "ranges", "low", "high", "log"}
    assert set(told) == keys | settings | tuning
    assert [key for key, words in told.items() if not words.strip(" |")] == []


def test_every_hook_stands_in_the_reference_and_in_the_guide() -> None:
    hooks = [name for name, value in vars(hookspecs).items() if hasattr(value, "sslkit_spec")]
    assert hooks and set(hooks) <= headings("reference/api/sslkit.hookspecs.md", 2)
    guide = read(DOCS / "plugins.md")
    assert [name for name in hooks if f"def {name}(" not in guide] == []


def test_every_module_that_documents_import_is_public(maker: ModuleType) -> None:
    components = {entry.component.__module__ for entry in load_registry()[0].entries()}
    known = set(maker.api.PUBLIC) | components
    texts = [one.values[0] for one in (*blocks("python"), *blocks("python no-plugin"))]
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    used = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module} | {
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    assert {name for name in used if name.split(".")[0] == "sslkit"} <= known


def test_every_public_name_has_a_docstring_and_a_place(maker: ModuleType) -> None:
    for module_name in maker.api.PUBLIC:
        module, text = importlib.import_module(module_name), read(REFERENCE / "api" / f"{module_name}.md")
        for name in maker.api.public_names(module):
            value = getattr(module, name)
            assert f"## {name}\n" in text or f"`{name}`" in text, f"{module_name}.{name}"
            if inspect.isroutine(value) or inspect.isclass(value):
                assert inspect.getdoc(value), f"{module_name}.{name}"


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: str(path.relative_to(DOCS)))
def test_nothing_of_one_machine_is_in_a_page(path) -> None:
    assert not re.search(r"<class| at 0x|/home/|/tmp/", read(path))
