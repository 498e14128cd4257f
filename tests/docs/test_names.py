"""What hand-written documents name exists: commands and options, settings by their path, words of the code."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from sslkit.cli import make_parser
from sslkit.config import COMPONENT_LISTS, COMPONENTS, SECTIONS
from sslkit.plugins import load_registry
from tests.docs.documents import BLOCK, ROOT, WRITTEN, read, spans

NAMED = [path for path in WRITTEN if path.name != "CHANGELOG.md"]  # which names what is no more
KEYS = "|".join([*SECTIONS, *COMPONENTS, *COMPONENT_LISTS, "views", "grid"])
SETTING = re.compile(rf"(?:^|\s)((?:{KEYS})\.[\w.…-]+)(?:=\S*)?(?=\s|$)")
PLACEHOLDER = re.compile(r"…|\b[A-Z][A-Z_]+\b")
WORD = re.compile(r"[A-Za-z_][\w.-]*(?:\(\))?")
NO_CODE = {  # words in code style that are other programs' or the world's
    ".npy",
    "PATH",
    "torchrun",
    "pre-commit",
    "weights_only",
}


@pytest.mark.parametrize("document", NAMED, ids=lambda path: path.name)
def test_commands_and_options_exist(document: Path, maker: ModuleType) -> None:
    commands = maker.commands.commands(make_parser())
    of_all = maker.commands.options(make_parser())
    for span in spans(document):
        options = set(re.findall(r"(?<!\S)\[?(--?[a-z][\w-]*)", span))
        if span.startswith("sslkit ") and not PLACEHOLDER.match(span.split()[1]):
            command = commands[span.split()[1]]
            assert options <= {option for action in command._actions for option in action.option_strings}, (
                span
            )
        elif span.startswith("-"):
            assert options <= of_all, span


@pytest.mark.parametrize("document", NAMED, ids=lambda path: path.name)
def test_settings_that_are_named_by_their_path_exist(document: Path) -> None:
    for span in spans(document):
        for path in SETTING.findall(span):
            assert is_setting(path.split(".")) or path in words_of_the_code(), path


def is_setting(path: list[str]) -> bool:
    """Whether a config takes it; a placeholder (NAME, …) stands for anything."""
    first, second, *rest = path
    registry = load_registry()[0]

    def settings(kind: str, name: str | None = None) -> set[str]:
        entries = [entry for entry in registry.entries(kind) if name in (None, entry.name)]
        return {setting for entry in entries for setting in entry.settings}

    if PLACEHOLDER.fullmatch(second):
        return True
    if first == "grid":
        return is_setting([second, *rest])
    if first in SECTIONS:
        return second in SECTIONS[first].model_fields
    if first in COMPONENTS:
        return second in settings(COMPONENTS[first][0])
    if first in COMPONENT_LISTS:
        kind = COMPONENT_LISTS[first][0]
        return second in registry.names(kind) and (not rest or rest[0] in settings(kind, second))
    if second in ("change", *registry.names("augmentation")):
        name, *rest = (second, *rest) if second != "change" else rest
        return name in registry.names("augmentation") and (
            not rest or rest[0] in settings("augmentation", name)
        )
    return second in settings("recipe")


@pytest.mark.parametrize("document", NAMED, ids=lambda path: path.name)
def test_words_in_code_style_are_words_of_the_code(document: Path) -> None:
    known = words_of_the_code() | NO_CODE | {entry.name for entry in load_registry()[0].entries()}
    named = [span.removesuffix("()") for span in spans(document) if WORD.fullmatch(span)]
    named = [name for name in named if not SETTING.match(name) and not PLACEHOLDER.search(name)]
    assert [name for name in named if name not in known and not is_attribute(name)] == []


def is_attribute(name: str) -> bool:
    """``assembly.prepare``: a module of ours and what it holds."""
    module, _, attribute = name.removeprefix("sslkit.").rpartition(".")
    try:
        return hasattr(importlib.import_module(f"sslkit.{module}"), attribute)
    except ImportError:
        return False


@pytest.mark.parametrize(
    ("path", "exists"),
    [
        ("training.batch_size", True),
        ("training.batchsize", False),
        ("optimizer.learning_rate", True),
        ("optimizer.rate", False),
        ("objectives.byol.tau", True),
        ("objectives.byol.temperature", False),
        ("objectives.NAME.tau", True),
        ("views.strength", True),
        ("views.change.jitter.sigma", True),
        ("views.jitter.degrees", False),
        ("grid.budget.steps", True),
        ("grid.budget.step", False),
    ],
)
def test_unknown_settings_are_told_from_known(path: str, exists: bool) -> None:
    assert is_setting(path.split(".")) == exists


def test_words_that_are_no_more_are_told_from_those_that_are() -> None:
    known = words_of_the_code()
    assert {"rows_of", "time-warp", "metrics.jsonl", "batch_size", "running.pools"} <= known
    assert not {"run_cell", "time-wrap", "metric.jsonl", "batchsize", "comparison.pools"} & known


@cache
def words_of_the_code() -> frozenset[str]:
    """Words of the package, its configs and plugins, and of the documents' own examples; modules by their path too."""
    files = [path for folder in ("sslkit", "configs", "plugins") for path in (ROOT / folder).rglob("*.*")]
    files.append(ROOT / "tests" / "backbones" / "contract.py")  # a test of one's own may use it
    text = [read(path) for path in files if path.suffix in (".py", ".yaml", ".jinja", ".js", ".css")]
    text += [block for path in WRITTEN for _, _, block in BLOCK.findall(read(path))]
    words = set(re.findall(r"[A-Za-z_.][\w.-]*\w|\w", "\n".join(text)))
    words |= {part for word in words for part in word.split(".")}
    paths = [path.relative_to(ROOT).with_suffix("") for path in files if path.suffix == ".py"]
    modules = {".".join(path.parts).removesuffix(".__init__") for path in paths}
    rooms = {module.removeprefix("sslkit.") for module in modules}
    files_below = {f"{room.replace('.', '/')}.py" for room in rooms}
    return frozenset(words | modules | rooms | files_below)
