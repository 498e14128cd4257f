"""Plugins enter by the built-ins' door; a broken one does no harm."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry

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
