"""Everything that ``sslkit`` exports has an example in its docstring. They run as tests of their own (doctest)."""

from __future__ import annotations

import doctest
import importlib
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sslkit
import sslkit.hookspecs
import sslkit.types.basics

ROOT = Path(__file__).parents[1]
MADE = [name for name in sslkit.__all__ if inspect.isroutine(getattr(sslkit, name))]
MADE += [name for name in sslkit.__all__ if inspect.isclass(getattr(sslkit, name))]
WITHOUT_DOCSTRING = sorted(set(sslkit.__all__) - set(MADE))  # types of settings, and the marker of hooks


def examples_of(docstring: str | None) -> str:
    """The code of a docstring's examples."""
    return "".join(example.source for example in doctest.DocTestParser().get_examples(docstring or ""))


@pytest.mark.parametrize("name", MADE)
def test_what_is_exported_has_an_example_of_its_use(name: str) -> None:
    exported = getattr(sslkit, name)
    assert f"sslkit.{name}" in examples_of(exported.__doc__), f"{name} has no example in its docstring"


@pytest.mark.parametrize("name", MADE)
def test_the_example_is_among_the_tests(name: str) -> None:
    """doctest collects what is defined in a module, not what it imports; and pytest looks into the whole package."""
    exported = getattr(sslkit, name)
    found = doctest.DocTestFinder().find(importlib.import_module(exported.__module__))
    assert [one for one in found if one.name == f"{exported.__module__}.{name}" and one.examples]


@pytest.mark.parametrize("name", WITHOUT_DOCSTRING)
def test_types_and_markers_have_an_example_where_they_are_defined(name: str) -> None:
    text = examples_of(sslkit.hookspecs.__doc__) + examples_of(sslkit.types.basics.__doc__)
    assert f"sslkit.{name}" in text


def test_plain_pytest_runs_the_examples() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    options = settings["tool"]["pytest"]["ini_options"]
    assert "--doctest-modules" in options["addopts"].split()
    assert "sslkit" in options["testpaths"]


def test_every_module_can_be_imported_without_the_extras() -> None:
    """So that examples are collected everywhere, and a missing extra is a message and no traceback."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = settings["project"]["optional-dependencies"]
    assert {"demo", "timm", "ray", "optuna"} <= set(extras)
    program = """
import importlib, pkgutil, sys

class WithoutExtras:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"mlxtend", "seglearn", "espeakng_loader", "elpv_dataset", "pretty_midi", "timm",
                                  "tensorboard", "optuna", "ray", "aeon"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, WithoutExtras())
import sslkit
for module in pkgutil.walk_packages(sslkit.__path__, "sslkit."):
    if module.name != "sslkit.__main__":
        importlib.import_module(module.name)
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
