"""Plugins enter by the built-ins' door; a broken one does no harm."""

from __future__ import annotations

import inspect
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sslkit.errors import SSLKitError
from sslkit.plugins import builtin_modules, load_registry
from tests.conftest import tiny

GOOD = '''
import sslkit

class Invert(sslkit.Augmentation):
    """Turns dark into bright."""
    modalities = ("image",)
    def apply(self, x, generator):
        return 1 - x

@sslkit.hookimpl
def sslkit_register(registry):
    registry.add("{name}", Invert)
'''


@pytest.fixture(autouse=True)
def fresh():
    load_registry.cache_clear()
    yield
    load_registry.cache_clear()


def load(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    registry, plugins = load_registry((str(folder),))
    return registry, {plugin.name: plugin for plugin in plugins}


def test_ten_lines_add_an_augmentation(tmp_path):
    registry, plugins = load(tmp_path, inverting=GOOD.format(name="invert"))
    assert plugins["inverting"].status == "loaded"
    assert plugins["inverting"].components == ("augmentation invert",)
    assert registry.entry("augmentation", "invert").source == "inverting"


def test_hooks_of_built_ins_are_plain_functions_of_their_own_module():
    """A decorator that belonged to another function (``torch.no_grad``) would wrap the hook, and nobody would see."""
    for module in builtin_modules():
        hook = module.sslkit_register
        assert inspect.isfunction(hook), module.__name__
        assert not hasattr(hook, "__wrapped__"), f"{module.__name__}: the hook is wrapped by a decorator"
        assert hook.__module__ == module.__name__
        assert Path(hook.__code__.co_filename) == Path(module.__file__), module.__name__
        assert list(inspect.signature(hook).parameters) == ["registry"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("x = 1", "no function sslkit_register"),
        ("def sslkit_register(registry): pass", "hookimpl"),
        (
            "import sslkit\n@sslkit.hookimpl\ndef sslkit_register(registry): registry.add('x', 3)",
            "not a component",
        ),
        ("import sslkit\n@sslkit.hookimpl\ndef sslkit_register(wrong): pass", "wrong"),
        (GOOD.format(name="horizontal-flip"), "built-in's name"),
    ],
)
def test_a_broken_plugin_is_dropped_with_its_reason(tmp_path, text, reason):
    registry, plugins = load(tmp_path, broken=text, good=GOOD.format(name="invert"))
    assert plugins["good"].status == "loaded"
    assert reason in plugins["broken"].status
    assert plugins["broken"].components == ()
    with pytest.raises(SSLKitError, match="failed to load: broken"):
        registry.entry("augmentation", "missing")


def test_two_plugins_of_one_name_poison_it(tmp_path):
    registry, _ = load(tmp_path, first=GOOD.format(name="invert"), second=GOOD.format(name="invert"))
    with pytest.raises(SSLKitError, match="first and second"):
        registry.entry("augmentation", "invert")


def test_missing_plugin_path():
    with pytest.raises(SSLKitError, match="no such file or folder"):
        load_registry(("/no/such/plugin.py",))


def test_classes_of_a_plugin_file_pickle(tmp_path):
    registry, _ = load(tmp_path, inverting=GOOD.format(name="invert"))
    component = registry.entry("augmentation", "invert").component
    assert pickle.loads(pickle.dumps(component)) is component


def test_environment_variable(tmp_path):
    (tmp_path / "inverting.py").write_text(GOOD.format(name="invert"))
    command = [sys.executable, "-m", "sslkit", "plugins"]
    found = subprocess.run(
        command, capture_output=True, text=True, env={"SSLKIT_PLUGIN_PATH": str(tmp_path), "COLUMNS": "200"}
    )
    assert "augmentation invert" in found.stdout, found.stderr


SIGNALS = """
import torch
import sslkit

class Wobble(sslkit.Augmentation):
    \"\"\"Multiplies each sample with a random number near 1.\"\"\"
    def __init__(self, sigma: sslkit.Positive = 0.1) -> None:
        self.sigma = sigma
    def apply(self, x, generator):
        return x * (1 + self.sigma * torch.randn(len(x), 1, 1, generator=generator, device=x.device))

@sslkit.hookimpl
def sslkit_register(registry):
    registry.add("wobble", Wobble)
"""


def test_a_config_uses_a_plugin_in_a_pool_beside_a_broken_one(tmp_path, signals):
    """The whole way: checked settings, worker processes, manifest; the broken neighbour does no harm."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "wobbling.py").write_text(SIGNALS)
    (folder / "broken.py").write_text("import nothing_of_that_name")
    config = tiny(
        signals, views=[{"name": "wobble", "sigma": 0.2, "p": 0.9}], workers=2, seeds=[0], baselines=[]
    )
    (tmp_path / "tiny.yaml").write_text(yaml.safe_dump(config))
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "sslkit",
        "compare",
        str(tmp_path / "tiny.yaml"),
        "--plugin-path",
        str(folder),
    ]
    found = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    manifest = json.loads((out / "manifest.json").read_text())
    assert [plugin["name"] for plugin in manifest["plugins"]] == ["wobbling"]
    wrong = subprocess.run([*command, "views.0.sigma=-1"], capture_output=True, text=True)
    assert wrong.returncode == 2
    assert "views[0].sigma: input should be greater than 0" in wrong.stderr
    missing = subprocess.run([*command, "views.0.name=wobbel"], capture_output=True, text=True)
    assert "Did you mean 'wobble'?" in missing.stderr
    assert "broken: ModuleNotFoundError" in missing.stderr
